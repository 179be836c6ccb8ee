"""Law cited: which statutes, regulations and guidance a decision names, and where."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from corpus.law_words import Unit, found, named_in, pattern, short_name, table, units
from corpus.model import Paragraph, Span
from corpus.records import LawCited, LawKind
from corpus.wording import respelt

_STRAIGHT = dict(zip("‘’“”\u00a0\u2011–", "''\"\" --", strict=True))


class _Law(NamedTuple):
    kind: LawKind
    title: str

    def is_called(self, nouns: Sequence[str]) -> bool:
        return self.title.rstrip("0123456789 ").endswith(tuple(nouns))


class _Mention(Struct, frozen=True):
    """A title in the text; ``reach`` is the end of the short name that it introduces, if any."""

    start: int
    end: int
    reach: int
    law: _Law
    short: str = ""


class _Provision(Struct, frozen=True):
    """Numbered parts of one law, each with where it stands and how it is cited."""

    unit: Unit
    start: int
    end: int
    cites: tuple[tuple[Span, str], ...]


@dataclass
class _Known:
    """What a decision has named so far, by which its later short forms are understood."""

    titles: set[_Law]
    shorts: dict[str, _Law] = field(default_factory=dict)
    introduced: dict[str, _Law] = field(default_factory=dict)
    provisions: dict[str, set[_Law]] = field(default_factory=lambda: defaultdict(set))


def laws_cited(paragraphs: Iterable[Paragraph]) -> Iterator[LawCited]:
    """What law these paragraphs of one decision cite: a record for each provision, in order.

    A mention without a title ("section 47", "the Act") belongs to the law to which the text ties
    it: by an abbreviation it introduced, as the last one named in the same paragraph, or as the
    only one of which that very provision was cited before. Where there is none, no record.
    """
    drafts = [(p.number, respelt(p.words, _STRAIGHT)) for p in paragraphs]
    known = _Known({mention.law for _, text in drafts for mention in _titles(text, set())})
    for number, text in drafts:
        for at, (kind, title), cite in sorted(_cited(text, known), key=lambda c: c[0]):
            yield LawCited(paragraph=number, span=at, kind=kind, title=title, provision=cite)


def _cited(text: str, known: _Known) -> Iterator[tuple[Span, _Law, str | None]]:
    mentions = _mentions(text, known)
    tied = [*_tied(text, _provisions(text, mentions), mentions, known)]
    for provision, mention in tied:
        for at, cite in provision.cites:
            if mention:
                known.provisions[cite].add(mention.law)
                span = Span(min(at.start, mention.start), max(at.end, mention.end))
                yield span, mention.law, cite
    for provision, mention in tied:
        if not mention and not pattern("of_another_text").match(text, provision.end):
            before = [m.law for m in mentions if m.end <= provision.start]
            for at, cite in provision.cites:
                for law in _owner(provision.unit, cite, before, known):
                    yield at, law, cite
    used = {mention for _, mention in tied}
    yield from ((Span(m.start, m.end), m.law, None) for m in mentions if m not in used)


def _owner(unit: Unit, cite: str, before: list[_Law], known: _Known) -> list[_Law]:
    """The law of a provision that stands without a title, or none where it cannot be told."""
    if cite in known.introduced:
        return [known.introduced[cite]]
    same = known.provisions[cite]
    last = [law for law in before if law.is_called(unit.bare)]
    last = [law for law in last if law in same] or last
    return (last[-1:] or [*same] * (len(same) == 1)) if unit.bare else []


def _tied(
    text: str, provisions: list[_Provision], mentions: list[_Mention], known: _Known
) -> Iterator[tuple[_Provision, _Mention | None]]:
    """Each provision with the title that it is tied to by its grammar, if any."""
    chain: list[_Provision] = []
    for provision, following in zip(provisions, [*provisions[1:], None], strict=False):
        chain.append(provision)
        if following and pattern("chained").fullmatch(text, provision.end, following.start):
            continue
        ahead = next((m for m in mentions if m.start >= provision.end), None)
        behind = next((m for m in reversed(mentions) if m.reach <= chain[0].start), None)
        before = ahead and pattern("before_title").fullmatch(text, provision.end, ahead.start)
        after = behind and pattern("after_title").match(text, behind.reach)
        if after and after.end() != chain[0].start:
            behind = None
        # "Act A, section 1 and section 2 of Act B": the last belongs to B.
        last = ahead if before and (before["of"] or not behind) else behind
        if last and provision.cites[-1][0].end < provision.end:
            known.introduced[provision.cites[-1][1]] = last.law
        yield from ((part, behind or last) for part in chain[:-1])
        yield provision, last
        chain = []


def _mentions(text: str, known: _Known) -> list[_Mention]:
    """Every title in a paragraph, in full or short, in order and apart."""
    mentions = _titles(text, known.titles)
    known.shorts |= {m.short: m.law for m in mentions if m.short}
    for short, law in known.shorts.items():
        if short in text:
            for m in short_name(short).finditer(text):
                mentions.append(_Mention(m.start(), m.end(), m.end(), law))
    full = _apart(mentions)
    for m in found("generic", text):
        before = (f.law for f in full if f.end <= m.start())
        laws = [law for law in before if law.is_called([m["noun"]])][-1:]
        if m["year"]:
            laws = [w for w in known.titles if w.title.endswith(f" {m['noun']} {m['year']}")]
        if len(laws) == 1:
            mentions.append(_Mention(m.start(), m.end(), m.end(), laws[0]))
    return _apart(mentions)


def _apart(mentions: Iterable[_Mention]) -> list[_Mention]:
    """The mentions in order without those that begin inside another; the longer goes first."""
    kept: list[_Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.reach)):
        if not kept or mention.start >= kept[-1].reach:
            kept.append(mention)
    return kept


def _titles(text: str, known: set[_Law]) -> list[_Mention]:
    """Titles written out; one without its year only where ``known`` has just one of that name."""
    return _apart((*_named(text), *_formed(text, known)))


@lru_cache(maxsize=512)
def _named(text: str) -> tuple[_Mention, ...]:
    """Titles known by name; kept for a while, since each text is looked through twice."""
    mentions: list[_Mention] = []
    for m in named_in(text):
        named = table().named[(m.lastindex or 1) - 1]
        edition = pattern("edition").match(text, m.end())
        title = f"{named.title} {edition['year']}" if edition else named.title
        mentions.append(_mention(text, m.start(), (edition or m).end(), _Law(named.kind, title)))
    return tuple(mentions)


def _formed(text: str, known: set[_Law]) -> Iterator[_Mention]:
    """Titles that have the form of an Act's or of Regulations'."""
    for m in found("ending", text):
        start = _title_start(text, m.start())
        name = re.sub("Acts$", "Act", text[start : m.end("noun")])
        if start == m.start() or pattern("not_law").search(name):
            continue
        kind = LawKind.ACT if m["act"] else LawKind.REGULATIONS
        same = [law for law in known if law.title[:-5] == name]
        if m["year"]:
            end = m.end("year") if m["too"] else m.end()
            yield _mention(text, start, end, _Law(kind, f"{name} {m['year']}"))
            if m["too"]:
                yield _mention(text, m.start("too"), m.end(), _Law(kind, f"{name} {m['too']}"))
        elif len(same) == 1:
            yield _mention(text, start, m.end(), same[0])


def _mention(text: str, start: int, end: int, law: _Law) -> _Mention:
    """The mention with the name in brackets that it introduces: (“the Code”), (HRA)."""
    m = pattern("defined").match(text, end)
    short = (m["quoted"] or m["named"] or m["initials"]) if m else ""
    return _Mention(start, end, m.end() if m else end, law, short)


def _title_start(text: str, end: int) -> int:
    """Where the title begins whose last word stands at ``end``, walking back over its words."""
    start, after, joined = end, "", False
    for token in reversed([*pattern("title_word").finditer(text, max(0, end - 250), end)]):
        word = token[0]
        if pattern("connectors").match(f"{word} {after}"):
            joined = joined or word == "and"
        elif re.fullmatch(r"[A-Z][\w'&/-]*,?", word) and not pattern("outside").fullmatch(word):
            if word.endswith(",") and not joined:  # only "X, Y and Z Act" has a comma inside
                break
            start = token.start()
        elif not re.fullmatch(r"\(.+\)|[12]\d{3}", word) or not re.match(r"[A-Z(]|$", after):
            break
        after = word
    return start


def _provisions(text: str, mentions: list[_Mention]) -> list[_Provision]:
    """Every provision in a paragraph, in order, one inside another joined to it."""
    joined: list[_Provision] = []
    for provision in filter(None, (_numbered(text, m) for m in units().finditer(text))):
        after = not joined or joined[-1].end <= provision.start
        if after and not any(m.start < provision.end and provision.start < m.end for m in mentions):
            both = _nested(text, joined[-1], provision) if joined else None
            joined[-1:] = [both] if both else [*joined[-1:], provision]
    return joined


def _numbered(text: str, m: re.Match[str]) -> _Provision | None:
    """The provision whose kind of part ``m`` names, with all the numbers that follow."""
    unit = table().unit[(m.lastindex or 1) - 1]
    number = pattern("lettered", "{number}|{letter}") if unit.letters else pattern("number")
    plural = m[0].rstrip(". ")[1:].endswith("s")
    if not (n := number.match(text, m.end())):
        return None
    last, cites = n[0], [(Span(m.start(), n.end()), f"{unit.name} {n[0]}")]
    while joint := pattern("joint").match(text, n.end()):
        brackets = pattern("brackets").match(text, joint.end())
        more = brackets or number.match(text, joint.end())
        if not more or not (plural or re.search(r"\(|\d[A-Z]", more[0])):
            break
        at, cite = cites[-1]
        if joint["range"] or joint["dash"]:
            since = cite if brackets else f"{unit.name}s {last}"
            cites[-1] = (Span(at.start, more.end()), f"{since} to {more[0]}")
        else:
            last = _sibling(last, more[0]) if brackets else more[0]
            cites.append((Span(more.start(), more.end()), f"{unit.name} {last}"))
        n = more
    short = pattern("section_short").match(text, n.end())
    return _Provision(unit, m.start(), short.end() if short else n.end(), tuple(cites))


def _sibling(number: str, brackets: str) -> str:
    """The number with other brackets in the place of its last of their kind.

    >>> _sibling("149(1)(a)", "(b)"), _sibling("149(1)(a)", "(2)")
    ('149(1)(b)', '149(2)')
    """
    alike = r"\(\d\w*\)" if brackets[1].isdigit() else r"\([A-Za-z]+\)"
    places = [m.start() for m in re.finditer(alike, number)]
    return number[: places[-1]] + brackets if places else number + brackets


def _nested(text: str, first: _Provision, then: _Provision) -> _Provision | None:
    """The two as one where one is a part of the other: Schedule 2, Part 1."""
    between = text[first.end : then.start]
    (a, whole), (_, part) = first.cites[0], then.cites[0]
    if between in (" ", ", ") and first.unit.name in then.unit.within and len(first.cites) == 1:
        cites = [(Span(a.start, at.end), f"{whole}, {cite}") for at, cite in then.cites]
        return _Provision(then.unit, first.start, then.end, tuple(cites))
    if between in (" of ", " to ", " in ") and then.unit.name in first.unit.within:
        cites = [(Span(at.start, then.end), f"{part}, {cite}") for at, cite in first.cites]
        return _Provision(first.unit, first.start, then.end, tuple(cites))
    return None
