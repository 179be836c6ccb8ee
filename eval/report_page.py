"""Report page: one run as a page that needs nothing besides itself, for who looks after Upheld."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from textwrap import shorten

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct

from eval.charts import confidence_chart, first_relevant, rank_chart, reliability_chart
from eval.compare import compare
from eval.gold import GoldQuestion
from eval.metrics import MEASURES, Estimate, RunScores
from eval.runner import Asked
from eval.runs import Run, Shown

_FIRST = 5
_EXCERPT = 240
_WEB = ("https://", "http://")


class Named(Struct, frozen=True, kw_only=True):
    """A paragraph as a failed question names it.

    Attributes:
        anchor: Where in the page the whole of it stands.
        place: File and paragraph number.
        label: Its citation in words.
        about: What is known of it, and what became of it.
        words: How it begins.
    """

    anchor: str
    place: str
    label: str
    about: str
    words: str


class Failure(Struct, frozen=True, kw_only=True):
    """A question that did not go as it should.

    Attributes:
        anchor: Its own in the page.
        gold: What was asked.
        asked: What came of it.
        rank: Of the first relevant paragraph.
        worth: Its nDCG@10, if something answers it.
        worth_before: The same of the run before, if that asked it too.
        found: The first paragraphs found.
        wanted: All that are relevant.
    """

    anchor: str
    gold: GoldQuestion
    asked: Asked
    rank: int | None
    worth: float | None
    worth_before: float | None
    found: tuple[Named, ...]
    wanted: tuple[Named, ...]


class Group(Struct, frozen=True, kw_only=True):
    """Questions that failed alike.

    Attributes:
        title: How, and in which order.
        failures: The questions.
    """

    title: str
    failures: tuple[Failure, ...]


class Entry(Struct, frozen=True, kw_only=True):
    """A paragraph in full.

    Attributes:
        anchor: Its own in the page.
        place: File and paragraph number.
        shown: Its words and what is known of it; None where the decisions do not hold it.
        url: The publisher's page, where it is a web address.
        named_by: The failures that name it.
    """

    anchor: str
    place: str
    shown: Shown | None
    url: str | None
    named_by: tuple[Failure, ...]


class Stage(Struct, frozen=True, kw_only=True):
    """How long one stage of an answer took, in milliseconds.

    Attributes:
        name: Its name.
        median: Half of the questions took less.
        most: 95 in 100 questions took less.
        longest: None took longer.
    """

    name: str
    median: float
    most: float
    longest: float


def report_page(run: Run, before: Run | None = None) -> str:
    """The page as HTML; the same runs give the same page.

    Where a run from before is given, each measure is held against it over the questions that both
    asked.
    """
    scores, old = run.scores, before.scores if before else None
    groups = _groups(run, scores, old)
    environment = Environment(
        loader=PackageLoader("eval"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"signed": _signed, "moment": _moment, "reading": _reading}
    return environment.get_template("report.html").render(
        run=run,
        before=before,
        scores=scores,
        old=old,
        measures=MEASURES,
        first=_FIRST,
        comparison=compare(before, run) if before else None,
        changed=_changed(run, before) if before else 0,
        right=sum(v["success@1"] == 1 for v in scores.per_question.values()),
        turned_away=sum(
            q.answerable and not a.answered for q, a in zip(run.questions, run.asked, strict=True)
        ),
        false_by_kind=_false_by_kind(run),
        stages=_stages(run.asked),
        rank_chart=rank_chart(run, before),
        confidence_charts=(reliability_chart(run), confidence_chart(run)),
        groups=groups,
        entries=_entries(run, [f for group in groups for f in group.failures]),
    )


def _signed(value: float) -> str:
    # A difference that rounds to nothing has no sign.
    told = f"{value:+.3f}"
    return told[1:] if float(told) == 0 else told.replace("-", "−")


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _reading(difference: Estimate) -> str:
    """What may be said of a difference: it is none unless its interval excludes nought."""
    clear = "lower" if difference.high < 0 else "no clear change"
    return "higher" if difference.low > 0 else clear


def _changed(run: Run, before: Run) -> int:
    """How many questions have an id in common with the run before, but not all else."""
    old = {q.id: q for q in before.questions}
    return sum(q.id in old and q != old[q.id] for q in run.questions)


def _false_by_kind(run: Run) -> dict[str, int]:
    """How many unanswerable questions of each kind were answered."""
    counts = dict.fromkeys((q.kind for q in run.questions if not q.answerable), 0)
    for q, a in zip(run.questions, run.asked, strict=True):
        if not q.answerable:
            counts[q.kind] += a.answered
    return counts


def _stages(asked: Sequence[Asked]) -> tuple[Stage, ...]:
    stages = dict.fromkeys(stage for a in asked for stage in a.milliseconds)
    took = {s: [a.milliseconds[s] for a in asked if s in a.milliseconds] for s in stages}
    return tuple(
        Stage(
            name=name,
            median=float(np.median(values)),
            most=float(np.percentile(values, 95)),
            longest=max(values),
        )
        for name, values in took.items()
    )


def _groups(run: Run, scores: RunScores, old: RunScores | None) -> tuple[Group, ...]:
    """The failures: each question once, under what is worst about it."""
    every = list(zip(run.questions, run.asked, strict=True))
    values = scores.per_question
    led = {key for key, of in values.items() if of["success@1"] == 1}
    wrong = [(q, a) for q, a in every if q.answerable and q.id not in led]
    away = [(q, a) for q, a in every if q.id in led and not a.answered]
    false = [(q, a) for q, a in every if not q.answerable and a.answered]
    wrong.sort(key=lambda pair: values[pair[0].id]["nDCG@10"])
    away.sort(key=lambda pair: pair[1].confidence)
    false.sort(key=lambda pair: -pair[1].confidence)
    anchors = {q.id: f"question-{n}" for n, q in enumerate(run.questions, start=1)}
    return tuple(
        Group(
            title=title,
            failures=tuple(_failure(run, q, a, anchors[q.id], scores, old) for q, a in pairs),
        )
        for title, pairs in (
            ("The first paragraph is not relevant, worst nDCG@10 first", wrong),
            ("The first paragraph is relevant, but turned away, least sure first", away),
            ("Nothing answers them, but answered, surest first", false),
        )
    )


def _failure(
    run: Run, q: GoldQuestion, a: Asked, anchor: str, scores: RunScores, old: RunScores | None
) -> Failure:
    grades = {r.place: r.grade for r in q.relevant}
    ranks = {f.place: n for n, f in reversed(list(enumerate(a.found, start=1)))}
    wanted = sorted(
        (r for r in q.relevant if r.grade >= run.relevant_from),
        key=lambda r: (-r.grade, ranks.get(r.place, len(ranks) + 1), r.place),
    )
    return Failure(
        anchor=anchor,
        gold=q,
        asked=a,
        rank=first_relevant(q, a, run.relevant_from),
        worth=scores.per_question.get(q.id, {}).get("nDCG@10"),
        worth_before=old.per_question.get(q.id, {}).get("nDCG@10") if old else None,
        found=tuple(
            _named(
                run,
                f.place,
                f"grade {grades[f.place]}" if f.place in grades else "not graded",
                *(["quoted"] if f.place in a.quoted else []),
            )
            for f in a.found[:_FIRST]
        ),
        wanted=tuple(
            _named(
                run,
                r.place,
                f"grade {r.grade}",
                f"found at rank {ranks[r.place]}" if r.place in ranks else "not found",
            )
            for r in wanted
        ),
    )


def _named(run: Run, place: str, *became: str) -> Named:
    shown = run.paragraphs.get(place)
    known = (shown.role.value, f"word of: {shown.voice.value.replace('_', ' ')}") if shown else ()
    return Named(
        anchor=_anchor(place),
        place=place,
        label=shown.label if shown else place,
        about=", ".join((*known, *became)),
        words=shorten(shown.text, _EXCERPT, placeholder=" …") if shown else "",
    )


def _entries(run: Run, failures: Iterable[Failure]) -> tuple[Entry, ...]:
    """Every paragraph that a failure names, in the order of files and numbers."""
    named: dict[str, dict[str, Failure]] = {}
    for failure in failures:
        for one in (*failure.found, *failure.wanted):
            named.setdefault(one.place, {})[failure.anchor] = failure
    return tuple(
        Entry(
            anchor=_anchor(place),
            place=place,
            shown=(shown := run.paragraphs.get(place)),
            # Anything else, such as "javascript:", must not become a link.
            url=shown.url if shown and (shown.url or "").startswith(_WEB) else None,
            named_by=tuple(named[place].values()),
        )
        for place in sorted(named, key=_order)
    )


def _order(place: str) -> tuple[str, int, str]:
    file, _, number = place.rpartition("#")
    return file, len(number), number


def _anchor(place: str) -> str:
    """An id of letters and digits, whatever a file is called, and the same in every report."""
    return f"paragraph-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
