"""Voices: whose word each sentence of a paragraph is."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from corpus.grammar import Parsed, Subject, Verb, parse
from corpus.model import Voice
from corpus.speakers import content_pattern, names_in, speakers


class Utterance(Struct, frozen=True):
    """One sentence as heard.

    Attributes:
        party: Who speaks or acts in it; OMBUDSMAN where no party does.
        said: Whether the party speaks in it.
        record: Whether it is read out from a paper of the body's.
        turned: Whether the party turns to somebody, as in "She wrote to the Council."
        quoted: The share of the paragraph that it gives between quotation marks.
    """

    party: Voice
    said: bool
    record: bool = False
    turned: bool = False
    quoted: float = 0


_NOBODY = Utterance(Voice.OMBUDSMAN, said=False)
"""A sentence of the Ombudsman's own, in which no party speaks or acts."""

_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
# One set of marks goes before everything else, so that all other letters are passed over at once.
_END = re.compile(r"[.?!\n](?:(?<=\n)|(?<=[.?!])[”\"’']?\s+(?=[“\"‘']?[A-Z]))")
_NEAR = 10
"""Words that may stand between a subject and its verb: a date, an adverb, a few words."""

_OWN = re.compile(r"There (?:is|was|are|were)\b|Nothing\b|Nobody\b|No |Whether |If |Even ")
"""How a sentence begins that is the Ombudsman's own, whoever is mentioned in it."""

_OWN_PAPER = frozenset("his her".split())
"""What stands before the paper of the person just spoken of."""

_RELATIVE = frozenset(
    "point points concern concerns issue issues information matter matters evidence thing things"
    " all what everything word words reason reasons view views way error errors".split()
)
"""What stands before a name whose verb is no sentence's: "the points Ms B raised"."""

_PARTIES = {
    "titled": Voice.COMPLAINANT,
    "complainant": Voice.COMPLAINANT,
    "third_person": Voice.THIRD_PARTY,
    "third_body": Voice.THIRD_PARTY,
    "body": Voice.AUTHORITY,
    "staff": Voice.AUTHORITY,
    "record": Voice.AUTHORITY,
    "ombudsman": Voice.OMBUDSMAN,
}


# A titled name is two words or four, and stands in most sentences of its decision.
_names_in = lru_cache(maxsize=1024)(names_in)


def sentences(words: str) -> list[str]:
    """The sentences of some words, by a rule that is quick and good enough to judge by."""
    ends = [m.end() for m in _END.finditer(words)]
    pieces = (words[a:b].strip() for a, b in pairwise((0, *ends, len(words))))
    if "“" not in words:
        return [piece for piece in pieces if piece]
    found: list[str] = []
    for piece in pieces:
        if found and found[-1].count("“") > found[-1].count("”"):
            found[-1] += f" {piece}"
        elif piece:
            found.append(piece)
    return found


def utterances(words: str, complainants: frozenset[str] = frozenset()) -> tuple[Utterance, ...]:
    """Each sentence of a paragraph as heard; items after a colon belong to the one before it.

    Args:
        words: Text and items, apostrophes straight.
        complainants: Their titled names; where none is known, anybody with a title is one.

    >>> [(u.party.value, u.said) for u in utterances("Mr B rang on 4 May. The nurse said no.")]
    [('complainant', False), ('third_party', True)]
    """
    text, _, items = words.partition("\n")
    if items and not text.endswith(":"):
        text = words
    listener = _Listener(complainants)
    heard = []
    for sentence in sentences(text):
        utterance = listener.hear(sentence)
        if utterance.said and ("“" in sentence or '"' in sentence):
            quoted = sum(map(len, _QUOTED.findall(sentence))) / len(words)
            utterance = replace(utterance, quoted=quoted)
        heard.append(utterance)
    return tuple(_joined(heard))


def _joined(heard: Sequence[Utterance]) -> Iterator[Utterance]:
    """Counts "She wrote to the Council." as saying where what she said follows or went before."""
    for i, u in enumerate(heard):
        if u.turned:
            beside = (*heard[max(0, i - 1) : i], *heard[i + 1 : i + 2])
            if any(b.said and not b.record and b.party is u.party for b in beside):
                yield Utterance(u.party, said=True, record=u.record)
                continue
        yield u


