"""Examples: how a question is drawn by hand, what the committed ones are, and what they bring."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import faiss
import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from eval.cli import main
from eval.exemplifying import make_examples, telling
from eval.pairs import EncodedItems, Item, read_items, worth
from index import examples as of_index
from index.encoders import DEFAULT, Precision, load_encoder
from index.examples import Examples, Telling, examples_of, packed, shortlisted
from index.fusion import WEIGHTS
from index.hashing_encoder import HashingEncoder
from index.models import OFFICIAL, TUNED
from index.protocols import Encoder, Vectors
from index.vectors import unit
from service.answering import Answerer
from tests.stores import DIM, random_vectors

PAIRS = Path(__file__).parent.parent / "eval" / "data" / "pairs"
CHAIR = "can a chair overrule the conference?"
BY_BYTES = 0.02
"""How far a number may be off that is kept in a byte."""


NO_WORDS = Telling(("none",), np.zeros((9, 2), np.uint16), np.zeros((9, 2), np.float16))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(DEFAULT, precision=Precision.FLOAT32)


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return read_items(PAIRS)


def test_a_question_is_drawn_to_the_answers_of_those_like_it_as_worked_out_by_hand() -> None:
    questions, answers = random_vectors(5, 1), random_vectors(5, 2)
    asked = unit(questions[[0, 3]] + 0.3 * random_vectors(2, 3))
    wanted = []
    for vector in asked:
        shares = [np.exp(30 * (float(vector @ known) - 0.66)) for known in questions]
        drawn = sum(share * answer for share, answer in zip(shares, answers, strict=True))
        wanted.append(vector + 0.7 * drawn / (1 + sum(shares)))
    examples = Examples(packed(questions), packed(answers), NO_WORDS)
    near = examples.near(asked)
    np.testing.assert_allclose(
        examples.steered(asked, near, 0.7), unit(np.array(wanted)), atol=BY_BYTES
    )
    np.testing.assert_allclose(near.cosines, (asked @ questions.T).max(axis=1), atol=BY_BYTES)


def test_a_question_that_is_like_no_example_stays_as_it_was_asked() -> None:
    questions = random_vectors(6, 1)
    questions[:, 0] = 0
    strange = np.eye(1, DIM, dtype=np.float32)
    words = telling(["late minutes"] * 6)
    examples = Examples(packed(unit(questions)), packed(questions), words)
    near = examples.near(strange)
    np.testing.assert_allclose(examples.steered(strange, near, 2.0), strange, atol=1e-4)
    assert near.cosines[0] == pytest.approx(0, abs=BY_BYTES)
    assert sum(worth for _, worth in examples.expected(near)) == pytest.approx(0, abs=1e-4)


def test_the_words_expected_are_those_of_the_answers_of_what_was_asked_alike() -> None:
    questions = random_vectors(3, 1)
    texts = ["The minutes came late.", "The panel heard an appeal.", "Nobody paid for the bus."]
    examples = Examples(packed(questions), packed(questions), telling(texts))
    expected = dict(examples.expected(examples.near(questions[[1]])))
    assert set(list(expected)[:3]) == {"panel", "heard", "appeal"}
    rest = [worth for stem, worth in expected.items() if stem in {"minut", "late", "bus", "paid"}]
    assert max(rest, default=0) < 0.01 * expected["appeal"]


def test_a_text_is_told_by_its_rarer_words_in_order_of_their_worth() -> None:
    told = telling(["late minutes", "late reports", "late"])
    by_text = [
        [(told.stems[n], float(w)) for n, w in zip(*row, strict=True) if w > 0]
        for row in zip(told.numbers, told.worth, strict=True)
    ]
    assert [[stem for stem, _ in words] for words in by_text] == [
        ["minut", "late"],
        ["report", "late"],
        ["late"],
    ]
    for words in by_text:
        assert sum(worth**2 for _, worth in words) == pytest.approx(1, abs=1e-2)
        assert [w for _, w in words] == sorted((w for _, w in words), reverse=True)


def test_what_many_sketches_bring_is_what_looking_at_every_vector_finds() -> None:
    rng = np.random.default_rng(7)
    centres = rng.standard_normal((40, 64))
    near_some = centres[rng.integers(0, 40, 2000)] + 0.6 * rng.standard_normal((2000, 64))
    vectors = unit(near_some.astype(np.float32))
    quick, whole = shortlisted(vectors), packed(vectors)
    (_, found), (_, wanted) = quick.search(vectors[:50], 20), whole.search(vectors[:50], 20)
    shared = [len(set(a) & set(b)) for a, b in zip(found, wanted, strict=True)]
    assert np.mean(shared) > 0.9 * 20
    np.testing.assert_array_equal(quick.reconstruct_n(3, 2), whole.reconstruct_n(3, 2))


def test_only_the_tuned_encoder_has_examples_and_none_is_of_an_item_held_out(
    items: Sequence[Item],
) -> None:
    examples = examples_of(TUNED)
    assert examples is not None
    seen = sum(not item.held_out for item in items)
    assert examples.questions.ntotal == examples.answers.ntotal == seen
    assert len(examples.words.numbers) == len(examples.words.worth) == seen
    assert examples_of(OFFICIAL) is None
    assert examples_of(HashingEncoder.NAME) is None


def test_the_committed_examples_are_the_items_in_the_vectors_of_the_encoder_that_we_ship(
    encoder: Encoder, items: Sequence[Item]
) -> None:
    kept = examples_of(TUNED)
    assert kept is not None
    seen = [item for item in items if not item.held_out]
    for row in range(0, len(seen), 1500):
        made = make_examples(encoder, [seen[row]])
        for ours, anew in ((kept.questions, made.questions), (kept.answers, made.answers)):
            a, b = (unit(store.reconstruct_n(at, 1)) for store, at in ((ours, row), (anew, 0)))
            assert (a @ b.T).item() > 0.995


@dataclass(frozen=True, slots=True)
class OneHot:
    """The vector of a text that is a number: nought but for one at that place."""

    name: str = "one hot"
    fingerprint: str = "one hot"
    dim: int = 4
    limit: int = 100

    def count_tokens(self, text: str) -> int:
        return len(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.eye(4, dtype=np.float32)[[int(text.split()[-1]) for text in texts]]

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)


def test_an_example_is_the_mean_of_an_items_questions_and_its_answer() -> None:
    items = [
        Item(id="t-1", questions=("0", "1"), answer="2", near=("3",)),
        Item(id="t-2", questions=("3",), answer="3", near=("3",)),
        Item(id="t-3", questions=("2",), answer="1", near=("3",)),
    ]
    assert [item.held_out for item in items] == [False, True, False]
    made = make_examples(OneHot(), items)
    half = np.sqrt(0.5)
    questions = made.questions.reconstruct_n(0, 2)
    np.testing.assert_allclose(questions, [[half, half, 0, 0], [0, 0, 1, 0]], atol=BY_BYTES)
    np.testing.assert_allclose(
        made.answers.reconstruct_n(0, 2), [[0, 0, 1, 0], [0, 1, 0, 0]], atol=BY_BYTES
    )


def test_held_out_questions_find_their_answers_more_often_with_the_examples(
    encoder: Encoder, items: Sequence[Item]
) -> None:
    held = [item for item in items if item.held_out][::4]
    encoded = EncodedItems.of(encoder, held)
    alone, drawn = worth(encoded), worth(encoded, examples_of(TUNED))
    assert drawn.first > alone.first + 0.02
    assert drawn.reciprocal_rank > alone.reciprocal_rank + 0.02


def test_a_search_takes_its_cosines_with_the_question_as_it_is_drawn(
    sample_answerer: Answerer,
) -> None:
    plain = sample_answerer.retriever
    dim = plain.encoder.dim
    drawn_to = unit(np.random.default_rng(5).standard_normal((1, dim)).astype(np.float32))
    like_it = plain.encoder.encode_questions([CHAIR])
    # Two rows, since one alone has no range of numbers.
    examples = Examples(
        packed(np.vstack((like_it, -like_it))), packed(np.vstack((drawn_to,) * 2)), NO_WORDS
    )
    drawn = replace(plain, examples=examples)
    searched, alone = drawn.search(CHAIR, 5), plain.search(CHAIR, 5)
    np.testing.assert_array_equal(searched.vector, alone.vector)
    assert searched.signals.familiar == pytest.approx(1, abs=BY_BYTES)
    assert alone.signals.familiar == 0
    steered = examples.steered(like_it, examples.near(like_it), WEIGHTS.examples)
    assert float((steered @ drawn_to.T).item()) > 0.5
    snapshot = plain.snapshot
    for found in searched.found:
        rows = np.flatnonzero(snapshot.columns.passage_paragraph == found.stored.id)
        nearest = [float((snapshot.passages.vectors(rows) @ steered[0]).max())]
        nearest += [s.cosine for s in found.sentences]
        assert found.scores.cosine == pytest.approx(max(nearest), abs=1e-5)
    undrawn = replace(drawn, weights=msgspec.structs.replace(WEIGHTS, examples=0.0))
    assert [f.stored.id for f in undrawn.search(CHAIR, 5).found] == [
        f.stored.id for f in alone.found
    ]


def test_the_command_keeps_what_it_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = tmp_path / "pairs"
    pairs.mkdir()
    lines = [
        Item(id="t-1", questions=("was the bin missed",), answer="It was missed.", near=("No.",)),
        Item(id="t-3", questions=("who pays",), answer="The Council pays.", near=("No.",)),
    ]
    (pairs / "few.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, lines)))
    kept = tmp_path / "questions.faiss", tmp_path / "answers.faiss"
    for name, path in zip(("QUESTIONS", "ANSWERS"), kept, strict=True):
        monkeypatch.setattr(of_index, name, path)
    monkeypatch.setattr(of_index, "WORDS", tmp_path / "words.npz")
    told = CliRunner().invoke(main, ["examples", "--pairs", str(pairs)])
    assert told.exit_code == 0
    assert told.stdout == "2 examples\n"
    # As they are read; what was read before is kept, so this reads them anew.
    read = of_index._kept.__wrapped__()
    assert [faiss.read_index(str(path)).ntotal for path in kept] == [2, 2]
    assert read.words.stems == ("council", "miss", "pay")
    asked = load_encoder(DEFAULT).encode_questions(["who pays"])
    assert [stem for stem, _ in read.expected(read.near(asked))][:2] == ["council", "pay"]
