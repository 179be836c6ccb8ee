"""Questions: what may be asked, and how a follow-up is made to stand alone."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from index.tables import Filters

MAX_QUESTION = 2000
"""Characters. A parent's whole story fits; a pasted letter does not."""

MAX_TURN = 8000
"""Characters of what was said before."""

MAX_FILTER = 200
"""Characters of a filter in a form or an address; the longest name of a body is well below."""

MAX_K = 20
MAX_HISTORY = 20
DEFAULT_K = 8


class BadQuestion(ValueError):
    """A question that cannot be asked; the message says why and never repeats it."""


class Turn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One turn of a conversation, kept by the client.

    Attributes:
        role: Who spoke.
        content: What was said.
    """

    role: Literal["user", "assistant"]
    content: Annotated[str, Meta(max_length=MAX_TURN)]


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked.

    Attributes:
        question: In plain English.
        history: What was said before, oldest first. The service keeps none of it.
        k: The most matches wanted.
        filters: What to narrow the search to.
    """

    question: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_QUESTION,
            pattern=r"[^\W_]",
            description="In plain English.",
            examples=["can a chair overrule the conference?"],
        ),
    ]
    history: Annotated[tuple[Turn, ...], Meta(max_length=MAX_HISTORY)] = ()
    k: Annotated[int, Meta(ge=1, le=MAX_K)] = DEFAULT_K
    filters: Filters | None = None


def settled(question: str) -> str:
    """The question with its white space collapsed.

    Raises:
        BadQuestion: It is empty, too long, or has no letter or digit.
    """
    words = " ".join(question.split())
    if not words:
        raise BadQuestion("the question is empty: ask something, such as 'can a chair overrule?'")
    if len(words) > MAX_QUESTION:
        raise BadQuestion(
            f"the question has {len(words):,} characters, the most is {MAX_QUESTION:,}: "
            "ask about one thing at a time"
        )
    if not any(c.isalnum() for c in words):
        raise BadQuestion("the question has no words in it")
    return words


_LEANS = re.compile(
    r"^\W*(and|but|so|or|then|also|why|how so|what about|how about|which|ok)\b"
    r"|\b(it|its|they|them|their|that|this|those|these|there|he|him|his|hed|she|her|hers|shed"
    r"|theyd|one|ones|another|the (council|mother|father|parent|child|case|decision|complaint))\b"
    r"|\b(then|though|instead|either|too|the others?)\W*$",
    re.IGNORECASE,
)
_MOST_CARRIED = 1000
"""Characters of one turn that are carried over."""

_TURNS_CARRIED = 4

_LONG_ENOUGH = 13
"""Words. Of the follow-ups that we have, one in ten is as long; of other questions, six in ten."""


class Standalone(Struct, frozen=True):
    """A question with what it leans on.

    Attributes:
        question: As asked.
        carried: What is carried over from before, the latest first.
        before: The questions among it, oldest first.
    """

    question: str
    carried: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The question as it is searched for, for a person to see."""
        if not self.carried:
            return self.question
        return f"{self.question} (carried over: {' – '.join(reversed(self.carried))})"


def standalone(question: str, history: Sequence[Turn]) -> Standalone:
    """A follow-up with what it leans on: the last two exchanges.

    A short question leans that opens with "and" or "what about", that ends on "then", or that has
    a pronoun or a bare "the council" in it. Any other is searched alone, whatever was said before.

    >>> before = (Turn(role="user", content="Who chairs it?"),)
    >>> standalone("and who decides?", before).told
    'and who decides? (carried over: Who chairs it?)'
    >>> standalone("How long may a review take?", before).told
    'How long may a review take?'
    """
    if len(question.split()) >= _LONG_ENOUGH or not _LEANS.search(question):
        return Standalone(question)
    said = [
        (turn.role, words)
        for turn in reversed(history)
        if any(map(str.isalnum, words := " ".join(turn.content.split())[:_MOST_CARRIED]))
    ][:_TURNS_CARRIED]
    return Standalone(
        question,
        carried=tuple(words for _, words in said),
        before=tuple(words for role, words in reversed(said) if role == "user"),
    )
