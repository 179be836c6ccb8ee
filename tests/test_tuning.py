"""Tuning: the pairs it is trained on, a tiny training run, and the adapter that we ship."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from click.testing import CliRunner
from sentence_transformers import SentenceTransformer

from eval import tune as tuning
from eval.cli import main
from eval.pairs import Item
from eval.tune import Batch, Settings, batches
from index import adapter, models
from index.encoders import DEFAULT, Precision, load_encoder
from index.loading import load_model
from index.models import OFFICIAL, OFFICIAL_SHA256, TUNED, find_model
from index.protocols import Encoder, Vectors
from tests.items import item, written

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


TINY = [
    item("t-0", "can the chair overrule", "who decides", answer="The chair may decide alone."),
    item("t-1", "is the report late", "when is it due", answer="It was due. Two days before."),
    item("t-2", "what of the bins", answer="The bins were missed."),
]
"""Two items to be trained on, and a third that is held out."""


def test_every_item_that_is_not_held_out_is_seen_once_an_epoch() -> None:
    items = [item(f"t-{n}", f"q{n}", answer=f"a{n}", near=(f"n{n}",)) for n in range(60)]
    trained = sorted(i.answer for i in items if not i.held_out)
    assert 40 < len(trained) < 60
    made = list(batches(items, Settings(batch=7, epochs=3)))
    seen = [answer for batch in made for answer in batch.paragraphs[: batch.answers]]
    for epoch in range(3):
        assert sorted(seen[epoch * len(trained) : (epoch + 1) * len(trained)]) == trained
    assert seen[: len(trained)] != seen[len(trained) : 2 * len(trained)]
    assert {batch.by_sentence for batch in made} == {True, False}
    assert list(batches(items, Settings(batch=7, epochs=3))) == made


def test_a_batch_asks_two_questions_an_item_and_one_that_nothing_answers() -> None:
    a = Item(id="t-0", questions=("1", "2", "3"), answer="A", near=("x", "y"), beside=("4",))
    b = Item(id="t-1", questions=("5",), answer="B", near=("z",))
    (batch,) = batches([a, b], Settings(batch=2, epochs=1))
    answers = batch.paragraphs[:2]
    assert sorted(answers) == ["A", "B"]
    assert batch.paragraphs[2 + answers.index("A")] in ("x", "y")
    assert batch.paragraphs[2 + answers.index("B")] == "z"
    asked = dict(zip(batch.questions, batch.own, strict=True))
    assert len(asked) == 4
    assert asked.pop("4") == -1
    assert asked.pop("5") == answers.index("B")
    assert set(asked.values()) == {answers.index("A")}
    assert set(asked) < {"1", "2", "3"}


def test_the_loss_is_that_of_its_formula() -> None:
    batch = Batch(
        questions=("a", "b", "x"),
        own=(0, 1, -1),
        paragraphs=("A", "B", "N", "M"),
        by_sentence=False,
    )
    cosines = torch.tensor(
        [[0.9, 0.1, 0.3, 0.0], [0.2, 0.8, 0.4, 0.1], [0.5, 0.3, 0.6, 0.2]], dtype=torch.float64
    )
    powers = torch.exp(10 * cosines)
    forward = -torch.log(
        torch.stack([powers[0, 0] / powers[0].sum(), powers[1, 1] / powers[1].sum()])
    ).mean()
    backward = -torch.log(
        torch.stack([powers[0, 0] / powers[:, 0].sum(), powers[1, 1] / powers[:, 1].sum()])
    ).mean()
    found = tuning._loss(cosines, batch, Settings(scale=10, backward=0.3))
    assert float(found) == pytest.approx(float(forward + 0.3 * backward))


@dataclass(frozen=True)
class Trained:
    """What a tiny training run made."""

    file: bytes
    network: tuning._Network


@pytest.fixture(scope="module")
def trained() -> Trained:
    """A tiny run, and what was trained in it."""
    made = list[tuning._Network]()

    class Kept(tuning._Network):
        def __init__(self, settings: Settings) -> None:
            super().__init__(settings)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "_Network", Kept)
        settings = Settings(rank=2, epochs=4, batch=2, rate=1e-2, kept=1)
        file = tuning.tune(TINY, settings)
    return Trained(file, made[0])


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
    with torch.no_grad():
        wanted = trained.network._encode(TEXTS).numpy()
    change = np.linalg.norm(vectors - before, axis=1)
    np.testing.assert_allclose(vectors, wanted, atol=1e-2)
    assert change.min() > 10 * np.linalg.norm(vectors - wanted, axis=1).max()
    assert adapted.fingerprint not in ("", official.fingerprint)
    digests = OFFICIAL_SHA256 + hashlib.sha256(trained.file).hexdigest()
    assert adapted.fingerprint == hashlib.sha256(digests.encode()).hexdigest()
    np.testing.assert_allclose(encode(load_model(find_model(OFFICIAL))), before, atol=1e-6)


def test_only_a_share_of_what_is_learnt_is_kept(trained: Trained) -> None:
    whole = safetensors.torch.load(trained.file)
    trained.network._kept = 0.5
    half = safetensors.torch.load(trained.network.as_file())
    assert half.keys() == whole.keys()
    for name, matrix in whole.items():
        share = 0.5 if name.endswith(".up") else 1.0
        torch.testing.assert_close(half[name].float(), share * matrix.float(), rtol=1e-2, atol=1e-5)


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
    def ids(items: tuple[Item, ...], settings: Settings, told: object) -> bytes:
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
