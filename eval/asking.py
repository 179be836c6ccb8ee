"""Asking: an index of what is given, built for the occasion, and every question put to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from corpus.files import read_files
from corpus.model import Decision
from corpus.reader import ParseError
from eval.beir import read_documents, read_judged_questions
from eval.gold import GoldQuestion, alone, read_questions
from eval.runs import Run, make_run
from index.build import build
from index.encoders import Precision, load_encoder
from service.answering import Answerer
from service.opening import open_answerer
from service.settings import Settings

_GRADED_FROM, _JUDGED_FROM = 2, 1


class BadAsking(ValueError):
    """It is not clear what to ask of what."""


class Asking(Struct, frozen=True, kw_only=True):
    """What to ask of what: questions over decisions, or a BEIR folder.

    Attributes:
        questions: File of questions, one JSON object a line.
        decisions: Folders of published files.
        beir: A BEIR folder, in place of the other two.
        encoder: Its name.
        precision: Of encoding passages.
        reranker: Name or folder of a cross-encoder.
    """

    questions: Path | None = None
    decisions: tuple[Path, ...] = ()
    beir: Path | None = None
    encoder: str
    precision: Precision = Precision.FLOAT32
    reranker: str | None = None

    @property
    def name(self) -> str:
        """Of the file of questions, or of the folder."""
        return (self.beir or self.questions or Path()).name

    @property
    def relevant_from(self) -> int:
        """The least grade that counts: in a BEIR folder every judged document does."""
        return _JUDGED_FROM if self.beir else _GRADED_FROM


@contextmanager
def opened(asking: Asking) -> Iterator[tuple[Answerer, tuple[GoldQuestion, ...]]]:
    """An answerer over the decisions or the BEIR folder, and the questions.

    Raises:
        BadAsking: Neither, or both, were given.
        eval.gold.BadGold: A file of questions or documents cannot be used.
    """
    read: Iterable[Decision | ParseError]
    if asking.beir and not asking.questions and not asking.decisions:
        gold, read = read_judged_questions(asking.beir), read_documents(asking.beir)
    elif asking.questions and asking.decisions and not asking.beir:
        gold, read = read_questions(asking.questions), read_files(asking.decisions)
    else:
        raise BadAsking("give either --questions and --decisions, or --beir")
    with TemporaryDirectory() as data:
        encoder = load_encoder(asking.encoder, precision=asking.precision)
        build(read, encoder, Path(data))
        settings = Settings(reranker=asking.reranker, batch=1)
        yield open_answerer(Path(data), settings, encoder=encoder), gold


def ask_once(asking: Asking, *, standalone: bool = False) -> Run:
    """Ask all questions; see `opened`.

    Args:
        asking: What to ask of what.
        standalone: Ask follow-ups as they are written to stand alone: the most that carrying over
            what was said before can reach.
    """
    with opened(asking) as (answerer, gold):
        return make_run(
            answerer,
            tuple(map(alone, gold)) if standalone else gold,
            questions_from=asking.name,
            relevant_from=asking.relevant_from,
        )
