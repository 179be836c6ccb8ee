"""TREC files: what is written, word for word, and runs scored as worked out by hand."""

import math
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import GoldQuestion, Relevant
from eval.runner import Asked, Found
from eval.runs import Run
from eval.trec import BadTrec, read_trec, write_trec
from service.answer import SnapshotInfo


def question(name: str, *relevant: Relevant, answerable: bool = True) -> GoldQuestion:
    return GoldQuestion(id=name, question="why?", relevant=relevant, answerable=answerable)


def run(*pairs: tuple[GoldQuestion, tuple[str, ...]]) -> Run:
    return Run(
        questions_from="made.jsonl",
        made=datetime(2026, 1, 2, tzinfo=UTC),
        snapshot=SnapshotInfo(
            id="s1", decisions=1, passages=2, encoder="hashing", built="2026", sample=False
        ),
        questions=tuple(q for q, _ in pairs),
        asked=tuple(
            Asked(
                id=q.id,
                answered=True,
                confidence=0.5,
                found=tuple(Found(place=p, allegation=False, boilerplate=False) for p in places),
                quoted=(),
                inexact=0,
                allegations_quoted=0,
                milliseconds={},
            )
            for q, places in pairs
        ),
        paragraphs={},
    )


def files(folder: Path, found: str, judged: str) -> tuple[Path, Path]:
    (folder / "their.run").write_text(found)
    (folder / "their.qrels").write_text(judged)
    return folder / "their.run", folder / "their.qrels"


def test_a_run_is_written_with_white_space_in_names_encoded(tmp_path: Path) -> None:
    done = run(
        (question("q 1", Relevant("a b%.txt", 2, 3)), ("a b%.txt#2", "c.txt#1")),
        (question("q2", Relevant("c.txt", 1, 2)), ()),
        (question("none", Relevant("c.txt", 1, 1), answerable=False), ("c.txt#1",)),
    )
    write_trec(done, tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / "run.trec").read_text() == (
        "q%201 Q0 a%20b%25.txt#2 1 2 upheld-hashing\n"
        "q%201 Q0 c.txt#1 2 1 upheld-hashing\n"
        "none Q0 c.txt#1 1 1 upheld-hashing\n"
    )
    assert (tmp_path / "new" / "folder" / "qrels.trec").read_text() == (
        "q%201 0 a%20b%25.txt#2 3\nq2 0 c.txt#1 2\n"
    )


def test_what_was_written_is_scored_as_the_run_itself(tmp_path: Path) -> None:
    done = run(
        (question("1", Relevant("a", 1, 3), Relevant("a", 2, 2)), ("a#9", "a#2", "a#1")),
        (question("2", Relevant("a", 1, 3)), ()),
        (question("3", answerable=False), ("a#1",)),
    )
    write_trec(done, tmp_path)
    scores = read_trec(tmp_path / "run.trec", tmp_path / "qrels.trec", 2)
    assert scores.questions == 2
    assert scores.per_question == done.scores.per_question
    assert scores.measures == done.scores.measures
    assert scores.per_question["1"]["RR"] == 0.5


def test_another_systems_run_is_scored_by_score_then_by_rank(tmp_path: Path) -> None:
    # The rank says otherwise than the score for b#1; b#2 and b#3 have one score.
    found = "q Q0 b#3 2 1.5 x\nq Q0 b#2 1 1.5 x\n\nq Q0 b#1 9 7e0 50%off\nnot-judged Q0 b#1 1 1 x\n"
    scores = read_trec(*files(tmp_path, found, "q 0 b#2 1\nq 0 b#3 2\nsilent 0 b#1 1\n"), 1)
    got = 1 / math.log2(3) + 3 / math.log2(4)
    best = 3 / math.log2(2) + 1 / math.log2(3)
    assert scores.per_question["q"]["nDCG@10"] == pytest.approx(got / best, abs=1e-4)
    assert scores.per_question["q"]["RR"] == 0.5
    assert scores.per_question["q"]["success@1"] == 0
    assert scores.per_question["silent"] == dict.fromkeys(scores.measures, 0.0)
    assert scores.measures["RR"].mean == 0.25
    assert scores.per_question.keys() == {"q", "silent"}


