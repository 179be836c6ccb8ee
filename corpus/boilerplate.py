"""Boilerplate: standard paragraphs that stand nearly word for word in most decisions."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.model import Role
from corpus.speakers import body_pattern
from corpus.voices import sentences


class Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of standard paragraph in ``boilerplate.toml``; see there for the conditions."""

    name: str
    roles: tuple[Role, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    words: str | None = None
    unless: str | None = None
    each: str | None = None
    only: str | None = None


class _Table(Struct, frozen=True):
    phrases: dict[str, str]
    kind: tuple[Kind, ...]


class _Compiled(Struct, frozen=True):
    kind: Kind
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    each: re.Pattern[str] | None
    only: frozenset[str] | None

    def fits(self, text: str) -> bool:
        """Whether a paragraph of one of its roles, apostrophes straight, is of this kind."""
        return (
            (self.only is None or self.only.issuperset(_plain_words(text)))
            and (self.words is None or self.words.search(text) is not None)
            and (self.unless is None or self.unless.search(text) is None)
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


@cache
def _compiled_kinds() -> tuple[_Compiled, ...]:
    table = _table()
    phrases = {"body": f"(?-i:{body_pattern()})", **table.phrases}

    def compiled(pattern: str | None) -> re.Pattern[str] | None:
        if pattern is None:
            return None
        for name, phrase in phrases.items():
            pattern = pattern.replace("{" + name + "}", f"(?:{phrase})")
        return re.compile(pattern, re.IGNORECASE)

    return tuple(
        _Compiled(
            kind,
            compiled(kind.words),
            compiled(kind.unless),
            compiled(kind.each),
            frozenset(kind.only.split()) if kind.only else None,
        )
        for kind in table.kind
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
    return any(kind.fits(text) for kind in kinds_of_role)


@cache
def _kinds_of(role: Role) -> tuple[_Compiled, ...]:
    return tuple(kind for kind in _compiled_kinds() if role in kind.kind.roles)
