"""Table schema: what a snapshot's SQLite file holds, and how it is written."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from corpus.model import Decision
from corpus.records import Remedy
from index.digests import digest, digest_of_decision, wording
from index.names import Name
from index.tables import FindingRow, SpanRow

SCHEMA = """
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
-- Covers what lists and facets ask for, so that they never go through the texts.
CREATE INDEX decisions_listed ON decisions (
    decided DESC, decision_id, bodies, category, outcome, reference
);
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
CREATE TABLE findings (
    paragraph INTEGER NOT NULL REFERENCES paragraphs,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    finding TEXT NOT NULL,
    issue TEXT NOT NULL
) STRICT;
-- With what its decision is listed by, so that lists of remedies never go through the texts.
CREATE TABLE remedies (
    decision_id TEXT NOT NULL REFERENCES decisions,
    reference TEXT,
    bodies TEXT NOT NULL,
    category TEXT NOT NULL,
    outcome TEXT NOT NULL,
    decided TEXT,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_pence INTEGER,
    recipient TEXT,
    deadline TEXT,
    done INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT;
"""
"""What a snapshot's SQLite file holds; rows of vectors and paragraphs are numbered from 0."""


def write_tables(
    path: Path,
    decisions: Iterable[Decision],
    names: Iterable[Name],
    passages: Sequence[SpanRow],
    sentences: Sequence[SpanRow],
    findings: Iterable[FindingRow],
    remedies: Iterable[tuple[Decision, Remedy]],
) -> None:
    """Write a snapshot's tables. Paragraphs are numbered from 0 in the order of the decisions."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        number = 0
        for decision in decisions:
            connection.execute(
                "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *_head(decision),
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
        connection.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?)",
            ((f.paragraph, f.span.start, f.span.end, f.finding, f.issue) for f in findings),
        )
        connection.executemany(
            f"INSERT INTO remedies VALUES ({', '.join('?' * 14)})",
            (
                (
                    *_head(decision),
                    *(r.paragraph, r.span.start, r.span.end, r.kind),
                    *(_storable(r.amount_pence), r.to, r.deadline, r.done),
                )
                for decision, r in remedies
            ),
        )


def _head(decision: Decision) -> tuple[str | None, ...]:
    """What a decision is listed by, in the order of the columns."""
    return (
        decision.decision_id,
        decision.reference,
        "; ".join(decision.bodies),
        " > ".join(decision.category),
        decision.outcome,
        decision.decided.isoformat() if decision.decided else None,
    )


def _storable(pence: int | None) -> int | None:
    """A sum, if SQLite has a number for it; one beyond that is not meant."""
    return None if pence is None or pence >= 2**63 else pence
