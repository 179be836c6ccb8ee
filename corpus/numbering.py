"""Numbering: lines made into sections of paragraphs, counted through the whole decision.

Saved pages lose the numbers in three ways: they restart in each section, they become hyphens, or
they are gone. The count is made anew, and list items are told from paragraphs by indent, mark, an
opening line that ends with a colon, lower-case starts and joining words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from corpus.headings import KnownHeading, Stage, known_heading, looks_like_heading
from corpus.lines import Line, Mark
from corpus.model import LineKind, Numbering

_JOINING = (":", ";", ",", " and", " or", "; and,", "; or,")
# Words with which a new paragraph opens far more often than a capitalised list item does.
_PARAGRAPH_OPENERS = frozenset(
    (
        "a after all although and another any as at because before both but by councils during "
        "each every following for from having he her his however i if in it later mr mrs ms "
        "miss dr mx my no on once our section she since so some that the their there these they "
        "this those to under until was we when where whether while with"
    ).split()
)


_CLOSING = (Stage.REMEDY, Stage.DECISION)
_BEFORE_FOUND = (Stage.COMPLAINT, Stage.POWERS, Stage.SCOPE, Stage.METHOD)

_FEW = 3
"""With fewer marked paragraphs than this, the marks were lost."""


@dataclass(slots=True)
class Draft:
    """A paragraph in the making: its number, text and items, before role and voice are judged."""

    number: int
    text: str
    items: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Text and items, a line each, as the finished paragraph has them."""
        return "\n".join((self.text, *self.items)) if self.items else self.text

    @property
    def last(self) -> str:
        """The block that came last."""
        return self.items[-1] if self.items else self.text

    @property
    def opens_list(self) -> bool:
        """Whether items may follow."""
        return self.text.endswith(":") or bool(self.items)


@dataclass(slots=True)
class Part:
    """A section in the making: its headings, the stage they open, and its paragraphs.

    `told_at` is how many headings down its path the one stands that told the stage: None for its
    own, 0 for one that is not in the path, of a section before it.
    """

    heading_path: tuple[str, ...]
    stage: Stage | None
    paragraphs: list[Draft] = field(default_factory=list)
    told_at: int | None = None


def number_paragraphs(
    body: Sequence[Line],
) -> tuple[list[Part], Numbering, list[tuple[LineKind, int | None]]]:
    """Sections with their paragraphs in a running count, and where the numbers come from.

    The third is what became of each line: its kind, and its paragraph's number if it has one.
    """
    # Bullets mark items only; where nothing else is marked, each plain line is a paragraph.
    marked = sum(line.mark in (Mark.NUMBER, Mark.HYPHEN) for line in body)
    reader = _Reader(body, bare=marked < _FEW)
    became: list[tuple[LineKind, int | None]] = []
    for i, line in enumerate(body):
        if reader.is_heading(i):
            reader.open_section(i)
            became.append((LineKind.HEADING, None))
        elif reader.is_item(line):
            reader.drafts[-1].items.append(line.words)
            became.append((LineKind.ITEM, reader.drafts[-1].number))
        else:
            reader.open_paragraph(line)
            became.append((LineKind.PARAGRAPH, reader.drafts[-1].number))
    return reader.parts, reader.numbering(), became


