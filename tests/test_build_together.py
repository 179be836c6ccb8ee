"""One build at a time, what it leaves out, and what it says where it cannot go on."""

import json
import os
import shutil
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.build import build_files
from index.build_lock import Busy, build_lock
from index.hashing_encoder import HashingEncoder
from index.snapshot import TABLES, current_folder
from tests.conftest import SAMPLES, UPHELD

ENCODER = HashingEncoder()
CHAIR = "upheld-sample/99-000-101"
MINUTES = "upheld-sample/99-000-102"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for sample in sorted(SAMPLES.glob("*.txt"))[:3]:
        shutil.copy(sample, folder)
    return folder


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UPHELD, "build", *arguments, "--encoder", "hashing"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_second_build_says_who_is_at_work_and_stops(files: Path, tmp_path: Path) -> None:
    with build_lock(tmp_path):
        done = run(files, "--data", tmp_path)
        with pytest.raises(Busy):
            build_files([files], ENCODER, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"upheld: another build is at work in {tmp_path} since 20")
    assert f"process {os.getpid()}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert run(files, "--data", tmp_path).returncode == 0


def test_a_build_can_wait_for_another_to_end(files: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with build_lock(tmp_path):
            waiting = pool.submit(build_files, [files], ENCODER, tmp_path, wait=True)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=60).decisions == 3


def test_the_room_of_a_build_that_was_killed_is_cleared_by_the_next(
    files: Path, tmp_path: Path
) -> None:
    left = tmp_path / "snapshots" / ".making-1" / "snapshot"
    left.mkdir(parents=True)
    report = build_files([files], ENCODER, tmp_path)
    assert [p.name for p in (tmp_path / "snapshots").iterdir()] == [report.snapshot]


@pytest.mark.parametrize("name", ["snapshots", "build.lock", "kept.sqlite"])
def test_something_in_the_way_is_told_in_one_line_and_nothing_is_lost(
    files: Path, tmp_path: Path, name: str
) -> None:
    if name == "snapshots":
        (tmp_path / name).write_text("mine")
    else:
        (tmp_path / name).mkdir()
    done = run(files, "--data", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("upheld: ")
    assert str(tmp_path) in done.stderr
    assert (tmp_path / name).exists()


def tombstones(data: Path) -> dict[str, str]:
    folder = current_folder(data)
    assert folder
    with closing(sqlite3.connect(folder / TABLES)) as connection:
        return dict(connection.execute("SELECT * FROM tombstones"))


def test_what_is_gone_leaves_a_tombstone_until_it_is_there_again(
    files: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    whole = build_files([files], ENCODER, data)
    assert tombstones(data) == {}
    chair = files / "01_conference_chair.txt"
    chair.rename(tmp_path / chair.name)
    assert build_files([files], ENCODER, data).removed == 1
    assert tombstones(data) == {CHAIR: date.today().isoformat()}
    # The next build finds it no longer in the one before, and the date stays.
    (files / "02_conference_minutes.txt").unlink()
    build_files([files], ENCODER, data)
    assert list(tombstones(data)) == [CHAIR, MINUTES]
    (tmp_path / chair.name).rename(chair)
    back = build_files([files], ENCODER, data)
    assert (back.added, list(tombstones(data))) == (1, [MINUTES])
    assert back.snapshot != whole.snapshot


def test_a_withdrawn_decision_is_left_out_and_its_tombstone_has_the_day_of_it(
    files: Path, tmp_path: Path
) -> None:
    (tmp_path / "withdrawn.json").write_text(json.dumps({CHAIR: "2026-05-03"}))
    done = run(files, "--data", tmp_path, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert (report["decisions"], report["withdrawn"], report["set_aside"]) == (2, 1, [])
    assert tombstones(tmp_path) == {CHAIR: "2026-05-03"}


def test_a_long_list_of_what_is_set_aside_is_cut_and_json_has_all_of_it(
    files: Path, tmp_path: Path
) -> None:
    for number in range(25):
        (files / f"soup{number:02}.txt").write_text("Take two onions.")
    done = run(files, "--data", tmp_path, "--json")
    lines = done.stderr.splitlines()
    assert done.returncode == 3
    assert lines[0].startswith(f"{files}/soup00.txt: no decision in it")
    assert (len(lines), lines[20]) == (21, "and 5 more: use --json")
    set_aside = json.loads(done.stdout)["set_aside"]
    assert len(set_aside) == 25
    assert set_aside[24]["file"] == f"{files}/soup24.txt"
    assert set_aside[24]["reason"].startswith("no decision in it")


def test_a_quiet_build_prints_only_errors(files: Path, tmp_path: Path) -> None:
    (files / "soup.txt").write_text("Take two onions.")
    done = run(files, "--data", tmp_path, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
