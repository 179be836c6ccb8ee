"""The file of signposts: its form, its patterns, and the check of each on its own examples."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from corpus.roles import reports_a_party
from corpus.wording import needed, small
from service.questions import MAX_QUESTION

_FRAGMENT = re.compile(r"<([a-z_]+)>")
_LITERAL = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
_PERSON = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr)\b")
_SENTENCE_END = re.compile(r"[.?!;:\n]+")
_NO_WORD = re.compile(r"[^\w£]+")

Words = Annotated[str, Meta(min_length=1)]
Address = Annotated[str, Meta(pattern=r"^https://[a-z0-9.-]+\.[a-z]+(/\S*)?$")]
T = TypeVar("T")


class BadSignposts(ValueError):
    """A file of signposts that cannot be used; the message names file, entry and what is wrong."""


class SourcePage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public body's own page.

    Attributes:
        name: What it is called.
        url: Where it is.
    """

    name: Words
    url: Address


class Contact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who helps.

    Attributes:
        name: Who.
        phone: Their number, as one reads it; None where it differs from place to place.
        url: Their own page.
        when: When, and for whom.
    """

    name: Words
    phone: Words | None = None
    url: Address
    when: Words


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all entries of the file have.

    Attributes:
        key: Its name.
        text: What is shown, in plain English.
        reviewed: When somebody last checked it.
        asked: Patterns of which one must fit a sentence of the question; see `plain_sentences`.
        unasked: Patterns of which none may fit that sentence.
        examples: Questions that call for it.
        unlike: Questions that do not, however near they come.
    """

    key: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    text: Words
    reviewed: date
    asked: Annotated[tuple[str, ...], Meta(min_length=1)]
    unasked: tuple[str, ...] = ()
    examples: Annotated[tuple[str, ...], Meta(min_length=1)]
    unlike: Annotated[tuple[str, ...], Meta(min_length=1)]


