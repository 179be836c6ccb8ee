"""PDF text: a text PDF of a decision made into lines that end where its paragraphs do."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from msgspec import Struct
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from corpus.lines import Unreadable

MAX_PAGES = 300
"""The longest reports have some hundred pages."""

_WIDER = 1.2
"""A gap this much wider than the usual one parts two blocks."""

_LEADING = 1.8
"""So does one of this many letter sizes, which is more than any line spacing in use."""

_BULLETED = re.compile(r"\s*[•◦▪●\-\u2013]\s")
_NUMBERED = re.compile(r"\s*(\d{1,3}[.)]|\(?[a-z]\)|[ivx]{1,4}\))\s")
_PAGE_NUMBER = re.compile(r"\s*(page )?\d{1,3}( of \d{1,3}|\s*/\s*\d{1,3})?\s*", re.IGNORECASE)


class _Printed(Struct):
    """A printed line: its words, its height on the page and its letters' size, in points."""

    words: str
    height: float
    size: float


def pdf_text(content: bytes) -> str:
    """A PDF's text, a block a line.

    A printed line goes on with the one above unless it has a list mark or the gap between them is
    wider than usual. At the top of a page, it goes on unless the page before ended a sentence.

    Raises:
        Unreadable: It is damaged, locked, too long, or holds pictures of text only.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Unreadable("the PDF is locked with a password")
        if len(reader.pages) > MAX_PAGES:
            raise Unreadable(f"the PDF has more than {MAX_PAGES} pages")
        pages = [_printed(page) for page in reader.pages]
    except Unreadable:
        raise
    # pypdf meets damaged files with whatever its parsing stumbles over.
    except (PyPdfError, ArithmeticError, LookupError, ValueError, TypeError) as error:
        raise Unreadable("the PDF is damaged") from error
    except (AttributeError, RuntimeError, AssertionError, OSError) as error:
        raise Unreadable("the PDF is damaged") from error
    pages = _without_running_heads(pages)
    if not any(pages):
        raise Unreadable("the PDF holds no text, only pictures of it")
    return "\n".join(_blocks(pages))


def _printed(page: PageObject) -> list[_Printed]:
    """The lines of a page in the order in which they were printed."""
    lines: list[_Printed] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if not text.strip():
            if lines and text and abs(lines[-1].height - height) < 1:
                lines[-1].words += text
        elif lines and abs(lines[-1].height - height) < 1:
            lines[-1].words += text
        else:
            lines.append(_Printed(text, height, abs(size * tm[3] * cm[3])))

    page.extract_text(visitor_text=visit)
    return lines


def _without_running_heads(pages: list[list[_Printed]]) -> list[list[_Printed]]:
    """The pages without page numbers, and without lines that recur in one place on most pages."""
    places = Counter(place for lines in pages for place in {_place(line) for line in lines})
    most = max(2, len(pages) // 2)
    return [
        [
            line
            for line in lines
            if places[_place(line)] <= most and not _PAGE_NUMBER.fullmatch(line.words)
        ]
        for lines in pages
    ]


def _place(line: _Printed) -> tuple[str, int]:
    return line.words.strip(), round(line.height)


def _blocks(pages: list[list[_Printed]]) -> Iterator[str]:
    """Printed lines joined into blocks."""
    gaps = [a.height - b.height for lines in pages for a, b in pairwise(lines)]
    usual = median([gap for gap in gaps if gap > 0] or [0.0])
    block = ""
    for lines in pages:
        above: _Printed | None = None
        for line in lines:
            words = " ".join(line.words.split())
            ended = block.endswith((".", ":", ";", "?"))
            if above is None:
                near = not ended
            else:
                gap = above.height - line.height
                near = 0 <= gap <= min(_WIDER * usual, _LEADING * max(line.size, 1.0))
            # "section" above "47. The" is a sentence that was broken, not a paragraph's number.
            fresh = ended or above is None
            opens = _BULLETED.match(line.words) or (_NUMBERED.match(line.words) and fresh)
            goes_on = bool(block) and near and not opens
            if block and not goes_on:
                yield block
                block = ""
            block = f"{block} {words}".strip()
            above = line
    if block:
        yield block
