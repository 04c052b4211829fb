"""One door for all kinds of banks."""

import asyncio
import sqlite3
import threading

import pytest

from adapters.banks.files import load
from adapters.banks.files.load import load_files
from adapters.banks.registry import open_bank
from adapters.contract import Limits, MappingError

HEAD = 'version = 1\n[bank]\nid = "b"\ntitle = "B"\nkind = "{}"\n'
TAIL = """
[record]
table = "t"
key = "id"
[[field]]
field = "name"
full = "t.name"
[kind]
const = "wanted"
"""
KINDS = {
    "sql": HEAD.format("sql") + '[sql]\nengine = "sqlite"\nurl = "sqlite:///b.sqlite"' + TAIL,
    "files": HEAD.format("files")
    + '[files]\nformat = "csv"\n[[files.table]]\ntable = "t"\npath = "b.csv"'
    + TAIL,
}


@pytest.fixture
def folder(tmp_path):
    connection = sqlite3.connect(tmp_path / "b.sqlite")
    connection.execute("CREATE TABLE t AS SELECT 1 AS id, 'Aziz' AS name")
    connection.commit()
    connection.close()
    (tmp_path / "b.csv").write_text("id,name\n1,Aziz\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
async def test_bank_is_opened_by_its_kind(folder, kind):
    path = folder / "bank.toml"
    path.write_text(KINDS[kind], encoding="utf-8")
    adapter = await open_bank(path, folder)
    try:
        result = await adapter.fetch(["1"], Limits(rows=5, timeout_s=60))
        names = [named async for named in adapter.names()]
    finally:
        await adapter.close()
    assert adapter.capability.engine == f"{kind} sqlite"
    assert [record.reference for record in result.records] == ["1"]
    assert names[0].names == ("Aziz",)


async def test_service_is_opened_without_being_asked(tmp_path):
    path = tmp_path / "bank.toml"
    text = (
        HEAD.format("http") + '[http]\nurl = "http://127.0.0.1:9"\n[http.list]\npath = "/all"\n'
        '[http.get]\npath = "/one/{reference}"\n[record]\nkey = "id"\n'
        '[[field]]\nfield = "name"\nfull = "name.full"\n[kind]\nconst = "wanted"\n'
    )
    path.write_text(text, encoding="utf-8")
    adapter = await open_bank(path, tmp_path)
    await adapter.close()
    assert "http" in adapter.capability.engine


async def test_mistake_is_told_with_its_line(tmp_path):
    path = tmp_path / "bank.toml"
    path.write_text(KINDS["sql"].replace("full =", "fool ="), encoding="utf-8")
    with pytest.raises(MappingError, match=r"^bank\.toml:14:1: field\.1\.fool") as caught:
        await open_bank(path, tmp_path)
    assert "\n" not in str(caught.value)


async def test_directory_without_its_driver_names_the_extra(tmp_path, monkeypatch):
    path = tmp_path / "bank.toml"
    text = (
        HEAD.format("ldap") + '[ldap]\nurl = "ldap://127.0.0.1:9"\nbase = "o=x"\n'
        'filter = "(objectClass=*)"\n[record]\nkey = "uid"\n'
        '[[field]]\nfield = "name"\nfull = "cn"\n[kind]\nconst = "wanted"\n'
    )
    path.write_text(text, encoding="utf-8")
    adapter = await open_bank(path, tmp_path)
    await adapter.close()
    assert adapter.capability.engine == "ldap"
    monkeypatch.setattr("adapters.banks.registry.find_spec", lambda _name: None)
    with pytest.raises(MappingError, match=r"^bank\.toml:5:8: .*pip install 'kalkan\[ldap\]'$"):
        await open_bank(path, tmp_path)


async def test_load_of_files_ends_when_nobody_waits_for_it_any_more(folder, monkeypatch):
    begun, given_up = threading.Event(), threading.Event()

    def load_until_given_up(mapping, folder, stopped):
        def ask():
            begun.set()
            given_up.wait(60)  # no load is over before it is cancelled
            return stopped()

        return load_files(mapping, folder, ask)

    monkeypatch.setattr(load, "load_files", load_until_given_up)
    path = folder / "bank.toml"
    path.write_text(KINDS["files"], encoding="utf-8")
    task = asyncio.create_task(open_bank(path, folder))
    await asyncio.to_thread(begun.wait)
    assert list(folder.glob(".loaded/*.part"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    given_up.set()
    while list(folder.glob(".loaded/*.part")):  # noqa: ASYNC110 - a file tells no event
        await asyncio.sleep(0)
    assert list(folder.glob(".loaded/*")) == []
