"""Speakers: the nouns and verbs by which a party is known in a sentence, from ``speakers.toml``."""

import re
from collections.abc import Iterable
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
    turn: tuple[str, ...]
    hand: tuple[str, ...]
    papers: tuple[str, ...]


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


class Subject(Struct, frozen=True):
    """A noun or pronoun in a sentence that may be somebody who speaks.

    Attributes:
        kind: A table of ``speakers.toml``, or ``titled``, ``person``, ``thing``, ``ombudsman``.
        words: As they stand, without "'s".
        start: Index of its first word in the sentence.
        end: Index after its last.
    """

    kind: str
    words: str
    start: int
    end: int


class Verb(Struct, frozen=True):
    """A verb of saying in a sentence: its kind, and indices as a subject has them."""

    kind: str
    start: int
    end: int


class Parsed(Struct, frozen=True):
    """A sentence taken apart.

    Attributes:
        raw: Its words with their marks.
        words: Its words without, and without "'s".
        named: Who may speak in it, in order.
        owners: Those with "'s", of whom something speaks: "the Trust" of "the Trust's doctor".
        verbs: The verbs of saying, in order.
    """

    raw: list[str]
    words: list[str]
    named: list[Subject]
    owners: list[Subject]
    verbs: list[Verb]


_MARKS = '.,;:!?()[]“”"‘…'
_NAME = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr)(?: and (?:Mr|Mrs|Ms|Miss|Dr))? [A-Z]\w*")
_TITLES = frozenset("Mr Mrs Miss Ms Mx Dr".split())
_THE = frozenset("the both neither each".split())
_PASSIVE = frozenset("was were been be being".split())
_PRONOUNS = {"he": "person", "she": "person", "it": "thing", "they": "thing", "we": "ombudsman"}
_OWNERS = frozenset("his her their".split())
_BELONGING = frozenset("from of at for with".split())
_REACH = 4
"""Words within which the body follows to which somebody belongs."""

_SAYING = frozenset("said says stated was".split())

_Lexicon = dict[str, list[tuple[tuple[str, ...], str]]]


def _lexicon(entries: Iterable[tuple[str, Iterable[str]]]) -> _Lexicon:
    """Phrases by their first word, longest first."""
    lexicon: _Lexicon = {}
    for kind, phrases in entries:
        for phrase in phrases:
            words = tuple(phrase.split())
            lexicon.setdefault(words[0], []).append((words, kind))
    for found in lexicon.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return lexicon


def _plural(nouns: Iterable[str]) -> list[str]:
    return [form for noun in nouns for form in (noun, f"{noun}s")]


def _lower(nouns: Iterable[str]) -> list[str]:
    return [noun.lower() for noun in nouns]


@cache
def _nouns() -> tuple[_Lexicon, _Lexicon]:
    """Nouns whose case counts, and nouns in any case."""
    s = speakers()
    exact = _lexicon(
        (
            ("alone", s.authority.alone),
            ("after_the", _plural(s.authority.after_the)),
            ("third_body", _plural(s.third_body.nouns)),
        )
    )
    any_case = _lexicon(
        (
            ("third_person", _lower(_plural(s.third_person.nouns))),
            ("staff", _lower(_plural(s.staff.nouns))),
            ("record", _lower(_plural(s.record.nouns))),
            ("family", _lower(_plural(s.complainant.after_the))),
            ("kin", _lower(_plural(s.complainant.kin))),
            ("papers", _lower(s.complainant.papers)),
        )
    )
    return exact, any_case


@cache
def _verbs() -> _Lexicon:
    verbs = speakers().verbs
    return _lexicon((("say", verbs.say), ("opinion", verbs.opinion), ("carrier", verbs.carrier)))


@cache
def _firsts() -> frozenset[str]:
    """The words, in small letters, with which a subject or a verb of saying begins."""
    lexicons = (*_nouns(), _verbs())
    words = (word for lexicon in lexicons for word in lexicon)
    return frozenset(w.lower() for w in (*words, *_TITLES, *_PRONOUNS, "i"))


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


def parse(sentence: str) -> Parsed:
    """The words of a sentence, and who and what verbs of saying stand among them."""
    raw = sentence.split()
    whole = [word.strip(_MARKS) for word in raw]
    words = [w if "'" not in w else w.removesuffix("'s").rstrip("'") for w in whole]
    lower = [w.lower() for w in words]
    named: list[Subject] = []
    owners: list[Subject] = []
    verbs: list[Verb] = []
    firsts = _firsts()
    i = 0
    while i < len(words):
        if lower[i] not in firsts:
            i += 1
            continue
        kind, length = _subject_at(i, words, lower, whole)
        if kind:
            last = i + length - 1
            subject = Subject(kind, " ".join(words[i : last + 1]), i, i + length)
            (named if whole[last] == words[last] else owners).append(subject)
        else:
            kind, length = _verb_at(i, words)
            if kind:
                verbs.append(Verb(kind, i, i + length))
        i += max(1, length)
    return Parsed(raw, words, _of_others(named, lower), owners, verbs)


def _of_others(named: list[Subject], lower: list[str]) -> list[Subject]:
    """Staff made a third person where another body's name follows: "a worker from a charity"."""
    return [
        Subject("third_person", s.words, s.start, s.end)
        if s.kind == "staff"
        and s is not named[-1]
        and named[i + 1].kind == "third_body"
        and named[i + 1].start <= s.end + _REACH
        and lower[s.end] in _BELONGING
        else s
        for i, s in enumerate(named)
    ]


def _subject_at(i: int, words: list[str], lower: list[str], whole: list[str]) -> tuple[str, int]:
    """The kind of subject that begins at a word and its length in words; or none."""
    word = words[i]
    if word in _TITLES and i + 1 < len(words):
        pair = lower[i + 1] == "and" and i + 3 < len(words) and words[i + 2] in _TITLES
        length = 4 if pair else 2
        return ("titled", length) if words[i + length - 1][0].isupper() else ("", 0)
    if word == "I":
        return "ombudsman", 1
    if (kind := _PRONOUNS.get(lower[i])) and whole[i] == word:
        return kind, 1
    exact, any_case = _nouns()
    before = lower[i - 1] if i else ""
    best, length = "", 0
    for phrase, kind in exact.get(word, ()):
        if len(phrase) > length and tuple(words[i : i + len(phrase)]) == phrase:
            if kind == "after_the" and before not in _THE:
                continue
            best, length = "third_body" if kind == "third_body" else "body", len(phrase)
    for phrase, kind in any_case.get(lower[i], ()):
        if len(phrase) > length and tuple(lower[i : i + len(phrase)]) == phrase:
            after = lower[i + len(phrase)] if i + len(phrase) < len(lower) else ""
            owned = before in _OWNERS or (i > 0 and whole[i - 1] != words[i - 1])
            if kind == "family" and before != "the":
                continue
            if kind == "kin" and not owned:
                continue
            if kind == "papers" and after not in _SAYING:
                continue
            ours = kind in ("family", "kin", "papers")
            best, length = "complainant" if ours else kind, len(phrase)
    return best, length


def _verb_at(i: int, words: list[str]) -> tuple[str, int]:
    """The kind of verb of saying that begins at a word and its length in words; or none."""
    found = _verbs().get(words[i])
    if not found or (i and words[i - 1] in _PASSIVE):
        return "", 0
    for phrase, kind in found:
        if tuple(words[i : i + len(phrase)]) == phrase:
            return kind, len(phrase)
    return "", 0
