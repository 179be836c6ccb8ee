"""Fusion: each kind of evidence adds what its weight says, and nothing else."""

import msgspec
import numpy as np
import pytest

from corpus.model import Role
from index.bm25 import Bm25
from index.columns import ROLES
from index.fusion import WEIGHTS, Evidence, Weights

NOTHING = Weights(
    examples=0.0,
    paragraph=0.0,
    sentence=0.0,
    words=0.0,
    held=0.0,
    expected=0.0,
    decision=0.0,
    named=0.0,
    role=dict.fromkeys(Role, 0.0),
)


def evidence(near: list[float], decisions: list[int], **other: list[float]) -> Evidence:
    nought = np.zeros(len(near))
    values = {name: np.array(column) for name, column in other.items()}
    return Evidence(
        paragraph=np.array(near),
        sentence=values.get("sentence", nought),
        words=values.get("words", nought),
        held=values.get("held", nought),
        expected=values.get("expected", nought),
        decisions=np.array(decisions, np.int32),
        named=values.get("named", nought),
        roles=np.full(len(near), ROLES.index(Role.FACTS), np.int8),
    )


def test_every_kind_of_evidence_adds_its_weight() -> None:
    found = evidence(
        [0.5, 0.25],
        [0, 1],
        sentence=[0.5, 0.25],
        words=[4.0, 2.0],
        held=[0.5, 1.0],
        expected=[2.0, 0.0],
        named=[0, 1],
    )
    weights = msgspec.structs.replace(
        NOTHING, paragraph=1.0, sentence=2.0, words=0.5, held=0.25, expected=0.75, named=0.125
    )
    assert found.fused(weights).tolist() == [
        0.5 + 1 + 0.5 + 0.125 + 1.5,
        0.25 + 0.5 + 0.25 + 0.25 + 0.125,
    ]


def test_a_role_adds_its_weight() -> None:
    weights = msgspec.structs.replace(NOTHING, role={**NOTHING.role, Role.FACTS: 0.5})
    assert evidence([0.25, 0.75], [0, 0]).fused(weights).tolist() == [0.5, 0.5]


def test_a_decision_lends_its_paragraphs_the_mean_of_its_three_best() -> None:
    found = evidence([0.9, 0.1, 0.6, 0.3, 0.0], [4, 4, 4, 4, 7])
    lent = found.fused(msgspec.structs.replace(NOTHING, paragraph=1.0, decision=1.0))
    assert (lent - found.paragraph)[:4] == pytest.approx([0.6] * 4)


def test_a_paragraph_that_was_not_found_counts_as_the_worst_that_was() -> None:
    found = evidence([0.2, 0.8, 0.5, 0.5, 0.5], [1, 3, 2, 2, 2])
    lent = found.fused(msgspec.structs.replace(NOTHING, paragraph=1.0, decision=1.0))
    assert (lent - found.paragraph) == pytest.approx([0.2, 0.4, 0.5, 0.5, 0.5])


def test_where_each_decision_has_one_paragraph_the_order_is_that_of_the_paragraphs() -> None:
    near = [0.1, 0.7, 0.4, 0.2]
    fused = evidence(near, [0, 1, 2, 3]).fused(
        msgspec.structs.replace(NOTHING, paragraph=1.0, decision=WEIGHTS.decision)
    )
    assert np.argsort(fused).tolist() == np.argsort(near).tolist()


def test_a_text_holds_the_words_that_it_has_in_any_form_each_by_its_rarity() -> None:
    index = Bm25.of(["the councils met", "a council refused", "a school refused it twice"])
    asked = "did the council refuse the zebra"
    scores, held = index.weigh([(asked, 1.0)], np.arange(3))
    assert held == pytest.approx(
        [
            index.most("council"),
            index.most("council") + index.most("refuse"),
            index.most("refuse"),
        ]
    )
    assert held.max() < index.most(asked)
    np.testing.assert_array_equal(scores, index.scores([(asked, 1.0)], np.arange(3)))
    _, half = index.weigh([(asked, 0.5)], np.arange(3))
    assert half == pytest.approx(held / 2)


def test_expected_words_score_as_the_same_words_of_a_question_with_their_weights() -> None:
    index = Bm25.of(["the councils met", "a council refused", "a school refused it twice"])
    rows = np.arange(3)
    expected = index.expected([("council", 0.5), ("refus", 2.0), ("nowher", 1.0)], rows)
    of_each = 0.5 * index.scores([("council", 1.0)], rows) + 2 * index.scores(
        [("refused", 1)], rows
    )
    np.testing.assert_allclose(expected, of_each, rtol=1e-6)
    assert index.expected([], rows).tolist() == [0, 0, 0]
