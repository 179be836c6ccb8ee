"""Settings: what a deployment may choose, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

DATA = Path("data")
"""Where snapshots lie unless a deployment says otherwise."""

LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
"""What a server is called on its own machine."""


class BadSetting(ValueError):
    """A variable whose value cannot be used."""


class Settings(Struct, frozen=True, kw_only=True):
    """Run-time choices. What the index fixes stands in its manifest instead.

    Attributes:
        data: Folder of snapshots (``UPHELD_DATA``), or None for ``./data``, and the bundled sample
            where nothing is built there.
        questions_at_once: Questions that are worked on side by side
            (``UPHELD_QUESTIONS_AT_ONCE``); others wait.
        max_waiting: Questions that may wait (``UPHELD_MAX_WAITING``); further ones get 503.
        timeout: Seconds after which a question gets 503 (``UPHELD_TIMEOUT``).
        batch: The most questions that are encoded together (``UPHELD_BATCH``); 1 for each alone.
        batch_wait_ms: How long the first of a batch waits for others (``UPHELD_BATCH_WAIT_MS``).
        reranker: Name or folder of a cross-encoder that puts the first matches in order
            (``UPHELD_RERANKER``). None is bundled, and each question then takes far longer.
        signposts: A file instead of the bundled ``signposts.toml`` (``UPHELD_SIGNPOSTS``).
        allowed_hosts: Names that the service goes by (``UPHELD_ALLOWED_HOSTS``, with commas); a
            request for another is refused. ``*`` allows any.
        allowed_origins: Origins whose pages may read answers (``UPHELD_ALLOWED_ORIGINS``, with
            commas), besides those of site keys.
        trusted_proxies: Addresses of proxies whose word on the client's address is taken
            (``UPHELD_TRUSTED_PROXIES``, with commas).
        requests_a_minute: Of one client without a key (``UPHELD_REQUESTS_A_MINUTE``).
        redis: Address of the Redis that several workers count requests in (``UPHELD_REDIS``);
            without it, each worker counts for itself.
        drain_seconds: How long the service says that it is not ready before it stops
            (``UPHELD_DRAIN_SECONDS``).
        otlp_endpoint: Where OpenTelemetry traces are sent (``UPHELD_OTLP_ENDPOINT``).
        question_log: SQLite file in which questions are kept (``UPHELD_QUESTION_LOG``); without
            it, none is stored anywhere.
        question_log_days: After how many days they are deleted (``UPHELD_QUESTION_LOG_DAYS``).
    """

    data: Path | None = None
    questions_at_once: int = 16
    max_waiting: int = 64
    timeout: int = 10
    batch: int = 16
    batch_wait_ms: int = 2
    reranker: str | None = None
    signposts: Path | None = None
    allowed_hosts: tuple[str, ...] = LOOPBACK
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    requests_a_minute: int = 60
    redis: str | None = None
    drain_seconds: int = 2
    otlp_endpoint: str | None = None
    question_log: Path | None = None
    question_log_days: int = 30

    @property
    def folder(self) -> Path:
        """Where the deployment keeps snapshots and keys, even while the sample is served."""
        return self.data or DATA

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the ``UPHELD_*`` variables; the defaults are those above.

        Raises:
            BadSetting: A number is none or too small, or an origin is none.
        """
        text = {
            name: value
            for name in cls.__struct_fields__
            if (value := environment.get(f"UPHELD_{name.upper()}", "").strip())
        }
        least = {
            "questions_at_once": 1,
            "max_waiting": 1,
            "timeout": 1,
            "batch": 1,
            "batch_wait_ms": 0,
            "requests_a_minute": 1,
            "drain_seconds": 0,
            "question_log_days": 1,
        }
        values: dict[str, object] = dict(text)
        for name in text.keys() & least.keys():
            values[name] = _number(name, text[name], least[name])
        for name in text.keys() & {"data", "signposts", "question_log"}:
            values[name] = Path(text[name])
        for name in text.keys() & {"allowed_hosts", "allowed_origins", "trusted_proxies"}:
            settled = origin_of if name == "allowed_origins" else str.strip
            values[name] = tuple(settled(part) for part in text[name].split(",") if part.strip())
        return cls(**values)  # type: ignore[arg-type]


DEFAULTS = Settings()
"""What holds where a deployment chooses nothing."""


def origin_of(text: str) -> str:
    """An origin as browsers write it.

    >>> origin_of("https://Advice.example:443/")
    'https://advice.example'

    Raises:
        BadSetting: It is none, such as one with a path or without a scheme.
    """
    wrong = BadSetting(f"{text.strip()!r} is no origin, wanted one such as https://advice.example")
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise wrong
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _number(name: str, text: str, least: int) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) < least:
        raise BadSetting(f"UPHELD_{name.upper()} is {text!r}, wanted a whole number from {least}")
    return int(text)
