"""BEIR folders: read line by line, judged as they stand, and asked end to end."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from corpus.model import Numbering, Outcome
from eval.asking import Asking, BadAsking, ask_once
from eval.beir import read_documents, read_judged_questions
from eval.cli import main
from eval.compare import compare
from eval.gold import BadGold, GoldQuestion, Relevant
from eval.runs import Run, read_run
from index.encoders import DEFAULT
from index.models import OFFICIAL

DOCUMENTS = (
    {"_id": "wings#1", "title": "Swept wings", "text": "Lift falls  behind\na swept wing."},
    {"_id": "heat", "title": "", "text": "A blunt nose spreads heat.", "metadata": {"year": 1958}},
    {"_id": "empty", "title": " ", "text": "\n"},
    {"_id": "noise", "text": "Jets make noise."},
)
QUERIES = (
    {"_id": "q1", "text": "how does a blunt nose spread heat?"},
    {"_id": "unjudged", "text": "who flies?"},
    {"_id": "q2", "text": "lift behind a swept wing"},
)
HEADER = "query-id\tcorpus-id\tscore"
JUDGEMENTS = (HEADER, "q2\twings#1\t3", "q1\theat\t1", "q2\tempty\t1", "q1\tnoise\t0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    write(folder / "corpus.jsonl", [json.dumps(d) for d in DOCUMENTS])
    write(folder / "queries.jsonl", [json.dumps(q) for q in QUERIES])
    write(folder / "qrels" / "test.tsv", JUDGEMENTS)
    return folder


def write(path: Path, rows: Sequence[str]) -> None:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def test_each_document_is_a_decision_of_one_paragraph_with_its_title_before_its_text(
    folder: Path,
) -> None:
    read = list(read_documents(folder))
    assert [(d.decision_id, d.source.file) for d in read] == [
        ("beir/wings#1", "wings#1"),
        ("beir/heat", "heat"),
        ("beir/noise", "noise"),
    ]
    assert [[(p.number, p.words) for _, p in d.paragraphs()] for d in read] == [
        [(1, "Swept wings Lift falls behind a swept wing.")],
        [(1, "A blunt nose spreads heat.")],
        [(1, "Jets make noise.")],
    ]
    assert {(d.outcome, d.numbering, d.bodies) for d in read} == {
        (Outcome.UNKNOWN, Numbering.NONE, ())
    }


def test_a_document_without_words_is_left_out(folder: Path) -> None:
    assert "empty" not in {d.reference for d in read_documents(folder)}
    write(folder / "corpus.jsonl", ['{"_id": "1", "title": "Only a title", "text": ""}'])
    (only,) = read_documents(folder)
    assert [p.words for _, p in only.paragraphs()] == ["Only a title"]


def test_each_judged_query_is_a_question_with_its_documents_and_their_grades(
    folder: Path,
) -> None:
    assert read_judged_questions(folder) == (
        GoldQuestion(
            id="q2",
            question="lift behind a swept wing",
            relevant=(Relevant("wings#1", 1, 3), Relevant("empty", 1, 1)),
        ),
        GoldQuestion(
            id="q1",
            question="how does a blunt nose spread heat?",
            relevant=(Relevant("heat", 1, 1),),
        ),
    )


def test_judgements_without_a_header_are_all_read(folder: Path) -> None:
    with_header = read_judged_questions(folder)
    write(folder / "qrels" / "test.tsv", JUDGEMENTS[1:])
    assert read_judged_questions(folder) == with_header


@pytest.mark.parametrize("bad", ['{"_id": "x"}', '{"_id": 7, "text": "seven"}', "not JSON"])
def test_a_bad_line_is_named_with_its_number(folder: Path, bad: str) -> None:
    write(folder / "corpus.jsonl", [json.dumps(DOCUMENTS[0]), "", bad])
    with pytest.raises(BadGold, match=r"corpus\.jsonl line 3: "):
        list(read_documents(folder))
    write(folder / "queries.jsonl", [bad])
    with pytest.raises(BadGold, match=r"queries\.jsonl line 1: "):
        read_judged_questions(folder)


@pytest.mark.parametrize("bad", ["q1\theat", "q1\theat\tmuch", "q1 heat 1"])
def test_a_bad_judgement_is_named_with_its_number(folder: Path, bad: str) -> None:
    write(folder / "qrels" / "test.tsv", [*JUDGEMENTS[:2], bad])
    with pytest.raises(BadGold, match=r"test\.tsv line 3: .*not a query, a document and a grade"):
        read_judged_questions(folder)


def test_a_judged_query_without_text_is_refused(folder: Path) -> None:
    write(folder / "qrels" / "test.tsv", [*JUDGEMENTS, "q9\theat\t1", "q8\theat\t1"])
    with pytest.raises(BadGold, match=r"test\.tsv: 2 queries have no text, such as q8"):
        read_judged_questions(folder)


def test_a_folder_is_asked_and_every_judged_document_counts(folder: Path) -> None:
    run = ask_once(Asking(beir=folder, encoder="hashing"))
    assert (run.questions_from, run.relevant_from) == ("tiny", 1)
    assert (run.snapshot.encoder, run.snapshot.decisions) == ("hashing", 3)
    assert run.questions == read_judged_questions(folder)
    first = {a.id: a.found[0].place for a in run.asked}
    assert first == {"q1": "heat#1", "q2": "wings#1#1"}
    assert all(0 <= a.confidence <= 1 for a in run.asked)
    assert all(a.answered and a.inexact == 0 for a in run.asked)
    assert run.paragraphs["heat#1"].text == "A blunt nose spreads heat."
    assert run.paragraphs.keys() == {"wings#1#1", "heat#1", "noise#1"}
    means = {c.measure: c.before for c in compare(run, run).changes}
    # The empty document cannot be found, and it is half of what q2 seeks.
    assert (means["success@1"], means["RR"]) == (1, 1)
    assert means["recall@5"] == 0.75
    assert means["right to answer or not"] == 1


def beir(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(
        main, ["run", "--beir", str(folder), "--encoder", "hashing", *options]
    )


def test_the_command_prints_a_run_that_can_be_compared(folder: Path, tmp_path: Path) -> None:
    done = beir(folder, "--json")
    assert done.exit_code == 0
    printed = tmp_path / "run.json"
    printed.write_bytes(done.stdout_bytes)
    run = read_run(printed)
    assert run == msgspec.json.decode(done.stdout_bytes, type=Run)
    assert [a.id for a in run.asked] == ["q2", "q1"]
    for_a_person = beir(folder)
    assert for_a_person.exit_code == 0
    assert "recall@5" in for_a_person.stdout


def test_the_command_says_in_one_line_what_is_wrong_with_a_folder(folder: Path) -> None:
    write(folder / "corpus.jsonl", ["{}"])
    done = beir(folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: {folder / 'corpus.jsonl'} line 1: Object missing required field `_id`\n"
    )
    (folder / "qrels" / "test.tsv").unlink()
    missing = beir(folder)
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "test.tsv" in missing.stderr


@pytest.mark.parametrize(
    ("options", "encoder"),
    [
        (["--beir", "{folder}"], OFFICIAL),
        (["--beir", "{folder}", "--encoder", "hashing"], "hashing"),
        (["--questions", "{folder}/queries.jsonl", "--decisions", "{folder}"], DEFAULT),
    ],
)
def test_a_beir_folder_is_encoded_with_the_official_weights_unless_told(
    folder: Path, options: list[str], encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(asking: Asking, *, standalone: bool) -> Run:
        asked.append(asking.encoder)
        raise BadAsking("that is all")

    monkeypatch.setattr("eval.asking.ask_once", ask)
    done = CliRunner().invoke(main, ["run", *(o.format(folder=folder) for o in options)])
    assert (done.exit_code, asked) == (1, [encoder])


@pytest.fixture(scope="session")
def bench(shared: Path) -> Path:
    """The public collections, which the project may read but not carry."""
    folder = shared / "bench"
    if not folder.is_dir():
        reason = f"the public collections are not at {folder}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return folder


@pytest.mark.parametrize(
    ("name", "documents", "queries", "judgements", "empty"),
    [
        ("conditionalqa", 7529, 271, 1165, set()),
        ("cranfield", 1400 - 2, 225, 1612, {"995"}),
        ("orsharc", 651, 1397, 1397, set()),
    ],
)
def test_the_public_collections_are_read_whole(
    bench: Path, name: str, documents: int, queries: int, judgements: int, empty: set[str]
) -> None:
    read = [d.source.file for d in read_documents(bench / name)]
    questions = read_judged_questions(bench / name)
    judged = [r.file for q in questions for r in q.relevant]
    assert (len(read), len(set(read))) == (documents, documents)
    assert (len(questions), len(judged)) == (queries, judgements)
    assert set(judged) - set(read) == empty
    assert all(q.question for q in questions)
