"""Headings: which stage of a decision each opens, and how deep it lies."""

import re
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

_REMEMBERED = 4096
"""Headings that are remembered: most recur, but a large collection has no end of others."""


class Stage(StrEnum):
    """The part of a decision that a heading opens."""

    COMPLAINT = "complaint"
    POWERS = "powers"
    SCOPE = "scope"
    METHOD = "method"
    FOUND = "found"
    LAW = "law"
    CHRONOLOGY = "chronology"
    RESPONSE = "response"
    INVESTIGATION = "investigation"
    ANALYSIS = "analysis"
    REMEDY = "remedy"
    DECISION = "decision"


class KnownHeading(Struct, frozen=True, kw_only=True):
    """What ``headings.toml`` says of one recurring heading.

    Attributes:
        pattern: Fits the whole heading, case ignored.
        depth: 1 for the decision's own parts, 2 for those below "What I found".
        stage: What it opens.
        again: What it opens where the decision has had its part of this stage.
        early: What it opens where a remedy or a decision is still to come.
        examples: Headings that it must fit.
    """

    pattern: str
    depth: int
    stage: Stage
    again: Stage | None = None
    early: Stage | None = None
    examples: tuple[str, ...]

    def fits(self, heading: str) -> bool:
        """Whether this is that heading."""
        return re.fullmatch(self.pattern, _plain(heading)) is not None


class Hint(Struct, frozen=True, kw_only=True):
    """What the words of a heading tell of its section, though not how deep it lies.

    Attributes:
        pattern: Fits the whole heading, case ignored.
        stage: What the section is part of.
        unless_in: Stages in which the words mean nothing new.
        examples: Headings that it must fit.
    """

    pattern: str
    stage: Stage
    unless_in: tuple[Stage, ...] = ()
    examples: tuple[str, ...]

    def fits(self, heading: str) -> bool:
        """Whether the hint speaks of this heading."""
        return re.fullmatch(self.pattern, _plain(heading)) is not None


class _Headings(Struct, frozen=True):
    heading: tuple[KnownHeading, ...]
    hint: tuple[Hint, ...]


def _plain(heading: str) -> str:
    return heading.replace("’", "'").strip(" :").lower()


@cache
def _headings() -> _Headings:
    return msgspec.toml.decode(
        files("corpus").joinpath("headings.toml").read_bytes(), type=_Headings
    )


def known_headings() -> tuple[KnownHeading, ...]:
    """Every recurring heading, in the order in which they are tried."""
    return _headings().heading


def hints() -> tuple[Hint, ...]:
    """Every hint, in the order in which they are tried."""
    return _headings().hint


@lru_cache(maxsize=_REMEMBERED)
def known_heading(heading: str) -> KnownHeading | None:
    """The recurring heading that this is, or None."""
    return next((known for known in known_headings() if known.fits(heading)), None)


@lru_cache(maxsize=_REMEMBERED)
def hinted_stage(heading: str, stage: Stage | None) -> Stage | None:
    """What the words of a heading tell of its section that is no part's own heading, or None.

    >>> hinted_stage("January to March 2023", Stage.LAW)
    <Stage.CHRONOLOGY: 'chronology'>
    >>> hinted_stage("January to March 2023", Stage.ANALYSIS) is None
    True
    """
    hint = next((h for h in hints() if h.fits(heading)), None)
    return None if hint is None or stage in hint.unless_in else hint.stage


def looks_like_heading(words: str) -> bool:
    """Whether an unmarked line has the form of a heading: short, capitalised, no sentence's end."""
    return (
        len(words) <= 140
        and not words.endswith((".", ";", ",", ")."))
        and len(words.split()) <= 18
        and not words.startswith("(")
        and (words[0].isupper() or words[0].isdigit() or words[0] in "‘“\"'")
        and (not words.endswith(":") or known_heading(words) is not None)
    )
