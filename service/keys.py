"""Keys: who may ask as a site or a server, made, revoked, and looked up while serving."""

import fcntl
import hashlib
import hmac
import logging
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from service.settings import origin_of

log = logging.getLogger(__name__)

KEYS = "keys.json"
"""The file in the data folder that keys are kept in."""

DEFAULT_REQUESTS_A_MINUTE = 600
"""Of one key, unless it is made with another number."""

_LONGEST_NAME = 100
_SECRET_BYTES = 32


class BadKey(ValueError):
    """A key that cannot be made, or one that is not there to be revoked."""


class KeysUnreadable(RuntimeError):
    """The file of keys is there, and its keys cannot be read."""


class Kind(StrEnum):
    """Whose a key is.

    ``site``: pages of named origins; it stands in them for all to see. ``server``: a server that
    keeps it secret.
    """

    SITE = "site"
    SERVER = "server"


class Key(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of a key.

    A token holds 32 bytes from the system's source of randomness, so nobody can find it by trying
    words, as passwords are found. The fast SHA-256 is therefore as good a keeper of it as a slow
    hash, and costs each request next to nothing.

    Attributes:
        key_id: What it is called when it is listed or revoked; no secret.
        kind: Whose it is.
        name: What its owner calls it.
        sha256: Of its token, as hexadecimal digits.
        origins: The pages that may use it; of a site only.
        requests_a_minute: The most that are let through with it.
        made: When.
        revoked: When, or None while it is live.
    """

    key_id: str
    kind: Kind
    name: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    origins: tuple[str, ...]
    requests_a_minute: Annotated[int, Meta(ge=1)]
    made: datetime
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The keys of one data folder, for those who make and revoke them.

    Attributes:
        data: The folder.
    """

    data: Path

    def keys(self) -> tuple[Key, ...]:
        """All keys, in the order in which they were made.

        Raises:
            KeysUnreadable: The file is broken or may not be read.
        """
        return _read(self.data / KEYS)[1]

    def make_site(
        self, name: str, origins: tuple[str, ...], requests_a_minute: int
    ) -> tuple[Key, str]:
        """Make a key for the pages of some origins.

        Returns:
            The key and its token, which is kept nowhere.

        Raises:
            BadKey: The name or the number cannot be used, or there is no origin.
            service.settings.BadSetting: An origin is none.
            KeysUnreadable: The file is broken or may not be read.
            OSError: It cannot be written.
        """
        if not origins:
            raise BadKey("a site's key needs an origin, such as https://advice.example")
        normal = tuple(dict.fromkeys(map(origin_of, origins)))
        return self._make(Kind.SITE, name, normal, requests_a_minute)

    def make_server(self, name: str, requests_a_minute: int) -> tuple[Key, str]:
        """Make a key for a server.

        Returns:
            The key and its token, which is kept nowhere.

        Raises:
            BadKey: The name or the number cannot be used.
            KeysUnreadable: The file is broken or may not be read.
            OSError: It cannot be written.
        """
        return self._make(Kind.SERVER, name, (), requests_a_minute)

    def revoke(self, key_id: str) -> Key:
        """Revoke a key. One that was revoked before stays as it is.

        Raises:
            BadKey: There is no such key.
            KeysUnreadable: The file is broken or may not be read.
            OSError: It cannot be written.
        """
        with self._locked():
            keys = {key.key_id: key for key in self.keys()}
            if key_id not in keys:
                raise BadKey(
                    f"no key has the id {key_id!r} in {self.data / KEYS}: see 'upheld keys list'"
                )
            if not keys[key_id].revoked:
                keys[key_id] = msgspec.structs.replace(keys[key_id], revoked=_now())
                self._write(tuple(keys.values()))
        return keys[key_id]

    def _make(
        self, kind: Kind, name: str, origins: tuple[str, ...], requests_a_minute: int
    ) -> tuple[Key, str]:
        name = name.strip()
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise BadKey(f"a key's name has 1 to {_LONGEST_NAME} printable characters")
        if requests_a_minute < 1:
            raise BadKey(f"{requests_a_minute} requests a minute, wanted a whole number from 1")
        token = f"upheld_{kind}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        with self._locked():
            keys = self.keys()
            key = Key(
                key_id=secrets.token_hex(6),
                kind=kind,
                name=name,
                sha256=_hashed(token),
                origins=origins,
                requests_a_minute=requests_a_minute,
                made=_now(),
            )
            self._write((*keys, key))
        return key, token

    def _write(self, keys: tuple[Key, ...]) -> None:
        """Replace the file in one step, so that a server reads the old keys or the new ones."""
        content = msgspec.json.format(msgspec.json.encode(keys), indent=2)
        # Only its owner may read and write a file that is made so.
        number, name = tempfile.mkstemp(dir=self.data, prefix=f"{KEYS}.")
        new = Path(name)
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(content + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(self.data / KEYS)
        except BaseException:
            new.unlink(missing_ok=True)
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one command change the keys at a time; the file itself is replaced, so not it."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / f"{KEYS}.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


_Stamp = tuple[int, int, int]
"""When a file was last changed, which file it is, and how long."""

_UNREAD: _Stamp = (-1, -1, -1)
_ABSENT: _Stamp = (0, 0, 0)


@dataclass(slots=True)
class Keyring:
    """The live keys of one data folder, for a server: it sees each change as soon as it is made.

    While the file is broken, no key is good.

    Attributes:
        data: The folder.
    """

    data: Path
    _stamp: _Stamp | None = field(default=_UNREAD, init=False, repr=False)
    _live: tuple[Key, ...] | None = field(default=None, init=False, repr=False)

    def find(self, token: str) -> Key | None:
        """The live key with this token, or None where there is none.

        Raises:
            KeysUnreadable: The file is broken or may not be read; the log says which.
        """
        live = self._read()
        if live is None:
            raise KeysUnreadable("keys cannot be checked for now")
        hashed = _hashed(token)
        # Every key is compared, and each in constant time, so that how long it takes tells nothing.
        found = [key for key in live if hmac.compare_digest(key.sha256, hashed)]
        return found[0] if found else None

    def origins(self) -> frozenset[str]:
        """The origins of all live site keys; none while the file is broken."""
        return frozenset(origin for key in self._read() or () for origin in key.origins)

    def _read(self) -> tuple[Key, ...] | None:
        """The live keys, read again if the file changed; None where it is broken."""
        file = self.data / KEYS
        stamp = _stamp_of(file)
        if stamp != self._stamp:
            # What was read is told by its own stamp: the file may change again in between.
            try:
                self._stamp, keys = _read(file)
            except KeysUnreadable as error:
                self._stamp, self._live = stamp, None
                log.error("no key is accepted: %s", error)
            else:
                self._live = tuple(key for key in keys if not key.revoked)
        return self._live


def _read(file: Path) -> tuple[_Stamp, tuple[Key, ...]]:
    """The keys of a file, and the stamp of the very file that they stand in.

    Raises:
        KeysUnreadable: It is broken or may not be read.
    """
    try:
        with file.open("rb") as stream:
            stamp = _stamp_from(os.fstat(stream.fileno()))
            return stamp, msgspec.json.decode(stream.read(), type=tuple[Key, ...])
    except FileNotFoundError:
        return _ABSENT, ()
    except OSError as error:
        raise KeysUnreadable(f"{file} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeysUnreadable(f"{file} is no file of keys: {error}") from error


def _stamp_of(file: Path) -> _Stamp | None:
    """The stamp of a file as it lies there; None where it cannot be told."""
    try:
        return _stamp_from(file.stat())
    except FileNotFoundError:
        return _ABSENT
    except OSError:
        return None


def _stamp_from(status: os.stat_result) -> _Stamp:
    return status.st_mtime_ns, status.st_ino, status.st_size


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
