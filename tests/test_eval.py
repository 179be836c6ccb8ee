"""The evaluation: its measures against values worked out by hand, and its judge against gold."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from eval.corpus_gold import read_gold
from eval.corpus_scores import score_corpus, summary
from eval.gold import BadGold, GoldQuestion, Relevant, read_questions
from eval.metrics import estimate, score
from eval.runner import Asked, Found, ask_all
from service.answering import Answerer

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
GOLD = ROOT / "eval" / "data" / "samples"
EVAL = Path(sys.executable).parent / "upheld-eval"


def question(name: str, *grades: tuple[str, int], answerable: bool = True) -> GoldQuestion:
    relevant = tuple(
        Relevant(place.split("#")[0], int(place.split("#")[1]), grade) for place, grade in grades
    )
    return GoldQuestion(id=name, question=name, relevant=relevant, answerable=answerable)


def asked(name: str, *places: str, confidence: float = 0.5, answered: bool = True) -> Asked:
    return Asked(
        id=name,
        answered=answered,
        confidence=confidence,
        found=tuple(Found(place=p, allegation=False, boilerplate=False) for p in places),
        quoted=places[:1],
        inexact=0,
        allegations_quoted=0,
        milliseconds={"total": 1.0},
    )


def test_measures_are_those_worked_out_by_hand() -> None:
    gold = [question("dev-1", ("a#1", 3), ("a#2", 2), ("a#3", 1))]
    scores = score(gold, [asked("dev-1", "a#9", "a#2", "a#1")])
    got = 3 / math.log2(3) + 7 / math.log2(4)
    best = 7 / math.log2(2) + 3 / math.log2(3) + 1 / math.log2(4)
    values = scores.per_question["dev-1"]
    assert values["nDCG@10"] == pytest.approx(got / best, abs=1e-4)
    assert values["success@1"] == 0
    assert values["recall@5"] == 1
    assert values["RR"] == pytest.approx(1 / 2)
    assert scores.quotations_right == 0


def test_a_question_without_a_result_counts_as_nought() -> None:
    gold = [question("q1", ("a#1", 3)), question("q2", ("a#1", 3))]
    scores = score(gold, [asked("q1", "a#1"), asked("q2")])
    assert scores.per_question["q2"] == dict.fromkeys(scores.measures, 0.0)
    assert scores.measures["success@1"].mean == 0.5


def test_a_file_whose_name_holds_spaces_is_scored_like_any() -> None:
    gold = [question("q1", ("a b.txt#1", 3))]
    assert score(gold, [asked("q1", "a b.txt#1")]).measures["nDCG@10"].mean == 1


def test_abstention_is_measured_beside_the_length_of_the_question() -> None:
    gold = [
        question("a", ("a#1", 3)),
        question("bb", ("a#1", 3)),
        question("ccc", answerable=False),
        question("dddd", answerable=False),
    ]
    runs = [
        asked("a", "a#1", confidence=0.9),
        asked("bb", "a#1", confidence=0.4, answered=False),
        asked("ccc", "a#1", confidence=0.5),
        asked("dddd", confidence=0.1, answered=False),
    ]
    abstention = score(gold, runs).abstention
    assert abstention is not None
    assert abstention.area == pytest.approx(3 / 4)
    assert abstention.length_area == 1
    assert abstention.answered_wrongly == 0.5
    assert abstention.refused_wrongly == 0.5
    assert abstention.false_answers == 0.5


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    first = estimate([0.0, 1.0, 1.0, 0.5])
    assert first == estimate([0.0, 1.0, 1.0, 0.5])
    assert first.low <= first.mean == 0.625 <= first.high


def test_the_runner_asks_as_the_service_answers(sample_answerer: Answerer) -> None:
    gold = question("can a chair overrule the conference?", ("01_conference_chair.txt#29", 3))
    (row,) = ask_all(sample_answerer, [gold])
    assert row.found[0].place.startswith("0")
    assert "01_conference_chair.txt#29" in [f.place for f in row.found]
    assert row.inexact == row.allegations_quoted == 0
    assert len(row.quoted) >= 1


def test_a_bad_question_file_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    row = {"id": "a", "question": "why?", "relevant": []}
    path.write_text(json.dumps(row) + "\n{}\n")
    with pytest.raises(BadGold, match=r"line 2.*question|line 2.*id"):
        read_questions(path)
    path.write_text(f"{json.dumps(row)}\n{json.dumps(row)}\n")
    with pytest.raises(BadGold, match="line 2: the id a comes twice"):
        read_questions(path)


def test_the_samples_are_read_as_labelled_by_hand() -> None:
    scores = score_corpus(SAMPLES, read_gold(GOLD))
    assert scores.headers.share == scores.paragraphs.share == 1
    assert scores.role.share >= 0.95
    assert scores.voice.share >= 0.90
    assert scores.boilerplate.f1 >= 0.95
    assert scores.payments.f1 == 1
    assert scores.remedies.f1 >= 0.9


@pytest.mark.parametrize(
    ("name", "role", "voice"), [("variety", 0.95, 0.90), ("unseen", 0.90, 0.90)]
)
def test_decisions_of_other_wordings_are_read_as_labelled_by_hand(
    name: str, role: float, voice: float
) -> None:
    folder = ROOT / "eval" / "data" / name
    scores = score_corpus(folder, read_gold(folder))
    assert scores.headers.share == scores.paragraphs.share == 1
    assert scores.role.share >= role
    assert scores.voice.share >= voice
    assert scores.boilerplate.f1 >= 0.95


def test_the_real_decisions_are_read_as_labelled_by_hand(shared: Path) -> None:
    scores = score_corpus(shared / "decisions", read_gold(shared / "gold"))
    assert (scores.paragraphs.right, scores.paragraphs.of) == (211, 211)
    assert scores.role.share >= 0.95
    assert scores.voice.share >= 0.90
    assert scores.boilerplate.f1 >= 0.95
    assert (scores.payments.right, scores.payments.wrong, scores.payments.missed) == (2, 0, 0)
    assert scores.remedies.f1 >= 0.9


def test_a_decision_that_is_not_read_counts_as_all_wrong(tmp_path: Path) -> None:
    scores = score_corpus(tmp_path, read_gold(GOLD))
    assert scores.paragraphs.right == scores.role.right == scores.headers.right == 0
    assert scores.paragraphs.of == 615
    assert summary(scores)["role"] == {"right": 0, "of": 615, "share": 0.0}


def test_the_command_prints_the_measure() -> None:
    done = subprocess.run(
        [EVAL, "corpus", "--decisions", SAMPLES, "--gold", GOLD, "--json"],
        capture_output=True,
        check=True,
    )
    printed = json.loads(done.stdout)
    assert printed["paragraphs"]["share"] == 1
    assert {"precision", "recall", "f1"} <= printed["remedies"].keys()
    assert ["finding", "finding"] in [row[:2] for row in printed["role_confusion"]]


def test_the_standard_paragraphs_are_listed_with_their_counts() -> None:
    done = subprocess.run(
        [EVAL, "standard", "--decisions", SAMPLES, "--json"], capture_output=True, check=True
    )
    groups = [json.loads(line) for line in done.stdout.splitlines()]
    counts = [group["count"] for group in groups]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] >= 15
    assert all(len({place[0] for place in g["places"]}) == g["count"] for g in groups)


def test_a_run_over_the_sample_is_scored_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    rows = [
        {
            "id": "q-1",
            "question": "can a chair overrule the conference?",
            "relevant": [{"file": "01_conference_chair.txt", "paragraph": 29, "grade": 3}],
        },
        {"id": "q-2", "question": "lasagne recipe", "relevant": [], "answerable": False},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    done = subprocess.run(
        [
            EVAL,
            "run",
            "--questions",
            path,
            "--decisions",
            SAMPLES,
            "--encoder",
            "hashing",
            "--json",
        ],
        capture_output=True,
        check=True,
    )
    printed = json.loads(done.stdout)
    scores = printed["scores"]
    assert (scores["answerable"], scores["unanswerable"]) == (1, 1)
    assert scores["measures"]["nDCG@10"]["mean"] > 0
    assert scores["quotations_inexact"] == 0
    assert [q["id"] for q in printed["questions"]] == ["q-1", "q-2"]
    assert "01_conference_chair.txt#29" in printed["paragraphs"]
