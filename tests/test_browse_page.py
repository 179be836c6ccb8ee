"""The page that lists decisions, against a count of the sample's files without our reader."""

import re
from collections import Counter
from datetime import date, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from lxml import html

from tests.browsed import SAMPLES, facet, listed, page_of, texts
from tests.browsed import client as client


def printed(name: str, text: str) -> str:
    found = re.search(rf"^{name} : (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def heads() -> list[tuple[str, str, str, date | None]]:
    """Body, category, outcome and date of each file, as they are printed there."""
    found = []
    for file in sorted(SAMPLES.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        title = re.search(r"^(.+) \(99 000 \d+\)$", text, re.MULTILINE)
        day = printed("Decision date", text)
        found.append(
            (
                title[1] if title else "",
                printed("Category", text),
                printed("Decision", text),
                datetime.strptime(day, "%d %b %Y").date() if day else None,
            )
        )
    return found


HEADS = heads()


def table(page: html.HtmlElement, title: str) -> dict[str, list[str]]:
    rows = page.xpath(f"//div[@aria-label='{title}']//tr")
    cells = [texts(row, "./th | ./td") for row in rows]
    return {first: rest for first, *rest in cells}


def outcomes(found: list[str]) -> list[str]:
    """Numbers of upheld, not upheld, not investigated and unknown, and of all."""
    counts = Counter(found)
    known = (counts["Upheld"], counts["Not upheld"], counts["Closed after initial enquiries"])
    return [str(n) for n in (*known, counts[""], len(found))]


def test_the_filters_are_counted_as_the_files_print_them(client: TestClient[Litestar]) -> None:
    page = page_of(client.get("/decisions").text)
    assert texts(page, "//h2[@id='list']") == ["18 decisions"]
    assert list(facet(page, "Outcome").values()) == [11, 4, 2, 1]
    assert facet(page, "Topic") == Counter(c.split(" > ")[0] for _, c, _, _ in HEADS if c)
    assert facet(page, "Year of decision") == Counter(str(d.year) for *_, d in HEADS if d)
    assert facet(page, "Body") == {
        body: sum(body in other for other, *_ in HEADS) for body, *_ in HEADS if body
    }


def test_every_filter_leads_to_as_many_decisions_as_it_tells(client: TestClient[Litestar]) -> None:
    page = page_of(client.get("/decisions?outcome=upheld").text)
    choices = page.xpath("//section[@class='facet']//li[a]")
    assert len(choices) > 15
    for choice in choices:
        told = re.search(r"\((\d+)\)", choice.text_content())
        shown = page_of(client.get(choice.xpath("a/@href")[0]).text)
        assert told
        assert len(listed(shown)) == int(told[1])


def test_filters_combine_and_each_can_be_removed(client: TestClient[Litestar]) -> None:
    page = page_of(
        client.get(
            "/decisions?outcome=upheld&category=Housing&decided_from=2025-01-01"
            "&decided_to=2025-12-31&sort=oldest"
        ).text
    )
    fitting = [
        head
        for head in HEADS
        if head[2] == "Upheld" and "Housing" in head[1] and head[3] and head[3].year == 2025
    ]
    assert len(listed(page)) == len(fitting) == 1
    assert texts(page, "//ul[@class='chosen']/li") == [
        "Outcome: Upheld Remove Outcome: Upheld",
        "Topic: Housing Remove Topic: Housing",
        "Decided in 2025 Remove Decided in 2025",
    ]
    assert page.xpath("//ul[@class='chosen']//a/@href") == [
        "/decisions?category=Housing&decided_from=2025-01-01&decided_to=2025-12-31&sort=oldest",
        "/decisions?outcome=upheld&decided_from=2025-01-01&decided_to=2025-12-31&sort=oldest",
        "/decisions?outcome=upheld&category=Housing&sort=oldest",
    ]
    assert list(facet(page, "Within Housing")) == ["Disabled facilities grants"]


def test_a_decision_is_listed_with_what_its_file_says_of_it(client: TestClient[Litestar]) -> None:
    page = page_of(client.get("/decisions?reference=99-000-101").text)
    assert texts(page, "//ol[@class='listed']/li/h3") == [
        "Exampleshire County Council (99 000 101)"
    ]
    assert listed(page) == ["/decisions/upheld-sample/99-000-101"]
    assert texts(page, "//p[@class='facts']/span") == [
        "Not upheld",
        "12 March 2024",
        "Children's care services › Child protection",
    ]
    summary = texts(page, "//p[span[@class='label']]")[0]
    assert summary.startswith("Publisher’s summary: Mrs X complained that the chair")
    assert summary.removesuffix(" […]").endswith("the disagreement.")
    assert "not to be quoted as a finding" in page.text_content()


def test_each_order_lists_as_it_says(client: TestClient[Litestar]) -> None:
    def order(sort: str) -> list[str]:
        return texts(page_of(client.get(f"/decisions?sort={sort}").text), "//p[@class='facts']")

    dates = [
        [m[0] for line in order(sort) if (m := re.search(r"\d+ [A-Z]\w+ \d{4}", line))]
        for sort in ("newest", "oldest")
    ]
    wanted = sorted(d for *_, d in HEADS if d)
    assert dates[1] == [f"{d.day} {d:%B %Y}" for d in wanted]
    assert dates[0] == [f"{d.day} {d:%B %Y}" for d in reversed(wanted)]
    names = texts(page_of(client.get("/decisions?sort=body").text), "//ol[@class='listed']//h3")
    assert [n.rsplit(" (", 1)[0] for n in names[:-1]] == sorted(b for b, *_ in HEADS if b)
    assert names[-1].startswith("Body unknown (file ")


def test_the_charts_say_in_words_bars_and_table_what_the_files_say(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client.get("/decisions").text)
    by_year = table(page, "Outcomes by year of decision")
    for year in (2023, 2024, 2025):
        found = [outcome for _, _, outcome, day in HEADS if day and day.year == year]
        assert by_year[str(year)] == outcomes(found)
    assert by_year["No date given"] == ["0", "0", "0", "1", "1"]
    by_topic = table(page, "Outcomes by topic")
    assert by_topic.pop("Topic") == [
        *("Upheld", "Not upheld", "Not investigated", "Outcome unknown", "All")
    ]
    for topic in ("Education", "Housing", "Transport and highways"):
        assert by_topic[topic] == outcomes([o for _, c, o, _ in HEADS if c.startswith(topic)])
    assert sum(int(row[-1]) for row in by_topic.values()) == len(HEADS)
    pictures = page.xpath("//*[@role='img']")
    said = [page.get_element_by_id(p.get("aria-labelledby")).text_content() for p in pictures]
    assert said == [
        "Upheld: 11 of 18 decisions. Most decisions: Education and Housing, with 3 each.",
        "Upheld: 11 of 18 decisions. Most decisions: 2024, with 9, of which 6 were upheld.",
    ]
    widths = [float(w.rstrip("%")) for w in pictures[1].xpath("./svg/rect[@class='piece']/@width")]
    assert sum(widths) == pytest.approx(100 * 18 / 9, abs=0.1)


def test_an_empty_list_says_which_filter_to_drop(client: TestClient[Litestar]) -> None:
    page = page_of(client.get("/decisions?outcome=not_upheld&authority=Madeupham").text)
    assert texts(page, "//section[@class='results']/ul[not(@class)]/li") == [
        "Drop “Body: Madeupham” (4 decisions)",
        "Drop “Outcome: Not upheld” (2 decisions)",
    ]
    assert not page.xpath("//*[@role='img']")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("outcome=guilty", None),
        ("decided_from=2024-13-01", "decided_from"),
        ("decided_from=2025-01-01&decided_to=2024-01-01", "decided_from"),
        ("reference=abc", "reference"),
        ("sort=random", None),
        ("page=0", None),
        ("page=-1", None),
        ("page=99999999999999999999", None),
        ("page=%C2%B2", None),
        ("authority=" + "x" * 201, "authority"),
        ("category=%00", None),
    ],
)
def test_a_bad_address_is_told_as_a_page(
    client: TestClient[Litestar], query: str, field: str | None
) -> None:
    for path in ("/decisions", "/decisions/remedies", "/decisions/remedies.csv"):
        response = client.get(f"{path}?{query}")
        if "sort=random" not in query:
            assert response.status_code == 400
        assert "There is a problem" in response.text
        assert response.headers["content-type"].startswith("text/html")
    page = page_of(client.get(f"/decisions?{query}").text)
    links = page.xpath("//div[@class='error-summary']//a/@href")
    assert links == ([f"#{field}"] if field else [])
    if field:
        assert page.xpath(f"//input[@id='{field}']/@aria-invalid") == ["true"]


