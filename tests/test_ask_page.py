"""The ask page over HTTP: complete without scripts, honest in errors, exact in what is saved."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from lxml import html

from service.asked_form import FILTERS, BadForm, read_form
from service.switch import turn_off, turn_on
from tests.conftest import serving
from tests.test_faults import FAULTY

TRANSPORT = "Can the council refuse school transport because of distance?"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> can a chair overrule it?"


def page_of(response: httpx.Response) -> html.HtmlElement:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(response.text)


def css(element: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """Elements by a simple selector, such as ``.answer > p[data-text=link]``, or several."""
    found: list[html.HtmlElement] = []
    for alone in selector.split(", "):
        path = "."
        axis = "//"
        for part in alone.split():
            if part == ">":
                axis = "/"
                continue
            tag, rest = re.fullmatch(r"(\w+|\*)?(.*)", part).groups()  # type: ignore[union-attr]
            path += axis + (tag or "*")
            axis = "//"
            for kind, name, value in re.findall(r"([.#\[])([\w-]+)(?:='?([^\]']*)'?)?\]?", rest):
                path += {
                    ".": f"[contains(concat(' ', @class, ' '), ' {name} ')]",
                    "#": f"[@id='{name}']",
                    "[": f"[@{name}='{value}']" if value else f"[@{name}]",
                }[kind]
        found += element.xpath(path)
    return found


def said(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(str(e.text_content()).split()) for e in css(page, selector)]


def form_of(page: html.HtmlElement) -> dict[str, list[str]]:
    """What the form for a question would send."""
    sent: dict[str, list[str]] = {}
    for name, value in page.get_element_by_id("ask").form_values():
        sent.setdefault(name, []).append(value)
    return sent


def test_the_first_page_has_a_labelled_form_that_posts_and_an_honest_notice(
    client: httpx.Client,
) -> None:
    response = client.get("/")
    page = page_of(response)
    form = page.get_element_by_id("ask")
    assert (form.method, form.action) == ("POST", "/")
    labels = {label.get("for") for label in css(form, "label")}
    assert labels == {"question", *FILTERS}
    assert said(page, "h1") == ["What has the Ombudsman decided?"]
    notice = " ".join(said(page, ".about-this li"))
    assert "An automatic search of 18 published decisions" in notice
    assert "It gives no advice" in notice
    assert "It can miss a decision" in notice
    assert "What you ask is not kept" in notice
    assert "set-cookie" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_where_questions_are_kept_the_notice_says_so(sample_data: Path, tmp_path: Path) -> None:
    log = str(tmp_path / "questions.sqlite")
    with serving(sample_data, UPHELD_QUESTION_LOG=log, UPHELD_QUESTION_LOG_DAYS="14") as running:
        notice = " ".join(said(page_of(running.client.get("/")), ".about-this li"))
    assert "what you ask is kept for 14 days" in notice
    assert "not kept" not in notice


def test_a_link_to_a_question_fills_the_form_and_asks_nothing(client: httpx.Client) -> None:
    page = page_of(client.get("/", params={"q": TRANSPORT}))
    assert form_of(page)["question"] == [TRANSPORT]
    assert css(page, "[data-answer]") == []


def test_an_example_fills_the_form_by_post_and_asks_nothing(client: httpx.Client) -> None:
    example = css(page_of(client.get("/")), ".example")[0].get("value")
    page = page_of(client.post("/", data={"example": example}))
    assert form_of(page)["question"] == [example]
    assert css(page, "[data-answer]") == []


def test_the_answer_page_shows_what_the_api_answers(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": TRANSPORT}).json()
    page = page_of(client.post("/", data={"question": TRANSPORT}))
    matches = [answer["matches"][q["match"]] for q in answer["quotations"]]
    shown = ".answer > .passage"
    assert [q.text_content() for q in css(page, f"{shown} blockquote")] == [
        q["text"] for q in answer["quotations"]
    ]
    assert said(page, f"{shown} .introduction") == [m["introduction"] for m in matches]
    assert said(page, f"{shown} .tag") == [m["citation"]["outcome_text"] for m in matches]
    assert said(page, f"{shown} [data-text=link]") == [m["citation"]["label"] for m in matches]
    assert said(page, ".asked") == [f"You asked: {TRANSPORT}"]
    assert len(css(page, "details .passage")) == len(answer["matches"])
    assert css(page, "details .kind")


def test_each_link_names_decision_paragraph_quotation_and_snapshot(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": TRANSPORT}).json()
    page = page_of(client.post("/", data={"question": TRANSPORT}))
    links = [a.get("href") for a in css(page, ".answer > .passage [data-text=link]")]
    expected = []
    for q in answer["quotations"]:
        c = answer["matches"][q["match"]]["citation"]
        number, snapshot = c["paragraph"], answer["snapshot"]["id"]
        expected.append(
            f"/decisions/{c['decision_id']}?from={q['start']}&to={q['end']}"
            f"&paragraph={number}&snapshot={snapshot}#p{number}"
        )
    assert links == expected


def test_nothing_relevant_is_said_and_the_nearest_stand_apart(client: httpx.Client) -> None:
    question = "recipe chocolate cake oven"
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert answer["status"] == "nothing_relevant"
    page = page_of(client.post("/", data={"question": question}))
    assert said(page, ".answer h3")[0] == "The decisions here do not answer this"
    assert "Nearest passages, though not an answer" in said(page, ".answer h3")
    assert css(page, ".answer > .passage") == []
    assert len(css(page, ".answer .passage")) == len(answer["nearest"])


def test_danger_is_met_first_and_a_refusal_gives_its_reason(client: httpx.Client) -> None:
    page = page_of(client.post("/", data={"question": "i want to kill myself, who can help me?"}))
    assert css(page, ".answer > *")[2].get("class") == "urgent"
    assert css(page, ".urgent a[href='tel:116123']")
    refused = page_of(client.post("/", data={"question": "will i win my case?"}))
    assert "Nobody can tell from published decisions" in said(refused, ".refusal")[0]


def test_personal_details_are_warned_of(client: httpx.Client) -> None:
    page = page_of(client.post("/", data={"question": "my son Sam, 7, was refused transport"}))
    assert len(said(page, ".answer .banner")) == 1


def test_a_follow_up_carries_the_last_two_exchanges_and_says_what_was_searched(
    client: httpx.Client,
) -> None:
    page = page_of(client.post("/", data={"question": TRANSPORT}))
    for number, question in enumerate(("and what about the route?", "and who decides that?")):
        sent = form_of(page) | {"question": [question]}
        assert sent["asked"][0] == TRANSPORT
        assert len(sent["asked"]) == len(sent["answered"]) == number + 1
        page = page_of(client.post("/", data=sent))
        assert said(page, ".asked") == [f"You asked: {question}"]
        assert said(page, ".answer .hint")[0].startswith(f"Searched as: {question} (carried over:")
    assert said(page, ".earlier li") == [TRANSPORT, "and what about the route?"]
    assert form_of(page)["asked"] == ["and what about the route?", "and who decides that?"]


def test_a_misspelt_question_says_how_it_was_searched_and_of_no_question_before(
    client: httpx.Client,
) -> None:
    page = page_of(client.post("/", data={"question": "can a council refuse schol transport?"}))
    assert said(page, ".answer .hint")[0] == "Searched as: can a council refuse school transport?"
    assert said(page, ".answer details summary")[0] == "How the question was searched"


def test_filters_narrow_and_are_kept_for_the_next_question(client: httpx.Client) -> None:
    sent = {"question": TRANSPORT, "outcome": "not_upheld", "decided_from": "2024-01-01"}
    page = page_of(client.post("/", data=sent))
    tags = {tag.get("class") for tag in css(page, ".answer .tag")}
    assert tags == {"tag tag-not_upheld"}
    assert form_of(page)["outcome"] == ["not_upheld"]
    assert form_of(page)["decided_from"] == ["2024-01-01"]
    assert css(page, "details.filters[open]")


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({}, "question", "Enter a question"),
        ({"question": " \r\n"}, "question", "Enter a question"),
        ({"question": "?!"}, "question", "Enter a question"),
        (
            {"question": "x" * 2001},
            "question",
            "Your question must be 2,000 characters or fewer: it has 2,001",
        ),
        (
            {"question": TRANSPORT, "decided_from": "12/3/24"},
            "decided_from",
            "Enter a date as year, month and day, such as 2024-01-31",
        ),
        (
            {"question": TRANSPORT, "decided_from": "2024-02-01", "decided_to": "2024-01-31"},
            "decided_to",
            "The latest date must not be before the earliest",
        ),
        ({"question": TRANSPORT, "role": "rumour"}, "role", "Choose one from the list"),
        ({"question": TRANSPORT, "category": "x" * 201}, "category", "Use 200 characters or fewer"),
    ],
)
def test_what_is_wrong_is_summed_up_linked_and_tied_to_its_field(
    client: httpx.Client, sent: dict[str, str], field: str, message: str
) -> None:
    response = client.post("/", data=sent or {"category": ""})
    page = page_of(response)
    assert response.status_code == 400
    assert said(page, "title")[0].startswith("Error: ")
    summary = css(page, ".error-summary")[0]
    assert summary.get("tabindex") == "-1"
    assert [(a.get("href"), a.text) for a in css(summary, "a")] == [(f"#{field}", message)]
    wrong = page.get_element_by_id(field)
    assert wrong.get("aria-invalid") == "true"
    assert f"{field}-error" in wrong.get("aria-describedby").split()
    assert said(page, f"#{field}-error") == [f"Error: {message}"]
    assert form_of(page)["question"] == [sent.get("question", "").strip()]


def test_answering_switched_off_keeps_the_draft_and_is_no_nothing_found(
    client: httpx.Client, sample_data: Path
) -> None:
    turn_off(sample_data, "Off until noon.")
    try:
        response = client.post("/", data={"question": TRANSPORT, "authority": "Exampleshire"})
    finally:
        turn_on(sample_data)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    page = page_of(response)
    assert said(page, ".error-summary h2") == ["Not just now"]
    assert said(page, ".error-summary p")[0].startswith("Off until noon.")
    assert "does not mean that nothing was found" in said(page, ".error-summary p")[0]
    assert form_of(page)["question"] == [TRANSPORT]
    assert form_of(page)["authority"] == ["Exampleshire"]


@pytest.mark.parametrize("path", ["/", "/answer.txt", "/answer.csv"])
def test_an_error_of_ours_keeps_the_draft_and_is_no_nothing_found(
    sample_data: Path, path: str
) -> None:
    with serving(sample_data, command=FAULTY) as running:
        response = running.client.post(path, data={"question": "does it break?"})
        assert "does it break" not in running.written()
    assert response.status_code == 500
    assert form_of(page_of(response))["question"] == ["does it break?"]
    assert "does not mean that nothing was found" in response.text


def test_too_many_questions_are_told_on_the_page_with_the_draft(sample_data: Path) -> None:
    with serving(sample_data, UPHELD_REQUESTS_A_MINUTE="1") as running:
        running.client.post("/", data={"question": TRANSPORT})
        response = running.client.post("/", data={"question": TRANSPORT})
    assert response.status_code == 429
    assert "retry-after" in response.headers
    page = page_of(response)
    assert said(page, ".error-summary h2") == ["Too many questions in a short time"]
    assert form_of(page)["question"] == [TRANSPORT]
    assert css(page, "[data-answer]") == []


def test_hostile_words_are_shown_as_words(client: httpx.Client) -> None:
    for question in (HOSTILE, "w" * 2000, "‮ can a chair overrule? ‬ שלום", "\0 chair?"):
        page = page_of(client.post("/", data={"question": question, "authority": "\"'><b>"}))
        scripts = [s.get("src").rpartition("/")[2] for s in css(page, "script")]
        assert set(scripts) <= {"ask_answer.js", "ask.js", "exit.js"}
        assert css(page, "main img, main b") == []
        assert "overrule" not in question or "overrule" in said(page, ".asked")[0]
        assert form_of(page)["authority"] == ["\"'><b>"]


def test_more_fields_than_ours_are_refused(client: httpx.Client) -> None:
    assert client.post("/", data={f"a{i}": "1" for i in range(100)}).status_code == 400
    with pytest.raises(BadForm):
        read_form(b"a&" * 100)


def test_the_question_is_nowhere_but_in_the_page(sample_data: Path) -> None:
    with serving(sample_data) as running:
        question = "zanzibarquestion about a chair"
        for path in ("/", "/answer.txt", "/answer.csv"):
            response = running.client.post(path, data={"question": question})
            assert "zanzibar" not in str(response.headers)
        running.client.get("/", params={"q": question})
        page = unescape(running.client.post("/", data={"question": question}).text)
        assert "zanzibarquestion" in page
        assert "zanzibar" not in running.written()
        assert "zanzibar" not in running.client.get("/metrics").text
