"""Keys that are destroyed, holds, retention, backups and restores, with real ledgers."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from gateway.auditing.retention import Retention
from gateway.cli.main import app
from gateway.clock import ManualClock
from gateway.ledger.custody import KeyFolder
from gateway.ledger.errors import HoldInvalidError
from gateway.ledger.kinds import Kind
from gateway.ledger.read import check_chain, read_entries
from gateway.probe import document
from tests.kit.world import ask, build_world

LATER = ManualClock(datetime(2040, 1, 1, tzinfo=UTC))
HOLD = "hold.toml"


@pytest.fixture
def world(tmp_path):
    world = build_world(tmp_path / "home")
    asyncio.run(search(world))
    return world


async def search(world, then=None):
    try:
        await world.start()
        client = await world.client()
        await client.search_once(ask("Рустам Каримов", case="CASE-31"))
        probes = [document(number=f"Z{n:024}", issuer="KAZ") for n in range(200)]
        await client.check_documents(ask(purpose="border_control"), probes)
        if then:
            await then()
    finally:
        await world.stop()


@pytest.fixture
def run(world):
    def run(*words):
        return CliRunner().invoke(app, ("audit", words[0], "--home", str(world.home), *words[1:]))

    return run


@pytest.fixture
def hub(world):
    return world.home / "hub" / "ledger"


@pytest.fixture
def verify(world):
    vkey = world.federation.hub.ledger_vkey

    def verify(folder):
        return CliRunner().invoke(app, ("audit", "verify", str(folder), "--vkey", vkey)).exit_code

    return verify


def entries_of(folder):
    return [entry for _, entry in read_entries(folder)]


def who(run, world):
    key = str(world.home / "custodians" / "KAZ" / "duty.key")
    return run("who", "Рустам Каримов", "--key", key, "--reason", "request for access")


@pytest.fixture
def later(monkeypatch):
    """The years have passed."""
    monkeypatch.setattr("gateway.cli.keeping.SystemClock", lambda: LATER)


def test_keys_are_listed_by_month(run, hub):
    done = run("keys")
    assert done.stdout.splitlines()[0].split() == ["month", "authority", "keys"]
    periods = {period for _, period, _ in KeyFolder(hub).present()}
    assert periods <= set(done.stdout.split())
    assert all(re.fullmatch(r"20\d\d-\d\d", period) for period in periods)


def test_destroyed_key_leaves_proofs_and_nothing_personal(run, world, hub, verify, later):
    assert who(run, world).exit_code == 0
    blobs = list((hub / "blobs").glob("*"))
    assert blobs
    done = run("destroy", "--before", "2039-12", "--authority", "kaz")
    assert done.exit_code == 0, done.stderr
    assert not list(KeyFolder(hub).present("KAZ"))
    assert not list((hub / "blobs").glob("*"))
    destroyed = [e for e in entries_of(hub) if e.action == "destroyed"]
    assert {(e.kind, e.authority, e.method) for e in destroyed} == {(Kind.KEY, "KAZ", "command")}
    made = {e.key_id: e.key_sha256 for e in entries_of(hub) if e.action == "made"}
    assert {e.key_id: e.key_sha256 for e in destroyed} == made
    done = who(run, world)
    assert done.exit_code == 1
    assert "keys have been destroyed" in done.stderr
    assert check_chain(hub) == len(entries_of(hub))
    assert verify(hub) == 0
    assert run("destroy", "--before", "2039-12").exit_code == 1  # nothing is left


def test_month_that_is_not_over_is_not_destroyed(run, hub):
    for before in ("2099-01", "yesterday", "2026-13"):
        assert run("destroy", "--before", before).exit_code == 2
    assert list(KeyFolder(hub).present())


@pytest.mark.parametrize("what", ["period", "authority", "search"])
def test_legal_hold_is_honoured_by_command_and_by_retention(run, world, hub, later, what):
    search_id = next(e.search_id for e in entries_of(hub) if e.kind is Kind.INTENT)
    periods = sorted({p for _, p, _ in KeyFolder(hub).present()})  # of two months at midnight
    lines = {
        "period": f"periods = {periods}",
        "authority": 'authorities = ["KAZ"]',
        "search": f'searches = ["{search_id}"]',
    }
    path = world.home / "hub" / HOLD
    path.write_text(lines[what])
    done = run("destroy", "--before", "2039-12")
    assert done.exit_code == 4
    assert any(f"KAZ {period}" in done.stderr for period in periods)
    assert retain(world, hub, path) == []
    assert list(KeyFolder(hub).present())
    assert not [e for e in entries_of(hub) if e.action == "destroyed"]


def retain(world, hub, hold, clock=LATER):
    """What a server does every day."""
    from gateway.ledger.kinds import Side
    from gateway.ledger.log import Ledger
    from gateway.recorder import Recorder

    async def look():
        ledger = await Ledger.open(hub, clock)
        try:
            recorder = Recorder(ledger, Side.HUB, "HUB", clock)
            return await Retention(world.federation, recorder, (hub, hold), clock).look()
        finally:
            await ledger.close()

    return asyncio.run(look())


def test_retention_destroys_what_is_due_and_nothing_else(world, hub):
    hold = world.home / "hub" / HOLD
    early = ManualClock(datetime.now(UTC))
    assert retain(world, hub, hold, early) == []
    gone = retain(world, hub, hold)
    assert {authority for authority, _, _ in gone} == {"KAZ"}
    assert {e.method for e in entries_of(hub) if e.action == "destroyed"} == {"retention"}
    assert not list(KeyFolder(hub).present())


@pytest.mark.parametrize("text", ["periods = 7", 'periods = ["soon"]', "other = []", "="])
def test_hold_that_cannot_be_read_destroys_nothing(world, hub, text):
    hold = world.home / "hub" / HOLD
    hold.write_text(text)
    with pytest.raises(HoldInvalidError):
        retain(world, hub, hold)
    assert list(KeyFolder(hub).present())


def test_backup_of_a_running_server_verifies_and_restores_without_an_alarm(
    run, world, hub, verify, tmp_path
):
    copy = tmp_path / "copy"

    async def back_up():
        done = await asyncio.to_thread(run, "backup", str(copy))
        assert done.exit_code == 0, done.stderr
        done = await asyncio.to_thread(run, "restore", str(copy))
        assert done.exit_code == 2  # its server runs

    asyncio.run(search(world, back_up))
    assert verify(copy) == 0
    assert 0 < len(entries_of(copy)) <= len(entries_of(hub))
    stored = [path.read_bytes() for path in copy.rglob("*") if path.is_file()]
    assert not [data for data in stored if b"PRIVATE KEY" in data]
    whole = tmp_path / "whole"
    assert run("backup", str(whole)).exit_code == 0
    assert run("backup", str(whole)).exit_code == 2
    before = entries_of(hub)
    done = run("restore", str(whole))
    assert done.exit_code == 0, done.stderr
    after = entries_of(hub)
    assert after[: len(before)] == before
    assert [(e.kind, e.action, e.count) for e in after[len(before) :]] == [
        (Kind.ADMIN, "restored", 0)
    ]
    assert verify(hub) == 0
    assert who(run, world).exit_code == 0
    asyncio.run(search(world))
    assert len(entries_of(hub)) > len(after)
    assert run("reconcile", "--settle", "0").exit_code == 0


def test_older_backup_is_a_rollback_unless_the_loss_is_accepted(run, world, hub, verify, tmp_path):
    copy = tmp_path / "copy"
    assert run("backup", str(copy)).exit_code == 0
    asyncio.run(search(world))
    count = len(entries_of(hub))
    done = run("restore", str(copy))
    assert done.exit_code == 4
    assert "would be lost" in done.stderr
    assert len(entries_of(hub)) == count
    done = run("restore", str(copy), "--accept-loss")
    assert done.exit_code == 0, done.stderr
    last = entries_of(hub)[-1]
    assert (last.action, last.count) == ("restored_with_loss", count - len(entries_of(copy)))
    assert verify(hub) == 0
    assert len(entries_of(hub.with_name("ledger-before-1"))) == count
    assert run("reconcile", "--settle", "0").exit_code == 1  # the nodes remember


def test_server_does_not_start_on_an_older_copy_that_was_put_there_by_hand(
    world, hub, run, tmp_path
):
    copy = tmp_path / "copy"
    assert run("backup", str(copy)).exit_code == 0
    asyncio.run(search(world))
    for path in copy.glob("*.log"):
        shutil.copy(path, hub / path.name)
    from gateway.ledger.errors import LedgerCorruptError

    with pytest.raises(LedgerCorruptError):
        asyncio.run(world.start_hub())


def test_restore_does_not_bring_back_what_was_destroyed(run, hub, later, tmp_path):
    copy = tmp_path / "copy"
    assert run("backup", str(copy)).exit_code == 0
    assert run("destroy", "--before", "2039-12").exit_code == 0
    assert run("restore", str(copy), "--accept-loss").exit_code == 0
    assert not list(KeyFolder(hub).present("KAZ"))


def test_backup_of_another_log_is_refused(run, world, hub, tmp_path):
    copy = tmp_path / "copy"
    assert run("backup", "--node", "KAZ", str(copy)).exit_code == 0
    count = len(entries_of(hub))
    assert run("restore", str(copy), "--accept-loss").exit_code != 0
    assert len(entries_of(hub)) == count
