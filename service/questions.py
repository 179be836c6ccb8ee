"""Questions: what may be asked, and how a follow-up is made to stand alone."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from index.tables import Filters

MAX_QUESTION = 2000
"""Characters. A parent's whole story fits; a pasted letter does not."""

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
    content: Annotated[str, Meta(max_length=8000)]


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
    r"^(and|but|so|or|then|also|why|why not|how so|what about|how about|which|when was that|ok)\b"
    r"|\b(it|its|they|them|their|that|this|those|these|there|he|him|his|she|her|hers|one|ones"
    r"|another|the (council|mother|father|parent|child|case|decision|complaint))\b",
    re.IGNORECASE,
)
_LONG_ENOUGH = 25
"""Words. A message of this length tells its own story."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leans on put before it.

    A short question that opens with "and" or "what about", or that has a pronoun or a bare "the
    council" in it, leans on what the user asked before; those words are put in front. Only the
    user's own words are carried over, never an answer's.
    """
    before = [
        " ".join(t.content.split()) for t in history if t.role == "user" and t.content.strip()
    ]
    if not before or len(question.split()) >= _LONG_ENOUGH or not _LEANS.search(question):
        return question
    carried = before[-1]
    if len(before) > 1 and _LEANS.search(carried) and len(carried.split()) < _LONG_ENOUGH:
        carried = f"{before[-2]} {carried}"
    return f"{carried} {question}"[-MAX_QUESTION:]
