"""How the widget looks: at any width, in any scheme, and in the colours of a host's page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium as chromium
from tests.browser import new_page, scrolls_sideways, violations
from tests.conftest import ROOT
from tests.host_pages import GUIDE, HostPage, Site, guide_pages
from tests.host_pages import site as another_site
from tests.widget_states import (
    Endpoint,
    Json,
    Mode,
    ask,
    chat,
    each_mode,
    hostile,
    streamed,
)
from tests.widget_states import answered as answered
from tests.widget_states import site as site


@dataclass(frozen=True, slots=True)
class Plain:
    """A site, and the plain page of the guide for it."""

    host: Site
    body: str


@pytest.fixture(scope="module")
def plain(site: str) -> Iterator[Plain]:
    with another_site() as host:
        host.pages |= guide_pages(site, "")
        yield Plain(host, host.pages["/plain"].body)


NARROW = {
    "320 pixels": {"width": 320, "height": 640},
    "zoomed to 400%": {"zoom": 4, "width": 1280, "height": 1024},
    "forced colours": {"forced_colors": True},
}


@pytest.mark.parametrize("look", NARROW)
@each_mode
def test_nothing_has_to_be_scrolled_sideways(
    chromium: Browser, site: str, answered: Json, look: str, mode: Mode
) -> None:
    with new_page(chromium, at=site, **NARROW[look]) as page:  # type: ignore[arg-type]
        page.goto("/demo")
        chat(page, mode).evaluate(SPACED)
        Endpoint(body=streamed(hostile(answered, "Ü" * 300, 3))).serve(page)
        found = ask(page, mode)
        assert scrolls_sideways(page) == []
        found.get_by_role("button", name="Go to latest answer").press("Enter")
        assert found.locator("h3").evaluate("(h) => h.getRootNode().activeElement === h")
        assert found.locator("textarea").is_visible()


SPACED = """({style}) => {
    const wanted = {"letter-spacing": "0.12em", "line-height": "1.5", "word-spacing": "0.16em"};
    for (const [name, value] of Object.entries(wanted)) style.setProperty(name, value, "important");
}"""
"""What WCAG 1.4.12 says that a reader may set without losing anything."""


def test_targets_are_as_large_as_a_finger(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site, width=320, height=640) as page:
        page.goto("/demo")
        found = ask(page, "launcher")
        boxes = [b.bounding_box() for b in found.locator("button:visible, summary").all()]
        assert len(boxes) > 4
        assert all(box and box["height"] >= 43.9 for box in boxes)


def test_nothing_moves_for_who_wants_less_motion(chromium: Browser, site: str) -> None:
    for less, name in ((True, "none"), (False, "appear")):
        with new_page(chromium, at=site, reduced_motion=less) as page:
            page.goto("/demo")
            answer = ask(page, "inline").locator(".answer")
            assert answer.evaluate("(e) => getComputedStyle(e).animationName") == name


def test_where_nothing_sticks_the_field_covers_nothing(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site, width=1280, height=1024, zoom=4) as page:
        page.goto("/demo")
        found = ask(page, "launcher")
        assert found.locator("dialog .body").evaluate("(b) => getComputedStyle(b).overflowY") == (
            "visible"
        )
        answer, field = (found.locator(s).bounding_box() for s in (".answer", ".composer"))
        assert answer
        assert field
        assert field["y"] >= answer["y"] + answer["height"]


COLOURS = {
    "readable": ("--upheld-accent: oklch(0.35 0.15 300); --upheld-on-accent: white", True),
    "unreadable": ("--upheld-accent: #eee; --upheld-on-accent: white", False),
    "see-through": ("--upheld-paper: rgb(255 255 255 / 50%)", False),
    "no colour": ("--upheld-paper: banana", False),
}


@pytest.mark.parametrize("colours", COLOURS)
def test_a_host_s_colours_are_used_if_they_can_be_read(
    chromium: Browser, plain: Plain, colours: str
) -> None:
    style, used = COLOURS[colours]
    lines = plain.body.replace("<main>", f"<style>upheld-chat {{ {style} }}</style><main>")
    plain.host.pages["/coloured"] = HostPage(lines)
    with new_page(chromium, at=plain.host.origin) as page:
        warnings: list[str] = []
        page.on("console", lambda said: warnings.append(said.text))
        page.goto("/coloured")
        button = page.locator("upheld-chat").locator("button.launcher")
        ground = button.evaluate("(b) => getComputedStyle(b).backgroundColor")
        assert (ground != "rgb(27, 77, 92)") is used
        assert len(warnings) == (0 if used else 1)
        assert all("uses its own light colours: --upheld-" in warning for warning in warnings)
        assert violations(page) == []


def test_the_theme_follows_the_reader_unless_the_host_sets_it(
    chromium: Browser, plain: Plain
) -> None:
    with new_page(chromium, at=plain.host.origin, dark=True) as page:
        page.goto("/plain")
        found = page.locator("upheld-chat")
        seen = "(e) => e.shadowRoot.querySelector('.upheld').dataset.scheme"
        assert found.evaluate(seen) == "dark"
        page.emulate_media(color_scheme="light")
        page.wait_for_function(f"({seen})(document.querySelector('upheld-chat')) === 'light'")
        found.evaluate("(e) => e.setAttribute('theme', 'dark')")
        assert found.evaluate(seen) == "dark"


def test_a_host_s_small_root_size_does_not_shrink_the_words(
    chromium: Browser, plain: Plain
) -> None:
    lines = "<style>html { font-size: 62.5% } * { font: 8px serif }</style>"
    body = plain.body.replace("<main>", f"{lines}<main>")
    plain.host.pages["/small"] = HostPage(body)
    with new_page(chromium, at=plain.host.origin) as page:
        page.goto("/small")
        launcher = page.locator("upheld-chat").locator("button.launcher")
        assert launcher.evaluate("(b) => getComputedStyle(b).fontSize") == "16px"


def test_the_guide_names_every_property_with_its_colours() -> None:
    style = (ROOT / "service" / "widget" / "src" / "style.css").read_text()
    light, dark = (
        dict(re.findall(r"var\(--upheld-([a-z-]{1,30}), (#[0-9a-f]{3,6})\)", part))
        for part in style.split('.upheld[data-scheme="dark"]', 1)
    )
    assert len(light) == 8
    guide = GUIDE.read_text(encoding="utf-8")
    for name, colour in light.items():
        assert re.search(rf"`--upheld-{name}` \| [^|]+ \| `{colour}` \| `{dark[name]}`", guide), (
            name
        )