class UrgentEntry(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says of one kind of danger.

    Attributes:
        contacts: Who helps, the most urgent first.
    """

    contacts: Annotated[tuple[Contact, ...], Meta(min_length=1)]


class StepEntry(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says of one next step.

    Attributes:
        title: The step in a few words.
        sources: Where public bodies themselves say more.
        about: Patterns of which one must fit some sentence of the question, if there are any.
        supported: Patterns of which one must fit a sentence of a decision in small letters.
        unsupported: Patterns of which none may fit that sentence.
        needs: Words of which one stands in every sentence that fits; they spare the patterns.
        publishers: Whose decisions can support it; all, where none is named.
        says: Sentences that support it.
        says_not: Sentences that do not, however near they come.
    """

    title: Words
    sources: Annotated[tuple[SourcePage, ...], Meta(min_length=1)]
    about: tuple[str, ...] = ()
    supported: Annotated[tuple[str, ...], Meta(min_length=1)]
    unsupported: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    says: Annotated[tuple[str, ...], Meta(min_length=1)]
    says_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fits:
    """Whether one pattern fits, and none of those that speak against it."""

    these: re.Pattern[str]
    none_of: re.Pattern[str] | None

    def __call__(self, lower: str) -> bool:
        return self.these.search(lower) is not None and not (
            self.none_of and self.none_of.search(lower)
        )


@dataclass(frozen=True, slots=True)
class Emergency:
    """An entry for danger now, and when a sentence of a question calls for it."""

    entry: UrgentEntry
    asked: Fits

    def is_called_for_by(self, sentences: Sequence[str]) -> bool:
        """Whether a question does; its sentences as `plain_sentences` gives them."""
        return any(map(self.asked, sentences))


@dataclass(frozen=True, slots=True)
class Step:
    """An entry for a next step, when a question calls for it, and what bears it out."""

    entry: StepEntry
    asked: Fits
    about: Fits | None
    supported: Fits

    def is_called_for_by(self, sentences: Sequence[str]) -> bool:
        """Whether a question does; its sentences as `plain_sentences` gives them."""
        return any(map(self.asked, sentences)) and (
            self.about is None or any(map(self.about, sentences))
        )

    def may_stand_in(self, lower: str) -> bool:
        """Whether a paragraph in small letters may hold a sentence that bears the step out."""
        return needed(self.entry.needs, lower) and self.supported.these.search(lower) is not None

    def is_borne_out_by(self, sentence: str) -> bool:
        """Whether a sentence says so, and is not what a person told the Ombudsman."""
        lower = small(sentence)
        return (
            self.may_stand_in(lower)
            and self.supported(lower)
            and not (_PERSON.search(lower) and reports_a_party(sentence))
        )


def read_signposts(path: Path) -> tuple[tuple[Emergency, ...], tuple[Step, ...]]:
    """What a file has for danger now, and its next steps; each tried on its own examples.

    Raises:
        BadSignposts: It cannot be used. Names the file, the entry and what is wrong.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        if unknown := tables.keys() - {"words", "urgent", "next_step"}:
            raise ValueError(f"unknown table {min(unknown)!r}, wanted words, urgent or next_step")
        words = msgspec.convert(tables.get("words", {}), dict[str, str])
        return (
            tuple(_entries(tables, "urgent", partial(_emergency, words))),
            tuple(_entries(tables, "next_step", partial(_step, words))),
        )
    except (OSError, ValueError) as error:
        raise BadSignposts(f"signposts in {path}: {error}") from error


def plain_sentences(question: str) -> list[str]:
    """A question's sentences in small letters, bare of apostrophes and marks.

    >>> plain_sentences("Can’t I go?  He's here, now!")
    ['cant i go', 'hes here now']
    """
    lower = small(question[:MAX_QUESTION]).replace("’", "").replace("'", "")
    bare = (_NO_WORD.sub(" ", part).strip() for part in _SENTENCE_END.split(lower))
    return [part for part in bare if part]


def _entries(tables: Mapping[str, object], name: str, make: Callable[[object], T]) -> Iterator[T]:
    """Each entry of a table made what it does; an error says which one is wrong."""
    seen = set[object]()
    for number, raw in enumerate(msgspec.convert(tables.get(name, []), list[dict[str, object]]), 1):
        key = raw.get("key", f"number {number}")
        try:
            made = make(raw)
            if key in seen:
                raise ValueError("another entry has the same key")
        except ValueError as error:
            raise ValueError(f"{name} {key!r}: {error}") from error
        seen.add(key)
        yield made


def _emergency(words: Mapping[str, str], raw: object) -> Emergency:
    entry = msgspec.convert(raw, UrgentEntry)
    emergency = Emergency(entry, _fits(entry.asked, entry.unasked, words))
    _try_questions(emergency)
    return emergency


def _step(words: Mapping[str, str], raw: object) -> Step:
    entry = msgspec.convert(raw, StepEntry)
    step = Step(
        entry,
        asked=_fits(entry.asked, entry.unasked, words),
        about=_fits(entry.about, (), words) if entry.about else None,
        supported=_fits(entry.supported, entry.unsupported, words),
    )
    _try_questions(step)
    for sentences, wanted in ((entry.says, True), (entry.says_not, False)):
        for sentence in sentences:
            if step.is_borne_out_by(sentence) is not wanted:
                raise ValueError(_missed("supported", sentence, wanted=wanted))
    return step


def _try_questions(made: Emergency | Step) -> None:
    for questions, wanted in ((made.entry.examples, True), (made.entry.unlike, False)):
        for question in questions:
            if made.is_called_for_by(plain_sentences(question)) is not wanted:
                raise ValueError(_missed("asked", question, wanted=wanted))


def _missed(field: str, example: str, *, wanted: bool) -> str:
    return f"'{field}' {'does not fit' if wanted else 'fits'} {example!r}, and should" + (
        "" if wanted else " not"
    )


def _fits(these: Sequence[str], none_of: Sequence[str], words: Mapping[str, str]) -> Fits:
    return Fits(_pattern(these, words), _pattern(none_of, words) if none_of else None)


def _pattern(sources: Sequence[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern of several, their ``<fragments>`` filled in.

    Raises:
        ValueError: One is no regular expression, names an unknown fragment, or repeats something
            without bound, which could take for ever on some question.
    """
    filled = [_filled(source, words) for source in sources]
    return re.compile("|".join(f"(?:{source})" for source in filled))


def _filled(source: str, words: Mapping[str, str]) -> str:
    try:
        filled = _FRAGMENT.sub(lambda m: words[m[1]], source)
    except KeyError as error:
        raise ValueError(f"{source!r} names <{error.args[0]}>, which is not under words") from None
    try:
        re.compile(filled)
    except re.error as error:
        raise ValueError(f"{source!r} is no regular expression: {error}") from error
    if _UNBOUNDED.search(_LITERAL.sub("x", filled)):
        raise ValueError(f"{source!r} repeats without bound: write {{0,20}} for *, {{1,20}} for +")
    return filled
