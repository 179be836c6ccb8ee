"""The stream of an answer: the same answer, piece by piece, and errors before or within it."""

import httpx
import pytest

from tests.test_faults import events_of

CHAIR = "can a chair overrule the conference?"


def stream(client: httpx.Client, question: str) -> list[tuple[str, object]]:
    response = client.post("/v1/ask/stream", json={"question": question, "k": 3})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == "text/event-stream"
    assert "no-store" in response.headers["cache-control"]
    return events_of(response.text)


def without_timings(answer: object) -> object:
    assert isinstance(answer, dict)
    return {key: value for key, value in answer.items() if key != "timings_ms"}


def test_the_stream_brings_what_ask_brings(client: httpx.Client) -> None:
    whole = client.post("/v1/ask", json={"question": CHAIR, "k": 3}).json()
    events = stream(client, CHAIR)
    assert [name for name, _ in events] == ["status", *["match"] * 3, "answer", "done"]
    assert [content for name, content in events if name == "match"] == whole["matches"]
    assert without_timings(events[-2][1]) == without_timings(whole)


def test_nothing_relevant_is_streamed_as_such_and_without_a_match(client: httpx.Client) -> None:
    events = stream(client, "zzz qqq xxyyzz")
    assert [name for name, _ in events] == ["status", "answer", "done"]
    answer = events[1][1]
    assert isinstance(answer, dict)
    assert answer["status"] == "nothing_relevant"


@pytest.mark.parametrize("question", ["", "  ", "x" * 3000])
def test_what_cannot_be_asked_is_a_problem_and_no_stream(
    client: httpx.Client, question: str
) -> None:
    response = client.post("/v1/ask/stream", json={"question": question})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
