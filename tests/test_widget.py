"""The widget's file: that it is what its sources make, small, and served so that any page can take
it."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import httpx

from tests.conftest import ROOT, server

WIDGET = ROOT / "service" / "widget"
BUILT = WIDGET / "upheld.js"
MOST = 20 * 1024
"""Bytes of the compressed file."""

REBUILD = "run 'npm ci && npm run build' in service/widget"


def sources() -> list[Path]:
    """What the built file is made of; build.mjs has the same list."""
    alone = [WIDGET / name for name in ("build.mjs", "package-lock.json", "tsconfig.json")]
    return [*alone, *(file for file in (WIDGET / "src").rglob("*") if file.is_file())]


def test_the_built_file_is_what_its_sources_make() -> None:
    lines = sorted(
        f"{file.relative_to(WIDGET).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        for file in sources()
    )
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    first = BUILT.read_text(encoding="utf-8").partition("\n")[0]
    assert first.endswith(f"SHA-256 {digest} */"), f"the widget is stale: {REBUILD}"


def test_the_types_are_those_of_the_contract() -> None:
    contract = hashlib.sha256((ROOT / "service" / "openapi.json").read_bytes()).hexdigest()
    head = (WIDGET / "src" / "api.d.ts").read_text(encoding="utf-8")[:300]
    assert contract in head, f"service/openapi.json has changed: {REBUILD}"


def test_the_compressed_file_is_at_most_20_kilobytes() -> None:
    assert len(gzip.compress(BUILT.read_bytes(), mtime=0)) <= MOST


def test_no_words_are_read_as_markup_or_as_code_and_nothing_is_stored() -> None:
    forbidden = (
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|DOMParser|eval\("
        r"|new Function|cookie|localStorage|sessionStorage|indexedDB|sendBeacon|XMLHttpRequest)"
    )
    assert re.findall(forbidden, BUILT.read_text(encoding="utf-8")) == []


def test_each_language_says_all() -> None:
    said = {
        name: re.findall(
            r"^\s+(\w+):", (WIDGET / "src" / "strings" / f"{name}.ts").read_text(), re.MULTILINE
        )
        for name in ("en", "cy")
    }
    assert len(said["en"]) > 40
    assert said["cy"] == said["en"]


def test_the_lockfile_pins_digests_and_names_no_registry_but_the_public_one() -> None:
    packages = json.loads((WIDGET / "package-lock.json").read_text())["packages"]
    named = {name: package for name, package in packages.items() if name}
    assert len(named) > 3
    assert all(package["integrity"].startswith("sha512-") for package in named.values())
    hosts = [p["resolved"] for p in named.values() if "resolved" in p]
    assert all(address.startswith("https://registry.npmjs.org/") for address in hosts)


def test_the_latest_widget_may_be_taken_by_any_page_and_is_sent_once(client: httpx.Client) -> None:
    for origin in ({}, {"Origin": "https://advice.example"}):
        response = client.get("/widget/upheld.js", headers=origin)
        assert response.status_code == 200
        assert response.content == BUILT.read_bytes()
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"
        assert response.headers.get_list("access-control-allow-origin") == ["*"]
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert response.headers["cache-control"] == "max-age=300, public"
    again = client.get("/widget/upheld.js", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_version_stands_for_ever_at_its_own_address(client: httpx.Client) -> None:
    version = hashlib.sha256(BUILT.read_bytes()).hexdigest()[:16]
    response = client.get(f"/widget/{version}/upheld.js")
    assert response.status_code == 200
    assert response.content == BUILT.read_bytes()
    assert response.headers["cache-control"] == "max-age=31536000, public, immutable"
    assert response.headers["access-control-allow-origin"] == "*"
    assert client.get("/widget/0000000000000000/upheld.js").status_code == 404


def test_the_demo_shows_the_address_and_the_digest_to_copy(client: httpx.Client) -> None:
    response = client.get("/demo")
    digest = base64.b64encode(hashlib.sha384(BUILT.read_bytes()).digest()).decode()
    version = hashlib.sha256(BUILT.read_bytes()).hexdigest()[:16]
    assert response.status_code == 200
    assert response.text.count(f"sha384-{digest}") == 2
    assert f"{client.base_url}/widget/{version}/upheld.js".replace("//widget", "/widget") in (
        response.text
    )
    assert "trusted-types 'none'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_who_asks_is_told_where_questions_are_kept(sample_data: Path, tmp_path: Path) -> None:
    log = {"UPHELD_QUESTION_LOG": str(tmp_path / "log.db"), "UPHELD_QUESTION_LOG_DAYS": "7"}
    with server(sample_data, **log) as client:
        assert client.get("/demo").text.count('kept-days="7"') == 2
