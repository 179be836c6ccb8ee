"""The form of the ask page: what was typed, what is wrong with it, and the question it asks."""

from datetime import date
from urllib.parse import parse_qs

from msgspec import Struct

from corpus.model import Outcome, Role
from index.tables import Filters
from service.questions import MAX_FILTER, MAX_QUESTION, MAX_TURN, Question, Turn

EARLIER = 2
"""The most earlier exchanges that a form carries; no follow-up leans on more."""

_MOST_FIELDS = 64


class BadForm(ValueError):
    """A body that no form of ours sends."""


class Wrong(Struct, frozen=True, kw_only=True):
    """What is wrong with a field.

    Attributes:
        field: Its name.
        message: What to do about it; holds no word of what was typed.
    """

    field: str
    message: str


class Exchange(Struct, frozen=True, kw_only=True):
    """An earlier question and, in short, what it was answered with."""

    asked: str
    answered: str


class AskedForm(Struct, frozen=True, kw_only=True):
    """What was typed, as it was typed.

    Attributes:
        question: In plain English.
        authority: Words of the body's name.
        outcome: Key of an outcome.
        category: Words of the category.
        decided_from: Earliest date of decision, such as ``2024-01-31``.
        decided_to: Latest date of decision.
        role: Key of what a passage does in its decision.
        example: The example that was chosen, to be put in the question's place and not yet asked.
        earlier: What was asked before, oldest first.
    """

    question: str = ""
    authority: str = ""
    outcome: str = ""
    category: str = ""
    decided_from: str = ""
    decided_to: str = ""
    role: str = ""
    example: str = ""
    earlier: tuple[Exchange, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(getattr(self, name) for name in FILTERS)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Each field that holds something, as a form sends them."""
        typed = [(name, getattr(self, name)) for name in ("question", *FILTERS)]
        said = [
            pair for e in self.earlier for pair in (("asked", e.asked), ("answered", e.answered))
        ]
        return [(name, value) for name, value in typed + said if value]

    def wrong(self) -> list[Wrong]:
        """What is wrong, in the order of the fields."""
        found = {
            "question": _wrong_question(self.question),
            "authority": _too_long(self.authority),
            "category": _too_long(self.category),
            "outcome": _not_of(Outcome, self.outcome),
            "role": _not_of(Role, self.role),
            "decided_from": _no_date(self.decided_from),
            "decided_to": _no_date(self.decided_to),
        }
        if not found["decided_from"] and not found["decided_to"] and self._ends_before_it_begins():
            found["decided_to"] = "The latest date must not be before the earliest"
        return [Wrong(field=field, message=told) for field, told in found.items() if told]

    def asked(self) -> Question:
        """The question.

        Raises:
            ValueError: Something is wrong with the form; see `wrong`.
        """
        filters = Filters(
            authority=self.authority or None,
            outcome=Outcome(self.outcome) if self.outcome else None,
            category=self.category or None,
            decided_from=_date(self.decided_from),
            decided_to=_date(self.decided_to),
            roles=(Role(self.role),) if self.role else (),
        )
        turns: list[Turn] = []
        for exchange in self.earlier:
            turns.append(Turn(role="user", content=exchange.asked))
            turns.append(Turn(role="assistant", content=exchange.answered))
        return Question(
            question=self.question,
            history=tuple(turns),
            filters=None if filters == Filters() else filters,
        )

    def _ends_before_it_begins(self) -> bool:
        first, last = _date(self.decided_from), _date(self.decided_to)
        return first is not None and last is not None and last < first


FILTERS = ("authority", "category", "outcome", "role", "decided_from", "decided_to")
"""The names of the fields by which a question is narrowed, as they stand on the page."""

_TYPED = ("question", "example", *FILTERS)


def read_form(body: bytes) -> AskedForm:
    """What a form sent; fields that are not ours are left out.

    >>> read_form(b"question=Was+it+late%3F&authority=+Exampleshire+").authority
    'Exampleshire'

    Raises:
        BadForm: No form of ours sends this.
    """
    try:
        sent = parse_qs(body.decode(errors="replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise BadForm("the form has more fields than ours") from None
    fields = {name: sent[name][-1].strip() for name in _TYPED if name in sent}
    said = zip(sent.get("asked", ()), sent.get("answered", ()), strict=False)
    exchanges = [Exchange(asked=a[:MAX_TURN], answered=b[:MAX_TURN]) for a, b in said]
    return AskedForm(**fields, earlier=tuple(exchanges[-EARLIER:]))


def _wrong_question(question: str) -> str | None:
    words = " ".join(question.split())
    if not any(c.isalnum() for c in words):
        return "Enter a question"
    if len(words) > MAX_QUESTION:
        return f"Your question must be {MAX_QUESTION:,} characters or fewer: it has {len(words):,}"
    return None


def _too_long(words: str) -> str | None:
    return f"Use {MAX_FILTER} characters or fewer" if len(words) > MAX_FILTER else None


def _not_of(choices: type[Outcome] | type[Role], chosen: str) -> str | None:
    return "Choose one from the list" if chosen and chosen not in set(choices) else None


def _no_date(typed: str) -> str | None:
    try:
        _date(typed)
    except ValueError:
        return "Enter a date as year, month and day, such as 2024-01-31"
    return None


def _date(typed: str) -> date | None:
    return date.fromisoformat(typed) if typed else None
