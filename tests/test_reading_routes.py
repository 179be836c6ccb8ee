"""The reading routes: lists, decisions and paragraphs over HTTP, and what they refuse."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.narrowing import Narrowing
from index.snapshot import current_folder
from service.desk import Desk
from service.errors import problems, unexpected
from service.notices import SAMPLE_NOTICE
from service.opening import open_answerer
from service.reading import Listing, list_decisions, read_decision
from service.reading_routes import reading_router
from service.shown import SUMMARY_LABEL, DecisionList, DecisionRead, OneParagraph
from tests.published import samples

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
DECISIONS = samples()
CHAIR = "/v1/decisions/upheld-sample/99-000-101"
HEAD = attrgetter(
    *"decision_id publisher reference bodies category outcome outcome_text outcome_parts decided"
    " url numbering source".split()
)
CANARY = "zanzibarquestion"

WORDS = attrgetter("number", "text", "items", "words", "role", "voice")


@contextmanager
def reading(data: Path) -> Iterator[TestClient[Litestar]]:
    """The reading routes alone, over a data folder."""
    desk = Desk(answerer=open_answerer(data), folder=data, at_once=1, max_waiting=1, timeout=10)
    app = Litestar(
        [reading_router],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        plugins=[problems()],
        exception_handlers={Exception: unexpected},
        logging_config=None,
    )
    with TestClient(app) as client:
        yield client
    desk.close()


@pytest.fixture(scope="module")
def client(sample_data: Path) -> Iterator[TestClient[Litestar]]:
    with reading(sample_data) as client:
        yield client


def test_every_decision_is_read_as_its_file_has_it(client: TestClient[Litestar]) -> None:
    for decision in DECISIONS:
        response = client.get(f"/v1/decisions/{decision.decision_id}")
        read = msgspec.json.decode(response.content, type=DecisionRead)
        assert HEAD(read) == HEAD(decision)
        shown = [(s.heading_path, p) for s in read.sections for p in s.paragraphs]
        assert [(path, *WORDS(p)) for path, p in shown] == [
            (s.heading_path, *WORDS(p)) for s, p in decision.paragraphs()
        ]
        assert (read.summary and read.summary.text) == decision.summary
        assert read.notice == SAMPLE_NOTICE
        assert read.snapshot.sample


def test_the_chair_decision_says_whose_word_each_paragraph_is(client: TestClient[Litestar]) -> None:
    read = client.get(CHAIR).json()
    first = read["sections"][0]["paragraphs"][0]
    assert read["summary"]["label"] == SUMMARY_LABEL
    assert read["page"] == "/decisions/upheld-sample/99-000-101"
    assert first["introduction"] == "The complainant said"
    assert client.get("/v1/decisions/UPHELD-Sample/99-000-101").json() == read
    assert first["words"] == "\n".join([first["text"], *first["items"]])
    assert first["citation"]["label"] == (
        "Exampleshire County Council (99 000 101), 12 March 2024, Not upheld, paragraph 1"
    )
    assert {f["finding"] for f in read["casework"]["findings"]} == {"no_fault"}


def test_a_case_that_is_mentioned_leads_to_its_decision_where_it_is_here(
    sample_data: Path, tmp_path: Path
) -> None:
    text = (SAMPLES / "01_conference_chair.txt").read_text(encoding="utf-8")
    text = text.replace("99 000 101", "99 000 120").replace(
        "health visitor said in support of the family",
        "health visitor said in case 99 000 102 and in case 99 000 199",
    )
    (tmp_path / "mentions.txt").write_text(text, encoding="utf-8")
    build(read_files([SAMPLES, tmp_path / "mentions.txt"]), HashingEncoder(), tmp_path / "data")
    snapshot = open_answerer(tmp_path / "data").retriever.snapshot
    references = read_decision(snapshot, "upheld-sample/99-000-120").casework.references
    assert [(r.paragraph, r.reference, [d.page for d in r.decisions]) for r in references] == [
        (1, "99 000 102", ["/decisions/upheld-sample/99-000-102"]),
        (1, "99 000 199", []),
    ]


def test_the_page_of_every_citation_is_a_paragraph_that_can_be_read(
    client: TestClient[Litestar],
) -> None:
    for decision in DECISIONS[:3]:
        read = client.get(f"/v1/decisions/{decision.decision_id}").json()
        for section in read["sections"]:
            for paragraph in section["paragraphs"]:
                page, _, number = paragraph["citation"]["page"].partition("#p")
                one = client.get(f"/v1{page}/paragraphs/{number}").json()
                assert {k: one[k] for k in paragraph} == paragraph
                assert one["heading_path"] == section["heading_path"]


def test_paragraphs_lead_from_the_first_to_the_last_and_back(client: TestClient[Litestar]) -> None:
    numbers = [p.number for _, p in DECISIONS[0].paragraphs()]

    def walk(step: str, number: int | None) -> Iterator[int]:
        while number is not None:
            yield number
            response = client.get(f"{CHAIR}/paragraphs/{number}")
            one = msgspec.json.decode(response.content, type=OneParagraph)
            number = one.next if step == "next" else one.previous

    assert list(walk("next", numbers[0])) == numbers
    assert list(walk("previous", numbers[-1])) == numbers[::-1]


@pytest.mark.parametrize("sort", ["newest", "oldest", "body"])
@pytest.mark.parametrize(
    "query", ["", "&outcome=upheld", "&authority=County%20Council&category=%3E"]
)
def test_paging_through_all_meets_each_decision_once(
    client: TestClient[Litestar], sort: str, query: str
) -> None:
    whole = client.get(f"/v1/decisions?limit=100&sort={sort}{query}").json()
    address = f"/v1/decisions?limit=2&sort={sort}{query}"
    met: list[dict[str, Any]] = []
    while address:
        page = client.get(address).json()
        assert (page["total"], page["facets"]) == (whole["total"], whole["facets"])
        met += page["decisions"]
        address = page["next"]
    assert met == whole["decisions"]
    assert len({d["decision_id"] for d in met}) == whole["total"] == len(met) > 2


def test_a_list_is_narrowed_as_asked(client: TestClient[Litestar]) -> None:
    def ids(**query: str) -> list[str]:
        listed = client.get("/v1/decisions", params=query)
        return [d["decision_id"].removeprefix("upheld-sample/") for d in listed.json()["decisions"]]

    assert ids(authority="exampleshire", decided_from="2024-04-01") == [
        "99-000-111",
        "99-000-116",
        "99-000-106",
    ]
    assert ids(outcome="unknown") == ["file-03-conference-not-investigated"]
    assert ids(category="Housing > Homelessness") == ["99-000-107"]
    assert ids(decided_to="2023-11-14", sort="oldest") == ["99-000-108", "99-000-114"]
    assert ids(reference="99-000-110") == ids(reference="99000110") == ["99-000-110"]
    assert ids(publisher="lgsco") == []
    assert ids(authority="%", category="_") == []
    assert ids(offset="17") == ["file-03-conference-not-investigated"]
    assert ids(offset="18") == []


@pytest.mark.parametrize(
    "query",
    [
        {"offset": "-1"},
        {"offset": str(2**63)},
        {"offset": "9" * 5000},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": CANARY},
        {"outcome": CANARY},
        {"sort": CANARY},
        {"decided_from": "2024-02-30"},
        {"decided_to": "99999-01-01"},
        {"reference": CANARY},
        {"reference": "99 000 1011"},
        {"authority": CANARY * 20},
    ],
)
def test_a_bad_query_is_a_problem_that_repeats_no_word_of_it(
    client: TestClient[Litestar], query: dict[str, str]
) -> None:
    response = client.get("/v1/decisions", params=query)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["extra"][0]["key"] in query
    assert CANARY not in response.text


@pytest.mark.parametrize(
    "path",
    [
        f"{CANARY}",
        f"lgsco/{CANARY}",
        f"upheld-sample/99-000-101/paragraphs/{CANARY}",
        "upheld-sample/99-000-101/paragraphs/0",
        f"upheld-sample/99-000-101/paragraphs/{2**64}",
        f"upheld-sample/99-000-101/paragraphs/{'9' * 5000}",
        f"lgsco/{CANARY}/paragraphs/1",
        "%00/%00",
        "%ED%A0%80/99-000-101",
        "upheld-sample/99-000-10_",
    ],
)
def test_what_is_not_here_is_a_problem_that_repeats_no_word_of_the_path(
    client: TestClient[Litestar], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get(f"/v1/decisions/{path}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert CANARY not in response.text
    assert not [r for r in caplog.records if r.name.startswith(("service", "index"))]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["authority", "category", "publisher", "reference", "offset"]),
        st.text(max_size=20),
    )
)
def test_whatever_is_asked_for_is_answered_or_refused(
    client: TestClient[Litestar], query: dict[str, str]
) -> None:
    query = {k: v.encode("utf-8", "replace").decode() for k, v in query.items()}
    response = client.get("/v1/decisions", params=query)
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        msgspec.json.decode(response.content, type=DecisionList)


def test_what_a_reader_has_already_is_not_sent_again(client: TestClient[Litestar]) -> None:
    first = client.get(CHAIR)
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get(CHAIR, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert "content-type" not in again.headers
    for address, known in ((CHAIR, '"other"'), (f"{CHAIR}/paragraphs/1", tag)):
        other = client.get(address, headers={"If-None-Match": known})
        assert other.status_code == 200
        assert other.json()
    missing = client.get("/v1/decisions/lgsco/none", headers={"If-None-Match": "*"})
    assert missing.status_code == 404


def test_a_damaged_decision_is_an_error_that_shows_none_of_it(
    sample_data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(sample_data, tmp_path / "data")
    folder = current_folder(tmp_path / "data")
    assert folder
    with closing(sqlite3.connect(folder / "tables.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE decisions SET json ="
            " CAST(replace(CAST(json AS TEXT), 'entitled', 'forbidden') AS BLOB)"
            " WHERE decision_id = 'upheld-sample/99-000-101'"
        )
        assert connection.total_changes == 1
    with reading(tmp_path / "data") as client:
        for address in (CHAIR, f"{CHAIR}/paragraphs/1", "/v1/decisions"):
            response = client.get(address)
            assert response.status_code == 500
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["title"] == "Stored decision damaged"
            assert "forbidden" not in response.text
        assert client.get(CHAIR.replace("101", "102")).status_code == 200
    assert "99-000-101" not in caplog.text
    assert caplog.text.count("upheld doctor") == 3


def test_real_decisions_come_with_their_publisher_s_acknowledgement(sample_data: Path) -> None:
    snapshot = open_answerer(sample_data).retriever.snapshot
    real = replace(snapshot, manifest=msgspec.structs.replace(snapshot.manifest, sample=False))
    listed = list_decisions(real, Listing(narrowing=Narrowing(authority="Exampleshire")))
    assert listed.notice.startswith("Fictional sample written for Upheld.")
    assert "it gives no advice" in listed.notice