class _Reader:
    """Goes through the lines once and remembers what is needed to place the next one."""

    def __init__(self, body: Sequence[Line], *, bare: bool) -> None:
        self._body = body
        self._bare = bare
        numbers = [line.indent for line in body if line.mark is Mark.NUMBER]
        self._base = min(numbers, default=0)
        self._shown: int | None = None
        self._unmarked = False
        self._printed_right = True
        self.parts: list[Part] = [Part((), None)]
        self.drafts: list[Draft] = []

    def is_heading(self, i: int) -> bool:
        line = self._body[i]
        if line.mark is not Mark.NONE or not looks_like_heading(line.words):
            return False
        # A colon and then a lower-case line: that opens a list, whatever its words.
        below = self._body[i + 1].words if i + 1 < len(self._body) else ""
        return not (line.words.endswith(":") and below[:1].islower())

    def open_section(self, i: int) -> None:
        words = self._body[i].words
        above = self.parts[-1]
        follows_heading = i > 0 and self.is_heading(i - 1)
        leads_heading = i + 1 < len(self._body) and self.is_heading(i + 1)
        known = self._known(i)
        path = above.heading_path
        if known and self._is_own_part(known, path) and not (follows_heading and len(path) > 1):
            depth = 1
        elif follows_heading:
            depth = len(path) + 1
        elif known or leads_heading:
            depth = 2
        else:
            depth = max(2, len(path)) if path else 1
        depth = min(depth, len(path) + 1)
        stage = known.stage if known else above.stage
        told_at = None
        if not known:
            above_told = len(path) if above.told_at is None else above.told_at
            told_at = above_told if above_told < depth else 0
        part = Part((*path[: depth - 1], words), stage, told_at=told_at)
        if above.paragraphs:
            self.parts.append(part)
        else:
            self.parts[-1] = part
        self._shown = None

    def _known(self, i: int) -> KnownHeading | None:
        """The recurring heading that a line is; a decision's own parts come but once."""
        known = known_heading(self._body[i].words)
        if known is None or known.depth > 1:
            return known
        if known.early and self._closes_later(i):
            return replace(known, stage=known.early)
        if self._has_told(known.stage):
            return replace(known, depth=2, stage=known.again) if known.again else None
        return known

    def _has_told(self, stage: Stage) -> bool:
        """Whether a heading has told this stage, and a paragraph has come below it."""
        return any(p.stage is stage and p.told_at != 0 for p in self.parts if p.paragraphs)

    def _closes_later(self, i: int) -> bool:
        """Whether a remedy or the decision is still to come after a line."""
        later = (
            known_heading(self._body[j].words)
            for j in range(i + 1, len(self._body))
            if self.is_heading(j)
        )
        return any(known and known.stage in _CLOSING for known in later)

    def _is_own_part(self, known: KnownHeading, path: Sequence[str]) -> bool:
        """Whether a heading opens one of the decision's own parts, and none below another.

        Law, events and analysis lie below "What I found", but not below what stands before it.
        """
        if known.depth == 1:
            return True
        above = known_heading(path[0]) if path else None
        return above is not None and above.stage in _BEFORE_FOUND

    def is_item(self, line: Line) -> bool:
        """Whether a line that is no heading belongs to the paragraph above it."""
        if not self.parts[-1].paragraphs:
            return False
        above = self.drafts[-1]
        lower = line.words[0].islower()
        joined = above.opens_list and above.last.endswith(_JOINING)
        if line.mark in (Mark.BULLET, Mark.LETTER):
            return True
        if line.mark is Mark.NUMBER:
            if line.indent >= self._base + 3:
                return True
            resumes = self._shown is not None and line.printed == self._shown + 1
            return lower or (joined and not resumes)
        if line.mark is Mark.HYPHEN:
            return lower or joined or self._continues_capitals(line, above)
        if line.words.startswith("("):
            return True
        return lower or joined or not self._bare

    def open_paragraph(self, line: Line) -> None:
        draft = Draft(len(self.drafts) + 1, line.words)
        self._unmarked = self._unmarked or line.mark is Mark.NONE
        self._printed_right = self._printed_right and line.printed == draft.number
        self._shown = line.printed
        self.drafts.append(draft)
        self.parts[-1].paragraphs.append(draft)

    def numbering(self) -> Numbering:
        if self._unmarked or not self.drafts:
            return Numbering.NONE
        return Numbering.PRINTED if self._printed_right else Numbering.CONTINUED

    @staticmethod
    def _continues_capitals(line: Line, above: Draft) -> bool:
        """Whether a hyphen's capitalised words go on with a list whose items are capitalised."""
        if not above.items or not above.items[0][0].isupper():
            return False
        return line.words.split()[0].lower().strip("’'") not in _PARAGRAPH_OPENERS
