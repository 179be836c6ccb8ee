"""Tables: the texts and metadata of a snapshot, in SQLite."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.model import Decision, DecisionId, Outcome, Paragraph, Role, Section, Span
from index.digests import digest, digest_of_decision, wording
from index.names import Name, Named

_SCHEMA = """
CREATE TABLE decisions (
    decision_id TEXT PRIMARY KEY,
    reference TEXT,
    bodies TEXT NOT NULL,
    category TEXT NOT NULL,
    outcome TEXT NOT NULL,
    decided TEXT,
    sha256 TEXT NOT NULL,
    file TEXT NOT NULL,
    json BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_reference ON decisions (reference);
CREATE TABLE names (
    word TEXT NOT NULL,
    decision_id TEXT NOT NULL REFERENCES decisions,
    plain INTEGER NOT NULL,
    PRIMARY KEY (word, decision_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE paragraphs (
    id INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decisions,
    number INTEGER NOT NULL,
    role TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    wording TEXT NOT NULL,
    UNIQUE (decision_id, number)
) STRICT;
CREATE INDEX paragraphs_by_wording ON paragraphs (wording);
CREATE TABLE spans (
    kind TEXT NOT NULL CHECK (kind IN ('passage', 'sentence')),
    row INTEGER NOT NULL,
    paragraph INTEGER NOT NULL REFERENCES paragraphs,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (kind, row)
) STRICT, WITHOUT ROWID;
"""


class Filters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a question may be narrowed to. Empty means all.

    Attributes:
        authority: Words of the body's name, case ignored.
        outcome: Only this outcome.
        category: Words of the category path, case ignored.
        decided_from: Earliest date of decision; one without a date is left out.
        decided_to: Latest date of decision.
        roles: Only paragraphs that do one of these.
    """

    authority: str | None = None
    outcome: Outcome | None = None
    category: str | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    roles: tuple[Role, ...] = ()


class Stored(Struct, frozen=True, kw_only=True):
    """A paragraph as it was stored, with its decision and section.

    Attributes:
        id: Its row.
        decision: The whole decision.
        section: Its section.
        paragraph: Itself.
        sha256: Digest of its words, taken when the snapshot was built.
    """

    id: int
    decision: Decision
    section: Section
    paragraph: Paragraph
    sha256: str


class SpanRow(Struct, frozen=True):
    """One vector's place: its paragraph's row, and the span within the paragraph's words."""

    paragraph: int
    span: Span
    digest: str


def write_tables(
    path: Path,
    decisions: Iterable[Decision],
    names: Iterable[Name],
    passages: Sequence[SpanRow],
    sentences: Sequence[SpanRow],
) -> None:
    """Write a snapshot's tables. Paragraphs are numbered from 0 in the order of the decisions."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_SCHEMA)
        number = 0
        for decision in decisions:
            connection.execute(
                "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    decision.decision_id,
                    decision.reference,
                    "; ".join(decision.bodies),
                    " > ".join(decision.category),
                    decision.outcome,
                    decision.decided.isoformat() if decision.decided else None,
                    digest_of_decision(decision),
                    decision.source.file,
                    msgspec.json.encode(decision),
                ),
            )
            for _, paragraph in decision.paragraphs():
                connection.execute(
                    "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        number,
                        decision.decision_id,
                        paragraph.number,
                        paragraph.role,
                        digest(paragraph.words),
                        wording(paragraph.words),
                    ),
                )
                number += 1
        connection.executemany(
            "INSERT INTO names VALUES (?, ?, ?)", ((n.word, n.decision_id, n.plain) for n in names)
        )
        for kind, rows in (("passage", passages), ("sentence", sentences)):
            connection.executemany(
                "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (kind, row, s.paragraph, s.span.start, s.span.end, s.digest)
                    for row, s in enumerate(rows)
                ),
            )


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a finished snapshot, read only; may be used from several threads.

    Attributes:
        path: The SQLite file.
    """

    path: Path

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)) as c:
            yield c

    def __len__(self) -> int:
        """How many paragraphs there are."""
        with self._read() as c:
            return int(c.execute("SELECT count(*) FROM paragraphs").fetchone()[0])

    def spans(self, kind: str) -> list[SpanRow]:
        """Every vector's place, in the order of the vectors; kind is passage or sentence."""
        with self._read() as c:
            rows = c.execute(
                'SELECT paragraph, start, "end", digest FROM spans WHERE kind = ? ORDER BY row',
                (kind,),
            )
            return [SpanRow(paragraph, Span(start, end), d) for paragraph, start, end, d in rows]

    def decision_digests(self) -> dict[DecisionId, str]:
        """Each decision's digest; see `digest_of_decision`."""
        with self._read() as c:
            return dict(c.execute("SELECT decision_id, sha256 FROM decisions"))

    def decision(self, decision_id: str) -> Decision | None:
        """One decision, or None where it is not in this snapshot."""
        with self._read() as c:
            row = c.execute(
                "SELECT json FROM decisions WHERE decision_id = ?", (decision_id,)
            ).fetchone()
        return msgspec.json.decode(row[0], type=Decision) if row else None

    def files(self) -> dict[DecisionId, str]:
        """The name of the file that each decision was read from."""
        with self._read() as c:
            return dict(c.execute("SELECT decision_id, file FROM decisions"))

    def wordings(self) -> list[str]:
        """Each paragraph's wording, in the order of the rows; see `wording`."""
        with self._read() as c:
            return [w for (w,) in c.execute("SELECT wording FROM paragraphs ORDER BY id")]

    def roles(self) -> list[Role]:
        """Each paragraph's role, in the order of the rows."""
        with self._read() as c:
            return [Role(r) for (r,) in c.execute("SELECT role FROM paragraphs ORDER BY id")]

    def decision_of(self) -> list[DecisionId]:
        """Each paragraph's decision, in the order of the rows."""
        with self._read() as c:
            return [d for (d,) in c.execute("SELECT decision_id FROM paragraphs ORDER BY id")]

    def named(self, named: Named) -> list[DecisionId]:
        """The decisions that a question names, by their reference or else by their body."""
        with self._read() as c:
            found = c.execute(
                "SELECT decision_id FROM decisions"
                f" WHERE reference IN ({_marks(named.references)})",
                named.references,
            ).fetchall() or c.execute(
                "SELECT DISTINCT decision_id FROM names"
                f" WHERE NOT plain AND word IN ({_marks(named.words)})"
                f" OR plain AND word IN ({_marks(named.capitals)})",
                (*named.words, *named.capitals),
            )
            return sorted(d for (d,) in found)

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        """The paragraphs of these rows, in the order asked for."""
        with self._read() as c:
            rows = c.execute(
                "SELECT id, decision_id, number, p.sha256, json FROM paragraphs AS p"
                f" JOIN decisions USING (decision_id) WHERE id IN ({_marks(ids)})",
                list(ids),
            ).fetchall()
        decoded: dict[str, Decision] = {}
        found: dict[int, Stored] = {}
        for row, decision_id, number, sha256, json in rows:
            if decision_id not in decoded:
                decoded[decision_id] = msgspec.json.decode(json, type=Decision)
            decision = decoded[decision_id]
            section, paragraph = next(
                pair for pair in decision.paragraphs() if pair[1].number == number
            )
            found[row] = Stored(
                id=row, decision=decision, section=section, paragraph=paragraph, sha256=sha256
            )
        return [found[row] for row in ids]

    def allowed(self, filters: Filters, paragraphs: int) -> NDArray[np.bool_]:
        """Which paragraphs the filters let through, shape ``(paragraphs,)``."""
        conditions, values = ["1"], list[str]()
        for condition, value in (
            ("instr(lower(bodies), lower(?))", filters.authority),
            ("outcome = ?", filters.outcome),
            ("instr(lower(category), lower(?))", filters.category),
            ("decided >= ?", filters.decided_from and filters.decided_from.isoformat()),
            ("decided <= ?", filters.decided_to and filters.decided_to.isoformat()),
        ):
            if value:
                conditions.append(condition)
                values.append(value)
        if filters.roles:
            conditions.append(f"role IN ({_marks(filters.roles)})")
            values.extend(filters.roles)
        mask = np.zeros(paragraphs, dtype=np.bool_)
        with self._read() as c:
            rows = c.execute(
                "SELECT id FROM paragraphs JOIN decisions USING (decision_id) WHERE "
                + " AND ".join(conditions),
                values,
            ).fetchall()
        mask[[row for (row,) in rows]] = True
        return mask


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
