"""The reader over HTTP: the words as they are stored, whose they are, and what is marked."""

import re
import shutil
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from lxml import html

from index.snapshot import current_folder
from service.reader_view import label
from service.shown import DecisionRead
from tests.hostile_decision import HOSTILE, MARKUP, MENTIONED
from tests.reader import (
    CHAIR,
    MINUTES,
    check_words,
    decisions,
    get,
    marked,
    reader,
    said,
    words,
)
from tests.reader import chair as chair
from tests.reader import client as client
from tests.reader import hostile as hostile

NOT_THERE = "names a place that is not in this decision"
REBUILT = "was built again since"


def test_every_paragraph_is_shown_word_for_word_with_its_number_and_whose_it_is(
    client: TestClient[Litestar],
) -> None:
    for decision in decisions(client):
        page = get(client, decision.page)
        check_words(page, decision)
        for paragraph in (p for s in decision.sections for p in s.paragraphs):
            margin = said(page, f"//*[@id='p{paragraph.number}']/div[@class='margin']")
            number = f"[{paragraph.number}]" if decision.numbering == "none" else paragraph.number
            whose = label(paragraph.role, paragraph.voice, decision.outcome)
            assert margin.startswith(f"Paragraph {number} {whose}")
            assert ("Standard paragraph" in margin) == paragraph.boilerplate
            cite = said(page, f"//*[@id='cite-{paragraph.number}']")
            assert cite == paragraph.citation.label


def test_headings_stand_in_order_and_skip_no_level(client: TestClient[Litestar]) -> None:
    for decision in decisions(client):
        page = get(client, decision.page)
        article = page.xpath("//article[@class='decision']")[0]
        shown = list(article.iter("h2", "h3", "h4", "h5", "h6"))
        path: list[str] = []
        paths = []
        for heading in shown:
            path = [*path[: int(heading.tag[1]) - 2], heading.text_content()]
            paths.append(tuple(path))
        assert set(paths) >= {s.heading_path for s in decision.sections if s.heading_path}
        levels = [1] + [
            int(e.tag[1]) for e in page.xpath("//main//*[self::h2 or self::h3 or self::h4]")
        ]
        assert all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize(("number", "start", "end"), [(29, 5, 110), (1, 100, 300), (13, 0, 3)])
def test_the_quotation_is_marked_exactly_and_its_paragraph_too(
    client: TestClient[Litestar], number: int, start: int, end: int
) -> None:
    page = get(client, f"{CHAIR}?paragraph={number}&from={start}&to={end}")
    assert marked(page) == words(page, number)[start:end].replace("\n", "")
    assert page.xpath("//*[contains(@class, ' cited')]/@id") == [f"p{number}"]
    assert said(page, "//p[@class='actions']") == (f"Go to the words quoted, in paragraph {number}")
    assert NOT_THERE not in said(page, "//main")


def test_a_paragraph_alone_can_be_cited(client: TestClient[Litestar]) -> None:
    page = get(client, f"{CHAIR}?paragraph=29")
    assert marked(page) == ""
    assert page.xpath("//*[contains(@class, ' cited')]/@id") == ["p29"]


@pytest.mark.parametrize(
    "query",
    [
        "paragraph=999&from=0&to=5",
        "paragraph=29&from=5",
        "paragraph=29&from=110&to=5",
        "paragraph=29&from=5&to=99999",
        "paragraph=29&from=-1&to=5",
        "paragraph=29&from=0x5&to=9",
        "paragraph=29&from=٥&to=٩",
        "paragraph=29&from=4&to=5",
        "from=5&to=9",
        "paragraph=",
        "paragraph=" + "9" * 5000,
    ],
)
def test_a_place_that_is_not_there_is_left_aside_and_it_is_said(
    client: TestClient[Litestar], query: str
) -> None:
    page = get(client, f"{CHAIR}?{query}")
    assert marked(page) == ""
    assert NOT_THERE in said(page, "//*[@role='note']")


