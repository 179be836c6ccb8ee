"""How pages look: the colours of the style sheet can be told apart by whoever looks."""

import re
from importlib.resources import files

import pytest

from tests.conftest import ROOT

CSS = files("service").joinpath("static", "upheld.css").read_text(encoding="utf-8")

SCHEMES = {
    "light": [],
    "light, more contrast": ["(prefers-contrast: more)"],
    "dark": ["(prefers-color-scheme: dark)"],
    "dark, more contrast": [
        "(prefers-contrast: more)",
        "(prefers-color-scheme: dark)",
        "(prefers-color-scheme: dark) and (prefers-contrast: more)",
    ],
    "print": ["print"],
}
"""The media conditions that hold, in the order in which the style sheet has them."""

TEXT = {
    "paper": "ink ink-soft link link-hover danger finding law party",
    "paper-raised": "ink ink-soft link link-hover danger",
    "danger-paper": "ink danger link link-hover",
    "accent": "on-accent",
    "danger": "paper",
    "mark": "mark-ink",
    "focus": "focus-ink",
}
"""What is written on each ground. WCAG 1.4.3 wants 4.5:1."""

EDGES = {
    "paper": "line-strong accent danger finding law party",
    "paper-raised": "line-strong accent",
}
"""What is drawn on each ground and has to be seen. WCAG 1.4.11 wants 3:1."""


def tokens(*conditions: str) -> dict[str, str]:
    """The custom properties that hold under some media conditions, the last of each name."""
    found: dict[str, str] = {}
    for condition in ("", *conditions):
        start = CSS.index(f"@media {condition} {{" if condition else ":root {")
        block = CSS[CSS.index(":root {", start) :].partition("}")[0]
        found |= dict(re.findall(r"--([a-z-]{1,30}): (#[0-9a-f]{3,6});", block))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).

    >>> luminance("#fff"), luminance("#000000")
    (1.0, 0.0)
    """
    digits = colour.removeprefix("#")
    pairs = [d * 2 for d in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = [int(pair, 16) / 255 for pair in pairs]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1, for the same colour, to 21, for black on white.

    >>> round(contrast("#fff", "#000"), 2)
    21.0
    >>> round(contrast("#777777", "#ffffff"), 2)
    4.48
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_close(colours: dict[str, str], pairs: dict[str, str], least: float) -> list[str]:
    return [
        f"{name} on {ground}: {ratio:.2f}"
        for ground, names in pairs.items()
        for name in names.split()
        if (ratio := contrast(colours[name], colours[ground])) < least
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_has_a_contrast_of_at_least_four_and_a_half_to_its_ground(scheme: str) -> None:
    assert too_close(tokens(*SCHEMES[scheme]), TEXT, 4.5) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_edge_that_tells_something_has_a_contrast_of_at_least_three(scheme: str) -> None:
    assert too_close(tokens(*SCHEMES[scheme]), EDGES, 3) == []


@pytest.mark.parametrize("scheme", [s for s in SCHEMES if s != "print"])
def test_one_of_the_two_colours_of_the_focus_stands_out_from_every_ground(scheme: str) -> None:
    colours = tokens(*SCHEMES[scheme])
    for ground in ("paper", "paper-raised", "danger-paper", "accent"):
        best = max(contrast(colours[name], colours[ground]) for name in ("focus", "focus-ink"))
        assert best >= 3, ground


@pytest.mark.parametrize("scheme", ["light, more contrast", "dark, more contrast"])
def test_who_asks_for_more_contrast_gets_seven_for_all_running_text(scheme: str) -> None:
    names = {"paper": "ink ink-soft link", "paper-raised": "ink ink-soft link"}
    assert too_close(tokens(*SCHEMES[scheme]), names, 7) == []


def test_colours_are_named_once_and_used_by_their_names() -> None:
    after = CSS[CSS.index("*,\n*::before") : CSS.index("@media print")]
    assert re.findall(r"#[0-9a-f]{3,6}\b", after) == []


def test_nothing_stays_on_the_screen_and_covers_what_has_the_focus() -> None:
    for sheet in _sheets():
        assert not re.search(r"position: (sticky|fixed)", sheet)


def test_sizes_grow_with_the_readers_own_text_size() -> None:
    """A size of text in pixels would not; points are for paper."""
    for sheet in _sheets():
        assert not re.search(r"font(-size)?:[^;]{0,40}\d(px)\b", sheet)


def _sheets() -> list[str]:
    folder = files("service").joinpath("static")
    return [f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".css")]


def test_the_tests_that_the_documentation_names_are_there() -> None:
    told = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    named = set(re.findall(r"tests/[a-z_]{1,60}\.py", told))
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
