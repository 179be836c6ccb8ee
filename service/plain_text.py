"""Plain text: an answer to paste into a letter, and as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from corpus.citation import Citation, page_of
from service.answer import Answer, CitedParagraph, Status
from service.download import without_formula
from service.questions import MAX_TURN
from service.quotations import Quotation
from service.signposts import NextStep, Support, Urgent

NOT_ADVICE = (
    "An automatic search of published decisions. It is not advice, and no decision is a precedent."
)
NOTHING = "The decisions here do not answer this"

_COLUMNS = (
    "what it is",
    "whose word it is",
    "words",
    "body",
    "reference",
    "date",
    "outcome",
    "section",
    "paragraph",
    "citation",
    "permanent link",
    "published at",
)


def as_text(answer: Answer, origin: str) -> str:
    """The quotations with their citations, and what has to stand beside them.

    Args:
        answer: The answer.
        origin: Scheme and host of this service, for the links.
    """
    return "\n".join(_lines(answer, origin)) + "\n"


def as_csv(answer: Answer, origin: str) -> str:
    """A row for each quotation and passage; the question is not in it.

    No cell begins as a formula would in a spreadsheet: one that does gets an apostrophe before it.
    It begins with a byte order mark, without which spreadsheets mistake the letters.
    """
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(_COLUMNS)
    for kind, paragraph, words, quotation in _rows(answer):
        c = paragraph.citation
        table.writerow(
            map(
                without_formula,
                (
                    kind,
                    paragraph.introduction,
                    words,
                    "; ".join(c.bodies),
                    c.reference or "",
                    c.decided.isoformat() if c.decided else "",
                    c.outcome_text or c.outcome,
                    c.section,
                    str(c.paragraph),
                    c.label,
                    permalink(c, answer.snapshot.id, origin, quotation),
                    c.url or "",
                ),
            )
        )
    return "\ufeff" + file.getvalue()


def in_short(answer: Answer) -> str:
    """What an answer said, for a follow-up to lean on; only whole quotations are in it."""
    if not answer.quotations:
        return answer.refusal.reason if answer.refusal else f"{NOTHING}."
    said = ""
    for quotation in answer.quotations:
        label = answer.matches[quotation.match].citation.label
        more = f"{said}\n“{quotation.text}” ({label})".lstrip()
        if len(more) > MAX_TURN:
            break
        said = more
    return said


def permalink(
    citation: Citation, snapshot: str, origin: str = "", quoted: Quotation | Support | None = None
) -> str:
    """Where a paragraph can be read in this snapshot, with its quotation marked."""
    number = citation.paragraph
    marked = f"from={quoted.start}&to={quoted.end}&paragraph={number}&" if quoted else ""
    return f"{origin}{page_of(citation.decision_id)}?{marked}snapshot={snapshot}#p{number}"


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "decision"), counted(12000, "decision")
    ('1 decision', '12,000 decisions')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _rows(answer: Answer) -> Iterator[tuple[str, CitedParagraph, str, Quotation | None]]:
    for quotation in answer.quotations:
        match = answer.matches[quotation.match]
        yield "quotation", match, quotation.text, quotation
    for other in answer.other_side:
        yield "found the other way", other, other.quotation.text, other.quotation
    for match in answer.matches:
        yield "whole paragraph found", match, match.text, None
    for match in answer.nearest:
        yield "nearest, though not an answer", match, match.text, None


def _lines(answer: Answer, origin: str) -> Iterator[str]:
    yield f"You asked: {answer.question}"
    if answer.standalone_question != answer.question:
        yield f"Searched as: {answer.standalone_question}"
    if answer.urgent:
        yield from _urgent(answer.urgent)
    if answer.refusal:
        yield from ("", answer.refusal.reason)
    if answer.status is Status.NOTHING_RELEVANT:
        yield from ("", NOTHING)
    for quotation in answer.quotations:
        match = answer.matches[quotation.match]
        yield from _passage(match, quotation.text, answer, origin, quotation)
    if answer.other_side:
        yield from ("", "Found the other way in another decision")
    for other in answer.other_side:
        yield from _passage(other, other.quotation.text, answer, origin, other.quotation)
    if answer.nearest:
        yield from ("", "Nearest passages, though not an answer")
    for match in answer.nearest:
        yield from _passage(match, match.text, answer, origin)
    for step in answer.next_steps:
        yield from _next_step(step, answer, origin)
    snapshot = answer.snapshot
    yield from ("", NOT_ADVICE)
    yield f"The collection has {counted(snapshot.decisions, 'decision')}, snapshot {snapshot.id}."
    yield answer.notice


def _urgent(urgent: Urgent) -> Iterator[str]:
    yield from ("", urgent.text)
    for contact in urgent.contacts:
        yield f"{contact.name}: {f'{contact.phone}, ' if contact.phone else ''}{contact.when}"


def _passage(
    paragraph: CitedParagraph,
    words: str,
    answer: Answer,
    origin: str,
    quotation: Quotation | None = None,
) -> Iterator[str]:
    citation = paragraph.citation
    yield from ("", paragraph.introduction, f"“{words}”", citation.label)
    yield permalink(citation, answer.snapshot.id, origin, quotation)
    if paragraph.caveat:
        yield paragraph.caveat


def _next_step(step: NextStep, answer: Answer, origin: str) -> Iterator[str]:
    citation = step.support.citation
    yield from ("", step.title, step.text, f"“{step.support.text}”", citation.label)
    yield permalink(citation, answer.snapshot.id, origin, step.support)
    for source in step.sources:
        yield source.name
        yield source.url
