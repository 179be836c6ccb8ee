"""Gold: questions that users ask, with the paragraphs that answer them."""

from pathlib import Path

import msgspec
from msgspec import Struct

from service.questions import Turn


class Relevant(Struct, frozen=True):
    """A paragraph that bears on a question.

    Attributes:
        file: The decision's file.
        paragraph: Its number.
        grade: 3 answers with authority, 2 in part or as a party's account, 1 on topic only.
    """

    file: str
    paragraph: int
    grade: int

    @property
    def place(self) -> str:
        """File and paragraph number: ``000.txt#27``."""
        return f"{self.file}#{self.paragraph}"


class GoldQuestion(Struct, frozen=True):
    """One question; `relevant` is empty where nothing answers it.

    Attributes:
        id: Its own.
        question: As asked.
        relevant: What bears on it.
        persona: Who asks.
        kind: What sort of question it is.
        answerable: Whether the decisions answer it.
        history: What was said before.
        standalone: The question as it would be asked alone.
    """

    id: str
    question: str
    relevant: tuple[Relevant, ...]
    persona: str = "unknown"
    kind: str = "unknown"
    answerable: bool = True
    history: tuple[Turn, ...] = ()
    standalone: str | None = None


def alone(question: GoldQuestion) -> GoldQuestion:
    """A follow-up as it is written to stand alone; any other question as it is."""
    if question.standalone is None:
        return question
    return msgspec.structs.replace(question, question=question.standalone, history=())


class BadGold(ValueError):
    """A question file that cannot be used; it names the line."""


def read_questions(path: Path) -> tuple[GoldQuestion, ...]:
    """Read a file of questions, one JSON object a line.

    Raises:
        BadGold: A line has not the form that is wanted, or an id comes twice.
    """
    found: dict[str, GoldQuestion] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = msgspec.json.decode(line, type=GoldQuestion)
        except msgspec.MsgspecError as error:
            raise BadGold(f"{path} line {number}: {error}") from error
        if question.id in found:
            raise BadGold(f"{path} line {number}: the id {question.id} comes twice")
        found[question.id] = question
    return tuple(found.values())
