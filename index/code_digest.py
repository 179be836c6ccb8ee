"""The code digest: by which work that was kept is known to be what this version would make."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_LIBRARIES = ("lxml", "pypdf", "sentencex", "tiktoken")
"""Those on which it depends what is read of a file."""

_ENDINGS = (".py", ".toml")


@cache
def code_digest() -> bytes:
    """SHA-256 of the code and data by which a decision is read and prepared for an index."""
    made = hashlib.sha256(repr([(name, version(name)) for name in _LIBRARIES]).encode())
    index = files("index")
    for file in (
        *sorted(files("corpus").iterdir(), key=lambda f: f.name),
        *(index.joinpath(name) for name in ("digests.py", "names.py", "prepared.py")),
    ):
        if _counts(file):
            made.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return made.digest()


def _counts(file: Traversable) -> bool:
    return file.is_file() and file.name.endswith(_ENDINGS)
