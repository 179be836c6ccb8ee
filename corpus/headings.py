"""Headings: which stage of a decision each opens, and how deep it lies."""

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


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
        examples: Headings that it must fit.
    """

    pattern: str
    depth: int
    stage: Stage
    examples: tuple[str, ...]

    def fits(self, heading: str) -> bool:
        """Whether this is that heading."""
        plain = heading.replace("’", "'").strip(" :").lower()
        return re.fullmatch(self.pattern, plain) is not None


@cache
def known_headings() -> tuple[KnownHeading, ...]:
    """Every recurring heading, in the order in which they are tried."""
    table = msgspec.toml.decode(
        files("corpus").joinpath("headings.toml").read_bytes(),
        type=dict[str, tuple[KnownHeading, ...]],
    )
    return table["heading"]


@cache
def known_heading(heading: str) -> KnownHeading | None:
    """The recurring heading that this is, or None."""
    return next((known for known in known_headings() if known.fits(heading)), None)


def looks_like_heading(words: str) -> bool:
    """Whether an unmarked line has the form of a heading: short, capitalised, no sentence's end."""
    return (
        len(words) <= 140
        and len(words.split()) <= 18
        and not words.endswith((".", ";", ",", ")."))
        and not words.startswith("(")
        and (words[0].isupper() or words[0].isdigit() or words[0] in "‘“\"'")
        and (not words.endswith(":") or known_heading(words) is not None)
    )
