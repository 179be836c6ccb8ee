"""Pairs: reading them, what is held out, and what an encoder makes of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from eval.cli import main
from eval.gold import BadGold
from eval.pairs import EncodedItems, Item, Worth, read_items, worth
from index.encoders import DEFAULT, Precision, load_encoder
from index.hashing_encoder import HashingEncoder
from index.models import OFFICIAL
from index.protocols import Vectors
from tests.items import item, written

PAIRS = Path(__file__).parent.parent / "eval" / "data" / "pairs"


def test_the_items_of_all_files_are_read_in_the_order_of_the_names(tmp_path: Path) -> None:
    first, second, third = (item(n, "why?", "how?", near=("no", "nor")) for n in "abc")
    written(tmp_path, two=[third], one=[first, second])
    (tmp_path / "notes.txt").write_text("no item")
    assert read_items(tmp_path) == (first, second, third)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "x"}', "missing required field `questions`"),
        ('{"id": "x", "questions": [], "answer": "", "near": [], "grade": 3}', "`grade`"),
        (json.dumps(msgspec.to_builtins(item("c"))), "wanted a question and a near miss"),
        ("", "truncated"),
        (json.dumps(msgspec.to_builtins(item("a", "who?"))), "the id a comes twice"),
    ],
)
def test_a_line_that_is_no_item_or_an_id_that_comes_twice_is_named(
    tmp_path: Path, line: str, told: str
) -> None:
    written(tmp_path, one=[item("a", "why?")])
    (tmp_path / "two.jsonl").write_text(
        f"{msgspec.json.encode(item('b', 'how?')).decode()}\n{line}\n"
    )
    with pytest.raises(BadGold) as refused:
        read_items(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / 'two.jsonl'} line 2: ")
    assert told in str(refused.value)


def test_an_item_is_held_out_by_the_digest_of_its_id_alone() -> None:
    """These two are the last that is held out and the first that is not."""
    kept, held = item("t-28", "why?"), item("t-2", "why?")
    digests = [hashlib.sha256(i.id.encode()).hexdigest() for i in (kept, held)]
    assert [int(digest, 16) % 100 for digest in digests] == [12, 11]
    assert (kept.held_out, held.held_out) == (False, True)
    assert msgspec.structs.replace(held, questions=(), answer="", near=()).held_out


@pytest.fixture(scope="module")
def committed() -> tuple[Item, ...]:
    return read_items(PAIRS)


@pytest.mark.parametrize("path", sorted(PAIRS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_committed_line_is_an_item(path: Path, committed: tuple[Item, ...]) -> None:
    ids = [json.loads(line)["id"] for line in path.read_bytes().splitlines()]
    assert len(ids) == len(set(ids)) > 0
    assert set(ids) <= {i.id for i in committed}


def test_every_committed_item_asks_and_what_is_near_is_no_answer(
    committed: tuple[Item, ...],
) -> None:
    for i in committed:
        assert i.questions, i.id
        assert i.near, i.id
        assert i.answer not in i.near, i.id
        assert all(text.strip() for text in (*i.questions, i.answer, *i.near, *i.beside)), i.id
        assert not set(i.questions) & set(i.beside), i.id
        assert len(set(i.questions)) == len(i.questions), i.id


def test_about_an_eighth_of_the_committed_items_is_held_out(committed: tuple[Item, ...]) -> None:
    assert 0.10 <= np.mean([i.held_out for i in committed]) <= 0.15


def test_no_question_and_no_answer_that_is_held_out_is_trained_on(
    committed: tuple[Item, ...],
) -> None:
    trained = [i for i in committed if not i.held_out]
    held = [i for i in committed if i.held_out]
    assert not {i.answer for i in trained} & {i.answer for i in held}
    asked = {q.casefold() for i in trained for q in i.asked}
    assert not asked & {q.casefold() for i in held for q in i.asked}


def test_no_question_of_the_evaluation_is_trained_on(committed: tuple[Item, ...]) -> None:
    asked = {q.casefold() for i in committed for q in i.questions}
    gold = {
        json.loads(line)["question"].casefold()
        for path in PAIRS.parent.rglob("*questions*.jsonl")
        for line in path.read_bytes().splitlines()
        if line.strip()
    }
    assert len(gold) > 100
    assert not asked & gold


class Pointing:
    """An encoder whose vectors are given: what it makes of a text is told beforehand."""

    name, fingerprint, dim, limit = "pointing", "pointing", 2, 256

    def __init__(self, degrees: Mapping[str, float]) -> None:
        self.degrees = degrees

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        turned = np.radians([self.degrees[text] for text in texts])
        return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)

    encode_questions = encode_passages


HELD = ("t-2", "t-16")


def test_what_an_encoder_is_worth_is_told_by_rank_and_by_what_nothing_answers() -> None:
    assert all(item(name).held_out for name in HELD)
    first, second = HELD
    items = [
        Item(id=first, questions=("a1", "a2"), answer="A.", near=("N.",), beside=("x",)),
        Item(id=second, questions=("b1",), answer="B.", near=("M.",)),
        Item(id="t-28", questions=("not held out",), answer="?", near=("?",)),
    ]
    places = {"A.": 0, "N.": 20, "B.": 90, "M.": 180, "a1": 1, "a2": 15, "b1": 80, "x": 5}
    told = worth(EncodedItems.held_out(Pointing(places), items))
    # a1 and b1 are nearest their own; a2 is nearer N; x is as near A as lies between a1 and a2.
    assert told == Worth(
        questions=3, first=2 / 3, reciprocal_rank=(1 + 1 / 2 + 1) / 3, told_apart=0.5
    )


def test_a_paragraph_counts_as_a_whole_and_by_its_best_sentence() -> None:
    places = {"It rained. Stop.": 90, "It rained.": 0, "Stop.": 180, "Sun.": 40, "wet": 0}
    items = [Item(id=HELD[0], questions=("wet",), answer="It rained. Stop.", near=("Sun.",))]
    # 0.5 * 0 + 0.5 * 1, less than the cosine of 40 degrees.
    assert worth(EncodedItems.held_out(Pointing(places), items)).first == 0
    assert worth(EncodedItems.held_out(Pointing(places | {"Sun.": 70}), items)).first == 1


def test_the_command_tells_what_an_encoder_is_worth(tmp_path: Path) -> None:
    written(tmp_path, one=[item(HELD[0], "was the bin missed", answer="The bin was missed.")])
    command = ["pairs", "--pairs", str(tmp_path), "--encoder", HashingEncoder.NAME]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 0
    assert "hashing: the answer comes first for 1.000 of 1 held-out questions" in told.stdout


def test_the_adapter_finds_more_of_the_pairs_that_it_never_saw_than_the_official_weights() -> None:
    items = [i for i in read_items(PAIRS) if i.held_out][::6]
    tuned, official = (
        worth(EncodedItems.of(load_encoder(n, precision=Precision.FLOAT32), items))
        for n in (DEFAULT, OFFICIAL)
    )
    assert tuned.first > official.first + 0.1
    assert tuned.told_apart is not None
    assert official.told_apart is not None
    assert tuned.told_apart > official.told_apart + 0.05
