"""Progress: what a build tells of how far it has come."""

from collections.abc import Callable

from msgspec import Struct


class Step(Struct, frozen=True, kw_only=True):
    """How far a build has come.

    Attributes:
        stage: What it is at, for a person.
        done: How many files or decisions of this stage are done.
        total: How many there are; None where that is not known.
        encoded: Texts that were encoded so far.
    """

    stage: str
    done: int
    total: int | None
    encoded: int = 0


Progress = Callable[[Step], None]
"""Told how far a build has come."""


def silently(_step: Step) -> None:
    """Show no progress."""