def test_a_link_of_another_snapshot_is_shown_as_it_is_now_and_that_is_said(
    client: TestClient[Litestar],
) -> None:
    now = client.app.state.desk.answerer.snapshot.id
    place = "paragraph=29&from=5&to=110"
    assert REBUILT not in said(get(client, f"{CHAIR}?{place}&snapshot={now}"), "//main")
    page = get(client, f"{CHAIR}?{place}&snapshot=0123456789abcdef")
    assert REBUILT in said(page, "//*[@role='note']")
    assert "compare them before you rely on them" in said(page, "//*[@role='note']")
    assert marked(page) == words(page, 29)[5:110]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["paragraph", "from", "to", "snapshot", "other"]),
        st.one_of(st.integers(-3, 400).map(str), st.text(max_size=12)),
    )
)
def test_whatever_an_address_asks_for_the_words_stay_and_it_is_never_an_error(
    client: TestClient[Litestar], chair: DecisionRead, query: dict[str, str]
) -> None:
    response = client.get(CHAIR, params=query)
    assert response.status_code == 200
    page: html.HtmlElement = html.fromstring(response.text)
    check_words(page, chair)
    if quoted := marked(page):
        start, end = int(query["from"]), int(query["to"])
        assert quoted == words(page, int(query["paragraph"]))[start:end].replace("\n", "")


def test_what_is_not_known_is_said_and_what_is_no_decision_is_labelled(
    client: TestClient[Litestar], hostile: TestClient[Litestar]
) -> None:
    page = get(client, CHAIR)
    summary = "The publisher’s summary; it is not the decision"
    assert summary in said(page, "//section[@class='summary']")
    assert "counted through" in said(page, "//main")
    assert "No such body, person or complaint exists." in said(page, "//section[@class='about']")
    page = get(hostile, f"/decisions/{MENTIONED.decision_id}")
    assert said(page, "//dt[.='Decided']/../dd") == "date unknown"
    assert "Not investigated, so no finding either way." in said(page, "//dl")
    assert not page.xpath("//section[@class='summary']")
    assert "Reproduced from its published decision" in said(page, "//section[@class='about']")
    page = get(hostile, f"/decisions/{HOSTILE.decision_id}")
    assert "not the publisher’s" in said(page, "//main")


def test_hostile_words_are_words(hostile: TestClient[Litestar]) -> None:
    [decision] = [d for d in decisions(hostile) if d.decision_id == HOSTILE.decision_id]
    response = hostile.get(decision.page)
    page: html.HtmlElement = html.fromstring(response.text)
    check_words(page, decision)
    assert page.xpath("//h1")[0].text_content() == ", ".join(HOSTILE.bodies)
    assert MARKUP in page.xpath("//title")[0].text_content()
    scripts = page.xpath("//script")
    assert len(scripts) == response.text.count("<script")
    assert all(script.get("src").startswith("/static/") for script in scripts)
    assert not page.xpath("//img | //@style | //@onerror | //@onclick")


@pytest.mark.parametrize(
    "address", ["/decisions/upheld-sample/99-000-999", "/decisions/<b>/%00", "/decisions/a/é"]
)
def test_an_unknown_decision_is_a_page_that_says_so(
    client: TestClient[Litestar], address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "Not in this collection" in response.text
    assert "99-000-999" not in response.text


def test_a_damaged_decision_is_not_shown(sample_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    folder = current_folder(data)
    assert folder is not None
    with reader(data) as client:
        assert client.get(MINUTES).status_code == 200
        with closing(sqlite3.connect(folder / "tables.sqlite")) as connection, connection:
            connection.execute(
                "UPDATE decisions"
                " SET json = CAST(replace(json, 'four weeks', 'five weeks') AS BLOB)"
                " WHERE decision_id = 'upheld-sample/99-000-102'"
            )
        response = client.get(MINUTES)
        assert response.status_code == 500
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert not re.search("four weeks|five weeks|Mrs X", response.text)
        # Nor does it spoil the page of a decision that it is like.
        page = get(client, CHAIR)
        assert MINUTES not in page.xpath("//*[@aria-labelledby='similar']//a/@href")
