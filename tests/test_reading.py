"""Reading: paragraphs, headings and headers as a person checked them by hand."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.files import read_file, read_files
from corpus.model import Decision, Numbering, Outcome
from corpus.reader import ParseError, read_decision

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
DATA = ROOT / "eval" / "data"
SAMPLE_GOLD = DATA / "samples"


def as_gold(decision: Decision) -> dict[str, Any]:
    """A decision in the form of the gold files."""
    paragraphs: list[dict[str, Any]] = []
    for section, paragraph in decision.paragraphs():
        row: dict[str, Any] = {
            "n": paragraph.number,
            "section": section.heading,
            "text": paragraph.text,
        }
        if paragraph.items:
            row["items"] = list(paragraph.items)
        paragraphs.append(row)
    return {
        "file": decision.source.file,
        "reference": decision.reference,
        "authority": " & ".join(decision.bodies) or None,
        "outcome": decision.outcome_text,
        "date": decision.decided.isoformat() if decision.decided else None,
        "summary": decision.summary,
        "paragraphs": paragraphs,
    }


def gold(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "paragraphs.json").read_text())
    return rows


def test_the_five_real_decisions_are_read_as_checked_by_hand(shared: Path) -> None:
    wanted = gold(shared / "gold")
    read = [as_gold(read_file(shared / "decisions" / row["file"])) for row in wanted]
    assert sum(len(row["paragraphs"]) for row in read) == 211
    assert read == wanted


MADE = [(SAMPLES, SAMPLE_GOLD), *((DATA / name, DATA / name) for name in ("variety", "unseen"))]


@pytest.mark.parametrize(
    ("decisions", "wanted"),
    [(decisions, row) for decisions, folder in MADE for row in gold(folder)],
    ids=lambda value: value["file"][:3] if isinstance(value, dict) else "",
)
def test_each_decision_of_ours_is_read_as_it_was_written(
    decisions: Path, wanted: dict[str, Any]
) -> None:
    category = wanted.pop("category")
    decision = read_file(decisions / wanted["file"])
    assert as_gold(decision) == wanted
    assert " > ".join(decision.category) == (category or "")


def test_the_samples_are_labelled_fictional_and_link_nowhere() -> None:
    decisions = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    assert len(decisions) >= 16
    for decision in decisions:
        assert decision.publisher == "upheld-sample"
        assert decision.reference is None or decision.reference.startswith("99 ")
        assert decision.url is None or decision.url.startswith("https://upheld.example/")


def test_what_the_header_does_not_say_is_unknown(shared: Path) -> None:
    decision = read_file(shared / "decisions" / "004_7d099216e168a9a0.txt")
    assert decision.bodies == ()
    assert decision.reference is None
    assert decision.decided is None
    assert decision.url is None
    assert decision.category == ()
    assert decision.outcome is Outcome.UNKNOWN
    assert decision.numbering is Numbering.NONE
    assert decision.decision_id == "lgsco/file-004-7d099216e168a9a0"


def test_outcome_date_and_heading_path_of_a_real_decision(shared: Path) -> None:
    decision = read_file(shared / "decisions" / "000_13ab171ee010ec46.txt")
    assert decision.outcome is Outcome.NOT_UPHELD
    assert decision.decided == date(2019, 11, 25)
    assert decision.numbering is Numbering.CONTINUED
    section = next(s for s, p in decision.paragraphs() if p.number == 13)
    assert section.heading_path == (
        "What I found",
        "What happened",
        "The child protection case conference",
    )


HEAD = """Exampleshire County Council (99 000 999)
Category : Planning > Enforcement
Decision : Upheld
Decision date : 07 Feb 2024
The Ombudsman's final decision:
Summary: a summary.
The complaint
"""
TAIL = """
Final decision
{mark}I have completed my investigation.
Investigator's decision on behalf of the Ombudsman
Print this page
Review your privacy settings
"""


def read(body: str, mark: str = "- ") -> list[tuple[int, str, tuple[str, ...]]]:
    decision = read_decision((HEAD + body + TAIL.format(mark=mark)).encode(), "made.txt")
    return [(p.number, p.text, p.items) for _, p in decision.paragraphs()]


def test_an_item_that_restarts_at_one_still_belongs_to_its_paragraph() -> None:
    body = """  1. Mr B complains that the Council:
      1. failed to act; and
      2. did not reply.
  2. He says this upset him.
