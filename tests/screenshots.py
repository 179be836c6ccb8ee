"""Screenshots: writes pictures of every page and state, over the fictional sample, for the docs.

Run ``python -m tests.screenshots [FOLDER]``; without a folder, ``docs/screenshots``.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, FloatRect

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from tests.browser import launched, new_page
from tests.conftest import ROOT, SAMPLES, server
from tests.pictured import PICTURED, WidgetState
from tests.states import State

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 150_000
LONGEST = 2000
"""CSS pixels of height; what is below is more of the same."""

_COLOURS = 32
"""The most frequent ones, as they are: enough for a page without photographs, in few bytes."""

DESKTOP = (1280, 800)
PHONE = (360, 740)
_TOUCHED = "--blink-settings=" + ",".join(
    f"{name}={value}"
    for name, value in {
        "primaryHoverType": 1,
        "availableHoverTypes": 1,
        "primaryPointerType": 2,
        "availablePointerTypes": 2,
    }.items()
)
"""That there is no mouse: what a phone says of itself, and a page on a computer cannot pretend."""

DEVICES = {"desktop": (DESKTOP, ()), "phone": (PHONE, (_TOUCHED,))}
SCHEMES = {"": False, "-dark": True}


class TooLarge(RuntimeError):
    """A picture that a repository should not carry."""


def pictures(address: str) -> Iterator[tuple[str, bytes]]:
    """Each picture with its name: every state in four looks."""
    for device, (size, options) in DEVICES.items():
        with launched(*options) as browser:
            for state, (scheme, dark) in product(PICTURED, SCHEMES.items()):
                taken = picture(browser, address, state, size, dark=dark)
                yield f"{state.name}-{device}{scheme}.png", taken


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
        page.evaluate(_LET_GO)
        if isinstance(state, WidgetState) and state.mode == "launcher":
            taken = page.screenshot()
        else:
            # It stays at the edge of the window, which a picture of a whole page has none of.
            page.evaluate("document.querySelector('[mode=launcher]')?.remove()")
            top = page.evaluate("scrollY") if "#" in state.path else 0
            tall = page.evaluate("document.documentElement.scrollHeight") - top
            clip: FloatRect = {"x": 0, "y": top, "width": width, "height": min(tall, LONGEST)}
            taken = page.screenshot(full_page=True, clip=clip)
    small = BytesIO()
    _in_few_colours(Image.open(BytesIO(taken)).convert("RGB")).save(small, "PNG", optimize=True)
    if small.tell() > MOST_BYTES:
        raise TooLarge(f"{state.name} has {small.tell():,} bytes, wanted at most {MOST_BYTES:,}")
    return small.getvalue()


def _in_few_colours(taken: Image.Image) -> Image.Image:
    """The picture with the colours of all areas kept, and those of the edges of letters merged."""
    pixels = np.asarray(taken, dtype=np.int32) @ (1 << 16, 1 << 8, 1)
    colours, which, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    parts = colours[:, None] >> (16, 8, 0) & 255
    kept = parts[np.argsort(-counts)[:_COLOURS]]
    nearest = ((parts[:, None] - kept) ** 2).sum(axis=2).argmin(axis=1)
    few = Image.fromarray(nearest[which].reshape(pixels.shape).astype(np.uint8))
    few.putpalette(kept.astype(np.uint8).tobytes())
    return few


_LET_GO = """() => {
    let e = document.activeElement;
    while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    e.blur();
}"""
"""Where the focus went after sending is no part of a picture."""


def main(folder: Path) -> None:
    """Write all of them, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as data:
        build(read_files([SAMPLES]), HashingEncoder(), Path(data), sample=True)
        with server(Path(data)) as client:
            for name, content in pictures(str(client.base_url)):
                (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
