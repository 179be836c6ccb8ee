"""Kept work: what one build worked out the next does not, and damage to it costs only time."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from corpus.model import Decision
from corpus.reader import read_decision
from index.build import BuildReport, build_files
from index.hashing_encoder import HashingEncoder
from index.kept import KEPT, Kind
from index.protocols import Vectors
from index.snapshot import open_current

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
ENCODER = HashingEncoder()


@pytest.fixture
def few(tmp_path: Path) -> Path:
    folder = tmp_path / "few"
    folder.mkdir()
    for sample in sorted(SAMPLES.glob("*.txt"))[:2]:
        shutil.copy(sample, folder)
    return folder


def digests(data: Path) -> dict[str, str]:
    """The checksum of each file of the current snapshot."""
    return open_current(data).manifest.files


def build(files: Path, data: Path) -> BuildReport:
    return build_files([files], ENCODER, data)


def change(file: Path) -> None:
    text = file.read_text()
    file.write_text(text.replace("Final decision\n\n  1. ", "Final decision\n\n  1. Now then. "))
    assert file.read_text() != text


def count(data: Path, kind: Kind) -> int:
    with closing(sqlite3.connect(data / KEPT)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {kind}").fetchone()[0])


def test_a_file_that_is_as_it_was_is_not_read_again(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "soup.txt").write_text("Take two onions.")
    data = tmp_path / "data"
    first = build(files, data)
    change(files / "01_conference_chair.txt")
    read: list[str] = []

    def noted(content: bytes, file: str) -> Decision:
        read.append(file)
        return read_decision(content, file)

    monkeypatch.setattr("corpus.files.read_decision", noted)
    again = build(files, data)
    assert read == [str(files / "01_conference_chair.txt")]
    assert (again.changed, again.kept) == (1, 17)
    assert again.set_aside == first.set_aside
    assert [(s.file, s.reason.split(":")[0]) for s in again.set_aside] == [
        (str(files / "soup.txt"), "no decision in it")
    ]


def test_a_decision_that_comes_back_is_not_encoded_again(files: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    build(files, data)
    (files / "02_conference_minutes.txt").rename(tmp_path / "aside.txt")
    without = build(files, data)
    assert (without.removed, without.encoded) == (1, 0)
    shutil.rmtree(data / "snapshots")
    (tmp_path / "aside.txt").rename(files / "02_conference_minutes.txt")
    whole = build(files, data)
    assert (whole.decisions, whole.encoded) == (18, 0)
    assert whole.reused > 2000


def test_a_rebuild_from_kept_work_gives_the_bytes_of_a_first_build(
    files: Path, tmp_path: Path
) -> None:
    build(files, tmp_path / "one")
    change(files / "01_conference_chair.txt")
    again, first = build(files, tmp_path / "one"), build(files, tmp_path / "other")
    assert 0 < again.encoded < 3 < 2000 < first.encoded
    assert again.snapshot == first.snapshot
    assert digests(tmp_path / "one") == digests(tmp_path / "other")


class DiesAtTheThirdCall(HashingEncoder):
    """An encoder whose machine is switched off after a while."""

    calls = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        type(self).calls += 1
        if self.calls == 3:
            raise MemoryError("out of memory")
        return ENCODER.encode_passages(texts)


def test_a_build_that_was_cut_off_goes_on_from_what_it_had_encoded(
    files: Path, tmp_path: Path
) -> None:
    whole = build(files, tmp_path / "other")
    with pytest.raises(MemoryError):
        build_files([files], DiesAtTheThirdCall(), tmp_path / "data")
    assert count(tmp_path / "data", Kind.VECTOR) == 1024
    rest = build(files, tmp_path / "data")
    assert rest.encoded == whole.encoded - 1024
    assert digests(tmp_path / "data") == digests(tmp_path / "other")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50_000])


def garble(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


def overwrite_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 20)
        file.write(b"\xff" * (path.stat().st_size * 9 // 10))


@pytest.mark.parametrize("harm", [cut, garble, overwrite_the_middle])
def test_a_damaged_file_of_kept_work_is_set_aside_and_the_work_done_again(
    few: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    data = tmp_path / "data"
    first = build(few, data)
    before = digests(data)
    shutil.rmtree(data / "snapshots")
    harm(data / KEPT)
    again = build(few, data)
    assert again.snapshot == first.snapshot
    assert digests(data) == before
    assert ["is damaged" in warning for warning in again.warnings] == [True]
    assert (data / f"{KEPT}.damaged").exists()
    assert build(few, data).warnings == ()


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("value", [b"", b"\x00", b"{}", b"\x80"])
def test_kept_work_that_makes_no_sense_is_done_again(
    few: Path, tmp_path: Path, kind: Kind, value: bytes
) -> None:
    data = tmp_path / "data"
    build(few, data)
    before = digests(data)
    shutil.rmtree(data / "snapshots")
    with closing(sqlite3.connect(data / KEPT)) as connection, connection:
        connection.execute(f"UPDATE {kind} SET value = ?", (value,))
    again = build(few, data)
    assert digests(data) == before
    assert (again.encoded > 200) == (kind is Kind.VECTOR)
    assert again.warnings == ()


def test_what_no_longer_occurs_is_dropped_once_it_is_most_of_what_is_kept(
    files: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    build(files, data)
    whole = {kind: count(data, kind) for kind in Kind}
    names = sorted(file.name for file in files.iterdir())
    for name in names[:4]:
        (files / name).unlink()
    build(files, data)
    assert {kind: count(data, kind) for kind in Kind} == whole
    for name in names[4:14]:
        (files / name).unlink()
    last = build(files, data)
    assert (count(data, Kind.READING), count(data, Kind.PREPARED)) == (4, 4)
    assert last.passages < count(data, Kind.VECTOR) < whole[Kind.VECTOR] / 2
    (files / names[-1]).rename(tmp_path / "aside.txt")
    assert build(files, data).encoded == 0


class OtherWeights(HashingEncoder):
    """The same encoder by name, trained anew."""

    @property
    def fingerprint(self) -> str:
        return "other"


def test_vectors_of_another_encoder_are_not_taken(files: Path, tmp_path: Path) -> None:
    first = build(files, tmp_path / "data")
    other = build_files([files], OtherWeights(), tmp_path / "data")
    assert (other.encoded, other.reused) == (first.encoded, 0)
    assert (other.kept, other.changed) == (18, 0)
