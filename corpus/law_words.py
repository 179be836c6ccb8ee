"""Law words: how statutes, regulations and guidance are named, as ``law.toml`` has it."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from msgspec import Struct, toml

from corpus.records import LawKind
from corpus.wording import needed, small


class Unit(Struct, frozen=True):
    """A word for a numbered part of a law; ``bare`` are the nouns of laws that have such parts."""

    name: str
    words: str
    letters: bool = False
    bare: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


class Named(Struct, frozen=True):
    """Guidance, or a law, that is known by its name."""

    title: str
    pattern: str
    examples: tuple[str, ...]
    kind: LawKind = LawKind.GUIDANCE


class Table(Struct, frozen=True):
    """All of ``law.toml``."""

    patterns: dict[str, str]
    needs: dict[str, tuple[str, ...]]
    unit: tuple[Unit, ...]
    named: tuple[Named, ...]


@cache
def table() -> Table:
    """What ``law.toml`` says."""
    return toml.decode(files("corpus").joinpath("law.toml").read_bytes(), type=Table)


@cache
def pattern(name: str, template: str | None = None) -> re.Pattern[str]:
    """The pattern of this name in ``law.toml``, or one made up of such patterns."""
    known = table().patterns
    return re.compile(re.sub(r"\{([a-z]+)\}", lambda m: known[m[1]], template or known[name]))


def found(name: str, text: str) -> Iterator[re.Match[str]]:
    """Where the pattern of this name stands in a text."""
    return pattern(name).finditer(text) if needed(table().needs[name], text) else iter(())


def named_in(text: str) -> Iterator[re.Match[str]]:
    """Where a title by name stands in a text."""
    return names().finditer(text) if needed(table().needs["names"], small(text)) else iter(())


@lru_cache(maxsize=1024)
def short_name(short: str) -> re.Pattern[str]:
    """A name that a text has given to a law, wherever it stands without a year."""
    # A common noun is a short form only with its article: "the Code".
    article = r"\b[Tt]he " if re.fullmatch(r"[A-Z]?[a-z ]+", short) else r"\b"
    return re.compile(rf"{article}{re.escape(short)}\b(?! \(?\d{{4}})")


@cache
def names() -> re.Pattern[str]:
    """Every title by name; the first letters alone rule out nearly every word, and soon."""
    patterns = [named.pattern for named in table().named]
    begin = {re.sub(r"^\(\?i:", "", part)[:2].lower() for p in patterns for part in p.split("|")}
    either = "|".join(f"({pattern})" for pattern in patterns)
    return re.compile(rf"\b(?=(?i:{'|'.join(sorted(begin))}))(?:{either})\b")


@cache
def units() -> re.Pattern[str]:
    """Every word for a numbered part of a law: section, regulation, Schedule."""
    either = "|".join(f"({unit.words})" for unit in table().unit)
    begin = "".join(sorted({unit.name[0] for unit in table().unit}))
    # The first letter alone rules out nearly every word.
    letters = rf"[{begin.lower()}{begin.upper()}\d]"
    return re.compile(rf"(?<!\w)(?={letters})(?:{either}) ?(?=[A-Z\d])")
