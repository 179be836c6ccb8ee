"""Snapshots are switched whole, gone back to, kept and deleted, and never lost on the way."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from corpus.files import read_files
from index import snapshots
from index.build import build
from index.build_lock import build_lock
from index.hashing_encoder import HashingEncoder
from index.snapshot import (
    CURRENT,
    HISTORY,
    MANIFEST,
    checksum,
    current_folder,
    make_current,
    open_current,
    read_manifest,
    were_current,
)
from service.doctor import examine
from service.snapshot_commands import snapshots as commands
from tests.conftest import SAMPLES

FILES = sorted(SAMPLES.glob("*.txt"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A data folder in which four collections were built, and their names in order."""
    data = tmp_path_factory.mktemp("four")
    with pytest.MonkeyPatch.context() as patch:
        # A build keeps two besides its own, and here there are to be more.
        patch.setattr("index.build.prune", lambda data: snapshots.prune(data, keep=4))
        return data, [
            build(read_files(FILES[: 3 + number]), HashingEncoder(), data).snapshot
            for number in range(4)
        ]


@pytest.fixture
def four(built: tuple[Path, list[str]], tmp_path: Path) -> tuple[Path, list[str]]:
    return Path(shutil.copytree(built[0], tmp_path / "data")), built[1]


def upheld_snapshots(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, [*arguments, "--data", str(data)])


def there(data: Path) -> set[str]:
    return {folder.name for folder in (data / "snapshots").iterdir()}


def size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def now(data: Path) -> str:
    return (data / CURRENT).read_text().strip()


def test_snapshots_are_listed_by_their_last_use_with_what_they_hold(
    four: tuple[Path, list[str]],
) -> None:
    data, names = four
    listed = upheld_snapshots(data).output.splitlines()
    assert [line.split()[0] for line in listed[:-1]] == names[::-1]
    assert listed[0].split("  ")[2:] == [
        "6 decisions",
        f"{open_current(data).manifest.passages} passages",
        "hashing",
        *listed[0].split("  ")[5:6],
        "current",
    ]
    assert listed[1].endswith("  previous")
    assert listed[-1].startswith("4 snapshots, ")
    told = json.loads(upheld_snapshots(data, "--json").stdout)
    assert [one["snapshot"] for one in told] == names[::-1]
    assert [one["bytes"] for one in told] == [size(data / "snapshots" / n) for n in names[::-1]]
    assert [one["current"] for one in told] == [True, False, False, False]


def test_an_empty_folder_has_no_snapshots(tmp_path: Path) -> None:
    assert upheld_snapshots(tmp_path).output.startswith("no snapshots in ")
    assert upheld_snapshots(tmp_path, "--json").output == "[]\n"
    refused = upheld_snapshots(tmp_path, "prune")
    assert (refused.exit_code, "nothing is built" in refused.output) == (1, True)


def test_a_rollback_leads_to_the_one_before_and_a_second_one_back(
    four: tuple[Path, list[str]],
) -> None:
    data, names = four
    assert upheld_snapshots(data, "rollback").output == f"{names[2]} is current\n"
    assert now(data) == names[2]
    upheld_snapshots(data, "rollback")
    assert now(data) == names[3]
    upheld_snapshots(data, "rollback", names[0])
    assert now(data) == names[0]
    upheld_snapshots(data, "rollback")
    assert now(data) == names[3]
    assert open_current(data).manifest.decisions == 6


def test_a_name_may_be_cut_short_as_long_as_it_is_one_s_own(four: tuple[Path, list[str]]) -> None:
    data, names = four
    assert snapshots.named(data, names[1][:6]) == names[1]
    (data / "snapshots" / f"{names[1]}0").mkdir()
    assert snapshots.named(data, names[1]) == names[1]
    for beginning, told in ((names[1][:6], "may be any of"), ("zzz", "begins with zzz")):
        refused = upheld_snapshots(data, "rollback", beginning)
        assert refused.exit_code == 1
        assert told in refused.output
    assert now(data) == names[3]


def spoil(folder: Path) -> None:
    (folder / "passages.faiss").write_bytes(b"")


def of_other_weights(folder: Path) -> None:
    other = msgspec.structs.replace(read_manifest(folder), fingerprint="other")
    (folder / MANIFEST).write_bytes(msgspec.json.encode(other))


@pytest.mark.parametrize(
    ("harm", "told"), [(spoil, "cannot be opened"), (of_other_weights, "weights other")]
)
def test_a_rollback_to_what_no_server_could_open_is_refused(
    four: tuple[Path, list[str]], harm: Callable[[Path], None], told: str
) -> None:
    data, names = four
    harm(data / "snapshots" / names[2])
    refused = upheld_snapshots(data, "rollback")
    assert refused.exit_code == 1
    assert told in refused.output
    assert now(data) == names[3]


