"""Browsing in a real browser: by keyboard, without scripts, narrow, dark and without colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium as chromium
from tests.browser import focused, new_page, scrolls_sideways, tab_order, violations
from tests.conftest import server

PAGES = {
    "all": "/decisions",
    "narrowed": "/decisions?outcome=upheld&category=Education",
    "empty": "/decisions?outcome=not_upheld&authority=Madeupham",
    "wrong": "/decisions?reference=abc",
    "remedies": "/decisions/remedies?sort=largest",
}
WORDS = "missed three appointments with a support service"


@pytest.fixture(scope="module")
def at(sample_data: Path) -> Iterator[str]:
    with server(sample_data) as client:
        yield str(client.base_url)


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted!r} is not reached by Tab")


def look_for(page: Page, words: str) -> None:
    page.goto("/decisions")
    page.fill("#words", words)
    page.focus("#words")
    press(page, "Enter")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_no_page_has_a_barrier_that_axe_finds(
    chromium: Browser, at: str, width: int, dark: bool
) -> None:
    with new_page(chromium, at=at, width=width, dark=dark, expected=["status of 400"]) as page:
        for name, address in PAGES.items():
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
            assert violations(page) == [], name
        look_for(page, WORDS)
        assert violations(page) == []


def test_filters_are_chosen_and_removed_by_keyboard_alone(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/decisions")
        tab_to(page, "a Not upheld")
        press(page, "Enter")
        assert page.locator("#list").inner_text() == "4 decisions"
        tab_to(page, "a Housing")
        press(page, "Enter")
        assert page.locator("#list").inner_text() == "1 decision"
        tab_to(page, "a Remove Outcome: Not upheld")
        press(page, "Enter")
        assert page.locator("#list").inner_text() == "3 decisions"
        assert page.url.endswith("/decisions?category=Housing")
        tab_to(page, "input Name of the body")
        page.keyboard.type("madeupham")
        press(page, "Enter")
        assert page.locator("#list").inner_text() == "1 decision"


def test_on_a_phone_the_filters_are_opened_by_keyboard(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, width=360) as page:
        page.goto("/decisions")
        tab_to(page, "summary Filters")
        assert not page.get_by_role("link", name="Not upheld").is_visible()
        page.keyboard.press("Enter")
        assert tab_order(page, 3) == ["a Skip the filters", "a Upheld", "a Not upheld"]


def test_words_travel_in_no_address_and_filters_keep_them(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, javascript=False) as page:
        look_for(page, "plan")
        before = page.locator("#list").inner_text()
        assert before.endswith("decisions with “plan”")
        tab_to(page, "button Not upheld")
        press(page, "Enter")
        assert page.locator("#list").inner_text() != before
        assert page.input_value("#words") == "plan"
        assert page.url == f"{at}/decisions"
        tab_to(page, "button Remove Outcome: Not upheld")
        press(page, "Enter")
        assert page.locator("#list").inner_text() == before
        tab_to(page, "input Name of the body")
        page.keyboard.type("madeupham")
        press(page, "Enter")
        assert page.input_value("#words") == "plan"
        assert "Body: madeupham" in page.locator("ul.chosen").inner_text()
        assert page.url == f"{at}/decisions"


def test_a_complaint_that_is_found_says_that_it_is_one(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        look_for(page, WORDS)
        passage = page.locator(".passage")
        assert passage.get_by_role("heading").inner_text() == "The complainant said"
        assert WORDS in passage.inner_text()


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (1280, 4), (1280, 1)])
def test_nothing_has_to_be_scrolled_sideways(
    chromium: Browser, at: str, width: int, zoom: int
) -> None:
    with new_page(
        chromium, at=at, width=width, zoom=zoom, height=1024, expected=["status of 400"]
    ) as page:
        for name, address in PAGES.items():
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
            assert scrolls_sideways(page) == [], name
        look_for(page, "w" * 200)
        assert scrolls_sideways(page) == []


def test_a_narrow_table_names_each_cell(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, width=320) as page:
        page.goto("/decisions/remedies?sort=largest")
        label = page.evaluate(
            "getComputedStyle(document.querySelector('td.sum'), '::before').content"
        )
        assert label == '"Sum: "'
        assert page.get_by_role("cell").nth(1).is_visible()


def test_the_bars_of_a_chart_can_be_told_apart_without_colours(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, forced_colors=True) as page:
        page.goto("/decisions")
        fills = page.locator("[role=img] rect.piece").evaluate_all(
            "(pieces) => [...new Set(pieces.map((p) => p.getAttribute('fill')))]"
        )
        assert len(fills) == 8
        drawn = page.evaluate(
            """() => ["upheld", "not_upheld", "not_investigated", "unknown"].map((outcome) => {
                const pattern = document.getElementById(`topic-${outcome}`);
                return [...pattern.children].map((shape) => {
                    const {fill, stroke} = getComputedStyle(shape);
                    return `${shape.tagName} ${fill} ${stroke}`;
                }).join();
            })"""
        )
        assert len(set(drawn)) == 4
        names = [p.get_attribute("aria-labelledby") for p in page.locator("[role=img]").all()]
        assert names == ["topic-finding", "year-finding"]
        assert page.get_by_role("img", name="Upheld: 11 of 18 decisions.").count() == 2


def test_the_table_of_a_chart_opens_by_keyboard(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/decisions?outcome=upheld")
        tab_to(page, "summary Outcomes by year of decision: the numbers as a table", 120)
        page.keyboard.press("Enter")
        table = page.get_by_role("region", name="Outcomes by year of decision").get_by_role("table")
        assert table.get_by_role("row").all_inner_texts()[1].split() == ["2023", "2", "2"]


def test_what_is_wrong_with_a_field_is_said_there_and_at_the_top(
    chromium: Browser, at: str
) -> None:
    with new_page(chromium, at=at, expected=["status of 400"]) as page:
        page.goto("/decisions")
        tab_to(page, "input Case reference")
        page.keyboard.type("not a case")
        press(page, "Enter")
        summary = page.get_by_role("alert")
        assert summary.get_by_role("link").all_inner_texts() == [
            "Type a case reference such as 18 019 617."
        ]
        assert page.input_value("#reference") == "not a case"
        summary.get_by_role("link").click()
        assert focused(page) == "input Case reference"


def test_the_remedies_are_narrowed_by_keyboard_alone(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, javascript=False) as page:
        page.goto("/decisions")
        tab_to(page, "a what was agreed to put things right")
        press(page, "Enter")
        tab_to(page, "select Kind")
        page.keyboard.type("Pay")
        tab_to(page, "select Order")
        page.keyboard.type("Smallest")
        tab_to(page, "button Show")
        press(page, "Enter")
        assert page.locator("tbody tr td.sum").first.inner_text() == "45p"
        assert page.locator("#list").inner_text() == "23 remedies in 11 decisions"
