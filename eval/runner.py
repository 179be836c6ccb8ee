"""Runner: asks every gold question as the service would, and keeps what came back."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from corpus.model import DecisionId, Role
from eval.gold import GoldQuestion
from service.answer import Answer, Match, Status
from service.answering import Answerer
from service.questions import Question


class Found(Struct, frozen=True, kw_only=True):
    """One paragraph that was found, in the order of the answer.

    Attributes:
        place: File and paragraph number: ``000.txt#27``.
        allegation: Whether it is the complaint.
        boilerplate: Whether it is a standard paragraph.
    """

    place: str
    allegation: bool
    boilerplate: bool


class Asked(Struct, frozen=True, kw_only=True):
    """What came of one question.

    Attributes:
        id: The question's.
        answered: Whether it was taken to be answered.
        confidence: How likely the service holds it to be that the decisions answer, 0 to 1.
        found: What was found, a collapsed match as its whole group.
        quoted: Where the quotations stand.
        inexact: Quotations that are not in their match; there must be none.
        allegations_quoted: Quotations of what a complainant alleged; there must be none.
        milliseconds: How long each stage took.
    """

    id: str
    answered: bool
    confidence: float
    found: tuple[Found, ...]
    quoted: tuple[str, ...]
    inexact: int
    allegations_quoted: int
    milliseconds: dict[str, float]


def ask_all(answerer: Answerer, questions: Sequence[GoldQuestion], k: int = 10) -> Iterator[Asked]:
    """Ask every question in turn."""
    files = answerer.retriever.snapshot.tables.files()
    for gold in questions:
        answer = answerer.answer(Question(question=gold.question, history=gold.history, k=k))
        yield _asked(gold.id, answer, files)


def _asked(question: str, answer: Answer, files: dict[DecisionId, str]) -> Asked:
    matches = answer.matches or answer.nearest
    quoted = [(q, answer.matches[q.match]) for q in answer.quotations]
    return Asked(
        id=question,
        answered=answer.status is Status.ANSWERED,
        confidence=answer.confidence,
        found=tuple(f for match in matches for f in _places(match, files)),
        quoted=tuple(
            _place(m.citation.decision_id, m.citation.paragraph, files) for _, m in quoted
        ),
        inexact=sum(m.text[q.start : q.end] != q.text for q, m in quoted),
        allegations_quoted=sum(m.role is Role.COMPLAINT for _, m in quoted),
        milliseconds={
            name: getattr(answer.timings_ms, name) for name in answer.timings_ms.__struct_fields__
        },
    )


def _places(match: Match, files: dict[DecisionId, str]) -> Iterator[Found]:
    for citation in (match.citation, *match.also_in):
        yield Found(
            place=_place(citation.decision_id, citation.paragraph, files),
            allegation=match.role is Role.COMPLAINT,
            boilerplate=match.boilerplate,
        )


def _place(decision_id: DecisionId, paragraph: int, files: dict[DecisionId, str]) -> str:
    return f"{files[decision_id]}#{paragraph}"
