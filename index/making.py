"""Making: the files of a snapshot, written decision by decision."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from corpus.model import Decision
from index.bm25 import Bm25
from index.columns import Columns, ColumnsWriter
from index.contrary import write_findings
from index.encoding import Encoding, VectorFile
from index.faiss_store import FaissStore, write_store
from index.kept import Kept
from index.prepared import Prepared, prepared
from index.progress import Progress, Step
from index.protocols import Encoder, Vectors
from index.similar import write_alike
from index.snapshot import ALIKE, COLUMNS, FINDINGS, PASSAGES, SENTENCES, TABLES, WORDS
from index.staging import Staging
from index.table_schema import TablesWriter

_TELL_EVERY = 50


class Made(Struct, frozen=True, kw_only=True):
    """What the files hold, and what it took.

    Attributes:
        decisions: How many.
        paragraphs: How many.
        passages: How many vectors of paragraphs or slices of them.
        sentences: How many vectors of sentences.
        tokens: What a language model would read in all.
        first: The vector of the first passage.
        encoded: Texts that had to be encoded.
        reused: Texts whose vector was there already.
    """

    decisions: int
    paragraphs: int
    passages: int
    sentences: int
    tokens: int
    first: Vectors
    encoded: int
    reused: int


def make(
    folder: Path,
    room: Path,
    staging: Staging,
    encoder: Encoder,
    kept: Kept,
    progress: Progress,
    before: Path | None = None,
) -> Made:
    """Write the files of a snapshot, all but its manifest.

    Args:
        folder: Where to; it is made.
        room: Folder for what is needed only meanwhile.
        staging: The decisions.
        encoder: Makes the vectors that are not kept.
        kept: What was worked out before.
        progress: Told now and then.
        before: A snapshot of the same form and encoder, whose lists of near vectors may do again.

    Raises:
        OSError: It cannot be written.
    """
    folder.mkdir()
    done, total, tokens = 0, len(staging), 0
    columns = ColumnsWriter()
    passages = VectorFile(room / "passages", encoder.dim)
    sentences = VectorFile(room / "sentences", encoder.dim)

    def tell(encoded: int) -> None:
        progress(Step(stage="encoding", done=done, total=total, encoded=encoded))

    encoding = Encoding(encoder, kept, passages, sentences, tell)
    words = room / "words"
    plain = set[str]()
    with (
        closing(TablesWriter(folder / TABLES)) as tables,
        words.open("w", encoding="utf-8", newline="\n") as lines,
    ):
        for done, (decision, json, sha256) in enumerate(staging.decisions(), 1):
            part, texts = prepared(decision, sha256, encoder, kept)
            tables.add(decision, json, sha256, part)
            _write_rows(done - 1, decision, part, columns, lines)
            encoding.add(decision, part, texts)
            plain |= staging.body_words.intersection(part.plain_words.split(" "))
            tokens += part.tokens
            if done % _TELL_EVERY == 0:
                tell(encoding.encoded)
        encoding.flush()
        tables.finish(plain, staging.tombstones())
    columns.write(folder / COLUMNS)
    progress(Step(stage="indexing", done=0, total=None, encoded=encoding.encoded))
    for name, vectors_of in ((PASSAGES, passages), (SENTENCES, sentences)):
        earlier = before / name if before else None
        write_store(folder / name, encoder.dim, vectors_of.batches(), earlier)
    written, vectors = Columns.read(folder / COLUMNS), FaissStore.read(folder / PASSAGES)
    write_findings(folder / FINDINGS, folder / TABLES, written, vectors)
    write_alike(folder / ALIKE, written, vectors)
    Bm25.of(_lines(words)).write(folder / WORDS)
    return Made(
        decisions=done,
        paragraphs=tables.paragraphs,
        passages=passages.rows,
        sentences=sentences.rows,
        tokens=tokens,
        first=next(passages.batches())[:1],
        encoded=encoding.encoded,
        reused=encoding.reused,
    )


def _write_rows(
    number: int, decision: Decision, part: Prepared, columns: ColumnsWriter, lines: TextIO
) -> None:
    """Add a decision's paragraphs to the columns, and its passages to the texts for the words.

    Each passage's words come after its bodies, category and headings: so "in the Exampleshire case"
    and "what was agreed" find what they mean. The vectors are of the passage alone: with this
    before it, the model's ranking was worse.
    """
    for (section, paragraph), made in zip(decision.paragraphs(), part.paragraphs, strict=True):
        columns.add(
            decision=number,
            role=paragraph.role,
            wording=made.wording,
            passages=(place.span for place in made.passages),
            sentences=(place.span for place in made.sentences),
        )
        words = paragraph.words
        above = " ".join((*decision.bodies, *decision.category, *section.heading_path))
        for place in made.passages:
            # A line each; no word goes across lines.
            line = f"{above} {words[place.start : place.end]}".replace("\n", " ")
            lines.write(f"{line}\n")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        yield from lines
