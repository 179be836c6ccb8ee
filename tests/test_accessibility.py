"""Accessibility: every page in every state, in a real browser; see also docs/accessibility.md."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium as chromium
from tests.browser import focused, new_page, scrolls_sideways, tab_order, violations
from tests.conftest import server
from tests.states import STATES, State

WIDTHS = {"desktop": 1280, "phone": 360}
MOST_STOPS = 400

SPACED = """
* {
  letter-spacing: 0.12em !important;
  line-height: 1.5 !important;
  word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important; }
"""
"""What WCAG 1.4.12 says that a reader may set without losing anything."""

TWICE_AS_LARGE = "html { font-size: 200% !important; }"

every_state = pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)


@pytest.fixture(scope="module")
def site(sample_data: Path) -> Iterator[str]:
    """The address of a server with the fictional sample."""
    with server(sample_data) as client:
        yield str(client.base_url)


@contextmanager
def seen(
    chromium: Browser, site: str, state: State, *, expected: Sequence[str] = (), zoom: int = 1
) -> Iterator[Page]:
    """A page in a state. What the reader prefers is changed on it, which is quicker than anew."""
    told = (*state.expected, *expected)
    with new_page(chromium, at=site, expected=told, zoom=zoom) as page:
        state.reach(page)
        yield page


@every_state
def test_axe_finds_no_barrier_light_or_dark_on_a_desktop_or_a_phone(
    chromium: Browser, site: str, state: State
) -> None:
    with seen(chromium, site, state) as page:
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="light")
            assert violations(page) == []
            page.emulate_media(color_scheme="dark")
            assert violations(page) == []
        page.emulate_media(contrast="more")
        assert violations(page) == []
        page.emulate_media(color_scheme="light")
        assert violations(page) == []


@every_state
def test_axe_finds_no_barrier_where_scripts_do_not_run(
    chromium: Browser, site: str, state: State
) -> None:
    """Axe is a script itself, so the page's own are emptied; the browser misses their hashes."""
    with new_page(chromium, at=site, expected=(*state.expected, "'integrity' attribute")) as page:
        page.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
        state.reach(page)
        assert violations(page) == []


@every_state
def test_nothing_scrolls_sideways_or_is_cut_off_however_large_the_reader_makes_it(
    chromium: Browser, site: str, state: State
) -> None:
    """A window of 1,280 pixels at 400% leaves 320, which is also the narrowest of phones."""
    with seen(chromium, site, state, zoom=4) as page:
        assert page.evaluate("innerWidth") == 320
        assert (scrolls_sideways(page), _cut_off(page)) == ([], [])
        _add_style(page, SPACED)
        assert (scrolls_sideways(page), _cut_off(page)) == ([], [])
        page.set_viewport_size({"width": 1280, "height": 800})
        assert (scrolls_sideways(page), _cut_off(page)) == ([], [])
        _add_style(page, TWICE_AS_LARGE)
        assert (scrolls_sideways(page), _cut_off(page)) == ([], [])


@every_state
def test_headings_and_landmarks_tell_how_the_page_is_built(
    chromium: Browser, site: str, state: State
) -> None:
    with seen(chromium, site, state) as page:
        built = page.evaluate(_BUILT)
    assert built["lang"] == "en-GB"
    assert built["title"].endswith(" – Upheld")
    assert built["title"].removesuffix(" – Upheld").strip()
    assert built["levels"][0] == 1
    assert built["levels"].count(1) == 1
    steps = zip(built["levels"], built["levels"][1:], strict=False)
    assert [step for step in steps if step[1] > step[0] + 1] == []
    assert (built["mains"], built["banners"], built["ends"]) == (1, 1, 1)
    assert all(built["names"])
    assert len(set(built["names"])) == len(built["names"])


