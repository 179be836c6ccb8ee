"""A server to measure: started as ``upheld serve`` does, on a free port, with its memory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx
import psutil  # type: ignore[import-untyped]

UPHELD = Path(sys.executable).parent / "upheld"
_UNBOUNDED = {"UPHELD_REQUESTS_A_MINUTE": "1000000"}
_MB = 1_000_000
_PATIENCE = 120.0


class NoServer(RuntimeError):
    """The server stopped, or was not ready within two minutes."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        address: Such as ``http://127.0.0.1:8000``.
        process: Its first process.
        ready_s: Seconds from its start until it said that it was ready.
    """

    address: str
    process: psutil.Process
    ready_s: float

    def memory_mb(self) -> float:
        """What a worker holds for itself, in MB; of several, the most.

        Files that are mapped, such as libraries and the index, are not in it: workers share them,
        and what of them counts as one's own changes with what else runs on the machine.
        """
        children = self.process.children()
        workers = [c for c in children if any("spawn_main" in part for part in c.cmdline())]
        return max(_own_bytes(process) for process in workers or [self.process]) / _MB

    def resident_mb(self) -> float:
        """What its process holds in all, mapped files too, in MB."""
        return float(self.process.memory_info().rss) / _MB


@contextmanager
def server(data: Path, settings: Mapping[str, str], workers: int = 1) -> Iterator[Server]:
    """Start a server, wait until it is ready, and stop it at the end.

    Args:
        data: Folder of snapshots.
        settings: Further ``UPHELD_*`` variables. Requests are not limited.
        workers: How many processes answer.

    Raises:
        NoServer: It did not get ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    with TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 (our own command)
            [UPHELD, "serve", "--data", data, "--port", str(port), "--workers", str(workers)],
            env={**os.environ, **_UNBOUNDED, **settings},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(address, process, said)
            yield Server(address, psutil.Process(process.pid), time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _own_bytes(process: psutil.Process) -> float:
    memory = process.memory_info()
    return float(memory.rss - memory.shared)


def _wait(address: str, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said.seek(0)
            raise NoServer(f"the server stopped at once:\n{said.read().decode()}")
        try:
            if httpx.get(f"{address}/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise NoServer("the server was not ready within two minutes")