class _Listener:
    """Goes through the sentences once and remembers who he, she and it are."""

    def __init__(self, complainants: frozenset[str]) -> None:
        self._complainants = complainants
        self._person = Voice.COMPLAINANT
        self._thing = Voice.AUTHORITY
        self._paper = False
        self._others: set[str] = set()

    def hear(self, sentence: str) -> Utterance:
        """Who speaks in the next sentence, or who acts in it."""
        if _OWN.match(sentence):
            return _NOBODY
        heard = parse(sentence)
        for subject in heard.named:
            if subject.kind == "third_person":
                self._others.update(subject.words.split())
        if not heard.named:
            self._recall(heard.owners, heard)
            return _NOBODY
        return self._speech(heard) or self._act(heard)

    def _speech(self, heard: Parsed) -> Utterance | None:
        """Who speaks in the sentence, if somebody does."""
        actor = heard.named[0]
        shown: Subject | None = None
        for verb in heard.verbs:
            subject = _subject_of(verb, heard)
            if subject is None:
                continue
            if subject is not actor and subject.kind in ("person", "thing"):
                self._recall([actor], heard)
            own = (
                subject.kind == "record"
                and subject.start > 0
                and heard.words[subject.start - 1].lower() in _OWN_PAPER
            )
            party = self._person if own else self._party(subject, heard.owners)
            if not _is_saying(verb, party, heard):
                continue
            if subject.kind == "record" and verb.kind == "carrier":
                shown = shown or subject  # "The notes show that Mr B said so" is his word.
            else:
                return self._heard(subject, party, said=True)
        return self._heard(shown, self._party(shown, heard.owners), said=True) if shown else None

    def _act(self, heard: Parsed) -> Utterance:
        """Who acts in the sentence, where nobody speaks."""
        actor = _in_clause(heard) or heard.named[0]
        if actor.start > _NEAR or _unknown_speaks(heard):
            return _NOBODY
        party = self._party(actor, heard.owners)
        told = self._heard(actor, party, said=False, turned=_turns(actor, heard))
        for other in heard.named[1:]:
            lead = heard.words[max(0, other.start - 4) : other.start]
            wrote = other.kind == "record" and party is not Voice.THIRD_PARTY
            if "from" in lead or "by" in lead or (wrote and lead[-1] in ("a", "an")):
                self._recall([other], heard)
        return told

    def _recall(self, subjects: Sequence[Subject], heard: Parsed) -> None:
        for subject in subjects:
            self._remember(subject, self._party(subject, heard.owners))

    def _heard(
        self, subject: Subject, party: Voice, *, said: bool, turned: bool = False
    ) -> Utterance:
        read = subject.kind == "record" or (subject.kind == "thing" and self._paper)
        self._remember(subject, party)
        return Utterance(party, said, read and party is Voice.AUTHORITY, turned)

    def _party(self, subject: Subject, owners: Sequence[Subject]) -> Voice:
        kind = subject.kind
        owner = _owner_of(subject, owners)
        if kind in ("staff", "record"):
            if owner:
                return self._party(owner, ())
            if kind == "staff" and subject.words in self._others:
                return Voice.THIRD_PARTY
        # A trust's doctor and a home's nurse speak for it; a council's adviser gives his own view.
        if kind == "third_person" and owner and owner.kind == "body":
            return Voice.THIRD_PARTY if "Council" in owner.words else Voice.AUTHORITY
        if kind == "titled" and self._complainants:
            others = self._complainants.isdisjoint(_names_in(subject.words))
            return Voice.THIRD_PARTY if others else Voice.COMPLAINANT
        if kind == "person":
            return self._person
        if kind == "thing":
            return self._thing
        return _PARTIES[kind]

    def _remember(self, subject: Subject, party: Voice) -> None:
        if subject.kind in ("titled", "complainant", "third_person", "staff"):
            self._person = party
        if subject.kind in ("third_person", "third_body", "body", "record"):
            self._thing = party
            self._paper = subject.kind == "record"
        if party is Voice.THIRD_PARTY:
            self._others.update(subject.words.split())


def _owner_of(subject: Subject, owners: Sequence[Subject]) -> Subject | None:
    """Whose it is: "the Trust" of "the Trust's ward manager"."""
    if not owners:
        return None
    near = [o for o in owners if o.end <= subject.start <= o.end + _NEAR // 3]
    return near[-1] if near else None


def _subject_of(verb: Verb, heard: Parsed) -> Subject | None:
    """Whose verb this is: the nearest subject's before it, or the sentence's."""
    before = [s for s in heard.named if s.end <= verb.start]
    own = next((s for s in before if s.kind == "ombudsman"), None)
    if not before or (
        own and not any(w.endswith(",") for w in heard.raw[own.end - 1 : verb.start])
    ):
        return None
    lead = heard.words[max(0, verb.start - 2) : verb.start]
    joined = lead[-1] in ("and", "but") or (lead[-1] in ("also", "then") and "and" in lead)
    if joined and before[0].start <= _NEAR:
        return before[0]
    last = before[-1]
    if verb.start > last.end + _NEAR:
        return None
    led = heard.words[last.start - 1] if last.start else ""
    related = last.kind in ("titled", "person") and led in _RELATIVE
    return None if related else last


def _in_clause(heard: Parsed) -> Subject | None:
    """The first subject whose by-clause is one of saying, as in "its adviser, who replied"."""
    begin = {v.start - 1 for v in heard.verbs if v.kind == "carrier"}
    for subject in heard.named if begin else ():
        if (
            subject.end in begin
            and heard.raw[subject.end] in ("who", "which")
            and heard.raw[subject.end - 1].endswith(",")
        ):
            return subject
    return None


def _unknown_speaks(heard: Parsed) -> bool:
    """Whether a saying stands before anybody whom we know: somebody else's then."""
    said = next((v for v in heard.verbs if v.kind == "say"), None)
    return said is not None and all(said.start < s.start for s in (*heard.named, *heard.owners))


def _has_content(verb: Verb, heard: Parsed) -> bool:
    """Whether what was said follows the verb."""
    after = heard.raw[verb.end - 1 : verb.end + 16]
    marks = after[0][len(heard.words[verb.end - 1]) :]
    return content_pattern().match(" ".join([marks, *after[1:]])) is not None


def _turns(actor: Subject, heard: Parsed) -> bool:
    """Whether the actor turns to somebody, or hands over a paper."""
    verbs = speakers().verbs
    after = heard.words[actor.start + 1 : actor.start + 25]
    return not verbs.turn.isdisjoint(after) or not (
        verbs.hand.isdisjoint(after) or verbs.papers.isdisjoint(after)
    )


def _is_saying(verb: Verb, party: Voice, heard: Parsed) -> bool:
    if party is Voice.OMBUDSMAN:
        return False
    if verb.kind == "opinion":
        return party is not Voice.AUTHORITY
    return verb.kind == "say" or _has_content(verb, heard)
