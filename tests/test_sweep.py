"""Sweeping weights, each value against the same questions asked by hand; and what it asks of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from click.testing import CliRunner, Result

from eval import sweep as sweeping
from eval.asking import Asking, ask_once, opened
from eval.cli import main
from eval.gold import BadGold, GoldQuestion, alone, read_questions
from eval.metrics import MEASURES, Estimate, score
from eval.runner import ask_all
from eval.sweep import GRID, BadGrid, Swept, Tried, lines, read_grid, sweep
from index.fusion import WEIGHTS, Weights
from index.hashing_encoder import HashingEncoder
from index.protocols import Vectors
from service.answering import Answerer

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
QUESTIONS = ROOT / "eval" / "data" / "sample_questions.jsonl"
CONVERSATIONS = ROOT / "eval" / "data" / "sample_conversations.jsonl"
WORDS = {"words": (0.0, 0.25, 1.0), "named": (0.0, 0.2)}

NAMES = "examples, paragraph, sentence, words, held, expected, decision, named"


@pytest.fixture(scope="module")
def gold() -> tuple[GoldQuestion, ...]:
    """Twenty questions that something answers, and one that nothing does."""
    read = read_questions(QUESTIONS)
    answered = [q for q in read if q.answerable]
    return (*answered[:20], next(q for q in read if not q.answerable))


@pytest.fixture(scope="module")
def swept(sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]) -> Swept:
    return sweep(sample_answerer, gold, WORDS)


def asked_with(
    weights: Weights, answerer: Answerer, gold: Sequence[GoldQuestion]
) -> dict[str, Estimate]:
    weighted = Answerer.over(replace(answerer.retriever, weights=weights))
    return score(gold, list(ask_all(weighted, gold))).measures


def test_values_of_several_weights_are_read_and_where_there_are_none_the_usual_grid() -> None:
    assert read_grid(["words=0,.5,1e-1", "named=-1"]) == {"words": (0.0, 0.5, 0.1), "named": (-1,)}
    assert read_grid([]) == dict(GRID)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (
            "wrods=1",
            f"no weight 'wrods': choose from {NAMES}",
        ),
        ("role=1", "no weight 'role'"),
        ("0.5", "no weight '0.5'"),
        ("words", "words: wanted numbers"),
        ("words=", "words=: wanted numbers"),
        ("words=1,,2", "words=1,,2: wanted numbers"),
        ("words=many", "words=many: wanted numbers"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_what_can(option: str, told: str) -> None:
    with pytest.raises(BadGrid) as refused:
        read_grid(["named=0.1", option])
    assert told in str(refused.value)


def test_every_combination_is_tried_and_the_best_comes_first(swept: Swept) -> None:
    settings = [tuple(tried.setting.items()) for tried in swept.tried]
    wanted = [(("words", w), ("named", n)) for w, n in product(*WORDS.values())]
    assert sorted(settings) == sorted(wanted)
    gains = [tried.measures["nDCG@10"] for tried in swept.tried]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > gains[-1]


def test_each_setting_reaches_what_asking_with_it_reaches(
    swept: Swept, sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    for tried in (swept.tried[0], swept.tried[-1]):
        weights = msgspec.structs.replace(
            WEIGHTS, words=tried.setting["words"], named=tried.setting["named"]
        )
        measures = asked_with(weights, sample_answerer, gold)
        assert tried.measures == pytest.approx({m: e.mean for m, e in measures.items()})
    assert swept.now == asked_with(WEIGHTS, sample_answerer, gold)


def test_each_tenth_chooses_one_of_the_settings(swept: Swept) -> None:
    assert sum(swept.chosen.values()) == 10
    assert swept.chosen.keys() <= set(range(len(swept.tried)))


def test_where_there_is_nothing_to_choose_cross_validation_gives_that_setting(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    swept = sweep(sample_answerer, gold, {"words": (0.0,)})
    silent = msgspec.structs.replace(WEIGHTS, words=0.0)
    assert swept.chosen == {0: 10}
    assert swept.cross_validated == asked_with(silent, sample_answerer, gold)
    assert swept.cross_validated["nDCG@10"].mean < swept.now["nDCG@10"].mean


def test_a_setting_that_is_best_by_luck_is_worth_nothing_on_questions_not_seen(
    sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty settings do half well on all questions but one, and each wholly well on its own."""
    gold = [GoldQuestion(id=str(n), question=f"What of {n}?", relevant=()) for n in range(20)]

    def made_up(asked: list[GoldQuestion], found: list[float], *_: int) -> SimpleNamespace:
        (lucky,) = found
        return SimpleNamespace(
            per_question={
                q.id: dict.fromkeys(MEASURES, 1.0 if float(q.id) == lucky else 0.5) for q in asked
            }
        )

    monkeypatch.setattr(sweeping, "ask_all", lambda a, _: iter([a.retriever.weights.words]))
    monkeypatch.setattr(sweeping, "score", made_up)
    swept = sweep(sample_answerer, gold, {"words": [float(n) for n in range(20)]})
    assert [tried.measures["RR"] for tried in swept.tried] == pytest.approx([0.525] * 20)
    assert swept.cross_validated["RR"].mean == 0.5


