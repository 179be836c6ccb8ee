"""The ask page in trouble, in a real browser: it is told once, and the draft is kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser import chromium as chromium  # a fixture
from tests.browser import focused, new_page, violations
from tests.conftest import serving
from tests.test_ask_page_in_browser import TRANSPORT, ask, listen

KEPT = "What you typed is still below. This does not mean that nothing was found."


@pytest.fixture(scope="module")
def at(sample_data: Path) -> Iterator[str]:
    with serving(sample_data) as running:
        yield str(running.client.base_url)


def answers_with(page: Page, status: int, headers: dict[str, str]) -> None:
    """Let the server seem to answer so."""
    body = json.dumps({"status": status, "title": "T", "detail": "a detail"})
    page.route(
        "**/v1/ask/stream",
        lambda route: route.fulfill(status=status, body=body, headers=headers),
    )


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (
            429,
            {"Retry-After": "17"},
            "Too many questions have come from your connection. Try again in 17 seconds.",
        ),
        (500, {}, "A detail."),
        (503, {}, "A detail."),
    ],
)
def test_what_goes_wrong_is_told_once_and_the_draft_is_kept(
    chromium: Browser, at: str, status: int, headers: dict[str, str], told: str
) -> None:
    with new_page(chromium, at=at, expected=(f"status of {status}",)) as page:
        page.goto("/")
        answers_with(page, status, headers)
        heard = listen(page)
        page.fill("#question", TRANSPORT)
        page.click("#send")
        page.locator(".error-summary").wait_for()
        assert heard() == ["status: Searching…", f"problem: There is no answer yet{told} {KEPT}"]
        assert page.locator("#question").input_value() == TRANSPORT
        assert page.title().startswith("Error: ")
        assert violations(page) == []
        page.unroute("**/v1/ask/stream")
        ask(page, TRANSPORT)
        assert page.locator(".error-summary").count() == 0


def test_offline_is_told_and_the_draft_is_kept(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, expected=("ERR_INTERNET_DISCONNECTED",)) as page:
        page.goto("/")
        page.context.set_offline(True)
        page.fill("#question", TRANSPORT)
        page.click("#send")
        problem = page.locator(".error-summary")
        problem.wait_for()
        assert "You seem to be offline." in problem.inner_text()
        assert page.locator("#question").input_value() == TRANSPORT


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        ("event: status\r\ndata: {}\r\n\r\n", "The answer broke off on its way."),
        ("", "The answer broke off on its way."),
        (
            'event: error\r\ndata: {"status": 503, "detail": "took too long"}\r\n\r\n',
            "Took too long.",
        ),
        ("event: answer\r\ndata: {\r\n\r\n", "The connection failed."),
    ],
)
def test_a_stream_that_breaks_off_is_an_error(
    chromium: Browser, at: str, stream: str, told: str
) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/")
        page.route(
            "**/v1/ask/stream",
            lambda route: route.fulfill(body=stream, content_type="text/event-stream"),
        )
        page.fill("#question", TRANSPORT)
        page.click("#send")
        problem = page.locator(".error-summary")
        problem.wait_for()
        assert told in problem.inner_text()
        assert KEPT in problem.inner_text()
        assert page.locator("[data-answer]").count() == 0
        assert page.locator("#question").input_value() == TRANSPORT


def test_a_slow_answer_is_told_of_and_sending_twice_asks_once(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.clock.install()
        page.goto("/")
        held: list[Route] = []
        page.route("**/v1/ask/stream", lambda route: held.append(route))
        heard = listen(page)
        page.fill("#question", TRANSPORT)
        page.click("#send")
        page.click("#send", force=True)
        assert page.locator("#send").get_attribute("aria-disabled") == "true"
        page.clock.run_for(5100)
        assert page.locator("#progress").inner_text() == "Still searching…"
        assert len(held) == 1
        held[0].continue_()
        page.locator("[data-answer]").wait_for()
        assert [one.partition(".")[0] for one in heard()] == [
            "status: Searching…",
            "status: Still searching…",
            "status: Answer ready",
        ]
        assert page.locator("#send").get_attribute("aria-disabled") is None


def test_an_empty_question_is_told_where_the_reader_is(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/")
        page.click("#send")
        assert focused(page) == "div There is a problemEnter a question"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert focused(page).startswith("textarea Your question")
        assert page.locator("#question").get_attribute("aria-invalid") == "true"
        assert violations(page) == []
        ask(page, TRANSPORT)
        assert page.locator("#question").get_attribute("aria-invalid") is None
