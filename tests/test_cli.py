"""The command line, run as a user runs it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
UPHELD = Path(sys.executable).parent / "upheld"


def run(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UPHELD, *arguments], capture_output=True, text=True, cwd=cwd, timeout=300, check=False
    )


def test_parse_prints_one_decision_a_line_as_contracted() -> None:
    done = run("parse", SAMPLES)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr, len(rows)) == (0, "", 18)
    assert list(rows[0]) == [
        "decision_id", "publisher", "reference", "bodies", "category", "outcome", "outcome_text",
        "decided", "summary", "url", "numbering", "sections", "source", "outcome_parts",
        "findings", "remedies", "law", "references", "cross_references",
    ]  # fmt: skip
    paragraph = rows[0]["sections"][0]["paragraphs"][0]
    assert list(paragraph) == ["number", "text", "items", "role", "voice", "boilerplate"]
    assert rows[0]["decided"] == "2024-03-12"
    assert rows[0]["source"]["file"] == "01_conference_chair.txt"


def test_parse_explains_itself_when_asked() -> None:
    done = run("parse", "--explain", SAMPLES / "01_conference_chair.txt")
    paragraph = json.loads(done.stdout)["sections"][0]["paragraphs"][0]
    assert paragraph["reason"] == "under the heading of the complaint"


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(SAMPLES / "01_conference_chair.txt", folder)
    (folder / "empty.txt").touch()
    (folder / "soup.txt").write_text("Take two onions.")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    return folder


def test_parse_sets_bad_files_aside_one_line_each(mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("parse", mixed, "--out", out)
    assert done.returncode == 3
    assert done.stdout == ""
    assert len(out.read_text().splitlines()) == 1
    errors = done.stderr.splitlines()
    assert [e.removeprefix(f"{mixed}/").split(":")[0] for e in errors] == [
        "empty.txt", "picture.txt", "soup.txt",
    ]  # fmt: skip


def test_build_goes_on_without_bad_files(mixed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = run("build", mixed, "--data", data, "--encoder", "hashing", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert (report["decisions"], len(report["set_aside"])) == (1, 3)
    assert len(done.stderr.splitlines()) == 3
    again = run("build", mixed, "--data", data, "--encoder", "hashing", "--precision", "float32")
    assert again.stdout.startswith("1 decisions (0 added, 0 changed, 0 removed, 1 kept, 3 set")


def test_ask_prints_the_answer_for_a_person(sample_data: Path) -> None:
    done = run("ask", "can a chair overrule the conference?", "--data", sample_data)
    assert done.returncode == 0
    assert "fictional samples" in done.stdout
    assert "upheld build FOLDER" in done.stdout
    assert "The Ombudsman found" in done.stdout
    assert "Exampleshire County Council (99 000 101), 12 March 2024, Not upheld" in done.stdout


def test_ask_answers_from_the_real_decisions_as_json(real_data: Path) -> None:
    done = run("ask", "can a chair overrule the conference?", "--data", real_data, "--json")
    answer = json.loads(done.stdout)
    first = answer["matches"][0]
    assert answer["status"] == "answered"
    assert first["citation"]["reference"] == "18 019 617"
    assert first["citation"]["paragraph"] == 27
    assert first["citation"]["decided"] == "2019-11-25"
    assert (first["role"], first["voice"]) == ("finding", "ombudsman")
    for q in answer["quotations"]:
        assert answer["matches"][q["match"]]["text"][q["start"] : q["end"]] == q["text"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", ""], 1, "the question is empty"),
        (["ask", "x" * 2001], 1, "2,001 characters"),
        (["ask", "hello", "--data", "nowhere"], 1, "run 'upheld build FOLDER --data nowhere'"),
        (["serve", "--data", "nowhere"], 1, "run 'upheld build FOLDER --data nowhere'"),
        (["build", "nowhere"], 2, "does not exist"),
        (["build", "."], 3, "no decision could be read"),
        (["ask", "hello", "--from", "yesterday"], 2, "yesterday"),
    ],
)
def test_a_mistake_is_told_plainly_and_never_as_a_trace(
    arguments: list[str], code: int, message: str, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_doctor_finds_a_whole_snapshot_good_and_a_damaged_one_bad(
    sample_data: Path, tmp_path: Path
) -> None:
    good = run("doctor", "--data", sample_data)
    assert good.returncode == 0
    assert "BAD" not in good.stdout
    copy = tmp_path / "copy"
    shutil.copytree(sample_data, copy)
    words = next(copy.glob("snapshots/*/words/*.json"))
    words.write_bytes(words.read_bytes() + b" ")
    bad = run("doctor", "--data", copy)
    assert bad.returncode == 1
    assert f"damaged, missing or foreign: words/{words.name}" in bad.stdout
