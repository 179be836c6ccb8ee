"""What a server does when things go wrong, tried on real processes: errors are told as errors."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from tests.conftest import SAMPLES, UPHELD, Server, serving

CHAIR = "can a chair overrule the conference?"
FAULTY = (sys.executable, Path(__file__).parent / "faulty_server.py")
ROOT = Path(__file__).parent.parent


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    """A copy of the built sample, to be damaged."""
    return Path(shutil.copytree(sample_data, tmp_path / "data"))


def snapshot_of(data: Path) -> Path:
    return data / "snapshots" / (data / "current").read_text().strip()


def ask(client: httpx.Client, question: str = CHAIR) -> httpx.Response:
    return client.post("/v1/ask", json={"question": question, "k": 3})


def refused_start(data: Path, **settings: str) -> str:
    done = subprocess.run(
        [UPHELD, "serve", "--data", data, "--port", "0"],
        env=os.environ | settings,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode != 0
    return done.stderr.decode()


def is_our_error(response: httpx.Response) -> bool:
    return (
        response.status_code == 500
        and response.headers["content-type"] == "application/problem+json"
        and "not mean that nothing was found" in response.json()["detail"]
    )


def eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_a_folder_without_an_index_is_no_start_but_an_error(tmp_path: Path) -> None:
    assert "run 'upheld build" in refused_start(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("UPHELD_SIGNPOSTS", "/no/such/file.toml", "signposts in /no/such/file.toml"),
        ("UPHELD_REDIS", "nowhere", "UPHELD_REDIS"),
        ("UPHELD_QUESTION_LOG", "/no/such/folder/log", "the question log /no/such/folder/log"),
        ("UPHELD_RERANKER", "/no/such/model", "/no/such/model"),
    ],
)
def test_a_setting_that_cannot_be_used_is_no_start_and_the_log_says_why(
    sample_data: Path, name: str, value: str, says: str
) -> None:
    told = refused_start(sample_data, **{name: value})
    assert "the service cannot start: " in told
    assert says in told
    assert "Traceback" not in told


def remove_vectors(snapshot: Path) -> None:
    (snapshot / "passages.faiss").unlink()


def cut_vectors(snapshot: Path) -> None:
    whole = (snapshot / "sentences.faiss").read_bytes()
    (snapshot / "sentences.faiss").write_bytes(whole[: len(whole) // 2])


def cut_tables(snapshot: Path) -> None:
    whole = (snapshot / "tables.sqlite").read_bytes()
    (snapshot / "tables.sqlite").write_bytes(whole[: len(whole) // 2])


def spoil_manifest(snapshot: Path) -> None:
    (snapshot / "manifest.json").write_text("{")


@pytest.mark.parametrize("harm", [remove_vectors, cut_vectors, cut_tables, spoil_manifest])
def test_a_half_written_or_corrupt_snapshot_is_no_start_but_an_error(
    data: Path, harm: Callable[[Path], None]
) -> None:
    harm(snapshot_of(data))
    assert "run 'upheld build' again" in refused_start(data)


def test_a_folder_that_is_deleted_underneath_goes_on_answering_or_says_that_it_cannot(
    data: Path,
) -> None:
    with serving(data) as running:
        before = ask(running.client).json()["matches"]
        shutil.rmtree(data)
        response = ask(running.client)
        if response.status_code == 200:
            assert response.json()["matches"] == before
        else:
            assert is_our_error(response)
        assert running.client.get("/health/live").status_code == 200


def test_words_that_were_altered_underneath_are_never_shown(data: Path) -> None:
    import sqlite3

    with serving(data) as running:
        assert ask(running.client).json()["status"] == "answered"
        with sqlite3.connect(snapshot_of(data) / "tables.sqlite") as tables:
            tables.execute(
                "UPDATE decisions SET json ="
                " CAST(replace(CAST(json AS TEXT), 'may overrule', 'may not overrule') AS BLOB)"
            )
        tables.close()
        response = ask(running.client)
        assert "may not overrule" not in response.text


def test_a_new_snapshot_is_taken_up_without_losing_a_question(data: Path) -> None:
    with serving(data) as running, ThreadPoolExecutor(8) as pool:
        old = running.client.get("/health/ready").json()["snapshot"]["id"]
        asked = [pool.submit(ask, running.client) for _ in range(40)]
        some = sorted(SAMPLES.glob("*.txt"))[:5]
        new = build(read_files(some), HashingEncoder(), data).snapshot
        asked += [pool.submit(ask, running.client) for _ in range(40)]
        assert eventually(
            lambda: running.client.get("/health/ready").json()["snapshot"]["id"] == new
        )
        assert ask(running.client).json()["snapshot"]["id"] == new
        assert {f.result().status_code for f in asked} == {200}
        assert {f.result().json()["snapshot"]["id"] for f in asked} <= {old, new}


def test_a_new_snapshot_that_is_broken_is_left_alone(data: Path) -> None:
    with serving(data) as running:
        old = running.client.get("/health/ready").json()["snapshot"]["id"]
        (data / "snapshots" / "broken").mkdir()
        (data / "current").write_text("broken\n")
        assert eventually(lambda: "left alone" in running.written())
        assert ask(running.client).json()["snapshot"]["id"] == old
        assert running.client.get("/health/ready").json()["snapshot"]["id"] == old


def test_a_build_on_a_full_disk_fails_clearly_and_leaves_the_old_index_serving(data: Path) -> None:
    with serving(data) as running:
        old = (data / "current").read_text()
        done = subprocess.run(
            [UPHELD, "build", SAMPLES, "--data", data, "--encoder", "hashing"],
            capture_output=True,
            timeout=120,
            # No file may grow beyond 20 kB: what a full disk is to a program.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert done.stderr.startswith(b"upheld: ")
        assert (data / "current").read_text() == old
        assert ask(running.client).json()["status"] == "answered"


@pytest.fixture
def faulty(data: Path) -> Iterator[Server]:
    with serving(data, command=FAULTY, UPHELD_TIMEOUT="4") as running:
        yield running


def test_an_encoder_that_fails_is_an_error_of_ours_and_the_next_question_is_answered(
    faulty: Server,
) -> None:
    assert is_our_error(ask(faulty.client, "please break now"))
    assert ask(faulty.client).json()["status"] == "answered"
    assert "please" not in faulty.written()


def events_of(text: str) -> list[tuple[str, object]]:
    blocks = [b for b in text.replace("\r\n", "\n").split("\n\n") if b.strip()]
    pairs = [dict(line.split(": ", 1) for line in b.splitlines()) for b in blocks]
    return [(p["event"], json.loads(p["data"])) for p in pairs]


def test_an_encoder_that_fails_mid_stream_ends_it_with_an_error_and_without_done(
    faulty: Server,
) -> None:
    response = faulty.client.post("/v1/ask/stream", json={"question": "please break now"})
    names = [name for name, _ in events_of(response.text)]
    assert response.status_code == 200
    assert names == ["status", "error"]
    assert "not mean that nothing was found" in response.text


def test_a_client_that_goes_in_the_middle_of_a_stream_leaves_nothing_behind(
    faulty: Server,
) -> None:
    host, port = faulty.client.base_url.host, faulty.client.base_url.port
    assert port is not None
    body = json.dumps({"question": "a slow question"}).encode()
    for _ in range(5):
        with socket.create_connection((host, port)) as connection:
            connection.sendall(
                b"POST /v1/ask/stream HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(body), body)
            )
            assert b"200 OK" in connection.recv(4096)

    def inside() -> float:
        lines = faulty.client.get("/metrics").text.splitlines()
        return float(next(x for x in lines if x.startswith("upheld_questions_inside")).split()[-1])

    assert ask(faulty.client).json()["status"] == "answered"
    assert eventually(lambda: inside() == 0)
    assert "Traceback" not in faulty.written()


def test_what_takes_too_long_is_told_so_and_may_be_asked_again(data: Path) -> None:
    with serving(data, command=FAULTY, UPHELD_TIMEOUT="1", UPHELD_QUESTIONS_AT_ONCE="1") as running:
        with ThreadPoolExecutor(3) as pool:
            responses = list(pool.map(lambda _: ask(running.client, "a slow question"), range(3)))
        late = [r for r in responses if r.status_code == 503]
        assert late
        assert all(r.headers["retry-after"] == "2" for r in late)
        assert all(r.json()["title"] == "Took too long" for r in late)
        assert eventually(lambda: ask(running.client).status_code == 200)


def test_a_server_told_to_stop_says_not_ready_first_and_finishes_what_it_has_in_hand(
    data: Path,
) -> None:
    with (
        serving(data, command=FAULTY, UPHELD_DRAIN_SECONDS="2") as running,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = [pool.submit(ask, running.client, "a slow question") for _ in range(4)]
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: running.client.get("/health/ready").status_code == 503, 1.5)
        assert running.client.get("/health/live").status_code == 200
        # Who has not heard of it yet is still answered.
        asked += [pool.submit(ask, running.client) for _ in range(4)]
        assert [f.result().status_code for f in asked] == [200] * 8
        running.process.wait(timeout=15)
        assert running.process.returncode in (0, -signal.SIGTERM)
        assert "Traceback" not in running.written()


def test_every_worker_of_several_answers_and_all_stop_when_told(data: Path) -> None:
    with serving(data, "--workers", "2") as running:
        assert [ask(running.client).status_code for _ in range(10)] == [200] * 10
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(timeout=30)
        with pytest.raises(httpx.TransportError):
            ask(running.client)


def test_answering_can_be_switched_off_while_reading_and_health_stay_up(data: Path) -> None:
    with serving(data) as running:
        subprocess.run([UPHELD, "off", "--data", data, "--reason", "Back at noon."], check=True)
        for path in ("/v1/ask", "/v1/ask/stream"):
            response = running.client.post(path, json={"question": CHAIR})
            assert response.status_code == 503
            assert response.json()["detail"] == "Back at noon."
            assert response.headers["retry-after"] == "300"
        ready = running.client.get("/health/ready")
        assert (ready.status_code, ready.json()["answering"]) == (200, False)
        assert running.client.get("/v1/decisions").status_code == 200
        subprocess.run([UPHELD, "on", "--data", data], check=True)
        assert ask(running.client).status_code == 200
