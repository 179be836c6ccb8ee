"""Builds that are killed: what was there goes on serving, and the next build goes on."""

from pathlib import Path

from eval.bench.crash import crash


def test_builds_killed_at_random_moments_lose_nothing_and_the_next_goes_on(tmp_path: Path) -> None:
    done = crash(tmp_path, decisions=6, kills=12)
    assert done.kills == 12
    assert done.compared == 1
    # Nothing is encoded twice: what a killed build had encoded is taken from there.
    assert done.encoded <= done.undisturbed
