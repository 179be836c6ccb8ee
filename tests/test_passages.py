"""Passages: cut at paragraphs, never over the limit, nothing lost."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files import read_files
from corpus.model import Decision, Paragraph, Role, Voice
from corpus.passages import passages_of, sentences_of, slices
from corpus.sentences import sentence_spans
from corpus.tokens import count_language_model_tokens
from index.protocols import Encoder

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"


def count_words(text: str) -> int:
    return len(text.split())


def count_characters(text: str) -> int:
    return len(text)


def squeezed(text: str) -> str:
    return "".join(text.split())


words = st.text(st.sampled_from("ab .;:\nÉ’“”()1"), min_size=1, max_size=300).filter(str.strip)


@given(words, st.integers(1, 40))
@settings(deadline=None)
def test_slices_are_in_order_within_the_limit_and_lose_no_word(text: str, limit: int) -> None:
    spans = list(slices(text, limit=limit, count=count_characters))
    assert all(len(text[s.start : s.end]) <= limit for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert squeezed("".join(text[s.start : s.end] for s in spans)) == squeezed(text)


@given(words)
@settings(deadline=None)
def test_sentences_are_exact_spans_in_order_and_lose_no_word(text: str) -> None:
    spans = list(sentence_spans(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert squeezed("".join(text[s.start : s.end] for s in spans)) == squeezed(text)
    assert all("\n" not in text[s.start : s.end] for s in spans)


def test_a_short_paragraph_is_one_passage_and_a_long_one_is_cut_between_sentences() -> None:
    text = "One two three. Four five six. Seven eight nine."
    assert [text[s.start : s.end] for s in slices(text, limit=9, count=count_words)] == [text]
    assert [text[s.start : s.end] for s in slices(text, limit=6, count=count_words)] == [
        "One two three. Four five six.",
        "Seven eight nine.",
    ]


def test_an_item_is_embedded_with_the_words_that_open_its_list() -> None:
    paragraph = Paragraph(
        number=1,
        text="It wrote back. It said:",
        items=("the report was late; and", "it was sorry."),
        role=Role.RESPONSE,
        voice=Voice.AUTHORITY,
    )
    assert [t for _, t in sentences_of(paragraph, limit=50, count=count_words)] == [
        "It wrote back.",
        "It said:",
        "It said: the report was late; and",
        "It said: it was sorry.",
    ]


def test_no_passage_of_the_sample_is_longer_than_the_model_reads(encoder: Encoder) -> None:
    decisions = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    passages = [
        p
        for d in decisions
        for p in passages_of(
            d,
            limit=encoder.limit,
            count=encoder.count_tokens,
            tokens=count_language_model_tokens,
        )
    ]
    paragraphs = sum(1 for d in decisions for _ in d.paragraphs())
    assert len(passages) > paragraphs, "the sample has a paragraph that has to be cut"
    assert encoder.limit == 256
    assert max(encoder.count_tokens(p.text) for p in passages) <= encoder.limit
    assert all(p.tokens == count_language_model_tokens(p.text) > 0 for p in passages)


def test_a_language_models_tokens_are_those_of_cl100k_base() -> None:
    # The encoding's own published example.
    assert count_language_model_tokens("tiktoken is great!") == 6
