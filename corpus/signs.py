"""Signs: what a paragraph's own words tell of whether it states law, tells, answers or weighs."""

import re
from functools import cache
from importlib.resources import files

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


class _Node(Struct, frozen=True):
    """A word of the phrases: the signs of the phrase that ends with it, and the words after it."""

    signs: list[int]
    nexts: dict[str, "_Node"]


class _Lexicon(Struct, frozen=True):
    """The signs of phrases by their words in turn, of endings, and words with a capital."""

    phrases: dict[str, _Node]
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


@cache
def start() -> tuple[float, ...]:
    """What each kind has in its favour before any word is read, in the order of `KINDS`."""
    return tuple(_table().start[kind] for kind in KINDS)


@cache
def _lexicon() -> _Lexicon:
    found = _Lexicon({}, [], set())
    for k, sign in enumerate(signs()):
        for phrase in sign.phrases:
            node = _Node([], found.phrases)
            for word in phrase.split():
                node = node.nexts.setdefault(word, _Node([], {}))
                if word[0].isupper():
                    found.capitals.add(word)
            node.signs.append(k)
        if sign.ending:
            # A space ends the word; see `counts`.
            found.endings.append((f"{sign.ending} ", k))
    return found


@cache
def _bodies() -> frozenset[str]:
    """The words with which the name of the body complained of begins."""
    authority = speakers().authority
    return frozenset(noun.split()[0] for noun in (*authority.after_the, *authority.alone))


@cache
def _alone() -> frozenset[str]:
    """The names of the body complained of that need no article."""
    return frozenset(speakers().authority.alone)


@cache
def _most() -> tuple[int, ...]:
    """How often each sign counts."""
    return tuple(sign.most for sign in signs())


@cache
def _points() -> tuple[tuple[float, ...], ...]:
    """What one finding of each sign adds to each of `KINDS`."""
    return tuple((s.law, s.chronology, s.response, s.analysis) for s in signs())


def tokens(words: str) -> list[str]:
    """The words of a paragraph; names, dates, numbers and marks as what they are.

    >>> tokens("On 4 May Mrs X's son wrote: “No.”")
    ['on', '<date>', '<named>', 'son', 'wrote', '<quotes>', 'No']
    """
    found = _TOKEN.findall(words.replace("’", "'"))
    capitals, bodies = _lexicon().capitals, _bodies()
    # Nearly every word of a text is in small letters and stays as it is.
    odd = [i for i, word in enumerate(found) if word == "the" or not word.islower()]
    taken: list[int] = []
    for i in odd:
        word = found[i]
        if word in capitals or i in taken[-1:]:
            continue
        after = found[i + 1] if i + 1 < len(found) else ""
        if word != "the":
            found[i], step = _special(word, after)
        elif step := after.removesuffix("'s") in bodies:
            found[i] = "<body>"
        if step:
            taken.append(i + 1)
    for i in reversed(taken):
        del found[i : i + 1]
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
    elif word.removesuffix("'s") in _alone():
        return "<body>", 0
    return word.lower(), 0


def counts(words: str) -> list[int]:
    """How often each sign stands in a paragraph, at most as often as it counts."""
    lexicon = _lexicon()
    found = [0] * len(signs())
    heard = tokens(words)
    said = " ".join((*heard, ""))
    heard.append("")  # No phrase has the empty word, so that none goes on beyond the end.
    for after, begun in enumerate(map(lexicon.phrases.get, heard), 1):
        if begun is None:
            continue
        node: _Node | None = begun
        i = after
        while node is not None:
            for k in node.signs:
                found[k] += 1
            if not node.nexts:
                break
            node = node.nexts.get(heard[i])
            i += 1
    for ending, k in lexicon.endings:
        found[k] += said.count(ending)
    return list(map(min, found, _most()))


def leaning(words: str) -> list[float]:
    """How much a paragraph's words speak for each of `KINDS`; only differences mean anything.

    >>> scores = leaning("A council must review every plan within a year.")
    >>> KINDS[scores.index(max(scores))].value
    'law'
    """
    law = chronology = response = analysis = 0.0
    for n, points in zip(counts(words), _points(), strict=True):
        if n:
            law += n * points[0]
            chronology += n * points[1]
            response += n * points[2]
            analysis += n * points[3]
    sums = (law, chronology, response, analysis)
    return [begin + sum_ for begin, sum_ in zip(start(), sums, strict=True)]
