"""Dates: when the decisions that a question asks for were made."""

import re
from datetime import date

from msgspec import Struct

_YEAR = r"((?:19|20)\d\d)"
_DECISIONS = r"(?:decisions|cases|rulings|findings)"
# Only years that are said of decisions: one by itself may be when something happened, or an Act's.
_SPAN = re.compile(rf"\b{_DECISIONS}(?: \w+)? (?:between|from) {_YEAR} (?:and|to) {_YEAR}\b", re.I)
_ONE = re.compile(
    rf"\b{_DECISIONS}(?: (?!not)\w+)? (in|from|of|since|after|before|until|up to) {_YEAR}\b"
    rf"|\b(?:the|any|your) {_YEAR} (?:decisions?|cases?|rulings?|ones?)\b",
    re.I,
)


class Decided(Struct, frozen=True):
    """Between which days decisions were made, both included; None is without end."""

    first: date | None
    last: date | None


def decided_in(question: str) -> Decided | None:
    """When the decisions were made that a question asks for; None where it does not say.

    >>> decided_in("What do decisions since 2023 say about delay?")
    Decided(first=datetime.date(2023, 1, 1), last=None)
    >>> decided_in("I have waited since 2023, under the Care Act 2014")
    """
    if span := _SPAN.search(question):
        first, last = sorted((int(span[1]), int(span[2])))
        return Decided(date(first, 1, 1), date(last, 12, 31))
    one = _ONE.search(question)
    if not one:
        return None
    how, year = (one[1] or "in").lower(), int(one[2] or one[3])
    if how in {"since", "after"}:
        return Decided(date(year + (how == "after"), 1, 1), None)
    if how in {"before", "until", "up to"}:
        return Decided(None, date(year - (how == "before"), 12, 31))
    return Decided(date(year, 1, 1), date(year, 12, 31))
