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


class _Table(Struct, frozen=True):
    phrases: dict[str, str]
    kind: tuple[Kind, ...]


class _Compiled(Struct, frozen=True):
    kind: Kind
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    each: re.Pattern[str] | None

    def fits(self, text: str, role: Role) -> bool:
        return (
            role in self.kind.roles
            and (self.words is None or self.words.search(text) is not None)
            and (self.unless is None or self.unless.search(text) is None)
            and (self.each is None or all(map(self.each.fullmatch, sentences(text))))
        )


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
        _Compiled(kind, compiled(kind.words), compiled(kind.unless), compiled(kind.each))
        for kind in table.kind
    )


def is_boilerplate(words: str, role: Role) -> bool:
    """Whether a paragraph is a standard one.

    Most such tell of powers and method; of remedies and decisions only bare formulas do. A
    finding or an account of events is about one case however usual its wording.
    """
    text = words.replace("’", "'").replace("\n", " ")
    return any(kind.fits(text, role) for kind in _compiled_kinds())
