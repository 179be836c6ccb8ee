"""TREC files: a run and its judgements as other programs read them, and other systems' runs scored.

In both files white space parts the fields, and names of files may hold some. Ids of questions and
places (``000.txt#27``) are therefore percent-encoded (RFC 3986, section 2.1, of their UTF-8):
``a b.txt#27`` is written ``a%20b.txt#27``, and a per cent sign ``%25``. Reading undoes it.
"""

import codecs
import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct

from eval.gold import GoldQuestion, Relevant
from eval.metrics import Estimate, score
from eval.runner import Asked, Found
from eval.runs import Run

RUN = "run.trec"
QRELS = "qrels.trec"

_KEPT = "/#:,;@!$&'()*+=[]"
_PLACE = re.compile(r"(?P<file>.+)#(?P<number>[0-9]{1,9})", re.DOTALL)


class BadTrec(ValueError):
    """What cannot be read from or written to a TREC file; the message names file and line."""


class TrecScores(Struct, frozen=True, kw_only=True):
    """What a system's run is worth, by the measures of `eval.metrics`.

    Attributes:
        questions: How many the judgements hold.
        measures: Each measure over all of them.
        per_question: Each measure of each question.
    """

    questions: int
    measures: dict[str, Estimate]
    per_question: dict[str, dict[str, float]]


class _Line(Struct, frozen=True):
    where: str
    fields: tuple[str, ...]


class _Hit(Struct, frozen=True):
    place: str
    rank: int
    score: float


def write_trec(run: Run, folder: Path) -> None:
    """Write ``run.trec`` and ``qrels.trec`` into a folder, which is made if need be.

    The judgements are those of the answerable questions: the form cannot tell that nothing
    answers one. The scores of the run only keep its order, since a match's place is decided by
    more than one score.

    Raises:
        BadTrec: A question has no id, or is answerable though no paragraph is graded; nothing is
            written.
    """
    tag = _written(f"upheld-{run.snapshot.encoder}")
    found, judged = list[str](), list[str]()
    for number, (question, asked) in enumerate(zip(run.questions, run.asked, strict=True), start=1):
        if not question.id:
            raise BadTrec(f"{RUN}: question {number} of {run.questions_from} has no id")
        if question.answerable and not question.relevant:
            raise BadTrec(
                f"{QRELS}: question {question.id} of {run.questions_from} is answerable but no "
                "paragraph is graded for it, and a file of judgements cannot say so"
            )
        name = _written(question.id)
        found += [
            f"{name} Q0 {_written(f.place)} {rank} {len(asked.found) + 1 - rank} {tag}\n"
            for rank, f in enumerate(asked.found, start=1)
        ]
        if question.answerable:
            judged += [f"{name} 0 {_written(r.place)} {r.grade}\n" for r in question.relevant]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RUN).write_text("".join(found), encoding="utf-8", newline="\n")
    (folder / QRELS).write_text("".join(judged), encoding="utf-8", newline="\n")


def read_trec(run_file: Path, qrels_file: Path, relevant_from: int) -> TrecScores:
    """Score any system's run against judgements.

    A question that is judged but has no result counts as nought; a result for one that is not
    judged counts for nothing. The order is that of the scores, and of the ranks where scores are
    equal. A grade below 0, as TREC gives to spam, counts as 0.

    Raises:
        BadTrec: A file cannot be read, a line has not the form that is wanted, a document comes
            twice for one question, there is no judgement, or the two files have no question in
            common though both have some.
    """
    judged = _judgements(qrels_file)
    hits = _hits(run_file)
    if not judged:
        raise BadTrec(f"{qrels_file}: there is no judgement in it")
    if hits and not hits.keys() & judged.keys():
        raise BadTrec(
            f"{run_file}: {qrels_file} judges none of its questions, such as {next(iter(hits))}"
        )
    scores = score(
        [GoldQuestion(id=q, question=q, relevant=tuple(of)) for q, of in judged.items()],
        [_asked(q, hits.get(q, [])) for q in judged],
        relevant_from,
    )
    return TrecScores(
        questions=scores.answerable, measures=scores.measures, per_question=scores.per_question
    )


def _judgements(path: Path) -> dict[str, list[Relevant]]:
    judged: dict[str, list[Relevant]] = {}
    seen = set[tuple[str, str]]()
    for line in _lines(path, "a question, 0, a document and a grade", 4):
        question, _, document, grade = line.fields
        file, number = _place(document, line.where)
        relevant = Relevant(file, number, max(0, _whole(grade, "grade", line.where)))
        if (question, relevant.place) in seen:
            raise BadTrec(f"{line.where}: {document} is judged twice for {question}")
        seen.add((question, relevant.place))
        judged.setdefault(question, []).append(relevant)
    return judged


def _hits(path: Path) -> dict[str, list[_Hit]]:
    hits: dict[str, list[_Hit]] = {}
    seen = set[tuple[str, str]]()
    for line in _lines(path, "a question, Q0, a document, a rank, a score and a tag", 6):
        question, _, document, rank, value, _ = line.fields
        file, number = _place(document, line.where)
        hit = _Hit(
            place=f"{file}#{number}",
            rank=_whole(rank, "rank", line.where),
            score=_finite(value, line.where),
        )
        if (question, hit.place) in seen:
            raise BadTrec(f"{line.where}: {document} is found twice for {question}")
        seen.add((question, hit.place))
        hits.setdefault(question, []).append(hit)
    return hits


def _lines(path: Path, wanted: str, number: int) -> Iterator[_Line]:
    """The lines that are not empty, their ids as they were before they were encoded."""
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise BadTrec(f"{path}: {error.strerror or error}") from error
    # Bytes, because text would also be parted at characters that only look like white space.
    for at, line in enumerate(content.splitlines(), start=1):
        where, fields = f"{path} line {at}", line.split()
        if not fields:
            continue
        if len(fields) != number:
            raise BadTrec(
                f"{where}: it has {len(fields)} fields, wanted are {wanted}; "
                "white space inside a name is written %20"
            )
        try:
            # Question and document; a foreign tag or score may hold a per cent sign of its own.
            for encoded in (0, 2):
                fields[encoded] = unquote_to_bytes(fields[encoded])
            yield _Line(where, tuple(field.decode() for field in fields))
        except UnicodeDecodeError as error:
            raise BadTrec(f"{where}: it is not UTF-8") from error


def _place(document: str, where: str) -> tuple[str, int]:
    match = _PLACE.fullmatch(document)
    if match is None:
        raise BadTrec(
            f"{where}: {document} is not a file and a paragraph number, such as 000.txt#27"
        )
    # Encoded again, each in the one way: the program behind nDCG wants names without white space.
    return _written(match["file"]), int(match["number"])


def _whole(text: str, what: str, where: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadTrec(f"{where}: the {what} {text} is not a whole number") from error


def _finite(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadTrec(f"{where}: the score {text} is not a number")
    return value


def _asked(question: str, hits: list[_Hit]) -> Asked:
    ordered = sorted(hits, key=lambda hit: (-hit.score, hit.rank))
    return Asked(
        id=question,
        answered=bool(hits),
        confidence=0.0,
        found=tuple(Found(place=h.place, allegation=False, boilerplate=False) for h in ordered),
        quoted=(),
        inexact=0,
        allegations_quoted=0,
        milliseconds={},
    )


def _written(text: str) -> str:
    """Text without white space, from which reading gets it back.

    >>> _written("a b.txt#27")
    'a%20b.txt#27'
    """
    return quote(text, safe=_KEPT)
