"""Host pages: those of the embedding guide, served from other origins than the service."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from service.widget_routes import widget

GUIDE = Path(__file__).parent.parent / "docs" / "embedding.md"

_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Host</title>
</head>
<body><main><h1>Advice</h1><p><a href="#more">More</a></p>{lines}</main></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class HostPage:
    """A page of another site.

    Attributes:
        body: Its HTML.
        policy: Its Content-Security-Policy, if it has one.
    """

    body: str
    policy: str | None = None


@dataclass(slots=True)
class Site:
    """Another site.

    Attributes:
        origin: Where it is.
        pages: By their path.
    """

    origin: str
    pages: dict[str, HostPage] = field(default_factory=dict)


@contextmanager
def site() -> Iterator[Site]:
    """A site on a port, and so an origin, of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = found.pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if page and page.policy:
                self.send_header("Content-Security-Policy", page.policy)
            self.end_headers()
            self.wfile.write(page.body.encode() if page else b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Site(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


def with_lines(lines: str, policy: str | None = None) -> HostPage:
    """A page with some lines in it."""
    return HostPage(_PAGE.format(lines=lines), policy)


def guide_pages(endpoint: str, site_key: str) -> dict[str, HostPage]:
    """The pages of the guide, with the addresses and the key that hold here."""
    blocks = re.findall(r"```(html|http)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    filled = [(kind, _filled(text, endpoint, site_key)) for kind, text in blocks]
    plain, keyed, strict = (text for kind, text in filled if kind == "html")
    (header,) = (text for kind, text in filled if kind == "http")
    return {
        "/plain": with_lines(plain),
        "/keyed": with_lines(keyed),
        "/strict": with_lines(strict, header.removeprefix("Content-Security-Policy: ").strip()),
    }


def _filled(text: str, endpoint: str, site_key: str) -> str:
    return (
        text.replace("https://upheld.example", endpoint)
        .replace("upheld_site_KEY", site_key)
        .replace("VERSION", widget().version)
        .replace("sha384-INTEGRITY", widget().integrity)
    )
