"""Verifying whatever may be pasted: any sentence, any change, hostile texts, damaged stores."""

import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.files import read_files
from corpus.model import Decision
from corpus.sentences import sentence_spans
from index.snapshot import TABLES, current_folder
from service.quotations import NotWordForWord
from service.verification import QuotationCheck, Unchecked, Verdict, Verification, VerifyStatus
from service.verifying import MAX_TEXT, MOST_QUOTATIONS, Pasted, Verifier
from tests.conftest import SAMPLES
from tests.verified import HEARD, checked, opened


@pytest.fixture(scope="module")
def verifier(sample_data: Path) -> Verifier:
    return opened(sample_data)


def test_what_is_beyond_the_most_is_told_and_is_no_success(verifier: Verifier) -> None:
    found = checked(verifier, f"“{HEARD}”\n\n" * (MOST_QUOTATIONS + 7))
    assert found.quotation_counts.exact == MOST_QUOTATIONS
    assert [(u.reason, u.count) for u in found.unchecked] == [(Unchecked.TOO_MANY, 7)]
    assert found.status is Verdict.NOT_ALL_EXACT
    assert "7 beyond the most that are checked at once" in found.summary


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "1",
        "a",
        "99 000 101, ",
        '"a b c" ',
        "“the council was late” (99 000 101, paragraph 5) ",
        "“" + "the … council " * 290 + "”",
        "“We look for fault in the way it was made” ",
        "paragraph 1, 2, 3 ",
    ],
)
def test_the_most_hostile_text_that_is_taken_is_checked_without_a_hang(
    verifier: Verifier, unit: str
) -> None:
    text = (unit * MAX_TEXT)[:MAX_TEXT]
    started = time.process_time()
    assert checked(verifier, text).status is not Verdict.ALL_EXACT
    assert time.process_time() - started < 30, "a hang, not a matter of speed"


def test_a_damaged_paragraph_is_never_called_exact(sample_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    folder = current_folder(data)
    assert folder
    with closing(sqlite3.connect(folder / TABLES)) as c, c:
        c.execute(
            "UPDATE decisions SET json = CAST(replace(CAST(json AS TEXT), ?, ?) AS BLOB)",
            ("the chair decides what", "the clerk decides what"),
        )
    damaged = opened(data)
    with pytest.raises(NotWordForWord, match="99-000-101 paragraph 13"):
        damaged.verify(Pasted(text=f"“{HEARD.replace('chair', 'clerk')}” (99 000 101)"))


@cache
def sample_paragraphs() -> tuple[str, ...]:
    """The words of every paragraph of the sample."""
    read = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    return tuple(p.words for d in read for _, p in d.paragraphs())


@cache
def sample_sentences() -> tuple[str, ...]:
    """Those of at least four words, and without marks that a style would pair or a list's."""
    return tuple(
        dict.fromkeys(
            words[s.start : s.end]
            for words in sample_paragraphs()
            for s in sentence_spans(words)
            if len(words[s.start : s.end].split()) >= 4
            and not re.search("[“”‘\"']|s’", words)
            and words[s.start].isalpha()
        )
    )


def stands(quoted: str) -> bool:
    """Whether words stand in a paragraph of the sample, at word borders; by brute force."""
    line = re.escape(" ".join(quoted.split()))
    whole = re.compile(rf"(?<![\w£])(?<!\w[.,:/'’‑-]){line}(?![\w%]|[.,:/'’‑-]\w)")
    return any(whole.search(" ".join(words.split())) for words in sample_paragraphs())


SENTENCES = st.integers(0, 10_000)
"""Numbers of sentences, which are read only when a test needs them."""

STYLES = ("“{}”", '"{}"', "‘{}’", "'{}'", "«{}»", "> {}")
AROUND = st.text(st.characters(exclude_characters="“”„\"'‘’«»>", codec="utf-8"), max_size=80)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def covering(found: Verification, at: int) -> Iterator[QuotationCheck]:
    return (q for q in found.quotations if q.start <= at < q.end)


@QUICK
@given(number=SENTENCES, style=st.sampled_from(STYLES), before=AROUND, after=AROUND)
def test_a_sentence_quoted_in_any_marks_in_any_text_is_exact_where_it_stands(
    verifier: Verifier, number: int, style: str, before: str, after: str
) -> None:
    sentence = sample_sentences()[number % len(sample_sentences())]
    opening = f"{before}\n\n{style[: style.index('{')]}"
    text = opening + sentence + style[style.index("}") + 1 :] + f"\n\n{after}"
    (quotation,) = covering(checked(verifier, text), len(opening))
    assert (quotation.start, quotation.text) == (len(opening), sentence)
    assert quotation.words_are_exact


@QUICK
@given(
    number=SENTENCES,
    place=st.floats(0, 1, exclude_max=True),
    change=st.sampled_from(("replace", "insert", "delete")),
    letter=st.characters(codec="utf-8", exclude_characters="“”"),
)
def test_one_changed_character_is_never_exact(
    verifier: Verifier, number: int, place: float, change: str, letter: str
) -> None:
    sentence = sample_sentences()[number % len(sample_sentences())]
    at = int(place * len(sentence))
    rest = sentence[at + (change != "insert") :]
    changed = sentence[:at] + (letter if change != "delete" else "") + rest
    for quotation in checked(verifier, f"“{changed}”").quotations:
        assert (quotation.status is VerifyStatus.EXACT) <= stands(quotation.text)
        assert quotation.words_are_exact == stands(quotation.text)
        if quotation.status is VerifyStatus.DIFFERS:
            assert quotation.differences


@QUICK
@given(text=st.text(min_size=1, max_size=400))
def test_any_text_at_all_can_be_verified(verifier: Verifier, text: str) -> None:
    assert checked(verifier, text).summary
