"""What the ask page's form sends, and what can be saved of an answer: bounded, exact, harmless."""

import csv
import io

import httpx
import msgspec
from hypothesis import given
from hypothesis import strategies as st

from service.answer import Answer
from service.answering import Answerer
from service.asked_form import FILTERS, AskedForm, BadForm, read_form
from service.download import without_formula
from service.plain_text import as_csv, as_text, in_short
from service.questions import MAX_HISTORY, MAX_TURN, Question

TRANSPORT = "Can the council refuse school transport because of distance?"


def answer_to(answerer: Answerer, question: str = TRANSPORT) -> Answer:
    return answerer.answer(Question(question=question))


@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text: str) -> None:
    for lead in ("=", "+", "-", "@", "\t", "\r", " ="):
        assert without_formula(lead + text) == f"'{lead}{text}"
    assert without_formula(text) in (text, f"'{text}")


@given(st.dictionaries(st.sampled_from(["question", *FILTERS]), st.text(max_size=30)))
def test_any_form_is_either_told_what_is_wrong_or_is_a_question(typed: dict[str, str]) -> None:
    form = msgspec.convert(typed, AskedForm)
    if not form.wrong():
        assert form.asked().question == form.question


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        form = read_form(body)
    except BadForm:
        return
    assert isinstance(form.question, str)


def test_what_a_form_carries_is_bounded() -> None:
    body = "&".join(["asked=" + "a" * 9000 + "&answered=" + "b" * 9000] * 20)
    form = read_form(body.encode())
    turns = form.asked().history if not form.wrong() else ()
    assert len(form.earlier) == 2
    assert all(len(e.asked) == len(e.answered) == MAX_TURN for e in form.earlier)
    assert len(turns) <= MAX_HISTORY


def test_what_is_said_in_short_holds_only_whole_quotations(sample_answerer: Answerer) -> None:
    answer = answer_to(sample_answerer)
    for quotation in answer.quotations:
        assert f"“{quotation.text}”" in in_short(answer)


def test_the_text_is_word_for_word_and_cites(
    client: httpx.Client, sample_answerer: Answerer
) -> None:
    response = client.post("/answer.txt", data={"question": TRANSPORT})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    answer = answer_to(sample_answerer)
    assert response.text == as_text(answer, str(client.base_url).rstrip("/"))
    for quotation in answer.quotations:
        assert f"“{quotation.text}”\n" in response.text
        assert f"\n{answer.matches[quotation.match].citation.label}\n" in response.text
    assert "It is not advice" in response.text
    assert answer.notice in response.text


def test_the_table_has_a_row_for_each_quotation_and_paragraph(
    client: httpx.Client, sample_answerer: Answerer
) -> None:
    response = client.post("/answer.csv", data={"question": TRANSPORT})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    answer = answer_to(sample_answerer)
    assert [r["words"] for r in rows if r["what it is"] == "quotation"] == [
        q.text for q in answer.quotations
    ]
    assert [r["words"] for r in rows if r["what it is"] == "whole paragraph found"] == [
        m.text for m in answer.matches
    ]
    assert all(r["whose word it is"] and r["citation"] for r in rows)
    assert TRANSPORT not in response.text


def test_the_table_of_nothing_relevant_names_its_rows_so(sample_answerer: Answerer) -> None:
    answer = answer_to(sample_answerer, "recipe chocolate cake oven")
    rows = list(csv.DictReader(io.StringIO(as_csv(answer, "").removeprefix("\ufeff"))))
    assert {row["what it is"] for row in rows} == {"nearest, though not an answer"}
