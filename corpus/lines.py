"""Lines: a saved page's text, line by line, with list marks told from words."""

import re
from codecs import BOM_UTF8
from enum import StrEnum

from msgspec import Struct


class Unreadable(ValueError):
    """The bytes hold no text."""


class Mark(StrEnum):
    """What stands before a line's words."""

    NONE = "none"
    NUMBER = "number"
    LETTER = "letter"
    BULLET = "bullet"
    HYPHEN = "hyphen"


class Line(Struct, frozen=True, kw_only=True):
    """One non-blank line.

    Attributes:
        words: Its words, white space collapsed, without the mark.
        mark: The list mark before them.
        printed: The number shown, where the mark is a number.
        indent: Columns before the mark or the words.
        start: Offset of its first character in the decoded text.
        end: Offset after its last character.
    """

    words: str
    mark: Mark
    printed: int | None
    indent: int
    start: int
    end: int


_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
# The groups bear the names of the marks.
_MARK = re.compile(
    r"""([ \t\u00a0]*)
        (?: (?P<number>\d{1,3})[.)][ \t\u00a0]+
          | (?P<letter>\(?(?:[a-z]|[ivx]{1,4})\))[ \t\u00a0]+
          | (?P<bullet>[•◦▪●‣∙])[ \t\u00a0]*
          | (?P<hyphen>[-\u2013])[ \t\u00a0]+ )?""",
    re.VERBOSE,
)
_MARKS: dict[str | None, Mark] = {None: Mark.NONE, **{mark.value: mark for mark in Mark}}

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
"""Control characters other than white space, and what stands for bytes without a meaning."""


def decode(content: bytes) -> str:
    """The text of a saved page, in UTF-8, UTF-16 (with its mark) or Windows-1252.

    Raises:
        Unreadable: The file is empty or binary.
    """
    if not content.strip():
        raise Unreadable("the file is empty")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in content:
        raise Unreadable("the file is binary, not text")
    else:
        encoding = "utf-8"
        content = content.removeprefix(BOM_UTF8)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Every byte but five has a meaning in Windows-1252, so too many control
        # characters are the only sign that it was no text at all.
        text = content.decode("cp1252", errors="replace")
    if len(_CONTROL.findall(text, 0, 4096)) > 8:
        raise Unreadable("the file is binary, not text")
    return text


def lines_of(text: str) -> list[Line]:
    """The non-blank lines of a text, in order."""
    found: list[Line] = []
    for raw in _LINE.finditer(text):
        line = raw[0]
        if line.isspace():
            continue
        mark, printed, indent = Mark.NONE, None, 0
        words = line
        # Every line begins with the pattern, though perhaps with nothing of it.
        if (begin := _MARK.match(line)) and (after := line[begin.end() :].strip()):
            words = after
            mark = _MARKS[begin.lastgroup]
            printed = int(begin["number"]) if mark is Mark.NUMBER else None
            indent = len(begin[1].expandtabs(4))
        found.append(
            Line(
                words=collapse(words),
                mark=mark,
                printed=printed,
                indent=indent,
                start=raw.start(),
                end=raw.end(),
            )
        )
    return found


def collapse(text: str) -> str:
    r"""The text with each run of white space, no-break spaces included, made one space.

    >>> collapse(" one\u00a0 two ")
    'one two'
    """
    # White space other than the plain space does not count as printable.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.split())
