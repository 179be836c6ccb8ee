"""A check: one thing that the doctor looked at."""

from msgspec import Struct


class Check(Struct, frozen=True):
    """One thing looked at.

    Attributes:
        good: Whether it is as it should be.
        finding: What was seen.
    """

    good: bool
    finding: str
