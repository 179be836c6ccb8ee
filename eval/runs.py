"""Runs: what was asked and what came back, kept whole so that two runs can be compared."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.citation import cite
from corpus.model import Role, Voice
from eval.gold import GoldQuestion
from eval.metrics import RunScores, score
from eval.runner import Asked, ask_all
from index.tables import Tables
from service.answer import SnapshotInfo
from service.answering import Answerer


class Shown(Struct, frozen=True, kw_only=True):
    """A paragraph that was found or wanted, as a report shows it.

    Attributes:
        label: Its citation in words.
        text: Its words.
        role: What it does in its decision.
        voice: Whose word it is.
        url: The publisher's page, where known.
    """

    label: str
    text: str
    role: Role
    voice: Voice
    url: str | None


class Run(Struct, frozen=True, kw_only=True):
    """One run over one set of questions.

    Attributes:
        questions_from: Name of the file of questions.
        made: When.
        snapshot: What was searched.
        relevant_from: The least grade that counts as relevant where grades are not weighed.
        questions: What was asked.
        asked: What came of each, in the same order.
        paragraphs: All paragraphs found or wanted, by place (``000.txt#27``).
    """

    questions_from: str
    made: datetime
    snapshot: SnapshotInfo
    relevant_from: int = 2
    questions: tuple[GoldQuestion, ...]
    asked: tuple[Asked, ...]
    paragraphs: dict[str, Shown]

    @property
    def scores(self) -> RunScores:
        """What it is worth, worked out anew."""
        return score(self.questions, self.asked, self.relevant_from)

    def as_json(self) -> bytes:
        """Its scores and all of it; `read_run` reads it back."""
        return msgspec.json.encode({"scores": self.scores} | msgspec.structs.asdict(self))


class BadRun(ValueError):
    """A file that is no run; the message says why."""


def make_run(
    answerer: Answerer,
    questions: Sequence[GoldQuestion],
    *,
    questions_from: str,
    relevant_from: int = 2,
) -> Run:
    """Ask all questions and keep everything that came of them."""
    asked = tuple(ask_all(answerer, questions))
    places = {f.place for a in asked for f in a.found}
    places |= {r.place for q in questions for r in q.relevant}
    return Run(
        questions_from=questions_from,
        made=datetime.now(UTC),
        snapshot=answerer.snapshot,
        relevant_from=relevant_from,
        questions=tuple(questions),
        asked=asked,
        paragraphs=_shown(answerer.retriever.snapshot.tables, places),
    )


def read_run(path: Path) -> Run:
    """Read a run that ``upheld-eval run --json`` printed.

    Raises:
        BadRun: It is not such a file, or two questions in it have one id.
    """
    try:
        run = msgspec.json.decode(path.read_bytes(), type=Run)
    except (OSError, msgspec.MsgspecError) as error:
        raise BadRun(f"{path}: {error}") from error
    if len({q.id for q in run.questions}) < len(run.questions):
        raise BadRun(f"{path}: two questions have one id")
    if [q.id for q in run.questions] != [a.id for a in run.asked]:
        raise BadRun(f"{path}: the questions and what came of them do not go together")
    return run


def _shown(tables: Tables, places: Iterable[str]) -> dict[str, Shown]:
    decisions = {file: tables.decision(key) for key, file in tables.files().items()}
    shown: dict[str, Shown] = {}
    for place in sorted(places):
        file, _, number = place.rpartition("#")
        decision = decisions.get(file)
        if decision is None:
            continue
        for section, paragraph in decision.paragraphs():
            if paragraph.number == int(number):
                citation = cite(decision, section, paragraph)
                shown[place] = Shown(
                    label=citation.label,
                    text=paragraph.words,
                    role=paragraph.role,
                    voice=paragraph.voice,
                    url=citation.url,
                )
    return shown
