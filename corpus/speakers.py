"""Speakers: the nouns and verbs by which a party is known in a sentence, from ``speakers.toml``."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Nouns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those who speak as one party, with sentences in which they do; see ``speakers.toml``."""

    examples: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    after_the: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


class Verbs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The verbs of saying, by kind."""

    say: tuple[str, ...]
    opinion: tuple[str, ...]
    carrier: tuple[str, ...]
    content: str
    turn: frozenset[str]
    hand: frozenset[str]
    papers: frozenset[str]


class Speakers(Struct, frozen=True):
    """What ``speakers.toml`` says."""

    complainant: Nouns
    authority: Nouns
    staff: Nouns
    third_person: Nouns
    third_body: Nouns
    record: Nouns
    verbs: Verbs


@cache
def speakers() -> Speakers:
    """The nouns and verbs by which a speaker is known."""
    return msgspec.toml.decode(
        files("corpus").joinpath("speakers.toml").read_bytes(), type=Speakers
    )


_NAME = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr)(?: and (?:Mr|Mrs|Ms|Miss|Dr))? [A-Z]\w*")


@cache
def content_pattern() -> re.Pattern[str]:
    """Fits what follows a verb that is a saying only with its content."""
    return re.compile(speakers().verbs.content)


@cache
def body_pattern() -> str:
    """A pattern, case heeded, for the body complained of."""
    authority = speakers().authority
    named = "|".join(map(re.escape, authority.after_the))
    alone = "|".join(map(re.escape, authority.alone))
    return rf"\b(?:[Tt]he|[Bb]oth|[Ee]ach) (?:{named})s?\b|\b(?:[A-Z][\w-]+ ){{0,3}}(?:{alone})\b"


def names_in(words: str) -> frozenset[str]:
    """The titled names in some words, of a pair each one.

    >>> sorted(names_in("Mr and Mrs X complain about Dr Y's letter."))
    ['Dr Y', 'Mr X', 'Mrs X']
    """
    found = set()
    for name in _NAME.findall(words):
        *titles, letter = name.replace(" and ", " ").split()
        found |= {f"{title} {letter}" for title in titles}
    return frozenset(found)
