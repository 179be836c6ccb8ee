"""Case references: which other decisions a paragraph names by their number."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from corpus.model import Paragraph, Span
from corpus.publishers import normal_reference
from corpus.records import CaseReference
from corpus.wording import respelt

_HYPHENS = dict(zip("\u00a0\u2010\u2011\u2013", " ---", strict=True))

# A whole run of digits is judged at once: a reference is not a piece of a telephone number.
_RUN = re.compile(
    r"(?<![\w£$€+])(?<!£ )(?<!\d[ .,/:-])"
    r"\d(?:[ -]?\d){7,60}(?:[A-Za-z](?!\w)|(?!\w|[ -]?\d|[.,/:]\d|%))"
)
_REFERENCE = re.compile(r"\d{2}(?P<joint>[ -]?)\d{3}(?P=joint)\d{3}(?!\d)[A-Za-z]?")
_HEALTH = re.compile(r"\bP-\d{6}\b(?!-)")

# Eight digits without a space may be anything: these words before them say what.
_A_CASE = re.compile(
    r"\b(?:case|complaint|decision|references?|refs?\.?|ombudsman)\b", re.IGNORECASE
)
_NO_CASE = re.compile(
    r"\b(?:account|invoice|phone|telephone|tel|mobile|fax|call|text|sort code|penalty|notice|pcn"
    r"|licence|policy|tenancy|customer|order|payment|nhs|insurance|grid)\b",
    re.IGNORECASE,
)


def case_references(paragraphs: Iterable[Paragraph]) -> Iterator[CaseReference]:
    """Case references in any spelling, in order; telephone numbers, sums and dates are none."""
    for paragraph in paragraphs:
        for span, reference in references_in(paragraph.words):
            yield CaseReference(paragraph=paragraph.number, span=span, reference=reference)


def references_in(text: str) -> Iterator[tuple[Span, str]]:
    """The place of each case reference in a text, and its normal form, in order.

    >>> [reference for _, reference in references_in("see 18-019-617 and case 24002245")]
    ['18 019 617', '24 002 245']
    """
    words = respelt(text, _HYPHENS)
    for span in sorted([*_local(words), *(Span(*m.span()) for m in _HEALTH.finditer(words))]):
        yield span, normal_reference(words[span.start : span.end])


def _local(words: str) -> Iterator[Span]:
    """References such as ``18 019 617``, one or several to a run of digits."""
    for run in _RUN.finditer(words):
        for m in _divide(run[0]):
            if m["joint"] or _is_case(words[max(0, run.start() - 40) : run.start()], m[0]):
                yield Span(run.start() + m.start(), run.start() + m.end())


def _divide(run: str) -> list[re.Match[str]]:
    """The references of which a run of digits consists, or none if anything is left over."""
    found: list[re.Match[str]] = []
    at = 0
    while m := _REFERENCE.match(run, at):
        found.append(m)
        if m.end() == len(run):
            return found
        at = m.end() + 1
    return []


def _is_case(before: str, digits: str) -> bool:
    """Whether eight joined digits are a reference, by the words before them and their form."""
    if _A_CASE.search(before):
        return True
    return not _NO_CASE.search(before) and not _is_date(digits)


def _is_date(digits: str) -> bool:
    """Whether the digits spell a day: 20180415 or 15042018."""
    for year, month, day in (
        (digits[:4], digits[4:6], digits[6:8]),
        (digits[4:8], digits[2:4], digits[:2]),
    ):
        if not 1900 <= int(year) < 2100:
            continue
        try:
            date(int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False
