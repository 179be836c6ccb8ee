"""The widget's answers in a browser: whatever a service sends is shown as text with its source."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium as chromium
from tests.browser import new_page, scrolls_sideways
from tests.widget_states import CHAIR, Endpoint, Json, Mode, ask, each_mode, hostile, streamed
from tests.widget_states import answered as answered
from tests.widget_states import site as site

HOSTILE = {
    "markup": "<img src=x onerror=alert(1)><script>alert(2)</script>&lt;b&gt;</textarea>{{7*7}}",
    "long word": "W" * 5000,
    "right to left": "\u202eהחלטה‮ של הנציב \u2067abc",
}


@pytest.mark.parametrize("words", HOSTILE)
@each_mode
def test_hostile_words_are_shown_as_text(
    chromium: Browser, site: str, answered: Json, words: str, mode: Mode
) -> None:
    said = HOSTILE[words]
    with new_page(chromium, at=site, width=360) as page:
        page.goto("/demo")
        Endpoint(body=streamed(hostile(answered, said, 60))).serve(page)
        found = ask(page, mode, said[:1000])
        shown = found.locator(".answer")
        assert found.locator(".asked > p > span").text_content() == said[:1000]
        assert shown.locator(".passage blockquote").first.text_content() == said
        assert shown.locator(".found > ul > li").count() == 59
        assert shown.locator("img, script, iframe, b").count() == 0
        assert shown.locator("a:not([href^='tel:'])").count() == 0
        assert shown.locator("blockquote[cite]").count() == 0
        assert scrolls_sideways(page) == []


def test_the_sources_are_in_sight_and_lead_to_the_words(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        answer = ask(page, "inline").locator(".answer")
        passage = answer.locator(".passage").first
        assert passage.locator("h4").inner_text() == "The Ombudsman found"
        assert passage.locator(".tag").inner_text() == "Not upheld"
        link = passage.locator("a")
        address = link.get_attribute("href") or ""
        assert address.startswith(f"{site}/decisions/upheld-sample/99-000-101?from=")
        assert "#p" in address
        assert (link.get_attribute("target"), link.get_attribute("rel")) == (
            "_blank",
            "noopener noreferrer",
        )
        for row in answer.locator(".found > ul > li").all():
            assert row.locator("p > a").is_visible()
        assert "Not advice. Not precedent." in answer.inner_text()


def test_a_follow_up_takes_along_what_was_said(
    chromium: Browser, site: str, answered: Json
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        endpoint = Endpoint(body=streamed(answered))
        endpoint.serve(page)
        ask(page, "inline")
        found = ask(page, "inline", "and who decides?")
        assert endpoint.asked == [
            {"question": CHAIR, "history": []},
            {
                "question": "and who decides?",
                "history": [
                    {"role": "user", "content": CHAIR},
                    {
                        "role": "assistant",
                        "content": " ".join(q["text"] for q in answered["quotations"]),
                    },
                ],
            },
        ]
        assert [h.split(":")[0] for h in found.locator("h3").all_inner_texts()] == [
            "Answer 1",
            "Answer 2",
        ]


def kept(page: Page) -> object:
    return page.evaluate(
        """async () => [document.cookie, localStorage.length, sessionStorage.length,
            (await indexedDB.databases()).length, (await navigator.serviceWorker?.getRegistrations()
            ?? []).length]"""
    )


@each_mode
def test_nothing_is_stored_and_nobody_else_is_asked(
    chromium: Browser, site: str, mode: Mode
) -> None:
    with new_page(chromium, at=site) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/demo")
        page.wait_for_load_state("networkidle")
        before = len(asked)
        ask(page, mode)
        assert kept(page) == ["", 0, 0, 0, 0]
        assert asked[before:] == [f"{site}/v1/ask/stream"]
        assert page.context.cookies() == []
