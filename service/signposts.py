"""Signposts: who helps when somebody is in danger now, and next steps that decisions support."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from corpus.citation import Citation, cite
from corpus.model import Paragraph, Role, Span, Voice
from corpus.sentences import sentence_spans
from corpus.wording import small
from index.digests import digest_of_decision
from index.found import Found
from index.tables import Stored
from service.signpost_file import (
    BadSignposts,
    Contact,
    Emergency,
    SourcePage,
    Step,
    plain_sentences,
    read_signposts,
)

log = logging.getLogger(__name__)

__all__ = ["BadSignposts", "Contact", "NextStep", "Signposts", "SourcePage", "Support", "Urgent"]

BUNDLED = Path(str(files("service").joinpath("signposts.toml")))

MOST = 3
"""The most next steps in one answer."""

_TELLING = frozenset({Role.LAW, Role.POWERS, Role.METHOD, Role.DECISION})
"""Roles of the paragraphs that may support a next step."""

_VOICES = frozenset({Voice.OMBUDSMAN, Voice.LAW, Voice.AUTHORITY})
"""Whose word such a paragraph must be."""

_GENERAL = frozenset({Role.LAW, Role.POWERS})
"""Those of them that speak of anyone's case; they are quoted sooner than the others."""

_LEANS_BACK = re.compile(r"(?:it|this|that|these|those|they|such|so)\b", re.IGNORECASE)
_LAW_BEFORE = re.compile(r"\((?:[^()]|\([^()]{0,9}\)){1,150}\) ")
"""A citation of law that belongs to the sentence before, as ``(Housing Act 1996, section 202)``."""


class Urgent(Struct, frozen=True, kw_only=True):
    """Who helps at once; it stands above an answer and never replaces it.

    Attributes:
        key: Its name in the file.
        text: What to do, in plain English.
        contacts: The most urgent first.
        reviewed: When somebody last checked it.
    """

    key: str
    text: str
    contacts: tuple[Contact, ...]
    reviewed: date


class Support(Struct, frozen=True, kw_only=True):
    """The words of a decision that bear out a next step.

    Attributes:
        citation: The paragraph.
        text: The words, exactly as published.
        start: Where they begin in the paragraph's words, in characters (Unicode code points).
        end: Where they end.
    """

    citation: Citation
    text: str
    start: int
    end: int


class NextStep(Struct, frozen=True, kw_only=True):
    """What the person may do next.

    Attributes:
        key: Its name in the file.
        title: The step in a few words.
        text: The step in plain English.
        sources: Where public bodies themselves say more.
        reviewed: When somebody last checked it.
        support: Where a decision that was found says so.
    """

    key: str
    title: str
    text: str
    sources: tuple[SourcePage, ...]
    reviewed: date
    support: Support


@dataclass(frozen=True, slots=True)
class Signposts:
    """A file of signposts, loaded and checked; may be used from several threads.

    Attributes:
        emergencies: For danger now.
        steps: Next steps.
    """

    emergencies: tuple[Emergency, ...]
    steps: tuple[Step, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> "Signposts":
        """Read a file, or the bundled one, and try each entry on its own examples.

        Raises:
            BadSignposts: It cannot be used. Names the file, the entry and what
                is wrong.
        """
        return cls(*read_signposts(path or BUNDLED))

    def urgent(self, question: str) -> Urgent | None:
        """Who helps at once, where the question says that somebody is in danger now."""
        sentences = plain_sentences(question)
        for emergency in self.emergencies:
            if emergency.is_called_for_by(sentences):
                entry = emergency.entry
                return Urgent(
                    key=entry.key,
                    text=entry.text,
                    contacts=entry.contacts,
                    reviewed=entry.reviewed,
                )
        return None

    def next_steps(self, question: str, found: Sequence[Found]) -> tuple[NextStep, ...]:
        """At most `MOST` steps that the question calls for and a decision found bears out.

        They come in the order of the file. A decision that does not fit the digest taken when it
        was stored bears out nothing, which is logged.
        """
        sentences = plain_sentences(question)
        steps: list[NextStep] = []
        for step in self.steps:
            if step.is_called_for_by(sentences) and (support := _support(step, found)):
                steps.append(_shown(step, support))
                if len(steps) == MOST:
                    break
        return tuple(steps)


def _shown(step: Step, support: Support) -> NextStep:
    entry = step.entry
    return NextStep(
        key=entry.key,
        title=entry.title,
        text=entry.text,
        sources=entry.sources,
        reviewed=entry.reviewed,
        support=support,
    )


def _support(step: Step, found: Sequence[Found]) -> Support | None:
    """The first sentence that says so; law and powers before what was done in one case."""
    told = [
        (stored, section, paragraph)
        for stored in _one_of_each_decision(found)
        if not step.entry.publishers or stored.decision.publisher in step.entry.publishers
        for section, paragraph in stored.decision.paragraphs()
        if paragraph.role in _TELLING and paragraph.voice in _VOICES
    ]
    for stored, section, paragraph in sorted(told, key=lambda t: t[2].role not in _GENERAL):
        span = _sentence(step, paragraph)
        if span and _is_unaltered(stored):
            return Support(
                citation=cite(stored.decision, section, paragraph),
                text=paragraph.words[span.start : span.end],
                start=span.start,
                end=span.end,
            )
    return None


def _sentence(step: Step, paragraph: Paragraph) -> Span | None:
    """The sentence that says so, with the one before where it leans on that."""
    # A list item says little without the line that opens its list, so none is quoted.
    text = paragraph.text
    if not step.may_stand_in(small(text)):
        return None
    before: Span | None = None
    for span in sentence_spans(text):
        sentence = text[span.start : span.end]
        if step.is_borne_out_by(sentence):
            if before and _LEANS_BACK.match(sentence):
                return Span(before.start, span.end)
            cited = _LAW_BEFORE.match(sentence)
            return Span(span.start + (cited.end() if cited else 0), span.end)
        before = span
    return None


def _one_of_each_decision(found: Sequence[Found]) -> list[Stored]:
    """One stored paragraph of each decision, in the order in which they were found."""
    first: dict[str, Stored] = {}
    for one in found:
        first.setdefault(one.stored.decision.decision_id, one.stored)
    return list(first.values())


def _is_unaltered(stored: Stored) -> bool:
    """Whether a decision is as it was when the snapshot was built; if not, that is reported."""
    if digest_of_decision(stored.decision) == stored.decision_sha256:
        return True
    log.error("next step withheld: %s does not fit its digest", stored.decision.decision_id)
    return False
