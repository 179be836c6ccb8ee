"""The bundled model: exported, it gives what sentence-transformers gives, and without torch."""

import subprocess
import sys
from pathlib import Path

import faiss
import numpy as np
import pytest
import torch
from msgspec.structs import replace

from corpus.files import read_files
from corpus.model import Decision
from index.build import build
from index.encoders import DEFAULT, Precision, load_encoder, open_encoder
from index.half_precision import has_bfloat16
from index.loading import load_model
from index.models import EncoderUnavailable, find_model
from index.packing import pack
from index.protocols import Encoder, Vectors
from index.snapshot import open_current
from tests.conftest import SAMPLES

HALF = 0.9995
"""The least cosine of a vector with itself in half precision."""


@pytest.fixture(scope="module")
def built(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one sample decision, and the model exported."""
    data = tmp_path_factory.mktemp("built")
    build(read_files([SAMPLES / "01_conference_chair.txt"]), encoder, data)
    load_encoder(DEFAULT, data, Precision.FLOAT32)
    return data


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Paragraphs of a sample, from the shortest to the longest that are read at once."""
    decision = next(d for d in read_files([SAMPLES]) if isinstance(d, Decision))
    words = [p.words for _, p in decision.paragraphs()]
    return [*words, "No.", "The council was at fault. " * 40]


@pytest.fixture(scope="module")
def by_sentence_transformers(texts: list[str]) -> Vectors:
    vectors = load_model(find_model(DEFAULT)).encode(
        texts, normalize_embeddings=True, show_progress_bar=False
    )
    return np.asarray(vectors, np.float32)


def test_the_exported_graph_gives_the_vectors_of_sentence_transformers(
    encoder: Encoder, texts: list[str], by_sentence_transformers: Vectors
) -> None:
    for vectors in (encoder.encode_passages(texts), encoder.encode_questions(texts)):
        np.testing.assert_allclose(vectors, by_sentence_transformers, atol=1e-6)


@pytest.mark.skipif(not has_bfloat16(), reason="the processor has no half precision")
def test_half_precision_turns_vectors_by_next_to_nothing(
    texts: list[str], by_sentence_transformers: Vectors
) -> None:
    vectors = load_encoder(DEFAULT, precision=Precision.BFLOAT16).encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * by_sentence_transformers).sum(axis=1).min() > HALF


@pytest.mark.skipif(not has_bfloat16(), reason="the processor has no half precision")
def test_texts_that_go_through_side_by_side_keep_their_order(encoder: Encoder) -> None:
    half = load_encoder(DEFAULT, precision=Precision.BFLOAT16)
    texts = [
        f"{'The Council apologised to Mrs X. ' * (1 + i * 7 % 11)}Number {i}." for i in range(60)
    ]
    single = encoder.encode_passages(texts)
    cosines = half.encode_passages(texts) @ single.T
    assert cosines.diagonal().min() > HALF
    threads = torch.get_num_threads()
    assert threads == faiss.omp_get_max_threads(), "the caller's own threads are as they were"


@pytest.mark.skipif(not has_bfloat16(), reason="the processor has no half precision")
@pytest.mark.parametrize("tokens", [1, 7, 512, 700])
@pytest.mark.parametrize("bias", [True, False])
def test_packed_layers_give_what_the_layers_give(tokens: int, bias: bool) -> None:
    torch.manual_seed(0)
    layers = torch.nn.Sequential(
        torch.nn.Linear(48, 96, bias), torch.nn.Sequential(torch.nn.GELU(), torch.nn.Linear(96, 32))
    ).to(torch.bfloat16)
    given = torch.randn(3, tokens, 48, dtype=torch.bfloat16)
    with torch.inference_mode():
        wanted = layers(given)
        pack(layers, 512)
        made = layers(given)
    assert not [part for part in layers.modules() if isinstance(part, torch.nn.Linear)]
    torch.testing.assert_close(made, wanted, atol=0.02, rtol=0.02)


def test_answering_loads_neither_torch_nor_sentence_transformers(
    built: Path,
) -> None:
    code = (
        "import sys; from pathlib import Path; from service.opening import open_answerer; "
        "from service.questions import Question; import service.app; "
        f"answer = open_answerer(Path({str(built)!r}))"
        ".answer(Question(question='can a chair overrule the conference?')); "
        "print(answer.status, sorted({'torch', 'transformers', 'sentence_transformers', 'sklearn'}"
        " & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "answered []\n"


def test_an_exports_weights_are_mapped_so_that_workers_share_them(built: Path) -> None:
    manifest = open_current(built).manifest
    opened = open_encoder(manifest, built)
    opened.encode_questions(["can a chair overrule the conference?"])
    (weights,) = (built / "encoders").glob("*/model.onnx.data")
    assert str(weights) in Path("/proc/self/maps").read_text()


def test_a_damaged_export_says_which_folder_to_delete(built: Path, tmp_path: Path) -> None:
    manifest = open_current(built).manifest
    folder = tmp_path / "encoders" / manifest.fingerprint[:16]
    folder.mkdir(parents=True)
    (folder / "encoder.json").write_text("{}")
    with pytest.raises(EncoderUnavailable, match=str(folder)):
        open_encoder(manifest, tmp_path)


@pytest.mark.skipif(not has_bfloat16(), reason="the processor has no half precision")
def test_vectors_in_half_precision_are_told_from_others_and_found_by_the_same_questions(
    encoder: Encoder, built: Path
) -> None:
    half = load_encoder(DEFAULT, built, Precision.BFLOAT16)
    assert half.fingerprint == f"{encoder.fingerprint}+bfloat16"
    manifest = replace(open_current(built).manifest, fingerprint=half.fingerprint)
    asked = ["can a chair overrule the conference?"]
    for other in (half, open_encoder(manifest, built)):
        assert other.fingerprint == half.fingerprint
        np.testing.assert_array_equal(
            other.encode_questions(asked), encoder.encode_questions(asked)
        )
