"""The reader alone, over a data folder, and how to read what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient
from lxml import html

from service.desk import Desk
from service.errors import problems, unexpected
from service.opening import open_answerer
from service.pages import pages
from service.reading import Listing, list_decisions, read_decision
from service.shown import DecisionRead
from tests.hostile_decision import build_hostile

CHAIR = "/decisions/upheld-sample/99-000-101"
MINUTES = "/decisions/upheld-sample/99-000-102"
HOUSING = "/decisions/upheld-sample/99-000-107"


@contextmanager
def reader(data: Path) -> Iterator[TestClient[Litestar]]:
    """The reader alone, over a data folder."""
    desk = Desk(answerer=open_answerer(data), folder=data, at_once=1, max_waiting=1, timeout=10)
    app = Litestar(
        [pages],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        plugins=[problems()],
        exception_handlers={Exception: unexpected},
        logging_config=None,
    )
    with TestClient(app) as client:
        client.app.state.desk = desk
        yield client
    desk.close()


@pytest.fixture(scope="module")
def client(sample_data: Path) -> Iterator[TestClient[Litestar]]:
    with reader(sample_data) as client:
        yield client


@pytest.fixture(scope="module")
def chair(client: TestClient[Litestar]) -> DecisionRead:
    return next(d for d in decisions(client) if d.page == CHAIR)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    with reader(build_hostile(tmp_path_factory.mktemp("hostile"))) as client:
        yield client


def decisions(client: TestClient[Litestar]) -> list[DecisionRead]:
    snapshot = client.app.state.desk.answerer.retriever.snapshot
    listed = list_decisions(snapshot, Listing(limit=100)).decisions
    return [read_decision(snapshot, d.decision_id) for d in listed]


def get(client: TestClient[Litestar], address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page: html.HtmlElement = html.fromstring(response.text)
    return page


def words(page: html.HtmlElement, number: int) -> str:
    """A paragraph's words as the page has them: a block is a line."""
    [shown] = page.xpath(f"//*[@id='p{number}']/div[@class='words']")
    return "\n".join(line.text_content() for line in shown.xpath("./div | ./ul/li"))


def marked(page: html.HtmlElement) -> str:
    return "".join(mark.text_content() for mark in page.xpath("//mark"))


def said(page: html.HtmlElement, selector: str) -> str:
    return " ".join(" ".join(e.text_content() for e in page.xpath(selector)).split())


def check_words(page: html.HtmlElement, decision: DecisionRead) -> None:
    paragraphs = [p for s in decision.sections for p in s.paragraphs]
    shown = [int(e.get("id")[1:]) for e in page.xpath("//*[div[@class='words']]")]
    assert shown == [p.number for p in paragraphs]
    assert [words(page, p.number) for p in paragraphs] == [p.words for p in paragraphs]
