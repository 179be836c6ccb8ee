"""Roles: what each paragraph does, and whose word it is, by rules that a person can correct."""

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
from corpus.wording import Wording, needed, small, wording


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
    needs: tuple[str, ...] = ()
    unless: str | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    after: Role | None = None
    after_voice: Voice | None = None
    opens: Voice | None = None
    throughout: Voice | None = None


class _Rules(Struct, frozen=True):
    among: dict[str, frozenset[str]]
    needs: dict[str, tuple[str, ...]]
    phrases: dict[str, str | tuple[str, ...]]
    rule: tuple[Rule, ...]


class _Phrase(Struct, frozen=True):
    source: str
    wording: Wording
    among: frozenset[str]
    needs: tuple[str, ...]


_BETWEEN_WORDS = bytes(
    ord(" ") if chr(byte) in '.,;:!?()[]"-/0123456789%&*+=<>|' else byte for byte in range(256)
)
"""Turns marks and digits into spaces, and leaves all other letters of UTF-8 as they are."""

_RARE_BETWEEN_WORDS = "“”‘…—–£"
"""More such marks; these do not fit in a byte."""


def _tokens(text: str) -> frozenset[str]:
    """Those words of a text in small letters that a rule or a phrase asks for."""
    if not text.isascii():
        for mark in _RARE_BETWEEN_WORDS:
            text = text.replace(mark, " ")
    between = text.encode("utf-8", "surrogatepass").translate(_BETWEEN_WORDS)
    return _words_asked_for().intersection(between.decode("utf-8", "surrogatepass").split())


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
        self.lower = small(self.text)
        self._has: dict[str, bool] = {}

    def has(self, name: str) -> bool:
        """Whether a phrase of the table stands in it."""
        if name not in self._has:
            phrase = _phrases()[name]
            self._has[name] = (
                not (phrase.among and phrase.among.isdisjoint(self.tokens))
                and needed(phrase.needs, self.lower)
                and phrase.wording.stands_in(self.text, self.lower)
            )
        return self._has[name]

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Those of its words that a rule asks for, in small letters."""
        return _tokens(self.lower)

    @cached_property
    def heard(self) -> tuple[Utterance, ...]:
        return hear(self._words, self._complainants)


_Check = Callable[["_Paragraph"], bool]


class _Compiled(Struct, frozen=True):
    rule: Rule
    judged: Judgement
    checks: tuple[_Check, ...]

    def fits(self, paragraph: _Paragraph) -> bool:
        # Called for most rules and every paragraph: loops are quicker than all() and any() here.
        among = self.rule.among
        if among and among.isdisjoint(paragraph.tokens):
            return False
        for check in self.checks:  # noqa: SIM110
            if not check(paragraph):
                return False
        return True

    def judgement(self, paragraph: _Paragraph) -> Judgement:
        rule = self.rule
        if rule.hearing == "told":
            voice, how = told_by(paragraph.heard)
            return Judgement(role=rule.role, voice=voice, reason=f"{rule.why}; {how}")
        if rule.hearing == "speaker":
            return Judgement(role=rule.role, voice=first_speaker(paragraph.heard), reason=rule.why)
        return self.judged


def _checks(rule: Rule) -> Iterator[_Check]:
    """The conditions that a rule names besides `among`, the cheap ones first."""
    if rule.after is not None:
        yield (
            lambda p: (
                p.before is not None
                and (p.before.role is rule.after and rule.after_voice in (None, p.before.voice))
            )
        )
    if rule.needs:
        yield lambda p: needed(rule.needs, p.lower)
    if opening := _compiled(rule.opening):
        yield lambda p: opening.opens(p.text, p.lower)
    if rule.has:
        yield lambda p: any(map(p.has, rule.has))
    if rule.lacks:
        yield lambda p: not any(map(p.has, rule.lacks))
    if words := _compiled(rule.words):
        yield lambda p: words.stands_in(p.text, p.lower)
    if unless := _compiled(rule.unless):
        yield lambda p: not unless.stands_in(p.text, p.lower)
    if opens := rule.opens:
        yield lambda p: bool(p.heard) and p.heard[0].said and p.heard[0].party is opens
    if throughout := rule.throughout:
        yield lambda p: speaks_throughout(p.heard, throughout)


@cache
def _table() -> _Rules:
    return msgspec.toml.decode(files("corpus").joinpath("roles.toml").read_bytes(), type=_Rules)


@cache
def _words_asked_for() -> frozenset[str]:
    table = _table()
    return frozenset().union(*table.among.values(), *(rule.among for rule in table.rule))


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which they are tried."""
    return _table().rule


@cache
def _phrases() -> dict[str, _Phrase]:
    table = _table()
    phrases: dict[str, _Phrase] = {}
    for name, source in {"body": f"(?-i:{body_pattern()})", **table.phrases}.items():
        patterns = (source,) if isinstance(source, str) else source
        full = [_filled(pattern, phrases) for pattern in patterns]
        among, needs = table.among.get(name, frozenset()), table.needs.get(name, ())
        phrases[name] = _Phrase("|".join(full), wording(full), among, needs)
    return phrases


def _filled(pattern: str, phrases: dict[str, _Phrase]) -> str:
    for name, phrase in phrases.items():
        pattern = pattern.replace("{" + name + "}", f"(?:{phrase.source})")
    return pattern


def _compiled(pattern: str | None) -> Wording | None:
    return wording([_filled(pattern, _phrases())]) if pattern else None


def needs() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Patterns that are tried only where one of their `needs` stands, with these."""
    for rule in rules():
        if rule.needs:
            yield _filled(rule.words or rule.opening or "", _phrases()), rule.needs
    for phrase in _phrases().values():
        if phrase.needs:
            yield phrase.source, phrase.needs


@cache
def _rules() -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(
            rule,
            Judgement(role=rule.role, voice=rule.voice, reason=rule.why),
            tuple(_checks(rule)),
        )
        for rule in _table().rule
    )


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
    return next(filter(lambda rule: rule.fits(paragraph), tried)).judgement(paragraph)


def reports_a_party(sentence: str) -> bool:
    """Whether a sentence is what a party says, and is thus not the Ombudsman's own word.

    >>> reports_a_party("Ms F says the Council failed to reach a decision.")
    True
    >>> reports_a_party("There is no evidence that Ms F was told.")
    False
    """
    heard = hear(sentence.replace("’", "'").replace("\n", " "))
    return bool(heard) and heard[0].said and not heard[0].record
