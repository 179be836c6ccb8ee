"""Tuning: the pairs it is trained on, a tiny training run, and the adapter that we ship."""

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import safetensors.torch
from click.testing import CliRunner
from datasets import Dataset
from sentence_transformers import SentenceTransformer

from eval import tune as tuning
from eval.cli import main
from eval.gold import BadGold
from eval.tune import Item, Settings, first_right, read_items
from index import adapter, models
from index.encoders import DEFAULT, Precision, load_encoder
from index.loading import load_model
from index.models import OFFICIAL, OFFICIAL_SHA256, TUNED, find_model
from index.protocols import Encoder, Vectors

PAIRS = Path(__file__).parent.parent / "eval" / "data" / "pairs"
TEXTS = [
    "The chair may overrule the majority.",
    "The school transport was late.",
    "Who decides in the end, and must they give reasons for it?",
]


@pytest.fixture(scope="module")
def official() -> Encoder:
    return load_encoder(OFFICIAL, precision=Precision.FLOAT32)


def encode(model: SentenceTransformer) -> Vectors:
    vectors: Any = model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, np.float32)


def ship(adapter_file: bytes, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Have another adapter in place of ours."""
    path = folder / "adapter.safetensors"
    path.write_bytes(adapter_file)
    patch.setattr(adapter, "ADAPTER", path)
    patch.setattr(models, "ADAPTER", path)


def item(name: str, *questions: str, near: tuple[str, ...] = ("no",), answer: str = "yes") -> Item:
    return Item(id=name, questions=questions, answer=answer, near=near)


def written(folder: Path, **lines: list[Item]) -> Path:
    for name, items in lines.items():
        (folder / f"{name}.jsonl").write_bytes(msgspec.json.Encoder().encode_lines(items))
    return folder


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


def test_each_question_goes_with_its_answer_and_the_near_misses_in_turn() -> None:
    rows = tuning._dataset(
        [item("a", "1", "2", "3", near=("x", "y")), item("b", "4", answer="so", near=("z",))]
    )
    assert [tuple(row.values()) for row in rows] == [
        ("1", "yes", "x"),
        ("2", "yes", "y"),
        ("3", "yes", "x"),
        ("4", "so", "z"),
    ]
    assert rows.column_names == ["anchor", "positive", "negative"]


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
        assert all(text.strip() for text in (*i.questions, i.answer, *i.near)), i.id
        assert len(set(i.questions)) == len(i.questions), i.id


def test_about_an_eighth_of_the_committed_items_is_held_out(committed: tuple[Item, ...]) -> None:
    assert 0.10 <= np.mean([i.held_out for i in committed]) <= 0.15


def test_no_question_and_no_answer_that_is_held_out_is_trained_on(
    committed: tuple[Item, ...],
) -> None:
    trained = [i for i in committed if not i.held_out]
    held = [i for i in committed if i.held_out]
    assert not {i.answer for i in trained} & {i.answer for i in held}
    asked = {q.casefold() for i in trained for q in i.questions}
    assert not asked & {q.casefold() for i in held for q in i.questions}


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


@dataclass(frozen=True)
class Trained:
    """What a tiny training run made."""

    file: bytes
    model: SentenceTransformer
    seen: tuple[str, ...]


@pytest.fixture(scope="module")
def trained() -> Trained:
    """Two items trained on for one epoch, a third held out."""
    items = [
        item("t-0", "can the chair overrule", "who decides", answer="The chair may decide alone."),
        item("t-1", "is the report late", "when is it due", answer="It was due two days before."),
        item("t-2", "what of the bins", answer="The bins were missed."),
    ]
    models, seen = list[SentenceTransformer](), list[str]()
    taken, made = tuning._adapter_of, tuning._dataset

    def adapter_of(model: SentenceTransformer) -> bytes:
        models.append(model)
        return taken(model)

    def dataset(chosen: list[Item]) -> Dataset:
        rows = made(chosen)
        seen.extend(rows["anchor"])
        return rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "_adapter_of", adapter_of)
        patch.setattr(tuning, "_dataset", dataset)
        file = tuning.tune(items, Settings(rank=2, epochs=1, batch=2, rate=1e-2))
    return Trained(file, models[0], tuple(seen))


def test_what_is_held_out_is_not_trained_on(trained: Trained) -> None:
    assert trained.seen == (
        "can the chair overrule",
        "who decides",
        "is the report late",
        "when is it due",
    )


def test_the_adapter_is_two_slim_matrices_in_half_precision_for_each_layer(
    trained: Trained,
) -> None:
    matrices = safetensors.torch.load(trained.file)
    downs = {n.removesuffix(".down") for n in matrices if n.endswith(".down")}
    ups = {n.removesuffix(".up") for n in matrices if n.endswith(".up")}
    assert downs == ups
    assert len(matrices) == len(downs) + len(ups)
    assert {str(m.dtype) for m in matrices.values()} == {"torch.float16"}
    for name in downs:
        down, up = matrices[f"{name}.down"], matrices[f"{name}.up"]
        assert (down.shape[0], up.shape[1]) == (2, 2), name
        assert 384 in (*down.shape, *up.shape), name


def test_the_official_model_with_the_adapter_is_the_trained_model(
    trained: Trained, official: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(trained.file, tmp_path, monkeypatch)
    adapted = find_model(TUNED)
    vectors, before = encode(load_model(adapted)), official.encode_passages(TEXTS)
    wanted = encode(trained.model)
    change = np.linalg.norm(vectors - before, axis=1)
    np.testing.assert_allclose(vectors, wanted, atol=1e-2)
    assert change.min() > 10 * np.linalg.norm(vectors - wanted, axis=1).max()
    assert adapted.fingerprint not in ("", official.fingerprint)
    digests = OFFICIAL_SHA256 + hashlib.sha256(trained.file).hexdigest()
    assert adapted.fingerprint == hashlib.sha256(digests.encode()).hexdigest()
    np.testing.assert_allclose(encode(load_model(find_model(OFFICIAL))), before, atol=1e-6)


def test_an_adapter_of_another_model_is_refused(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrices = safetensors.torch.load(trained.file)
    other = {f"other.{name}": matrix for name, matrix in matrices.items()}
    ship(safetensors.torch.save(other), tmp_path, monkeypatch)
    with pytest.raises(AttributeError, match="other"):
        load_model(find_model(TUNED))


def test_the_command_writes_the_adapter_and_names_a_bad_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ids(items: tuple[Item, ...], settings: Settings) -> bytes:
        assert settings == Settings()
        return " ".join(i.id for i in items).encode()

    monkeypatch.setattr(tuning, "tune", ids)
    pairs, out = tmp_path / "pairs", tmp_path / "adapter.safetensors"
    pairs.mkdir()
    written(pairs, one=[item("a", "why?"), item("b", "how?")])
    command = ["tune", "--pairs", str(pairs), "--out", str(out)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert out.read_bytes() == b"a b"
    (pairs / "two.jsonl").write_text("{}\n")
    refused = CliRunner().invoke(main, command)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Error: {pairs / 'two.jsonl'} line 1: ")


@pytest.fixture(scope="module")
def default() -> Encoder:
    return load_encoder(DEFAULT, precision=Precision.FLOAT32)


def test_the_default_encoder_is_the_official_model_with_the_adapter_that_we_ship(
    default: Encoder, official: Encoder
) -> None:
    assert (default.name, default.dim, default.limit) == ("all-MiniLM-L6-v2-upheld", 384, 256)
    shipped = files("index").joinpath("adapter.safetensors").read_bytes()
    digests = OFFICIAL_SHA256 + hashlib.sha256(shipped).hexdigest()
    assert default.fingerprint == hashlib.sha256(digests.encode()).hexdigest()
    assert default.fingerprint != official.fingerprint


def test_the_default_encoder_gives_unit_vectors_of_its_own_the_same_alone_and_together(
    default: Encoder, official: Encoder
) -> None:
    together = default.encode_passages(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(default.encode_passages([text])[0], vector, atol=1e-5)
        np.testing.assert_allclose(default.encode_questions([text])[0], vector, atol=1e-5)
    assert np.abs(together - official.encode_passages(TEXTS)).max() > 1e-2


def test_the_adapter_finds_more_of_the_pairs_that_it_never_saw_than_the_official_weights() -> None:
    items = [i for i in read_items(PAIRS) if i.held_out][::4]
    tuned, official = (first_right(load_encoder(n), items) for n in (DEFAULT, OFFICIAL))
    assert tuned > official + 0.1