def test_a_question_that_nothing_answers_chooses_nothing(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...], swept: Swept
) -> None:
    assert not gold[-1].answerable
    assert sweep(sample_answerer, gold[:-1], WORDS) == swept


def test_the_least_grade_that_counts_is_the_one_asked_for(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    now = {n: sweep(sample_answerer, gold, {"words": (0.25,)}, n).now for n in (1, 3)}
    assert now[1]["RR"].mean > now[3]["RR"].mean
    assert now[1]["nDCG@10"] == now[3]["nDCG@10"]


@dataclass(frozen=True, slots=True)
class Counting(HashingEncoder):
    """Counts what it is asked to encode."""

    encoded: list[str] = field(default_factory=list)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        return self.encode_passages(texts)


def test_each_question_is_encoded_once_however_many_settings_are_tried(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...], swept: Swept
) -> None:
    counting = Counting()
    answerer = Answerer.over(replace(sample_answerer.retriever, encoder=counting))
    assert sweep(answerer, gold, WORDS) == swept
    assert sorted(counting.encoded) == sorted({q.question for q in gold if q.answerable})


def test_a_person_reads_the_best_setting_first_and_how_often_it_was_chosen() -> None:
    swept = Swept(
        tried=(
            Tried(setting={"words": 0.5, "named": 0.0}, measures={"RR": 0.75}),
            Tried(setting={"words": 0.25, "named": 0.0}, measures={"RR": 0.5}),
        ),
        now={"RR": Estimate(0.5, 0.25, 0.75)},
        cross_validated={"RR": Estimate(0.7, 0.6, 0.8)},
        chosen={0: 9, 1: 1},
    )
    assert [" ".join(line.split()) for line in lines(swept)] == [
        "words=0.5 named=0 RR 0.750 chosen 9 of 10",
        "words=0.25 named=0 RR 0.500 chosen 1 of 10",
        "now: RR 0.500 (0.250 to 0.750)",
        "cross-validated: RR 0.700 (0.600 to 0.800)",
    ]


@pytest.fixture(scope="module")
def few(gold: tuple[GoldQuestion, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the first twelve questions."""
    path = tmp_path_factory.mktemp("few") / "few.jsonl"
    path.write_bytes(msgspec.json.Encoder().encode_lines(gold[:12]))
    return path


def command(few: Path, *options: str) -> Result:
    where = ("--questions", str(few), "--decisions", str(SAMPLES), "--encoder", "hashing")
    return CliRunner().invoke(main, ["sweep", *where, *options])


def test_the_command_prints_the_table_for_a_person_and_as_json(
    few: Path, sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    wanted = sweep(sample_answerer, gold[:12], {"words": (0.0, 0.25)})
    told = command(few, "--try", "words=0,0.25")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.splitlines() == list(lines(wanted))
    printed = command(few, "--try", "words=0,0.25", "--json").stdout_bytes
    assert msgspec.json.decode(printed, type=Swept) == wanted


def test_the_command_says_in_one_line_which_weight_there_is_not(few: Path) -> None:
    refused = command(few, "--try", "wrods=1")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        f"Error: there is no weight 'wrods': choose from {NAMES}"
    ]


@pytest.fixture(scope="module")
def conversations() -> Asking:
    return Asking(questions=CONVERSATIONS, decisions=(SAMPLES,), encoder="hashing")


def test_what_is_opened_holds_the_decisions_and_questions_that_were_given(
    conversations: Asking,
) -> None:
    with opened(conversations) as (answerer, gold):
        folder = answerer.retriever.snapshot.folder
        files = set(answerer.retriever.snapshot.tables.files().values())
        assert folder.is_dir()
        assert answerer.snapshot.encoder == "hashing"
    assert files == {path.name for path in SAMPLES.glob("*.txt")}
    assert gold == read_questions(CONVERSATIONS)
    assert not folder.exists(), "it was built for the occasion"


def test_a_bad_file_of_questions_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"id": "a"}))
    asking = Asking(questions=path, decisions=(SAMPLES,), encoder="hashing")
    with pytest.raises(BadGold, match=r"q\.jsonl line 1"), opened(asking):
        pytest.fail("it was opened")


def test_a_judged_document_counts_whatever_its_grade_and_a_graded_paragraph_from_two() -> None:
    beir = Asking(beir=Path("some/scifact"), encoder="hashing")
    graded = Asking(questions=Path("some/q.jsonl"), encoder="hashing")
    assert (beir.name, beir.relevant_from) == ("scifact", 1)
    assert (graded.name, graded.relevant_from) == ("q.jsonl", 2)


def test_follow_ups_can_be_asked_as_they_are_written_to_stand_alone(
    conversations: Asking, sample_answerer: Answerer
) -> None:
    gold = read_questions(CONVERSATIONS)
    rewritten = tuple(map(alone, gold))
    done, plain = ask_once(conversations, standalone=True), ask_once(conversations)
    assert (done.questions, plain.questions) == (rewritten, gold)
    assert done.questions[0].question == (
        "Does a conference chair who departs from the majority have to give reasons?"
    )
    for run, questions in ((done, rewritten), (plain, gold)):
        asked = list(ask_all(sample_answerer, questions))
        assert [a.found for a in run.asked] == [a.found for a in asked]
    assert done.asked[0].found != plain.asked[0].found
