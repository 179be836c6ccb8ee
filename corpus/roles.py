"""Roles: what each paragraph does, and whose word it is, by rules that a person can correct."""

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from corpus.headings import Stage
from corpus.model import Role, Voice
from corpus.speakers import body_pattern
from corpus.tellers import first_speaker, speaks_throughout, told_by
from corpus.voices import Utterance
from corpus.voices import utterances as hear


class Judgement(Struct, frozen=True, kw_only=True):
    """What a paragraph does, whose word it is, and the reason."""

    role: Role
    voice: Voice
    reason: str


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of ``roles.toml``; see there for what each condition means."""

    role: Role
    why: str
    examples: tuple[str, ...]
    voice: Voice = Voice.OMBUDSMAN
    hearing: Literal["speaker", "told"] | None = None
    stage: tuple[str, ...] = ()
    leans: Stage | None = None
    opening: str | None = None
    words: str | None = None
    among: frozenset[str] = frozenset()
    unless: str | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    after: Role | None = None
    after_voice: Voice | None = None
    opens: Voice | None = None
    throughout: Voice | None = None


class _Rules(Struct, frozen=True):
    among: dict[str, frozenset[str]]
    phrases: dict[str, str]
    rule: tuple[Rule, ...]


class _Phrase(Struct, frozen=True):
    source: str
    pattern: re.Pattern[str]
    among: frozenset[str] | None


_BETWEEN_WORDS = str.maketrans(dict.fromkeys('.,;:!?()[]"“”‘…—–-/0123456789£%&*+=<>|', " "))


class _Paragraph:
    """What the rules ask of a paragraph; its sentences are listened to only when one asks."""

    def __init__(
        self,
        words: str,
        complainants: frozenset[str],
        before: Judgement | None,
    ) -> None:
        self.before = before
        self._words = words.replace("’", "'")
        self._complainants = complainants
        self.text = self._words.replace("\n", " ")
        self._has: dict[str, bool] = {}

    def has(self, name: str) -> bool:
        """Whether a phrase of the table stands in it."""
        if name not in self._has:
            phrase = _phrases()[name]
            tried = phrase.among is None or not phrase.among.isdisjoint(self.tokens)
            self._has[name] = tried and phrase.pattern.search(self.text) is not None
        return self._has[name]

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Its words in small letters."""
        return frozenset(self.text.lower().translate(_BETWEEN_WORDS).split())

    @cached_property
    def heard(self) -> tuple[Utterance, ...]:
        return hear(self._words, self._complainants)


_Check = Callable[["_Paragraph"], bool]


class _Compiled(Struct, frozen=True):
    rule: Rule
    checks: tuple[_Check, ...]

    def fits(self, paragraph: _Paragraph) -> bool:
        # Called for most rules and every paragraph: a loop is quicker than all() here.
        for check in self.checks:  # noqa: SIM110
            if not check(paragraph):
                return False
        return True

    def judgement(self, paragraph: _Paragraph) -> Judgement:
        rule = self.rule
        voice, why = rule.voice, rule.why
        if rule.hearing == "told":
            voice, how = told_by(paragraph.heard)
            why = f"{why}; {how}"
        elif rule.hearing == "speaker":
            voice = first_speaker(paragraph.heard)
        return Judgement(role=rule.role, voice=voice, reason=why)


def _checks(rule: Rule) -> Iterator[_Check]:
    """The conditions that a rule names, the cheap ones first."""
    if rule.after is not None:
        yield (
            lambda p: (
                p.before is not None
                and (p.before.role is rule.after and rule.after_voice in (None, p.before.voice))
            )
        )
    if opening := _compiled(rule.opening):
        yield lambda p: opening.match(p.text) is not None
    if among := rule.among:
        yield lambda p: not among.isdisjoint(p.tokens)
    if rule.has:
        yield lambda p: any(map(p.has, rule.has))
    if rule.lacks:
        yield lambda p: not any(map(p.has, rule.lacks))
    if words := _compiled(rule.words):
        yield lambda p: words.search(p.text) is not None
    if unless := _compiled(rule.unless):
        yield lambda p: unless.search(p.text) is None
    if opens := rule.opens:
        yield lambda p: bool(p.heard) and p.heard[0].said and p.heard[0].party is opens
    if throughout := rule.throughout:
        yield lambda p: speaks_throughout(p.heard, throughout)


@cache
def _table() -> _Rules:
    return msgspec.toml.decode(files("corpus").joinpath("roles.toml").read_bytes(), type=_Rules)


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which they are tried."""
    return _table().rule


@cache
def _phrases() -> dict[str, _Phrase]:
    table = _table()
    phrases: dict[str, _Phrase] = {}
    for name, source in {"body": f"(?-i:{body_pattern()})", **table.phrases}.items():
        full = _filled(source, phrases)
        pattern = re.compile(full, re.IGNORECASE)
        phrases[name] = _Phrase(full, pattern, table.among.get(name))
    return phrases


def _filled(pattern: str, phrases: dict[str, _Phrase]) -> str:
    for name, phrase in phrases.items():
        pattern = pattern.replace("{" + name + "}", f"(?:{phrase.source})")
    return pattern


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(_filled(pattern, _phrases()), re.IGNORECASE) if pattern else None


@cache
def _rules() -> tuple[_Compiled, ...]:
    return tuple(_Compiled(rule, tuple(_checks(rule))) for rule in _table().rule)


@cache
def _rules_of(stage: str, leans: Stage | None) -> tuple[_Compiled, ...]:
    return tuple(
        c
        for c in _rules()
        if (not c.rule.stage or stage in c.rule.stage) and c.rule.leans in (None, leans)
    )


def judge(
    words: str,
    stage: Stage | None,
    *,
    leans: Stage | None = None,
    complainants: frozenset[str] = frozenset(),
    before: Judgement | None = None,
) -> Judgement:
    """The first rule that fits these words in this stage of a decision.

    Args:
        words: The paragraph's text and items.
        stage: What its headings opened, or None under no known heading.
        leans: What it is by its words and its neighbours, where the heading leaves that open.
        complainants: Whose complaint it is, as ``Mrs X``; where nobody is known, anybody named so.
        before: Of the paragraph before it in the same section.
    """
    paragraph = _Paragraph(words, complainants, before)
    tried = _rules_of(stage.value if stage else "", leans)
    return next(rule.judgement(paragraph) for rule in tried if rule.fits(paragraph))


def reports_a_party(sentence: str) -> bool:
    """Whether a sentence is what a party says, and is thus not the Ombudsman's own word.

    >>> reports_a_party("Ms F says the Council failed to reach a decision.")
    True
    >>> reports_a_party("There is no evidence that Ms F was told.")
    False
    """
    heard = hear(sentence.replace("’", "'").replace("\n", " "))
    return bool(heard) and heard[0].said and not heard[0].record