def test_what_is_pruned_is_the_longest_unused_but_what_is_pinned(
    four: tuple[Path, list[str]],
) -> None:
    data, names = four
    upheld_snapshots(data, "pin", names[0][:8])
    freed = size(data / "snapshots" / names[1])
    assert snapshots.prune(data, keep=1) == snapshots.Pruned(snapshots=(names[1],), bytes=freed)
    assert there(data) == {names[0], names[2], names[3]}
    upheld_snapshots(data, "unpin", names[0])
    pruned = upheld_snapshots(data, "prune", "--keep", "0").output
    assert [f"{n} deleted" in pruned for n in names] == [True, False, True, False]
    assert there(data) == {names[3]}
    assert open_current(data).manifest.decisions == 6


def test_after_a_rollback_the_one_that_was_left_is_among_the_latest_used(
    four: tuple[Path, list[str]],
) -> None:
    data, names = four
    snapshots.roll_back(data, names[0])
    snapshots.prune(data, keep=1)
    assert there(data) == {names[0], names[3]}


def test_files_that_another_snapshot_shares_free_no_room(four: tuple[Path, list[str]]) -> None:
    data, names = four
    folder = data / "snapshots"
    shutil.rmtree(folder / names[0])
    shutil.copytree(folder / names[3], folder / names[0], copy_function=link)
    assert snapshots.prune(data, keep=2).bytes == 0
    assert there(data) == set(names[1:])


def link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def test_what_is_left_of_builds_and_deletions_goes_with_the_next_pruning(
    four: tuple[Path, list[str]],
) -> None:
    data, names = four
    for name in ("0123.making-1", "4567.going-2"):
        (data / "snapshots" / name).mkdir()
        (data / "snapshots" / name / "tables.sqlite").write_bytes(b"x" * 1000)
    assert [one.snapshot for one in snapshots.snapshots(data)] == names[::-1]
    told = {c.finding: c.good for c in examine(data)}
    assert not told[
        "left over from what was cut short: 0123.making-1, 4567.going-2: run 'upheld snapshots "
        "prune'"
    ]
    assert snapshots.prune(data, keep=9).bytes == 2000
    assert there(data) == set(names)
    assert all(c.good for c in examine(data))


def test_the_doctor_tells_of_pins_of_nothing_and_of_a_disk_without_room_for_another(
    four: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, names = four
    snapshots.pin(data, names[1])
    shutil.rmtree(data / "snapshots" / names[1])
    total, used, _ = shutil.disk_usage(data)
    usage = type(shutil.disk_usage(data))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(total, used, 1000))
    bad = [c.finding for c in examine(data) if not c.good]
    assert [b.split(":")[0] for b in bad] == [
        "pinned but not there",
        f"1.0 kB are free in {data}, another snapshot takes "
        + bad[1].split("takes ")[1].split(":")[0],
    ]
    assert upheld_snapshots(data, "unpin", names[1]).exit_code == 0
    assert snapshots.pins(data) == frozenset()


def test_nothing_is_changed_while_another_process_is_at_work(
    four: tuple[Path, list[str]],
) -> None:
    data, names = four
    with build_lock(data):
        for command in (["prune"], ["rollback"], ["pin", names[0]], ["unpin", names[0]]):
            refused = upheld_snapshots(data, *command)
            assert refused.exit_code == 1
            assert "another build is at work" in refused.output
        assert upheld_snapshots(data).exit_code == 0
    assert there(data) == set(names)
    assert now(data) == names[3]


def test_a_crash_between_the_history_and_the_switch_leaves_the_one_before_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Path, target: Path) -> Path:
        if target.name == CURRENT:
            raise KeyboardInterrupt
        return replace(self, target)

    for name in "ab":
        (tmp_path / "snapshots" / name).mkdir(parents=True)
        make_current(tmp_path, name)
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        make_current(tmp_path, "c")
    assert now(tmp_path) == "b"
    assert snapshots.previous(tmp_path) == "a"
    monkeypatch.undo()
    (tmp_path / "snapshots" / "c").mkdir()
    make_current(tmp_path, "c")
    assert were_current(tmp_path) == ("a", "b")
    assert snapshots.previous(tmp_path) == "b"


def test_the_history_keeps_the_latest_hundred(tmp_path: Path) -> None:
    for number in range(120):
        make_current(tmp_path, f"s{number}")
    assert (tmp_path / HISTORY).read_text().split() == [f"s{n}" for n in range(19, 119)]
    folder = current_folder(tmp_path)
    assert folder
    assert folder.name == "s119"


def test_a_checksum_is_that_of_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc" * 1_000_000)
    assert checksum(tmp_path / "file") == (
        "f4096a131e7e6ebfa7a512b5c299e13b065df34d15624ee1202ab394cc4d7e90"
    )
