"""The widget's states: answers of every kind, real and made up, and how to reach them in a page."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route

Mode = Literal["launcher", "inline"]
Json = dict[str, Any]

MODES: tuple[Mode, ...] = ("launcher", "inline")
each_mode = pytest.mark.parametrize("mode", MODES)

CHAIR = "can a chair overrule the conference?"
SEARCHING = "Searching the decisions…"


@pytest.fixture(scope="module")
def site(client: httpx.Client) -> str:
    """The address of a server over the sample."""
    return str(client.base_url)


@pytest.fixture(scope="module")
def answered(client: httpx.Client) -> Json:
    """What that server answers."""
    return real_answer(client)


def chat(page: Page, mode: Mode) -> Locator:
    """The element in that mode on the demo page."""
    return page.locator(f"upheld-chat[mode={mode}]")


def opened(page: Page, mode: Mode) -> Locator:
    """The element, ready to be typed into, with the focus in the field."""
    found = chat(page, mode)
    if mode == "launcher":
        found.locator("button.launcher").press("Enter")
    found.locator("textarea").focus()
    return found


def ask(page: Page, mode: Mode, question: str = CHAIR) -> Locator:
    """The element once the question is answered or has failed; typed, and sent with Enter."""
    found = opened(page, mode)
    before = found.locator("h3").count()
    send(page, question)
    settled = f"ol > li.answer:nth-of-type({2 * before + 2}) h3, [role=alert]:not(:empty)"
    found.locator(settled).first.wait_for()
    return found


def send(page: Page, question: str) -> None:
    """Type a question where the focus is, and send it."""
    page.keyboard.insert_text(question)
    page.keyboard.press("Enter")


def events(*sent: tuple[str, object]) -> str:
    """A body of server-sent events."""
    return "".join(f"event: {name}\r\ndata: {json.dumps(data)}\r\n\r\n" for name, data in sent)


def streamed(answer: Mapping[str, Any]) -> str:
    """The whole stream of an answer."""
    found = [("match", match) for match in answer["matches"]]
    status = ("status", {"stage": "searching"})
    return events(status, *found, ("answer", answer), ("done", {}))


@dataclass(slots=True)
class Endpoint:
    """Stands in for the service's answers in a page.

    Attributes:
        status: HTTP status of the response.
        body: What is sent.
        headers: With what.
        asked: The bodies of the requests that came.
    """

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)

    def serve(self, page: Page) -> None:
        """Answer this page from now on."""

        def answer(route: Route) -> None:
            self.asked.append(route.request.post_data_json or {})
            kind = "text/event-stream" if self.status == 200 else "application/problem+json"
            headers = {"Content-Type": kind} | dict(self.headers)
            route.fulfill(status=self.status, body=self.body, headers=headers)

        page.route("**/v1/ask/stream", answer)


def real_answer(client: httpx.Client, question: str = CHAIR) -> Json:
    """What the service answers."""
    found: Json = client.post("/v1/ask", json={"question": question}).raise_for_status().json()
    return found


def hostile(answer: Json, words: str, matches: int) -> Json:
    """An answer that has the words wherever it has any."""
    made = deepcopy(answer)
    match = made["matches"][0]
    match |= {"text": words, "introduction": words, "caveat": words}
    match["citation"] |= {
        "label": words,
        "section": words,
        "outcome_text": words,
        "url": "javascript:alert(1)",
        "page": "@elsewhere.example/decisions",
        "numbering": "none",
    }
    quotation = {"text": words, "start": 0, "end": len(words), "match": 0}
    support = {"citation": match["citation"], "text": words, "start": 0, "end": 1}
    today = "2030-01-01"
    source = {"name": words, "url": "javascript:alert(1)"}
    contact = {"name": words, "phone": words, "url": "javascript:alert(1)", "when": words}
    return made | {
        "matches": [match] * matches,
        "quotations": [quotation],
        "other_side": [match | {"quotation": quotation, "likeness": 0.5}],
        "next_steps": [
            {
                "key": "a",
                "title": words,
                "text": words,
                "sources": [source],
                "reviewed": today,
                "support": support,
            }
        ],
        "urgent": {"key": "a", "text": words, "contacts": [contact], "reviewed": today},
        "personal_details": {"kinds": ["phone"], "warning": words},
        "refusal": {"kind": "identify", "reason": words},
        "notice": words,
    }


def nothing_relevant(answer: Json) -> Json:
    """An answer that says that nothing answers."""
    moved: Sequence[Json] = answer["matches"]
    emptied: Json = {"matches": [], "quotations": [], "other_side": [], "next_steps": []}
    return answer | emptied | {"status": "nothing_relevant", "nearest": moved}


def refused(answer: Json) -> Json:
    """An answer that refuses."""
    reason = {"kind": "identify", "reason": "Upheld does not say who somebody is."}
    return nothing_relevant(answer) | {"status": "refused", "nearest": [], "refusal": reason}
