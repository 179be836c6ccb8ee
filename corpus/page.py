"""Page: a saved page's lines taken apart into header, summary, body and furniture."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from corpus.headings import known_heading
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
    """A page taken apart; every line is in one of the three.

    Attributes:
        header: What stands above the text.
        header_lines: The lines that say so.
        body: The lines of headings and paragraphs.
        furniture: The lines that belong to the website: links, sign-off, cookie notice.
    """

    header: Header
    header_lines: tuple[Line, ...]
    body: tuple[Line, ...]
    furniture: tuple[Line, ...]


OUTCOMES = {
    "upheld": Outcome.UPHELD,
    "partly upheld": Outcome.UPHELD,
    "not upheld": Outcome.NOT_UPHELD,
    "closed after initial enquiries": Outcome.NOT_INVESTIGATED,
}
"""The publishers' outcomes, in lower case, in our vocabulary. Upheld in part is upheld."""

REFERENCE = r"(?P<reference>\d{2}[ -]?\d{3}[ -]?\d{3}[A-Za-z]?)"
"""A case reference as it stands in a title, in any spelling."""

_TITLE = re.compile(rf"(?P<body>\S.*?)\s*\({REFERENCE}\)")
_BARE_REFERENCE = re.compile(rf"\(?{REFERENCE}\)?")
_FIELD = re.compile(r"(?P<name>Category|Decision date|Decision)\s*:\s*(?P<value>.*)")
_OPENING = re.compile(r"The Ombudsm[ae]n['’]?s?['’]? final decision\s*:?", re.IGNORECASE)
_SUMMARY = re.compile(r"Summary\s*:?\s*(?P<words>.*)")
_SIGN_OFF = re.compile(
    r"(Back to top|(Investigator|Ombudsm[ae]n|Assessor)['’]?s?['’]? (final )?decision on behalf of"
    r" the Ombudsm[ae]n)\W*",
    re.IGNORECASE,
)
_END = re.compile(r"(Print this page|LGO logogram|Review your privacy settings)\W*", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(council|borough|trust|authority|board|nhs|limited|ltd|plc|llp|school|academy|college|city"
    r"|university|group|ccg|icb|service|homes?|care|transport|association|partnership|county)\b",
    re.IGNORECASE,
)
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
    header, header_lines, begin = _read_header(lines)
    body: list[Line] = []
    furniture = [line for line in lines[:begin] if line not in header_lines]
    ended = False
    for line in lines[begin:]:
        ended = ended or _END.fullmatch(line.words) is not None
        (furniture if ended or _SIGN_OFF.fullmatch(line.words) else body).append(line)
    return Page(
        header=header,
        header_lines=tuple(header_lines),
        body=tuple(body),
        furniture=tuple(furniture),
    )


def _read_header(lines: Sequence[Line]) -> tuple[Header, list[Line], int]:
    """The header, its lines, and where the body begins."""
    fields: dict[str, str] = {}
    title: tuple[str, str] | None = None
    summary: str | None = None
    used: list[Line] = []
    for i, line in enumerate(lines[:_HEADER_LINES]):
        words = line.words
        if _is_in_contents(lines, i):
            used.append(line)
        elif line.mark is not Mark.NONE and used:
            break
        elif title is None and (found := _read_title(lines, i)):
            title = found
            body_above = bool(found[0]) and not _TITLE.fullmatch(words)
            used.extend(lines[i - 1 : i + 1] if body_above else [line])
        elif match := _FIELD.fullmatch(words):
            below = "" if match["value"] else "".join(n.words for n in lines[i + 1 : i + 2])
            fields.setdefault(match["name"], match["value"] or below)
            used.extend(lines[i : i + (2 if below else 1)])
        elif _OPENING.fullmatch(words):
            used.append(line)
        elif (used or i < _SUMMARY_ALONE) and (match := _SUMMARY.fullmatch(words)):
            following = "" if match["words"] else "".join(n.words for n in lines[i + 1 : i + 2])
            summary = match["words"] or following or None
            used.extend(lines[i : i + (2 if following else 1)])
            break
    body, reference = title or ("", None)
    decided = fields.get("Decision date")
    header = Header(
        title=f"{body} ({reference})".strip() if title else None,
        bodies=split_bodies(body),
        reference=reference,
        category=_split_category(fields.get("Category")),
        outcome_text=fields.get("Decision"),
        decided=read_date(decided) if decided else None,
        summary=summary,
    )
    begin = max((lines.index(line) for line in used), default=-1) + 1
    return header, used, begin


def _is_in_contents(lines: Sequence[Line], i: int) -> bool:
    """Whether a line is one of a list of the headings that are to come: it comes again."""
    words = lines[i].words
    return known_heading(words) is not None and any(
        later.mark is Mark.NONE and later.words == words for later in lines[i + 1 :]
    )


def _read_title(lines: Sequence[Line], i: int) -> tuple[str, str] | None:
    """Body and reference of a title line; the body is "" where the reference stands alone.

    A reference on a line of its own takes the line above it for its body where that names an
    organisation.
    """
    words = lines[i].words
    if match := _TITLE.fullmatch(words):
        return match["body"], match["reference"]
    if match := _BARE_REFERENCE.fullmatch(words):
        above = lines[i - 1].words if i else ""
        named = _ORGANISATION.search(above) and not above.endswith(".")
        return (above if named else ""), match["reference"]
    return None


def split_bodies(text: str) -> tuple[str, ...]:
    """The bodies of a joint decision, each by its own name.

    >>> split_bodies("Madeup County Council & Imaginary NHS Trust")
    ('Madeup County Council', 'Imaginary NHS Trust')
    >>> split_bodies("Here & There Council")
    ('Here & There Council',)
    """
    for separator in (r"\s*;\s*", r"\s+&\s+", r"\s+and\s+", r",\s+"):
        parts = re.split(separator, text)
        if len(parts) > 1 and all(_ORGANISATION.search(part) for part in parts):
            return tuple(parts)
    return (text,) if text else ()


def read_date(text: str) -> date | None:
    """A date as a publisher writes it, or in ISO form, or None: nothing is guessed.

    >>> read_date("25 Nov 2019")
    datetime.date(2019, 11, 25)
    >>> read_date("2026-01-20")
    datetime.date(2026, 1, 20)
    >>> read_date("Autumn 2019")
    """
    match = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})", text.strip())
    try:
        if not match or match[2].lower() not in _MONTHS:
            return date.fromisoformat(text.strip())
        return date(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    except ValueError:
        return None


def outcome_of(text: str | None) -> Outcome:
    """The publisher's words for an outcome in our vocabulary.

    Where each part of a complaint has an outcome of its own, the decision is upheld if any part
    is, and not investigated only if no part was.

    >>> outcome_of("Not upheld; Partly upheld").value
    'upheld'
    """
    parts = outcome_parts(text)
    order = (Outcome.UPHELD, Outcome.NOT_UPHELD, Outcome.NOT_INVESTIGATED)
    return next((outcome for outcome in order if outcome in parts), Outcome.UNKNOWN)


def outcome_parts(text: str | None) -> tuple[Outcome, ...]:
    """The outcome of each part of a complaint, in the order of the publisher's words."""
    named = (text or "").split(";")
    return tuple(OUTCOMES.get(part.strip().lower(), Outcome.UNKNOWN) for part in named)


def _split_category(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(">") if part.strip()) if text else ()
