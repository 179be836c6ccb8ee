"""A server whose encoder fails, or takes its time, when a question says so."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvicorn

from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.protocols import Vectors
from index.snapshot import open_current
from service.answering import Answerer
from service.app import create_app
from service.logs import configure
from service.settings import Settings

SLOW = 1.0
"""Seconds."""


class FaultyEncoder(HashingEncoder):
    """Fails on "break", waits on "slow"."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        if any("break" in text for text in texts):
            raise RuntimeError(f"cannot encode {texts}")
        if any("slow" in text for text in texts):
            time.sleep(SLOW)
        return super().encode_questions(texts)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--port", type=int)
    given = arguments.parse_args()
    settings = msgspec.structs.replace(Settings.read(), data=given.data)

    def opener(_: Answerer | None) -> Answerer:
        retriever = HybridRetriever.open(open_current(given.data), FaultyEncoder())
        return Answerer.over(retriever)

    configure()
    uvicorn.run(create_app(settings, opener), port=given.port, access_log=False, log_config=None)


if __name__ == "__main__":
    main()
