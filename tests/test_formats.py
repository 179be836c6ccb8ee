"""Formats: the same decision in every form that it is saved in, and what is no decision at all."""

import contextlib
import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corpus.files import read_files
from corpus.lines import collapse
from corpus.model import Decision, LineKind, Numbering, Outcome
from corpus.reader import ParseError, read_decision
from tests.published import MadeDecision, bare, decisions, html, hyphened, numbered, pdf

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
DATA = ROOT / "eval" / "data"
unhurried = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def paragraphs(d: Decision) -> list[tuple[str, int, str, tuple[str, ...]]]:
    return [(s.heading, p.number, p.text, p.items) for s, p in d.paragraphs()]


def wanted(made: MadeDecision) -> list[tuple[str, int, str, tuple[str, ...]]]:
    flat = [(s.heading, p) for s in made.sections for p in s.paragraphs]
    return [(h, n, p.text, p.items) for n, (h, p) in enumerate(flat, start=1)]


def check(read: Decision, made: MadeDecision) -> None:
    assert paragraphs(read) == wanted(made)
    assert (read.bodies, read.reference) == ((made.body,), made.reference)
    assert (read.outcome_text, read.summary) == (made.outcome, made.summary)
    assert read.category == ("Planning", "Enforcement")
    assert read.decided
    assert f"{read.decided:%d %b %Y}" == made.date


@given(decisions())
@unhurried
def test_a_decision_is_read_back_from_numbers_that_restart(made: MadeDecision) -> None:
    check(read_decision(numbered(made).encode(), "made.txt"), made)


@given(decisions())
@unhurried
def test_a_decision_is_read_back_from_hyphens(made: MadeDecision) -> None:
    check(read_decision(hyphened(made).encode("utf-16"), "made.txt"), made)


@given(decisions())
@unhurried
def test_a_decision_is_read_back_from_bare_lines_and_claims_no_numbers(made: MadeDecision) -> None:
    read = read_decision(bare(made).encode("cp1252"), "made.txt")
    check(read, made)
    assert read.numbering is Numbering.NONE


