"""Both sides: the finding the other way on the same point, or none."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace as with_

from corpus.files import read_files
from corpus.model import Role, Span
from corpus.records import FindingKind
from index.build import build
from index.columns import Columns, ColumnsWriter
from index.contrary import ContraryFindings
from index.digests import wording
from index.found import Found
from index.protocols import Encoder
from index.snapshot import TABLES
from index.table_schema import SCHEMA
from index.tables import Filters, FindingRow, Tables
from service.answering import Answerer
from service.both_sides import BothSides, FoundOtherwise
from service.opening import open_answerer
from service.quotations import Quotation, choose
from tests.stores import store_of

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "eval" / "data" / "both_sides.jsonl"
DECISIONS = ("01_conference_chair", "02_conference_minutes", "11_care_charging")
MORE = ("17_statutory_complaint_procedure", "03_conference_not_investigated")
FAULT, NO_FAULT = FindingKind.FAULT, FindingKind.NO_FAULT


Made = tuple[int, FindingKind, tuple[float, float]]
"""A finding in a paragraph of its own: its decision's number, what it is, and its vector."""


@pytest.fixture
def over(sample_answerer: Answerer, tmp_path: Path) -> Callable[..., ContraryFindings]:
    """Makes a snapshot of such findings alone."""

    def make(*findings: Made) -> ContraryFindings:
        columns = ColumnsWriter()
        for number, *_ in findings:
            columns.add(
                decision=number,
                role=Role.FINDING,
                wording=wording("It was so."),
                passages=[Span(0, 10)],
                sentences=[Span(0, 10)],
            )
        columns.write(tmp_path / "columns")
        kinds = [kind for _, kind, _ in findings]
        snapshot = replace(
            sample_answerer.retriever.snapshot,
            findings=store_of(tmp_path / "v.faiss", np.array([v for *_, v in findings], "f")),
            columns=Columns.read(tmp_path / "columns"),
            tables=tables(
                tmp_path,
                [FindingRow(row, Span(0, 10), kind, "delay") for row, kind in enumerate(kinds)],
            ),
        )
        places = np.arange(len(findings))
        fault = np.array([kind is FAULT for kind in kinds])
        return ContraryFindings(snapshot, places, places.astype(np.int32), fault)

    return make


def tables(folder: Path, findings: Sequence[FindingRow]) -> Tables:
    """Tables of these findings alone."""
    with closing(sqlite3.connect(folder / TABLES)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?)",
            [
                (row, f.paragraph, f.span.start, f.span.end, f.finding, f.issue)
                for row, f in enumerate(findings)
            ],
        )
    return Tables(folder / TABLES)


def rows(findings: ContraryFindings, least: float = 0.5) -> list[int]:
    allowed = np.ones(len(findings.rows), dtype=np.bool_)
    return [c.row for c in findings.contrary_to(0, allowed, least)]


def test_the_likest_finding_the_other_way_in_another_decision_comes_first(
    over: Callable[..., ContraryFindings],
) -> None:
    findings = over(
        (1, FAULT, (1.0, 0.0)),
        (1, NO_FAULT, (1.0, 0.0)),
        (2, NO_FAULT, (0.8, 0.6)),
        (3, NO_FAULT, (0.96, 0.28)),
        (4, NO_FAULT, (0.28, 0.96)),
        (5, FAULT, (1.0, 0.0)),
    )
    assert rows(findings) == [3, 2]


def test_a_decision_that_found_the_same_on_what_is_likest_does_not_contradict(
    over: Callable[..., ContraryFindings],
) -> None:
    findings = over((1, FAULT, (1.0, 0.0)), (2, NO_FAULT, (0.8, 0.6)), (2, FAULT, (0.96, 0.28)))
    assert rows(findings) == []


def test_a_quotation_says_or_leads_up_to_one_finding_or_to_none(
    sample_answerer: Answerer, tmp_path: Path
) -> None:
    one = FindingRow(7, Span(0, 20), FAULT, "the report")
    other = FindingRow(7, Span(30, 50), NO_FAULT, "going on")
    findings = ContraryFindings(
        snapshot=replace(sample_answerer.retriever.snapshot, tables=tables(tmp_path, [one, other])),
        rows=np.array([0, 1]),
        paragraphs=np.array([7, 7], "i"),
        fault=np.array([True, False]),
    )
    assert findings.quoted(7, Span(5, 25)) == 0
    assert findings.quoted(7, Span(22, 29)) == 1
    assert findings.quoted(7, Span(10, 40)) is None
    assert findings.quoted(7, Span(60, 70)) is None
    assert findings.quoted(8, Span(0, 20)) is None


