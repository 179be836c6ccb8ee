"""The API, asked over HTTP from a real server with the real model."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from service.app import create_app
from service.openapi import contract
from service.settings import Settings
from tests.conftest import server

ROOT = Path(__file__).parent.parent
CHAIR = "can a chair overrule the conference?"


@pytest.fixture(scope="module")
def client(real_data: Path) -> Iterator[httpx.Client]:
    with server(real_data) as client:
        yield client


@pytest.fixture(scope="module")
def sample_client(sample_data: Path) -> Iterator[httpx.Client]:
    with server(sample_data, UPHELD_QUESTIONS_AT_ONCE="1", UPHELD_MAX_WAITING="1") as client:
        yield client


def test_the_chair_question_is_answered_over_http(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": CHAIR})
    answer = response.json()
    first = answer["matches"][0]
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert answer["status"] == "answered"
    assert answer["question"] == answer["standalone_question"] == CHAIR
    assert first["citation"] == {
        "decision_id": "lgsco/18-019-617",
        "bodies": ["Buckinghamshire County Council"],
        "reference": "18 019 617",
        "decided": "2019-11-25",
        "outcome": "not_upheld",
        "outcome_text": "Not upheld",
        "section": "Was the Council at fault and did any fault cause injustice?",
        "paragraph": 27,
        "numbering": "continued",
        "label": "Buckinghamshire County Council (18 019 617), 25 November 2019, Not upheld, "
        "paragraph 27",
        "url": "https://www.lgo.org.uk/decisions/children-s-care-services/child-protection/"
        "18-019-617",
        "page": "/decisions/lgsco/18-019-617#p27",
    }
    assert (first["rank"], first["role"], first["voice"]) == (1, "finding", "ombudsman")
    assert 0 < first["scores"]["cosine"] <= 1
    assert first["scores"]["words"] > 0
    assert first["ranks"]["lexical"] >= 1
    offered = {(m["citation"]["reference"], m["citation"]["paragraph"]) for m in answer["matches"]}
    assert ("18 019 617", 1) not in offered
    for q in answer["quotations"]:
        assert answer["matches"][q["match"]]["text"][q["start"] : q["end"]] == q["text"]
    assert "Local Government and Social Care Ombudsman" in answer["notice"]
    assert set(answer["timings_ms"]) == {"encode", "search", "rank", "answer", "total"}
    assert answer["snapshot"]["encoder"] == "all-MiniLM-L6-v2-upheld"


def test_health_names_the_snapshot(client: httpx.Client, real_data: Path) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    ready = client.get("/health/ready").json()
    assert ready["status"] == "ready"
    assert ready["snapshot"]["id"] == (real_data / "current").read_text().strip()
    assert ready["snapshot"]["decisions"] == 5


def test_the_contract_that_is_committed_is_the_one_that_is_served(client: httpx.Client) -> None:
    committed = (ROOT / "service" / "openapi.json").read_bytes()
    assert committed == contract(create_app(Settings())), "run 'make openapi'"
    assert client.get("/schema").json() == json.loads(committed)
    assert client.get("/schema/openapi.json").json() == json.loads(committed)


CANARY = "zanzibarquestion"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": ""}, 400),
        ({"question": "  "}, 400),
        ({"question": CANARY * 200}, 400),
        ({"question": CANARY, "k": 0}, 400),
        ({"question": CANARY, "k": 1000}, 400),
        ({"question": CANARY, "filters": {"outcome": CANARY}}, 400),
        ({"question": CANARY, "filters": {"colour": "blue"}}, 400),
        ({"question": CANARY, "history": [{"role": "boss", "content": CANARY}]}, 400),
        ({"question": [CANARY]}, 400),
        ({CANARY: "?"}, 400),
        ({}, 400),
        ([], 400),
    ],
)
def test_a_bad_request_is_a_problem_that_repeats_no_word_of_it(
    client: httpx.Client, body: object, status: int
) -> None:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    if isinstance(body, dict) and CANARY not in body:
        assert CANARY not in response.text


def test_what_is_no_json_is_a_problem(client: httpx.Client) -> None:
    response = client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/v1/ask", 405)]
)
def test_a_wrong_address_or_method_is_a_problem(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_a_problem(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "x" * 3_000_000})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_questions_side_by_side_get_each_its_own_answer(client: httpx.Client) -> None:
    questions = [CHAIR, "late report before the conference", "mindfulness course", "LADO referral"]

    def ask(question: str) -> tuple[str, int]:
        answer = client.post("/v1/ask", json={"question": question, "k": 3}).json()
        return answer["question"], answer["matches"][0]["citation"]["paragraph"]

    alone = [ask(q) for q in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, questions * 8))
    assert together == alone * 8


def test_an_overfull_service_says_so_and_goes_on(sample_client: httpx.Client) -> None:
    def ask(_: int) -> httpx.Response:
        return sample_client.post("/v1/ask", json={"question": f"{CHAIR} " * 40, "k": 20})

    with ThreadPoolExecutor(32) as pool:
        responses = list(pool.map(ask, range(64)))
    statuses = {r.status_code for r in responses}
    assert statuses <= {200, 503}
    assert 200 in statuses
    busy = [r for r in responses if r.status_code == 503]
    assert busy, "64 questions of 32 clients do not fit where two may be inside"
    assert busy[0].headers["retry-after"] == "2"
    assert busy[0].headers["content-type"] == "application/problem+json"
    assert ask(0).status_code == 200
