"""Annotated words: whatever is marked in them, they stay what they are."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from corpus.records import CrossReference
from service.annotated import (
    Line,
    Link,
    Note,
    Noted,
    annotated,
    annotated_lines,
    links_to_paragraphs,
)

PLACE = st.integers(-5, 60)
SPANS = st.builds(Span, PLACE, PLACE)
NOTED = st.lists(st.builds(Noted, SPANS, st.sampled_from(Note)), max_size=6)
LINKS = st.lists(
    st.builds(Link, SPANS, st.sampled_from(["#p1", "#p2", "/decisions/a/b"])), max_size=5
)
WORDS = st.text(alphabet="ab \n<&’é👩‍👧\u202e", max_size=40)


def text(line: Line) -> str:
    return "".join(piece.text for run in line for piece in run.pieces)


def with_note(line: Line, note: Note) -> str:
    return "".join(piece.text for run in line for piece in run.pieces if note in piece.notes)


def linked(line: Line) -> list[tuple[str, str]]:
    return [("".join(p.text for p in run.pieces), run.address) for run in line if run.address]


@given(WORDS, st.lists(WORDS, max_size=3), NOTED, LINKS)
def test_the_pieces_together_are_the_words_whatever_overlaps(
    opening: str, items: list[str], noted: list[Noted], links: list[Link]
) -> None:
    lines = list(annotated_lines((opening, *items), noted, links))
    assert [text(line) for line in lines] == [opening, *items]
    assert all(piece.text for line in lines for run in line for piece in run.pieces)


@given(WORDS, NOTED, LINKS)
def test_each_character_has_the_notes_and_the_link_of_the_spans_that_hold_it(
    words: str, noted: list[Noted], links: list[Link]
) -> None:
    at = 0
    for run in annotated(words, noted, links):
        for piece in run.pieces:
            for place in range(at, at + len(piece.text)):
                assert piece.notes == {n.note for n in noted if n.span.start <= place < n.span.end}
                if run.address:
                    assert any(
                        link.address == run.address and link.span.start <= place < link.span.end
                        for link in links
                    )
            at += len(piece.text)


@given(WORDS.filter(bool), st.data())
def test_a_quotation_is_marked_exactly_also_across_items(words: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    lines = annotated_lines(words.split("\n"), [Noted(Span(start, end), Note.QUOTED)], [])
    marked = "".join(with_note(line, Note.QUOTED) for line in lines)
    assert marked == words[start:end].replace("\n", "")


def test_a_link_that_a_quotation_cuts_stays_one_link() -> None:
    words = "As I said in paragraph 12, it was late."
    line = annotated(words, [Noted(Span(0, 18), Note.QUOTED)], [Link(Span(13, 25), "#p12")])
    assert linked(line) == [("paragraph 12", "#p12")]
    assert with_note(line, Note.QUOTED) == words[:18]


def test_of_two_links_that_overlap_the_first_counts() -> None:
    line = annotated("abcdef", [], [Link(Span(2, 6), "#p2"), Link(Span(0, 3), "#p1")])
    assert linked(line) == [("abc", "#p1")]


def mention(words: str, named: str, *targets: int) -> list[tuple[str, str]]:
    start = words.index(named)
    found = CrossReference(paragraph=99, span=Span(start, start + len(named)), targets=targets)
    return linked(annotated(words, [], list(links_to_paragraphs(words, found))))


def test_each_number_of_a_mention_leads_to_its_own_paragraph() -> None:
    assert mention("See paragraphs 3, 5 and 9.", "paragraphs 3, 5 and 9", 3, 5, 9) == [
        ("paragraphs 3", "#p3"),
        ("5", "#p5"),
        ("9", "#p9"),
    ]
    assert mention("paragraphs 12 to 14 say so", "paragraphs 12 to 14", 12, 13, 14) == [
        ("paragraphs 12", "#p12"),
        ("14", "#p14"),
    ]


def test_a_mention_in_words_is_one_link() -> None:
    assert mention("Paragraph four (above)", "Paragraph four (above)", 4) == [
        ("Paragraph four (above)", "#p4")
    ]
    assert mention("see paragraphs three and five", "paragraphs three and five", 3, 5) == [
        ("paragraphs three and five", "#p3")
    ]
