"""`kalkan audit export` and `reconcile`: what comes out is what is in, and says so."""

from __future__ import annotations

import asyncio
import csv
import json

import duckdb
import pytest
from typer.testing import CliRunner

from gateway.access.federation import read_federation, write_federation
from gateway.cli.main import app
from gateway.ledger.read import read_entries
from tests.kit.world import MEMBERS, ask, build_world


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = build_world(tmp_path_factory.mktemp("export") / "home")
    asyncio.run(search(world))
    return world


async def search(world):
    await world.start()
    try:
        client = await world.client()
        await client.search_once(ask("Рустам Каримов", case="CASE-31", offence="=1+1"))
        await client.search_once(ask("Nobody Atall", "TUR", case="CASE-32"))
    finally:
        await world.stop()


@pytest.fixture
def run(world):
    def run(*words):
        return CliRunner().invoke(app, ("audit", words[0], "--home", str(world.home), *words[1:]))

    return run


def entries_of(world):
    return list(read_entries(world.home / "hub" / "ledger"))


def test_lines_are_the_entries_as_they_are_stored(world, run, tmp_path):
    path = tmp_path / "hub.jsonl"
    done = run("export", "--to", str(path))
    assert done.exit_code == 0, done.stderr
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines == [{"index": i, **json.loads(e.encode())} for i, e in entries_of(world)]
    assert path.stat().st_mode & 0o777 == 0o600
    notice = (tmp_path / "hub.jsonl.notice.txt").read_text()
    assert f"{len(lines)} entries" in notice
    assert "delete it by 20" in notice
    assert run("export", "--to", str(path)).exit_code == 2  # nothing is overwritten
    assert run("export", "--to", str(tmp_path / "hub.xls")).exit_code == 2


def test_parquet_has_typed_columns_and_only_what_is_wanted(run, tmp_path):
    path = tmp_path / "hub.parquet"
    assert run("export", "--kind", "OUTCOME", "--to", str(path)).exit_code == 0
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(path))
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        assert (types["time"], types["index"], types["who"]) == ("TIMESTAMP", "BIGINT", "VARCHAR")
        rows = found.aggregate("purpose, count(*)").fetchall()
    assert rows == [("terrorism", 2)]


def test_opened_parts_are_there_with_the_key_alone(world, run, tmp_path):
    key = world.home / "custodians" / "KAZ" / "duty.key"
    plain, opened = tmp_path / "plain.csv", tmp_path / "opened.csv"
    assert run("export", "--to", str(plain)).exit_code == 0
    assert "CASE-31" not in plain.read_text(encoding="utf-8")
    words = ("--key", str(key), "--reason", "inspection", "--kind", "INTENT")
    assert run("export", "--to", str(opened), *words).exit_code == 0
    with opened.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [json.loads(row["opened"])["case"] for row in rows] == ["CASE-31", "CASE-32"]


def test_nothing_beyond_retention_is_exported(world, run, tmp_path, monkeypatch):
    from datetime import UTC, datetime

    from gateway.clock import ManualClock

    later = ManualClock(datetime(2040, 1, 1, tzinfo=UTC))
    monkeypatch.setattr("gateway.cli.exporting.SystemClock", lambda: later)
    path = tmp_path / "late.jsonl"
    done = run("export", "--to", str(path))
    assert done.exit_code == 2
    assert "beyond the retention" in done.stderr
    assert not path.exists()


def test_sound_ledgers_agree_on_disk_and_in_exports(world, run, tmp_path):
    done = run("reconcile", "--settle", "0")
    assert done.exit_code == 0, done.stdout
    assert "no difference" in done.stdout
    files = []
    for member in ("", *MEMBERS):
        path = tmp_path / f"{member or 'HUB'}.jsonl"
        assert run("export", "--node", member, "--to", str(path)).exit_code == 0
        files += ["--file", str(path)]
    assert run("reconcile", "--settle", "0", *files).exit_code == 0
    assert "2 searches are too young" in run("reconcile", "--settle", "86400").stdout
    assert run("reconcile", *files[:2]).exit_code == 2  # the hub alone


def test_export_that_was_altered_is_found(world, run, tmp_path):
    files = []
    for member in ("", *MEMBERS):
        path = tmp_path / f"{member or 'HUB'}.jsonl"
        run("export", "--node", member, "--to", str(path))
        files += ["--file", str(path)]
    path = tmp_path / "TUR.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if json.loads(line)["kind"] != "OUTCOME"]
    path.write_text("\n".join(kept), encoding="utf-8")
    done = run("reconcile", "--settle", "0", "--json", *files)
    assert done.exit_code == 1
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["bank"] for one in found} == {"TUR/persons"}
    assert {one["finding"] for one in found} == {"node_missing", "unfinished"}
    assert "what is wrong" in run("reconcile", "--settle", "0", *files).stdout
    path.write_text('{"kind": "INTENT"}\n', encoding="utf-8")
    done = run("reconcile", "--settle", "0", *files)
    assert (done.exit_code, "line 1" in done.stderr) == (2, True)


def test_retention_of_a_member_is_what_its_federation_file_says(world):
    federation = read_federation(world.home / "federation.toml")
    assert {member.retention_days for member in federation.members} == {1_096}
    members = tuple(m.model_copy(update={"retention_days": 400}) for m in federation.members)
    path = world.home / "other.toml"
    write_federation(federation.model_copy(update={"members": members}), path)
    assert {member.retention_days for member in read_federation(path).members} == {400}