@given(decisions(), st.booleans(), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
@unhurried
def test_a_decision_is_read_back_from_a_web_page(
    made: MadeDecision, running: bool, encoding: str
) -> None:
    read = read_decision(html(made, running=running).encode(encoding), "made.html")
    check(read, made)
    assert read.numbering is (Numbering.PRINTED if running else Numbering.CONTINUED)


@given(decisions())
@settings(unhurried, max_examples=15, phases=[Phase.generate])
def test_a_decision_is_read_back_from_a_pdf(made: MadeDecision) -> None:
    read = read_decision(pdf(made), "made.pdf")
    plain = json.loads(
        json.dumps(wanted(made))
        .replace("\\u2019", "'")
        .replace("\\u2018", "'")
        .replace("\\u00a3", "GBP ")
    )
    assert json.loads(json.dumps(paragraphs(read))) == plain


LIST = "<ol><li><p>Mr B complains.</p></li></ol><h2>Final decision</h2><ol><li>No fault.</li></ol>"


@pytest.mark.parametrize(
    "page",
    [
        f"<h1>Madeup Council (99 000 001)</h1><article><h2>The complaint</h2>{LIST}</article>",
        f"<title>Madeup Council (99 000 001) - An Ombudsman</title><body><main>"
        f"<h2>The complaint</h2>{LIST}</main>",
        "<article><h1>Madeup Council</h1><p>(99 000 001)</p>"
        f"<h2>The complaint</h2>{LIST}</article>",
        f"<article><h1>Madeup Council <span>(99 000 001)</span></h1><dl><dt>Category :</dt>"
        f"<dd>Planning</dd></dl><h2>The complaint</h2>{LIST}</article>",
    ],
)
def test_a_page_is_read_wherever_its_title_stands(page: str) -> None:
    read = read_decision(page.encode(), "made.html")
    assert (read.bodies, read.reference) == (("Madeup Council",), "99 000 001")
    assert [p[2] for p in paragraphs(read)] == ["Mr B complains.", "No fault."]


def test_a_value_below_its_label_is_read() -> None:
    page = "<article><h1>Madeup Council (99 000 001)</h1><p>Category :</p><p>Planning > Trees</p>"
    page += f"<p>Decision :</p><p>Upheld</p><h2>The complaint</h2>{LIST}</article>"
    read = read_decision(page.encode(), "made.html")
    assert (read.category, read.outcome) == (("Planning", "Trees"), Outcome.UPHELD)


def lost(read: Decision, text: str) -> list[str]:
    """Non-blank lines of a text that the decision's lines do not account for."""
    covered = [text[line.start : line.end] for line in read.lines]
    return [line for line in text.splitlines() if line.strip() and line not in covered]


@given(decisions(), st.sampled_from([numbered, hyphened, bare]))
@unhurried
def test_no_line_is_lost_and_each_block_can_be_traced(made: MadeDecision, form: object) -> None:
    assert callable(form)
    text = form(made)
    read = read_decision(text.encode(), "made.txt")
    trace(read, text)


def trace(read: Decision, text: str) -> None:
    """Every line is there once and in order, and paragraphs are made of their lines."""
    assert lost(read, text) == []
    starts = [line.start for line in read.lines]
    assert starts == sorted(set(starts))
    for _, paragraph in read.paragraphs():
        blocks = [
            collapse(text[line.start : line.end])
            for line in read.lines
            if line.paragraph == paragraph.number
        ]
        assert len(blocks) == 1 + len(paragraph.items)
        for block, part in zip(blocks, (paragraph.text, *paragraph.items), strict=True):
            assert block.endswith(part)
    headings = [
        collapse(text[line.start : line.end])
        for line in read.lines
        if line.kind is LineKind.HEADING
    ]
    assert {s.heading for s in read.sections if s.heading} <= set(headings)


MADE = [f for folder in (SAMPLES, DATA / "variety", DATA / "unseen") for f in folder.glob("*.txt")]


@pytest.mark.parametrize("file", sorted(MADE), ids=lambda f: f.stem[:3])
def test_no_line_of_a_decision_of_ours_is_lost(file: Path) -> None:
    trace(read_decision(file.read_bytes(), file.name), file.read_text())


def test_no_line_of_a_real_decision_is_lost(shared: Path) -> None:
    for file in sorted((shared / "decisions").glob("*.txt")):
        trace(read_decision(file.read_bytes(), file.name), file.read_text())


def test_the_second_publishers_decisions_are_read_whole(shared: Path) -> None:
    files = sorted((shared / "decisions_phso").glob("*.json"))
    assert len(files) == 12
    for file in files:
        read = read_decision(file.read_bytes(), file.name)
        record = json.loads(file.read_text())
        numbers = sorted(p.number for _, p in read.paragraphs())
        assert numbers == list(range(1, len(numbers) + 1)), file.name
        assert read.publisher == "phso"
        assert read.reference == record["case_reference"]
        assert read.decided
        assert read.decided.isoformat() == record["date"]
        assert read.outcome_text == record["outcome"]
        assert len(read.outcome_parts) == record["outcome"].count(";") + 1
        letters = [c for c in record["text"] if c.isalpha()]
        kept = [c for s, p in read.paragraphs() for c in p.words if c.isalpha()]
        headings = sum(c.isalpha() for s in read.sections for h in s.heading_path for c in h)
        assert 0 <= len(letters) - len(kept) <= headings


def test_outcomes_by_part_make_one_outcome_of_the_whole(shared: Path) -> None:
    outcomes = {
        d.reference: d.outcome
        for d in read_files([shared / "decisions_phso"])
        if isinstance(d, Decision)
    }
    assert outcomes["P-004641"] is Outcome.UPHELD
    assert outcomes["P-004644"] is Outcome.UPHELD
    assert outcomes["P-004651"] is Outcome.NOT_UPHELD
    assert outcomes["P-004643"] is Outcome.NOT_INVESTIGATED


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("_", "."), data)
    return content.getvalue()


