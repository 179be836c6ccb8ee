"""The widget in a real browser: by keyboard, for screen readers, with whatever a service sends."""

from itertools import product

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium as chromium
from tests.browser import focused, new_page, tab_order, violations
from tests.widget_states import (
    CHAIR,
    MODES,
    SEARCHING,
    Endpoint,
    Json,
    Mode,
    ask,
    chat,
    each_mode,
    hostile,
    nothing_relevant,
    opened,
    refused,
    send,
    streamed,
)
from tests.widget_states import answered as answered
from tests.widget_states import site as site

OPEN = "button Ask about Ombudsman decisions"
FIELD = "textarea Your question"


def test_the_launcher_is_used_by_keyboard_alone(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        while focused(page) != OPEN:
            page.keyboard.press("Tab")
        launcher = chat(page, "launcher").locator("button.launcher")
        assert launcher.get_attribute("aria-expanded") == "false"
        page.keyboard.press("Enter")
        assert focused(page) == FIELD
        assert launcher.get_attribute("aria-expanded") == "true"
        page.keyboard.type("can a chair overrule")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("the conference?")
        page.keyboard.press("Enter")
        chat(page, "launcher").locator("h3").wait_for()
        assert focused(page) == FIELD
        assert chat(page, "launcher").locator(
            ".asked"
        ).inner_text() == f"You asked: {CHAIR}".replace("overrule ", "overrule\n")
        assert tab_order(page, 2) == ["button Ask", "button Go to latest answer"]
        page.keyboard.press("Enter")
        assert focused(page).startswith("h3 Answer 1: ")
        page.keyboard.press("Tab")
        assert focused(page).startswith("a Exampleshire County Council (99 000 101)")
        assert focused(page).endswith("(opens in a new tab)")
        page.keyboard.press("Escape")
        assert focused(page) == OPEN
        assert launcher.get_attribute("aria-expanded") == "false"


def test_inline_it_is_used_by_keyboard_alone(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        while focused(page) != FIELD:
            page.keyboard.press("Tab")
        send(page, CHAIR)
        found = chat(page, "inline")
        found.locator("h3").wait_for()
        assert focused(page) == FIELD
        stops = ["button Ask", "button Go to latest answer", "button Clear conversation"]
        assert tab_order(page, 3) == stops
        page.keyboard.press("Enter")
        assert focused(page) == "button Clear conversation"
        assert found.locator("ol > li").count() == 0
        assert found.locator("[role=status]").inner_text() == "Conversation cleared."


def test_on_a_small_screen_the_panel_is_modal_and_gives_the_focus_back(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site, width=360, height=740) as page:
        page.goto("/demo")
        found = opened(page, "launcher")
        assert found.locator("dialog").evaluate("(d) => d.matches(':modal')")
        stops = set(tab_order(page, 12))
        assert {FIELD, "button Ask", "button Close"} <= stops
        assert {s for s in stops if s.startswith("a ")} == {
            "a Exit this page",
            "a About this search (opens in a new tab)",
        }
        found.locator("textarea").focus()
        page.keyboard.press("Escape")
        assert focused(page) == OPEN


def test_a_turned_screen_keeps_the_focus_and_what_was_typed(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        found = opened(page, "launcher")
        page.keyboard.type("half a quest")
        for width, modal in ((360, True), (1280, False)):
            page.set_viewport_size({"width": width, "height": 740})
            page.wait_for_function(
                "(modal) => document.querySelector('upheld-chat[mode=launcher]')"
                ".shadowRoot.querySelector('dialog').matches(':modal') === modal",
                arg=modal,
            )
            assert focused(page) == FIELD
            assert found.locator("textarea").input_value() == "half a quest"


def test_the_panel_leaves_the_page_where_the_host_asks_for_it(chromium: Browser, site: str) -> None:
    weather = "https://www.bbc.co.uk/weather"
    with new_page(chromium, at=site, width=360, height=740, elsewhere=[weather]) as page:
        page.goto("about:blank")
        page.goto("/demo")
        assert chat(page, "inline").locator(".exit").count() == 0
        opened(page, "launcher").get_by_role("link", name="Exit this page").press("Enter")
        page.wait_for_url(weather)
        page.go_back()
        assert page.url == "about:blank"


def test_an_address_that_is_not_secure_is_no_way_out(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        for address in ("javascript:alert(1)", "http://weather.example/", "weather"):
            chat(page, "launcher").evaluate(
                "(e, to) => { e.setAttribute('exit', to); e.replaceWith(e.cloneNode(true)); }",
                address,
            )
            assert opened(page, "launcher").locator(".exit").count() == 0


@each_mode
def test_the_field_is_described_by_what_to_leave_out(
    chromium: Browser, site: str, mode: Mode
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        expect(opened(page, mode).locator("textarea")).to_have_accessible_description(
            "Leave out names, addresses and numbers that tell who somebody is."
            " Enter sends. Shift and Enter: a new line."
        )


def test_escape_pressed_again_and_again_still_leaves_the_page(chromium: Browser, site: str) -> None:
    weather = "https://www.bbc.co.uk/"
    with new_page(chromium, at=site, elsewhere=[weather]) as page:
        page.goto("/demo")
        opened(page, "launcher")
        for _ in range(3):
            page.keyboard.press("Escape")
        page.wait_for_url(f"{weather}**")


LISTEN = """(element) => {
    const status = element.shadowRoot.querySelector("[role=status]");
    window.said = [];
    new MutationObserver(() => window.said.push(status.textContent))
        .observe(status, {childList: true, characterData: true, subtree: true});
}"""


@each_mode
def test_an_answer_is_announced_once(
    chromium: Browser, site: str, answered: Json, mode: Mode
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto("/demo")
        chat(page, mode).evaluate(LISTEN)
        found = ask(page, mode)
        decisions = len({m["citation"]["decision_id"] for m in answered["matches"]})
        told = f"{decisions} decision{'s' * (decisions != 1)} cited"
        assert page.evaluate("said") == [SEARCHING, f"Answer ready. {told}."]
        assert found.locator("h3").inner_text() == f"Answer 1: {told}"
        live = found.locator("[role=status], [role=alert], [role=log], [aria-live]")
        assert live.count() == 2
        role = {"launcher": "region", "inline": "group"}[mode]
        assert found.get_by_role(role, name="Conversation").locator("ol > li").count() == 2  # type: ignore[arg-type]


STATES = ("closed", "open", "answered", "nothing", "refused", "hostile", "error", "invalid")


@pytest.mark.parametrize(("state", "mode"), list(product(STATES, MODES)))
def test_axe_finds_no_barrier_light_or_dark(
    chromium: Browser, site: str, answered: Json, state: str, mode: Mode
) -> None:
    made = {
        "answered": answered,
        "nothing": nothing_relevant(answered),
        "refused": refused(answered),
        "hostile": hostile(answered, "Words of a decision", 3),
    }
    with new_page(chromium, at=site, reduced_motion=True, expected=["status of 500"]) as page:
        page.goto("/demo")
        if state in made:
            Endpoint(body=streamed(made[state])).serve(page)
            ask(page, mode)
        elif state == "error":
            Endpoint(status=500, body="{}").serve(page)
            ask(page, mode)
        elif state == "invalid":
            ask(page, mode, " ")
        elif state == "open":
            opened(page, mode)
        assert violations(page) == []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert violations(page) == []
