"""The banks of members with servers hold the same on a real server as embedded."""

import json
from pathlib import Path

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import Limits
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from seeds.banks.registry import find_bank
from seeds.directory import make_directory, point_directory
from seeds.engines import move_banks
from seeds.federation import MEMBERS
from seeds.make import build, find_folder
from seeds.truth import TRUTH
from tests.kit.directory import start_directory

pytestmark = pytest.mark.servers

LIMITS = Limits(rows=1000, timeout_s=60)
ROWS = 30


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("servers")
    build(folder, seed=1, rows=ROWS, documents=10)
    return folder


async def read_all(name: str, home: Path) -> list:
    folder = find_folder(home, find_bank(name))
    adapter = await open_bank(folder / "mapping.toml", folder)
    try:
        truth = json.loads(TRUTH.read_text(encoding="utf-8"))["subjects"]
        wanted = [r["reference"] for s in truth for r in s["records"] if r["bank"] == name]
        named = [named.reference async for named in adapter.names()]
        found = await adapter.fetch([*wanted, *named][:1000], LIMITS)
        return sorted(found.records, key=lambda record: record.reference)
    finally:
        await adapter.close()


async def test_register_of_pakistan_is_the_same_as_a_directory(home) -> None:
    name = "PAK/persons"
    path = find_folder(home, find_bank(name)) / "mapping.toml"
    before = await read_all(name, home)
    with start_directory(make_directory(1, ROWS)) as server:
        path.write_text(point_directory(server.url("")), encoding="utf-8")
        after = await read_all(name, home)
        report = await prove(path, Extent())
    assert len(before) > ROWS
    assert after == before
    assert [found.text for part in report.parts for found in part.findings] == []


@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
async def test_banks_hold_the_same_when_moved_to_a_server(engine, home, request) -> None:
    server = request.getfixturevalue(engine)
    members = [member for member in MEMBERS if member.engine == engine]
    names = [name for member in members for name in member.banks]
    before = {name: await read_all(name, home) for name in names}
    urls = {member.code: server.url(f"seeds_{member.code.lower()}") for member in members}
    assert await move_banks(home, urls, seed=1, rows=ROWS) == tuple(names)
    for name in names:
        assert len(before[name]) > 3
        assert await read_all(name, home) == before[name]
