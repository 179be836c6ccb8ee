"""Remedy words: how a remedy's kind, its sum, its date and whom it concerns are worded."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.records import RemedyKind
from corpus.wording import filled


class KindRule(Struct, frozen=True, kw_only=True):
    """One row of ``remedies.toml`` that tells a kind by its wording.

    Attributes:
        kind: What a clause states that it fits.
        pattern: How the clause is worded.
        examples: Clauses that it must fit.
        evidence: Whether it is proof for the Ombudsman that is to be sent.
        needs: In small letters; every clause that the pattern fits holds one of them.
    """

    kind: RemedyKind
    pattern: str
    examples: tuple[str, ...]
    evidence: bool = False
    needs: tuple[str, ...] = ()


class _Table(Struct, frozen=True, kw_only=True):
    phrases: dict[str, str]
    wording: dict[str, str]
    deadline: dict[str, str]
    kind: tuple[KindRule, ...]
    to: dict[RemedyKind, tuple[str, ...]]
    done: tuple[KindRule, ...]
    done_limits: dict[str, str]


@cache
def wording() -> _Table:
    """What ``remedies.toml`` says."""
    return msgspec.toml.decode(files("corpus").joinpath("remedies.toml").read_bytes(), type=_Table)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of ``remedies.toml`` with the phrases that it names, case ignored."""
    phrases = {**wording().phrases, "starters": wording().wording["starters"]}
    return re.compile(filled(pattern, phrases), re.IGNORECASE)


@cache
def say(name: str) -> re.Pattern[str]:
    """The wording of that name in ``remedies.toml``."""
    table = wording()
    return compiled({**table.wording, **table.deadline, **table.done_limits}[name])


def plain(words: str) -> str:
    """The words with straight apostrophes: as long as before, so that spans hold in both."""
    return words.replace("’", "'")


def done_rules(words: str) -> list[tuple[KindRule, list[str]]]:
    """Those rules on what was done that may fit these words, each with the needs that it has."""
    small = words.lower()
    rules = ((rule, list(filter(small.__contains__, rule.needs))) for rule in wording().done)
    return [(rule, needs) for rule, needs in rules if needs]


def kind_of(clause: str) -> KindRule:
    """The first kind whose wording opens the clause.

    >>> kind_of("pay Mr Q £75").kind.value
    'payment'
    """
    return next(r for r in wording().kind if compiled(r.pattern).match(plain(clause)))


_MOST_DIGITS = 15
"""A longer number is no sum that anybody pays."""


def sum_in(clause: str) -> int | None:
    """The first sum written in a clause, in pence.

    >>> sum_in("pay her £1,200.50, which is £100.05 a month"), sum_in("45p a mile"), sum_in("pay")
    (120050, 45, None)
    >>> sum_in(f"pay her £{'9' * 5000}") is None
    True
    """
    found = compiled(wording().phrases["sum"]).search(clause)
    if found is None:
        return None
    digits = re.sub(r"[^\d.]", "", found.group())
    if len(digits) > _MOST_DIGITS:
        return None
    if found.group().lower().endswith("p"):
        return int(digits)
    pounds, _, pence = digits.partition(".")
    return int(pounds) * 100 + int(pence or 0)


def deadline_in(words: str) -> str | None:
    """The last date or period set in the words, as they say it.

    >>> deadline_in("Within six weeks of my final decision the Trust will:")
    'within six weeks'
    """
    for found in reversed(list(say("time").finditer(plain(words)))):
        if say("no_date_after").search(plain(words), max(0, found.start() - 20), found.start()):
            continue
        end = found.end()
        if not say("of_decision").match(plain(words), end):
            event = say("of_event").match(plain(words), end)
            end = event.end() if event else end
        return words[found.start()].lower() + words[found.start() + 1 : end]
    return None


def names_in(words: str) -> list[str]:
    """The people named, in order, possessives without their ending."""
    found = (m.group() for m in compiled(wording().phrases["name"]).finditer(plain(words)))
    return [re.sub(r"'s?$", "", name) for name in found]


def whom(rule: KindRule, clause: str, before: Sequence[str]) -> str | None:
    """Whom or what a clause of that kind concerns, in its words; None where it does not say.

    A pronoun is replaced by the one of the people named before that it can mean.

    >>> whom(kind_of("pay her £75"), "pay her £75", ["Ms Q", "Mr Q"])
    'Ms Q'
    """
    text = plain(clause)
    if rule.evidence:
        found = compiled(rule.pattern).match(text)
        spans = [found.span(name) for name in ("to", "to2") if found.group(name)] if found else []
    else:
        found_each = (compiled(p).search(text) for p in wording().to.get(rule.kind, ()))
        spans = [match.span("to") for match in found_each if match]
    if not spans:
        return None
    who = clause[spans[0][0] : spans[0][1]].strip()
    return _person(who, before) or who or None


def _person(pronoun: str, before: Sequence[str]) -> str | None:
    """Whom a pronoun means, when only one person named before it can be meant."""
    titles = {
        "him": ("Mr", "Sir"), "he": ("Mr", "Sir"),
        "her": ("Mrs", "Miss", "Ms", "Lady"), "she": ("Mrs", "Miss", "Ms", "Lady"),
    }  # fmt: skip
    wanted = titles.get(pronoun.lower())
    if wanted is None and pronoun.lower() not in ("them", "they"):
        return None
    fitting = {n for n in before if (" and " in n) is (wanted is None)}
    if wanted:
        fitting = {n for n in fitting if n.split()[0] in (*wanted, "Mx", "Dr")}
    return fitting.pop() if len(fitting) == 1 else None
