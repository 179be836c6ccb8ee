"""What the benchmarks of growth are made of, and that they measure."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from corpus.files import read_files
from corpus.model import Decision
from corpus.sentences import sentence_spans
from eval.bench import encode
from eval.bench.rebuild import Measured
from eval.bench.resampled import Resampled, ResampledEncoder
from eval.bench.scale import Built, Row, build_resampled, table
from eval.bench.searched import Found, searched
from index.build import BuildReport
from index.hashing_encoder import HashingEncoder
from index.protocols import Encoder
from index.snapshot import open_current
from tests.conftest import SAMPLES

CHAIR = SAMPLES / "01_conference_chair.txt"


@pytest.fixture(scope="module")
def resampled() -> Resampled:
    return Resampled.of([d for d in read_files([SAMPLES]) if isinstance(d, Decision)])


def test_as_many_paragraphs_are_drawn_as_are_wanted_and_always_the_same(
    resampled: Resampled,
) -> None:
    drawn = list(resampled.decisions(500))
    counts = [sum(1 for _ in d.paragraphs()) for d in drawn]
    assert sum(counts[:-1]) < 500 <= sum(counts)
    assert len({d.decision_id for d in drawn}) == len(drawn)
    assert list(resampled.decisions(500)) == drawn
    assert next(resampled.decisions(500, seed=1)) != drawn[0]


def test_a_paragraph_keeps_its_role_and_most_sentences_are_new(resampled: Resampled) -> None:
    known = {s for some in resampled.sentences.values() for s in some}
    models = {tuple(p.role for _, p in d.paragraphs()) for d in resampled.models}
    drawn = list[str]()
    for decision in resampled.decisions(500):
        assert tuple(p.role for _, p in decision.paragraphs()) in models
        for _, paragraph in decision.paragraphs():
            words = paragraph.words
            drawn += [words[s.start : s.end] for s in sentence_spans(words)]
    assert 0.15 < np.mean([sentence in known for sentence in drawn]) < 0.4


def test_a_reworded_text_lies_near_the_sentence_that_it_was_drawn_from(
    resampled: Resampled,
) -> None:
    encoder = ResampledEncoder.of(HashingEncoder(), resampled)
    for sentence in next(iter(resampled.sentences.values()))[:20]:
        again, twice = encoder.encode_passages([f"{sentence} Zzz.", f"{sentence} Zzz."])
        np.testing.assert_array_equal(again, twice)
        beginning = " ".join(sentence.split(" ")[:4])
        assert 0.8 < float(again @ encoder.known[beginning]) < 0.97


def test_a_collection_is_built_and_its_stores_are_compared(
    encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "encoders").symlink_to(Path("data").absolute() / "encoders")
    build_resampled(tmp_path, 60, [CHAIR])
    built = msgspec.json.decode((tmp_path / "built.json").read_bytes(), type=Built)
    assert built.passages >= 60
    assert len(open_current(tmp_path).sentences) == built.sentences
    assert {"columns", "words", "passages.faiss", "tables.sqlite"} <= built.disk_mb.keys()
    for found in searched(tmp_path, ["can a chair overrule the conference?"]):
        # So small a store looks at every vector.
        assert found.recall == 1.0
        assert found.ms > 0 < found.exact_ms


def test_a_person_reads_the_growth() -> None:
    built = Built(
        decisions=24000,
        passages=1_000_003,
        sentences=2_950_000,
        seconds=1800.0,
        peak_mb=4000.0,
        disk_mb={"columns": 60.0, "words": 500.5},
        kept_mb=5000.0,
    )
    found = Found(store="passages", share=0.005, recall=0.9987, ms=3.21, exact_ms=98.7)
    row = Row(
        built=built,
        ready_s=1.93,
        first_ms=871.2,
        cold_ms=93.4,
        new_ms=44.6,
        p50_ms=38.4,
        p95_ms=71.2,
        answers=500,
        failures={"503": 2},
        first_mb=2100.0,
        further_mb=250.0,
        found=(found,),
    )
    said = table([row, row])
    for part in (
        "1000003",
        "871",
        "93.4",
        "44.6",
        "38.4",
        "71.2",
        "2100",
        "250",
        "503: 2",
        "0.5%",
        "0.999",
        "98.70",
    ):
        assert part in said, part


def test_a_rebuild_is_held_against_the_full_build() -> None:
    def report(seconds: float) -> BuildReport:
        return BuildReport(
            snapshot="x",
            decisions=100,
            added=0,
            changed=1,
            removed=0,
            kept=99,
            withdrawn=0,
            set_aside=(),
            warnings=(),
            passages=1,
            sentences=1,
            encoded=1,
            reused=1,
            seconds=seconds,
        )

    measured = Measured(full=report(200.0), rebuilds=(report(9.0), report(4.0), report(3.0)))
    assert measured.share == 0.02


def test_encoding_is_held_against_sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode, "_QUESTIONS", 2)
    measured = encode.measure([CHAIR], most=40, rounds=1)
    assert measured.texts == 40 >= measured.distinct
    assert {c.baseline for c in measured.comparisons} == {"sentence-transformers"}
    assert all(c.seconds > 0 < c.baseline_seconds for c in measured.comparisons)
    assert measured.cosines[0] > 0.999
