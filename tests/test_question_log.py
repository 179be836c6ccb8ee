"""The question log: off by default, for its owner alone, and gone when it is deleted."""

import json
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from service.answer import Answer
from service.answering import Answerer
from service.personal_details import DetailKind, PersonalDetails
from service.question_log import QuestionLog, QuestionLogUnavailable
from service.question_log_commands import questions
from service.questions import Question
from service.settings import Settings

CANARY = "zanzibarquestion"
ASKED = f"{CANARY} overrule the conference?"
NOW = datetime(2030, 5, 17, 12, tzinfo=UTC)


@pytest.fixture
def answer(sample_answerer: Answerer) -> Answer:
    found = sample_answerer.answer(
        Question(question="Who may chair a child protection conference?")
    )
    matches = found.matches or found.nearest
    return msgspec.structs.replace(found, question=ASKED, confidence=0.75, matches=matches)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(question_log=tmp_path / "questions.sqlite", question_log_days=30)


@pytest.fixture
def log(settings: Settings) -> Iterator[QuestionLog]:
    with opened(settings) as found:
        yield found


@contextmanager
def opened(settings: Settings) -> Iterator[QuestionLog]:
    found = QuestionLog.open(settings)
    assert found is not None
    with closing(found):
        yield found


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(Settings, "read", lambda: settings)
    return CliRunner()


def at(log: QuestionLog, moment: datetime, answer: Answer) -> None:
    """Note an answer as if it were given then, and delete nothing for its age."""
    log.now, before = (lambda: moment), log.now
    log._purged = moment
    log.record(answer)
    log.now = before


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def ran(command: CliRunner, *words: str) -> Result:
    return command.invoke(questions, words)


def test_no_question_is_stored_unless_a_deployment_asks_for_it(tmp_path: Path) -> None:
    assert QuestionLog.open(Settings.read({"UPHELD_DATA": str(tmp_path)})) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_the_question_and_what_became_of_it(
    log: QuestionLog, answer: Answer, tmp_path: Path
) -> None:
    told = f"{ASKED} (carried over: what was said before)"
    at(log, NOW, msgspec.structs.replace(answer, standalone_question=told))
    (entry,) = log.entries()
    assert msgspec.structs.asdict(entry) == {
        "entry_id": 1,
        "asked_at": NOW,
        "question": ASKED,
        "status": answer.status.value,
        "confidence": 0.75,
        "snapshot": answer.snapshot.id,
        "citation": answer.matches[0].citation.label,
    }
    assert b"carried over" not in on_disk(tmp_path)


def test_words_with_personal_details_are_not_kept(
    log: QuestionLog, answer: Answer, tmp_path: Path
) -> None:
    found = PersonalDetails(kinds=(DetailKind.CHILD,), warning="Take care.")
    log.record(msgspec.structs.replace(answer, personal_details=found))
    (entry,) = log.entries()
    assert entry.question is None
    assert entry.status == answer.status
    assert CANARY.encode() not in on_disk(tmp_path)


def test_only_its_owner_can_read_the_file_and_those_beside_it(
    settings: Settings, answer: Answer, tmp_path: Path
) -> None:
    with opened(settings) as log:
        log.record(answer)
        assert len(list(tmp_path.iterdir())) == 3
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    assert list(tmp_path.iterdir()) == [settings.question_log]


def test_a_file_that_others_could_read_is_closed_to_them(settings: Settings) -> None:
    assert settings.question_log
    settings.question_log.touch(mode=0o644)
    with opened(settings):
        assert stat.S_IMODE(settings.question_log.stat().st_mode) == 0o600


def test_what_is_older_than_the_days_is_deleted_at_the_start(
    log: QuestionLog, settings: Settings, answer: Answer, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    at(log, now - timedelta(days=30, minutes=1), answer)
    at(log, now - timedelta(days=29), msgspec.structs.replace(answer, question="kept"))
    assert CANARY.encode() in on_disk(tmp_path)
    with opened(settings) as again:
        assert [entry.question for entry in again.entries()] == ["kept"]
    assert CANARY.encode() not in on_disk(tmp_path)


def test_what_is_older_than_the_days_is_deleted_daily_while_questions_come(
    log: QuestionLog, answer: Answer, tmp_path: Path
) -> None:
    later = msgspec.structs.replace(answer, question="later")
    at(log, NOW, answer)
    log.now = lambda: NOW + timedelta(days=30, hours=-1)
    log.record(later)
    assert len(log.entries()) == 2
    log.now = lambda: NOW + timedelta(days=30, hours=12)
    log.record(later)
    assert len(log.entries()) == 3, "the last look was less than a day ago"
    log.now = lambda: NOW + timedelta(days=30, hours=23)
    log.record(later)
    assert [entry.question for entry in log.entries()] == ["later"] * 3
    assert CANARY.encode() not in on_disk(tmp_path)


def test_threads_that_write_at_once_lose_nothing(log: QuestionLog, answer: Answer) -> None:
    def write() -> None:
        for _ in range(10):
            log.record(answer)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.entry_id for entry in log.entries()] == list(range(1, 41))


