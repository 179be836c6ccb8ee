"""What a build takes at most: its memory does not grow beyond the index that it makes."""

from eval.bench.build_memory import measure

NOISE_MB = 30
"""Buffers that the smaller build does not fill, and what allocators do."""


def test_the_memory_of_a_build_grows_by_no_more_than_the_index() -> None:
    small, large = measure(60), measure(240)
    assert large.passages > 3.9 * small.passages
    assert large.peak_mb - small.peak_mb <= large.index_mb - small.index_mb + NOISE_MB
