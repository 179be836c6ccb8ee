"""Keys are kept as hashes, made and revoked without loss, and known to servers at once."""

import hashlib
import json
import logging
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from service.key_commands import keys as commands
from service.keys import KEYS, BadKey, Key, KeyFile, Keyring, KeysUnreadable, Kind
from service.settings import BadSetting

ADVICE = "https://advice.example"


def made_site(data: Path, *origins: str) -> tuple[Key, str]:
    return KeyFile(data).make_site("Advice", origins or (ADVICE,), 600)


def made_server(data: Path) -> tuple[Key, str]:
    return KeyFile(data).make_server("Casework", 600)


def upheld_keys(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, [*arguments, "--data", str(data)])


def test_a_token_is_kept_as_its_hash_alone(tmp_path: Path) -> None:
    key, token = made_server(tmp_path)
    kept = "".join(file.read_text() for file in tmp_path.iterdir())
    assert token not in kept
    assert token.removeprefix("upheld_server_") not in kept
    assert key.sha256 in kept
    assert key.sha256 == hashlib.sha256(token.encode()).hexdigest()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    made_server(tmp_path)
    made_server(tmp_path)
    assert stat.S_IMODE((tmp_path / KEYS).stat().st_mode) == 0o600


def test_tokens_tell_their_kind_and_are_long_and_never_the_same(tmp_path: Path) -> None:
    site, server, other = made_site(tmp_path)[1], made_server(tmp_path)[1], made_server(tmp_path)[1]
    assert site.startswith("upheld_site_")
    assert server.startswith("upheld_server_")
    assert len(site.removeprefix("upheld_site_")) == 43
    assert server != other


def test_a_server_knows_a_key_as_soon_as_it_is_made_and_until_it_is_revoked(
    tmp_path: Path,
) -> None:
    keyring = Keyring(tmp_path)
    assert keyring.find("upheld_server_made-up") is None
    key, token = made_server(tmp_path)
    assert keyring.find(token) == key
    other, other_token = made_site(tmp_path)
    assert keyring.find(other_token) == other
    KeyFile(tmp_path).revoke(key.key_id)
    assert keyring.find(token) is None
    assert keyring.find(other_token) == other


def test_origins_are_those_of_live_site_keys(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)
    assert keyring.origins() == frozenset()
    first, _ = made_site(tmp_path, "https://Advice.example:443/", "http://localhost:8080")
    made_site(tmp_path, "https://help.example")
    made_server(tmp_path)
    assert first.origins == (ADVICE, "http://localhost:8080")
    assert keyring.origins() == {ADVICE, "http://localhost:8080", "https://help.example"}
    KeyFile(tmp_path).revoke(first.key_id)
    assert keyring.origins() == {"https://help.example"}


@given(st.text())
def test_no_other_words_are_taken_for_a_token(
    tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    data = tmp_path_factory.getbasetemp() / "one-key"
    file = KeyFile(data)
    if not file.keys():
        file.make_server("Casework", 1)
    assert Keyring(data).find(words) is None


BROKEN = [
    b"",
    b"[",
    b"{}",
    b"[{}]",
    b"\xff",
    b'[{"key_id":"a","kind":"site","name":"n","sha256":"","origins":[],'
    b'"requests_a_minute":1,"made":"2026-01-01T00:00:00Z"}]',
]


@pytest.mark.parametrize("content", BROKEN)
def test_while_the_file_is_broken_no_key_is_good_and_the_log_says_so_once(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = Keyring(tmp_path)
    key, token = made_site(tmp_path)
    good = (tmp_path / KEYS).read_bytes()
    assert keyring.find(token) == key
    (tmp_path / KEYS).write_bytes(content)
    for _ in range(3):
        with pytest.raises(KeysUnreadable):
            keyring.find(token)
        assert keyring.origins() == frozenset()
    assert [(r.levelno, KEYS in r.getMessage()) for r in caplog.records] == [(logging.ERROR, True)]
    with pytest.raises(KeysUnreadable, match=KEYS):
        made_server(tmp_path)
    assert (tmp_path / KEYS).read_bytes() == content
    (tmp_path / KEYS).write_bytes(good)
    assert keyring.find(token) == key


def test_a_file_that_cannot_be_opened_is_broken_and_not_empty(tmp_path: Path) -> None:
    (tmp_path / KEYS).mkdir()
    with pytest.raises(KeysUnreadable):
        Keyring(tmp_path).find("upheld_server_made-up")
    not_a_folder = tmp_path / "file"
    not_a_folder.touch()
    with pytest.raises(KeysUnreadable):
        Keyring(not_a_folder).find("upheld_server_made-up")


def test_keys_that_are_made_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: made_server(tmp_path), range(40)))
    kept = KeyFile(tmp_path).keys()
    assert {key.key_id for key, _ in made} == {key.key_id for key in kept}
    assert all(Keyring(tmp_path).find(token) == key for key, token in made)


