"""Boilerplate: standard paragraphs that stand nearly word for word in most decisions."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.model import Role
from corpus.speakers import body_pattern
from corpus.voices import sentences
from corpus.wording import Wording, filled, needed, small, wording


class Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of standard paragraph in ``boilerplate.toml``; see there for the conditions."""

    name: str
    roles: tuple[Role, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    needs: tuple[str, ...] = ()
    words: str | None = None
    unless: str | tuple[str, ...] = ()
    each: str | None = None
    only: str | None = None


class _Table(Struct, frozen=True):
    phrases: dict[str, str]
    kind: tuple[Kind, ...]


class _Compiled(Struct, frozen=True):
    kind: Kind
    words: Wording | None
    unless: Wording | None
    each: re.Pattern[str] | None
    only: frozenset[str] | None

    def fits(self, text: str, lower: str) -> bool:
        """Whether a paragraph of one of its roles, apostrophes straight, is of this kind.

        Args:
            text: Its words.
            lower: The same in small letters.
        """
        return (
            needed(self.kind.needs, lower)
            and (self.words is None or self.words.stands_in(text, lower))
            and (self.unless is None or not self.unless.stands_in(text, lower))
            and (self.only is None or self.only.issuperset(_plain_words(text)))
            and (self.each is None or all(map(self.each.fullmatch, sentences(text))))
        )


def _plain_words(text: str) -> list[str]:
    """The words in small letters, the body complained of made "it"; numbers count as words."""
    return _WORD.findall(_PERSON.sub("it", _body().sub("it", text)).lower())


_WORD = re.compile(r"[a-z']+|\d+")
_PERSON = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr) [A-Z]\w*(?:'s)?")


@cache
def _body() -> re.Pattern[str]:
    return re.compile(body_pattern())


@cache
def _table() -> _Table:
    return msgspec.toml.decode(
        files("corpus").joinpath("boilerplate.toml").read_bytes(), type=_Table
    )


def kinds() -> tuple[Kind, ...]:
    """Every kind of standard paragraph."""
    return _table().kind


def needs() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Patterns that are tried only where one of their `needs` stands, with these."""
    return ((_filled(kind.words or ""), kind.needs) for kind in kinds() if kind.needs)


def _filled(pattern: str) -> str:
    phrases = {"body": f"(?-i:{body_pattern()})", **_table().phrases}
    return filled(pattern, {name: f"(?:{phrase})" for name, phrase in phrases.items()})


def _compiled(kind: Kind) -> _Compiled:
    unless = (kind.unless,) if isinstance(kind.unless, str) else kind.unless
    return _Compiled(
        kind,
        wording([_filled(kind.words)]) if kind.words else None,
        wording(list(map(_filled, unless))) if unless else None,
        re.compile(_filled(kind.each), re.IGNORECASE) if kind.each else None,
        frozenset(kind.only.split()) if kind.only else None,
    )


def is_boilerplate(words: str, role: Role) -> bool:
    """Whether a paragraph is a standard one.

    Most such tell of powers and method; of remedies and decisions only bare formulas do. A
    finding or an account of events is about one case however usual its wording.
    """
    kinds_of_role = _kinds_of(role)
    if not kinds_of_role:
        return False
    text = words.replace("’", "'").replace("\n", " ")
    lower = small(text)
    return any(kind.fits(text, lower) for kind in kinds_of_role)


@cache
def _kinds_of(role: Role) -> tuple[_Compiled, ...]:
    return tuple(_compiled(kind) for kind in kinds() if role in kind.roles)
