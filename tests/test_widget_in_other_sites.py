"""The widget in other sites: the pages of the embedding guide, tried from other origins."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from service.keys import KeyFile
from tests.browser import chromium as chromium
from tests.browser import new_page, violations
from tests.conftest import server
from tests.host_pages import HostPage, Site, guide_pages, site, with_lines
from tests.widget_states import CHAIR, send

CHAIRED = "A chair may overrule the majority of a child protection conference"


@dataclass(frozen=True, slots=True)
class Sites:
    """The service, a site whose origin it allows, one with a key, and one that it does not know."""

    service: str
    allowed: Site
    keyed: Site
    unknown: Site


@pytest.fixture(scope="module")
def sites(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("keyed") / "data")
    with site() as allowed, site() as keyed, site() as unknown:
        _, token = KeyFile(data).make_site("Advice site", (keyed.origin,), 600)
        with server(data, UPHELD_ALLOWED_ORIGINS=allowed.origin) as client:
            service = str(client.base_url)
            for each in (allowed, keyed, unknown):
                each.pages |= guide_pages(service, token)
            yield Sites(service, allowed, keyed, unknown)


def asked(page: Page, question: str = CHAIR) -> Locator:
    """The one widget of a page, after a question."""
    found = page.locator("upheld-chat")
    launcher = found.locator("button.launcher")
    if launcher.count():
        launcher.click()
    found.locator(".upheld textarea").focus()
    send(page, question)
    found.locator("h3, [role=alert]:not(:empty)").first.wait_for()
    return found


def test_a_plain_page_of_an_allowed_origin_gets_answers(chromium: Browser, sites: Sites) -> None:
    with new_page(chromium, at=sites.allowed.origin) as page:
        page.goto("/plain")
        assert CHAIRED in asked(page).locator("blockquote").first.inner_text()
        assert violations(page) == []


def test_a_page_under_a_strict_policy_gets_answers_and_breaks_none(
    chromium: Browser, sites: Sites
) -> None:
    policy = sites.allowed.pages["/strict"].policy or ""
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    assert "default-src 'none'" in policy
    assert "style-src" not in policy
    with new_page(chromium, at=sites.allowed.origin) as page:
        page.goto("/strict")
        found = asked(page)
        assert CHAIRED in found.locator("blockquote").first.inner_text()
        assert (
            found.locator(".upheld > section").evaluate("(s) => getComputedStyle(s).borderTopWidth")
            == "1px"
        )
    with new_page(chromium, at=sites.allowed.origin, expected=["TrustedHTML"]) as page:
        page.goto("/strict")
        with pytest.raises(Exception, match="TrustedHTML"):
            page.evaluate("document.body.innerHTML = '<p>x</p>'")


def test_the_address_in_the_policy_does_as_well(chromium: Browser, sites: Sites) -> None:
    strict = sites.allowed.pages["/strict"]
    address = (re.findall(r'src="([^"]{1,200})"', strict.body))[0]
    policy = re.sub(r"script-src [^;]{1,200}", f"script-src {address}", strict.policy or "")
    sites.allowed.pages["/address"] = HostPage(strict.body, policy)
    with new_page(chromium, at=sites.allowed.origin) as page:
        page.goto("/address")
        assert asked(page).locator("blockquote").count() > 0


def test_a_site_with_a_key_gets_answers_and_shows_welsh(chromium: Browser, sites: Sites) -> None:
    with new_page(chromium, at=sites.keyed.origin) as page:
        sent: list[str | None] = []
        page.on(
            "request", lambda r: sent.append(r.headers.get("upheld-key")) if r.post_data else None
        )
        page.goto("/keyed")
        found = asked(page)
        assert found.locator("h2").inner_text() == "Holi am benderfyniadau’r Ombwdsmon"
        assert found.locator("label").inner_text() == "Eich cwestiwn"
        assert re.fullmatch(
            r"Mae’r ateb yn barod\. Nifer y penderfyniadau a ddyfynnir: \d+\.",
            found.locator("[role=status]").inner_text(),
        )
        assert found.locator(".upheld").get_attribute("lang") == "cy"
        quoted = found.locator("blockquote").first
        assert (quoted.get_attribute("lang"), CHAIRED in quoted.inner_text()) == ("en", True)
        assert found.locator(".passage h4[lang=en]").count() > 0
        assert len(sent) == 1
        assert (sent[0] or "").startswith("upheld_site_")


def test_a_key_is_of_no_use_in_another_site(chromium: Browser, sites: Sites) -> None:
    expected = ("blocked by CORS policy", "Failed to load resource")
    with new_page(chromium, at=sites.unknown.origin, expected=expected) as page:
        page.goto("/keyed")
        alert = asked(page).locator("[role=alert]")
        assert "Ni ellir cyrraedd y chwiliad o’r dudalen hon." in alert.inner_text()


def test_a_key_that_is_not_known_is_told_apart(chromium: Browser, sites: Sites) -> None:
    lines = sites.allowed.pages["/plain"].body.replace(
        "<upheld-chat ", '<upheld-chat site-key="x" '
    )
    sites.allowed.pages["/mistyped"] = HostPage(lines)
    with new_page(chromium, at=sites.allowed.origin, expected=["status of 401"]) as page:
        page.goto("/mistyped")
        alert = asked(page).locator("[role=alert]")
        assert "This website is not set up rightly to search." in alert.inner_text()


def test_another_site_is_told_when_to_come_back(chromium: Browser, sample_data: Path) -> None:
    with (
        site() as host,
        server(
            sample_data, UPHELD_ALLOWED_ORIGINS=host.origin, UPHELD_REQUESTS_A_MINUTE="1"
        ) as client,
        new_page(chromium, at=host.origin, expected=["status of 429"]) as page,
    ):
        host.pages |= guide_pages(str(client.base_url), "")
        page.goto("/plain")
        found = asked(page)
        found.locator("h3").wait_for()
        send(page, CHAIR)
        alert = found.locator("[role=alert]:not(:empty)")
        alert.wait_for()
        assert re.search(r"Ask again in \d\d seconds\.", alert.inner_text())


def test_a_page_without_its_policy_s_leave_says_so(chromium: Browser, sites: Sites) -> None:
    strict = sites.allowed.pages["/strict"]
    policy = re.sub(r"connect-src [^;]{1,200}", "connect-src 'none'", strict.policy or "")
    sites.allowed.pages["/closed"] = HostPage(strict.body, policy)
    with new_page(chromium, at=sites.allowed.origin, expected=["violates", "Refused"]) as page:
        page.goto("/closed")
        alert = asked(page).locator("[role=alert]")
        assert "The search cannot be reached from this page." in alert.inner_text()


def test_without_scripts_the_link_and_the_form_stay_and_work(
    chromium: Browser, sites: Sites
) -> None:
    with new_page(chromium, at=sites.allowed.origin, javascript=False) as page:
        page.goto("/plain")
        assert page.locator("upheld-chat a").get_attribute("href") == f"{sites.service}/"
        page.get_by_label("Your question about published Ombudsman decisions").fill(CHAIR)
        page.get_by_role("button", name="Ask").click()
        assert page.url == f"{sites.service}/"
        assert CHAIRED in page.locator("blockquote").first.inner_text()


def test_without_an_address_of_the_service_the_link_stays(chromium: Browser, sites: Sites) -> None:
    lines = sites.allowed.pages["/plain"].body.replace(f' endpoint="{sites.service}"', "")
    sites.allowed.pages["/nowhere"] = HostPage(lines)
    with new_page(chromium, at=sites.allowed.origin, expected=["needs the attribute"]) as page:
        page.goto("/nowhere")
        assert page.locator("upheld-chat > p > a").is_visible()


def test_a_changed_file_does_not_run_under_its_digest(chromium: Browser, sites: Sites) -> None:
    expected = ("integrity", "Failed to load", "violates")
    with new_page(chromium, at=sites.allowed.origin, expected=expected) as page:
        page.route(
            "**/upheld.js",
            lambda route: route.fulfill(
                body="window.stolen = 1", headers={"Access-Control-Allow-Origin": "*"}
            ),
        )
        page.goto("/strict")
        assert page.evaluate("window.stolen") is None
        assert page.locator("upheld-chat > p > a").is_visible()


def test_events_tell_that_something_happened_and_never_a_word(
    chromium: Browser, sites: Sites
) -> None:
    names = "['upheld-ask', 'upheld-answer', 'upheld-error']"
    with new_page(chromium, at=sites.allowed.origin, expected=["status of 500"]) as page:
        page.goto("/plain")
        page.evaluate(
            f"window.told = []; for (const name of {names}) document.addEventListener(name, "
            "(event) => told.push([name, event.detail]))"
        )
        found = asked(page)
        found.locator("h3").wait_for()
        page.route(
            "**/v1/ask/stream",
            lambda route: route.fulfill(
                status=500, headers={"Access-Control-Allow-Origin": sites.allowed.origin}
            ),
        )
        send(page, CHAIR)
        found.locator("[role=alert]:not(:empty)").wait_for()
        ask_1, answer, ask_2, error = page.evaluate("told")
        assert [ask_1, ask_2] == [["upheld-ask", {"turn": 1}], ["upheld-ask", {"turn": 2}]]
        assert answer[0] == "upheld-answer"
        assert answer[1].keys() == {"turn", "status", "quotations", "decisions"}
        assert (answer[1]["turn"], answer[1]["status"]) == (1, "answered")
        assert error == ["upheld-error", {"turn": 2, "kind": "failed", "status": 500}]


def test_an_element_that_is_moved_goes_on(chromium: Browser, sites: Sites) -> None:
    sites.allowed.pages["/moved"] = with_lines(
        sites.allowed.pages["/plain"].body.partition("<main>")[2] + "<div id=there></div>"
    )
    with new_page(chromium, at=sites.allowed.origin) as page:
        page.goto("/moved")
        found = asked(page)
        page.evaluate(
            "document.querySelector('#there').append(document.querySelector('upheld-chat'))"
        )
        assert found.locator("h3").count() == 1
        found.locator("button.launcher").click()
        send(page, "and who decides?")
        found.locator("h3").nth(1).wait_for()
