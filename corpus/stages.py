"""Stages: where in its decision each paragraph stands, by headings, neighbours and its own words.

A heading that we know tells the stage of its section. Under any other, a paragraph is law, an
account of events, an answer or the analysis by its own words, weighed with what stands around it:
such paragraphs come in runs, and the runs in that order. The most likely course through them all
is found as in a hidden Markov model (Viterbi, 1967).
"""

from collections.abc import Sequence
from operator import add, sub

from msgspec import Struct

from corpus.headings import Stage, hinted_stage
from corpus.numbering import Part
from corpus.parties import Parties
from corpus.signs import KINDS, leaning, manner


class Place(Struct, frozen=True):
    """Where a paragraph stands.

    Attributes:
        stage: What its headings tell, FOUND where they leave it open; None before any heading.
        leans: One of `KINDS`, by everything together; None where the heading alone decides.
    """

    stage: Stage | None
    leans: Stage | None = None


class _Section(Struct, frozen=True):
    """What a section's headings tell: a stage, how much it weighs, and whether words count."""

    part: Part
    stage: Stage | None
    weight: float = 0
    open: bool = False


_BEFORE_FOUND = (Stage.COMPLAINT, Stage.POWERS, Stage.SCOPE, Stage.METHOD)
_WORDS_COUNT = (Stage.LAW, Stage.CHRONOLOGY, Stage.FOUND, None)


def places(parts: Sequence[Part], parties: Parties) -> list[list[Place]]:
    """Where the paragraphs of each part stand."""
    sections = _sections(parts)
    course = iter(_course([s for s in sections if s.open or s.stage in KINDS], parties))
    found: list[list[Place]] = []
    for section in sections:
        inside = section.open or section.stage in KINDS
        leans = next(course) if inside else [None] * len(section.part.paragraphs)
        found.append([_place(section, lean) for lean in leans])
    return found


def _place(section: _Section, lean: Stage | None) -> Place:
    if not section.open:
        return Place(section.stage)
    flat = section.stage in (Stage.FOUND, None)
    return Place(section.stage if flat or lean is section.stage else lean, lean)


def _sections(parts: Sequence[Part]) -> list[_Section]:
    """What the headings of each part tell, going down the decision."""
    weigh = manner()
    found: list[_Section] = []
    analysed = any(part.told_at != 0 and part.stage is Stage.ANALYSIS for part in parts)
    said = {part.heading_path for part in parts if part.paragraphs} | {()}
    for part in parts:
        heading = part.heading_path[-1] if part.heading_path else ""
        own = part.told_at is None
        hint = None if own else hinted_stage(heading, part.stage)
        if own:
            weight = weigh.own
        elif hint:
            weight = weigh.hint
        else:
            weight = weigh.child if part.told_at else weigh.sibling
        stage = hint or part.stage
        # An unknown heading after the text of such a part is more likely a new part than below it.
        if (
            not (own or hint)
            and stage in _BEFORE_FOUND
            and part.heading_path[: part.told_at] in said
        ):
            stage = Stage.FOUND
        # Events with an analysis of its own to come are no more than events.
        settled = stage is Stage.CHRONOLOGY and weight >= weigh.child and analysed
        counts = (stage in _WORDS_COUNT and not settled) or (
            not own
            and stage in KINDS
            and not settled
            and (stage is not Stage.ANALYSIS or weight < weigh.child)
        )
        found.append(_Section(part, stage, weight, counts))
    return found


def _course(sections: Sequence[_Section], parties: Parties) -> list[list[Stage]]:
    """The most likely kind of each paragraph, all sections together."""
    weigh = manner()
    within, between = _costs(weigh.same_section, weigh.onward), _costs(0.0, 0.0)
    best = [0.0] * len(KINDS)
    came_from: list[list[int]] = []
    for section in sections:
        for n, draft in enumerate(section.part.paragraphs):
            here = leaning(parties.plainly(draft.words)) if section.open else [0.0] * len(KINDS)
            if section.stage in KINDS:
                here[KINDS.index(section.stage)] += section.weight
            froms: list[int] = []
            total: list[float] = []
            for costs in within if n else between:
                ways = list(map(sub, best, costs))
                most = max(ways)
                froms.append(ways.index(most))
                total.append(most)
            came_from.append(froms)
            best = list(map(add, total, here))
    if sections and sections[-1].open:
        best[KINDS.index(Stage.ANALYSIS)] += weigh.last
    kind = best.index(max(best))
    course: list[Stage] = []
    for froms in reversed(came_from):
        course.append(KINDS[kind])
        kind = froms[kind]
    forward = iter(reversed(course))
    return [[next(forward) for _ in section.part.paragraphs] for section in sections]


def _costs(change: float, onward: float) -> list[list[float]]:
    """What it costs to come to each kind, the first index, from each: nothing to stay."""
    back = manner().back
    kinds = range(len(KINDS))
    return [
        [0.0 if old == new else change + (onward if old < new else back) for old in kinds]
        for new in kinds
    ]
