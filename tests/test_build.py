"""Building: what changes, what is kept, and that the old index serves meanwhile."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from corpus.files import read_files
from corpus.model import Decision
from corpus.reader import read_decision
from index.build import NothingToBuild, build
from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.identity import settle
from index.manifest import StaleSnapshot
from index.protocols import Vectors
from index.snapshot import MANIFEST, NoSnapshot, current_folder, open_current, open_snapshot

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
ENCODER = HashingEncoder()


def test_a_rebuild_counts_what_changed_and_encodes_only_that(files: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = build(read_files([files]), ENCODER, data)
    assert (first.added, first.changed, first.removed, first.kept) == (18, 0, 0, 0)
    assert first.encoded > 1000

    again = build(read_files([files]), ENCODER, data)
    assert (again.added, again.changed, again.removed, again.kept) == (0, 0, 0, 18)
    assert (again.encoded, again.snapshot) == (0, first.snapshot)

    changed = files / "01_conference_chair.txt"
    changed.write_text(changed.read_text().replace("The complaint\n", "The complaint\n", 1) + "\n")
    text = changed.read_text()
    changed.write_text(text.replace("Final decision\n\n  1. ", "Final decision\n\n  1. Now then. "))
    assert changed.read_text() != text
    (files / "02_conference_minutes.txt").unlink()
    (files / "03_conference_not_investigated.txt").write_text("nothing")
    third = build(read_files([files]), ENCODER, data)
    assert (third.added, third.changed, third.removed, third.kept) == (0, 1, 2, 15)
    assert 0 < third.encoded <= 3
    assert [s.reason.split(":")[0] for s in third.set_aside] == ["no decision in it"]
    assert third.snapshot != first.snapshot


def test_the_same_input_gives_the_same_snapshot_wherever_its_files_lie(
    files: Path, tmp_path: Path
) -> None:
    one = build(read_files([files]), ENCODER, tmp_path / "a")
    other = build(read_files(sorted(files.iterdir(), reverse=True)), ENCODER, tmp_path / "b")
    assert one.snapshot == other.snapshot


class Dies(HashingEncoder):
    """An encoder whose machine is switched off."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        raise MemoryError("out of memory")


def test_a_build_that_dies_leaves_the_old_index_serving(files: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = build(read_files([files]), ENCODER, data)
    (files / "18_assisted_bins.txt").write_text(
        (files / "18_assisted_bins.txt").read_text().replace("collection", "visit")
    )
    with pytest.raises(MemoryError):
        build(read_files([files]), Dies(), data)
    assert open_current(data).manifest.snapshot == first.snapshot
    assert [p.name for p in (data / "snapshots").iterdir()] == [first.snapshot]


def test_a_damaged_snapshot_is_built_again(files: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    build(read_files([files]), ENCODER, data)
    folder = current_folder(data)
    assert folder
    (folder / "tables.sqlite").write_bytes(b"garbage")
    assert build(read_files([files]), ENCODER, data).decisions == 18
    assert open_current(data).tables.decision("upheld-sample/99-000-101")


def test_nothing_to_build_from_says_what_was_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("soup")
    with pytest.raises(NothingToBuild, match=r"a\.txt: no decision"):
        build(read_files([tmp_path]), ENCODER, tmp_path / "data")
    assert current_folder(tmp_path / "data") is None
    assert list((tmp_path / "data" / "snapshots").iterdir()) == []


def test_a_missing_or_incomplete_snapshot_says_what_to_run(
    sample_data: Path, tmp_path: Path
) -> None:
    with pytest.raises(NoSnapshot, match="run 'upheld build FOLDER"):
        open_current(tmp_path)
    folder = current_folder(sample_data)
    assert folder
    for part in ["passages.faiss", "sentences.faiss", "words", MANIFEST]:
        copy = tmp_path / part
        shutil.copytree(folder, copy)
        (shutil.rmtree if (copy / part).is_dir() else Path.unlink)(copy / part)
        with pytest.raises(NoSnapshot, match="run 'upheld build'"):
            open_snapshot(copy)


class OtherWeights(HashingEncoder):
    """The same encoder by name, trained anew."""

    @property
    def fingerprint(self) -> str:
        return "other"


def test_an_index_of_another_encoder_is_refused(sample_data: Path) -> None:
    with pytest.raises(StaleSnapshot, match=r"built with hashing .* run 'upheld build' again"):
        HybridRetriever.open(open_current(sample_data), OtherWeights())


def test_an_index_of_another_format_is_refused(sample_data: Path, tmp_path: Path) -> None:
    folder = current_folder(sample_data)
    assert folder
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    manifest = open_snapshot(copy).manifest
    (copy / MANIFEST).write_bytes(
        msgspec.json.encode(msgspec.structs.replace(manifest, format=manifest.format + 1))
    )
    with pytest.raises(StaleSnapshot, match="run 'upheld build' again"):
        HybridRetriever.open(open_snapshot(copy), ENCODER)


JOINT = """{body} (99 000 777)
Category : Health > Other
Decision : {outcome}
Decision date : 07 Feb 2024
The Ombudsman's final decision:
Summary: a summary.
The complaint
- Mr B complains.
Final decision
- I have decided.
"""


def made(body: str, outcome: str, file: str) -> Decision:
    return read_decision(JOINT.format(body=body, outcome=outcome).encode(), file)


def test_two_bodies_that_share_a_reference_are_two_decisions() -> None:
    read = [made("One Trust", "Upheld", "a.txt"), made("Two Council", "Not upheld", "b.txt")]
    decisions, set_aside = settle(read)
    assert [d.decision_id for d in decisions] == [
        "upheld-sample/99-000-777-one-trust",
        "upheld-sample/99-000-777-two-council",
    ]
    assert set_aside == []


def test_the_same_decision_twice_is_kept_once_and_said_so() -> None:
    read = [made("One Trust", "Upheld", "a.txt"), made("One Trust", "Upheld", "b.txt")]
    decisions, set_aside = settle(read)
    assert [d.source.file for d in decisions] == ["a.txt"]
    assert [str(e) for e in set_aside] == ["b.txt: the same as a.txt, which is kept"]
