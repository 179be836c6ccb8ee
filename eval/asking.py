"""Asking: an index of what is given, built for the occasion, and every question put to it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.files import read_files
from corpus.model import Decision
from corpus.reader import ParseError
from eval.beir import read_documents, read_judged_questions
from eval.gold import GoldQuestion, read_questions
from eval.runs import Run, make_run
from index.build import build
from index.encoders import load_encoder
from service.answering import Answerer
from service.opening import open_answerer

_GRADED_FROM, _JUDGED_FROM = 2, 1


class BadAsking(ValueError):
    """It is not clear what to ask of what."""


@contextmanager
def opened(
    questions: Path | None, decisions: Sequence[Path], beir: Path | None, encoder: str
) -> Iterator[tuple[Answerer, tuple[GoldQuestion, ...]]]:
    """An answerer over the decisions or the BEIR folder, and the questions.

    Raises:
        BadAsking: Neither, or both, were given.
        eval.gold.BadGold: A file of questions or documents cannot be used.
    """
    if (bool(questions), bool(decisions)) != (not beir, not beir):
        raise BadAsking("give either --questions and --decisions, or --beir")
    read: Iterable[Decision | ParseError]
    if beir:
        gold, read = read_judged_questions(beir), read_documents(beir)
    elif questions:
        gold, read = read_questions(questions), read_files(decisions)
    with TemporaryDirectory() as data:
        build(read, load_encoder(encoder), Path(data))
        yield open_answerer(Path(data)), gold


def ask_once(
    questions: Path | None, decisions: Sequence[Path], beir: Path | None, encoder: str
) -> Run:
    """Ask all questions; see `opened`. In a BEIR folder every judged document counts."""
    with opened(questions, decisions, beir, encoder) as (answerer, gold):
        return make_run(
            answerer,
            gold,
            questions_from=(beir or questions or Path()).name,
            relevant_from=_JUDGED_FROM if beir else _GRADED_FROM,
        )
