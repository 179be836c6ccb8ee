"""Columns: what is written is read, and nothing that is damaged."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Role, Span
from index.columns import ROLES, Columns, ColumnsWriter
from index.digests import wording
from index.snapshot import COLUMNS, NoSnapshot, open_snapshot
from service.answering import Answerer

Written = tuple[Role, str, list[Span], list[Span]]
"""A paragraph: what it does, its words, and where its passages and sentences stand."""

places = st.lists(st.builds(Span, st.integers(0, 9_000), st.integers(0, 9_000)), max_size=4)
paragraphs = st.tuples(st.sampled_from(Role), st.sampled_from(["a", "b", "c"]), places, places)


def written(decisions: Sequence[Sequence[Written]], folder: Path) -> Columns:
    writer = ColumnsWriter()
    for number, decision in enumerate(decisions):
        for role, words, passages, sentences in decision:
            writer.add(
                decision=number,
                role=role,
                wording=wording(words),
                passages=passages,
                sentences=sentences,
            )
    writer.write(folder / COLUMNS)
    return Columns.read(folder / COLUMNS)


@settings(deadline=None)
@given(st.lists(st.lists(paragraphs, min_size=1, max_size=5), max_size=5))
def test_what_is_written_is_read(decisions: list[list[Written]]) -> None:
    flat = [(number, p) for number, decision in enumerate(decisions) for p in decision]
    with TemporaryDirectory() as folder:
        columns = written(decisions, Path(folder))
        assert (len(columns), columns.decisions) == (len(flat), len(decisions))
        assert columns.decision.tolist() == [number for number, _ in flat]
        assert [ROLES[role] for role in columns.role] == [role for _, (role, *_) in flat]
        words = [words for _, (_, words, *_) in flat]
        same = columns.wording[:, None] == columns.wording[None, :]
        assert same.tolist() == [[one == other for other in words] for one in words]
        stood = {"passage": [p[2] for _, p in flat], "sentence": [p[3] for _, p in flat]}
        for kind, spans_of in stood.items():
            rows, starts, ends = (
                getattr(columns, f"{kind}_{name}").tolist()
                for name in ("paragraph", "start", "end")
            )
            assert list(zip(rows, starts, ends, strict=True)) == [
                (row, span.start, span.end) for row, spans in enumerate(spans_of) for span in spans
            ]


def test_a_collection_without_sentences_is_read_too(tmp_path: Path) -> None:
    columns = written([[(Role.LAW, "a", [Span(0, 1)], [])]], tmp_path)
    assert columns.sentence_paragraph.shape == (0,)
    assert columns.passage_end.tolist() == [1]


def test_the_columns_are_mapped_and_cannot_be_written_to(tmp_path: Path) -> None:
    columns = written([[(Role.LAW, "a", [Span(0, 1)], [])]], tmp_path)
    assert isinstance(columns.role.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        columns.role[0] = 1


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    """Three decisions of two paragraphs, of which the last paragraph of the second is withdrawn."""
    roles = [(Role.COMPLAINT, Role.FINDING), (Role.LAW, Role.REMEDY), (Role.FINDING, Role.LAW)]
    written([[(role, "a", [], []) for role in both] for both in roles], tmp_path)
    path = tmp_path / COLUMNS / "role.npy"
    role = np.load(path)
    role[3] = -1
    np.save(path, role)
    return Columns.read(tmp_path / COLUMNS)


def test_a_paragraph_that_was_withdrawn_does_none_of_any_roles(columns: Columns) -> None:
    assert columns.of_roles(Role).tolist() == [True, True, True, False, True, True]
    assert columns.of_roles([Role.REMEDY]).any() == np.False_
    assert columns.of_roles([ROLES[-1]]).any() == np.False_
    assert columns.of_roles([Role.LAW]).tolist() == [False, False, True, False, False, True]
    assert columns.of_roles([]).tolist() == [False] * 6


def test_the_paragraphs_of_decisions_are_told_by_their_numbers(columns: Columns) -> None:
    assert columns.of_decisions([0, 2]).tolist() == [True, True, False, False, True, True]
    assert columns.of_decisions([]).tolist() == [False] * 6


@pytest.mark.parametrize("kept", [0, 40, 0.5, 0.99])
@pytest.mark.parametrize("column", ["role", "wording", "sentence_start"])
def test_a_snapshot_with_a_column_cut_short_is_refused(
    sample_answerer: Answerer, tmp_path: Path, column: str, kept: float
) -> None:
    shutil.copytree(sample_answerer.retriever.snapshot.folder, tmp_path / "copy")
    path = tmp_path / "copy" / COLUMNS / f"{column}.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept if kept > 1 else kept * len(whole))])
    with pytest.raises(NoSnapshot, match="run 'upheld build' again"):
        open_snapshot(tmp_path / "copy")


def test_a_snapshot_without_one_of_its_columns_is_refused(
    sample_answerer: Answerer, tmp_path: Path
) -> None:
    shutil.copytree(sample_answerer.retriever.snapshot.folder, tmp_path / "copy")
    (tmp_path / "copy" / COLUMNS / "passage_end.npy").unlink()
    with pytest.raises(NoSnapshot, match="cannot be opened"):
        open_snapshot(tmp_path / "copy")
