"""Page: a saved page's lines taken apart into header, summary, body and furniture."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from corpus.lines import Line, Mark
from corpus.model import Outcome


class Header(Struct, frozen=True, kw_only=True):
    """What stands above the decision's text. What is not there is None or empty."""

    title: str | None = None
    bodies: tuple[str, ...] = ()
    reference: str | None = None
    category: tuple[str, ...] = ()
    outcome_text: str | None = None
    decided: date | None = None
    summary: str | None = None


class Page(Struct, frozen=True, kw_only=True):
    """A page taken apart.

    Attributes:
        header: What stands above the text.
        body: The lines of headings and paragraphs.
        furniture: The lines that belong to the website: links, sign-off, cookie notice.
    """

    header: Header
    body: tuple[Line, ...]
    furniture: tuple[Line, ...]


OUTCOMES = {
    "upheld": Outcome.UPHELD,
    "not upheld": Outcome.NOT_UPHELD,
    "closed after initial enquiries": Outcome.NOT_INVESTIGATED,
}
"""The publisher's outcomes, in lower case, in our vocabulary."""

_TITLE = re.compile(r"(?P<body>\S.*?)\s*\((?P<reference>\d{2}[ -]?\d{3}[ -]?\d{3}[A-Za-z]?)\)")
_FIELD = re.compile(r"(?P<name>Category|Decision date|Decision)\s*:\s*(?P<value>\S.*)")
_OPENING = re.compile(r"The Ombudsm[ae]n['’]?s?['’]? final decision\s*:?", re.IGNORECASE)
_SUMMARY = re.compile(r"Summary\s*:?\s*(?P<words>.*)")
_SIGN_OFF = re.compile(
    r"(Back to top|(Investigator|Ombudsm[ae]n|Assessor)['’]?s?['’]? (final )?decision on behalf of"
    r" the Ombudsm[ae]n)\W*",
    re.IGNORECASE,
)
_END = re.compile(r"(Print this page|LGO logogram|Review your privacy settings)\W*", re.IGNORECASE)
_HEADER_LINES = 60
"""A cookie notice can stand above the header, but not a whole decision."""

_SUMMARY_ALONE = 5
"""Where all other header lines are lost, a summary counts as one this near to the top."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def take_apart(lines: Sequence[Line]) -> Page:
    """Tell a page's header and furniture from the lines of its decision.

    The body begins after the summary, or, where there is none, after the last header line. It ends
    at the first line of the website's foot.
    """
    header, above, begin = _read_header(lines)
    body: list[Line] = []
    furniture = list(above)
    ended = False
    for line in lines[begin:]:
        ended = ended or _END.fullmatch(line.words) is not None
        (furniture if ended or _SIGN_OFF.fullmatch(line.words) else body).append(line)
    return Page(header=header, body=tuple(body), furniture=tuple(furniture))


def _read_header(lines: Sequence[Line]) -> tuple[Header, list[Line], int]:
    """The header, the furniture above it, and where the body begins."""
    fields: dict[str, str] = {}
    title: re.Match[str] | None = None
    summary: str | None = None
    above: list[Line] = []
    begin = 0
    for i, line in enumerate(lines[:_HEADER_LINES]):
        words = line.words
        if line.mark is not Mark.NONE and begin:
            break
        if not title and (match := _TITLE.fullmatch(words)):
            title, begin = match, i + 1
        elif match := _FIELD.fullmatch(words):
            fields.setdefault(match["name"], match["value"])
            begin = i + 1
        elif _OPENING.fullmatch(words):
            begin = i + 1
        elif (begin or i < _SUMMARY_ALONE) and (match := _SUMMARY.fullmatch(words)):
            following = "" if match["words"] else "".join(n.words for n in lines[i + 1 : i + 2])
            summary = match["words"] or following or None
            begin = i + (2 if following else 1)
            break
        elif not begin:
            above.append(line)
    decided = fields.get("Decision date")
    header = Header(
        title=title[0] if title else None,
        bodies=(title["body"],) if title else (),
        reference=title["reference"] if title else None,
        category=_split_category(fields.get("Category")),
        outcome_text=fields.get("Decision"),
        decided=read_date(decided) if decided else None,
        summary=summary,
    )
    return header, above if begin else [], begin


def read_date(text: str) -> date | None:
    """A date as the publisher writes it, or None: nothing is guessed.

    >>> read_date("25 Nov 2019")
    datetime.date(2019, 11, 25)
    >>> read_date("Autumn 2019")
    """
    match = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})", text.strip())
    if not match or match[2].lower() not in _MONTHS:
        return None
    try:
        return date(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    except ValueError:
        return None


def outcome_of(text: str | None) -> Outcome:
    """The publisher's words for an outcome in our vocabulary."""
    return OUTCOMES.get((text or "").strip().lower(), Outcome.UNKNOWN)


def _split_category(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(">") if part.strip()) if text else ()
