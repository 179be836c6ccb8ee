"""The gate: what may pass, what may not, and what it asks for where it cannot tell."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from corpus.files import read_file
from corpus.model import Role
from eval.cli import main
from eval.compare import RIGHTLY_SILENT
from eval.gate import BadBaseline, judge, level, lines, read_baseline, write_baseline
from tests.test_compare import made_run

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
CHAIR, BADGE = "01_conference_chair.txt", "16_blue_badge.txt"
GOOD = made_run(dict.fromkeys("abcdef", 1))


def test_the_run_that_the_baseline_was_taken_of_passes() -> None:
    run = made_run({"a": 1, "b": 3, "c": 7, "d": None})
    verdict = judge("made", run, level(run))
    assert verdict.faults == ()
    assert {(c.difference.mean, c.p_lower) for c in verdict.changes} == {(0, 1)}
    assert next(lines(verdict)) == "made: passed"


def test_a_drop_that_chance_seldom_gives_fails_each_measure_that_fell() -> None:
    verdict = judge("made", made_run(dict.fromkeys("abcdef", 2)), level(GOOD))
    assert verdict.faults == (
        "nDCG@10 fell from 1.000 to 0.631 (p 0.016)",
        "success@1 fell from 1.000 to 0.000 (p 0.016)",
        "RR fell from 1.000 to 0.500 (p 0.016)",
    )
    printed = list(lines(verdict))
    assert printed[0] == "made: FAILED"
    assert printed[1] == "  nDCG@10                  1.000 -> 0.631  (p of a drop 0.016)"
    assert printed[-3:] == [f"  {fault}" for fault in verdict.faults]


def test_a_drop_that_may_be_chance_passes() -> None:
    one_lost = made_run({key: None if key == "a" else 1 for key in "abcdef"})
    verdict = judge("made", one_lost, level(GOOD))
    assert verdict.faults == ()
    assert {c.difference.mean < 0 and c.p_lower for c in verdict.changes} == {False, 0.5}


def test_a_gain_passes_however_clear() -> None:
    verdict = judge("made", GOOD, level(made_run(dict.fromkeys("abcdef"))))
    assert verdict.faults == ()
    assert {c.difference.mean for c in verdict.changes if c.measure != RIGHTLY_SILENT} == {1}


def test_answering_what_nothing_answers_is_a_drop() -> None:
    questions = tuple(
        msgspec.structs.replace(q, answerable=False, relevant=()) for q in GOOD.questions
    )
    silent = tuple(msgspec.structs.replace(a, answered=False) for a in GOOD.asked)
    before = msgspec.structs.replace(GOOD, questions=questions, asked=silent)
    after = msgspec.structs.replace(GOOD, questions=questions)
    assert judge("made", after, level(before)).faults == (
        f"{RIGHTLY_SILENT} fell from 1.000 to 0.000 (p 0.016)",
    )


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"inexact": 1}, "quotations not word for word: 1"),
        ({"allegations_quoted": 1}, "quotations of what was alleged: 1"),
    ],
)
def test_one_bad_quotation_fails_whatever_the_measures_say(
    fault: dict[str, int], said: str
) -> None:
    first, *others = GOOD.asked
    bad = msgspec.structs.replace(GOOD, asked=(msgspec.structs.replace(first, **fault), *others))
    assert judge("made", bad, level(GOOD)).faults == (said,)


@pytest.mark.parametrize("ids", ["abcde", "abcdefg", "abcdeg"])
def test_a_baseline_of_other_questions_is_refused_with_what_to_run(ids: str) -> None:
    with pytest.raises(BadBaseline, match="of made is of other questions") as refused:
        judge("made", GOOD, level(made_run(dict.fromkeys(ids, 1))))
    assert "'upheld-eval compare'" in str(refused.value)
    assert "'upheld-eval gate --accept'" in str(refused.value)


def test_a_baseline_of_other_judgements_or_words_is_refused() -> None:
    first, *others = GOOD.questions
    for other in (
        msgspec.structs.replace(first, question="What else?"),
        msgspec.structs.replace(
            first, relevant=(msgspec.structs.replace(first.relevant[0], grade=1),)
        ),
    ):
        run = msgspec.structs.replace(GOOD, questions=(other, *others))
        with pytest.raises(BadBaseline, match="of other questions"):
            judge("made", run, level(GOOD))
    with pytest.raises(BadBaseline, match="of other questions"):
        judge("made", msgspec.structs.replace(GOOD, relevant_from=1), level(GOOD))


def test_a_baseline_without_a_measure_is_refused() -> None:
    whole = level(GOOD)
    without = {m: v for m, v in whole.values.items() if m != "RR"}
    with pytest.raises(BadBaseline, match="other questions or measures"):
        judge("made", GOOD, msgspec.structs.replace(whole, values=without))


def test_a_baseline_is_read_as_it_was_written_and_holds_no_words(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    levels = {
        "made": level(made_run({"q-1": 3, "q-2": 2}, relevant_from=1)),
        "other": level(made_run({"q-3": None})),
    }
    write_baseline(levels, path)
    assert read_baseline(path) == levels
    assert levels["made"].values["RR"] == {"q-1": 0.333333, "q-2": 0.5}
    text = path.read_text()
    assert "What of" not in text
    assert "a.txt" not in text
    assert text.count('"q-1": 0.333333\n') + text.count('"q-1": 0.333333,\n') == 1


def test_the_same_levels_are_written_the_same_in_any_order(tmp_path: Path) -> None:
    one, other = level(made_run({"a": 1, "b": 2})), level(made_run({"b": 2, "a": 1}))
    write_baseline({"x": one, "y": one}, tmp_path / "1.json")
    write_baseline({"y": other, "x": other}, tmp_path / "2.json")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_no_file_is_no_baseline_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert read_baseline(path) == {}
    path.write_text('{"made": {"questions": ""}}')
    with pytest.raises(BadBaseline, match=r"baseline\.json: .*`values`"):
        read_baseline(path)


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    """A file of the test's own in place of the committed one."""
    return tmp_path / "baseline.json"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Six findings of one decision, each sought by its own words."""
    findings = [p for _, p in read_file(SAMPLES / CHAIR).paragraphs() if p.role is Role.FINDING]
    path = tmp_path / "q.jsonl"
    path.write_text(
        "\n".join(
            json.dumps(
                {
                    "id": f"q-{p.number}",
                    "question": p.text[:500],
                    "relevant": [{"file": CHAIR, "paragraph": p.number, "grade": 3}],
                }
            )
            for p in findings[:6]
        )
    )
    return path


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    folder = tmp_path / "decisions"
    folder.mkdir()
    for name in (CHAIR, BADGE):
        shutil.copy(SAMPLES / name, folder)
    return folder


def gate(name: str, baseline: Path, questions: Path, decisions: Path, *options: str) -> Result:
    return CliRunner().invoke(
        main,
        [
            *("gate", name, "--encoder", "hashing", "--baseline", str(baseline), *options),
            *("--questions", str(questions), "--decisions", str(decisions)),
        ],
    )


def test_the_command_passes_what_is_as_before_and_fails_a_drop(
    baseline: Path, questions: Path, decisions: Path
) -> None:
    taken = gate("tiny", baseline, questions, decisions, "--accept")
    assert (taken.exit_code, taken.output) == (0, "tiny: baseline taken\n")
    assert read_baseline(baseline)["tiny"].values["success@1"].keys() == {
        json.loads(line)["id"] for line in questions.read_text().splitlines()
    }
    passed = gate("tiny", baseline, questions, decisions)
    assert passed.exit_code == 0
    assert passed.output.splitlines()[:2] == [
        "tiny: passed",
        "  nDCG@10                  1.000 -> 1.000  (p of a drop 1.000)",
    ]
    before = baseline.read_bytes()
    (decisions / CHAIR).unlink()
    failed = gate("tiny", baseline, questions, decisions)
    assert failed.exit_code == 1
    assert failed.stdout.splitlines()[0] == "tiny: FAILED"
    assert "  nDCG@10 fell from 1.000 to 0.000 (p 0.016)" in failed.stdout.splitlines()
    assert baseline.read_bytes() == before


def test_the_command_keeps_the_baselines_of_other_sets(
    baseline: Path, questions: Path, decisions: Path
) -> None:
    other = level(GOOD)
    write_baseline({"other": other, "tiny": other}, baseline)
    assert gate("tiny", baseline, questions, decisions, "--accept").exit_code == 0
    levels = read_baseline(baseline)
    assert levels.keys() == {"other", "tiny"}
    assert levels["other"] == other
    assert levels["tiny"] != other


def test_the_command_says_what_to_do_where_the_baseline_does_not_fit(
    baseline: Path, questions: Path, decisions: Path
) -> None:
    none = gate("tiny", baseline, questions, decisions)
    assert none.exit_code == 1
    assert none.stderr == "Error: there is no baseline of tiny: take one with --accept\n"
    write_baseline({"tiny": level(GOOD)}, baseline)
    other = gate("tiny", baseline, questions, decisions)
    assert other.exit_code == 1
    assert other.stderr.startswith("Error: the baseline of tiny is of other questions")
    assert other.stdout == ""
