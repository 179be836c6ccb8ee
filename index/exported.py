"""Exported encoders: a model's graph, tokenizer and measures in a folder, run without torch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import faiss
import msgspec
import numpy as np
import onnxruntime
from msgspec import Struct
from tokenizers import Tokenizer

from index.models import EncoderUnavailable
from index.protocols import Vectors
from index.transformer import Run, Tokens

GRAPH, TOKENIZER, MEASURES = "model.onnx", "tokenizer.json", "encoder.json"
OUTPUT = "sentence_embedding"


class Measures(Struct, frozen=True, kw_only=True):
    """What is known of an exported encoder.

    Attributes:
        fingerprint: SHA-256 of its weights.
        dim: Length of its vectors.
        limit: Tokens that it reads at once.
    """

    fingerprint: str
    dim: int
    limit: int


@dataclass(frozen=True, slots=True)
class Graph:
    """A network exported to ONNX, single precision."""

    session: onnxruntime.InferenceSession

    @property
    def most(self) -> int:
        """See `index.transformer.Network`."""
        return 512

    def __call__(self, texts: Iterable[Run]) -> Iterator[Vectors]:
        """The vectors of each run, one run after the other."""
        for tokens, mask in texts:
            yield self._run(tokens, mask)

    def _run(self, tokens: Tokens, mask: Tokens) -> Vectors:
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": tokens * 0}
        inputs = {i.name: given[i.name] for i in self.session.get_inputs()}
        vectors = self.session.run([OUTPUT], inputs)[0]
        return np.ascontiguousarray(vectors, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported encoder, opened.

    Attributes:
        measures: What is known of it.
        tokenizer: Cuts texts into tokens, neither padded nor cut short.
        graph: Its network.
    """

    measures: Measures
    tokenizer: Tokenizer
    graph: Graph


def open_exported(folder: Path) -> Exported:
    """Open an exported encoder. As many threads as OMP_NUM_THREADS says work on it, or else all.

    Raises:
        EncoderUnavailable: It is not there, or damaged.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = faiss.omp_get_max_threads()
    options.log_severity_level = 3
    try:
        return Exported(
            measures=msgspec.json.decode((folder / MEASURES).read_bytes(), type=Measures),
            tokenizer=Tokenizer.from_file(str(folder / TOKENIZER)),
            graph=Graph(
                onnxruntime.InferenceSession(
                    str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
                )
            ),
        )
    # The two libraries raise nothing narrower.
    except Exception as error:
        raise EncoderUnavailable(
            f"the exported encoder in {folder} cannot be opened ({type(error).__name__}): delete "
            "the folder and run 'upheld build' again"
        ) from error
