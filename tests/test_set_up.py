"""The doctor's look at the settings: each thing that they name is tried."""

from pathlib import Path

import pytest

from service.set_up import examine_set_up
from service.settings import Settings


def told(settings: Settings, data: Path) -> list[str]:
    return [c.finding for c in examine_set_up(settings, data) if not c.good]


def test_a_set_up_without_settings_is_good(tmp_path: Path) -> None:
    assert told(Settings(), tmp_path) == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (Settings(signposts=Path("/no/such/file.toml")), "BadSignposts: signposts in /no/such"),
        (Settings(redis="redis://127.0.0.1:1"), "ConnectionError: Error 111"),
        (Settings(question_log=Path("/no/such/folder/log.sqlite")), "QuestionLogUnavailable: the"),
        (Settings(reranker="/no/such/model"), "RerankerUnavailable: "),
    ],
)
def test_what_cannot_be_used_is_told_with_what_is_wrong(
    settings: Settings, says: str, tmp_path: Path
) -> None:
    (finding,) = told(settings, tmp_path)
    assert finding.startswith(says)


def test_keys_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    (finding,) = told(Settings(), tmp_path)
    assert finding.startswith("KeysUnreadable: ")


def test_a_question_log_that_can_be_written_is_good(tmp_path: Path) -> None:
    settings = Settings(question_log=tmp_path / "log.sqlite")
    assert [c.good for c in examine_set_up(settings, tmp_path)] == [True] * 3
