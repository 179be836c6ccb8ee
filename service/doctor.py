"""Doctor: whether a snapshot is whole and the set-up can answer from it."""

from collections.abc import Iterator
from pathlib import Path

from corpus.tokens import TokensUnavailable, count_language_model_tokens
from index.encoders import load_encoder
from index.hybrid import HybridRetriever
from index.manifest import StaleSnapshot
from index.snapshot import NoSnapshot, checksums, open_current
from service.check import Check
from service.self_query import NotItself, ask_itself


def examine(data: Path) -> Iterator[Check]:
    """Look at everything in turn, and stop where the rest makes no sense."""
    try:
        count_language_model_tokens("one")
        yield Check(True, "the token table is here")
    except TokensUnavailable as error:
        yield Check(False, str(error))
    try:
        snapshot = open_current(data)
    except NoSnapshot as error:
        yield Check(False, str(error))
        return
    manifest = snapshot.manifest
    yield Check(True, f"snapshot {manifest.snapshot} of {manifest.decisions} decisions opens")
    now = checksums(snapshot.folder)
    wrong = sorted(
        f for f in now.keys() | manifest.files.keys() if now.get(f) != manifest.files.get(f)
    )
    yield Check(
        not wrong,
        f"damaged, missing or foreign: {', '.join(wrong)}: run 'upheld build' again"
        if wrong
        else f"all {len(now)} files have the digests that they were written with",
    )
    counts = (len(snapshot.tables.roles()), len(snapshot.passages), len(snapshot.sentences))
    wanted = (manifest.paragraphs, manifest.passages, manifest.sentences)
    yield Check(
        counts == wanted,
        f"{counts[0]} paragraphs, {counts[1]} passages, {counts[2]} sentences"
        + ("" if counts == wanted else f", wanted {wanted}"),
    )
    try:
        retriever = HybridRetriever.open(snapshot, load_encoder(manifest.encoder))
    except (StaleSnapshot, RuntimeError) as error:
        yield Check(False, str(error))
        return
    yield Check(True, f"the encoder {manifest.encoder} fits")
    try:
        ask_itself(retriever)
    except NotItself as error:
        yield Check(False, str(error))
    else:
        yield Check(True, "a paragraph is found by its own words")
