"""Findings: what the Ombudsman found of each issue, and whether it caused injustice."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.model import Decision, Paragraph, Role, Section, Span
from corpus.records import Finding, FindingKind
from corpus.sentences import sentence_spans

_SAME = 0.5
"""Two findings of one paragraph are one when their issues share more of their words than this."""

_LEAD = 60
"""In characters: what a sentence says before it finds names an issue when it is longer."""

_SUBJECT = 220
"""In characters: how far before the words that find it an issue may begin."""

_LONGEST = 2_000
"""In characters: of a longer sentence, which no writer meant, only the beginning is judged."""

_WORDS = re.compile(r"\w+")

_HEARD = frozenset({Role.FINDING, Role.DECISION})

_NO_ISSUE = frozenset(
    "the a an of to in on at by for with from and or that this it its was were is are be been not"
    " no had has have did do does as their his her he she they there which who would could any all"
    " so council councils trust authority school provider mr mrs ms miss complaint fault".split()
)


class FindingRule(Struct, frozen=True, kw_only=True):
    """One row of ``findings.toml``.

    Attributes:
        finding: What a sentence finds that it fits.
        pattern: What must stand in the sentence.
        needs: Words in small letters: every sentence that the pattern fits has one of them.
        examples: Sentences that it must fit.
        unless: What must stand nowhere in the sentence.
    """

    finding: FindingKind
    pattern: str
    needs: frozenset[str]
    examples: tuple[str, ...]
    unless: str | None = None


class InjusticeRule(Struct, frozen=True, kw_only=True):
    """A wording that says there was, or was no, injustice."""

    says: bool
    pattern: str
    examples: tuple[str, ...]


class _Table(Struct, frozen=True, kw_only=True):
    phrases: dict[str, str]
    wording: dict[str, str]
    injustice: tuple[InjusticeRule, ...]
    rule: tuple[FindingRule, ...]


class _Said(Struct, frozen=True, kw_only=True):
    """What one sentence finds; no issue where it only points to what was said before."""

    sentence: Span
    finding: FindingKind
    issue: Span | None


@cache
def wording() -> _Table:
    """What ``findings.toml`` says."""
    return msgspec.toml.decode(files("corpus").joinpath("findings.toml").read_bytes(), type=_Table)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of ``findings.toml`` with the phrases that it names, for words in small letters."""
    for name, phrase in wording().phrases.items():
        # A group's name may stand but once in a pattern; its further issues are issue_1 and so on.
        for _ in range(pattern.count("{" + name + "}")):
            taken = len(re.findall(r"\(\?P<", pattern))
            fresh = re.sub(r"\?P<(\w+)>", rf"?P<\1_{taken}>", phrase) if taken else phrase
            pattern = pattern.replace("{" + name + "}", fresh, 1)
    return re.compile(pattern)


def _says(name: str, text: str) -> bool:
    return compiled(wording().wording[name]).search(text) is not None


def _plain(words: str) -> str:
    """The words in small letters, apostrophes straight: as long, so that spans hold in both."""
    # Of all letters this one alone becomes two in small.
    return words.replace("’", "'").replace("İ", "i").lower()


def findings_of(decision: Decision) -> Iterator[Finding]:
    """What was found, in order: one for each issue of each paragraph that finds something.

    The decision's own paragraphs are heard only on what no finding before them says; paragraphs of
    other roles only where the writer says what was not looked into.
    """
    found: list[Finding] = []
    for section, paragraph in decision.paragraphs():
        words = paragraph.words
        for finding in _in_paragraph(section, paragraph):
            if paragraph.role is Role.DECISION and found and not _is_new(finding, words, found):
                continue
            found.append(finding)
            yield finding


def _is_new(finding: Finding, words: str, found: Sequence[Finding]) -> bool:
    """Whether the decision's paragraph says of some issue what nothing before it says."""
    sentence = words[finding.span.start : finding.span.end]
    named = finding.issue in sentence and len(_content(finding.issue)) > 0
    return (
        named
        and not re.search(r"\bcomplaint\b|\bjustice\b", finding.issue, re.IGNORECASE)
        and finding.finding not in {f.finding for f in found if _alike(f.issue, finding.issue)}
        and finding.finding is FindingKind.NOT_INVESTIGATED
    )


def _in_paragraph(section: Section, paragraph: Paragraph) -> Iterator[Finding]:
    words = paragraph.words
    text = _plain(words)
    if paragraph.role not in _HEARD and not _says("own_choice", text):
        return
    sentences = list(sentence_spans(words))
    said = list(_merged(_sayings(paragraph.role, text, sentences), text))
    for index, saying in enumerate(said):
        following = said[index + 1].sentence.start if index + 1 < len(said) else len(words)
        injustice = None
        if saying.finding is FindingKind.FAULT:
            after = (s for s in sentences if saying.sentence.start <= s.start < following)
            injustice = _injustice(text[s.start : s.end] for s in after)
        for issue in _issues(section, words, saying):
            yield Finding(
                paragraph=paragraph.number,
                span=saying.sentence,
                issue=issue,
                finding=saying.finding,
                injustice=injustice,
            )