def test_a_grade_is_relevant_only_from_the_one_that_is_given(tmp_path: Path) -> None:
    paths = files(tmp_path, "q Q0 b#1 1 1 x\n", "q 0 b#1 1\nq 0 b#2 -2\n")
    assert read_trec(*paths, 1).measures["success@1"].mean == 1
    assert read_trec(*paths, 2).measures["success@1"].mean == 0


def test_a_mark_at_the_start_of_a_file_is_no_part_of_the_first_id(tmp_path: Path) -> None:
    paths = files(tmp_path, "\ufeffq Q0 b#1 1 1 x\n", "q 0 b#1 1\n")
    assert read_trec(*paths, 1).measures["success@1"].mean == 1


def test_an_empty_run_scores_nought(tmp_path: Path) -> None:
    assert read_trec(*files(tmp_path, "", "q 0 b#1 1\n"), 1).measures["recall@10"].mean == 0


@pytest.mark.parametrize(
    ("found", "judged", "told"),
    [
        (
            "q Q0 b#1 1 1 x\nq Q0 a b#1 1 1 x\n",
            "q 0 b#1 1\n",
            r"their\.run line 2: it has 7 fi.*%20",
        ),
        (
            "q Q0 b#1 1 high x\n",
            "q 0 b#1 1\n",
            r"their\.run line 1: the score high is not a number",
        ),
        ("q Q0 b#1 1 nan x\n", "q 0 b#1 1\n", r"their\.run line 1: the score nan is not a number"),
        ("q Q0 b#1 1.5 1 x\n", "q 0 b#1 1\n", r"their\.run line 1: the rank 1\.5 is not a whole"),
        ("\nq Q0 b 1 1 x\n", "q 0 b#1 1\n", r"their\.run line 2: b is not a file and a para"),
        (
            "q Q0 b#1 1 2 x\nq Q0 b#01 2 1 x\n",
            "q 0 b#1 1\n",
            r"their\.run line 2: b#01 is found twi",
        ),
        ("q Q0 %ff#1 1 1 x\n", "q 0 b#1 1\n", r"their\.run line 1: it is not UTF-8"),
        ("q Q0 b#1 1 1 x\n", "q 0 b#1\n", r"their\.qrels line 1: it has 3 fields"),
        ("q Q0 b#1 1 1 x\n", "q 0 b#1 good\n", r"their\.qrels line 1: the grade good is not a w"),
        ("q Q0 b#1 1 1 x\n", "q 0 b#1 1\nq 0 b#1 2\n", r"their\.qrels line 2: b#1 is judged twice"),
        ("q Q0 b#1 1 1 x\n", "\n", r"their\.qrels: there is no judgement in it"),
        ("p Q0 b#1 1 1 x\n", "q 0 b#1 1\n", r"their\.run: .*their\.qrels judges none .* such as p"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_line(
    tmp_path: Path, found: str, judged: str, told: str
) -> None:
    with pytest.raises(BadTrec, match=told):
        read_trec(*files(tmp_path, found, judged), 1)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTrec, match=r"absent\.trec: No such file"):
        read_trec(tmp_path / "run.trec", tmp_path / "absent.trec", 1)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (question("q7"), "question q7 of made.jsonl is answerable but no paragraph is graded"),
        (question("", Relevant("a", 1, 3)), "question 1 of made.jsonl has no id"),
    ],
)
def test_what_the_form_cannot_say_is_refused_and_nothing_written(
    tmp_path: Path, bad: GoldQuestion, told: str
) -> None:
    with pytest.raises(BadTrec, match=told):
        write_trec(run((bad, ("a#1",))), tmp_path)
    assert list(tmp_path.iterdir()) == []


_names = st.text(st.characters(codec="utf-8"), min_size=1)


@given(name=_names, file=_names)
def test_any_name_of_a_file_or_question_is_read_back_as_it_was(name: str, file: str) -> None:
    done = run((question(name, Relevant(file, 3, 2)), (f"{file}#4", f"{file}#3")))
    with TemporaryDirectory() as folder:
        write_trec(done, Path(folder))
        lines = (Path(folder) / "run.trec").read_bytes().decode().splitlines()
        scores = read_trec(Path(folder) / "run.trec", Path(folder) / "qrels.trec", 2)
    assert [len(line.split()) for line in lines] == [6, 6]
    assert scores.per_question.keys() == {name}
    assert scores.per_question[name]["RR"] == 0.5
    assert scores.per_question[name]["nDCG@10"] == pytest.approx(1 / math.log2(3), abs=1e-4)
