"""Browse query: what the address, or a form, of the browsing pages asks for."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import asdict, replace

from corpus.model import Outcome
from corpus.publishers import BadReference, normal_reference
from corpus.records import RemedyKind
from index.narrowing import Narrowing
from service.questions import MAX_FILTER

_MOST_PAGES = 1_000_000

_Choice = TypeVar("_Choice", bound=StrEnum)


class BadField(Struct, frozen=True):
    """A field that cannot be used, and what is wanted there; its words are not repeated."""

    field: str
    message: str


class BadQuery(ValueError):
    """What is asked for cannot be listed.

    Attributes:
        fields: What is wrong, in the order of the form.
    """

    def __init__(self, fields: tuple[BadField, ...]) -> None:
        super().__init__("; ".join(field.message for field in fields))
        self.fields = fields


class Query(Struct, frozen=True, kw_only=True):
    """Which part of which list is wanted.

    Attributes:
        narrowing: Whose decisions, or of whose decisions.
        kind: Of remedies, only these.
        sort: In which order; None for the usual one of the list.
        page: From 1.
    """

    narrowing: Narrowing = Narrowing()
    kind: RemedyKind | None = None
    sort: str | None = None
    page: int = 1

    @property
    def fields(self) -> dict[str, str]:
        """What differs from the usual, as a form's fields.

        >>> Query(narrowing=Narrowing(outcome=Outcome.UPHELD), page=2).fields
        {'outcome': 'upheld', 'page': '2'}
        """
        asked = asdict(self.narrowing) | {"kind": self.kind, "sort": self.sort}
        asked |= {"among": None, "page": self.page if self.page > 1 else None}
        return {name: str(value) for name, value in asked.items() if value}

    @property
    def text(self) -> str:
        """The same as an address has it, after the question mark."""
        return urlencode(self.fields)

    def narrowed(self, **changes: object) -> "Query":
        """The first page of the list with another narrowing."""
        return replace(self, narrowing=replace(self.narrowing, **changes), page=1)

    def turned(self, page: int) -> "Query":
        """Another page of the list."""
        return replace(self, page=page)

    def sorted_by(self, sort: str | None) -> "Query":
        """The first page of the list in another order."""
        return replace(self, sort=sort, page=1)


def read_query(given: Mapping[str, str], sorts: type[StrEnum]) -> Query:
    """What is asked for; empty fields are as good as none, and unknown ones are left alone.

    Args:
        given: The fields of an address or a form.
        sorts: In which orders the list can be.

    Raises:
        BadQuery: A field cannot be used.
    """
    reader = _Reader({name: text for name, value in given.items() if (text := value.strip())})
    narrowing = Narrowing(
        authority=reader.words("authority"),
        outcome=reader.choice("outcome", Outcome, "an outcome"),
        category=reader.words("category"),
        decided_from=reader.day("decided_from"),
        decided_to=reader.day("decided_to"),
        reference=reader.reference("reference"),
        publisher=reader.words("publisher"),
    )
    first, last = narrowing.decided_from, narrowing.decided_to
    if first and last and first > last:
        reader.refuse("decided_from", "The first date is after the last.")
    query = Query(
        narrowing=narrowing,
        kind=reader.choice("kind", RemedyKind, "a kind"),
        sort=reader.choice("sort", sorts, "an order"),
        page=reader.number("page"),
    )
    if reader.bad:
        raise BadQuery(tuple(reader.bad))
    return query


class _Reader:
    """Reads one field after the other, and remembers those that cannot be used."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.bad: list[BadField] = []

    def refuse(self, field: str, message: str) -> None:
        self.bad.append(BadField(field, message))

    def words(self, field: str) -> str | None:
        text = self._given.get(field)
        if text and (len(text) > MAX_FILTER or not text.isprintable()):
            self.refuse(field, f"Type at most {MAX_FILTER} letters.")
            return None
        return text

    def choice(self, field: str, choices: type[_Choice], what: str) -> _Choice | None:
        text = self._given.get(field)
        try:
            return choices(text) if text else None
        except ValueError:
            self.refuse(field, f"Choose {what} from the list.")
            return None

    def day(self, field: str) -> date | None:
        text = self._given.get(field)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.refuse(field, "Give the date as year, month and day, such as 2024-03-12.")
            return None

    def reference(self, field: str) -> str | None:
        text = self._given.get(field)
        try:
            return normal_reference(text) if text else None
        except BadReference:
            self.refuse(field, "Type a case reference such as 18 019 617.")
            return None

    def number(self, field: str) -> int:
        text = self._given.get(field, "1")
        if text.isascii() and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= _MOST_PAGES:
            return int(text)
        self.refuse(field, "Pages are counted from 1.")
        return 1
