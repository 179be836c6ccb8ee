"""Encoders by name: the bundled model, any other that sentence-transformers loads, or hashing."""

from enum import StrEnum
from pathlib import Path

from index.exported import MEASURES, Exported, open_exported
from index.half_precision import HalfPrecision, has_bfloat16
from index.hashing_encoder import HashingEncoder
from index.manifest import Manifest
from index.models import TUNED, Model, find_model
from index.protocols import Encoder
from index.transformer import Network, TransformerEncoder

DEFAULT = TUNED

_EXPORTED = "encoders"
"""The folder below a data folder that models are exported to."""


_HALF = "+bfloat16"
"""Follows the digest of the weights in the fingerprint of what encodes passages so."""


class Precision(StrEnum):
    """Of the numbers with which passages are encoded; questions are in single precision always."""

    AUTO = "auto"
    """Half where the processor multiplies such numbers itself, else single; see ADR 0016."""

    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"


def load_encoder(
    name: str, data: Path = Path("data"), precision: Precision = Precision.AUTO
) -> Encoder:
    """The encoder of this name, exported so that `open_encoder` need not load its model.

    Args:
        name: ``all-MiniLM-L6-v2-upheld`` (bundled, fitted to how people ask), ``all-MiniLM-L6-v2``
            (bundled, the official weights), ``hashing``, a folder that holds a
            sentence-transformers model, or a model's name.
        data: Folder of snapshots; the model is exported into it.
        precision: For passages.

    Raises:
        index.models.EncoderUnavailable: There is no such model, its weights are wrong, or it
            cannot be exported.
        OSError: The folder cannot be written.
    """
    if name == HashingEncoder.NAME:
        return HashingEncoder()
    model = find_model(name)
    if model.fingerprint is None or not _is_exported(_folder(data, model.fingerprint)):
        model = _export(model, data)
    exported = open_exported(_folder(data, model.fingerprint))
    if precision is Precision.FLOAT32 or (precision is Precision.AUTO and not has_bfloat16()):
        return _encoder(name, exported, exported.measures.fingerprint, exported.graph)
    fingerprint = f"{exported.measures.fingerprint}{_HALF}"
    return _encoder(name, exported, fingerprint, HalfPrecision(model))


def open_encoder(manifest: Manifest, data: Path) -> Encoder:
    """The encoder that made a snapshot, in single precision; torch is not loaded for it.

    One that is not exported here is exported first.

    Args:
        manifest: The snapshot's.
        data: Folder of snapshots, with the exported model.

    Raises:
        index.models.EncoderUnavailable: It is not here.
        OSError: It is not exported, and the folder cannot be written.
    """
    if manifest.encoder == HashingEncoder.NAME:
        return HashingEncoder()
    weights = manifest.fingerprint.removesuffix(_HALF)
    if not _is_exported(_folder(data, weights)):
        _export(find_model(manifest.encoder), data)
    exported = open_exported(_folder(data, weights))
    return _encoder(manifest.encoder, exported, manifest.fingerprint, exported.graph)


def _encoder(name: str, exported: Exported, fingerprint: str, passages: Network) -> Encoder:
    measures = exported.measures
    return TransformerEncoder(
        name=name,
        fingerprint=fingerprint,
        dim=measures.dim,
        limit=measures.limit,
        tokenizer=exported.tokenizer,
        questions=exported.graph,
        passages=passages,
    )


def _folder(data: Path, fingerprint: str | None) -> Path:
    return data / _EXPORTED / str(fingerprint)[:16]


def _is_exported(folder: Path) -> bool:
    return (folder / MEASURES).exists()


def _export(model: Model, data: Path) -> Model:
    """Export a model; it is given back with the fingerprint of what was loaded."""
    # Here, not above: they import torch, which takes seconds.
    from index.exporting import export
    from index.loading import load_model, with_fingerprint

    loaded = load_model(model)
    model = with_fingerprint(model, loaded)
    if not _is_exported(folder := _folder(data, model.fingerprint)):
        export(model, loaded, folder)
    return model
