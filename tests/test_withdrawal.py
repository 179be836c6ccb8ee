"""A withdrawn decision is gone at once from all that is served, and stays out of later builds."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import httpx
import numpy as np
import pytest
from click.testing import CliRunner, Result

from corpus.files import read_files
from corpus.model import DecisionId, Role
from index import snapshots
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.snapshot import checksums, current_folder, open_current
from index.tables import Filters
from index.withdrawal import CannotWithdraw, withdraw, withdrawn
from service.doctor import examine
from service.self_query import ask_itself
from service.snapshot_commands import reinstate as reinstate_command
from service.snapshot_commands import withdraw as withdraw_command
from tests.conftest import SAMPLES, Server, serving

CHAIR = "upheld-sample/99-000-101"
DAY = date(2026, 5, 3)
TOLD = "This decision was withdrawn from this collection on 3 May 2026."
FILES = sorted(SAMPLES.glob("*.txt"))


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    """A copy of the built sample, to be changed."""
    return Path(shutil.copytree(sample_data, tmp_path / "data"))


def run(command: str, data: Path, *ids: str) -> Result:
    which = withdraw_command if command == "withdraw" else reinstate_command
    return CliRunner().invoke(which, [*ids, "--data", str(data)])


def folder_of(data: Path) -> Path:
    folder = current_folder(data)
    assert folder
    return folder


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder_of(data) / "tables.sqlite")) as connection:
        return connection.execute(query).fetchall()


def ids_in(data: Path) -> list[str]:
    return [str(i) for (i,) in rows(data, "SELECT decision_id FROM decisions ORDER BY decision_id")]


def search(data: Path) -> HybridRetriever:
    return HybridRetriever.open(open_current(data), HashingEncoder())


def found_in(data: Path, words: str) -> set[str]:
    """The decisions that are found by some words, whatever their paragraphs do."""
    retriever = search(data)
    every = [Filters(), *(Filters(roles=(role,)) for role in Role)]
    return {
        stored.decision.decision_id
        for filters in every
        for found in retriever.search(words, 20, filters).found
        for stored in (found.stored, *found.also)
    }


def test_a_withdrawn_decision_is_found_by_none_of_its_own_words(data: Path) -> None:
    decision = open_current(data).tables.decision(CHAIR)
    assert decision
    words = [p.words for _, p in decision.paragraphs()]
    assert all(CHAIR in found_in(data, w) for w in words[:3])
    withdraw(data, [CHAIR], DAY)
    for text in words:
        assert CHAIR not in found_in(data, text)
    assert found_in(data, words[0])


@pytest.mark.parametrize("place", [0, 8, -1])
def test_any_decision_of_a_collection_can_be_withdrawn(data: Path, place: int) -> None:
    one = ids_in(data)[place]
    before = rows(data, "SELECT id, decision_id, number FROM paragraphs")
    wanted = set(ids_in(data)) - {one}
    withdraw(data, [one], DAY)
    assert set(ids_in(data)) == wanted
    assert rows(data, "SELECT id, decision_id, number FROM paragraphs") == [
        row for row in before if row[1] != one
    ]
    for table in ("names", "remedies"):
        assert one not in {i for (i,) in rows(data, f"SELECT decision_id FROM {table}")}
    kept = {int(str(row)) for (row,) in rows(data, "SELECT id FROM paragraphs")}
    assert {row for (row,) in rows(data, "SELECT paragraph FROM findings")} <= kept
    snapshot = open_current(data)
    assert snapshot.manifest.decisions == len(wanted)
    assert np.flatnonzero(snapshot.columns.role >= 0).tolist() == sorted(kept)
    ask_itself(search(data))
    assert all(c.good for c in examine(data))


def test_its_words_stand_in_no_file_that_is_new(data: Path) -> None:
    old = folder_of(data)
    victims = ids_in(data)[:12]
    texts = {
        p.text
        for one in victims
        if (decision := open_current(data).tables.decision(one))
        for _, p in decision.paragraphs()
    }
    withdraw(data, victims, DAY)
    new = folder_of(data)
    kept = [open_current(data).tables.decision(one) for one in ids_in(data)]
    texts -= {p.text for d in kept if d for _, p in d.paragraphs()}
    held, left = ((f / "tables.sqlite").read_bytes() for f in (old, new))
    assert len(texts) > 200
    # A slice, since SQLite lays long texts on several pages; none that a kept text has, too.
    told = [t.encode()[10:50] for t in texts]
    shared = "\n".join(p.text for d in kept if d for _, p in d.paragraphs()).encode()
    told = [t for t in told if t not in shared and len(t) == 40]
    assert sum(t in held for t in told) > 150
    assert [t for t in told if t in left] == []


def test_all_other_files_are_the_same_on_the_disk_and_no_more_room_is_taken(data: Path) -> None:
    old = folder_of(data)
    before = checksums(old)
    withdraw(data, [CHAIR], DAY)
    new = folder_of(data)
    assert new.name != old.name
    changed = {name for name, digest in checksums(new).items() if before[name] != digest}
    assert changed == {"tables.sqlite", "columns/role.npy"}
    for name in before.keys() - changed:
        assert (new / name).samefile(old / name)
    assert checksums(old) == before
    room = snapshots.room([new])
    assert room == sum((new / n).stat().st_size for n in (*changed, "manifest.json"))


def test_the_last_one_cannot_be_withdrawn_and_nothing_is_changed(tmp_path: Path) -> None:
    build(read_files(FILES[:1]), HashingEncoder(), tmp_path)
    only = ids_in(tmp_path)
    with pytest.raises(CannotWithdraw, match="no decision would be left"):
        withdraw(tmp_path, only, DAY)
    assert ids_in(tmp_path) == only
    assert withdrawn(tmp_path) == {}


def test_what_is_unknown_or_was_withdrawn_is_told_so_and_nothing_is_changed(data: Path) -> None:
    before = folder_of(data)
    refused = run("withdraw", data, CHAIR, "upheld-sample/99-000-1O2")
    assert refused.exit_code == 1
    assert refused.output == (
        "upheld: upheld-sample/99-000-1o2 is not in the collection: "
        "did you mean upheld-sample/99-000-102?\n"
    )
    assert folder_of(data) == before
    assert withdrawn(data) == {}
    withdraw(data, [CHAIR], DAY)
    again = run("withdraw", data, CHAIR)
    assert again.output == f"upheld: {CHAIR} was withdrawn on 2026-05-03 already\n"
    assert run("reinstate", data, "upheld-sample/99-000-102").exit_code == 1
    assert withdrawn(data) == {DecisionId(CHAIR): DAY}


def test_a_withdrawal_that_was_cut_short_is_ended_by_the_next(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("index.withdrawal.make_current", crash)
        with pytest.raises(KeyboardInterrupt):
            withdraw(data, [CHAIR], DAY)
    assert CHAIR in ids_in(data)
    withdraw(data, [CHAIR], date(2026, 5, 4))
    assert CHAIR not in ids_in(data)
    assert withdrawn(data) == {DecisionId(CHAIR): DAY}


def test_a_build_leaves_it_out_until_it_is_reinstated(data: Path) -> None:
    withdraw(data, [CHAIR], DAY)
    build(read_files(FILES[:6]), HashingEncoder(), data)
    assert CHAIR not in ids_in(data)
    assert rows(data, f"SELECT gone FROM tombstones WHERE decision_id = '{CHAIR}'") == [
        ("2026-05-03",)
    ]
    assert run("reinstate", data, CHAIR).output == (
        "1 reinstated: the next 'upheld build' brings them back\n"
    )
    assert CHAIR not in ids_in(data)
    build(read_files(FILES[:6]), HashingEncoder(), data)
    assert CHAIR in ids_in(data)
    assert rows(data, f"SELECT gone FROM tombstones WHERE decision_id = '{CHAIR}'") == []


def test_a_list_of_the_withdrawn_that_cannot_be_read_stops_a_build(data: Path) -> None:
    before = folder_of(data)
    (data / "withdrawn.json").write_text('{"a": ')
    with pytest.raises(RuntimeError, match=r"withdrawn\.json"):
        build(read_files(FILES[:6]), HashingEncoder(), data)
    assert folder_of(data) == before


def test_no_rollback_brings_a_withdrawn_decision_back(data: Path) -> None:
    first = folder_of(data).name
    build(read_files(FILES[:6]), HashingEncoder(), data)
    withdraw(data, [CHAIR], DAY)
    now = folder_of(data).name
    assert snapshots.previous(data) == first
    back = snapshots.roll_back(data)
    assert back not in (first, now)
    assert CHAIR not in ids_in(data)
    assert len(ids_in(data)) == 17
    assert snapshots.roll_back(data) == now
    assert snapshots.roll_back(data, first) == back
    assert snapshots.holding(data, [DecisionId(CHAIR)]) != ()
    snapshots.prune(data, keep=0)
    assert snapshots.holding(data, [DecisionId(CHAIR)]) == ()


@pytest.fixture
def running(data: Path) -> Iterator[Server]:
    with serving(data) as server:
        yield server


def wait_until_gone(client: httpx.Client) -> None:
    since = time.monotonic()
    while client.get(f"/v1/decisions/{CHAIR}").status_code != 410:
        assert time.monotonic() < since + 10, "it is still served"
        time.sleep(0.01)


def test_a_running_server_shows_no_word_of_it_from_then_on(data: Path, running: Server) -> None:
    client = running.client
    question = {"question": "can a chair overrule the conference?", "k": 20}
    first = client.get(f"/v1/decisions/{CHAIR}").json()["sections"][0]["paragraphs"][0]["text"]
    pasted = {"text": f"In case 99 000 101 it is written: “{first}”"}
    before = client.post("/v1/verify", json=pasted)
    assert CHAIR in before.text
    assert CHAIR in client.post("/v1/ask", json=question).text
    withdraw(data, [CHAIR], DAY)
    wait_until_gone(client)
    for response in (
        client.post("/v1/ask", json=question),
        client.post("/v1/verify", json=pasted),
        client.get("/v1/decisions", params={"limit": 100}),
        client.get("/v1/decisions", params={"reference": "99 000 101"}),
        client.get("/decisions"),
        client.get("/decisions/upheld-sample/99-000-102"),
    ):
        assert response.status_code == 200
        assert CHAIR not in response.text
    assert client.get("/health/ready").status_code == 200
    for path in ("", "/paragraphs/1", "/paragraphs/999"):
        problem = client.get(f"/v1/decisions/{CHAIR.upper()}{path}")
        assert problem.status_code == 410
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json() == {"status": 410, "title": "Withdrawn", "detail": TOLD}
    page = client.get(f"/decisions/{CHAIR}")
    assert page.status_code == 410
    assert TOLD in page.text
    for path in ("/v1/decisions/upheld-sample/99-999-999", "/decisions/upheld-sample/99-999-999"):
        assert client.get(path).status_code == 404
