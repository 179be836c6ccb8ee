"""Grammar: a sentence taken apart into those who may speak in it and its verbs of saying."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import compress, pairwise
from typing import NamedTuple

from msgspec import Struct

from corpus.speakers import speakers


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
    words: tuple[str, ...]
    named: list[Subject]
    owners: list[Subject]
    verbs: list[Verb]


_MARKS = '.,;:!?()[]“”"‘…'
_TITLES = frozenset("Mr Mrs Miss Ms Mx Dr".split())
_THE = frozenset("the both neither each".split())
_PASSIVE = frozenset("was were been be being".split())
_PRONOUNS = {"he": "person", "she": "person", "it": "thing", "they": "thing", "we": "ombudsman"}
_OWNERS = frozenset("his her their".split())
_BELONGING = frozenset("from of at for with".split())
_REACH = 4
"""Words within which the body follows to which somebody belongs."""

_REMEMBERED = 16_384
"""How many words are remembered: all that recur, but names and numbers have no end."""

_SAYING = frozenset("said says stated was".split())

_Phrases = Sequence[tuple[tuple[str, ...], str]]
"""Phrases that begin with the same word, longest first, each with its kind."""

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


class _Opening(Struct, frozen=True):
    """What may begin with a word.

    Attributes:
        named: Whether any subject may, and not just a verb.
        title: Whether a titled name may.
        pronoun: What it is as a pronoun, if it is one.
        exact: Nouns whose case counts.
        any_case: Nouns in any case.
        verbs: Verbs of saying.
    """

    named: bool
    title: bool
    pronoun: str | None
    exact: _Phrases
    any_case: _Phrases
    verbs: _Phrases


class _Word(NamedTuple):
    """A word of a sentence: without its marks, also without "'s", in small letters, its opening."""

    whole: str
    word: str
    lower: str
    opening: _Opening | None


def _word(raw: str) -> _Word:
    """What there is to know of a word as it stands in a sentence."""
    whole = raw.strip(_MARKS)
    word = whole.removesuffix("'s").rstrip("'") if "'" in whole else whole
    lower = word.lower()
    exact, any_case = _nouns()
    title, verbs = word in _TITLES, _verbs().get(word, ())
    pronoun = "ombudsman" if word == "I" else _PRONOUNS.get(lower)
    nouns = exact.get(word, ()), any_case.get(lower, ())
    named = title or pronoun is not None or any(nouns)
    opening = _Opening(named, title, pronoun, *nouns, verbs) if named or verbs else None
    return _Word(whole, word, lower, opening)


def parse(sentence: str) -> Parsed:
    """The words of a sentence, and who and what verbs of saying stand among them."""
    raw = sentence.split()
    if not raw:
        return Parsed(raw, (), [], [], [])
    whole, words, lower, openings = zip(*map(_look_up, raw), strict=True)
    named: list[Subject] = []
    owners: list[Subject] = []
    verbs: list[Verb] = []
    end = 0
    for i in compress(range(len(raw)), openings):
        if i < end:
            continue
        opening = openings[i]
        kind, length = _subject_at(i, opening, words, lower, whole) if opening.named else ("", 0)
        if kind:
            end = i + length
            subject = Subject(kind, " ".join(words[i:end]), i, end)
            (named if whole[end - 1] == words[end - 1] else owners).append(subject)
        elif opening.verbs:
            kind, length = _verb_at(i, opening, words)
            if kind:
                end = i + length
                verbs.append(Verb(kind, i, end))
    return Parsed(raw, words, _of_others(named, lower), owners, verbs)


class _Vocabulary(dict[str, _Word]):
    """The words met so far, since a language has but so many; it begins anew when it is full."""

    def __missing__(self, raw: str) -> _Word:
        if len(self) >= _REMEMBERED:
            self.clear()
        word = self[raw] = _word(raw)
        return word


_look_up = _Vocabulary().__getitem__


def _of_others(named: list[Subject], lower: Sequence[str]) -> list[Subject]:
    """Staff made a third person where another body's name follows: "a worker from a charity"."""
    for i, (s, following) in enumerate(pairwise(named)):
        if (
            s.kind == "staff"
            and following.kind == "third_body"
            and following.start <= s.end + _REACH
            and lower[s.end] in _BELONGING
        ):
            named[i] = Subject("third_person", s.words, s.start, s.end)
    return named


def _subject_at(
    i: int,
    opening: _Opening,
    words: tuple[str, ...],
    lower: tuple[str, ...],
    whole: tuple[str, ...],
) -> tuple[str, int]:
    """The kind of subject that begins at a word and its length in words; or none."""
    if opening.title and i + 1 < len(words):
        pair = lower[i + 1] == "and" and i + 3 < len(words) and words[i + 2] in _TITLES
        length = 4 if pair else 2
        return ("titled", length) if words[i + length - 1][:1].isupper() else ("", 0)
    if opening.pronoun and (whole[i] == words[i] or words[i] == "I"):
        return opening.pronoun, 1
    before = lower[i - 1] if i else ""
    best, length = "", 0
    for phrase, kind in opening.exact:
        if len(phrase) > length and words[i : i + len(phrase)] == phrase:
            if kind == "after_the" and before not in _THE:
                continue
            best, length = "third_body" if kind == "third_body" else "body", len(phrase)
    for phrase, kind in opening.any_case:
        if len(phrase) > length and lower[i : i + len(phrase)] == phrase:
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


def _verb_at(i: int, opening: _Opening, words: tuple[str, ...]) -> tuple[str, int]:
    """The kind of verb of saying that begins at a word and its length in words; or none."""
    if i and words[i - 1] in _PASSIVE:
        return "", 0
    for phrase, kind in opening.verbs:
        if words[i : i + len(phrase)] == phrase:
            return kind, len(phrase)
    return "", 0
