"""Remedies: what was agreed to put matters right, and what had been done already."""

import re
from collections.abc import Iterator
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from corpus.headings import Stage, known_heading
from corpus.model import Decision, Paragraph, Role, Section, Span
from corpus.records import Remedy, RemedyKind
from corpus.remedy_words import (
    KindRule,
    compiled,
    deadline_in,
    done_rules,
    kind_of,
    names_in,
    plain,
    say,
    sum_in,
    whom,
)
from corpus.sentences import sentence_spans

_JOINING = frozenset("and or then also to will".split())
_MARK = re.compile(r"\(?[A-Za-z0-9]{1,3}\)")
_BEFORE = 80
"""In characters: how far before a verb its subject or denial is looked for."""
_LONGEST = 2_000
"""In characters: of a longer sentence, which no writer meant, only the beginning is read."""
_NAMED = 4_000
"""In characters: how far before a pronoun whom it means is looked for in one paragraph."""
_DONE_ROLES = frozenset({Role.FACTS, Role.RESPONSE, Role.FINDING, Role.REMEDY})


class _Clause(Struct, frozen=True, kw_only=True):
    """One thing to be done; ``joined`` ones go on from the last: "refund the fee and apologise"."""

    start: int
    end: int
    deadline: str | None
    joined: bool


def remedies_of(decision: Decision) -> Iterator[Remedy]:
    """What was agreed, then what had been done already, each in order.

    A thing that several paragraphs say was done is yielded for each of them. Sums are only those
    that are written; a pronoun is replaced by the one person named before it who can be meant.
    """
    agreed = list(_agreed(decision))
    yield from agreed
    for _, paragraph in decision.paragraphs():
        if paragraph.role in _DONE_ROLES:
            for remedy in _done_in(paragraph):
                # "It has agreed to pay" is a remedy agreed where nothing else says what was.
                if not any(_overlap(remedy, other) for other in agreed):
                    yield remedy


def _overlap(one: Remedy, other: Remedy) -> bool:
    return (
        one.paragraph == other.paragraph
        and one.span.start < other.span.end
        and other.span.start < one.span.end
    )


# --- What was agreed ---------------------------------------------------------------------------


def _agreed(decision: Decision) -> Iterator[Remedy]:
    """What the paragraphs on remedies say; where there are none, what others say was agreed to."""
    paragraphs = list(decision.paragraphs())
    roles = {Role.REMEDY} & {p.role for _, p in paragraphs} or {Role.FINDING, Role.DECISION}
    carried: str | None = None
    listed = False
    named: list[str] = []
    for section, paragraph in paragraphs:
        if paragraph.role not in roles:
            continue
        owned = paragraph.role is Role.REMEDY and _stage(section) is Stage.REMEDY
        found: list[Remedy] = []
        for clause in _clauses(paragraph, owned=owned, listed=listed):
            _take(clause, paragraph, found, named, carried)
        yield from found
        if not found:
            listed = True
            carried = deadline_in(paragraph.words) or carried
        named = names_in(paragraph.words) or named


def _stage(section: Section) -> Stage | None:
    known = [k for heading in section.heading_path if (k := known_heading(heading))]
    return known[-1].stage if known else None


def _clauses(paragraph: Paragraph, *, owned: bool, listed: bool) -> Iterator[_Clause]:
    """What is to be done, sentence by sentence.

    Args:
        paragraph: It.
        owned: Whether it stands in the part on remedies, where "should" is a promise too.
        listed: Whether a paragraph before it announced a list.
    """
    words = plain(paragraph.words)
    if paragraph.role is not Role.REMEDY and not say("agreeing").search(words):
        return
    lead: str | None = None
    bare = (listed and words[:1].islower()) or say("imperative").match(words) is not None
    open_list = owned and bare
    in_items = False
    for sentence in _sentences(words):
        first = sentence.start == 0 or words[sentence.start - 1] == "\n"
        in_items = in_items or (first and sentence.start > 0)
        if say("refusal").search(words, sentence.start, sentence.end):
            continue
        starts = list(_undertakings(words, sentence, owned=owned, role=paragraph.role))
        if not starts and not (first and open_list):
            continue
        deadline = deadline_in(words[sentence.start : starts[0][0]]) if starts else None
        deadline = deadline or (lead if in_items else None)
        if words[sentence.end - 1] == ":" or _announces(words, starts, sentence):
            deadline = lead = deadline_in(words[sentence.start : sentence.end])
            open_list = True
        opens = [opening for _, opening in starts] or [sentence.start]
        ends = [start for start, _ in starts[1:]] + [sentence.end]
        for opening, end in zip(opens, ends, strict=True):
            yield from _split(words, opening, end, deadline)


def _sentences(words: str) -> Iterator[Span]:
    for sentence in sentence_spans(words):
        yield Span(sentence.start, min(sentence.end, sentence.start + _LONGEST))


def _undertakings(
    words: str, sentence: Span, *, owned: bool, role: Role
) -> Iterator[tuple[int, int]]:
    """Where each undertaking of a sentence begins, and where what it promises begins."""
    for name in ("undertaking", "recommending"):
        for found in say(name).finditer(words, sentence.start, sentence.end):
            said = found.group().lower()
            # Outside of the part on remedies "should" states a standard, and not a promise; and
            # outside of paragraphs on remedies a body's "will" may be about anything.
            if not owned and re.search(r"\b(?:should|must|shall)\b", said):
                continue
            if role is not Role.REMEDY and not say("agreeing").search(said):
                continue
            if not say("not_after").search(words[max(0, found.start() - _BEFORE) : found.start()]):
                yield found.start(), found.end()


