"""Tables: one connection, kept open and shared by threads."""

import gc
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.records import FindingKind
from index.snapshot import TABLES
from index.tables import Tables
from service.answering import Answerer


@pytest.fixture
def path(sample_answerer: Answerer, tmp_path: Path) -> Path:
    copied = tmp_path / TABLES
    shutil.copy(sample_answerer.retriever.snapshot.folder / TABLES, copied)
    return copied


def test_a_snapshot_deleted_underneath_is_read_on_from_any_thread(path: Path) -> None:
    tables = Tables(path)
    before = [tables.stored([row])[0].paragraph for row in range(100)]
    shutil.rmtree(path.parent)
    with ThreadPoolExecutor(8) as threads:
        after = list(threads.map(lambda row: tables.stored([row])[0].paragraph, range(100)))
    assert after == before


def test_the_connection_is_closed_with_the_last_reference(path: Path) -> None:
    tables = Tables(path)
    connection = tables._connection
    del tables
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_file_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        Tables(tmp_path / "nothing.sqlite")


def test_only_findings_of_decided_complaints_are_kept_for_the_other_side(
    sample_answerer: Answerer,
) -> None:
    tables = sample_answerer.retriever.snapshot.tables
    rows, paragraphs, fault = tables.judged()
    findings = list(tables.findings(rows.tolist()).values())
    assert [f.paragraph for f in findings] == paragraphs.tolist()
    assert [f.finding is FindingKind.FAULT for f in findings] == fault.tolist()
    stored = tables.stored([f.paragraph for f in findings])
    by_place = {
        (s.decision.reference, s.paragraph.number, f.finding): s.paragraph.words[
            f.span.start : f.span.end
        ]
        for s, f in zip(stored, findings, strict=True)
    }
    assert by_place["99 000 102", 31, FindingKind.FAULT] == (
        "Failing to record the reasons and the dissent was fault."
    )
    assert {s.decision.outcome for s in stored} == {"upheld", "not_upheld"}
    assert {f.finding for f in findings} == {FindingKind.FAULT, FindingKind.NO_FAULT}
