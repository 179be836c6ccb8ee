"""Exporting: a loaded model written as a graph that answers without torch."""

import logging
import os
import shutil
import warnings
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import msgspec
import torch
from sentence_transformers import SentenceTransformer

from index.exported import GRAPH, MEASURES, OUTPUT, TOKENIZER, Measures
from index.models import EncoderUnavailable, Model

_EXAMPLE = ("Two texts of unlike length,", "so that neither is taken for granted.")


class UnitVectors(torch.nn.Module):
    """A sentence transformer from tokens to vectors of length 1, with nothing around it."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model
        self.names = list(model.tokenizer.model_input_names)

    def inputs(self, tokens: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """What `forward` takes of texts cut into tokens, and of the mask that tells padding."""
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": tokens * 0}
        return tuple(given[name] for name in self.names)

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """One unit vector a text, single precision; inputs are in the tokenizer's order."""
        features = self.model(dict(zip(self.names, inputs, strict=True)))
        vectors: torch.Tensor = features[OUTPUT].float()
        return torch.nn.functional.normalize(vectors, dim=1)


def export(model: Model, loaded: SentenceTransformer, folder: Path) -> None:
    """Write a model into a folder from which it can be run without torch.

    Two processes may do so at once: the folder is there whole, or not at all.

    Raises:
        EncoderUnavailable: It is of a kind that cannot be exported.
        OSError: The folder cannot be written.
    """
    tokenizer = getattr(loaded.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise EncoderUnavailable(f"the model {model.name!r} has no tokenizer that can be exported")
    making = folder.with_name(f"{folder.name}.making-{os.getpid()}")
    making.mkdir(parents=True, exist_ok=True)
    try:
        _export_graph(model, loaded, making / GRAPH)
        # As the file stands it cuts texts short, and pads short ones.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        (making / TOKENIZER).write_text(tokenizer.to_str(), encoding="utf-8")
        measures = Measures(
            fingerprint=model.fingerprint or "",
            dim=int(loaded.get_embedding_dimension() or 0),
            limit=int(loaded.max_seq_length or 512),
        )
        (making / MEASURES).write_bytes(msgspec.json.encode(measures))
        try:
            making.replace(folder)
        except OSError:
            # Another process was quicker.
            if not (folder / MEASURES).exists():
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _export_graph(model: Model, loaded: SentenceTransformer, path: Path) -> None:
    network = UnitVectors(loaded).eval()
    example = loaded.tokenizer(list(_EXAMPLE), padding=True, return_tensors="pt")
    texts, length = torch.export.Dim("texts"), torch.export.Dim("length", max=512)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    # It tells of its steps on standard output, and warns of what is its own business.
    with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                network,
                tuple(example[name] for name in network.names),
                str(path),
                dynamo=True,
                # Beside the graph, so that it can be mapped: half of it is a table of words, of
                # which questions touch little, and workers share it.
                external_data=True,
                input_names=network.names,
                output_names=[OUTPUT],
                dynamic_shapes=(tuple({0: texts, 1: length} for _ in network.names),),
            )
        except Exception as error:
            raise EncoderUnavailable(
                f"the model {model.name!r} is of a kind that cannot be exported "
                f"({type(error).__name__})"
            ) from error
