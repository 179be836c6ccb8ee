"""Confidence: its signals by hand, its fit on made-up searches, and what it decides."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from eval import calibrate as calibrating
from eval.calibrate import calibrate, keep
from eval.cli import main
from eval.gold import GoldQuestion, read_questions
from index.bm25 import Bm25
from index.hybrid import HybridRetriever
from index.signals import NOTHING, Signals, signals
from index.tables import Filters
from service import answering, confidence
from service.answer import Status
from service.answering import Answerer
from service.confidence import Calibration, calibration_of, calibrations
from service.questions import Question

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
QUESTIONS = ROOT / "eval" / "data" / "sample_questions.jsonl"
FLAT = Calibration(
    fitted_on="made",
    intercept=0,
    nearest=0,
    lead=0,
    words=0,
    judged=0,
    familiar=0,
    threshold=0.5,
)
NAMES = Signals.__struct_fields__
cosine = st.floats(-1, 1)


@given(cosine, cosine, st.floats(0, 1), st.floats(-5, 5), cosine)
def test_the_confidence_is_the_logistic_of_the_weighted_signals(
    nearest: float, lead: float, words: float, judged: float, familiar: float
) -> None:
    made = msgspec.structs.replace(
        FLAT, intercept=0.5, nearest=2, lead=3, words=-5, judged=0.5, familiar=-2
    )
    odds = 0.5 + 2 * nearest + 3 * lead - 5 * words + 0.5 * judged - 2 * familiar
    told = Signals(nearest=nearest, lead=lead, words=words, judged=judged, familiar=familiar)
    got = made.confidence(told)
    assert math.log(got / (1 - got)) == pytest.approx(odds, abs=1e-6)
    assert FLAT.confidence(NOTHING) == 0.5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoder", calibrations())
def test_more_of_a_signal_raises_the_confidence_where_its_weight_is_positive(
    encoder: str, name: str
) -> None:
    calibration = calibrations()[encoder]
    low = Signals(nearest=0.4, lead=0.1, words=0.3, judged=-1.0, familiar=0.5)
    high = msgspec.structs.replace(low, **{name: getattr(low, name) + 0.2})
    rise = calibration.confidence(high) - calibration.confidence(low)
    assert math.copysign(1, rise) == math.copysign(1, getattr(calibration, name))


@pytest.mark.parametrize("encoder", calibrations())
def test_every_committed_calibration_can_both_answer_and_decline(encoder: str) -> None:
    calibration = calibrations()[encoder]
    assert 0 < calibration.threshold < 1
    unlike = Signals(nearest=0.0, lead=0.0, words=0.0, judged=-3.0, familiar=0.3)
    assert calibration.confidence(unlike) < calibration.threshold
    best = Signals(nearest=0.8, lead=0.2, words=0.9, judged=2.0, familiar=0.6)
    assert calibration.confidence(best) > calibration.threshold


def test_an_encoder_without_a_calibration_gets_that_of_the_official_weights() -> None:
    official = calibrations()["all-MiniLM-L6-v2"]
    assert calibration_of("somebody/elses-model") == official
    assert calibration_of("hashing") == calibrations()["hashing"] != official


def test_the_signals_are_those_worked_out_by_hand() -> None:
    cosines = np.array([0.1, 0.9, 0.5, 0.6] + [0.2] * 8)
    got = signals(
        cosines=cosines, words=np.array([2.0, 6.0]), most_words=8.0, judged=1.5, familiar=0.6
    )
    assert got.nearest == pytest.approx((0.9 + 0.6 + 0.5) / 3)
    assert got.lead == pytest.approx(0.9 - (0.6 + 0.5 + 7 * 0.2) / 9)
    assert (got.words, got.judged, got.familiar) == (0.75, 1.5, 0.6)


def test_a_single_candidate_leads_nobody_and_unknown_words_are_no_evidence() -> None:
    one, plain = np.array([0.7]), {"judged": 0.0, "familiar": 0.0}
    got = signals(cosines=one, words=np.array([-1.0]), most_words=4.0, **plain)
    assert got == Signals(nearest=0.7, lead=0.0, words=0.0, judged=0.0, familiar=0.0)
    wordless = signals(cosines=one, words=np.array([0.0]), most_words=0.0, **plain)
    assert wordless.words == 0.0


TEXTS = ["apple pear", "apple apple plum plum", "cherry plum", "apple apple apple apple"]


def test_the_most_that_words_can_score_is_the_sum_of_their_rarity(tmp_path: Path) -> None:
    """idf = ln(1 + (N - n + 0.5) / (n + 0.5)), of an unknown word with n = 0."""
    Bm25.of(TEXTS).write(tmp_path / "words")
    index = Bm25.read(tmp_path / "words")
    apple, cherry, unknown = (math.log(1 + (4 - n + 0.5) / (n + 0.5)) for n in (3, 1, 0))
    assert index.most("apples") == pytest.approx(apple)
    assert index.most("the cherry, an apple and a zebra") == pytest.approx(apple + cherry + unknown)
    assert index.most("what of the?!") == 0.0


@given(st.lists(st.sampled_from("apple pear plum cherry zebra".split()), min_size=1))
def test_no_text_scores_the_most_but_a_text_full_of_the_word_comes_near(words: list[str]) -> None:
    index, asked = Bm25.of(TEXTS), " ".join(words)
    rows = np.arange(len(TEXTS))
    assert index.scores([(asked, 1.0)], rows).max() < index.most(asked)
    assert index.scores([("apple", 1.0)], rows)[3] > 0.75 * index.most("apple")


@pytest.fixture(scope="module")
def gold() -> tuple[GoldQuestion, ...]:
    return read_questions(QUESTIONS)


def test_a_question_is_answered_exactly_where_its_confidence_reaches_the_threshold(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    threshold = calibration_of("hashing").threshold
    answers = [sample_answerer.answer(Question(question=q.question)) for q in gold]
    for answer in answers:
        assert (answer.status is Status.ANSWERED) == (answer.confidence >= threshold)
        assert bool(answer.matches) == (answer.status is Status.ANSWERED)
    assert {a.status for a in answers} == {Status.ANSWERED, Status.NOTHING_RELEVANT}


def test_how_many_matches_are_wanted_does_not_change_the_confidence(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    for q in gold[:5]:
        answers = [sample_answerer.answer(Question(question=q.question, k=k)) for k in (1, 20)]
        assert answers[0].confidence == answers[1].confidence


def test_what_finds_nothing_at_all_is_never_answered_however_sure(
    sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = msgspec.structs.replace(FLAT, intercept=50.0, threshold=0.0)
    monkeypatch.setattr(answering, "calibration_of", lambda _: sure)
    asked = Question(question="can a chair overrule the conference?")
    none = msgspec.structs.replace(asked, filters=Filters(authority="Atlantis"))
    assert sample_answerer.answer(asked).status is Status.ANSWERED
    assert sample_answerer.answer(none).status is Status.NOTHING_RELEVANT
    found = sample_answerer.retriever.search(none.question, 5, none.filters)
    assert (found.found, found.signals) == ((), NOTHING)


class MadeUp:
    """Finds signals that are told in the question itself."""

    def search(
        self, question: str, k: int, carried: Sequence[str] = (), before: Sequence[str] = ()
    ) -> msgspec.Struct:
        values = dict(zip(NAMES, map(float, question.split()), strict=True))
        return msgspec.defstruct("Searched", [("signals", Signals)])(Signals(**values))


def made_up(centres: Sequence[float], *, answerable: bool, seed: int) -> list[GoldQuestion]:
    values = np.random.default_rng(seed).normal(centres, 0.05, (200, len(NAMES)))
    return [
        GoldQuestion(
            id=f"{seed}-{n}",
            question=" ".join(f"{v:f}" for v in row),
            relevant=(),
            answerable=answerable,
        )
        for n, row in enumerate(values)
    ]


def fitted(*gold: list[GoldQuestion]) -> tuple[Calibration, float, list[float]]:
    """The calibration, its area, and the confidence of each question."""
    retriever = cast("HybridRetriever", MadeUp())
    questions = [q for group in gold for q in group]
    calibration, area = calibrate(retriever, questions, "made")
    found = [retriever.search(q.question, 1).signals for q in questions]
    return calibration, area, [calibration.confidence(s) for s in found]


GOOD, BAD = (0.6, 0.2, 0.7, 0.5, 0.5), (0.3, 0.05, 0.3, -0.5, 0.6)


def test_signals_that_tell_apart_are_told_apart_and_one_in_ten_is_turned_away() -> None:
    calibration, area, sure = fitted(
        made_up(GOOD, answerable=True, seed=1), made_up(BAD, answerable=False, seed=2)
    )
    assert area > 0.999
    assert calibration.fitted_on == "made"
    signs = {name: np.sign(getattr(calibration, name)) for name in NAMES}
    assert signs == {"nearest": 1, "lead": 1, "words": 1, "judged": 1, "familiar": -1}
    turned_away = np.mean(np.array(sure[:200]) < calibration.threshold)
    assert 0.06 <= turned_away <= 0.14
    assert max(sure[200:]) < calibration.threshold


def test_signals_that_tell_nothing_have_the_area_of_chance_and_let_nearly_all_through() -> None:
    calibration, area, sure = fitted(
        made_up(GOOD, answerable=True, seed=1), made_up(GOOD, answerable=False, seed=2)
    )
    assert 0.4 < area < 0.6
    assert np.mean(np.array(sure[:200]) < calibration.threshold) <= 0.14
    assert np.mean(np.array(sure[200:]) >= calibration.threshold) > 0.8


def test_the_mean_confidence_is_the_share_that_is_answerable() -> None:
    """As logistic regression has it where the intercept is not penalised."""
    good = made_up(GOOD, answerable=True, seed=1)
    _, _, sure = fitted(good, made_up((0.55, 0.15, 0.6, 0.4, 0.55), answerable=False, seed=2)[:100])
    assert np.mean(sure) == pytest.approx(200 / 300, abs=1e-3)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of the test's own in place of the committed calibrations."""
    path = tmp_path / "confidence.json"
    for module in (calibrating, confidence):
        monkeypatch.setattr(module, "CALIBRATION", path)
    calibrations.cache_clear()
    yield path
    calibrations.cache_clear()


def read(path: Path) -> dict[str, Calibration]:
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Calibration])


def test_a_calibration_is_kept_beside_those_of_other_encoders(file: Path) -> None:
    keep("one", FLAT)
    assert read(file) == {"one": FLAT}
    other = msgspec.structs.replace(FLAT, threshold=0.25)
    keep("two", other)
    assert read(file) == {"one": FLAT, "two": other}
    calibrations.cache_clear()
    keep("one", other)
    assert read(file) == {"one": other, "two": other}


def test_the_command_fits_keeps_and_tells_the_threshold(
    file: Path, sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    where = ("--questions", str(QUESTIONS), "--decisions", str(SAMPLES), "--encoder", "hashing")
    done = CliRunner().invoke(main, ["calibrate", *where])
    assert (done.exit_code, done.stderr) == (0, "")
    wanted, area = calibrate(sample_answerer.retriever, gold, QUESTIONS.name)
    assert read(file) == {"hashing": wanted}
    assert done.stdout.splitlines() == [
        f"hashing: area {area:.3f} (cross-validated)",
        f"threshold {wanted.threshold:.3f}",
    ]
    assert 0.6 < area < 1
