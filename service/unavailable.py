"""Unavailable: why no question is answered just now, each told in its own words."""

from typing import ClassVar


class Unavailable(RuntimeError):
    """No question is answered just now; the message is for who asks.

    Attributes:
        title: Which of the reasons it is.
        retry_after: Seconds after which it makes sense to ask again.
    """

    title: ClassVar[str] = "Unavailable"
    retry_after: ClassVar[int] = 2


class Overloaded(Unavailable):
    """More questions are waiting than may wait."""

    title = "Busy"


class TookTooLong(Unavailable):
    """A question was not answered in time."""

    title = "Took too long"


class NotReady(Unavailable):
    """No question can be answered from here now."""

    title = "Not ready"


class SwitchedOff(Unavailable):
    """Answering is turned off."""

    title = "Switched off"
    retry_after = 300
