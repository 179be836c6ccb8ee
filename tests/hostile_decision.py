"""A decision whose words try to be anything but words, and one that it mentions."""

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from corpus.model import (
    Decision,
    DecisionId,
    Numbering,
    Outcome,
    Paragraph,
    Role,
    Section,
    Source,
    Voice,
)
from index.build import build
from index.hashing_encoder import HashingEncoder
from tests.published import UNKNOWN

MARKUP = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
LONG = "Llanfair" * 60
RIGHT_TO_LEFT = "The letter said \u202eevil ton si siht\u202c and מכתב and رسالة were on it."
EMOJI = "She wrote 👩‍👩‍👧‍👦 and e\u0301 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿 in her email."
TEMPLATE = "{{ 7 * 7 }} {% raw %} &amp; &lt;b&gt; </div></article></main> <!-- ]]>"


def paragraph(number: int, text: str, *items: str, role: Role = Role.FACTS) -> Paragraph:
    return Paragraph(number=number, text=text, items=items, role=role, voice=Voice.OMBUDSMAN)


HOSTILE = Decision(
    decision_id=DecisionId("lgsco/00-999-001"),
    publisher="lgsco",
    reference="00 999 001",
    bodies=(f"Exampleshire {MARKUP}", LONG),
    category=(TEMPLATE, LONG),
    outcome=Outcome.UPHELD,
    outcome_text=f"Upheld {TEMPLATE}",
    decided=date(2024, 2, 29),
    summary=f"{MARKUP} {LONG}",
    url="https://www.lgo.org.uk/decisions/education/school-transport/00-999-001",
    numbering=Numbering.NONE,
    sections=(
        Section(
            heading_path=(f"The complaint {MARKUP}", LONG),
            paragraphs=(
                paragraph(1, MARKUP, TEMPLATE, LONG, "(Example Act 1999, section 1)"),
                paragraph(2, RIGHT_TO_LEFT, RIGHT_TO_LEFT),
                paragraph(3, EMOJI),
                paragraph(4, "Two  spaces,\ta tab and\na new line stay; see paragraphs 1 and 3."),
                paragraph(5, f"{LONG} (see paragraph 2 and our decision 00 999 002) {LONG}"),
            ),
        ),
        Section(
            heading_path=(TEMPLATE,),
            paragraphs=(paragraph(6, f"The delay was fault. {MARKUP}", role=Role.FINDING),),
        ),
    ),
    source=Source(file="made<b>.txt", sha256=""),
)

MENTIONED = replace(
    UNKNOWN,
    decision_id=DecisionId("lgsco/00-999-002"),
    reference="00 999 002",
    bodies=("Exampleshire County Council",),
    outcome=Outcome.NOT_INVESTIGATED,
    numbering=Numbering.PRINTED,
    sections=(
        Section(
            heading_path=(),
            paragraphs=(paragraph(1, "I will not look into parking.", role=Role.FINDING),),
        ),
    ),
    source=Source(file="mentioned.txt", sha256=""),
)


def build_hostile(data: Path) -> Path:
    """A data folder with the two."""
    build([HOSTILE, MENTIONED], HashingEncoder(), data)
    return data
