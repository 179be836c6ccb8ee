"""Terminal: an answer as a person reads it."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from corpus.citation import Citation
from corpus.model import Numbering
from service.answer import Answer, CitedParagraph, Status
from service.command import printable
from service.signposts import NextStep, Urgent

_MORE = 3
"""How many further matches are named below the quotations."""

Lines = Iterator[tuple[str, str]]
"""Each line with its style."""


def show(answer: Answer, console: Console) -> None:
    """Print an answer. Lines are not broken, so that what is quoted can be copied exactly."""
    for text, style in _lines(answer):
        console.print(Text(printable(text), style=style), soft_wrap=True)


def _lines(answer: Answer) -> Lines:
    yield answer.question, "bold"
    if answer.standalone_question != answer.question:
        yield f"searched as: {answer.standalone_question}", "dim"
    yield "", ""
    if answer.urgent:
        yield from _urgent(answer.urgent)
    if answer.snapshot.sample:
        yield answer.notice, "yellow"
        yield "", ""
    if answer.personal_details:
        yield answer.personal_details.warning, "yellow"
        yield "", ""
    if answer.refusal:
        yield answer.refusal.reason, "bold"
        yield "", ""
    if answer.status is Status.NOTHING_RELEVANT:
        yield from _nothing(answer)
    else:
        yield from _quotations(answer)
    if answer.next_steps:
        yield "What you can do:", "bold"
        yield "", ""
    for step in answer.next_steps:
        yield from _next_step(step)
    if not answer.snapshot.sample:
        yield answer.notice, "dim"


def _urgent(urgent: Urgent) -> Lines:
    yield urgent.text, "bold red"
    for contact in urgent.contacts:
        how = f"{contact.phone}, {contact.when}" if contact.phone else contact.when
        yield f"  {contact.name}: {how} ({contact.url})", "red"
    yield "", ""


def _nothing(answer: Answer) -> Lines:
    yield "The decisions here do not answer this.", "bold"
    yield "", ""
    if answer.nearest:
        yield "Nearest to it, though not an answer:", ""
        yield "", ""
    for match in answer.nearest[:_MORE]:
        yield from _passage(match, match.text, match.also_in)


def _quotations(answer: Answer) -> Lines:
    for quotation in answer.quotations:
        match = answer.matches[quotation.match]
        yield from _passage(match, quotation.text, match.also_in)
    if answer.other_side:
        yield "Found the other way in another decision:", "bold"
        yield "", ""
    for other in answer.other_side:
        yield from _passage(other, other.quotation.text)
    quoted = {q.match for q in answer.quotations}
    further = [m for i, m in enumerate(answer.matches) if i not in quoted][:_MORE]
    if further:
        yield "Also found:", "bold"
    for match in further:
        yield f"  {match.introduction}: {match.citation.label}", ""
    if further:
        yield "", ""


def _next_step(step: NextStep) -> Lines:
    yield step.title, "bold cyan"
    yield f"  {step.text}", ""
    yield f"  “{step.support.text}”", ""
    yield f"  {step.support.citation.label}", "green"
    for source in step.sources:
        yield f"  {source.name}: {source.url}", "blue"
    yield "", ""


def _passage(paragraph: CitedParagraph, words: str, also_in: Sequence[Citation] = ()) -> Lines:
    citation = paragraph.citation
    yield paragraph.introduction, "bold cyan"
    for line in f"“{words}”".split("\n"):
        yield f"  {line}", ""
    yield f"  {citation.label}", "green"
    if citation.section:
        yield f"  under the heading “{citation.section}”", ""
    if paragraph.caveat:
        yield f"  {paragraph.caveat}", ""
    if citation.numbering is Numbering.NONE:
        yield "  The paragraphs are counted here: the file shows no numbers.", ""
    if citation.url:
        yield f"  {citation.url}", "blue"
    if also_in:
        places = "; ".join(c.label for c in also_in)
        yield f"  Word for word also in: {places}", ""
    yield "", ""
