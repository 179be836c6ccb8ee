"""Opening: from a data folder to an answerer; the bundled sample where nothing is built."""

import hashlib
from importlib.resources import as_file, files
from pathlib import Path

from corpus.files import read_files
from index.build import build
from index.encoders import ADAPTER, DEFAULT, load_encoder
from index.encoding import Progress, silently
from index.hybrid import HybridRetriever
from index.manifest import FORMAT
from index.reranker import CrossEncoderReranker
from index.snapshot import current_folder, open_current
from service.answering import Answerer

DATA = Path("data")
"""Where snapshots lie unless a deployment says otherwise."""


def prepare(data: Path | None, progress: Progress = silently) -> Path:
    """The folder to open: the one named, or ``./data``, or that of the bundled sample.

    The sample is built on first use, apart from anything real, and again when it changed.

    Raises:
        OSError: The sample cannot be written.
        index.sentence_encoder.EncoderUnavailable: The bundled encoder is not here.
    """
    if data is not None or current_folder(DATA) is not None:
        return data or DATA
    with as_file(files("corpus").joinpath("samples")) as samples:
        contents = [path.read_bytes() for path in sorted(samples.glob("*.txt"))]
        made_by = [str(FORMAT).encode(), DEFAULT.encode(), ADAPTER.read_bytes()]
        digest = hashlib.sha256(b"\0".join([*made_by, *contents])).hexdigest()
        folder = DATA / "sample" / digest[:12]
        if current_folder(folder) is None:
            build(
                read_files([samples]), load_encoder(DEFAULT), folder, sample=True, progress=progress
            )
    return folder


def open_answerer(data: Path, reranker: str | None = None) -> Answerer:
    """An answerer over the current snapshot of a data folder.

    Args:
        data: The folder.
        reranker: Name or folder of a cross-encoder.

    Raises:
        index.snapshot.NoSnapshot: Nothing is built there.
        index.manifest.StaleSnapshot: What is built there does not fit this version or encoder.
        index.sentence_encoder.EncoderUnavailable: Its encoder is not here.
        index.reranker.RerankerUnavailable: The reranker is not here.
    """
    snapshot = open_current(data)
    return Answerer(
        HybridRetriever.open(
            snapshot,
            load_encoder(snapshot.manifest.encoder),
            reranker=CrossEncoderReranker.load(reranker) if reranker else None,
        )
    )
