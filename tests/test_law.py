"""Law is found where it is cited, one record a provision, and resolved only where the text says."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files import read_file
from corpus.law import laws_cited
from corpus.law_words import table
from corpus.model import Paragraph, Role, Voice
from corpus.records import LawKind


def paragraphs(*texts: str) -> list[Paragraph]:
    """A decision of these paragraphs."""
    return [
        Paragraph(number=number, text=text, role=Role.LAW, voice=Voice.LAW)
        for number, text in enumerate(texts, 1)
    ]


def cited(*texts: str) -> list[tuple[str, str | None]]:
    """Title and provision of what the last of these paragraphs cites."""
    found = laws_cited(paragraphs(*texts))
    return [(law.title, law.provision) for law in found if law.paragraph == len(texts)]


@pytest.mark.parametrize(
    ("text", "provisions"),
    [
        ("They must look at it. (Hedges Act 1989, section 47)", ["section 47"]),
        ("Section 17 of the Hedges Act 1989 says so.", ["section 17"]),
        (
            "(Hedges Act 1989, sections 6(1) and 6A(1), as amended)",
            ["section 6(1)", "section 6A(1)"],
        ),
        ("(Hedges Act 1989, section 3(1B) and 4H(i))", ["section 3(1B)", "section 4H(i)"]),
        ("(Hedges Act 1989, sections 9, 18, 25 and 26)", [f"section {n}" for n in (9, 18, 25, 26)]),
        ("(Hedges Act 1989, section 6(1) and (14))", ["section 6(1)", "section 6(14)"]),
        ("(Hedges Act 1989, sections 12 to 14)", ["sections 12 to 14"]),
        ("(The Hedges Act 1989 31(9))", ["section 31(9)"]),
        ("Hedges Act 1989 (as amended), s.9(2)", ["section 9(2)"]),
        ("Under s21 Hedges Act 1989 it may cut.", ["section 21"]),
        ("The Hedges Act 1989, section 5B and Schedule 3B", ["section 5B", "Schedule 3B"]),
        ("Part 7 of the Hedges Act 1989", ["Part 7"]),
        ("paragraph 14 of Schedule 14 to the Hedges Act 1989", ["Schedule 14, paragraph 14"]),
        ("(Hedges Act 1989, Schedule 2, Part 1, Class A)", ["Schedule 2, Part 1, Class A"]),
        ("The Hedges Act (1989) protects birds.", [None]),
        ("Section 4 of the Hedges Act 1989; section 5 of the Act.", ["section 4", "section 5"]),
    ],
)
def test_each_provision_of_an_act_is_one_record(text: str, provisions: list[str | None]) -> None:
    assert cited(text) == [("Hedges Act 1989", provision) for provision in provisions]


@pytest.mark.parametrize(
    "title",
    [
        "Lanes, Ditches and Hedges Act 2007",
        "Representation of the People Act 1983",
        "Hedge Cutters (Badges for Small Motors) (England) Regulations 2000",
        "Hedges (Suitability of Height) (England) Order 2003",
        "Hedges Act 1989 Representations Procedure (England) Regulations 2006",
        "Health and Hedges Act 2008 (Regulated Cutting) Regulations 2014",
        "Hedges and After-care (Choice of Gardener) Regulations 2014",
        "Hedge Procedure Rules 1998",
        "Church Hedges Measure 1976",
        "Children’s Hedges (England) Regulations 2015",
    ],
)
def test_a_title_is_known_by_its_form(title: str) -> None:
    for text in (f"The {title} applies.", f"Councils follow the Birds Act 2014 and the {title}."):
        assert cited(text)[-1] == (title.replace("’", "'"), None)
    kinds = {law.kind for law in laws_cited(paragraphs(f"(The {title})"))}
    expected = LawKind.ACT if title[-8:-5] in ("Act", "ure") else LawKind.REGULATIONS
    assert kinds == {expected}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The Council’s Hedges Act 1989 duties are plain.", "Hedges Act 1989"),
        ("Under Hedges Act 1989 duties it must.", "Hedges Act 1989"),
        ("It told Mr B Hedges Act 1989 duties ended.", "Hedges Act 1989"),
        ("Part III Hedges Act 1989", "Hedges Act 1989"),
        ("“Hedges Act 1989” was all it said.", "Hedges Act 1989"),
        (
            "the Hedges Complaints (England) Regulations, April 2009",
            "Hedges Complaints (England) Regulations 2009",
        ),
    ],
)
def test_words_about_a_title_are_no_part_of_it(text: str, title: str) -> None:
    assert [found for found, _ in cited(text)] == [title]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # An Act named in the same paragraph, the last of several.
        (
            ["The Hedges Act 1989 is old. The Birds Act 2014 is new. Section 9 binds."],
            [("Hedges Act 1989", None), ("Birds Act 2014", None), ("Birds Act 2014", "section 9")],
        ),
        (
            ["The Hedges Act 1989 is old. The Act is long."],
            [("Hedges Act 1989", None), ("Hedges Act 1989", None)],
        ),
        (
            ["The Hedge Regulations 2014 are new. Regulation 5(2) binds."],
            [("Hedge Regulations 2014", None), ("Hedge Regulations 2014", "regulation 5(2)")],
        ),
        # A short name that was introduced.
        (
            ["Section 47 (S47) of the Hedges Act 1989 is old.", "It has duties under S47."],
            [("Hedges Act 1989", "section 47")],
        ),
        (
            [
                "The Hedges Act 1989 (“the Act”) is old.",
                "It broke the Act, but not section 3 of the Act.",
            ],
            [("Hedges Act 1989", None), ("Hedges Act 1989", "section 3")],
        ),
        (
            ["The Hedges Act 1989 (HA) is old.", "Section 3 HA binds."],
            [("Hedges Act 1989", "section 3")],
        ),
        (
            ["The Homelessness Code (‘the Code’) binds.", "Chapter 3 of the Code is clear."],
            [("Homelessness Code of Guidance for Local Authorities", "Chapter 3")],
        ),
        # The only one that it can be.
        (
            ["(Hedges Act 1989, section 47)", "It began a section 47 enquiry."],
            [("Hedges Act 1989", "section 47")],
        ),
        (
            ["The Hedges Order 2003 and the Hedges Order 2012 bind.", "The 2003 Order does."],
            [("Hedges Order 2003", None)],
        ),
        (
            ["The Hedges Act is long.", "Section 3 of the Hedges Act binds the Hedges Act 1989."],
            [("Hedges Act 1989", "section 3"), ("Hedges Act 1989", None)],
        ),
        (
            ["The Hedges Acts 1989 and 2004 bind."],
            [("Hedges Act 1989", None), ("Hedges Act 2004", None)],
        ),
    ],
)
def test_a_short_form_belongs_to_the_law_that_the_text_ties_it_to(
    texts: list[str], expected: list[tuple[str, str | None]]
) -> None:
    assert cited(*texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ["Section 47 says so, and the Act too."],
        ["The Hedges Act 1989 is old.", "Section 47 says so, and the Act too."],
        ["(Hedges Act 1989, section 34(3))", "The limit in section 34 is no target."],
        ["(Hedges Act 1989, section 4) (Birds Act 2014, section 4)", "Section 4 binds."],
        ["The Hedges Act is long."],
        ["It made Tree Preservation Order 2012 and a Care Order 2019."],
        ["He acted in 2018 under the working together of all."],
        ["Order 2003 and Act 1989 have no names."],
        ["They were working together 2018 times."],
    ],
)
def test_where_the_law_cannot_be_told_there_is_no_record(texts: list[str]) -> None:
    assert cited(*texts) == []


def test_a_section_of_a_form_or_letter_is_no_law() -> None:
    text = (
        "The Hedges Act 1989 is old. Section 5 of the form and section 6 in his letter were blank."
    )
    assert cited(text) == [("Hedges Act 1989", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Working Together 2018 binds.", ("Working Together 2018", None)),
        ("Working Together to Safeguard Children 2018 binds.", ("Working Together 2018", None)),
        (
            "“Working Together to Safeguard Children” (2018, then new)",
            ("Working Together 2018", None),
        ),
        ("the NHS Complaints Standards, December 2022", ("NHS Complaint Standards 2022", None)),
        (
            "School Admission Appeals Code 2022, section 4",
            ("School Admission Appeals Code 2022", "section 4"),
        ),
        (
            "paragraph 8.5 of the care and support statutory guidance",
            ("Care and Support Statutory Guidance", "paragraph 8.5"),
        ),
        (
            "Under the School Admissions Code (paragraph 12) it failed.",
            ("School Admissions Code", None),
        ),
        (
            "the Mental Capacity Act 2005 Code of Practice",
            ("Mental Capacity Act Code of Practice", None),
        ),
    ],
)
def test_guidance_is_known_by_name_with_the_year_that_is_written(
    text: str, expected: tuple[str, str | None]
) -> None:
    assert cited(text) == [expected]


@pytest.mark.parametrize(
    ("title", "example"), [(n.title, e) for n in table().named for e in n.examples]
)
def test_each_example_of_guidance_leads_to_its_title(title: str, example: str) -> None:
    assert cited(f"It did not follow the {example} here.") == [(title, None)]


def test_a_span_covers_title_and_provision() -> None:
    text = "(Hedges Act 1989, sections 6(1) and 6A(1), as amended) See s9 of the Birds Act 2014."
    spans = [text[law.span.start : law.span.end] for law in laws_cited(paragraphs(text))]
    assert spans == [
        "Hedges Act 1989, sections 6(1)",
        "Hedges Act 1989, sections 6(1) and 6A(1)",
        "s9 of the Birds Act 2014",
    ]


def test_every_section_number_of_the_real_decisions_is_resolved(shared: Path) -> None:
    for path in sorted((shared / "decisions").glob("*.txt")):
        real = [paragraph for _, paragraph in read_file(path).paragraphs()]
        found = list(laws_cited(real))
        for paragraph in real:
            spans = [law.span for law in found if law.paragraph == paragraph.number]
            for m in re.finditer(r"\b(?:[Ss]ections? |S)\d", paragraph.words):
                assert any(s.start <= m.start() < s.end for s in spans), (
                    path.name,
                    paragraph.number,
                )


_PIECES = st.sampled_from(
    "Hedges |Act|Acts| 1989| and 2004|Regulations|section |sections |s|47|(1)|(a)| and |, | to "
    "| of the |(“the Act”)|the Act|Schedule 2|Part |Class A|Working Together| (2018)|(|)|“|’s"
    "|paragraph 4.5| |\n|-".split("|")
)


@settings(deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=60), max_size=5))
def test_any_text_yields_words_that_stand_there(texts: list[str]) -> None:
    for law in laws_cited(paragraphs(*texts)):
        assert texts[law.paragraph - 1][law.span.start : law.span.end].strip()
        assert law.title
        assert law.provision is None or re.search(r"\w", law.provision)