def test_two_commands_at_once_lose_no_key(tmp_path: Path) -> None:
    command = "from service.key_commands import keys; keys()"
    arguments = ["make", "server", "--name", "Casework", "--data", str(tmp_path)]
    running = [
        subprocess.Popen([sys.executable, "-c", command, *arguments], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    tokens = [process.communicate(timeout=60)[0].decode().strip() for process in running]
    keyring = Keyring(tmp_path)
    assert len(KeyFile(tmp_path).keys()) == len({keyring.find(token) for token in tokens}) == 4


def test_a_full_disk_leaves_the_keys_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, token = made_server(tmp_path)
    before = sorted(tmp_path.iterdir())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        made_server(tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    assert Keyring(tmp_path).find(token) == key


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "\x1b[31m", "x" * 101])
def test_a_name_that_would_spoil_the_list_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadKey, match="1 to 100 printable characters"):
        KeyFile(tmp_path).make_server(name, 600)
    assert KeyFile(tmp_path).keys() == ()


def test_a_key_that_could_never_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadKey, match="0 requests a minute"):
        KeyFile(tmp_path).make_server("Casework", 0)
    with pytest.raises(BadKey, match="needs an origin"):
        KeyFile(tmp_path).make_site("Advice", (), 600)
    with pytest.raises(BadSetting, match="is no origin"):
        KeyFile(tmp_path).make_site("Advice", ("advice.example",), 600)
    assert KeyFile(tmp_path).keys() == ()


def test_revoking_twice_keeps_the_first_day(tmp_path: Path) -> None:
    key, _ = made_server(tmp_path)
    first = KeyFile(tmp_path).revoke(key.key_id)
    assert first.revoked is not None
    assert KeyFile(tmp_path).revoke(key.key_id) == first


def test_the_command_prints_the_token_alone_so_that_it_can_be_piped(tmp_path: Path) -> None:
    result = upheld_keys(tmp_path, "make", "site", "--name", "Advice", "--origin", ADVICE)
    token = result.stdout.strip()
    key = Keyring(tmp_path).find(token)
    assert result.exit_code == 0
    assert key is not None
    assert (key.kind, key.name, key.origins) == (Kind.SITE, "Advice", (ADVICE,))
    assert key.requests_a_minute == 600
    assert result.stdout == f"{token}\n"
    assert token not in result.stderr
    assert key.key_id in result.stderr


def test_the_list_shows_every_key_and_no_secret(tmp_path: Path) -> None:
    made = [made_site(tmp_path), made_server(tmp_path)]
    KeyFile(tmp_path).revoke(made[1][0].key_id)
    shown, as_json = upheld_keys(tmp_path, "list"), upheld_keys(tmp_path, "list", "--json")
    for key, token in made:
        for output in (shown.output, as_json.output):
            assert key.key_id in output
            assert token not in output
            assert key.sha256 not in output
    live, revoked = shown.output.splitlines()
    assert "live" in live
    assert ADVICE in live
    assert "revoked 20" in revoked
    listed = json.loads(as_json.output)
    assert [(k["kind"], k["origins"]) for k in listed] == [("site", [ADVICE]), ("server", [])]
    assert set(listed[0]) == {
        *("key_id", "kind", "name", "origins", "requests_a_minute", "made", "revoked")
    }


def test_the_list_of_no_keys_says_how_to_make_one(tmp_path: Path) -> None:
    result = upheld_keys(tmp_path, "list")
    assert result.exit_code == 0
    assert "upheld keys make --help" in result.output


def test_the_command_revokes_a_key(tmp_path: Path) -> None:
    key, token = made_server(tmp_path)
    result = upheld_keys(tmp_path, "revoke", key.key_id)
    assert result.exit_code == 0
    assert "revoked 20" in result.output
    assert Keyring(tmp_path).find(token) is None


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["revoke", "feedbeef"], 1, "no key has the id 'feedbeef'"),
        (["make", "site", "--name", "A"], 2, "Missing option '--origin'"),
        (["make", "site", "--name", "A", "--origin", "a.example"], 2, "'a.example' is no origin"),
        (["make", "server", "--name", " "], 1, "1 to 100 printable characters"),
        (["make", "server", "--name", "A", "--requests-a-minute", "0"], 2, "x>=1"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    result = upheld_keys(tmp_path, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert KeyFile(tmp_path).keys() == ()


def test_a_broken_file_is_told_by_every_command(tmp_path: Path) -> None:
    (tmp_path / KEYS).write_bytes(b"[")
    for arguments in (["list"], ["revoke", "a"], ["make", "server", "--name", "A"]):
        result = upheld_keys(tmp_path, *arguments)
        assert result.exit_code == 1
        assert "is no file of keys" in result.stderr
