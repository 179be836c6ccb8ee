"""The reranker over sentence-transformers: reads question and paragraph together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.protocols import Scores


class RerankerUnavailable(RuntimeError):
    """There is no such model here."""


@dataclass(frozen=True, slots=True)
class CrossEncoderReranker:
    """A cross-encoder on the processor.

    Attributes:
        name: What it was asked for by.
        model: The model itself.
    """

    name: str
    model: Any

    @classmethod
    def load(cls, name: str) -> "CrossEncoderReranker":
        """Load a model from a folder, or by its name.

        Raises:
            RerankerUnavailable: It cannot be had, or gives more than one score a pair.
        """
        # Here, not above: it takes seconds to import, and most deployments have none.
        from sentence_transformers import CrossEncoder
        from transformers import AutoConfig

        try:
            kinds = AutoConfig.from_pretrained(name).architectures or []
            if not any("SequenceClassification" in kind for kind in kinds):
                # The library would give it a head of random weights.
                raise RerankerUnavailable(
                    f"{name!r} is no cross-encoder: its architecture is {', '.join(kinds) or None}"
                )
            model = CrossEncoder(name, device="cpu")
        except (OSError, ValueError) as error:
            raise RerankerUnavailable(
                f"no reranker {name!r}: give a folder that holds a cross-encoder, or a name that "
                f"can be downloaded here ({type(error).__name__})"
            ) from error
        if model.num_labels != 1:
            raise RerankerUnavailable(
                f"the reranker {name!r} gives {model.num_labels} scores a pair, one is wanted"
            )
        return cls(name, model)

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        pairs = [(question, text) for text in texts]
        return np.asarray(self.model.predict(pairs, show_progress_bar=False), dtype=np.float32)
