"""Build: decisions made into a snapshot, beside the current one, then switched to."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.findings import findings_of
from corpus.model import Decision, DecisionId
from corpus.passages import passages_of, sentences_of
from corpus.reader import ParseError
from corpus.records import Remedy
from corpus.remedies import remedies_of
from corpus.standard import with_standard_marked
from corpus.tokens import TokenCounter, count_language_model_tokens
from index.bm25 import Bm25
from index.digests import digest, digest_of_decision
from index.encoding import EncodingCache, Progress, Texts, known_vectors, silently
from index.faiss_store import FaissStore
from index.identity import settle
from index.manifest import FORMAT, Manifest
from index.names import names_of
from index.protocols import Encoder
from index.snapshot import (
    MANIFEST,
    PASSAGES,
    SENTENCES,
    TABLES,
    WORDS,
    NoSnapshot,
    Snapshot,
    checksums,
    make_current,
    open_current,
    open_snapshot,
    read_manifest,
)
from index.table_schema import write_tables
from index.tables import FindingRow, SpanRow


class NothingToBuild(RuntimeError):
    """No decision could be read from what was given."""


class BuildReport(Struct, frozen=True, kw_only=True):
    """What a build did.

    Attributes:
        snapshot: Its name.
        decisions: In the new snapshot.
        added: Decisions that were not there before.
        changed: Decisions that differ from before.
        removed: Decisions that are no longer there.
        kept: Decisions that are as before.
        set_aside: Files that were not read, each with its reason.
        passages: Vectors of paragraphs.
        sentences: Vectors of sentences.
        encoded: Texts that had to be encoded; the other vectors were kept.
        seconds: How long it took.
    """

    snapshot: str
    decisions: int
    added: int
    changed: int
    removed: int
    kept: int
    set_aside: tuple[str, ...]
    passages: int
    sentences: int
    encoded: int
    seconds: float


def build(
    read: Iterable[Decision | ParseError],
    encoder: Encoder,
    data: Path,
    *,
    sample: bool = False,
    progress: Progress = silently,
) -> BuildReport:
    """Build a snapshot and make it current. Whatever fails, the old one stays as it was.

    Args:
        read: Decisions, and files that were set aside.
        encoder: Makes the vectors.
        data: Folder that holds snapshots.
        sample: Whether these are the bundled fictional samples.
        progress: Told after each batch.

    Raises:
        NothingToBuild: There is no decision among them.
        OSError: The folder cannot be written.
    """
    started = datetime.now(UTC)
    decisions, set_aside = settle(read)
    decisions = with_standard_marked(decisions)
    if not decisions:
        raise NothingToBuild(
            "no decision could be read"
            + (f"; set aside: {'; '.join(map(str, set_aside[:3]))}" if set_aside else "")
        )
    before = _before(data)
    digests = {d.decision_id: digest_of_decision(d) for d in decisions}
    known = before.tables.decision_digests() if before else {}
    name = _name(digests, encoder, sample=sample)
    folder = data / "snapshots" / name
    encoded = 0
    if not _is_whole(folder):
        encoded = _write(folder, decisions, encoder, before, started, sample, progress)
    manifest = read_manifest(folder)
    make_current(data, name)
    return BuildReport(
        snapshot=name,
        decisions=manifest.decisions,
        added=len(digests.keys() - known.keys()),
        changed=sum(known[i] != digests[i] for i in digests.keys() & known.keys()),
        removed=len(known.keys() - digests.keys()),
        kept=sum(known[i] == digests[i] for i in digests.keys() & known.keys()),
        set_aside=tuple(map(str, set_aside)),
        passages=manifest.passages,
        sentences=manifest.sentences,
        encoded=encoded,
        seconds=round((datetime.now(UTC) - started).total_seconds(), 3),
    )


def _is_whole(folder: Path) -> bool:
    """Whether a snapshot lies there already, with every byte as it was written."""
    try:
        return read_manifest(folder).files == checksums(folder)
    except (OSError, msgspec.MsgspecError):
        return False


def _write(
    folder: Path,
    decisions: Sequence[Decision],
    encoder: Encoder,
    before: Snapshot | None,
    started: datetime,
    sample: bool,
    progress: Progress,
) -> int:
    """Write a snapshot, open it to see that it is good, and put it in its place.

    Returns:
        How many texts had to be encoded.
    """
    passages, tokens = _passages(decisions, encoder, count_language_model_tokens)
    sentences = _sentences(decisions, encoder)
    cache = EncodingCache(encoder, known_vectors(before, encoder), progress)
    cache.fill(passages, sentences)
    making = folder.with_name(f"{folder.name}.making-{os.getpid()}")
    try:
        making.mkdir(parents=True)
        FaissStore.of(cache.vectors(passages)).write(making / PASSAGES)
        FaissStore.of(cache.vectors(sentences)).write(making / SENTENCES)
        Bm25.of(_with_headings(decisions, passages)).write(making / WORDS)
        write_tables(
            making / TABLES,
            decisions,
            names_of(decisions),
            passages.rows,
            sentences.rows,
            _findings(decisions),
            _remedies(decisions),
        )
        manifest = Manifest(
            format=FORMAT,
            snapshot=folder.name,
            encoder=encoder.name,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            limit=encoder.limit,
            decisions=len(decisions),
            paragraphs=sum(1 for d in decisions for _ in d.paragraphs()),
            passages=len(passages.texts),
            sentences=len(sentences.texts),
            tokens=tokens,
            built=started,
            sample=sample,
            files=checksums(making),
        )
        (making / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        open_snapshot(making)
        if folder.exists():
            # Damaged, or we would not be here.
            shutil.rmtree(folder)
        making.replace(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return cache.encoded


def _passages(
    decisions: Sequence[Decision], encoder: Encoder, tokens: TokenCounter
) -> tuple[Texts, int]:
    texts, rows, total = list[str](), list[SpanRow](), 0
    for decision, row_of in _with_rows(decisions):
        for passage in passages_of(
            decision, limit=encoder.limit, count=encoder.count_tokens, tokens=tokens
        ):
            texts.append(passage.text)
            rows.append(SpanRow(row_of[passage.paragraph], passage.span, digest(passage.text)))
            total += passage.tokens
    return Texts(texts, rows), total


def _findings(decisions: Sequence[Decision]) -> Iterator[FindingRow]:
    for decision, row_of in _with_rows(decisions):
        for found in findings_of(decision):
            yield FindingRow(row_of[found.paragraph], found.span, found.finding, found.issue)


def _remedies(decisions: Sequence[Decision]) -> Iterator[tuple[Decision, Remedy]]:
    return ((decision, remedy) for decision in decisions for remedy in remedies_of(decision))


def _with_rows(decisions: Sequence[Decision]) -> Iterator[tuple[Decision, dict[int, int]]]:
    """Each decision with the rows of its paragraphs, by their numbers."""
    first = 0
    for decision in decisions:
        # Rows follow the order of the text, which need not be that of the numbers.
        row_of = {p.number: first + i for i, (_, p) in enumerate(decision.paragraphs())}
        yield decision, row_of
        first += len(row_of)


def _with_headings(decisions: Sequence[Decision], passages: Texts) -> list[str]:
    """Each passage's words after its bodies, category and headings, for the search by words.

    So "in the Exampleshire case" and "what was agreed" find what they mean. The vectors are of
    the passage alone: with this before it, the model's ranking was worse.
    """
    headings = [
        " ".join((*decision.bodies, *decision.category, *section.heading_path))
        for decision in decisions
        for section, _ in decision.paragraphs()
    ]
    return [
        f"{headings[row.paragraph]} {text}"
        for row, text in zip(passages.rows, passages.texts, strict=True)
    ]


def _sentences(decisions: Sequence[Decision], encoder: Encoder) -> Texts:
    texts, rows = list[str](), list[SpanRow]()
    paragraphs = (p for d in decisions for _, p in d.paragraphs())
    for number, paragraph in enumerate(paragraphs):
        for span, text in sentences_of(paragraph, limit=encoder.limit, count=encoder.count_tokens):
            texts.append(text)
            rows.append(SpanRow(number, span, digest(text)))
    return Texts(texts, rows)


def _name(digests: dict[DecisionId, str], encoder: Encoder, *, sample: bool) -> str:
    content = (
        FORMAT,
        encoder.name,
        encoder.fingerprint,
        encoder.limit,
        sample,
        sorted(digests.items()),
    )
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def _before(data: Path) -> Snapshot | None:
    try:
        return open_current(data)
    except NoSnapshot:
        return None
