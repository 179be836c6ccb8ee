"""Terminal: an answer as a person reads it."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from corpus.model import Numbering, Outcome
from service.answering import Answer, Match, Status
from service.wording import introduce

_MORE = 3
"""How many further matches are named below the quotations."""


def show(answer: Answer, console: Console) -> None:
    """Print an answer. Lines are not broken, so that what is quoted can be copied exactly."""
    for text, style in _lines(answer):
        console.print(Text(_printable(text), style=style), soft_wrap=True)


def _lines(answer: Answer) -> Iterator[tuple[str, str]]:
    yield answer.question, "bold"
    if answer.standalone_question != answer.question:
        yield f"searched as: {answer.standalone_question}", "dim"
    yield "", ""
    if answer.snapshot.sample:
        yield answer.notice, "yellow"
        yield "", ""
    if answer.status is Status.NOTHING_RELEVANT:
        yield "The decisions here do not answer this.", "bold"
        yield "", ""
        if answer.nearest:
            yield "Nearest to it, though not an answer:", ""
            yield "", ""
        for match in answer.nearest[:_MORE]:
            yield from _passage(match, match.text)
    else:
        for quotation in answer.quotations:
            yield from _passage(answer.matches[quotation.match], quotation.text)
        quoted = {q.match for q in answer.quotations}
        further = [m for i, m in enumerate(answer.matches) if i not in quoted][:_MORE]
        if further:
            yield "Also found:", "bold"
        for match in further:
            said = introduce(match.role, match.voice, match.citation.outcome)
            yield f"  {said}: {match.citation.label}", ""
        if further:
            yield "", ""
    if not answer.snapshot.sample:
        yield answer.notice, "dim"


def _passage(match: Match, words: str) -> Iterator[tuple[str, str]]:
    citation = match.citation
    yield introduce(match.role, match.voice, citation.outcome), "bold cyan"
    for line in f"“{words}”".split("\n"):
        yield f"  {line}", ""
    yield f"  {citation.label}", "green"
    if citation.section:
        yield f"  under the heading “{citation.section}”", ""
    if citation.outcome is Outcome.NOT_INVESTIGATED:
        yield "  Not investigated, so no finding either way.", ""
    if citation.numbering is Numbering.NONE:
        yield "  The paragraphs are counted here: the file shows no numbers.", ""
    if citation.url:
        yield f"  {citation.url}", "blue"
    if match.also_in:
        places = "; ".join(c.label for c in match.also_in)
        yield f"  Word for word also in: {places}", ""
    yield "", ""


def _printable(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
