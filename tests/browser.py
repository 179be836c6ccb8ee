"""The browser: a real Chromium, pages in it that may not go elsewhere, and what to ask of them.

Take the fixture ``chromium``, open a page and look::

    def test_the_first_page_has_no_barrier(chromium: Browser, sample_data: Path) -> None:
        with server(sample_data) as client, new_page(chromium, at=str(client.base_url)) as page:
            page.goto("/")
            assert violations(page) == []
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pictures and widths are the same with and without a desktop's scroll bars.
    "--hide-scrollbars",
)

LOOPBACK = ("127.0.0.1", "localhost", "::1")


# Of a module, not of the session: while Playwright is open, nothing else in its thread can run an
# event loop, and other modules do.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not _executable():
        reason = "there is no Chromium here: apt-get install chromium"
        # In continuous integration there is one; a skip there would hide that nothing was tried.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with launched() as browser:
        yield browser


@contextmanager
def launched(*options: str) -> Iterator[Browser]:
    """Debian's Chromium, where there is no pytest; it may be given further options."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_executable(), args=[*_ARGUMENTS, *options]
        )
        yield browser
        browser.close()


def _executable() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def new_page(
    browser: Browser,
    *,
    at: str = "",
    dark: bool = False,
    width: int = 1280,
    height: int = 800,
    zoom: int = 1,
    javascript: bool = True,
    reduced_motion: bool = False,
    forced_colors: bool = False,
    more_contrast: bool = False,
    touch: bool = False,
    elsewhere: Sequence[str] = (),
    expected: Sequence[str] = (),
) -> Iterator[Page]:
    """A page of a browser without a past. At its end it must have been quiet and at home.

    Args:
        browser: The browser.
        at: Address of the server, so that ``page.goto("/")`` is enough.
        dark: Whether the reader prefers dark pages.
        width: Of the window, in CSS pixels without zoom.
        height: The same.
        zoom: How many times larger the reader made everything: 4 is 400%.
        javascript: Whether scripts run.
        reduced_motion: Whether the reader prefers less motion.
        forced_colors: Whether the reader's own colours replace the page's.
        more_contrast: Whether the reader prefers more contrast.
        touch: Whether it is a phone, which is touched.
        elsewhere: Beginnings of addresses on other computers that may be asked for. An empty page
            is put in their place: no test leaves this computer.
        expected: Parts of errors that the console may show, such as ``"status of 404"``.

    Raises:
        AssertionError: The console showed an error (a breach of the content security policy is
            one), a script failed, or something was asked for on another computer.
    """
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    context = browser.new_context(
        base_url=at or None,
        color_scheme=scheme,
        viewport={"width": width // zoom, "height": height // zoom},
        device_scale_factor=zoom,
        java_script_enabled=javascript,
        reduced_motion="reduce" if reduced_motion else "no-preference",
        forced_colors="active" if forced_colors else "none",
        contrast="more" if more_contrast else "no-preference",
        has_touch=touch,
        is_mobile=touch,
    )
    context.set_default_timeout(15_000)
    wrong: list[str] = []

    def stay_here(route: Route) -> None:
        address = route.request.url
        if urlsplit(address).hostname in LOOPBACK:
            route.fallback()
        elif address.startswith(tuple(elsewhere)):
            route.fulfill(body="<!doctype html><title>Elsewhere</title>", content_type="text/html")
        else:
            wrong.append(f"asked for {address}")
            route.abort()

    context.route("**/*", stay_here)
    context.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda failed: wrong.append(str(failed.error)))
    try:
        yield context.new_page()
    finally:
        context.close()
    unexpected = [error for error in wrong if not any(part in error for part in expected)]
    assert not unexpected, f"the page was not quiet: {unexpected}"


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds wrong with a page: each rule with the elements that break it.

    It is a script: on a page on which none runs, it would never end.

    Args:
        page: The page.
        within: Selector of the part to look at.
    """
    page.evaluate(_axe())
    found: list[str] = page.evaluate(
        """async (within) => {
            const options = {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}};
            const {violations} = await axe.run(within, options);
            return violations.flatMap((v) => v.nodes.map(
                (n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`));
        }""",
        within,
    )
    return found


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def scrolls_sideways(page: Page) -> list[str]:
    """What one would have to scroll sideways to read: the whole page, or elements in it.

    Wide tables and the like may scroll by themselves where the keyboard can reach them.
    """
    found: list[str] = page.evaluate(
        """() => {
            const name = (e) => e.tagName.toLowerCase() + (e.id ? `#${e.id}` : "")
                + [...e.classList].map((c) => `.${c}`).join("");
            const root = document.scrollingElement;
            const wide = root.scrollWidth > root.clientWidth ? ["the page"] : [];
            const within = (node) => [...node.querySelectorAll("*")].flatMap(
                (e) => [e, ...(e.shadowRoot ? within(e.shadowRoot) : [])]);
            const scroller = (e) => e.closest("[tabindex='0']");
            for (const e of within(document.body)) {
                const style = getComputedStyle(e);
                if (e.closest(".visually-hidden") || style.clipPath === "inset(50%)") continue;
                const scrolls = ["auto", "scroll"].includes(style.overflowX)
                    && e.scrollWidth > e.clientWidth;
                const isField = ["INPUT", "SELECT", "TEXTAREA"].includes(e.tagName);
                if (scrolls && !isField && e.tabIndex !== 0) wide.push(`${name(e)} scrolls`);
                const box = e.getBoundingClientRect();
                if (box.right > root.clientWidth + 1 && box.width && !scroller(e))
                    wide.push(`${name(e)} ends at ${Math.round(box.right)}`);
            }
            return wide;
        }"""
    )
    return found


def tab_order(page: Page, stops: int) -> list[str]:
    """What the next presses of Tab reach: each element's tag and name, such as ``a Ask``.

    Elements in shadow trees are named themselves, not their hosts.
    """
    return [_tabbed(page) for _ in range(stops)]


def _tabbed(page: Page) -> str:
    page.keyboard.press("Tab")
    return focused(page)


def focused(page: Page) -> str:
    """The element that has the focus: its tag and name, such as ``a Ask``."""
    found: str = page.evaluate(
        """() => {
            let e = document.activeElement;
            while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            const root = e.getRootNode();
            const named = (e.getAttribute("aria-labelledby") || "").split(" ")
                .map((id) => root.getElementById(id)?.textContent).filter(Boolean).join(" ");
            const label = e.labels?.length ? e.labels[0].textContent : "";
            const own = e.matches("input, select, textarea") ? "" : e.textContent;
            const said = e.getAttribute("aria-label") || named || label || own || e.name || "";
            return `${e.tagName.toLowerCase()} ${said.replace(/\\s+/g, " ").trim()}`.trim();
        }"""
    )
    return found