How I considered this complaint
  1. I read it."""
    assert read(body, "  1. ") == [
        (1, "Mr B complains that the Council:", ("failed to act; and", "did not reply.")),
        (2, "He says this upset him.", ()),
        (3, "I read it.", ()),
        (4, "I have completed my investigation.", ()),
    ]


def test_items_whose_nesting_was_lost_are_told_by_their_lower_case() -> None:
    body = """  1. Mr B complains that the officer:
  1. was late;
  2. was rude; and
  3. left.
  2. He wants an apology."""
    assert [n for n, _, _ in read(body, "  1. ")] == [1, 2, 3]


def test_hyphens_are_items_after_a_colon_and_paragraphs_after_a_full_stop() -> None:
    body = """- Mr B complains that the Council:
- failed to act; and
- did not reply.
- He says this upset him."""
    assert read(body)[:2] == [
        (1, "Mr B complains that the Council:", ("failed to act; and", "did not reply.")),
        (2, "He says this upset him.", ()),
    ]


def test_a_citation_after_a_list_belongs_to_its_paragraph() -> None:
    body = """  1. We may stop where:
  • there is no fault; or
  • nothing can be gained.

(Local Government Act 1974, section 24A(6), as amended)

  1. Mr B lives next door."""
    assert read(body, "  1. ")[:2] == [
        (
            1,
            "We may stop where:",
            (
                "there is no fault; or",
                "nothing can be gained.",
                "(Local Government Act 1974, section 24A(6), as amended)",
            ),
        ),
        (2, "Mr B lives next door.", ()),
    ]


def test_numbers_that_run_through_the_file_are_taken_as_printed() -> None:
    body = "1. Mr B complains.\nHow I considered this complaint\n2. I read it."
    decision = read_decision((HEAD + body + TAIL.format(mark="3. ")).encode(), "made.txt")
    assert decision.numbering is Numbering.PRINTED


def test_a_count_that_the_decision_itself_contradicts_is_not_claimed() -> None:
    body = "- Mr B complains.\n- {}\nHow I considered this complaint\n- I read it."
    for mention, wanted in (
        ("As paragraph one (above) says, he complains.", Numbering.CONTINUED),
        ("As paragraph 3 above says, he complains.", Numbering.NONE),
    ):
        page = HEAD + body.format(mention) + TAIL.format(mark="- ")
        assert read_decision(page.encode(), "made.txt").numbering is wanted


def test_the_website_s_foot_is_no_part_of_the_decision() -> None:
    assert read("- Mr B complains.")[-1][1] == "I have completed my investigation."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_that_pages_are_saved_in_is_read(encoding: str) -> None:
    text = HEAD + "- Mr B’s complaint is about £5." + TAIL.format(mark="- ")
    decision = read_decision(text.encode(encoding), "made.txt")
    assert next(decision.paragraphs())[1].text == "Mr B’s complaint is about £5."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\x7fELF\x00\x01\x02", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 8, "binary"),
        (b"A recipe for soup.\nTake two onions.\n", "no decision"),
        (b"x" * 200_000, "no decision"),
        (b"The complaint\nFinal decision\n", "no decision"),
    ],
)
def test_what_is_no_decision_is_set_aside_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_decision(content, "odd.txt")


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HEAD + "- Mr B complains." + TAIL.format(mark="- "))
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.docx").write_bytes(b"PK")
    decisions = [r for r in read_files([tmp_path]) if isinstance(r, Decision)]
    errors = [r for r in read_files([tmp_path]) if isinstance(r, ParseError)]
    assert [d.reference for d in decisions] == ["99 000 999"]
    assert [(Path(e.file).name, e.reason.split(":")[0]) for e in errors] == [
        ("b.txt", "the file is empty"),
        ("c.docx", "'.docx' is not read, only .txt, .html, .htm, .pdf, .json"),
    ]
