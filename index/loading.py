"""Loading: models by sentence-transformers, and their weights as they are trained."""

import hashlib
import os

import msgspec

# Set before the library is imported: it would start threads of its own beside torch's, and warn.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
from sentence_transformers import SentenceTransformer
from transformers import PreTrainedModel
from transformers.utils import logging as transformers_logging

from index.adapter import add_adapter
from index.models import TUNED, EncoderUnavailable, Model


def load_model(model: Model) -> SentenceTransformer:
    """Load a model onto the processor, single precision; the tuned one with its adapter.

    Raises:
        EncoderUnavailable: It cannot be had.
    """
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        loaded = SentenceTransformer(
            model.source, device="cpu", model_kwargs={"dtype": torch.float32}
        )
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"no model {model.name!r}: give a folder that holds a sentence-transformers model, or "
            f"a name that can be downloaded here ({type(error).__name__})"
        ) from error
    if model.name == TUNED:
        add_adapter(loaded)
    return loaded.eval()


def attend_plainly(network: PreTrainedModel | None) -> None:
    """Have a model's network, if it has one, work its attention out step by step.

    Of texts as short as ours, products and a softmax are quicker on a processor than what fuses
    them, which is torch's own choice.
    """
    if network:
        network.set_attn_implementation("eager")


def with_fingerprint(model: Model, loaded: SentenceTransformer) -> Model:
    """The model with the digest of the weights that were loaded, where none was known."""
    if model.fingerprint:
        return model
    digest = hashlib.sha256()
    for name, tensor in sorted(loaded.state_dict().items()):
        digest.update(name.encode() + tensor.cpu().numpy().tobytes())
    return msgspec.structs.replace(model, fingerprint=digest.hexdigest())
