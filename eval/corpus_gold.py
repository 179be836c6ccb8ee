"""Corpus gold: what people read in decisions by hand, to hold a parse against."""

from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.model import Role, Voice
from corpus.records import FindingKind, RemedyKind


class GoldParagraph(Struct, frozen=True, rename={"number": "n"}):
    """One paragraph as it should be read."""

    number: int
    section: str
    text: str
    items: tuple[str, ...] = ()


class GoldDecision(Struct, frozen=True):
    """One decision as it should be read; unknown header fields are None."""

    file: str
    reference: str | None
    authority: str | None
    outcome: str | None
    date: str | None
    paragraphs: tuple[GoldParagraph, ...]
    summary: str | None = None


class GoldLabel(Struct, frozen=True):
    """What one paragraph does and whose word it is."""

    file: str
    paragraph: int
    role: Role
    voice: Voice
    boilerplate: bool


class GoldRemedy(Struct, frozen=True):
    """One thing agreed or done to put matters right; the sum in pounds.

    ``also_in`` names further paragraphs that say the same again.
    """

    paragraph: int
    kind: RemedyKind
    amount_gbp: float | None = None
    to: str | None = None
    deadline: str | None = None
    also_in: tuple[int, ...] = ()


class GoldRemedies(Struct, frozen=True):
    """The remedies of one decision."""

    file: str
    remedies: tuple[GoldRemedy, ...]
    already_done: tuple[GoldRemedy, ...] = ()


class GoldFinding(Struct, frozen=True):
    """What was found of one issue."""

    paragraph: int
    issue: str
    finding: FindingKind
    injustice: bool | None = None


class GoldFindings(Struct, frozen=True):
    """The findings of one decision."""

    file: str
    faults: tuple[GoldFinding, ...]


class CorpusGold(Struct, frozen=True, kw_only=True):
    """A folder of gold files; remedies and findings may be absent.

    Attributes:
        decisions: ``paragraphs.json``.
        labels: ``labels.jsonl``.
        remedies: ``remedies.json``.
        findings: ``faults.json``.
    """

    decisions: tuple[GoldDecision, ...]
    labels: tuple[GoldLabel, ...]
    remedies: tuple[GoldRemedies, ...]
    findings: tuple[GoldFindings, ...]


def read_gold(folder: Path) -> CorpusGold:
    """Read a folder of gold files.

    Raises:
        FileNotFoundError: ``paragraphs.json`` or ``labels.jsonl`` is not there.
        msgspec.ValidationError: A file has not the form that is wanted.
    """

    def optional(name: str) -> bytes:
        path = folder / name
        return path.read_bytes() if path.exists() else b"[]"

    decode = msgspec.json.decode
    return CorpusGold(
        decisions=decode((folder / "paragraphs.json").read_bytes(), type=tuple[GoldDecision, ...]),
        labels=tuple(
            decode(line, type=GoldLabel)
            for line in (folder / "labels.jsonl").read_bytes().splitlines()
            if line.strip()
        ),
        remedies=decode(optional("remedies.json"), type=tuple[GoldRemedies, ...]),
        findings=decode(optional("faults.json"), type=tuple[GoldFindings, ...]),
    )
