"""Opening: from a data folder to an answerer; the bundled sample where nothing is built."""

import hashlib
from importlib.resources import as_file, files
from pathlib import Path

from index.batching import BatchingEncoder
from index.encoders import DEFAULT, load_encoder, open_encoder
from index.hybrid import HybridRetriever
from index.manifest import FORMAT, StaleSnapshot
from index.models import ADAPTER
from index.progress import Progress, silently
from index.protocols import Encoder
from index.reranker import CrossEncoderReranker
from index.snapshot import Snapshot, current_folder, open_current
from service.answering import Answerer
from service.settings import DATA, DEFAULTS, Settings
from service.signposts import Signposts


def prepare(data: Path | None, progress: Progress = silently) -> Path:
    """The folder to open: the one named, or ``./data``, or that of the bundled sample.

    The sample is built on first use, apart from anything real, and again when it changed.

    Raises:
        OSError: The sample cannot be written.
        index.models.EncoderUnavailable: The bundled encoder is not here.
    """
    if data is not None or current_folder(DATA) is not None:
        return data or DATA
    with as_file(files("corpus").joinpath("samples")) as samples:
        contents = [path.read_bytes() for path in sorted(samples.glob("*.txt"))]
        made_by = [str(FORMAT).encode(), DEFAULT.encode(), ADAPTER.read_bytes()]
        digest = hashlib.sha256(b"\0".join([*made_by, *contents])).hexdigest()
        folder = DATA / "sample" / digest[:12]
        if current_folder(folder) is None:
            # Here, not above: who answers from what is built needs none of it.
            from corpus.files import read_files
            from index.build import build

            build(
                read_files([samples]),
                load_encoder(DEFAULT, folder),
                folder,
                sample=True,
                # Two processes may meet the sample at once; the second finds it made.
                wait=True,
                progress=progress,
            )
    return folder


def open_answerer(
    data: Path,
    settings: Settings = DEFAULTS,
    before: Answerer | None = None,
    encoder: Encoder | None = None,
) -> Answerer:
    """An answerer over the current snapshot of a data folder.

    Args:
        data: The folder.
        settings: How questions are encoded and ranked, and which signposts there are.
        before: What is open already; its encoder and reranker are used again where they fit.
        encoder: One that is open already, to be used as it is.

    Raises:
        index.snapshot.NoSnapshot: Nothing is built there.
        index.manifest.StaleSnapshot: What is built there does not fit this version or encoder.
        index.models.EncoderUnavailable: Its encoder is not here.
        index.reranker.RerankerUnavailable: The reranker is not here.
        service.signposts.BadSignposts: The file of signposts cannot be used.
    """
    snapshot = open_current(data)
    if before and _fits(snapshot, before.retriever.encoder):
        encoder, reranker = before.retriever.encoder, before.retriever.reranker
    else:
        encoder = encoder or open_encoder(snapshot.manifest, data)
        if settings.batch > 1:
            encoder = BatchingEncoder(encoder, most=settings.batch, wait_ms=settings.batch_wait_ms)
        reranker = CrossEncoderReranker.load(settings.reranker) if settings.reranker else None
    return Answerer.over(
        HybridRetriever.open(snapshot, encoder, reranker=reranker),
        Signposts.load(settings.signposts),
    )


def _fits(snapshot: Snapshot, encoder: Encoder) -> bool:
    try:
        snapshot.manifest.require(encoder)
    except StaleSnapshot:
        return False
    return True
