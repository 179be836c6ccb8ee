"""Comparing two runs: each value worked out by hand, each chance counted out in full."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from math import log2
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corpus.files import read_file
from corpus.model import Role, Voice
from eval.asking import Asking, BadAsking, ask_once
from eval.cli import main
from eval.compare import RIGHTLY_SILENT, Comparison, change, compare, lines
from eval.gold import GoldQuestion, Relevant
from eval.runner import Asked, Found
from eval.runs import BadRun, Run, make_run, read_run
from service.answer import SnapshotInfo
from service.answering import Answerer

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
UNFOUND = GoldQuestion(
    id="chair",
    question="can a chair overrule the conference?",
    relevant=(Relevant("16_blue_badge.txt", 1, 3), Relevant("nowhere.txt", 1, 3)),
)


def made_run(ranks: Mapping[str, int | None], *, relevant_from: int = 2) -> Run:
    """A run in which the one paragraph that answers each question came at this rank, or not."""
    return Run(
        questions_from="made.jsonl",
        made=datetime(2024, 3, 12, tzinfo=UTC),
        snapshot=SnapshotInfo(
            id="made", decisions=1, passages=1, encoder="hashing", built="", sample=False
        ),
        relevant_from=relevant_from,
        questions=tuple(
            GoldQuestion(id=key, question=f"What of {key}?", relevant=(Relevant("a.txt", 1, 3),))
            for key in ranks
        ),
        asked=tuple(
            Asked(
                id=key,
                answered=True,
                confidence=0.5,
                found=tuple(
                    Found(
                        place="a.txt#1" if place == rank else f"b.txt#{place}",
                        allegation=False,
                        boilerplate=False,
                    )
                    for place in range(1, 11)
                ),
                quoted=(),
                inexact=0,
                allegations_quoted=0,
                milliseconds={"total": 1.0},
            )
            for key, rank in ranks.items()
        ),
        paragraphs={},
    )


def written(run: Run, path: Path) -> Path:
    path.write_bytes(msgspec.json.encode(run))
    return path


def test_a_change_is_the_mean_of_the_differences_over_the_questions_both_runs_have() -> None:
    c = change("RR", {"a": 1, "b": 0.5, "gone": 0}, {"b": 0.75, "a": 0.5, "new": 1})
    assert (c.measure, c.questions, c.before, c.after) == ("RR", 2, 0.75, 0.625)
    assert (c.difference.mean, c.difference.low, c.difference.high) == (-0.125, -0.5, 0.25)


@pytest.mark.parametrize(
    ("after", "p_lower", "p_either"),
    [
        ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 1 / 64, 2 / 64),
        ([1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 1.0, 2 / 64),
        ([0.0, 0.0, 0.0, 1.0, 1.0, 1.0], (1 + 6 + 15 + 20) / 64, 1.0),
        ([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 1.0, 1.0),
    ],
    ids=["a clear drop", "a clear gain", "mixed", "alike"],
)
def test_only_a_clear_drop_is_one_that_chance_seldom_gives(
    after: list[float], p_lower: float, p_either: float
) -> None:
    c = change("RR", dict.fromkeys("abcdef", 0.5), dict(zip("abcdef", after, strict=True)))
    assert (c.p_lower, c.p_either) == (p_lower, p_either)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 2), max_size=6))
def test_the_chance_is_that_of_all_signs_counted_out(pairs: list[tuple[int, int]]) -> None:
    differences = [new - old for old, new in pairs]
    sums = [
        sum(s * d for s, d in zip(signs, differences, strict=True))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    lower = sum(s <= sum(differences) for s in sums) / len(sums)
    higher = sum(s >= sum(differences) for s in sums) / len(sums)
    c = change(
        "RR",
        {str(n): old / 4 for n, (old, _) in enumerate(pairs)},
        {str(n): new / 4 for n, (_, new) in enumerate(pairs)},
    )
    assert c.p_lower == pytest.approx(lower)
    assert c.p_either == pytest.approx(min(1, 2 * min(lower, higher)))


def test_a_drop_of_a_single_question_proves_nothing() -> None:
    c = change("RR", {"a": 1}, {"a": 0})
    assert (c.difference.mean, c.p_lower, c.p_either) == (-1, 0.5, 1.0)


def test_runs_without_a_question_in_common_have_no_change() -> None:
    c = change("RR", {"a": 1}, {"b": 0})
    assert (c.questions, c.before, c.after, c.difference.mean, c.p_lower) == (0, 0, 0, 0, 1)


def test_many_questions_are_judged_by_the_same_resamples_each_time() -> None:
    before = {str(n): 0.5 for n in range(40)}
    after = dict.fromkeys(before, 0.4)
    assert change("RR", before, after).p_lower == 1 / 10_000
    mixed = {key: 0.6 if int(key) % 3 else 0.2 for key in before}
    first = change("RR", before, mixed)
    assert 0.05 < first.p_lower < 0.95
    assert first == change("RR", before, mixed)


def test_a_run_against_itself_changes_nothing() -> None:
    run = made_run({"a": 1, "b": 3, "c": None})
    comparison = compare(run, run)
    assert [c.measure for c in comparison.changes] == [
        "nDCG@10", "success@1", "recall@5", "recall@10", "RR", RIGHTLY_SILENT,
    ]  # fmt: skip
    for c in comparison.changes:
        assert (c.difference.mean, c.p_lower, c.p_either, c.questions) == (0, 1, 1, 3)
        assert c.before == c.after > 0
    assert comparison.gained == comparison.lost == ()
    assert comparison.only_before == comparison.only_after == ()


def test_gained_and_lost_are_listed_with_the_largest_first() -> None:
    before = made_run({"up": 3, "up most": None, "down": 1, "down most": 1, "same": 2})
    after = made_run({"same": 2, "down most": None, "down": 2, "up": 1, "up most": 1})
    comparison = compare(before, after)
    third, second = 1 / log2(4), pytest.approx(1 / log2(3), abs=1e-4)
    assert [(m.id, m.before, m.after) for m in comparison.gained] == [
        ("up most", 0, 1),
        ("up", third, 1),
    ]
    assert [(m.id, m.before, m.after) for m in comparison.lost] == [
        ("down most", 1, 0),
        ("down", 1, second),
    ]
    assert comparison.lost[0].question == "What of down most?"


def test_questions_of_one_run_only_are_named_and_not_compared() -> None:
    before = made_run({"both": 1, "old 2": None, "old 1": None})
    after = made_run({"new": None, "both": 1})
    comparison = compare(before, after)
    assert comparison.only_before == ("old 1", "old 2")
    assert comparison.only_after == ("new",)
    assert comparison.gained == comparison.lost == ()
    assert {c.questions for c in comparison.changes} == {1}
    assert {(c.before, c.after) for c in comparison.changes} == {(1, 1)}
    assert list(lines(comparison))[-2:] == [
        "asked only before, not compared: old 1, old 2",
        "asked only after, not compared: new",
    ]


def test_a_question_that_nothing_answers_counts_only_as_to_silence() -> None:
    answerable = made_run({"a": 1, "b": 1})
    first, second = answerable.questions
    questions = (first, msgspec.structs.replace(second, answerable=False, relevant=()))
    before = msgspec.structs.replace(answerable, questions=questions)
    silent = msgspec.structs.replace(before.asked[1], answered=False)
    after = msgspec.structs.replace(before, asked=(before.asked[0], silent))
    changes = {c.measure: c for c in compare(before, after).changes}
    right = changes.pop(RIGHTLY_SILENT)
    assert (right.questions, right.before, right.after) == (2, 0.5, 1)
    assert {c.questions for c in changes.values()} == {1}


def test_a_person_reads_each_change_with_its_interval_and_each_question_that_moved() -> None:
    printed = list(lines(compare(made_run({"a": 1}), made_run({"a": None}))))
    assert printed[0] == (
        "nDCG@10                  1.000 -> 0.000  -1.000 "
        "(95%: -1.000 to -1.000, p 1.000, 1 questions)"
    )
    assert printed[-3:] == ["gained: 0", "lost: 1", "  1.000 -> 0.000  a  What of a?"]


def test_a_run_keeps_the_words_of_all_that_was_found_or_wanted(sample_answerer: Answerer) -> None:
    run = make_run(sample_answerer, [UNFOUND], questions_from="q.jsonl", relevant_from=1)
    places = {f.place for f in run.asked[0].found}
    assert (run.questions, run.questions_from, run.relevant_from) == ((UNFOUND,), "q.jsonl", 1)
    assert run.snapshot == sample_answerer.snapshot
    assert "01_conference_chair.txt#29" in places
    assert "16_blue_badge.txt#1" not in places
    assert run.paragraphs.keys() == places | {"16_blue_badge.txt#1"}
    found = run.paragraphs["01_conference_chair.txt#29"]
    assert found.label == (
        "Exampleshire County Council (99 000 101), 12 March 2024, Not upheld, paragraph 29"
    )
    assert (found.role, found.voice) == (Role.FINDING, Voice.OMBUDSMAN)
    assert found.url is not None
    assert found.url.endswith("/child-protection/99-000-101")
    decision = read_file(SAMPLES / "16_blue_badge.txt")
    words = [p.words for _, p in decision.paragraphs() if p.number == 1]
    assert [run.paragraphs["16_blue_badge.txt#1"].text] == words


def test_a_run_is_read_as_it_was_written(tmp_path: Path, sample_answerer: Answerer) -> None:
    run = make_run(sample_answerer, [UNFOUND], questions_from="q.jsonl")
    assert read_run(written(run, tmp_path / "run.json")) == run


def test_what_is_no_run_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with pytest.raises(BadRun, match=r"run\.json.*No such file"):
        read_run(path)
    path.write_text('{"questions":')
    with pytest.raises(BadRun, match=r"run\.json: Input data was truncated"):
        read_run(path)
    path.write_text('{"questions_from": "q.jsonl"}')
    with pytest.raises(BadRun, match=r"run\.json: Object missing required field `made`"):
        read_run(path)
    run = made_run({"a": 1, "b": 2})
    first, second = run.asked
    twice = msgspec.structs.replace(run, questions=(run.questions[0],) * 2, asked=(first, first))
    with pytest.raises(BadRun, match="two questions have one id"):
        read_run(written(twice, path))
    for asked in ((first,), (second, first)):
        with pytest.raises(BadRun, match="do not go together"):
            read_run(written(msgspec.structs.replace(run, asked=asked), path))


def test_the_command_compares_two_printed_runs(tmp_path: Path) -> None:
    before, after = made_run({"a": 1, "b": 4}), made_run({"a": None, "b": 2})
    files = [str(written(before, tmp_path / "1.json")), str(written(after, tmp_path / "2.json"))]
    done = CliRunner().invoke(main, ["compare", *files])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == list(lines(compare(before, after)))
    printed = CliRunner().invoke(main, ["compare", "--json", *files]).stdout_bytes
    assert msgspec.json.decode(printed, type=Comparison) == compare(before, after)


def test_the_command_says_in_one_line_what_is_no_run(tmp_path: Path) -> None:
    good, bad = written(made_run({"a": 1}), tmp_path / "1.json"), tmp_path / "2.json"
    bad.write_text("[]")
    done = CliRunner().invoke(main, ["compare", str(good), str(bad)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {bad}: Expected `object`, got `array`")


@pytest.mark.parametrize(
    ("questions", "decisions", "beir"),
    [
        (None, (), None),
        (Path("q.jsonl"), (), None),
        (None, (SAMPLES,), None),
        (Path("q.jsonl"), (SAMPLES,), Path("folder")),
        (Path("q.jsonl"), (), Path("folder")),
        (None, (SAMPLES,), Path("folder")),
    ],
)
def test_it_must_be_clear_what_is_asked_of_what(
    questions: Path | None, decisions: tuple[Path, ...], beir: Path | None
) -> None:
    with pytest.raises(BadAsking, match="either --questions and --decisions, or --beir"):
        ask_once(Asking(questions=questions, decisions=decisions, beir=beir, encoder="hashing"))
