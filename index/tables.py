"""Tables: the texts and metadata of a snapshot, read from SQLite."""

import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock

import msgspec
import numpy as np
from msgspec import Struct

from corpus.model import Decision, DecisionId, Outcome, Paragraph, Role, Section, Span
from corpus.records import FindingKind
from index.abbreviations import Abbreviation
from index.columns import Column
from index.names import Named
from index.narrowing import Narrowing, conditions_of, where
from index.protocols import Mask, Rows
from index.query_values import VALUES, values


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
        decision_sha256: Digest of its decision, taken then too; see `digest_of_decision`.
    """

    id: int
    decision: Decision
    section: Section
    paragraph: Paragraph
    sha256: str
    decision_sha256: str


class FindingRow(Struct, frozen=True):
    """A finding's place: its paragraph's row, and the sentence that says so; see `Finding`."""

    paragraph: int
    span: Span
    finding: FindingKind
    issue: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Tables:
    """The tables of a finished snapshot, read only; may be used from several threads.

    One connection is opened at once and kept, so that a snapshot whose folder is deleted
    underneath goes on answering; threads take turns at it. It is closed with the last reference.

    Attributes:
        path: The SQLite file.

    Raises:
        sqlite3.Error: There is no such file.
    """

    path: Path
    _connection: sqlite3.Connection = field(init=False, repr=False, compare=False)
    _turn: Lock = field(init=False, repr=False, compare=False, default_factory=Lock)

    def __post_init__(self) -> None:
        connection = sqlite3.connect(
            f"file:{self.path}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        object.__setattr__(self, "_connection", connection)
        weakref.finalize(self, connection.close)

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            yield self._connection

    def __len__(self) -> int:
        """How many paragraphs there are."""
        with self._read() as c:
            # The last row tells, and is found without going through them all.
            last = c.execute("SELECT max(id) FROM paragraphs").fetchone()[0]
            return 0 if last is None else int(last) + 1

    def judged(self) -> tuple[Rows, Column, Mask]:
        """What the Ombudsman found to be fault or no fault, in the order of the text.

        Only of complaints that were decided: one that was not investigated finds neither, whatever
        its words, and one whose outcome is not known may be such.

        Returns:
            The rows of the findings, the rows of their paragraphs, and which are of fault.
        """
        with self._read() as c:
            found = c.execute(
                "SELECT f.row, paragraph, finding = ? FROM findings AS f"
                " JOIN paragraphs AS p ON p.id = f.paragraph JOIN decisions USING (decision_id)"
                " WHERE finding IN (?, ?) AND outcome IN (?, ?) AND role = ? ORDER BY f.row",
                (
                    FindingKind.FAULT,
                    *(FindingKind.FAULT, FindingKind.NO_FAULT),
                    *(Outcome.UPHELD, Outcome.NOT_UPHELD),
                    Role.FINDING,
                ),
            ).fetchall()
        columns = np.array(found, np.int64).reshape(-1, 3).T
        return columns[0], columns[1].astype(np.int32), columns[2].astype(np.bool_)

    def findings(self, rows: Sequence[int]) -> dict[int, FindingRow]:
        """The findings of these rows, in their order."""
        with self._read() as c:
            found = c.execute(
                'SELECT row, paragraph, start, "end", finding, issue FROM findings'
                f" WHERE row IN {VALUES} ORDER BY row",
                (values(rows),),
            )
            return {
                row: FindingRow(paragraph, Span(start, end), FindingKind(finding), issue)
                for row, paragraph, start, end, finding, issue in found
            }

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

    def named(self, named: Named) -> list[DecisionId]:
        """The decisions that a question names, by their reference or else by their body."""
        with self._read() as c:
            found = c.execute(
                f"SELECT decision_id FROM decisions WHERE reference IN {VALUES}",
                (values(named.references),),
            ).fetchall() or c.execute(
                f"SELECT decision_id FROM names WHERE NOT plain AND word IN {VALUES}"
                f" UNION SELECT decision_id FROM names WHERE plain AND word IN {VALUES}",
                (values(named.words), values(named.capitals)),
            )
            return sorted(d for (d,) in found)

    def abbreviations(self, shorts: Sequence[str], openings: Sequence[str]) -> list[Abbreviation]:
        """What decisions say that short forms stand for: for each, what most of them say.

        Args:
            shorts: Short forms in lower case.
            openings: First two stems of long forms.
        """
        with self._read() as c:
            rows = c.execute(
                "SELECT folded, short, long, plain, max(decisions) FROM abbreviations"
                f" WHERE folded IN (SELECT folded FROM abbreviations WHERE opening IN {VALUES}"
                f" UNION SELECT * FROM {VALUES})"
                " GROUP BY folded ORDER BY folded",
                (values(openings), values(shorts)),
            ).fetchall()
        return [Abbreviation(short, long, bool(plain)) for _, short, long, plain, _ in rows]

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Words with this first letter and of these lengths, and how many decisions each has."""
        with self._read() as c:
            return c.execute(
                "SELECT word, decisions FROM vocabulary WHERE word >= ? AND word < ?"
                " AND length(word) BETWEEN ? AND ?",
                (initial, chr(ord(initial) + 1), shortest, longest),
            ).fetchall()

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        """The paragraphs of these rows, in the order asked for."""
        with self._read() as c:
            rows = c.execute(
                "SELECT id, decision_id, p.number, p.sha256, d.sha256, json FROM paragraphs AS p"
                f" JOIN decisions AS d USING (decision_id) WHERE id IN {VALUES}",
                (values(ids),),
            ).fetchall()
        decoded: dict[str, Decision] = {}
        found: dict[int, Stored] = {}
        for row, decision_id, number, sha256, decision_sha256, json in rows:
            if decision_id not in decoded:
                decoded[decision_id] = msgspec.json.decode(json, type=Decision)
            decision = decoded[decision_id]
            section, paragraph = next(
                pair for pair in decision.paragraphs() if pair[1].number == number
            )
            found[row] = Stored(
                id=row,
                decision=decision,
                section=section,
                paragraph=paragraph,
                sha256=sha256,
                decision_sha256=decision_sha256,
            )
        return [found[row] for row in ids]

    def allowed(self, filters: Filters) -> list[int]:
        """The numbers of the decisions that the filters let through, those on roles aside."""
        clause, values = where(
            conditions_of(
                Narrowing(
                    authority=filters.authority,
                    outcome=filters.outcome,
                    category=filters.category,
                    decided_from=filters.decided_from,
                    decided_to=filters.decided_to,
                )
            )
        )
        with self._read() as c:
            return [n for (n,) in c.execute(f"SELECT number FROM decisions{clause}", values)]

    def numbers(self, decisions: Sequence[DecisionId]) -> list[int]:
        """The numbers of those of these decisions that are here, ascending."""
        with self._read() as c:
            rows = c.execute(
                f"SELECT number FROM decisions WHERE decision_id IN {VALUES} ORDER BY number",
                (values(decisions),),
            )
            return [n for (n,) in rows]

    def ids(self, numbers: Sequence[int]) -> dict[int, DecisionId]:
        """The id of each of these numbers that is here."""
        with self._read() as c:
            return dict(
                c.execute(
                    f"SELECT number, decision_id FROM decisions WHERE number IN {VALUES}",
                    (values(numbers),),
                )
            )
