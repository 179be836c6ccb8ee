"""Encoders by name: the bundled model, any other that sentence-transformers loads, or hashing."""

from importlib.resources import files

from index.hashing_encoder import HashingEncoder
from index.protocols import Encoder

DEFAULT = "all-MiniLM-L6-v2-upheld"
ADAPTER = files("index").joinpath("adapter.safetensors")
"""What makes the default of the official weights; see `index.adapter`."""


def load_encoder(name: str) -> Encoder:
    """The encoder of this name.

    Args:
        name: ``all-MiniLM-L6-v2-upheld`` (bundled, fitted to how people ask), ``all-MiniLM-L6-v2``
            (bundled, the official weights), ``hashing``, a folder that holds a
            sentence-transformers model, or a model's name.

    Raises:
        index.sentence_encoder.EncoderUnavailable: There is no such model, or its weights are wrong.
    """
    if name == HashingEncoder.NAME:
        return HashingEncoder()
    # Here, not above: it takes seconds to import.
    from index.sentence_encoder import SentenceEncoder

    return SentenceEncoder.load(name)
