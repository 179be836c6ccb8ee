"""The page of remedies, and the file of them."""

import csv
import io

from litestar import Litestar
from litestar.testing import TestClient

from corpus.remedies import remedies_of
from service.notices import SAMPLE_NOTICE
from tests.browsed import DECISIONS, page_of, texts
from tests.browsed import client as client


def test_the_pages_of_a_list_show_each_thing_once(client: TestClient[Litestar]) -> None:
    address, seen = "/decisions/remedies", list[str]()
    pages = 0
    while address:
        page = page_of(client.get(address).text)
        pages += 1
        rows = page.xpath("//table[@role='table']/tbody/tr")
        seen += [" ".join(r.text_content().split()) + r.xpath(".//a/@href")[0] for r in rows]
        assert f"Page {pages} of 5" in texts(page, "//nav[@class='pages']/span")
        address = next(iter(page.xpath("//nav[@class='pages']//a[.='Next page']/@href")), "")
    everything = [r for d in DECISIONS for r in remedies_of(d)]
    assert (pages, len(seen)) == (5, len(everything))
    assert client.get("/decisions/remedies?page=6").status_code == 404
    assert client.get("/decisions?page=2").status_code == 404


def test_the_table_of_remedies_tells_what_whom_when_and_where(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client.get("/decisions/remedies?kind=payment&category=Housing").text)
    assert texts(page, "//h2[@id='list']") == ["5 remedies in 2 decisions"]
    assert texts(page, "//div[@class='sums']/p[1]") == [
        "£200 to £3,500 over 5 payments, median £945."
    ]
    assert "It is no prediction" in texts(page, "//div[@class='sums']")[0]
    assert texts(page, "//tbody/tr[1]/td")[:2] == ["Payment", "£3,500"]
    assert texts(page, "//tbody/tr[1]/td[3]/*") == [
        "What was agreed:",
        "pay her £3,500, which is £250 for each of the 14 months identified at paragraph 36 that "
        "she was without suitable washing facilities",
        "Agreed · To whom or of what: Mrs X · By when: within four weeks",
    ]
    assert texts(page, "//tbody/tr[1]/td")[3:6] == [
        "Fictonbury City Council",
        "9 September 2025",
        "Upheld",
    ]
    assert page.xpath("//tbody/tr[1]/td[7]/a/@href") == ["/decisions/upheld-sample/99-000-112#p37"]
    assert texts(page, "//select[@id='kind']/option[@selected]") == ["Payment (5)"]


def test_what_a_body_says_it_did_is_not_told_as_found(client: TestClient[Litestar]) -> None:
    page = page_of(client.get("/decisions/remedies?reference=99+000+110&sort=oldest").text)
    rows = texts(page, "//tbody/tr/td[3]")
    assert rows[0].startswith("The organisation complained about said:")
    assert all("Done before the decision" in row for row in rows)
    assert not page.xpath("//div[@class='sums']")


def test_the_file_holds_the_whole_list(client: TestClient[Litestar]) -> None:
    response = client.get("/decisions/remedies.csv?sort=largest&page=2")
    assert response.headers["content-type"].startswith("text/csv")
    assert response.headers["content-disposition"] == 'attachment; filename="remedies.csv"'
    first, *rows = csv.DictReader(io.StringIO(response.text))
    assert len(rows) + 1 == sum(1 for d in DECISIONS for _ in remedies_of(d))
    assert (first["Sum in pounds"], first["To whom, or of what"]) == ("7968.00", "Mr B")
    assert first["Words"].startswith("refund to him the £7,968 he paid in top-up fees")
    assert first["Citation"] == (
        "Exampleshire County Council (99 000 111), 18 March 2025, Upheld, paragraph 36"
    )
    assert {row["Notice"] for row in rows} == {SAMPLE_NOTICE}