FIELDS = st.sampled_from(
    "authority outcome category decided_from decided_to reference publisher sort page kind go"
    " words other".split()
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(FIELDS, st.text(max_size=30) | st.sampled_from(["1", "upheld", "2024"]))),
    st.sampled_from(["/decisions", "/decisions/remedies", "/decisions/remedies.csv"]),
)
def test_whatever_the_address_or_form_says_it_is_never_an_error_of_ours(
    client: TestClient[Litestar], fields: list[tuple[str, str]], path: str
) -> None:
    query = urlencode(fields, errors="replace")
    assert client.get(f"{path}?{query}").status_code in (200, 400, 404)
    form = client.post(
        "/decisions",
        content=query,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert form.status_code in (200, 400, 404)


@pytest.mark.parametrize("body", [b"words=%ff%fe", b"%", b"go=%ff&words=plan", b"=&=&&"])
def test_a_broken_form_is_never_an_error_of_ours(client: TestClient[Litestar], body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post("/decisions", content=body, headers=headers)
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("path", ["/decisions", "/decisions/remedies"])
def test_a_page_is_kept_nowhere_and_needs_no_script(
    client: TestClient[Litestar], path: str
) -> None:
    response = client.get(path)
    page = page_of(response.text)
    assert response.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert not page.xpath("//main//script | //@style | //style | //@onclick")
