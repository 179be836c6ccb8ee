"""BEIR folders: public retrieval collections, asked through our own retriever."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from corpus.model import (
    Decision,
    DecisionId,
    Numbering,
    Outcome,
    Paragraph,
    Role,
    Section,
    Source,
    Voice,
)
from eval.gold import BadGold, GoldQuestion, Relevant
from index.digests import digest

_PUBLISHER = "upheld-sample"
_T = TypeVar("_T")


class _Document(Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""


class _Query(Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    text: str


def read_documents(folder: Path) -> Iterator[Decision]:
    """Each document of ``corpus.jsonl`` as a decision of one paragraph, its title before its text.

    A document without words is left out: nothing can find it.

    Raises:
        BadGold: A line is no document.
    """
    for document in _lines(folder / "corpus.jsonl", _Document):
        words = " ".join(f"{document.title} {document.text}".split())
        if words:
            yield Decision(
                decision_id=DecisionId(f"beir/{document.id}"),
                publisher=_PUBLISHER,
                reference=document.id,
                bodies=(),
                category=(),
                outcome=Outcome.UNKNOWN,
                outcome_text=None,
                decided=None,
                summary=None,
                url=None,
                numbering=Numbering.NONE,
                sections=(
                    Section(
                        heading_path=(),
                        paragraphs=(
                            Paragraph(number=1, text=words, role=Role.FACTS, voice=Voice.OMBUDSMAN),
                        ),
                    ),
                ),
                source=Source(file=document.id, sha256=digest(words)),
            )


def read_judged_questions(folder: Path) -> tuple[GoldQuestion, ...]:
    """Each query that ``qrels/test.tsv`` judges, with its documents; grades as they stand there.

    Raises:
        BadGold: A line is no query or no judgement, or a judged query is not there.
    """
    judged: dict[str, list[Relevant]] = {}
    path = folder / "qrels" / "test.tsv"
    with path.open(newline="", encoding="utf-8") as stream:
        for number, row in enumerate(csv.reader(stream, delimiter="\t"), start=1):
            if not row or (number == 1 and row[-1] == "score"):
                continue
            try:
                query, document, grade = row[0], row[1], int(row[2])
            except (IndexError, ValueError) as error:
                raise BadGold(
                    f"{path} line {number}: {row} is not a query, a document and a grade"
                ) from error
            if grade > 0:
                judged.setdefault(query, []).append(Relevant(document, 1, grade))
    texts = {q.id: q.text for q in _lines(folder / "queries.jsonl", _Query)}
    if missing := sorted(judged.keys() - texts.keys()):
        raise BadGold(f"{path}: {len(missing)} queries have no text, such as {missing[0]}")
    return tuple(
        GoldQuestion(id=query, question=texts[query], relevant=tuple(relevant))
        for query, relevant in judged.items()
    )


def _lines(path: Path, kind: type[_T]) -> Iterator[_T]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    yield msgspec.json.decode(line, type=kind)
                except msgspec.MsgspecError as error:
                    raise BadGold(f"{path} line {number}: {error}") from error
