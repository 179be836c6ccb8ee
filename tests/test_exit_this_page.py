"""Exit this page, in a real browser: at once, by key or link, and without a way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium as chromium  # a fixture
from tests.browser import new_page
from tests.conftest import serving

EXIT = "https://www.bbc.co.uk/weather"


@pytest.fixture(scope="module")
def at(sample_data: Path) -> Iterator[str]:
    with serving(sample_data) as running:
        yield str(running.client.base_url)


def test_exit_leaves_at_once_and_back_does_not_return(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, elsewhere=[EXIT]) as page:
        page.goto("about:blank")
        page.goto("/")
        assert page.locator("#exit-keys").inner_text() == "or press Escape three times"
        for _ in range(3):
            page.keyboard.press("Escape")
        expect(page).to_have_title("Elsewhere")
        page.go_back()
        assert page.url == "about:blank"
        page.goto("/")
        page.click("[data-exit]")
        expect(page).to_have_title("Elsewhere")
        page.go_back()
        assert page.url == "about:blank"


def test_three_presses_of_escape_take_no_longer_than_five_seconds(
    chromium: Browser, at: str
) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/")
        page.keyboard.press("Escape")
        page.wait_for_timeout(5100)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
        assert page.url == f"{at}/"


def test_without_scripts_exit_is_a_link_and_nothing_is_said_of_keys(
    chromium: Browser, at: str
) -> None:
    with new_page(chromium, at=at, javascript=False) as page:
        page.goto("/")
        assert page.locator("[data-exit]").get_attribute("href") == EXIT
        assert page.locator("#exit-keys").is_hidden()
