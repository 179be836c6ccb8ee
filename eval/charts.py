"""Charts: what is drawn of a run, each with its figures and with words for who cannot see it."""

import re
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from lxml import etree
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from msgspec import Struct
from scipy.stats import binomtest

from eval.gold import GoldQuestion
from eval.runner import Asked
from eval.runs import Run

# Colours that stand for the page's own, which differ between light, dark and print.
_INK, _QUIET, _FIRST, _SECOND, _PAPER = "#0000a1", "#0000a2", "#0000a3", "#0000a4", "#0000a5"
_NAMES = {_INK: "ink", _QUIET: "line", _FIRST: "accent", _SECOND: "second", _PAPER: "paper"}
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": _FIRST},
    {"color": _PAPER, "edgecolor": _SECOND, "hatch": "///"},
)
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "upheld",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "hatch.color": _SECOND,
    "legend.frameon": False,
}
_WIDTH, _HEIGHT = 5.0, 3.2
_RANKS = (("1", 1), ("2", 2), ("3", 3), ("4–5", 5), ("6–10", 10))
_NOT_FOUND = "not found"
_BINS = 8
_FEWEST_IN_A_BIN = 5
_BARS = 12


class Chart(Struct, frozen=True, kw_only=True):
    """A drawing that needs no file, script or font besides.

    Attributes:
        title: What it is of.
        svg: The drawing; its colours are the page's.
        told: The same in words.
        heads: What its figures are, one a column.
        rows: Its figures; the first cell of a row names it.
    """

    title: str
    svg: Markup
    told: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Bin(Struct, frozen=True, kw_only=True):
    """Questions of like confidence.

    Attributes:
        low: The least confidence among them.
        high: The greatest.
        mean: The mean.
        questions: How many there are.
        right: How many of them were truly right.
    """

    low: float
    high: float
    mean: float
    questions: int
    right: int

    @property
    def share(self) -> float:
        """Of them, the share that was right."""
        return self.right / self.questions

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95% interval (Wilson 1927, without continuity correction)."""
        found = binomtest(self.right, self.questions).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


def first_relevant(question: GoldQuestion, asked: Asked, relevant_from: int) -> int | None:
    """The rank of the first paragraph found whose grade is high enough, from 1."""
    wanted = {r.place for r in question.relevant if r.grade >= relevant_from}
    return next((n for n, f in enumerate(asked.found, start=1) if f.place in wanted), None)


def rank_counts(run: Run) -> dict[str, int]:
    """How many answerable questions have their first relevant paragraph at which rank."""
    counts = dict.fromkeys([*(name for name, _ in _RANKS), "11 on", _NOT_FOUND], 0)
    for question, asked in zip(run.questions, run.asked, strict=True):
        if question.answerable:
            rank = first_relevant(question, asked, run.relevant_from)
            fits = [name for name, last in _RANKS if rank is not None and rank <= last]
            counts[fits[0] if fits else _NOT_FOUND if rank is None else "11 on"] += 1
    return counts


def bins(run: Run) -> tuple[Bin, ...]:
    """All questions by confidence, in bins of about as many; equal confidences share a bin.

    A question is right if its first paragraph has a grade that is high enough; one that nothing
    answers is never right.
    """
    if not run.asked:
        return ()
    confidence = np.array([a.confidence for a in run.asked], dtype=np.float64)
    right = np.array(
        [
            q.answerable and first_relevant(q, a, run.relevant_from) == 1
            for q, a in zip(run.questions, run.asked, strict=True)
        ],
        dtype=np.bool_,
    )
    wanted = min(_BINS, max(1, len(confidence) // _FEWEST_IN_A_BIN))
    inner = np.unique(np.quantile(confidence, np.linspace(0, 1, wanted + 1)[1:-1]))
    number = np.searchsorted(inner, confidence, side="right")
    return tuple(
        Bin(
            low=float(confidence[inside].min()),
            high=float(confidence[inside].max()),
            mean=float(confidence[inside].mean()),
            questions=int(inside.sum()),
            right=int(right[inside].sum()),
        )
        for n in range(len(inner) + 1)
        if (inside := number == n).any()
    )


def rank_chart(run: Run, before: Run | None) -> Chart:
    """At which rank the first relevant paragraph stands."""
    series = [("This run", rank_counts(run))]
    if before:
        series.append(("Before", rank_counts(before)))
    counted = [counts for _, counts in series]
    names = [n for n in counted[0] if n != "11 on" or any(counts[n] for counts in counted)]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        width = 0.8 / len(series)
        for i, (label, c) in enumerate(series):
            at = [x + (i - (len(series) - 1) / 2) * width for x in range(len(names))]
            bars = axes.bar(at, [c[n] for n in names], width * 0.92, label=label, **_LOOKS[i])
            axes.bar_label(bars, padding=2, fontsize=9)
        axes.set_xticks(range(len(names)), names)
        axes.margins(y=0.12)
        _label(axes, "Rank of the first relevant paragraph", "Questions")
        if len(series) > 1:
            axes.legend()

    told = "; ".join(
        f"{label}: " + ", ".join(f"{c[n]} {n if n == _NOT_FOUND else f'at {n}'}" for n in names)
        for label, c in series
    )
    title = "Where the first relevant paragraph stands"
    return Chart(
        title=title,
        svg=_svg("ranks", f"Bar chart of answerable questions by rank. {told}.", draw),
        told=f"{told}.",
        heads=("Rank", *(label for label, _ in series)),
        rows=tuple((n, *(str(counts[n]) for counts in counted)) for n in names),
    )


def reliability_chart(run: Run) -> Chart:
    """Whether a higher confidence means that more is right."""
    found = bins(run)
    as_shares = all(b.low >= 0 and b.high <= 1 for b in found)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if as_shares:
            axes.plot([0, 1], [0, 1], color=_SECOND, linestyle=(0, (4, 3)), gid="diagonal")
            axes.set_xlim(0, 1)
        for b in found:
            axes.plot([b.mean, b.mean], b.interval, color=_FIRST, linewidth=1)
        axes.plot([b.mean for b in found], [b.share for b in found], "o-", color=_FIRST)
        _label(axes, "Mean confidence of the bin", "Share right")
        axes.set_ylim(-0.03, 1.03)

    told = "; ".join(f"at {b.mean:.2f}: {b.right} of {b.questions} right" for b in found)
    line = (
        "On the broken line, confidence would be the share that is right."
        if as_shares
        else "The confidence is no share, so no line shows what it should be."
    )
    title = "How far the confidence can be trusted"
    return Chart(
        title=title,
        svg=_svg("reliability", f"Share right by mean confidence. {told}.", draw),
        told="Each point is a bin of questions of like confidence, the bar through it the 95% "
        f"interval of its share. {line}",
        heads=("Confidence", "Mean", "Right", "Share right", "95% interval"),
        rows=tuple(
            (
                f"{b.low:.3f} to {b.high:.3f}",
                f"{b.mean:.3f}",
                f"{b.right} of {b.questions}",
                f"{b.share:.3f}",
                "{:.3f} to {:.3f}".format(*b.interval),
            )
            for b in found
        ),
    )


def confidence_chart(run: Run) -> Chart:
    """How the confidence is spread where something answers, and where nothing does."""
    parts = [
        (label, [a.confidence for q, a in zip(run.questions, run.asked, strict=True) if kind(q)])
        for label, kind in (
            ("Answerable", lambda q: q.answerable),
            ("Unanswerable", lambda q: not q.answerable),
        )
    ]
    everything = [c for _, part in parts for c in part] or [0.0]
    edges = MaxNLocator(nbins=_BARS).tick_values(min(everything), max(everything))
    counts = [np.histogram(part, bins=edges)[0] for _, part in parts]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(2, 1, sharex=True, sharey=True)
        for axes, (label, part), look in zip(panels, parts, _LOOKS, strict=True):
            axes.hist(part, bins=edges, rwidth=0.92, **look)
            axes.set_title(f"{label} ({len(part)})", loc="left", fontsize=10)
            _label(axes, "Confidence" if axes is panels[-1] else "", "Questions")

    told = "; ".join(
        f"{label}: {len(part)} questions"
        + (f", median {np.median(part):.2f}, {min(part):.2f} to {max(part):.2f}" if part else "")
        for label, part in parts
    )
    title = "Confidence where something answers, and where nothing does"
    return Chart(
        title=title,
        svg=_svg("confidence", f"Two histograms of confidence. {told}.", draw),
        told=f"{told}.",
        heads=("Confidence", *(label for label, _ in parts)),
        rows=tuple(
            (f"{low:.3f} to {high:.3f}", *(str(column[i]) for column in counts))
            for i, (low, high) in enumerate(pairwise(edges))
        ),
    )


def _label(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=y == "Questions"))


def _svg(name: str, told: str, draw: Callable[[Figure], None]) -> Markup:
    """A drawing to stand in a page; the same each time, whatever the machine's own settings."""
    written = BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
        draw(figure)
        figure.savefig(written, format="svg", metadata={"Date": None}, transparent=True)
    root = etree.fromstring(written.getvalue())
    etree.strip_elements(root, "{*}metadata", "{*}style")
    for size in ("width", "height"):
        root.attrib.pop(size)
    for key, value in (("class", "chart"), ("role", "img"), ("aria-label", told)):
        root.set(key, value)
    return Markup(_own_ids(name, root))  # noqa: S704 - lxml escaped it


def _own_ids(name: str, root: etree._Element) -> str:
    """The drawing with ids that no other drawing of the page has, and none that nothing names."""
    text = etree.tostring(root, encoding="unicode")
    named = set(re.findall(r'(?:url\(|href=")#([^")]+)', text))
    for element in root.iter("*"):
        old = str(element.attrib.pop("id", ""))
        if old in named or old == "diagonal":
            element.set("id", f"{name}-{old}")
    text = etree.tostring(root, encoding="unicode")
    text = re.sub(r'(url\(|href=")#', rf"\1#{name}-", text)
    for colour, variable in _NAMES.items():
        text = text.replace(colour, f"var(--{variable})")
    return text
