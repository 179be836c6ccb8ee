"""The reranker: a real small cross-encoder, and the order that its scores make."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer
from transformers.utils import logging as transformers_logging

from eval.asking import Asking, opened
from index.found import Found
from index.hybrid import HybridRetriever
from index.protocols import Reranker, Scores
from index.ranking import RERANKED
from index.reranker import CrossEncoderReranker, RerankerUnavailable
from service.answering import Answerer
from service.cli import main
from service.opening import open_answerer
from service.questions import Question, Turn
from service.settings import Settings

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
CHAIR = "can a chair overrule the conference?"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] can a the chair may overrule conference report was late"
TEXTS = ["The chair may overrule.", "The report was late. " * 40, "A conference"]


def small_model(folder: Path, labels: int) -> Path:
    """A cross-encoder with weights by chance, large enough that no two texts score alike."""
    (folder / "vocab.txt").write_text("\n".join(WORDS.split()))
    tokenizer = BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=64)
    torch.manual_seed(1)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=len(WORDS.split()),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_model(tmp_path_factory.mktemp("cross-encoder"), labels=1)


def test_a_cross_encoder_scores_each_text_as_the_model_itself_does(folder: Path) -> None:
    reranker = CrossEncoderReranker.load(str(folder))
    scores = reranker.scores(CHAIR, TEXTS)
    assert reranker.name == str(folder)
    assert scores.shape == (3,)
    assert scores.dtype == np.float32
    tokenizer = BertTokenizer.from_pretrained(folder)
    model = BertForSequenceClassification.from_pretrained(folder)
    for text, score in zip(TEXTS, scores, strict=True):
        read = tokenizer(CHAIR, text, truncation=True, return_tensors="pt")
        with torch.no_grad():
            wanted = torch.sigmoid(model(**read).logits).item()
        assert score == pytest.approx(wanted, abs=1e-5)
        assert reranker.scores(CHAIR, [text])[0] == pytest.approx(score, abs=1e-5)
    assert np.ptp(scores) > 1e-3, "the texts are told apart"
    assert reranker.scores(CHAIR, []).shape == (0,)


def test_a_model_with_two_scores_a_pair_is_refused(tmp_path: Path) -> None:
    name = str(small_model(tmp_path, labels=2))
    assert CrossEncoder(name, device="cpu").num_labels == 2
    with pytest.raises(RerankerUnavailable) as refused:
        CrossEncoderReranker.load(name)
    assert str(refused.value) == f"the reranker {name!r} gives 2 scores a pair, one is wanted"


@pytest.mark.parametrize("content", [None, "no model"])
def test_a_folder_that_holds_no_model_is_refused_with_what_was_asked_for(
    tmp_path: Path, content: str | None
) -> None:
    if content:
        (tmp_path / "readme.txt").write_text(content)
    with pytest.raises(RerankerUnavailable) as refused:
        CrossEncoderReranker.load(str(tmp_path))
    assert str(refused.value).startswith(f"no reranker '{tmp_path}': give a folder")


@dataclass(frozen=True, slots=True)
class Longest:
    """Holds the longest text the best, and remembers what it was asked."""

    name: str = "longest"
    per_letter: float = 1.0
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.asked.append((question, tuple(texts)))
        return np.array([len(text) * self.per_letter for text in texts], dtype=np.float32)


def reranked(answerer: Answerer, reranker: Reranker) -> HybridRetriever:
    return replace(answerer.retriever, reranker=reranker)


def words(found: Found) -> str:
    return found.stored.paragraph.words


@pytest.mark.parametrize("k", [1, 8, RERANKED, RERANKED + 10])
def test_the_first_matches_come_in_the_order_of_the_rerankers_scores(
    sample_answerer: Answerer, k: int
) -> None:
    read = sample_answerer.retriever.search(CHAIR, max(k, RERANKED)).found
    got = reranked(sample_answerer, Longest()).search(CHAIR, k).found
    wanted = sorted(read, key=lambda found: -len(words(found)))[:k]
    assert [f.stored.id for f in got] == [f.stored.id for f in wanted]
    assert [f.scores.reranker for f in got] == [float(len(words(f))) for f in wanted]
    assert got != read[:k]


def test_only_the_order_and_its_score_are_the_rerankers(sample_answerer: Answerer) -> None:
    before = {f.stored.id: f for f in sample_answerer.retriever.search(CHAIR, RERANKED).found}
    for found in reranked(sample_answerer, Longest()).search(CHAIR, 8).found:
        plain = before[found.stored.id]
        assert plain.scores.reranker is None
        assert found.scores.fused == plain.scores.fused
        assert (found.ranks, found.sentences, found.also) == (
            plain.ranks,
            plain.sentences,
            plain.also,
        )


def test_where_the_reranker_has_no_preference_the_order_stays(sample_answerer: Answerer) -> None:
    plain = sample_answerer.retriever.search(CHAIR, 8)
    got = reranked(sample_answerer, Longest(per_letter=0)).search(CHAIR, 8)
    assert [f.stored.id for f in got.found] == [f.stored.id for f in plain.found]
    assert [f.scores.reranker for f in got.found] == [0.0] * 8
    assert got.signals == plain.signals


def test_the_reranker_reads_what_a_follow_up_leans_on_in_the_order_it_was_said(
    sample_answerer: Answerer,
) -> None:
    longest = Longest()
    answerer = Answerer.over(reranked(sample_answerer, longest))
    history = (Turn(role="user", content=CHAIR), Turn(role="assistant", content="She may."))
    answer = answerer.answer(Question(question="and must she say why?", history=history))
    ((asked, texts),) = longest.asked
    assert asked == f"{CHAIR} She may. and must she say why?"
    assert len(texts) == RERANKED
    assert {m.text for m in (*answer.matches, *answer.nearest)} <= set(texts)


def test_the_confidence_is_the_same_with_a_reranker(sample_answerer: Answerer) -> None:
    answers = [
        answerer.answer(Question(question=CHAIR))
        for answerer in (sample_answerer, Answerer.over(reranked(sample_answerer, Longest())))
    ]
    assert answers[0].confidence == answers[1].confidence
    assert answers[0].status is answers[1].status
    assert answers[0].matches != answers[1].matches


def test_a_deployment_has_a_reranker_only_where_it_names_one() -> None:
    named = Settings.read({"UPHELD_RERANKER": "models/mine"})
    assert named.reranker == "models/mine"
    assert Settings.read({}).reranker is None
    assert Settings.read({"UPHELD_RERANKER": ""}).reranker is None


def test_what_is_opened_with_a_reranker_answers_in_its_order(
    sample_data: Path, sample_answerer: Answerer, folder: Path
) -> None:
    answer = open_answerer(sample_data, Settings(reranker=str(folder))).answer(
        Question(question=CHAIR)
    )
    scores = [m.scores.reranker for m in answer.matches]
    texts = [words(f) for f in sample_answerer.retriever.search(CHAIR, RERANKED).found]
    given = CrossEncoderReranker.load(str(folder)).scores(CHAIR, texts)
    assert scores == pytest.approx(sorted(given.tolist(), reverse=True)[:8], abs=1e-5)
    plain = sample_answerer.answer(Question(question=CHAIR))
    assert {m.scores.reranker for m in plain.matches} == {None}


def test_ask_uses_the_reranker_of_the_environment(sample_data: Path, folder: Path) -> None:
    command = ["ask", CHAIR, "--data", str(sample_data), "--json"]
    done = CliRunner().invoke(main, command, env={"UPHELD_RERANKER": str(folder)})
    assert done.exit_code == 0
    scores = [match["scores"]["reranker"] for match in json.loads(done.stdout)["matches"]]
    assert scores == sorted(scores, reverse=True)
    plain = json.loads(CliRunner().invoke(main, command).stdout)
    assert {match["scores"]["reranker"] for match in plain["matches"]} == {None}


def test_ask_tells_plainly_which_reranker_there_is_not(sample_data: Path, tmp_path: Path) -> None:
    command = ["ask", CHAIR, "--data", str(sample_data)]
    done = CliRunner().invoke(main, command, env={"UPHELD_RERANKER": str(tmp_path)})
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"upheld: no reranker '{tmp_path}'")


def test_the_evaluation_asks_with_the_reranker_that_it_is_given(folder: Path) -> None:
    asking = Asking(
        questions=ROOT / "eval" / "data" / "sample_questions.jsonl",
        decisions=(SAMPLES,),
        encoder="hashing",
        reranker=str(folder),
    )
    with opened(asking) as (answerer, _):
        assert answerer.retriever.reranker is not None
        assert answerer.retriever.reranker.name == str(folder)