def test_an_archive_is_read_file_by_file(tmp_path: Path) -> None:
    sample = (SAMPLES / "01_conference_chair.txt").read_bytes()
    (tmp_path / "all.zip").write_bytes(
        archive(a_txt=sample, b_txt=b"", c_zip=archive(x_txt=sample), d_exe=b"MZ")
    )
    read = list(read_files([tmp_path]))
    assert [r.reference for r in read if isinstance(r, Decision)] == ["99 000 101"]
    assert [str(r).removeprefix(f"{tmp_path}/") for r in read if isinstance(r, ParseError)] == [
        "all.zip/b.txt: the file is empty",
        "all.zip/c.zip: a ZIP within a ZIP is not read",
        "all.zip/d.exe: '.exe' is not read, only .txt, .html, .htm, .pdf, .json",
    ]


def test_a_zip_bomb_is_set_aside_before_it_unpacks(tmp_path: Path) -> None:
    (tmp_path / "bomb.zip").write_bytes(archive(a_txt=b"a" * 50_000_000))
    started = time.process_time()
    (error,) = read_files([tmp_path])
    assert isinstance(error, ParseError)
    assert "unpacks to more than" in error.reason
    assert time.process_time() - started < 20, "a hang, not a matter of speed"


HOSTILE = {
    "empty.txt": b"",
    "line.txt": b"a" * 9_000_000,
    "words.txt": b"The complaint and 1. the Council said: " * 200_000,
    "hyphens.txt": b"- a\n" * 200_000,
    "colons.txt": b"Summary: " * 300_000,
    "nul.txt": b"The complaint\n\x00\x00",
    "lone.txt": "The complaint\n\ud800".encode("utf-8", "surrogatepass"),
    "empty.html": b"",
    "deep.html": b"<div>" * 200_000,
    "lists.html": b"<ol><li>" * 100_000 + b"x",
    "entities.html": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;',
    "external.html": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>',
    "start.html": b'<article><ol start="99999999999999999999"><li>x</ol></article>',
    "broken.pdf": b"%PDF-1.7\n1 0 obj\n<<",
    "none.pdf": b"hello",
    "broken.zip": b"PK\x03\x04 nothing",
    "list.json": b"[]",
    "deep.json": b"[" * 100_000,
    "wrong.json": b'{"case_reference": 1}',
    "nothing.json": b'{"case_reference": "P-000001", "title": "", "organisation": "", "date": "", '
    b'"outcome": "", "text": ""}',
    "bullet.json": b'{"case_reference": "P-000001", "title": "", "organisation": "", "date": "", '
    b'"outcome": "", "text": "Findings:\\n\xe2\x80\xa2"}',
    "odd.json": b'{"case_reference": "hello", "title": "", "organisation": "", "date": "", '
    b'"outcome": "", "text": "The Complaint:\\n1. Mr B complains."}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_set_aside_with_a_reason_and_soon(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    started = time.process_time()
    (error,) = read_files([tmp_path])
    assert isinstance(error, ParseError)
    assert error.reason
    assert "\n" not in str(error)
    assert time.process_time() - started < 20, "a hang, not a matter of speed"


@given(st.binary(max_size=400), st.sampled_from([".txt", ".html", ".pdf", ".json"]))
@unhurried
def test_random_bytes_never_crash_the_reader(content: bytes, ending: str) -> None:
    with pytest.raises(ParseError):
        read_decision(content, f"odd{ending}")


@given(decisions(), st.data(), st.sampled_from([".txt", ".html", ".pdf"]))
@settings(unhurried, max_examples=40, phases=[Phase.generate])
def test_a_truncated_file_is_read_or_set_aside(
    made: MadeDecision, data: st.DataObject, ending: str
) -> None:
    whole = {
        ".txt": lambda: numbered(made).encode(),
        ".html": lambda: html(made, running=True).encode(),
        ".pdf": lambda: pdf(made),
    }[ending]()
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    with contextlib.suppress(ParseError):
        numbers = [p.number for _, p in read_decision(cut, f"cut{ending}").paragraphs()]
        assert numbers == list(range(1, len(numbers) + 1))
