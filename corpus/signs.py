"""Signs: what a paragraph's own words tell of whether it states law, tells, answers or weighs."""

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec
from msgspec import Struct

from corpus.headings import Stage
from corpus.speakers import speakers

KINDS = (Stage.LAW, Stage.CHRONOLOGY, Stage.RESPONSE, Stage.ANALYSIS)
"""What a paragraph can be by its words, in the order in which a decision usually has them."""


class Sign(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of ``signs.toml``; see there for what it means."""

    name: str
    most: int
    phrases: tuple[str, ...] = ()
    ending: str | None = None
    examples: tuple[str, ...]
    law: float = 0
    chronology: float = 0
    response: float = 0
    analysis: float = 0


class Manner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far headings and neighbours count beside the words; see ``signs.toml``."""

    own: float
    hint: float
    child: float
    sibling: float
    onward: float
    back: float
    same_section: float
    last: float


class _Table(Struct, frozen=True):
    manner: Manner
    start: dict[Stage, float]
    sign: tuple[Sign, ...]


class _Lexicon(Struct, frozen=True):
    """The signs of phrases of one, two and three words, of endings, and words with a capital."""

    words: dict[str, list[int]]
    pairs: dict[tuple[str, ...], list[int]]
    threes: dict[tuple[str, ...], list[int]]
    endings: list[tuple[str, int]]
    capitals: set[str]


_TOKEN = re.compile(r"[A-Za-z'-]+|\d+|[?“\"]")
_MONTHS = frozenset(
    "January February March April June July August September October November December".split()
)
_TITLES = frozenset("Mr Mrs Ms Miss Mx Dr".split())
_PLAIN = {"“": "<quotes>", '"': "<quotes>", "?": "<asks>"}


@cache
def _table() -> _Table:
    return msgspec.toml.decode(files("corpus").joinpath("signs.toml").read_bytes(), type=_Table)


def signs() -> tuple[Sign, ...]:
    """Every sign."""
    return _table().sign


def manner() -> Manner:
    """How far headings and neighbours count beside the words."""
    return _table().manner


def start() -> tuple[float, ...]:
    """What each kind has in its favour before any word is read, in the order of `KINDS`."""
    return tuple(_table().start[kind] for kind in KINDS)


@cache
def _lexicon() -> _Lexicon:
    found = _Lexicon({}, {}, {}, [], set())
    for k, sign in enumerate(signs()):
        for phrase in sign.phrases:
            words = tuple(phrase.split())
            if len(words) == 1:
                found.words.setdefault(phrase, []).append(k)
            else:
                table = {2: found.pairs, 3: found.threes}[len(words)]
                table.setdefault(words, []).append(k)
            found.capitals.update(word for word in words if word[0].isupper())
        if sign.ending:
            found.endings.append((sign.ending, k))
    return found


@cache
def _bodies() -> frozenset[str]:
    """The words with which the name of the body complained of begins."""
    authority = speakers().authority
    return frozenset(noun.split()[0] for noun in (*authority.after_the, *authority.alone))


@cache
def _points() -> tuple[tuple[float, ...], ...]:
    """What one finding of each sign adds to each of `KINDS`."""
    return tuple((s.law, s.chronology, s.response, s.analysis) for s in signs())


def tokens(words: str) -> list[str]:
    """The words of a paragraph; names, dates, numbers and marks as what they are.

    >>> tokens("On 4 May Mrs X's son wrote: “No.”")
    ['on', '<date>', '<named>', 'son', 'wrote', '<quotes>', 'No']
    """
    raw = _TOKEN.findall(words.replace("’", "'"))
    capitals = _lexicon().capitals
    found: list[str] = []
    length = len(raw)
    i = 0
    while i < length:
        word = raw[i]
        i += 1
        if not word.islower() and word not in capitals:
            word, step = _special(word, raw[i] if i < length else "")
            i += step
        elif word == "the" and i < length and raw[i].removesuffix("'s") in _bodies():
            word = "<body>"
            i += 1
        found.append(word)
    return found


def _special(word: str, after: str) -> tuple[str, int]:
    """What a number or a capitalised word stands for, and how many words more belong to it."""
    if word in _PLAIN:
        return _PLAIN[word], 0
    if word.isdigit():
        if after in _MONTHS or after == "May":
            return "<date>", 1
        return ("<year>" if len(word) == 4 and word[:2] in ("19", "20") else "<number>"), 0
    if word in _TITLES:
        return "<named>", 1
    if word in _MONTHS or (word == "May" and after.isdigit()):
        return "<date>", 0
    if word == "The":
        if after.removesuffix("'s") in _bodies():
            return "<body>", 1
        if after in ("Ombudsman", "Ombudsmen"):
            return "<ombudsman>", 1
    elif word.removesuffix("'s") in speakers().authority.alone:
        return "<body>", 0
    return word.lower(), 0


def counts(words: str) -> list[int]:
    """How often each sign stands in a paragraph, at most as often as it counts."""
    lexicon = _lexicon()
    found = [0] * len(signs())
    heard = tokens(words)
    # Whole sets are met at once, since nearly every word of a text is no sign.
    singles = Counter(heard)
    pairs = Counter(pairwise(heard))
    threes = Counter(zip(heard, heard[1:], heard[2:], strict=False))
    for word in singles.keys() & lexicon.words.keys():
        for k in lexicon.words[word]:
            found[k] += singles[word]
    for pair in pairs.keys() & lexicon.pairs.keys():
        for k in lexicon.pairs[pair]:
            found[k] += pairs[pair]
    for three in threes.keys() & lexicon.threes.keys():
        for k in lexicon.threes[three]:
            found[k] += threes[three]
    for ending, k in lexicon.endings:
        found[k] += sum(word.endswith(ending) for word in heard)
    return [min(n, sign.most) for n, sign in zip(found, signs(), strict=True)]


def leaning(words: str) -> list[float]:
    """How much a paragraph's words speak for each of `KINDS`; only differences mean anything.

    >>> scores = leaning("A council must review every plan within a year.")
    >>> KINDS[scores.index(max(scores))].value
    'law'
    """
    found = [(n, points) for n, points in zip(counts(words), _points(), strict=True) if n]
    return [
        begin + sum(n * points[kind] for n, points in found) for kind, begin in enumerate(start())
    ]
