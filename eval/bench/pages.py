"""How heavy the pages are for a phone: bytes over the wire, when they are seen, and what jumps.

Run ``python -m eval.bench.pages [DATA]``; without a data folder, over the bundled sample. Each page
is opened as the first one, by a browser that kept nothing; then a question is asked wherever one
can be, to see what jumps when its answer lands. It ends with 1 where the budget is passed.
"""

import shutil
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import click
from msgspec import Struct
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

from eval.bench.server import server
from service.opening import prepare

RUNS = 5
MOST_BYTES = 60_000
"""Of a page with all that it needs, over the wire."""

MOST_SHIFT = 0.1
"""Cumulative layout shift when an answer lands: what is called good at most."""

LATE = 0.8
"""Seconds that an answer is held back: what moves sooner is put down to the reader's own press."""

PHONE, DESKTOP = (360, 740), (1280, 800)
"""Windows, in CSS pixels."""

_QUESTION = "Can the council refuse school transport because of distance?"
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


class Place(Struct, frozen=True):
    """Where questions are asked.

    Attributes:
        name: What it is called.
        path: Address of its page.
        within: Selector of the part of the page.
        button: Selector of what sends, within.
        answer: Selector of an answer, within.
        opener: Selector of what has to be pressed first, within.
    """

    name: str
    path: str
    within: str
    button: str
    answer: str
    opener: str | None = None


_WIDGET = ("form button.main", "li.answer")
PLACES = (
    Place("ask page", "/", "main", "#send", "[data-answer]"),
    Place("widget in the page", "/demo", "upheld-chat[mode=inline]", *_WIDGET),
    Place("widget behind its button", "/demo", "upheld-chat[mode=launcher]", *_WIDGET, ".launcher"),
)


class Landing(Struct, frozen=True, kw_only=True):
    """What jumps when an answer lands.

    Attributes:
        place: Name of the `Place`.
        width: Of the window, in CSS pixels.
        shift: Cumulative layout shift from the opening of the page to the answer.
    """

    place: str
    width: int
    shift: float

    def over(self) -> list[str]:
        """What passes the budget."""
        if self.shift <= MOST_SHIFT:
            return []
        told = f"{self.place}, {self.width} wide: an answer moves the rest by {self.shift:.4f}"
        return [f"{told}, wanted at most {MOST_SHIFT}"]


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
    with _new_page(browser, address, PHONE) as page:
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
            shift=shift(page),
        )


def land(browser: Browser, address: str, place: Place, size: tuple[int, int]) -> Landing:
    """Ask a question, and see what its answer moves."""
    with _new_page(browser, address, size) as page:
        answer_late(page)
        page.goto(place.path)
        part = page.locator(place.within)
        if place.opener:
            part.locator(place.opener).press("Enter")
        part.locator("textarea").fill(_QUESTION)
        part.locator(place.button).press("Enter")
        part.locator(place.answer).wait_for()
        return Landing(place=place.name, width=size[0], shift=shift(page))


def answer_late(page: Page) -> None:
    """Hold back what the service answers on a page, by `LATE`."""

    def wait(route: Route) -> None:
        time.sleep(LATE)
        route.fallback()

    page.route("**/v1/ask/stream", wait)


def shift(page: Page) -> float:
    """Cumulative layout shift since a page was opened, without what followed a press at once."""
    found: float = page.evaluate(_SHIFT)
    return found


@contextmanager
def _new_page(browser: Browser, address: str, size: tuple[int, int]) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
    try:
        yield context.new_page()
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
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    // What was buffered arrives before the second frame from now.
    requestAnimationFrame(() => requestAnimationFrame(() => told(sum)));
})"""


def _gzip(content: bytes) -> bytes:
    return zlib.compress(content, _GZIP_LEVEL)


def table(weights: list[Weight], landings: list[Landing]) -> str:
    """What was measured, for a person to read."""
    lines = ["requests  over the wire  content  gzipped  seen ms   shift  page"]
    lines += [
        f"{w.requests:8}  {w.wire:13,}  {w.content:7,}  {w.gzipped:7,}  {w.seen_ms:7.0f}"
        f"  {w.shift:6.4f}  {w.path}"
        for w in weights
    ]
    lines += ["", "width   shift  where an answer lands"]
    lines += [f"{at.width:5}  {at.shift:6.4f}  {at.place}" for at in landings]
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
        landings = [
            land(browser, running.address, place, size)
            for place in PLACES
            for size in (PHONE, DESKTOP)
        ]
        browser.close()
    click.echo(table(weights, landings))
    measured: list[Weight | Landing] = [*weights, *landings]
    over = [told for one in measured for told in one.over()]
    for told in over:
        click.echo(told, err=True)
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
