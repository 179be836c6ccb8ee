"""The reader in a real browser: where a citation lands, by keyboard, small, printed, hostile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from index.snapshot import open_current
from service.reading import read_decision
from service.text_fragment import at_words
from tests.browser import chromium as chromium
from tests.browser import focused, new_page, scrolls_sideways, violations
from tests.conftest import server
from tests.hostile_decision import HOSTILE, build_hostile

CHAIR = "/decisions/upheld-sample/99-000-101"
CITED = f"{CHAIR}?paragraph=29&from=5&to=110#p29"
DANGEROUS = f"/decisions/{HOSTILE.decision_id}"


@pytest.fixture(scope="module")
def hostile_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def site(sample_data: Path) -> Iterator[str]:
    with server(sample_data) as client:
        yield str(client.base_url)


@pytest.fixture(scope="module")
def hostile_site(hostile_data: Path) -> Iterator[str]:
    with server(hostile_data) as client:
        yield str(client.base_url)


def stored(data: Path, page: str) -> list[str]:
    """The words of each paragraph of a decision, as they are stored."""
    decision = read_decision(open_current(data), page.removeprefix("/decisions/"))
    return [p.words for s in decision.sections for p in s.paragraphs]


def is_in_view(page: Page, selector: str) -> bool:
    """Whether the top of an element is within the window."""
    seen: bool = page.evaluate(
        """(selector) => {
            const {top} = document.querySelector(selector).getBoundingClientRect();
            return top >= 0 && top < innerHeight;
        }""",
        selector,
    )
    return seen


def test_a_citation_opens_at_its_paragraph_with_its_words_marked(
    chromium: Browser, site: str, sample_data: Path
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto(CITED)
        assert is_in_view(page, "#p29")
        assert is_in_view(page, "mark")
        assert page.locator("mark").inner_text() == stored(sample_data, CHAIR)[28][5:110]


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_seen_of_each_paragraph_is_what_is_stored(
    chromium: Browser, site: str, sample_data: Path, javascript: bool
) -> None:
    with new_page(chromium, at=site, javascript=javascript) as page:
        page.goto(CITED)
        assert page.locator(".words").all_inner_texts() == stored(sample_data, CHAIR)


def test_hostile_words_are_seen_as_they_are_stored_and_do_nothing(
    chromium: Browser, hostile_site: str, hostile_data: Path
) -> None:
    with new_page(chromium, at=hostile_site) as page:
        page.goto(DANGEROUS)
        assert page.locator(".words").all_inner_texts() == stored(hostile_data, DANGEROUS)
        assert page.title() != "taken"
        assert page.locator("h1").inner_text() == ", ".join(HOSTILE.bodies)
        assert violations(page) == []


def test_hostile_words_fit_a_small_window(chromium: Browser, hostile_site: str) -> None:
    with new_page(chromium, at=hostile_site, width=1280, height=1024, zoom=4) as page:
        page.goto(f"{DANGEROUS}?paragraph=5&from=0&to=400&snapshot=another#p5")
        assert page.evaluate("innerWidth") == 320
        assert scrolls_sideways(page) == []


def test_everything_opened_fits_a_small_window(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site, width=320, height=640) as page:
        page.goto(CITED)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        assert scrolls_sideways(page) == []
        assert violations(page) == []


def test_by_keyboard_one_gets_to_a_section_and_on_to_its_first_paragraph(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto(CHAIR)
        page.keyboard.press("Tab")
        assert focused(page) == "a Skip to main content"
        page.keyboard.press("Enter")
        for _ in range(4):
            page.keyboard.press("Tab")
        assert focused(page) == "a What I found"
        page.keyboard.press("Enter")
        assert page.locator(":target").inner_text() == "What I found"
        assert is_in_view(page, ":target")
        page.keyboard.press("Tab")
        assert focused(page) == "a Paragraph 10"
        page.keyboard.press("Tab")
        assert focused(page) == "summary Cite paragraph 10"


def test_a_mention_leads_to_its_paragraph_which_stands_out(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site) as page:
        page.goto(CHAIR)
        page.locator("#p29 .words a", has_text="paragraph 13").click()
        assert page.locator(":target").get_attribute("id") == "p13"
        assert is_in_view(page, "#p13")
        outlined = "(e) => getComputedStyle(e).outlineStyle"
        assert page.locator("#p13").evaluate(outlined) == "solid"
        assert page.locator("#p14").evaluate(outlined) == "none"


def test_a_citation_is_copied_with_its_address_and_that_is_told_once(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(CITED)
        page.locator("#p29 summary").press("Enter")
        page.locator("#p29 button").press("Enter")
        page.locator("#copied", has_text="Copied").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == (
            "Exampleshire County Council (99 000 101), 12 March 2024, Not upheld, paragraph 29\n"
            f"{site.rstrip('/')}{CHAIR}#p29"
        )
        assert page.locator("[role=status]").all_inner_texts() == ["Copied"]
        assert focused(page) == "button Copied"


def test_without_scripts_the_citation_is_there_to_be_selected(chromium: Browser, site: str) -> None:
    with new_page(chromium, at=site, javascript=False) as page:
        page.goto(CITED)
        page.locator("#p29 summary").press("Enter")
        assert "99 000 101" in page.locator("#cite-29").inner_text()
        assert not page.locator("#p29 button").is_visible()


def test_print_has_the_words_their_labels_and_the_terms_and_no_way_around(
    chromium: Browser, site: str
) -> None:
    with new_page(chromium, at=site) as page:
        page.goto(CITED)
        page.emulate_media(media="print")
        for selector in (
            "h1",
            "#p29 .number",
            "#p29 .label",
            "#p29 mark",
            "#citation",
            "text=No such body, person or complaint exists.",
            "text=https://upheld.example/decisions/",
        ):
            assert page.locator(selector).first.is_visible(), selector
        assert page.locator("#citation").inner_text().endswith("Not upheld, paragraph 29")
        for selector in ("nav", ".exit", ".cite summary", "button", ".contents", ".actions"):
            assert not page.locator(selector).first.is_visible(), selector


@pytest.mark.parametrize("number", [1, 13, 29, 33])
def test_a_text_fragment_opens_a_page_at_the_words(
    chromium: Browser, site: str, sample_data: Path, number: int
) -> None:
    """Our own page stands for the publisher's: the words stand in blocks there, too."""
    words = stored(sample_data, CHAIR)
    with new_page(chromium, at=site) as page:
        page.goto(at_words(CHAIR, words[number - 1], "\n".join(words)))
        page.wait_for_function("scrollY > 0")
        assert is_in_view(page, f"#p{number} .words")