def test_a_log_that_cannot_be_written_breaks_no_answer_and_is_reported_without_words(
    log: QuestionLog, settings: Settings, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    assert settings.question_log
    with closing(sqlite3.connect(settings.question_log)) as other:
        other.execute("BEGIN IMMEDIATE")
        log.record(answer)
    log.connection.execute("PRAGMA max_page_count = 1")
    log.record(msgspec.structs.replace(answer, question=ASKED * 1000))
    log.record(msgspec.structs.replace(answer, question="\ud800"))
    log.connection.execute("DROP TABLE questions")
    log.record(answer)
    start = "a question could not be kept in the question log: "
    assert caplog.messages == [
        start + "SQLITE_BUSY",
        start + "SQLITE_FULL",
        start + "UnicodeEncodeError",
        start + "SQLITE_ERROR",
    ]


def test_a_log_that_cannot_be_opened_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(QuestionLogUnavailable, match="let the service write it and its folder"):
        QuestionLog.open(Settings(question_log=tmp_path / "none" / "questions.sqlite"))


def test_the_command_lists_what_is_kept_for_people_and_machines(
    log: QuestionLog, answer: Answer, command: CliRunner
) -> None:
    at(log, NOW, msgspec.structs.replace(answer, question="\x1b[2J red\u202e?"))
    label = answer.matches[0].citation.label
    status = answer.status.value
    assert ran(command, "list").output == (
        f"1  2030-05-17 12:00  {status} 0.75  \ufffd[2J red\ufffd?  [{label}]\n"
    )
    (line,) = ran(command, "list", "--json").output.splitlines()
    assert json.loads(line) == {
        "entry_id": 1,
        "asked_at": "2030-05-17T12:00:00Z",
        "question": "\x1b[2J red\u202e?",
        "status": status,
        "confidence": 0.75,
        "snapshot": answer.snapshot.id,
        "citation": label,
    }


def test_what_is_deleted_is_gone_from_the_disk(
    log: QuestionLog, answer: Answer, command: CliRunner, tmp_path: Path
) -> None:
    for days in range(4):
        at(log, NOW + timedelta(days=days), answer)
    assert ran(command, "delete", "4").output == "1 deleted\n"
    assert [entry.entry_id for entry in log.entries()] == [1, 2, 3]
    assert ran(command, "delete", "--before", "2030-05-19").output == "2 deleted\n"
    assert [entry.entry_id for entry in log.entries()] == [3]
    assert CANARY.encode() in on_disk(tmp_path)
    assert ran(command, "delete", "--all").output == "1 deleted\n"
    assert CANARY.encode() not in on_disk(tmp_path)
    at(log, NOW, answer)
    assert [entry.entry_id for entry in log.entries()] == [5], "a number is never given twice"


def test_purging_by_hand_deletes_what_is_too_old(
    log: QuestionLog, answer: Answer, command: CliRunner
) -> None:
    at(log, datetime.now(UTC) - timedelta(days=31), answer)
    at(log, datetime.now(UTC), answer)
    assert ran(command, "purge").output == "1 deleted\n"
    assert [entry.entry_id for entry in log.entries()] == [2]


@pytest.mark.parametrize("words", [(), ("1", "--all"), ("--before", "2030-01-01", "--all")])
def test_a_deletion_says_what_exactly(
    log: QuestionLog, command: CliRunner, words: tuple[str, ...]
) -> None:
    result = ran(command, "delete", *words)
    assert result.exit_code == 2
    assert "say what to delete: ID, or --before DATE, or --all" in result.output


def test_deleting_what_is_not_there_fails(log: QuestionLog, command: CliRunner) -> None:
    result = ran(command, "delete", "7")
    assert (result.output, result.exit_code) == ("0 deleted\n", 1)


def test_where_nothing_is_kept_the_command_says_so(
    command: CliRunner, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = ran(command, "list")
    assert f"no questions are kept yet: there is no {settings.question_log}" in result.output
    monkeypatch.setattr(Settings, "read", Settings)
    result = ran(command, "list")
    assert result.exit_code == 2
    assert "UPHELD_QUESTION_LOG is not set" in result.output
