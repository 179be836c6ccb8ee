"""The browsing pages over the sample, and what stands in a page of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.testing import TestClient
from lxml import html

from service.answering import Answerer
from service.browse_page import browse_router
from service.browse_remedies import remedies_router
from service.desk import Desk
from service.error_page import error_page
from tests.published import samples

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
DECISIONS = samples()
CANARY = "zanzibarquestion"


@pytest.fixture(scope="module")
def client(sample_answerer: Answerer, sample_data: Path) -> Iterator[TestClient[Litestar]]:
    desk = Desk(answerer=sample_answerer, folder=sample_data, at_once=2, max_waiting=4, timeout=10)
    app = Litestar(
        [browse_router, remedies_router],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        exception_handlers={HTTPException: error_page, Exception: error_page},
        logging_config=None,
    )
    with TestClient(app) as client:
        yield client
    desk.close()


def page_of(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def texts(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def listed(page: html.HtmlElement) -> list[str]:
    """The addresses of the decisions of a page, in order."""
    return list(page.xpath("//ol[@class='listed']/li/h3/a/@href"))


def facet(page: html.HtmlElement, name: str) -> dict[str, int]:
    lines = texts(page, f"//section[@class='facet'][h2='{name}']//li")
    found = (re.fullmatch(r"(.*) \(([\d,]+)\)", line) for line in lines)
    return {f[1]: int(f[2]) for f in found if f}
