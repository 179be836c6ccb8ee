"""Similar decisions: what a build writes of each, and which are found to be alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace as with_

from corpus.model import Decision, DecisionId, Paragraph, Role, Voice
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.similar import similar_to
from index.snapshot import Snapshot, open_current
from service.answering import Answerer
from service.similar import similar_decisions
from tests.published import one_section
from tests.stores import store_of

CHAIR = DecisionId("upheld-sample/99-000-101")


@pytest.fixture
def snapshot(sample_answerer: Answerer) -> Snapshot:
    return sample_answerer.retriever.snapshot


def test_a_decisions_direction_is_the_mean_of_its_complaint_and_its_findings(
    snapshot: Snapshot,
) -> None:
    columns = snapshot.columns
    telling = columns.of_roles([Role.COMPLAINT, Role.FINDING])
    assert len(snapshot.alike) == snapshot.manifest.decisions == columns.decisions
    for number in range(columns.decisions):
        own = telling & columns.of_decisions([number])
        assert own.any()
        mean = snapshot.passages.vectors(np.flatnonzero(own[columns.passage_paragraph])).mean(0)
        written = snapshot.alike.vectors(np.array([number]))[0]
        np.testing.assert_allclose(written, mean / np.linalg.norm(mean), atol=1e-3)


def test_the_likest_come_first_and_none_is_like_itself(snapshot: Snapshot) -> None:
    (own,) = snapshot.tables.numbers([CHAIR])
    vectors = snapshot.alike.vectors(np.arange(len(snapshot.alike)))
    cosines = vectors @ vectors[own]
    cosines[own] = -1
    ids = snapshot.tables.ids(list(range(len(cosines))))
    wanted = [(ids[int(n)], round(float(cosines[n]), 4)) for n in np.argsort(-cosines)[:7]]
    found = similar_to(snapshot, CHAIR, 7)
    assert [other.decision_id for other in found] == [decision_id for decision_id, _ in wanted]
    assert [other.likeness for other in found] == pytest.approx([c for _, c in wanted], abs=1e-4)
    assert similar_to(snapshot, DecisionId("upheld-sample/none"), 7) == []


def test_what_the_build_wrote_is_not_worked_out_again(snapshot: Snapshot, tmp_path: Path) -> None:
    none = store_of(tmp_path / "v.faiss", np.zeros((0, snapshot.passages.dim), np.float32))
    before = similar_decisions(snapshot, CHAIR, ())
    assert before
    assert similar_decisions(replace(snapshot, passages=none), CHAIR, ()) == before


def test_nothing_is_like_a_decision_without_complaint_or_finding(tmp_path: Path) -> None:
    decisions = [
        decision("a", Role.FINDING, "The fence was late."),
        decision("b", Role.LAW, "The fence was late."),
        decision("c", Role.FINDING, "The fence was late."),
    ]
    build(decisions, HashingEncoder(), tmp_path)
    snapshot = open_current(tmp_path)
    likeness = {
        (one.decision_id, other.decision_id): other.likeness
        for one in decisions
        for other in similar_to(snapshot, one.decision_id, 5)
    }
    assert likeness[DecisionId("test/a"), DecisionId("test/c")] == pytest.approx(1, abs=1e-3)
    assert {c for pair, c in likeness.items() if "test/b" in pair} == {0.0}
    assert similar_decisions(snapshot, DecisionId("test/b"), ()) == ()


def decision(name: str, role: Role, words: str) -> Decision:
    paragraph = Paragraph(number=1, text=words, role=role, voice=Voice.OMBUDSMAN)
    return with_(one_section("What I found", (paragraph,)), decision_id=DecisionId(f"test/{name}"))
