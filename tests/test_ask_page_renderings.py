"""The two renderings of an answer, by template and by script: they say and are the same."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import asdict, replace
from playwright.sync_api import Browser, Page, Route

from corpus.model import Numbering
from service.answer import Answer, CitedParagraph, OtherSide
from service.answering import Answerer
from service.ask_page import answer_page
from service.asked_form import AskedForm
from service.desk import Desk
from service.questions import Question
from tests.browser import chromium as chromium  # a fixture
from tests.browser import new_page, scrolls_sideways
from tests.conftest import serving
from tests.test_ask_page_in_browser import HOSTILE, QUESTIONS, TRANSPORT, ask


@pytest.fixture(scope="module")
def at(sample_data: Path) -> Iterator[str]:
    with serving(sample_data) as running:
        yield str(running.client.base_url)


def said(page: Page) -> list[str]:
    """What the last answer says, word by word, without the buttons that only scripts can press."""
    found: list[str] = page.locator("[data-answer]").last.evaluate(
        """(answer) => {
            const copy = answer.cloneNode(true);
            for (const e of copy.querySelectorAll("button[type=button]")) e.remove();
            const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
            const said = [];
            while (walk.nextNode()) said.push(walk.currentNode.data);
            return said.join(" ").split(/\\s+/).filter(Boolean);
        }"""
    )
    return found


def elements(page: Page) -> list[str]:
    """Its elements with their classes and addresses."""
    found: list[str] = page.locator("[data-answer]").last.evaluate(
        """(answer) => [...answer.querySelectorAll("*")]
            .filter((e) => !e.matches("button[type=button], .copy"))
            .map((e) => [e.tagName, e.className.trim(),
                decodeURIComponent(e.getAttribute("href") || ""), e.dataset.text ?? "-",
                e.name || "", e.value || ""].join(" "))"""
    )
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_renderings_say_the_same(chromium: Browser, at: str, question: str) -> None:
    with new_page(chromium, at=at, javascript=False) as page:
        page.goto("/")
        ask(page, question)
        expected, expected_elements = said(page), elements(page)
    with new_page(chromium, at=at) as page:
        page.goto("/")
        ask(page, question)
        assert said(page) == expected
        assert elements(page) == expected_elements


def test_both_renderings_of_a_narrowed_follow_up_say_the_same(chromium: Browser, at: str) -> None:
    renderings = []
    for javascript in (False, True):
        with new_page(chromium, at=at, javascript=javascript) as page:
            page.goto("/")
            page.click("summary")
            page.select_option("#role", "finding")
            page.fill("#authority", "Exampleshire")
            page.locator("#decided_from").fill("2023-01-31")
            ask(page, TRANSPORT)
            if javascript:
                ask(page, "and what about the route?")
            else:
                page.fill("#question", "and what about the route?")
                page.click("#send")
            sent = page.locator("#ask input[type=hidden]").evaluate_all(
                "(i) => i.map((e) => e.value)"
            )
            assert sent[0] == TRANSPORT
            renderings.append((said(page), elements(page), sorted(sent)))
    assert renderings[0] == renderings[1]


PUBLISHED = "https://www.lgo.org.uk/decisions/education/school-transport/00-999-001"


def with_everything(answerer: Answerer, hostile: str) -> Answer:
    """An answer with every part that there is, whose published words are hostile."""
    answer = answerer.answer(Question(question="how do i appeal a school transport refusal?"))
    urgent = answerer.answer(Question(question="i want to kill myself, my son Sam is 7"))
    quoted = answer.quotations[0]
    citation = replace(
        answer.matches[quoted.match].citation,
        label=hostile,
        section=hostile,
        outcome_text=hostile,
        url="javascript:alert(3)",
        numbering=Numbering.NONE,
    )
    matches = tuple(
        replace(m, text=hostile, citation=citation, caveat=hostile, also_in=(citation, citation))
        for m in answer.matches
    )
    paragraph = {name: asdict(matches[0])[name] for name in CitedParagraph.__struct_fields__}
    paragraph["citation"] = replace(citation, url=PUBLISHED)
    said = replace(quoted, text=hostile)
    return replace(
        answer,
        question=hostile,
        standalone_question=f"{hostile} (carried over)",
        quotations=(said,),
        matches=matches,
        nearest=matches[:2],
        other_side=(OtherSide(**paragraph, quotation=said, likeness=0.5),),
        urgent=urgent.urgent,
        personal_details=urgent.personal_details,
        notice=hostile,
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_every_part_is_the_same_and_hostile_decisions_are_text(
    chromium: Browser, at: str, sample_answerer: Answerer, tmp_path: Path, hostile: str
) -> None:
    answer = with_everything(sample_answerer, hostile)
    desk = Desk(answerer=sample_answerer, folder=tmp_path, at_once=1, max_waiting=0, timeout=1)
    html = answer_page(desk, AskedForm(question=TRANSPORT), answer).content
    events = b"".join(
        b"event: %s\r\ndata: %s\r\n\r\n" % (name, msgspec.json.encode(content))
        for name, content in ((b"match", answer.matches[0]), (b"answer", answer), (b"done", {}))
    )

    def by_template(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(body=html, content_type="text/html")
        else:
            route.fallback()

    renderings = []
    for javascript in (False, True):
        with new_page(chromium, at=at, width=320, javascript=javascript) as page:
            page.route(f"{at}/", by_template)
            page.route(
                "**/v1/ask/stream",
                lambda route: route.fulfill(body=events, content_type="text/event-stream"),
            )
            page.goto("/")
            ask(page, TRANSPORT)
            for summary in page.locator("[data-answer] summary").all():
                summary.click()
            renderings.append((said(page), elements(page)))
            assert page.locator("main img, main script, [href^='javascript:']").count() == 0
            assert page.locator(f"[href='{PUBLISHED}']").count() == 1
            assert scrolls_sideways(page) == []
            quoted = page.locator(".answer > .passage blockquote").first.text_content()
            assert quoted == hostile
    assert renderings[0] == renderings[1]
