"""Mentions of other paragraphs lead to the right ones, and those of other documents nowhere."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cross_references import cross_references, numbering_holds
from corpus.files import read_file
from corpus.model import Paragraph, Role, Voice


def decision(mention: str, at: int = 20, length: int = 40) -> list[Paragraph]:
    """A decision of so many paragraphs, of which one holds the mention."""
    return [
        Paragraph(
            number=number,
            text=mention if number == at else "The hedge was cut.",
            role=Role.FINDING,
            voice=Voice.OMBUDSMAN,
        )
        for number in range(1, length + 1)
    ]


@pytest.mark.parametrize(
    ("mention", "words", "targets"),
    [
        ("This is late (see paragraph 14).", "paragraph 14", (14,)),
        ("Paragraph four (above) deals with that.", "Paragraph four (above)", (4,)),
        ("As paragraph 24 above says, it was late.", "paragraph 24 above", (24,)),
        ("The events in paragraphs 12 to 14 show it.", "paragraphs 12 to 14", (12, 13, 14)),
        ("I refer to paragraphs 12-14.", "paragraphs 12-14", (12, 13, 14)),
        ("The rules in paragraphs 8 and 9 apply.", "paragraphs 8 and 9", (8, 9)),
        ("See paragraphs 3, 5 and 7.", "paragraphs 3, 5 and 7", (3, 5, 7)),
        ("See paras 3 and thirty-two.", "paras 3 and thirty-two", (3, 32)),
        ("The previous paragraph says why.", "The previous paragraph", (19,)),
        ("I return to it in the next paragraph.", "the next paragraph", (21,)),
        ("As I say in paragraph 12(b), it moved.", "paragraph 12(b)", (12,)),
        ("In paragraph 5, 20 days are named.", "paragraph 5", (5,)),
        ("Under the guidance (paragraph 12) it counts.", "paragraph 12", (12,)),
        ("It does not fit its own note at paragraph 22.", "paragraph 22", (22,)),
        ("It must do what paragraph 35 of this decision sets out.", "paragraph 35", (35,)),
        ("The letter quoted in paragraph 23 is plain.", "paragraph 23", (23,)),
    ],
)
def test_a_mention_leads_to_the_paragraphs_it_names(
    mention: str, words: str, targets: tuple[int, ...]
) -> None:
    (found,) = cross_references(decision(mention))
    assert found.paragraph == 20
    assert mention[found.span.start : found.span.end] == words
    assert found.targets == targets


@pytest.mark.parametrize(
    "mention",
    [
        "Paragraphs 6.2.1 to 6.4 of these procedures set out the visits.",
        "The panel must follow paragraph 10 of the Code.",
        "It overlooked paragraph 8.5 of the guidance.",
        "It relied on paragraph 14 of Schedule 14 to the Act.",
        "(Hedges and Ditches Act 1974, Schedule 5, paragraph 1, as amended)",
        "The Code, paragraph 4, forbids it.",
        "The Framework at paragraph 11 favours it.",
        "Her report says at paragraph 3 that it leaned.",
        "The clause stands at paragraph 3 in his tenancy agreement.",
        "The letter said: “I refer you to paragraph 9 for our reasons.”",
        "It did not keep to parts c) to g).",
        "Mrs B wrote three paragraphs about it.",
        "See paragraph 41.",
        "See paragraphs 12 to 140.",
        "See paragraphs 14 to 12.",
        "As I say here, in paragraph 20, it was late.",
        "See the previous paragraph of the letter.",
        "Paragraph 3,500 does not exist.",
    ],
)
def test_what_names_another_document_or_nothing_that_exists_is_no_mention(mention: str) -> None:
    assert [*cross_references(decision(mention))] == []


def test_the_first_paragraph_has_none_before_it_and_the_last_none_after() -> None:
    assert [*cross_references(decision("See the previous paragraph.", at=1))] == []
    assert [*cross_references(decision("See the next paragraph.", at=40))] == []


def test_a_real_decision_names_its_own_paragraphs_in_figures_and_in_words(shared: Path) -> None:
    real = read_file(next((shared / "decisions").glob("003_*.txt")))
    found = [*cross_references([paragraph for _, paragraph in real.paragraphs()])]
    assert [(f.paragraph, f.targets) for f in found] == [(7, (4,)), (34, (24,)), (52, (24,))]


def test_the_procedures_of_others_have_paragraphs_that_are_not_taken(shared: Path) -> None:
    real = read_file(next((shared / "decisions").glob("002_*.txt")))
    assert [*cross_references([paragraph for _, paragraph in real.paragraphs()])] == []


_PIECES = st.sampled_from(
    "paragraph |paragraphs |para. |four|twenty-one|3|12| to |, | and |(above)| of the Code"
    "|the previous paragraph|“|”| |-|1.2|\n".split("|")
)


@settings(deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=40), max_size=15))
def test_any_text_yields_targets_that_exist_and_words_that_stand_there(texts: list[str]) -> None:
    paragraphs = [
        Paragraph(number=number, text=text, role=Role.FACTS, voice=Voice.OMBUDSMAN)
        for number, text in enumerate(texts, 1)
    ]
    for found in cross_references(paragraphs):
        assert paragraphs[found.paragraph - 1].words[found.span.start : found.span.end].strip()
        assert found.targets == tuple(sorted(set(found.targets)))
        assert set(found.targets) <= set(range(1, len(texts) + 1)) - {found.paragraph}


@pytest.mark.parametrize(
    ("mention", "holds"),
    [
        ("Paragraph four (above) deals with that.", True),
        ("As paragraph 24 above says, it was late.", False),
        ("I say why in paragraph 24 below.", True),
        ("I say why in paragraph 4 below.", False),
        ("I say why in paragraphs 39 to 41 below.", False),
        ("Paragraph 24 above of the Code deals with that.", True),
        ("See paragraph 99.", True),
    ],
)
def test_what_is_said_to_stand_above_has_to_stand_above(mention: str, holds: bool) -> None:
    assert numbering_holds(decision(mention)) is holds


def test_the_real_decisions_agree_with_the_numbers_they_were_given(shared: Path) -> None:
    for file in sorted((shared / "decisions").glob("*.txt")):
        assert numbering_holds([p for _, p in read_file(file).paragraphs()])
