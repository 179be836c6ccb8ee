"""The widget when there is no answer: each failure is told plainly, and what was typed is kept."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route

from tests.browser import chromium as chromium
from tests.browser import focused, new_page
from tests.widget_states import CHAIR, Endpoint, ask, chat, events, opened, real_answer, send
from tests.widget_states import site as site

FIELD = "textarea Your question"
REFUSED = ("Failed to load resource",)


def problem(found: Locator, site: str) -> str:
    """What is said of a failure, once all that holds of any failure was seen."""
    alert = found.locator("[role=alert]:not(:empty)")
    alert.wait_for()
    assert found.locator("textarea").input_value() == CHAIR
    assert found.locator("textarea").get_attribute("readonly") is None
    assert found.locator("ol > li").count() == 0
    assert found.locator("[role=status]").text_content() == ""
    assert alert.locator("a").last.get_attribute("href") == f"{site}/"
    assert focused(found.page) == FIELD
    told, *_, way_out = alert.locator("p").all_inner_texts()
    assert way_out.startswith("Your question is still there. Search on the service’s own page")
    return told


def told(status: int, detail: str = "", **headers: str) -> Endpoint:
    body = f'{{"status": {status}, "title": "-", "detail": "{detail}"}}'
    return Endpoint(
        status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


NOT_NOTHING = "It does not mean that nothing was found."
FAILURES = {
    "limited": (
        told(429, Retry_After="7"),
        "Too many questions were asked from here. Ask again in 7 seconds.",
    ),
    "failed": (told(500), f"Something went wrong with the search. {NOT_NOTHING}"),
    "bad gateway": (
        Endpoint(status=502, body="<h1>502</h1>"),
        f"Something went wrong with the search. {NOT_NOTHING}",
    ),
    "unavailable": (
        told(503, "We are checking a report.", Retry_After="300"),
        "The search is not available just now. Ask again in 300 seconds.",
    ),
    "unknown key": (told(401), "This website is not set up rightly to search."),
    "foreign key": (told(403), "This website is not set up rightly to search."),
    "rejected": (told(400, "The question has no words in it."), "The question was not accepted."),
    "no done": (
        Endpoint(body=events(("status", {"stage": "searching"}))),
        f"The answer broke off, so it is not shown. {NOT_NOTHING}",
    ),
    "no stream": (
        Endpoint(body=events(("answer", "{"), ("done", {})) + "event: match\ndata: {\n\n"),
        f"The answer broke off, so it is not shown. {NOT_NOTHING}",
    ),
    "told in the stream": (
        Endpoint(
            body=events(
                ("status", {"stage": "searching"}),
                ("error", {"status": 503, "title": "-", "detail": "It took too long."}),
            )
        ),
        "The search is not available just now.",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_and_the_question_kept(
    chromium: Browser, site: str, failure: str
) -> None:
    endpoint, words = FAILURES[failure]
    with new_page(chromium, at=site, expected=REFUSED) as page:
        page.goto("/demo")
        endpoint.serve(page)
        assert problem(ask(page, "inline"), site) == words


def test_an_answer_without_done_is_none(chromium: Browser, client: httpx.Client, site: str) -> None:
    answer = real_answer(client)
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        Endpoint(body=events(("match", answer["matches"][0]), ("answer", answer))).serve(page)
        assert problem(ask(page, "inline"), site).startswith("The answer broke off")


def test_the_service_s_own_reason_is_shown(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site, expected=REFUSED) as page:
        page.goto("/demo")
        told(503, "We are checking a report.").serve(page)
        reason = ask(page, "inline").locator("[role=alert] p[lang=en]")
        assert reason.inner_text() == "We are checking a report."


def test_offline_is_told_and_the_same_question_is_answered_later(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site, expected=REFUSED) as page:
        page.goto("/demo")
        page.context.set_offline(True)
        found = ask(page, "launcher")
        assert problem(found, site) == "You seem to be offline. Ask again when you are connected."
        page.context.set_offline(False)
        page.keyboard.press("Enter")
        found.locator("h3").wait_for()
        assert found.locator("textarea").input_value() == ""
        assert found.locator("[role=alert]").text_content() == ""


def hang(page: Page) -> list[Route]:
    """A service that takes questions and says nothing."""
    held: list[Route] = []
    page.route("**/v1/ask/stream", lambda route: held.append(route))
    return held


def test_a_slow_answer_is_waited_for_and_then_given_up(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.clock.install()
        page.goto("/demo")
        hang(page)
        found = opened(page, "inline")
        send(page, CHAIR)
        found.locator(".pending").wait_for()
        page.clock.fast_forward(7_000)
        slow = "Still searching. It takes longer than usual."
        assert found.locator(".pending").inner_text() == slow
        assert found.locator("[role=status]").text_content() == slow
        page.clock.fast_forward(30_000)
        assert problem(found, site) == "The search took too long. Ask again in a moment."


def test_while_it_searches_nothing_is_sent_twice_and_the_focus_is_not_lost(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        held = hang(page)
        found = opened(page, "inline")
        send(page, CHAIR)
        found.locator(".pending").wait_for()
        page.keyboard.press("Enter")
        assert focused(page) == FIELD
        button = found.get_by_role("button", name="Ask", exact=True)
        assert button.get_attribute("aria-disabled") == "true"
        assert button.get_attribute("disabled") is None
        button.press("Enter")
        assert len(held) == 1
        found.get_by_role("button", name="Clear conversation").press("Enter")
        assert found.locator("ol > li").count() == 0
        assert found.locator("textarea").input_value() == ""
        assert found.locator("[role=alert]").text_content() == ""


def test_what_was_found_is_shown_before_the_answer_and_is_not_announced(
    chromium: Browser, client: httpx.Client, site: str
) -> None:
    match = real_answer(client)["matches"][0]
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        page.evaluate(HALF_A_STREAM, events(("status", {}), ("match", match)))
        found = opened(page, "inline")
        send(page, CHAIR)
        found.locator(".pending li").wait_for()
        assert found.locator(".pending").inner_text().split("\n\n") == [
            "Searching the decisions…",
            "Found so far:",
            match["citation"]["label"],
        ]
        assert found.locator("[role=status]").text_content() == "Searching the decisions…"


HALF_A_STREAM = """(words) => {
    window.fetch = async () => new Response(new ReadableStream({
        // A character at a time, as a bad line may bring it.
        start: (to) => { for (const c of words) to.enqueue(new TextEncoder().encode(c)); },
    }));
}"""

WRONG: dict[str, Any] = {
    "  ": "Type a question first.",
    "?!": "Type a question with words in it.",
    "a" * 2001: "The question is too long: the most is 2000 characters.",
}


@pytest.mark.parametrize("words", WRONG, ids=["empty", "no words", "too long"])
def test_what_cannot_be_asked_is_not_sent(chromium: Browser, site: str, words: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        endpoint = told(500)
        endpoint.serve(page)
        found = ask(page, "inline", words)
        field = found.locator("textarea")
        assert found.locator("[role=alert]").inner_text() == WRONG[words]
        assert field.get_attribute("aria-invalid") == "true"
        assert "error" in (field.get_attribute("aria-describedby") or "")
        assert field.input_value() == words
        assert endpoint.asked == []


def test_the_characters_are_counted_when_few_are_left(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        opened(page, "inline")
        count = chat(page, "inline").locator("#count")
        for typed, words in (
            (1000, ""),
            (800, "200 characters left"),
            (203, "3 characters too many"),
        ):
            # Each is one character, in two halves for JavaScript.
            page.keyboard.insert_text("😀" * typed)
            assert count.inner_text() == words
