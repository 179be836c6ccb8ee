"""What tests share: the real decisions where they are, the sample, and built indexes of both."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import settings

from corpus.files import read_files
from index.build import build
from index.encoders import DEFAULT, Precision, load_encoder
from index.hashing_encoder import HashingEncoder
from index.protocols import Encoder
from service.answering import Answerer
from service.opening import open_answerer

# Continuous integration tries the same examples every time, so that it never fails by chance; a
# run by hand tries new ones.
settings.register_profile("steady", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("steady")

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
SHARED = ROOT.parent / "shared"
UPHELD = Path(sys.executable).parent / "upheld"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real decisions and their gold, which the project may read but not carry."""
    if not (SHARED / "decisions").is_dir():
        reason = f"the real decisions are not at {SHARED / 'decisions'}"
        # In continuous integration they are; a skip there would hide that nothing was checked.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return SHARED


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model."""
    return load_encoder(DEFAULT, ROOT / "data", Precision.FLOAT32)


@pytest.fixture(scope="session")
def real_data(shared: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the five real decisions are built with the bundled model."""
    data = tmp_path_factory.mktemp("real")
    # Where a server over it looks for the exported model; the fixture of the encoder put it there.
    (data / "encoders").symlink_to(ROOT / "data" / "encoders")
    build(read_files([shared / "decisions"]), encoder, data)
    return data


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the sample is built without a model."""
    data = tmp_path_factory.mktemp("sample")
    build(read_files([SAMPLES]), HashingEncoder(), data, sample=True)
    return data


@pytest.fixture(scope="session")
def sample_answerer(sample_data: Path) -> Answerer:
    """Answers from the sample without a model."""
    return open_answerer(sample_data)


@dataclass(frozen=True, slots=True)
class Server:
    """A server as a process of its own.

    Attributes:
        client: Asks it.
        process: The process, or the parent of its workers.
        log: The file with every byte that it wrote to its output.
    """

    client: httpx.Client
    process: subprocess.Popen[bytes]
    log: Path

    def written(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def server(data: Path, **environment: str) -> Iterator[httpx.Client]:
    """A real server over a data folder, started as the README says, and a client of it."""
    with serving(data, **environment) as running:
        yield running.client


@contextmanager
def serving(
    data: Path, *options: str, command: Sequence[str | Path] = (UPHELD, "serve"), **environment: str
) -> Iterator[Server]:
    """A real server over a data folder, with its process and what it writes.

    Args:
        data: The folder.
        options: Further ones of the command.
        command: Another program that takes ``--data`` and ``--port``.
        environment: Settings. Without one, no limit of requests is in the way of the tests.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"UPHELD_REQUESTS_A_MINUTE": "1000000", "UPHELD_DRAIN_SECONDS": "0"} | environment
    with TemporaryDirectory() as folder:
        log = Path(folder) / "output"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--data", data, "--port", str(port), *options],
                env=os.environ | settings,
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                running = Server(client, process, log)
                _wait_until_it_takes_requests(running)
                yield running
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a copy of the sample's files, to be changed and built from."""
    return Path(shutil.copytree(SAMPLES, tmp_path / "files"))


@pytest.fixture(scope="module")
def client(sample_data: Path) -> Iterator[httpx.Client]:
    """A client of a real server over the sample without a model."""
    with server(sample_data) as client:
        yield client


def _wait_until_it_takes_requests(running: Server) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            raise RuntimeError(f"the server stopped at once:\n{running.written()}")
        try:
            running.client.get("/health/live").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server took no request within two minutes")
