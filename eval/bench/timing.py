"""Timing: two things in turn, many times, and their medians."""

import time
from collections.abc import Callable
from statistics import median

from msgspec import Struct

_LEAST = 1e-9


class Comparison(Struct, frozen=True, kw_only=True):
    """How long something takes beside its baseline.

    Attributes:
        name: What was measured.
        baseline: What it is held against.
        seconds: Median of what was measured.
        baseline_seconds: Median of the baseline.
        rounds: How often each was run.
        work_ratio: The ratio of the processor time that this process took for both, which other
            work on the machine changes less.
    """

    name: str
    baseline: str
    seconds: float
    baseline_seconds: float
    rounds: int
    work_ratio: float

    @property
    def ratio(self) -> float:
        """Above 1 is slower than the baseline."""
        return self.seconds / self.baseline_seconds

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.seconds * 1000:.2f} ms, {self.ratio:.2f} times {self.baseline} "
            f"({self.baseline_seconds * 1000:.2f} ms), median of {self.rounds}; "
            f"{self.work_ratio:.2f} times its processor time"
        )


def compare(
    name: str, run: Callable[[], object], baseline: str, base: Callable[[], object], rounds: int
) -> Comparison:
    """Run both in turn so that a noisy moment meets both, after one round that does not count."""
    times: list[float] = []
    base_times: list[float] = []
    shares: list[float] = []
    for i in range(rounds + 1):
        worked: list[float] = []
        for work, kept in ((base, base_times), (run, times)):
            started, before = time.perf_counter(), time.process_time()
            work()
            worked.append(time.process_time() - before)
            if i:
                kept.append(time.perf_counter() - started)
        if i:
            shares.append(worked[1] / max(worked[0], _LEAST))
    return Comparison(
        name=name,
        baseline=baseline,
        seconds=median(times),
        baseline_seconds=median(base_times),
        rounds=rounds,
        work_ratio=median(shares),
    )
