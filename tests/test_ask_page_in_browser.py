"""The ask page in a real browser: with and without scripts, by keyboard, and in trouble."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, Request, expect

from tests.browser import chromium as chromium  # a fixture
from tests.browser import focused, new_page, scrolls_sideways, tab_order, violations
from tests.conftest import serving

TRANSPORT = "Can the council refuse school transport because of distance?"
QUESTIONS = (
    TRANSPORT,
    "How late was the plan?",
    "how do i appeal a school transport refusal?",
    "recipe chocolate cake oven",
    "will i win my case?",
    "who is the social worker in the case?",
    "i want to kill myself, who can help me?",
    "my son Sam, 7, was refused transport",
)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> can a chair overrule it?",
    "w" * 2000,
    "\u202e can a chair overrule? \u202c שלום עולם",
)


@pytest.fixture(scope="module")
def at(sample_data: Path) -> Iterator[str]:
    with serving(sample_data) as running:
        yield str(running.client.base_url)


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is there."""
    before = page.locator("[data-answer]").count()
    page.fill("#question", question)
    page.click("#send")
    page.locator("[data-answer]").nth(before).wait_for()


def listen(page: Page) -> Callable[[], list[str]]:
    """Collect what the status and the alert say from now on."""
    page.evaluate(
        """() => {
            window.heard = [];
            for (const id of ["status", "problem"]) {
                const region = document.getElementById(id);
                new MutationObserver(() => {
                    const said = region.textContent.replace(/\\s+/g, " ").trim();
                    if (said) window.heard.push(`${id}: ${said}`);
                }).observe(region, {childList: true, characterData: true, subtree: true});
            }
        }"""
    )
    return lambda: list(page.evaluate("window.heard"))


def content_of(download: Download) -> str:
    return Path(download.path()).read_text(encoding="utf-8-sig")