@pytest.fixture(scope="module")
def sides(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> BothSides:
    """Five of the samples, built with the bundled model."""
    data = tmp_path_factory.mktemp("sides")
    samples = ROOT / "corpus" / "samples"
    build(read_files([samples / f"{name}.txt" for name in DECISIONS + MORE]), encoder, data)
    return BothSides.of(open_answerer(data, encoder=encoder).retriever)


def ask(sides: BothSides, question: str, filters: Filters | None = None) -> FoundOtherwise | None:
    searched = sides.retriever.search(question, 8, filters)
    chosen = choose(searched.found, question)
    return sides.other_side(searched.vector, searched.found, chosen, filters)


def place(other: FoundOtherwise | None) -> tuple[str | None, int] | None:
    if other is None:
        return None
    return other.stored.decision.reference, other.stored.paragraph.number


REASONS = (
    "Must the minutes record the chair’s reasons and the names of those who dissent when the chair"
    " departs from the majority?"
)


def test_a_report_in_time_stands_beside_one_that_was_late(sides: BothSides) -> None:
    other = ask(sides, "Was it fault that the report came late, on the day of the conference?")
    assert place(other) == ("99 000 101", 32)
    assert other
    assert other.quotation.text.endswith(
        "the report was in time and this part of the complaint is not upheld."
    )
    words = other.stored.paragraph.words
    assert words[other.quotation.start : other.quotation.end] == other.quotation.text


def test_the_other_side_keeps_to_what_the_question_is_narrowed_to(sides: BothSides) -> None:
    assert place(ask(sides, REASONS)) == ("99 000 101", 29)
    assert ask(sides, REASONS, Filters(authority="Samplewick")) is None


def test_no_other_side_is_shown_where_no_finding_is_quoted(sides: BothSides) -> None:
    searched = sides.retriever.search(REASONS, 8)
    found = searched.found
    law = [f for f in found if f.stored.paragraph.role == "law"]
    assert law
    assert sides.other_side(searched.vector, law, choose(law, REASONS)) is None
    assert sides.other_side(searched.vector, found, []) is None


def test_every_pair_that_is_offered_was_judged_to_be_one(sides: BothSides) -> None:
    """Each finding asked in its paragraph's own words: 7 of the 8 that have a pair get it."""
    gold = {
        (row["decision_id"], row["paragraph"], row["finding"]): {
            (other["decision_id"], other["paragraph"]) for other in row["other_side"]
        }
        for row in map(json.loads, GOLD.read_text().splitlines())
    }
    offered, right, possible = 0, 0, 0
    tables = sides.retriever.snapshot.tables
    built = set(tables.decision_digests())
    for finding in tables.findings(sides.contrary.rows.tolist()).values():
        stored = tables.stored([finding.paragraph])[0]
        key = (stored.decision.decision_id, stored.paragraph.number, finding.finding.value)
        pairs = {p for p in gold[key] if p[0] in built}
        possible += bool(pairs)
        other = ask_of(sides, stored.paragraph.words, finding)
        offered += other is not None
        right += other is not None and (
            (other.stored.decision.decision_id, other.stored.paragraph.number) in pairs
        )
    assert right == offered
    assert (offered, possible) == (7, 8)


def ask_of(sides: BothSides, words: str, finding: FindingRow) -> FoundOtherwise | None:
    """What stands against one finding, were it quoted by itself."""
    searched = sides.retriever.search(words[:1000], 1)
    stored = sides.retriever.snapshot.tables.stored([finding.paragraph])[0]
    found: Found = with_(searched.found[0], stored=stored)
    span = finding.span
    quotation = Quotation(
        text=stored.paragraph.words[span.start : span.end], start=span.start, end=span.end, match=0
    )
    vector = sides.retriever.encoder.encode_questions([words])
    return sides.other_side(vector, [found], [quotation])
