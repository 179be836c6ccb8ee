"""Query values: any number of values for one mark of a query."""

from collections.abc import Sequence

import msgspec

VALUES = "(SELECT value FROM json_each(?))"
"""Without any value, an index is looked into all the same, and not gone through."""


def values(some: Sequence[object]) -> str:
    """What the mark of `VALUES` stands for: texts or numbers.

    >>> values(["lgsco/18-019-617"])
    '["lgsco/18-019-617"]'
    """
    return msgspec.json.encode(some).decode()