def test_the_journey_by_keyboard_alone(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/")
        assert tab_order(page, 1) == ["a Skip to main content"]
        page.keyboard.press("Enter")
        assert tab_order(page, 3) == [
            "textarea Your question",
            "summary Narrow the search",
            "button Ask",
        ]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.type(TRANSPORT)
        assert tab_order(page, 2)[-1] == "button Ask"
        page.keyboard.press("Enter")
        page.locator("[data-answer]").wait_for()
        assert focused(page) == "button Ask"
        assert tab_order(page, 1) == ["a Go to the answer"]
        page.keyboard.press("Enter")
        assert focused(page) == "h2 Answer"
        assert tab_order(page, 1)[0].startswith("a Exampleshire County Council (")


def test_the_journey_without_scripts(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at, javascript=False, expected=("status of 400",)) as page:
        page.goto("/")
        assert page.locator("#count").is_hidden()
        page.locator(".example").first.click()
        example = page.locator("#question").input_value()
        assert example
        page.fill("#question", TRANSPORT)
        page.click("#send")
        expect(page).to_have_title("Answer – Upheld")
        assert page.locator(".asked").inner_text() == f"You asked: {TRANSPORT}"
        page.fill("#question", "and what about the route?")
        page.click("#send")
        expect(page.locator(".earlier li")).to_have_text([TRANSPORT])
        assert "(carried over:" in (page.locator(".answer .hint").first.text_content() or "")
        with page.expect_download() as saved:
            page.click("text=Save as table (CSV)")
        assert saved.value.suggested_filename == "upheld-answer.csv"
        rows = list(csv.DictReader(io.StringIO(content_of(saved.value), newline="")))
        assert rows[0]["what it is"] == "quotation"
        quoted = page.locator(".answer > .passage blockquote").first.text_content()
        assert rows[0]["words"] == quoted
        page.fill("#question", "")
        page.click("#send")
        expect(page).to_have_title("Error: Ask a question – Upheld")
        assert page.url == f"{at}/"


def test_an_answer_is_announced_once_and_the_focus_stays(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/")
        heard = listen(page)
        page.fill("#question", TRANSPORT)
        page.focus("#question")
        page.click("#send")
        page.locator("[data-answer]").wait_for()
        first, second = heard()
        assert first == "status: Searching…"
        assert second == "status: Answer ready. 2 quotations from 1 decision."
        assert focused(page) == "button Ask"
        expect(page).to_have_title("Answer – Upheld")
        assert page.locator("#question").input_value() == ""


def test_earlier_answers_stay_and_only_the_last_two_exchanges_are_sent(
    chromium: Browser, at: str
) -> None:
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.url.endswith("/v1/ask/stream"):
            sent.append(len((request.post_data_json or {})["history"]))

    with new_page(chromium, at=at) as page:
        page.on("request", note)
        page.goto("/")
        for question in (TRANSPORT, "and the route?", "and who decides it?", "and then?"):
            ask(page, question)
        assert page.locator("[data-answer]").count() == 4
        assert page.locator("#answer").count() == 1
    assert sent == [0, 2, 4, 4]


def test_characters_left_are_shown_at_once_and_said_only_when_few_are(
    chromium: Browser, at: str
) -> None:
    with new_page(chromium, at=at) as page:
        page.clock.install()
        page.goto("/")
        page.fill("#question", "a chair?")
        page.clock.run_for(1500)
        assert page.locator("#count").inner_text() == "1,992 characters left"
        assert page.locator("#count-said").text_content() == ""
        page.fill("#question", "a" * 1999)
        page.clock.run_for(1500)
        assert page.locator("#count-said").text_content() == "1 character left"


def test_examples_fill_the_field_and_ask_nothing(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.goto("/")
        example = page.locator(".example").nth(1)
        text = example.inner_text()
        example.click()
        assert page.locator("#question").input_value() == text
        assert focused(page) == "textarea Your question"
        assert page.locator("[data-answer]").count() == 0


def test_what_is_copied_is_what_can_be_saved(chromium: Browser, at: str) -> None:
    for question in QUESTIONS:
        with new_page(chromium, at=at) as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.goto("/")
            ask(page, question)
            page.click("text=Copy all as text")
            copied = page.evaluate("navigator.clipboard.readText()")
            with page.expect_download() as saved:
                page.click("text=Save as text")
            assert copied == content_of(saved.value)


def test_a_citation_is_copied_with_its_words_and_link(chromium: Browser, at: str) -> None:
    with new_page(chromium, at=at) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/")
        ask(page, TRANSPORT)
        passage = page.locator(".answer > .passage").first
        passage.get_by_role("button", name="Copy citation").click()
        copied = page.evaluate("navigator.clipboard.readText()").strip()
        words, label, link = copied.rsplit("\n", 2)
        assert words == f"“{passage.locator('blockquote').text_content()}”"
        assert label == passage.locator(".citation a").first.inner_text()
        assert link.startswith(f"{at}/decisions/")
        assert "&snapshot=" in link


def test_no_question_is_in_an_address_a_cookie_or_a_store(chromium: Browser, at: str) -> None:
    asked: list[str] = []
    with new_page(chromium, at=at) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/")
        ask(page, "zanzibarquestion about a chair")
        ask(page, "and zanzibar again?")
        kept = page.evaluate(
            """async () => [document.cookie, localStorage.length, sessionStorage.length,
                (await indexedDB.databases()).length, (await caches.keys()).length,
                JSON.stringify(history.state), location.href].join(" ")"""
        )
        assert kept == f" 0 0 0 0 null {at}/"
        assert page.context.cookies() == []
    assert {address.startswith(at) for address in asked} == {True}
    assert not any("zanzibar" in address for address in asked)


@pytest.mark.parametrize("question", HOSTILE)
@pytest.mark.parametrize("javascript", [True, False])
def test_hostile_words_are_words_and_break_no_layout(
    chromium: Browser, at: str, question: str, javascript: bool
) -> None:
    with new_page(chromium, at=at, width=320, javascript=javascript) as page:
        page.goto("/")
        ask(page, question)
        asked = page.locator(".asked").text_content() or ""
        assert " ".join(asked.split()) == f"You asked: {' '.join(question.split())}"
        assert page.locator("main img, main script").count() == 0
        assert scrolls_sideways(page) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("question", [None, *QUESTIONS[2:7]])
def test_no_state_has_a_barrier(
    chromium: Browser, at: str, dark: bool, question: str | None
) -> None:
    with new_page(chromium, at=at, dark=dark, width=360) as page:
        page.goto("/")
        for summary in page.locator("summary").all():
            summary.click()
        if question:
            ask(page, question)
            for summary in page.locator("[data-answer] summary").all():
                summary.click()
        assert violations(page) == []
        assert scrolls_sideways(page) == []
