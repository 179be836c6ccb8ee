"""What stands beside a decision: links, findings, remedies, similar decisions, the publisher."""

from urllib.parse import unquote

from litestar import Litestar
from litestar.testing import TestClient

from corpus.model import Outcome, Role, Voice
from service.reader_view import label
from service.similar import MOST
from tests.hostile_decision import HOSTILE, MENTIONED
from tests.reader import CHAIR, HOUSING, MINUTES, decisions, get, said
from tests.reader import client as client
from tests.reader import hostile as hostile


def test_every_link_within_the_page_leads_to_one_place(
    client: TestClient[Litestar], hostile: TestClient[Litestar]
) -> None:
    for site in (client, hostile):
        for decision in decisions(site):
            page = get(site, decision.page)
            anchors = page.xpath("//@id")
            assert len(anchors) == len(set(anchors))
            assert {href[1:] for href in page.xpath("//a/@href[starts-with(., '#')]")} <= {*anchors}


def test_mentions_of_paragraphs_and_of_other_decisions_are_links(
    client: TestClient[Litestar], hostile: TestClient[Litestar]
) -> None:
    page = get(client, CHAIR)
    links = page.xpath("//*[@id='p29']/div[@class='words']//a")
    assert [(a.text_content(), a.get("href")) for a in links] == [
        ("paragraph 13", "#p13"),
        ("paragraph 22", "#p22"),
    ]
    page = get(hostile, f"/decisions/{HOSTILE.decision_id}")
    links = page.xpath("//*[@id='p4' or @id='p5']/div[@class='words']//a")
    assert [(a.text_content(), a.get("href")) for a in links] == [
        ("paragraphs 1", "#p1"),
        ("3", "#p3"),
        ("paragraph 2", "#p2"),
        ("00 999 002", f"/decisions/{MENTIONED.decision_id}"),
    ]
    assert said(page, "//*[@aria-labelledby='cases']//li") == "00 999 002, in paragraph 5"


def test_findings_and_remedies_are_listed_in_words(client: TestClient[Litestar]) -> None:
    page = get(client, MINUTES)
    remedies = [
        " ".join(li.text_content().split())
        for li in page.xpath("//*[@aria-labelledby='remedies']//li")
    ]
    assert (
        "Payment of £250. To: Mrs X. When: within four weeks. Agreed. See paragraph 36." in remedies
    )
    findings = said(get(client, HOUSING), "//*[@aria-labelledby='findings']//li")
    assert "No fault: “the placement outside the borough”. See paragraph 39." in findings
    assert "Fault: “The ten-week delay”. See paragraph 35." in findings
    margin = said(get(client, HOUSING), "//*[@id='p39']/div[@class='margin']")
    assert margin == "Paragraph 39 Finding – the Ombudsman Found: no fault"


def test_laws_are_listed_by_title_with_the_paragraphs_that_cite_them(
    client: TestClient[Litestar],
) -> None:
    laws = get(client, HOUSING).xpath("//*[@aria-labelledby='law']//li")
    listed = [" ".join(law.text_content().split()) for law in laws]
    assert "Homelessness Reduction Act 2017: in paragraph 11" in listed
    assert any("section 175 in paragraph 12; section 195 in paragraph 13;" in x for x in listed)


def test_no_account_of_a_party_is_labelled_as_the_ombudsmans() -> None:
    for role in Role:
        for outcome in Outcome:
            for voice in (Voice.COMPLAINANT, Voice.AUTHORITY, Voice.THIRD_PARTY, Voice.MIXED):
                said = label(role, voice, outcome)
                assert "Ombudsman" not in said
                assert "Finding" not in said
    assert label(Role.FINDING, Voice.OMBUDSMAN, Outcome.NOT_INVESTIGATED) == (
        "View – the Ombudsman, without investigating"
    )


def test_the_publishers_page_is_opened_at_the_words_and_tells_it_nothing(
    client: TestClient[Litestar], hostile: TestClient[Litestar]
) -> None:
    page = get(hostile, f"/decisions/{HOSTILE.decision_id}?paragraph=6&from=0&to=20")
    away = [a for a in page.xpath("//main//a") if a.get("href").startswith("http")]
    assert {a.get("rel") for a in away} == {"noreferrer"}
    assert {a.get("href").split("#")[0] for a in away} == {HOSTILE.url}
    opened = page.xpath("//p[@class='actions']/a/@href")
    assert unquote(opened[1]) == f"{HOSTILE.url}#:~:text=The delay was fault."
    # A fictional decision's address leads nowhere, so it is no link.
    page = get(client, CHAIR)
    assert not page.xpath("//main//a[starts-with(@href, 'http')]")
    assert "https://upheld.example/decisions/" in said(page, "//section[@class='about']")


def test_similar_decisions_are_others_and_few_each_with_its_outcome(
    client: TestClient[Litestar], hostile: TestClient[Litestar]
) -> None:
    page = get(client, CHAIR)
    listed = page.xpath("//*[@aria-labelledby='similar']//li")
    assert listed[0].xpath("a/@href") == [MINUTES]
    assert "Samplewick Borough Council (99 000 102)" in said(listed[0], ".")
    assert said(listed[0], "span[contains(@class, 'tag')]") == "Upheld"
    for decision in decisions(client):
        similar = get(client, decision.page).xpath("//*[@aria-labelledby='similar']//a/@href")
        assert len(similar) <= MOST
        assert decision.page not in similar
    assert not get(hostile, f"/decisions/{HOSTILE.decision_id}").xpath("//*[@id='similar']")
