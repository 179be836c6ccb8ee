"""Abbreviations: what decisions say that a short form stands for, and a question that has both."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from corpus.model import Decision
from index.words import stems_of

_BRACKETS = re.compile(r"[(\[]['‘“\"]?([A-Za-z][A-Za-z0-9&/-]{1,9})['’”\"]?[)\]]")
_BREAK = re.compile(r"[.;:()\[\]•\n]")
_AROUND = " ,‘’“”'\""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9&/-]+")
_CERTAIN = 3
"""Letters from which on a short form is known in lower case too, where it is no plain word."""


class Abbreviation(Struct, frozen=True):
    """A short form and what it stands for.

    Attributes:
        short: As written: ``ICPC``.
        long: In lower case: ``initial child protection conference``.
        plain: Whether the collection writes the short form in lower case too, as a word.
    """

    short: str
    long: str
    plain: bool = False


def definitions_of(decision: Decision) -> set[tuple[str, str]]:
    """The short forms that a decision introduces, each with its long form in lower case."""
    return {d for _, paragraph in decision.paragraphs() for d in definitions_in(paragraph.words)}


def definitions_in(text: str) -> Iterator[tuple[str, str]]:
    """The short forms that stand in brackets after what they stand for.

    The long form is the shortest run of words before the brackets that has the letters in their
    order, the first of them at the beginning of a word (Schwartz and Hearst 2003).

    >>> list(definitions_in("It held an initial child protection conference (ICPC)."))
    [('ICPC', 'initial child protection conference')]
    >>> list(definitions_in("It told child and family assessments (CAFAs) apart."))
    [('CAFA', 'child and family assessment')]
    """
    for match in _BRACKETS.finditer(text):
        short = match[1]
        if sum(c.isupper() for c in short) < 2:
            continue
        plural = short.endswith("s") and short[:-1].isupper()
        short = short[:-1] if plural else short
        before = _BREAK.split(text[: match.start()])[-1].split()
        most = min(len(short) + 5, 2 * len(short))
        long = _long_form(short, " ".join(before[-most:]))
        long = re.sub(r"[’']s?$|s$" if plural else r"[’']s?$", "", long.strip(_AROUND))
        if len(long.split()) > 1 and len(long) > len(short):
            yield short, long.lower()


def _long_form(short: str, before: str) -> str:
    """The end of a text that a short form stands for; empty where its letters are not there."""
    at = len(before)
    low = before.lower()
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at = low.rfind(letter, 0, at)
        while place == 0 and at > 0 and low[at - 1].isalnum():
            at = low.rfind(letter, 0, at)
        if at < 0:
            return ""
    return before[at:]


def short_forms_in(question: str) -> list[str]:
    """Its words in lower case, any of which may be a short form; of a plural, the singular too.

    >>> short_forms_in("Two EHCPs")
    ['two', 'ehcps', 'ehcp']
    """
    words = [word.lower() for word in _WORD.findall(question)]
    return list(dict.fromkeys(w for word in words for w in (word, word.removesuffix("s"))))


def openings_in(text: str) -> list[str]:
    """Each two stems that follow each other, by which long forms are looked up."""
    return list(dict.fromkeys(f"{a} {b}" for a, b in pairwise(stems_of(text))))


def with_both_forms(question: str, known: Iterable[Abbreviation]) -> str:
    """The question with the other form in brackets after each form, once.

    A short form that is also a plain word, or has but two letters, counts only as it is written.

    >>> icpc = Abbreviation("ICPC", "initial child protection conference")
    >>> with_both_forms("When must an icpc be held?", [icpc])
    'When must an icpc (initial child protection conference) be held?'
    >>> with_both_forms("When is an initial child protection conference held?", [icpc])
    'When is an initial child protection conference (ICPC) held?'
    """
    added: dict[int, str] = {}
    covered: list[re.Match[str]] = []
    # A longer one first: a form within it is not spoken of.
    for one in sorted(known, key=lambda a: (-len(a.long), a.short)):
        short, long = _place_of_short(one, question), _place_of_long(one, question)
        if short and not long:
            added.setdefault(short.end(), one.long)
        if long and not any(c.start() < long.end() and long.start() < c.end() for c in covered):
            covered.append(long)
            if not short:
                added[long.end()] = one.short
    for end in sorted(added, reverse=True):
        question = f"{question[:end]} ({added[end]}){question[end:]}"
    return question


def _place_of_short(one: Abbreviation, question: str) -> re.Match[str] | None:
    exact = one.plain or len(one.short) < _CERTAIN
    return re.search(
        rf"(?<!\w){re.escape(one.short)}s?(?!\w)", question, 0 if exact else re.IGNORECASE
    )


def _place_of_long(one: Abbreviation, question: str) -> re.Match[str] | None:
    """Where the long form stands, in the plural too, whatever stands between its words."""
    words = r"\W+".join(re.findall(r"\w+", one.long))
    return re.search(rf"(?<!\w){words}(?:e?s)?(?!\w)", question, re.IGNORECASE)
