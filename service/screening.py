"""Screening: whether a question is refused on principle, and why."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from corpus.wording import filled


class RefusalKind(StrEnum):
    """What is refused on principle.

    ``identify``: to say who somebody is or where they live. ``predict``: how the asker's own case
    will end. ``tactics``: what to do or say in a dispute. ``abuse``: with no question in it.
    ``instructions``: to change what the service does.
    """

    IDENTIFY = "identify"
    PREDICT = "predict"
    TACTICS = "tactics"
    ABUSE = "abuse"
    INSTRUCTIONS = "instructions"


class Refusal(Struct, frozen=True, kw_only=True):
    """Why a question is not answered.

    Attributes:
        kind: What is refused.
        reason: For the asker, in plain words; never holds a word of the question.
    """

    kind: RefusalKind
    reason: str

    @property
    def shows_passages(self) -> bool:
        """Whether passages that bear on the question may stand beside the refusal."""
        return table().kinds[self.kind].shows_passages


class Rule(Struct, frozen=True, kw_only=True):
    """One row of ``screening.toml``.

    Attributes:
        kind: What a sentence asks for that it fits.
        pattern: What must stand in the sentence.
        examples: Questions that it must catch.
        fair: Questions like them that no rule may catch.
        unless: What must not stand in the sentence.
    """

    kind: RefusalKind
    pattern: str
    examples: tuple[str, ...]
    fair: tuple[str, ...]
    unless: str | None = None


class Abuse(Struct, frozen=True, kw_only=True):
    """How abuse is told from a question asked in anger; see ``screening.toml``."""

    insults: tuple[str, ...]
    hollow: tuple[str, ...]
    asks: str
    examples: tuple[str, ...]
    fair: tuple[str, ...]


class _Kind(Struct, frozen=True, kw_only=True):
    reason: str
    shows_passages: bool


class _Lookalikes(Struct, frozen=True, kw_only=True):
    digits: dict[str, str]
    letters: dict[str, str]


class Table(Struct, frozen=True, kw_only=True):
    """All of ``screening.toml``."""

    kinds: dict[RefusalKind, _Kind]
    lookalikes: _Lookalikes
    phrases: dict[str, str]
    rule: tuple[Rule, ...]
    abuse: Abuse


@cache
def table() -> Table:
    """What ``screening.toml`` says."""
    return msgspec.toml.decode(files("service").joinpath("screening.toml").read_bytes(), type=Table)


def screen(question: str) -> Refusal | None:
    """Why a question is refused, or None: it is fair.

    >>> screen("was the complaint upheld?")
    >>> str(screen("will i win?").kind)
    'predict'
    """
    for words in _readings(question):
        kind = _asked_in(words)
        if kind is not None:
            return Refusal(kind=kind, reason=table().kinds[kind].reason)
    return None


def _asked_in(words: str) -> RefusalKind | None:
    sentences = [s for s in _SENTENCE.split(words) if s]
    for rule in table().rule:
        if any(_fits(rule, sentence) for sentence in sentences):
            return rule.kind
    return RefusalKind.ABUSE if _is_abuse(words) else None


def _fits(rule: Rule, sentence: str) -> bool:
    if not _compiled(rule.pattern).search(sentence):
        return False
    return rule.unless is None or not _compiled(rule.unless).search(sentence)


def _is_abuse(words: str) -> bool:
    abuse = table().abuse
    rest = words
    for pattern in abuse.hollow:
        rest = _compiled(pattern).sub(" ", rest)
    if _compiled(abuse.asks).search(rest):
        return False
    if rest != words and not re.search(r"\w", rest):
        return True
    return any(_compiled(i).search(said) for i in abuse.insults for said in (words, rest))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of ``screening.toml`` with the phrases that it names."""
    # A phrase may name those before it.
    phrases = dict(reversed(table().phrases.items()))
    return re.compile(filled(pattern, phrases), re.IGNORECASE)


_SENTENCE = re.compile(r"(?<=[.?!]) ")
_JOINING = re.compile(r"[-_*~|+=/\u2010-\u2015]+")
_MARKS = re.compile(r"['’‘`´ʼ]")
_SPELT_OUT = re.compile(r"(?<!\w)[a-z](?:[ .,]{1,3}[a-z](?!\w)){5,400}", re.IGNORECASE)
_DISGUISED = re.compile(
    r"(?<![\w@$])(?=[\w@$]{0,30}[a-z])[\w@$]{0,30}[\d@$][\w@$]{0,30}", re.IGNORECASE
)

_TAGS = range(0xE0020, 0xE007F)
"""Invisible letters: each is an ASCII letter, shifted."""


def _readings(question: str) -> Iterator[str]:
    """The question as a person or a machine might read it, each way once."""
    visible = "".join(chr(ord(c) - 0xE0000) if ord(c) in _TAGS else c for c in question)
    decomposed = unicodedata.normalize("NFKD", visible)
    joined = _plain(decomposed, hidden="")
    apart = _plain(decomposed, hidden=" ")
    seen: set[str] = set()
    for words in (joined, apart):
        undisguised = _DISGUISED.sub(lambda m: m[0].translate(_codes("digits")), words)
        for reading in (words, undisguised, _SPELT_OUT.sub(_put_together, undisguised)):
            if reading not in seen:
                seen.add(reading)
                yield reading


def _plain(text: str, hidden: str) -> str:
    """Plain letters, single-spaced; what has no width is replaced by ``hidden``."""
    kept = "".join(
        hidden if (category := unicodedata.category(c)) == "Cf" else "" if category == "Mn" else c
        for c in text.translate(_codes("letters"))
    )
    return " ".join(_JOINING.sub(" ", _MARKS.sub("", kept)).split())


@cache
def _codes(name: Literal["digits", "letters"]) -> dict[int, str]:
    lookalikes = table().lookalikes
    known = lookalikes.digits if name == "digits" else lookalikes.letters
    return {ord(alike): plain for alike, plain in known.items()}


@cache
def _known_words() -> re.Pattern[str]:
    """Words of the examples, longest first: by these a sentence without spaces is read."""
    examples = [e for rule in table().rule for e in rule.examples] + [*table().abuse.examples]
    words = {w for e in examples for w in re.findall(r"[a-z]+", _plain(e, hidden="").lower())}
    return re.compile("|".join(sorted(words, key=lambda w: (-len(w), w))))


def _put_together(spelt_out: re.Match[str]) -> str:
    letters = re.sub(r"[^a-z]", "", spelt_out[0].lower())
    return " ".join(_known_words().findall(letters))
