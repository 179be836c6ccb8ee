"""Roles: what each paragraph does, and whose word it is, by rules that a person can correct."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.headings import Stage
from corpus.model import Role, Voice


class Judgement(Struct, frozen=True, kw_only=True):
    """What a paragraph does, whose word it is, and the reason."""

    role: Role
    voice: Voice
    reason: str


class Rule(Struct, frozen=True, kw_only=True):
    """One rule of ``roles.toml``; see there for what each condition means."""

    role: Role
    voice: Voice
    why: str
    stage: tuple[str, ...] = ()
    opening: str | None = None
    words: str | None = None
    unless: str | None = None


class _Rules(Struct, frozen=True):
    phrases: dict[str, str]
    rule: tuple[Rule, ...]


class _Compiled(Struct, frozen=True):
    rule: Rule
    judgement: Judgement
    opening: re.Pattern[str] | None
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def fits(self, stage: str, text: str) -> bool:
        return (
            (not self.rule.stage or stage in self.rule.stage)
            and (self.opening is None or self.opening.match(text) is not None)
            and (self.words is None or self.words.search(text) is not None)
            and (self.unless is None or self.unless.search(text) is None)
        )


@cache
def _table() -> _Rules:
    return msgspec.toml.decode(files("corpus").joinpath("roles.toml").read_bytes(), type=_Rules)


@cache
def _rules() -> tuple[_Compiled, ...]:
    table = _table()

    def compiled(pattern: str | None) -> re.Pattern[str] | None:
        if pattern is None:
            return None
        for name, phrase in table.phrases.items():
            pattern = pattern.replace("{" + name + "}", f"(?:{phrase})")
        return re.compile(pattern, re.IGNORECASE)

    return tuple(
        _Compiled(
            rule,
            Judgement(role=rule.role, voice=rule.voice, reason=rule.why),
            compiled(rule.opening),
            compiled(rule.words),
            compiled(rule.unless),
        )
        for rule in table.rule
    )


def judge(words: str, stage: Stage | None) -> Judgement:
    """The first rule that fits these words in this stage of a decision.

    Args:
        words: The paragraph's text and items.
        stage: What its headings opened, or None under no known heading.
    """
    text = words.replace("’", "'").replace("\n", " ")
    return next(c.judgement for c in _rules() if c.fits(stage.value if stage else "", text))


@cache
def _party_reports() -> re.Pattern[str]:
    phrases = _table().phrases
    return re.compile(
        rf"(?:{phrases['person']}|{phrases['body']}) (?:also |again |has |had |now )?"
        rf"{phrases['says']}\b"
        rf"|(?:in (?:its|his|her|their) (?:response|reply|comments))",
        re.IGNORECASE,
    )


def reports_a_party(sentence: str) -> bool:
    """Whether a sentence opens with what a party says, and is thus not the Ombudsman's own word.

    >>> reports_a_party("Ms F says the Council failed to reach a decision.")
    True
    >>> reports_a_party("There is no evidence that Ms F was told.")
    False
    """
    return _party_reports().match(sentence.replace("’", "'")) is not None