def _sayings(role: Role, text: str, sentences: Iterable[Span]) -> Iterator[_Said]:
    """What each sentence of a paragraph finds, as far as its role lets it find anything."""
    for sentence in sentences:
        heard = text[sentence.start : min(sentence.end, sentence.start + _LONGEST)]
        saying = _verdict(heard) if role in _HEARD or _says("own_choice", heard) else None
        if saying is None or not (role in _HEARD or saying[0] is FindingKind.NOT_INVESTIGATED):
            continue
        finding, issue = saying
        yield _Said(
            sentence=sentence,
            finding=finding,
            issue=Span(sentence.start + issue.start, sentence.start + issue.end) if issue else None,
        )


def verdict(sentence: str) -> tuple[FindingKind, Span | None] | None:
    """What one sentence finds, and which of its characters name the issue.

    >>> verdict("There was no fault in the survey.")
    (<FindingKind.NO_FAULT: 'no_fault'>, Span(start=22, end=32))
    >>> verdict("Mr Q says the Trust was at fault.") is None
    True
    """
    return _verdict(_plain(sentence[:_LONGEST]))


def _verdict(text: str) -> tuple[FindingKind, Span | None] | None:
    words = frozenset(_WORDS.findall(text))
    for rule in wording().rule:
        if (
            not rule.needs.isdisjoint(words)
            and (found := compiled(rule.pattern).search(text))
            and not (rule.finding is FindingKind.FAULT and _says("denial", text))
            and not (rule.unless and compiled(rule.unless).search(text))
        ):
            reported = _says("reporting", text) and not _says("admitting", text)
            if reported or _says("supposing", text):
                return None
            return rule.finding, _issue_of(found, text)
    return None


def _issue_of(found: re.Match[str], text: str) -> Span | None:
    """The issue that a match names, else what leads up to it, unless they point elsewhere."""
    first = found.start()
    for name in found.re.groupindex:
        start, end = found.span(name)
        if name.startswith("before") and end >= 0:
            start = first = _subject_start(text, end)
        piece = text[start:end]
        if piece and not _points(piece):
            return Span(end - len(piece.lstrip(" ,")), start + len(piece.rstrip(" ,.")))
    lead = re.sub(r",? (?:so|and|but|because)$", "", text[:first].rstrip(" ,"))
    return Span(0, len(lead)) if len(lead) > _LEAD and not _points(lead) else None


def _subject_start(text: str, end: int) -> int:
    """Where a subject begins that ends there: after a stop, and not too far before."""
    return max(text.rfind(";", 0, end) + 1, text.rfind(":", 0, end) + 1, end - _SUBJECT, 0)


def _points(piece: str) -> bool:
    words = {w for w in re.findall(r"[a-z']+", piece.lower()) if len(w.removesuffix("'s")) > 1}
    return words <= set(wording().wording["pointing"].split())


def _content(issue: str) -> set[str]:
    return {w[:6] for w in re.findall(r"[a-z]{3,}", issue.lower()) if w not in _NO_ISSUE}


def _alike(one: str, other: str) -> bool:
    a, b = _content(one), _content(other)
    return not a or not b or len(a & b) / min(len(a), len(b)) > _SAME


def _merged(sayings: Iterator[_Said], words: str) -> Iterator[_Said]:
    """Sayings of one kind as one, where they are about the same or one only points to the other."""
    kept: list[_Said] = []
    for saying in sayings:
        for index, before in enumerate(kept):
            if before.finding is saying.finding and _same(before, saying, words):
                if not _named_by(before, words) and _named_by(saying, words):
                    kept[index] = saying
                break
        else:
            kept.append(saying)
    yield from kept


def _named_by(saying: _Said, words: str) -> bool:
    return saying.issue is not None and bool(_content(words[saying.issue.start : saying.issue.end]))


def _same(one: _Said, other: _Said, words: str) -> bool:
    concluding = _says("concluding", words[other.sentence.start : other.sentence.end])
    if one.issue is None or other.issue is None or concluding:
        return True
    a, b = (words[i.start : i.end] for i in (one.issue, other.issue))
    return _alike(a, b)


def _issues(section: Section, words: str, saying: _Said) -> Iterator[str]:
    """What a saying is about: the pieces of its sentence, else the heading, else the sentence."""
    sentence = words[saying.sentence.start : saying.sentence.end]
    if saying.finding is FindingKind.FAULT and (listed := _listed(sentence)):
        pieces = re.split(wording().wording["splits"], listed)
        yield from (piece for piece in pieces if piece.strip())
    elif saying.issue is not None:
        issue = words[saying.issue.start : saying.issue.end]
        several = saying.finding is FindingKind.NOT_INVESTIGATED
        yield from re.split(wording().wording["alternatives"], issue) if several else (issue,)
    elif not _says("general_heading", _plain(section.heading)):
        yield section.heading
    else:
        yield sentence


def _listed(sentence: str) -> str:
    """The list of several issues in a sentence, or nothing."""
    found = compiled(wording().wording["listed"]).search(_plain(sentence[:_LONGEST]))
    return sentence[slice(*found.span("issue"))] if found else ""


def injustice_in(sentence: str) -> bool | None:
    """Whether a sentence says that there was injustice; None if it says nothing of it.

    >>> injustice_in("The wait caused Ms Q distress."), injustice_in("The gate is green.")
    (True, None)
    """
    return _injustice([_plain(sentence)])


def _injustice(sentences: Iterable[str]) -> bool | None:
    """What the first sentence that speaks of injustice says of it; None if none does."""
    for text in sentences:
        for rule in wording().injustice:
            if compiled(rule.pattern).search(text[:_LONGEST]):
                return rule.says
    return None
