"""Running servers follow what is done to snapshots, and lose no question on the way."""

import shutil
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.snapshots import prune
from tests.conftest import SAMPLES, UPHELD, Server, serving

FAULTY = (sys.executable, Path(__file__).parent / "faulty_server.py")
SOME = sorted(SAMPLES.glob("*.txt"))[:5]


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    """A copy of the built sample, to be changed."""
    return Path(shutil.copytree(sample_data, tmp_path / "data"))


def ask(running: Server, question: str = "can a chair overrule the conference?") -> httpx.Response:
    return running.client.post("/v1/ask", json={"question": question, "k": 3})


def asked(pool: ThreadPoolExecutor, running: Server, times: int) -> list[Future[httpx.Response]]:
    return [pool.submit(ask, running) for _ in range(times)]


def follows(running: Server, snapshot: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while running.client.get("/health/ready").json()["snapshot"]["id"] != snapshot:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_question_in_hand_outlives_the_snapshot_that_it_is_asked_of(data: Path) -> None:
    with serving(data, command=FAULTY) as running, ThreadPoolExecutor(4) as pool:
        old = ask(running).json()["snapshot"]["id"]
        slow = [pool.submit(ask, running, "a slow question") for _ in range(4)]
        time.sleep(0.3)
        new = build(read_files(SOME), HashingEncoder(), data).snapshot
        # Gone before those questions are encoded, and searched all the same.
        assert prune(data, keep=0).snapshots == (old,)
        answers = [f.result() for f in slow]
        assert {a.status_code for a in answers} == {200}
        assert {a.json()["snapshot"]["id"] for a in answers} <= {old, new}
        assert follows(running, new, 10)


def test_servers_follow_a_rollback_at_once_and_lose_no_question(data: Path) -> None:
    first = (data / "current").read_text().strip()
    second = build(read_files(SOME), HashingEncoder(), data).snapshot
    with serving(data, "--workers", "2") as running, ThreadPoolExecutor(8) as pool:
        for wanted in (first, second):
            before = asked(pool, running, 20)
            subprocess.run([UPHELD, "snapshots", "rollback", "--data", data], check=True)
            after = asked(pool, running, 20)
            assert follows(running, wanted, 5)
            answers = [f.result() for f in before + after]
            assert {a.status_code for a in answers} == {200}
            assert {a.json()["snapshot"]["id"] for a in answers} <= {first, second}
