"""How heavy the pages are for a phone: bytes over the wire, when they are seen, and what jumps.

Run ``python -m eval.bench.pages [DATA]``; without a data folder, over the bundled sample. Each page
is opened as the first one, by a browser that kept nothing. It ends with 1 where the budget is
passed.
"""

import shutil
import sys
import zlib
from pathlib import Path
from statistics import median

import click
from msgspec import Struct
from playwright.sync_api import Browser, Page, Request, sync_playwright

from eval.bench.server import server
from service.opening import prepare

RUNS = 5
MOST_BYTES = 60_000
"""Of a page with all that it needs, over the wire."""

_PATHS = ("/", "/decisions", "/decisions/remedies")
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_GZIP_LEVEL = 6
"""What servers and proxies compress with where nothing else is chosen."""


class Weight(Struct, frozen=True, kw_only=True):
    """What one page takes.

    Attributes:
        path: Its address.
        requests: How many the browser sends for it, its icon among them.
        wire: Bytes received, as the server sent them, with headers.
        content: Bytes of the content alone.
        gzipped: The same, each file compressed.
        seen_ms: Until its largest part was painted, in milliseconds; the median of `RUNS`.
        shift: Cumulative layout shift; the most of `RUNS`.
    """

    path: str
    requests: int
    wire: int
    content: int
    gzipped: int
    seen_ms: float
    shift: float

    def over(self) -> list[str]:
        """What passes the budget."""
        told = []
        if self.wire > MOST_BYTES:
            told.append(f"{self.path} takes {self.wire:,} bytes, wanted at most {MOST_BYTES:,}")
        if self.shift > 0:
            told.append(f"{self.path} has parts that jump, by {self.shift:.4f}, wanted none")
        return told


class Opened(Struct, frozen=True, kw_only=True):
    """One opening of a page.

    Attributes:
        contents: The content of each response.
        headers: Bytes of all headers of the responses.
        wire_content: Bytes of the contents as they were sent.
        seen_ms: See `Weight`.
        shift: See `Weight`.
    """

    contents: tuple[bytes, ...]
    headers: int
    wire_content: int
    seen_ms: float
    shift: float


def weigh(browser: Browser, address: str, path: str) -> Weight:
    """Open a page `RUNS` times."""
    runs = [_open(browser, address, path) for _ in range(RUNS)]
    contents = runs[0].contents
    return Weight(
        path=path,
        requests=len(contents),
        wire=max(run.headers + run.wire_content for run in runs),
        content=sum(map(len, contents)),
        gzipped=sum(len(_gzip(content)) for content in contents),
        seen_ms=round(median(run.seen_ms for run in runs), 1),
        shift=max(run.shift for run in runs),
    )


def _open(browser: Browser, address: str, path: str) -> Opened:
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        finished: list[Request] = []
        page.on("requestfinished", lambda request: finished.append(request))
        page.goto(path, wait_until="networkidle")
        sizes = [request.sizes() for request in finished]
        contents = [response.body() for one in finished if (response := one.response())]
        icon = _icon(page)
        return Opened(
            contents=(*contents, icon),
            headers=sum(size["responseHeadersSize"] for size in sizes),
            wire_content=sum(size["responseBodySize"] for size in sizes) + len(icon),
            seen_ms=page.evaluate(_SEEN),
            shift=page.evaluate(_SHIFT),
        )
    finally:
        context.close()


def _icon(page: Page) -> bytes:
    """The page's icon, which the browser fetches without telling of it."""
    address = page.locator("link[rel=icon]").get_attribute("href")
    return page.request.get(address).body() if address else b""


_SEEN = """() => new Promise((told) => new PerformanceObserver(
    (list) => told(list.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""

_SHIFT = """() => new Promise((told) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => sum += entry.value))
        .observe({type: "layout-shift", buffered: true});
    // What was buffered arrives before the second frame from now.
    requestAnimationFrame(() => requestAnimationFrame(() => told(sum)));
})"""


def _gzip(content: bytes) -> bytes:
    return zlib.compress(content, _GZIP_LEVEL)


def table(weights: list[Weight]) -> str:
    """What was measured, for a person to read."""
    lines = ["requests  over the wire  content  gzipped  seen ms   shift  page"]
    lines += [
        f"{w.requests:8}  {w.wire:13,}  {w.content:7,}  {w.gzipped:7,}  {w.seen_ms:7.0f}"
        f"  {w.shift:6.4f}  {w.path}"
        for w in weights
    ]
    return "\n".join(lines)


@click.command()
@click.argument("data", required=False, type=click.Path(exists=True, path_type=Path))
def main(data: Path | None) -> None:
    """Weigh the pages, and fail where one passes the budget."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        raise click.ClickException("there is no Chromium here: apt-get install chromium")
    with server(prepare(data), {}) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        weights = [weigh(browser, running.address, path) for path in _PATHS]
        browser.close()
    click.echo(table(weights))
    over = [told for weight in weights for told in weight.over()]
    for told in over:
        click.echo(told, err=True)
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
