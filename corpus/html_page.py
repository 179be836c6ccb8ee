"""HTML page: a saved page of a publisher's website made into lines, list by list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.lines import Line, Mark, Unreadable, collapse
from corpus.page import REFERENCE

_BLOCKS = frozenset(
    (
        "address article aside blockquote body caption center dd details div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre "
        "section summary table tbody td tfoot th thead tr ul"
    ).split()
)
_SKIPPED = frozenset(
    (
        "audio button canvas head iframe input link meta nav noscript object option script select "
        "style svg template textarea title video"
    ).split()
)


_HEAD_OF_TITLE = re.compile(rf"\s*[^|]{{3,200}}?\({REFERENCE}\)")


@dataclass(slots=True)
class _List:
    """A list that is open: whether it counts, and how far."""

    counts: bool
    at: int


@dataclass(slots=True)
class _Writer:
    """Gathers words into blocks, and remembers which list they stand in."""

    lines: list[Line] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    fresh: bool = False
    offset: int = 0

    def flush(self) -> None:
        """End the block that is being gathered, and make a line of it."""
        words = collapse("".join(self.words))
        self.words.clear()
        if not words:
            return
        mark, printed = Mark.NONE, None
        if self.lists:
            # A further block of an item belongs to it, like an item of its own.
            counts = self.lists[-1].counts and self.fresh
            mark = Mark.NUMBER if counts else Mark.BULLET
            printed = self.lists[-1].at if counts else None
        self.fresh = False
        self.lines.append(
            Line(
                words=words,
                mark=mark,
                printed=printed,
                indent=4 * len(self.lists),
                start=self.offset,
                end=self.offset + len(words),
            )
        )
        self.offset += len(words) + 1


def html_lines(content: bytes) -> tuple[str, list[Line]]:
    """A page's text, a block a line, and its lines with their marks as the lists have them.

    Only the part that holds the decision is taken: ``article``, or ``main``, or the whole body.
    Entities of the document's own are not expanded, nothing is fetched, and what is nested deeper
    than 256 elements is left out.

    Raises:
        Unreadable: There is no HTML in it.
    """
    parser = etree.HTMLParser(
        encoding=_encoding(content),
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        raise Unreadable("the file holds no HTML that can be read") from error
    if root is None:
        raise Unreadable("the file holds no HTML that can be read")
    writer = _Writer()
    part = _part(root)
    for title in _titles_outside(root, part):
        writer.words.append(title)
        writer.flush()
    _write(part, writer)
    text = "\n".join(line.words for line in writer.lines)
    return text, writer.lines


def _encoding(content: bytes) -> str | None:
    """UTF-8 or UTF-16 where it is sure; else None, and the page's own declaration holds."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None if b"charset" in content[:2048].lower() else "cp1252"
    return "utf-8"


def _part(root: etree._Element) -> etree._Element:
    """The element that holds the decision."""
    for tag in ("article", "main", "body"):
        for found in root.iter(tag):
            if any(True for _ in found.iter("p", "li")):
                return found
    return root


def _titles_outside(root: etree._Element, part: etree._Element) -> Iterator[str]:
    """The page's heading, or else the head of its title, where the part itself has no heading."""
    if any(True for _ in part.iter("h1")):
        return
    for heading in root.iter("h1"):
        yield " ".join(map(str, heading.itertext()))
        return
    for title in root.iter("title"):
        if match := _HEAD_OF_TITLE.match(title.text or ""):
            yield match[0]
        return


def _write(part: etree._Element, writer: _Writer) -> None:
    """Walk a part of the page in order of the document."""
    walk = etree.iterwalk(part, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _SKIPPED:
                walk.skip_subtree()
                continue
            _open(tag, element, writer)
            writer.words.append(element.text or "")
        else:
            if tag not in _SKIPPED:
                _close(tag, element, writer)
            if element is not part:
                writer.words.append(element.tail or "")
    writer.flush()


def _open(tag: str, element: etree._Element, writer: _Writer) -> None:
    if tag == "br":
        writer.words.append(" ")
        return
    if tag not in _BLOCKS or _is_value(element):
        return
    writer.flush()
    if tag in ("ol", "ul"):
        start = element.get("start", "1")
        at = int(start) - 1 if tag == "ol" and start.isdecimal() and len(start) < 6 else 0
        writer.lists.append(_List(counts=tag == "ol", at=at))
    elif tag == "li" and writer.lists:
        value = element.get("value", "")
        at = writer.lists[-1].at + 1
        writer.lists[-1].at = int(value) if value.isdecimal() and len(value) < 6 else at
        writer.fresh = True


def _close(tag: str, element: etree._Element, writer: _Writer) -> None:
    if tag not in _BLOCKS or _is_label(element):
        return
    writer.flush()
    if tag in ("ol", "ul") and writer.lists:
        writer.lists.pop()
        writer.fresh = False


def _is_label(element: etree._Element) -> bool:
    """Whether this is a label such as "Decision :", whose value is in the next element."""
    return "label" in element.get("class", "").lower().split()


def _is_value(element: etree._Element) -> bool:
    """Whether this is the value of the label before it; the two make one line."""
    return "value" in element.get("class", "").lower().split()
