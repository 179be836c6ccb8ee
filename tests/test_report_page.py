"""The report page: what it says of runs made by hand, and that it needs nothing but itself."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from lxml import html
from msgspec.structs import replace

from corpus.model import Role, Voice
from eval.charts import bins, reliability_chart
from eval.gold import GoldQuestion, Relevant
from eval.report_page import report_page
from eval.runner import Asked, Found
from eval.runs import Run, Shown, make_run
from service.answer import SnapshotInfo
from service.answering import Answerer
from service.questions import Turn

HOSTILE = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"&amp;{{ 7 * 7 }}"

Case = tuple[GoldQuestion, Asked]


def case(name: str, found: Sequence[int], *grades: tuple[int, int], sure: float = 0.5) -> Case:
    """A question and what came of it: without a grade nothing answers it, if unsure it is not."""
    places = [f"a.txt#{number}" for number in found]
    return GoldQuestion(
        id=name,
        question="why?",
        relevant=tuple(Relevant("a.txt", number, grade) for number, grade in grades),
        persona="parent",
        kind="law" if grades else "near_miss",
        answerable=bool(grades),
    ), Asked(
        id=name,
        answered=sure >= 0.3,
        confidence=sure,
        found=tuple(Found(place=p, allegation=False, boilerplate=False) for p in places),
        quoted=tuple(places[:1]),
        inexact=0,
        allegations_quoted=0,
        milliseconds={"encode": 2.0, "total": 8.0},
    )


def shown(number: int, text: str = "", url: str | None = None) -> Shown:
    label, words = f"Madeup Council, paragraph {number}", text or f"Words of {number}."
    return Shown(label=label, text=words, role=Role.FINDING, voice=Voice.THIRD_PARTY, url=url)


def run(*cases: Case, first: Shown | None = None) -> Run:
    return Run(
        questions_from="made.jsonl",
        made=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        snapshot=SnapshotInfo(
            id="abc123", decisions=5, passages=217, encoder="hashing", built="2026", sample=False
        ),
        questions=tuple(q for q, _ in cases),
        asked=tuple(a for _, a in cases),
        paragraphs={f"a.txt#{n}": (n == 1 and first) or shown(n) for n in range(1, 20)},
    )


def many(values: Sequence[bool]) -> Run:
    """Questions that have their relevant paragraph first, or not at all."""
    return run(*(case(f"q{n}", [1] if good else [2], (1, 3)) for n, good in enumerate(values)))


MIXED = run(
    case("first", [1, 2], (1, 3), sure=0.8),
    case("third", [4, 5, 9], (9, 2), (1, 3), (2, 1), sure=0.6),
    case("never", [4], (12, 3), sure=0.7),
    case("away", [3], (3, 2), sure=0.1),
    case("sure", [7], sure=0.9),
    case("unsure", [8], sure=0.4),
    case("silent", [], sure=0.2),
)


def page_of(now: Run, before: Run | None = None) -> html.HtmlElement:
    return html.document_fromstring(report_page(now, before))


def told(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def cells(page: html.HtmlElement, caption: str) -> dict[str, list[str]]:
    """The rows of the table with that caption, by their first cell."""
    (table,) = [t for t in page.iter("table") if told(t.find("caption")).startswith(caption)]
    return {
        told(row.find("th")): [told(cell) for cell in row.findall("td")]
        for row in table.find("tbody").findall("tr")
    }


def failed(page: html.HtmlElement) -> dict[str, list[str]]:
    """The ids of the failed questions by the heading that they stand under."""
    groups = page.find_class("group")
    return {told(group.find("h3")): [told(name) for name in group.iter("h4")] for group in groups}


def linked(page: html.HtmlElement, words: str) -> html.HtmlElement:
    """What the link with those words leads to."""
    (link,) = [a for a in page.iter("a") if told(a) == words]
    return page.get_element_by_id(str(link.get("href")).removeprefix("#"))


def assert_sound(page: html.HtmlElement, publisher: str = "#") -> None:
    """Links resolve, nothing is loaded or run, and what reads the page aloud finds its way."""
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = page.xpath("//@*[contains(name(), 'href') or contains(name(), 'src')]")
    assert all(t.startswith(("#", publisher)) for t in targets)
    inside = {t.removeprefix("#") for t in targets if t.startswith("#")}
    assert inside | set(page.xpath("//@aria-labelledby")) <= set(ids)
    assert not page.xpath("//script | //link | //img | //iframe | //object | //form | //base")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    source = html.tostring(page, encoding="unicode")
    assert "@import" not in source
    assert source.count("url(") == source.count("url(#")
    assert page.get("lang") == "en-GB"
    levels = [int(e.tag[1]) for e in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not page.xpath("//table[not(parent::div[@role='region' and @tabindex='0'])]")
    for region in page.find_class("scroll"):
        assert region.get("aria-label") == told(region.find("table/caption"))
    assert set(page.xpath("//thead//th/@scope")) == {"col"}
    assert not page.xpath("//th[not(@scope)] | //tbody//th[@scope != 'row']")
    assert not page.xpath("//svg[not(@role = 'img' and string-length(@aria-label) > 20)]")


@pytest.mark.parametrize(
    ("now", "before"),
    [(MIXED, None), (MIXED, many([True, False])), (many([True]), None), (run(), None)],
)
def test_a_page_is_sound_and_the_same_each_time(now: Run, before: Run | None) -> None:
    assert report_page(now, before) == report_page(now, before)
    assert_sound(page_of(now, before))


def test_a_page_of_real_answers_is_sound(sample_answerer: Answerer) -> None:
    wanted = (Relevant("01_conference_chair.txt", 29, 3),)
    gold = [GoldQuestion(w, w, wanted) for w in ("may a chair overrule?", "who pays the bus?")]
    page = page_of(make_run(sample_answerer, gold, questions_from="made.jsonl"))
    assert_sound(page, "https://upheld.example/decisions/")
    assert "who pays the bus?" in [name for names in failed(page).values() for name in names]


def test_the_head_says_what_was_run_and_what_before() -> None:
    old = replace(MIXED, questions_from="old.jsonl", relevant_from=3)
    rows = cells(page_of(MIXED, old), "What was asked")
    assert rows["Questions"] == ["made.jsonl", "old.jsonl"]
    assert rows["Made"] == ["2026-01-02 03:04 UTC"] * 2
    assert rows["Counts as relevant"] == ["from grade 2", "from grade 3"]
    assert rows["Snapshot"] + rows["Passages"] == ["abc123", "abc123", "217", "217"]
    assert cells(page_of(MIXED), "What was asked")["Encoder"] == ["hashing"]


def test_figures_are_those_of_the_run() -> None:
    page = page_of(MIXED)
    assert "Of 4 questions that something answers, 2 had a relevant paragraph first" in told(page)
    assert "Of 3 that nothing answers, 2 were answered." in told(page)
    measures = cells(page, "Means over 4 answerable questions")
    assert [measures["success@1"][0], measures["RR"][0]] == ["0.500", f"{(2 + 1 / 3) / 4:.3f}"]
    parents = cells(page, "Answerable questions by persona")["parent"]
    assert [parents[0], parents[2]] == ["4", "0.500"]
    assert cells(page, "Unanswerable by kind")["near miss"][:2] == ["3", "2"]
    silence = cells(page, "Telling what nothing answers")
    assert silence["Unanswerable that were answered"] == ["66.7%"]
    assert silence["Answerable that were turned away"] == ["25.0%"]
    assert cells(page, "Milliseconds")["total"] == ["8.0", "8.0", "8.0"]
    assert cells(page, "Quotations")["Given"] == ["6"]


@pytest.mark.parametrize(
    ("before", "now", "difference", "reading"),
    [
        ([False] * 8, [True] * 7 + [False], "+0.875", "higher"),
        ([True] * 8, [False] * 8, "−1.000", "lower"),
        ([True, False] * 4, [False, True] * 4, "0.000", "no clear change"),
        ([True] * 8, [True] * 8, "0.000", "no clear change"),
    ],
)
def test_a_difference_is_named_only_when_its_interval_excludes_nought(
    before: list[bool], now: list[bool], difference: str, reading: str
) -> None:
    page = page_of(many(now), many(before))
    row = cells(page, "Question by question")["success@1"]
    assert [row[0], row[3], row[-1]] == ["8", difference, reading]
    assert f"success@1 {reading};" in told(page)


def test_only_questions_that_both_runs_asked_are_compared() -> None:
    page = page_of(many([True] * 5), many([False] * 3))
    assert cells(page, "Question by question")["success@1"][:3] == ["3", "0.000", "1.000"]
    assert "2 only in this run and 0 only in the one before" in told(page)
    regraded = told(page_of(many([True]), run(case("q0", [1], (1, 2)))))
    assert "1 in both, but with other words or other relevant paragraphs" in regraded
    none = cells(page_of(MIXED, many([True])), "Question by question")
    assert none["RR"][-1] == "not asked in both"


def test_each_failure_stands_once_under_what_is_worst_about_it() -> None:
    assert failed(page_of(MIXED)) == {
        "The first paragraph is not relevant, worst nDCG@10 first: 2": ["never", "third"],
        "The first paragraph is relevant, but turned away, least sure first: 1": ["away"],
        "Nothing answers them, but answered, surest first: 2": ["sure", "unsure"],
    }


def test_a_failure_shows_what_was_found_and_what_was_wanted() -> None:
    page = page_of(MIXED, MIXED)
    words = told(page.get_element_by_id("question-2"))
    worth = f"{3 / math.log2(4) / (7 + 3 / math.log2(3) + 1 / math.log2(4)):.3f}"
    assert f"parent, law. nDCG@10 {worth}, before {worth}. First relevant paragraph at" in words
    assert "Confidence 0.600, answered." in words
    assert "finding, word of: third party, not graded, quoted a.txt#4 Words of 4." in words
    assert "finding, word of: third party, grade 2 a.txt#9" in words
    wanted = map(told, page.get_element_by_id("question-2").find(".//ul").iter("li"))
    assert [w.split("third party, ")[1] for w in wanted] == [
        "grade 3, not found a.txt#1 Words of 1.",
        "grade 2, found at rank 3 a.txt#9 Words of 9.",
    ]
    assert "Nothing: the decisions do not answer it." in told(page.get_element_by_id("question-5"))


def test_a_paragraph_is_linked_to_the_whole_of_it_and_back_and_to_the_publishers_page() -> None:
    long, url = "word " * 200 + "end", "https://ombudsman.example/1?a=1&b=2"
    page = page_of(run(case("q", [1], (2, 3)), first=shown(1, long, url)))
    assert_sound(page, publisher=url)
    entry = linked(page, "Madeup Council, paragraph 1")
    assert told(entry.find("blockquote")) == long
    assert told(entry).endswith("Named by q.")
    assert [a.get("href") for a in entry.iter("a")] == [url, "#question-1"]
    assert "end" not in told(page.get_element_by_id("question-1"))


def test_a_paragraph_that_is_not_in_the_run_is_told_to_be_missing() -> None:
    gold, asked = case("q", [1], (2, 3))
    page = page_of(run((replace(gold, relevant=(Relevant("absent.txt", 3, 3),)), asked)))
    assert_sound(page)
    assert "not among the decisions that were searched" in told(linked(page, "absent.txt#3"))


def test_hostile_words_are_shown_as_words() -> None:
    gold, asked = case(HOSTILE, [1], (2, 3))
    turn = Turn(role="user", content=HOSTILE)
    gold = replace(gold, question=HOSTILE, persona=HOSTILE, history=(turn,))
    first = replace(shown(1, HOSTILE), label=HOSTILE, url="javascript:alert(3)")
    bad = replace(run((gold, asked), first=first), questions_from=HOSTILE)
    page = page_of(bad, bad)
    assert_sound(page)
    question_part = page.get_element_by_id("question-1")
    assert told(question_part.find_class("asked")[0]) == HOSTILE
    assert told(question_part.find_class("history")[0]) == f"Asked before: {HOSTILE}"
    assert told(page.find(".//blockquote")) == HOSTILE
    assert "javascript:" not in html.tostring(page, encoding="unicode")


def test_a_run_without_a_failure_says_so() -> None:
    page = page_of(many([True, True]))
    assert [title[-3:] for title in failed(page)] == [": 0"] * 3
    assert "None: no question failed." in told(page)
    assert "there is nothing to tell apart" in told(page)


def test_ranks_are_counted_up_to_ten_and_beyond() -> None:
    places = ([1], [2, 1], [2, 3, 4, 1], [2, 3, 4, 5, 1], [*range(2, 12), 1], [2])
    made = run(*(case(f"q{n}", found, (1, 2)) for n, found in enumerate(places)))
    counts = {"1": 1, "2": 1, "3": 0, "4–5": 2, "6–10": 0, "11 on": 1, "not found": 1}
    rows = cells(page_of(made), "Where the first relevant")
    assert rows == {name: [str(count)] for name, count in counts.items()}
    assert "11 on" not in cells(page_of(MIXED), "Where the first relevant")


def test_bins_hold_like_confidences_together_and_count_what_was_truly_right() -> None:
    wrong = [case(f"l{n}", [2], (1, 3), sure=0.2) for n in range(15)]
    right = [case(f"h{n}", [1], (1, 3), sure=0.8) for n in range(4)]
    low, high = bins(run(*wrong, *right, case("no", [1], sure=0.6)))
    assert (low.low, low.high, low.questions, low.right) == (0.2, 0.2, 15, 0)
    # Worked out with Wilson's formula: z²/(n + z²) for 0 of n.
    assert low.interval == pytest.approx((0, 1.96**2 / (15 + 1.96**2)), abs=1e-4)
    assert (high.low, high.high, high.questions, high.right) == (0.6, 0.8, 5, 4)
    assert high.mean == pytest.approx((4 * 0.8 + 0.6) / 5)


@pytest.mark.parametrize(
    ("confidence", "drawn"), [(1.0, True), (0.0, True), (7.5, False), (-1.0, False)]
)
def test_the_diagonal_is_drawn_only_where_confidences_are_shares(
    confidence: float, drawn: bool
) -> None:
    chart = reliability_chart(run(case("q", [1], (1, 3), sure=confidence)))
    assert ('id="reliability-diagonal"' in chart.svg) is drawn
    assert ("no line shows" in chart.told) is not drawn
