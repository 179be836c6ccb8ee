"""Static files: style and scripts of the pages, at addresses that change with their content."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

_FOLDER = files("service").joinpath("static")
_DIGITS = 16
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class StaticFile(Struct, frozen=True):
    """A file that pages refer to.

    Attributes:
        content: Its bytes.
        media_type: As the browser is told.
        version: The first digits of its SHA-256.
    """

    content: bytes
    media_type: str
    version: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Each file by its name."""
    found: dict[str, StaticFile] = {}
    for file in _FOLDER.iterdir():
        content = file.read_bytes()
        version = hashlib.sha256(content).hexdigest()[:_DIGITS]
        found[file.name] = StaticFile(content, _TYPES[Path(file.name).suffix], version)
    return found


def static_address(name: str) -> str:
    """Where a file stands; another content stands elsewhere, so it may be kept for ever."""
    return f"/static/{static_files()[name].version}/{name}"


@get(
    "/static/{version:str}/{name:str}",
    include_in_schema=False,
    cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
)
async def static_file(version: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A file in the version that a page refers to.

    Raises:
        NotFoundException: There is none, or not in that version.
    """
    found = static_files().get(name)
    if found is None or found.version != version:
        raise NotFoundException
    return Response(found.content, media_type=found.media_type)
