"""Static files: kept for ever at an address of their own, and no others."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.static_files import static_address, static_file, static_files

TEMPLATES = files("service").joinpath("templates")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    with TestClient(Litestar([static_file], logging_config=None)) as client:
        yield client


@pytest.mark.parametrize("name", sorted(static_files()))
def test_a_file_is_sent_as_it_is_and_may_be_kept_for_ever(
    client: TestClient[Litestar], name: str
) -> None:
    response = client.get(static_address(name))
    assert response.status_code == 200
    assert response.content == files("service").joinpath("static", name).read_bytes()
    kept = set(response.headers["cache-control"].split(", "))
    assert kept == {"public", "max-age=31536000", "immutable"}


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("upheld.css", "text/css"),
        ("exit.js", "javascript"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_a_browser_is_told_what_it_gets(
    client: TestClient[Litestar], name: str, media_type: str
) -> None:
    assert media_type in client.get(static_address(name)).headers["content-type"]


def test_what_no_page_refers_to_is_not_there(client: TestClient[Litestar]) -> None:
    version = static_files()["upheld.css"].version
    for path in (
        "/static/0000000000000000/upheld.css",
        f"/static/{version}/icon.svg",
        f"/static/{version}/nothing.css",
        f"/static/{version}/..%2Fpage.py",
        f"/static/{version}/%2e%2e/page.py",
    ):
        assert client.get(path).status_code == 404, path


def test_the_address_tells_the_content() -> None:
    assert re.fullmatch(r"/static/[0-9a-f]{16}/upheld\.css", static_address("upheld.css"))
    assert static_address("upheld.css") == static_address("upheld.css")
    assert len({file.version for file in static_files().values()}) == len(static_files())


def test_every_file_that_a_template_names_is_there_and_every_file_is_named() -> None:
    named = {
        name
        for template in TEMPLATES.iterdir()
        for name in re.findall(
            r"""static\(['"]([a-z_.]{1,40})['"]\)""", template.read_text(encoding="utf-8")
        )
    }
    assert named == set(static_files())


def test_no_file_asks_for_anything_elsewhere() -> None:
    for name, file in static_files().items():
        found = re.findall(rb"""(?:url\(|import |src=|fetch\()\s?["']?https?:""", file.content)
        assert not found, name
