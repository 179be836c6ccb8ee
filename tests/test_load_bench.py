from pathlib import Path

import pytest

from eval.bench import load as loading
from eval.bench.clients import Load, together
from eval.bench.load import Measured, Row, measure, sample_questions, table
from eval.bench.soak import Look, judged


def loaded(*milliseconds: float, **failures: int) -> Load:
    return Load(seconds=2.0, milliseconds=list(milliseconds), failures=failures)


def looks(*memory_mb: float, load: Load | None = None) -> list[Look]:
    """One each half minute."""
    return [
        Look(minute=(i + 1) / 2, memory_mb=mb, load=load or loaded(5.0, 7.0))
        for i, mb in enumerate(memory_mb)
    ]


def test_several_loads_are_counted_as_one() -> None:
    whole = together([loaded(1.0, 2.0, 3.0, busy=1), loaded(4.0, 5.0, busy=2, gone=1)])
    assert whole == Load(
        seconds=4.0, milliseconds=[1.0, 2.0, 3.0, 4.0, 5.0], failures={"busy": 3, "gone": 1}
    )
    assert whole.a_second == 1.25
    assert whole.percentile(50) == 3.0
    assert whole.percentile(95) == pytest.approx(4.8)


def test_each_client_asks_another_question() -> None:
    questions = sample_questions()
    assert len(set(questions)) == len(questions) >= max(loading.CLIENTS)


def test_a_real_server_is_measured(sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "CLIENTS", (2,))
    monkeypatch.setattr(loading, "ROUNDS", 1)
    monkeypatch.setattr(loading, "SERVERS", {"together": {"UPHELD_BATCH": "16"}})
    measured = measure(sample_data, seconds=3, workers=1)
    (row,) = measured.rows
    assert (row.server, row.clients, row.times_baseline, row.failures) == ("together", 2, 1.0, {})
    assert row.answers > 0
    assert 0 < row.p50_ms <= row.p95_ms
    assert measured.ready_s["together"] > 0
    assert measured.memory_mb["together"] > 10


def test_a_person_reads_answers_a_second_times_and_failures() -> None:
    row = Row(
        server="together",
        clients=8,
        a_second=70.04,
        times_baseline=1.62,
        p50_ms=110.5,
        p95_ms=160.0,
        answers=700,
        failures={"503": 2},
    )
    measured = Measured(
        rows=(row,), ready_s={"together": 8.04}, memory_mb={"together": 412.4}, workers=1
    )
    _, line, end = table(measured).splitlines()
    assert line.split() == ["8", "together", "70.0", "1.62", "110.5", "160.0", "503:", "2"]
    assert end == "together: ready after 8.0 s, 412 MB a worker"


def test_memory_that_settles_after_the_start_is_flat() -> None:
    soaked = judged(looks(300, 390, 400, 400, 401, 400, 400, 401, 400, 400))
    assert (soaked.first_mb, soaked.last_mb, soaked.most_mb) == (400, 400, 401)
    assert abs(soaked.mb_a_minute) < 0.2
    assert (soaked.answers, soaked.failures, soaked.good) == (20, {}, True)


def test_memory_that_grows_without_end_is_not() -> None:
    soaked = judged(looks(*(400 + 3.0 * i for i in range(10))))
    assert soaked.mb_a_minute == pytest.approx(6.0)
    assert not soaked.good


def test_one_error_spoils_a_soak_and_so_does_no_answer() -> None:
    flat = [400.0] * 10
    assert judged(looks(*flat)).good
    assert not judged(looks(*flat, load=loaded(5.0, ReadError=1))).good
    assert not judged(looks(*flat, load=loaded())).good
