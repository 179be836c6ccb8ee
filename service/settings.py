"""Settings: what a deployment may choose, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


class BadSetting(ValueError):
    """A variable whose value cannot be used."""


class Settings(Struct, frozen=True, kw_only=True):
    """Run-time choices. What the index fixes stands in its manifest instead.

    Attributes:
        data: Folder of snapshots (``UPHELD_DATA``), or None for ``./data``, and the bundled sample
            where nothing is built there.
        encodings_at_once: Questions that are encoded and searched side by side
            (``UPHELD_ENCODINGS_AT_ONCE``); others wait.
        max_waiting: Questions that may wait (``UPHELD_MAX_WAITING``); further ones get 503.
        reranker: Name or folder of a cross-encoder that puts the first matches in order
            (``UPHELD_RERANKER``). None is bundled, and each question then takes far longer.
    """

    data: Path | None = None
    encodings_at_once: int = 2
    max_waiting: int = 64
    reranker: str | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the ``UPHELD_*`` variables.

        Raises:
            BadSetting: One of them is no number, or too small.
        """
        data = environment.get("UPHELD_DATA")
        return cls(
            data=Path(data) if data else None,
            encodings_at_once=_number(environment, "UPHELD_ENCODINGS_AT_ONCE", 2),
            max_waiting=_number(environment, "UPHELD_MAX_WAITING", 64),
            reranker=environment.get("UPHELD_RERANKER") or None,
        )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise BadSetting(f"{name} is {text!r}, wanted a whole number from 1")
    return int(text)