def _announces(words: str, starts: list[tuple[int, int]], sentence: Span) -> bool:
    return bool(starts) and _announced(words[starts[-1][1] : sentence.end].strip(" ,:"))


def _split(words: str, start: int, end: int, deadline: str | None) -> Iterator[_Clause]:
    """The clauses of one undertaking: cut before each verb of another kind and each further sum."""
    cuts = [start, *(found.end() for found in say("joint").finditer(words, start, end))]
    for found in say("and_sum").finditer(words, start, end):
        clause = words[max(c for c in cuts if c <= found.start() or c == start) : found.start()]
        part = say("parts_of_a_sum").search(clause) or say("in_all").match(words, found.end())
        if sum_in(clause) is not None and not part:
            cuts.append(found.end())
    cuts = sorted(set(cuts))
    for a, b in zip(cuts, [*cuts[1:], end], strict=True):
        if span := _trimmed(words, a, b):
            yield _Clause(start=span.start, end=span.end, deadline=deadline, joined=a > start)


def _trimmed(words: str, start: int, end: int) -> Span | None:
    """The same piece without marks and joining words at its ends; None if nothing is left."""
    kept = list(re.finditer(r"[^\s,;:.](?:\S*[^\s,;:.])?", words[start:end]))
    while kept and (kept[0].group().lower() in _JOINING or _MARK.fullmatch(kept[0].group())):
        kept.pop(0)
    while kept and kept[-1].group().lower() in _JOINING:
        kept.pop()
    return Span(start + kept[0].start(), start + kept[-1].end()) if kept else None


def _take(
    clause: _Clause,
    paragraph: Paragraph,
    found: list[Remedy],
    named: list[str],
    carried: str | None,
) -> None:
    """Add the remedy that a clause states, or the date that it sets for the one before."""
    text = paragraph.words[clause.start : clause.end]
    if _announced(text):
        return
    own = deadline_in(text)
    if found and say("again").match(plain(text)) and sum_in(text) is None:
        found[-1] = replace(found[-1], deadline=found[-1].deadline or own)
        return
    rule = kind_of(text)
    deadline = clause.deadline or (None if rule.evidence else carried)
    to = whom(rule, text, _named_before(paragraph.words, clause.start) or named)
    found.append(
        Remedy(
            paragraph=paragraph.number,
            span=Span(clause.start, clause.end),
            kind=rule.kind,
            amount_pence=sum_in(text) if rule.kind is RemedyKind.PAYMENT else None,
            to=to or (found[-1].to if clause.joined and found else None),
            # Its own date counts before its list's where it runs from an event of its own.
            deadline=own if own and (deadline is None or " of " in own) else deadline,
            done=False,
        )
    )


def _named_before(words: str, end: int) -> list[str]:
    return names_in(words[max(0, end - _NAMED) : end])


def _announced(text: str) -> bool:
    """Whether a clause only announces what is agreed, or is but a date."""
    found = say("announcement").match(plain(text))
    date = deadline_in(text)
    rest = say("of_decision").sub("", plain(text)[len(date) :]) if date else text
    return (found is not None and found.end() > 0) or not rest.strip(" ,")


# --- What had been done ------------------------------------------------------------------------


def _done_in(paragraph: Paragraph) -> Iterator[Remedy]:
    words = plain(paragraph.words)
    rules = done_rules(words)
    taken = 0
    for sentence in _sentences(words) if rules else ():
        text = words[sentence.start : sentence.end].lower()
        hits = [
            (Span(*found.span()), rule)
            for rule, needs in rules
            if any(need in text for need in needs)
            for found in compiled(rule.pattern).finditer(words, sentence.start, sentence.end)
        ]
        if not hits or say("whole").search(words, sentence.start, sentence.end):
            continue
        for said, rule in sorted(hits, key=itemgetter(0)):
            if said.start >= taken and not _undone(words, sentence.start, said.start):
                taken = said.end
                yield _done(paragraph, words, sentence, said, rule)


def _undone(words: str, sentence_start: int, start: int) -> bool:
    before = words[max(sentence_start, start - _BEFORE) : start]
    return bool(say("not_done").search(before) or say("not_by").search(before))


def _done(paragraph: Paragraph, words: str, sentence: Span, said: Span, rule: KindRule) -> Remedy:
    """The remedy done that some words of a sentence state, with the clause around them."""
    borders = list(say("end").finditer(words, sentence.start, sentence.end))
    first = max((b.end() for b in borders if b.end() <= said.start), default=sentence.start)
    last = min((b.start() for b in borders if b.start() >= said.end), default=sentence.end)
    clause = paragraph.words[first:last].rstrip(" ,;.:")
    return Remedy(
        paragraph=paragraph.number,
        span=Span(first, first + len(clause)),
        kind=rule.kind,
        amount_pence=sum_in(clause) if rule.kind is RemedyKind.PAYMENT else None,
        to=whom(rule, clause, _named_before(words, first)),
        deadline=None,
        done=True,
    )
