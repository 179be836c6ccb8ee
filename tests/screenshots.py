"""Screenshots: writes pictures of every page and state, over the fictional sample, for the docs.

Run ``python -m tests.screenshots [FOLDER]``; without a folder, ``docs/screenshots``.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from tests.browser import launched, new_page
from tests.conftest import ROOT, SAMPLES, server
from tests.states import STATES, State
from tests.widget_states import CHAIR, Mode, ask, opened

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 150_000
LONGEST = 2000
"""CSS pixels of height; what is below is more of the same."""

_COLOURS = 48
"""Enough for a page without photographs, and a third of the bytes."""

DESKTOP = (1280, 800)
PHONE = (360, 740)
FIRST_SEEN = ("ask", "answered")
"""The states that are shown in all four looks; the others in the two that differ most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetState(State):
    """What the widget shows on the demo page.

    Attributes:
        mode: In the page, or behind its button.
    """

    mode: Mode

    def reach(self, page: Page) -> None:
        page.goto(self.path)
        if self.asked is None:
            opened(page, self.mode)
        else:
            ask(page, self.mode, self.asked)
        page.wait_for_load_state("networkidle")


WIDGET_STATES = (
    WidgetState(name="widget-opened", path="/demo", mode="launcher"),
    WidgetState(name="widget-answered", path="/demo", mode="launcher", asked=CHAIR),
    WidgetState(name="widget-inline-answered", path="/demo", mode="inline", asked=CHAIR),
    WidgetState(
        name="widget-refused", path="/demo", mode="inline", asked="What is the real name of Mrs X?"
    ),
)


class TooLarge(RuntimeError):
    """A picture that a repository should not carry."""


def pictures(browser: Browser, address: str) -> Iterator[tuple[str, bytes]]:
    """Each picture with its name."""
    for state in (*STATES, *WIDGET_STATES):
        looks = {"desktop": (DESKTOP, False), "phone-dark": (PHONE, True)}
        if state.name in FIRST_SEEN:
            looks |= {"desktop-dark": (DESKTOP, True), "phone": (PHONE, False)}
        for look, (size, dark) in looks.items():
            name = f"{state.name}-{look}.png"
            yield name, picture(browser, address, state, size, dark=dark)


def picture(
    browser: Browser, address: str, state: State, size: tuple[int, int], *, dark: bool
) -> bytes:
    """A PNG of a page in a state, from its top, or from where its address leads.

    Raises:
        TooLarge: It has more than `MOST_BYTES`.
    """
    width, height = size
    with new_page(
        browser,
        at=address,
        width=width,
        height=height,
        dark=dark,
        touch=size == PHONE,
        expected=state.expected,
    ) as page:
        state.reach(page)
        # Where the focus went after sending is no part of the picture.
        page.evaluate("document.activeElement.blur()")
        top = page.evaluate("scrollY") if "#" in state.path else 0
        tall = page.evaluate("document.documentElement.scrollHeight") - top
        taken = page.screenshot(
            full_page=True,
            clip={"x": 0, "y": top, "width": width, "height": min(tall, LONGEST)},
        )
    small = BytesIO()
    Image.open(BytesIO(taken)).convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    if small.tell() > MOST_BYTES:
        raise TooLarge(f"{state.name} has {small.tell():,} bytes, wanted at most {MOST_BYTES:,}")
    return small.getvalue()


def main(folder: Path) -> None:
    """Write all of them, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as data:
        build(read_files([SAMPLES]), HashingEncoder(), Path(data), sample=True)
        with server(Path(data)) as client, launched() as browser:
            for name, content in pictures(browser, str(client.base_url)):
                (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