_BUILT = """() => ({
    lang: document.documentElement.lang,
    title: document.title,
    levels: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
        .filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1])),
    mains: document.querySelectorAll("main").length,
    banners: document.querySelectorAll("body > header").length,
    ends: document.querySelectorAll("body > footer").length,
    names: [...document.querySelectorAll("nav, section[aria-label], [role=region]")]
        .map((e) => e.getAttribute("aria-label") || e.getAttribute("aria-labelledby")),
})"""


def test_the_skip_link_comes_first_and_leads_past_the_navigation(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/")
        first = tab_order(page, 5)
        assert first == [
            "a Skip to main content",
            "a Upheld",
            "a Ask",
            "a Browse decisions",
            "a Exit this page",
        ]
        page.goto("/decisions")
        assert tab_order(page, 1) == ["a Skip to main content"]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


@every_state
def test_whatever_has_the_focus_is_seen_and_nothing_holds_it(
    chromium: Browser, site: str, state: State
) -> None:
    with seen(chromium, site, state) as page:
        assert _unseen(page) == []
        page.set_viewport_size({"width": 320, "height": 256})
        page.emulate_media(forced_colors="active")
        assert _unseen(page) == []


def _unseen(page: Page) -> list[str]:
    """Press Tab from end to end: the stops at which nothing is seen, or that there is no end."""
    page.evaluate("window.reached = new Set(); document.activeElement.blur()")
    page.evaluate("scrollTo(0, 0); getSelection().removeAllRanges()")
    unseen: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        where = page.evaluate(_STOP)
        if where == "end":
            return unseen
        if where != "seen":
            unseen.append(f"{focused(page)}: {where}")
    return [*unseen, "there is no end"]


_STOP = """() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    // The parts of a date are stops of one element; only what comes round again is the end.
    if (!e || e === document.body || (reached.has(e) && e !== window.last)) return "end";
    reached.add(e);
    window.last = e;
    const style = getComputedStyle(e);
    const clear = "rgba(0, 0, 0, 0)";
    const outlined = style.outlineStyle !== "none" && style.outlineColor !== clear;
    if (!outlined && style.boxShadow === "none") return "no mark of the focus";
    const box = e.getClientRects()[0];
    if (!box || box.bottom <= 0 || box.top >= innerHeight) return "out of sight";
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const there = e.getRootNode().elementFromPoint(x, y);
    return there && (e.contains(there) || there.contains(e)) ? "seen" : "covered";
}"""


@every_state
def test_the_page_does_as_the_readers_own_settings_say(
    chromium: Browser, site: str, state: State
) -> None:
    with seen(chromium, site, state) as page:
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        page.emulate_media(forced_colors="active")
        edges = page.locator(".button, .exit, textarea, select").evaluate_all(
            "(all) => all.filter((e) => e.checkVisibility())"
            ".map((e) => parseFloat(getComputedStyle(e).borderTopWidth))"
        )
        assert min(edges) >= 1, "what is pressed has no edge where colours are replaced"


@every_state
def test_paper_shows_what_was_found_and_not_how_to_get_about(
    chromium: Browser, site: str, state: State
) -> None:
    with seen(chromium, site, state) as page:
        page.emulate_media(media="print")
        assert page.locator("h1").first.is_visible()
        assert page.locator(".site-header nav, .exit, .skip-link").evaluate_all(_VISIBLE) == 0


_VISIBLE = "(all) => all.filter((e) => e.checkVisibility()).length"


def _add_style(page: Page, css: str) -> None:
    page.evaluate(
        """(css) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }""",
        css,
    )


def _cut_off(page: Page) -> list[str]:
    """Elements whose text does not fit in them and is hidden."""
    found: list[str] = page.evaluate(
        """() => [...document.body.querySelectorAll("*")].filter((e) => {
            const style = getComputedStyle(e);
            const hides = ["hidden", "clip"].includes(style.overflowY);
            return hides && style.clipPath === "none" && !e.closest("svg")
                && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1);
        }).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)"""
    )
    return found
