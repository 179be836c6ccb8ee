"""Pages stand still: nothing jumps while they load, nor when an answer lands late."""

import pytest
from playwright.sync_api import Browser

from eval.bench.pages import LATE, MOST_SHIFT, PHONE, PLACES, Landing, Place, land, shift
from tests.browser import chromium as chromium  # a fixture
from tests.browser import new_page
from tests.widget_states import site as site


@pytest.mark.parametrize("path", ["/", "/demo"])
def test_nothing_moves_while_a_page_loads(chromium: Browser, site: str, path: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto(path, wait_until="networkidle")
        assert shift(page) == 0


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_an_answer_that_lands_late_moves_nothing(
    chromium: Browser, site: str, place: Place
) -> None:
    # A browser puts down what moves within half a second of a press to the reader.
    assert LATE > 0.5
    assert land(chromium, site, place, PHONE).shift == 0


def test_a_landing_that_moves_more_than_is_called_good_passes_the_budget() -> None:
    told = Landing(place="ask page", width=360, shift=0.25).over()
    assert told == ["ask page, 360 wide: an answer moves the rest by 0.2500, wanted at most 0.1"]
    assert Landing(place="ask page", width=360, shift=MOST_SHIFT).over() == []
