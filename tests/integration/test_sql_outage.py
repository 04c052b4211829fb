"""A bank that goes down is unavailable until it is back; a wrong mapping stops the start."""

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import BankFaultError, BankUnavailableError, Limits, MappingError
from adapters.mapping.read import read_mapping
from seeds.servers import run_mariadb, run_postgres

LIMITS = Limits(rows=10, timeout_s=60)
RUN = {"postgres": run_postgres, "mariadb": run_mariadb}


@pytest.fixture(params=["postgres", "mariadb"])
def restartable(request, tmp_path):
    """A server of its own that a test can stop and start; the session's proves it can run."""
    request.getfixturevalue(request.param)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kalkan-")))
        folder.chmod(0o711)
        server = Restartable(request.param, folder / "data", stack)
        server.start()
        yield server


class Restartable:
    def __init__(self, engine, folder, stack):
        self.engine, self.folder, self.stack, self.server = engine, folder, stack, None

    def start(self):
        self.running = ExitStack()
        self.stack.push(self.running)
        port = self.server.port if self.server else None
        self.server = self.running.enter_context(RUN[self.engine](self.folder, port=port))

    def stop(self):
        self.running.close()


@pytest.fixture
def fragile(restartable, tmp_path, make_bank):
    return make_bank(restartable.engine, tmp_path, restartable.server)


async def test_bank_is_unavailable_while_down_and_answers_when_back(fragile, restartable):
    adapter = await open_bank(fragile.path, fragile.folder)
    try:
        assert len((await adapter.fetch(["1", "2"], LIMITS)).records) == 2
        await asyncio.to_thread(restartable.stop)
        for _ in range(3):
            with pytest.raises(BankUnavailableError):
                await adapter.fetch(["1"], LIMITS)
        await asyncio.to_thread(restartable.start)
        results = await asyncio.gather(*(adapter.fetch(["1"], LIMITS) for _ in range(5)))
        assert all(len(result.records) == 1 for result in results)
    finally:
        await adapter.close()


async def test_connections_that_died_while_idle_are_replaced_at_once(fragile, restartable):
    adapter = await open_bank(fragile.path, fragile.folder)
    try:
        await asyncio.gather(*(adapter.fetch(["1"], LIMITS) for _ in range(4)))
        await asyncio.to_thread(restartable.stop)
        await asyncio.to_thread(restartable.start)
        assert len((await adapter.fetch(["1"], LIMITS)).records) == 1
    finally:
        await adapter.close()


async def test_bank_that_is_down_at_start_opens_and_answers_later(fragile, restartable):
    await asyncio.to_thread(restartable.stop)
    adapter = await open_bank(fragile.path, fragile.folder)
    try:
        with pytest.raises(BankUnavailableError):
            await adapter.watermark()
        await asyncio.to_thread(restartable.start)
        assert len((await adapter.fetch(["1"], LIMITS)).records) == 1
    finally:
        await adapter.close()


async def test_sqlite_file_that_comes_later_is_read(tmp_path, make_bank):
    bank = make_bank("sqlite", tmp_path, None)
    away = bank.folder / "away"
    (bank.folder / "bank.sqlite").rename(away)
    adapter = await open_bank(bank.path, bank.folder)
    try:
        with pytest.raises(BankUnavailableError):
            await adapter.fetch(["1"], LIMITS)
        away.rename(bank.folder / "bank.sqlite")
        assert len((await adapter.fetch(["1"], LIMITS)).records) == 1
    finally:
        await adapter.close()


async def test_sqlite_file_that_is_replaced_is_read_anew(tmp_path, make_bank):
    bank = make_bank("sqlite", tmp_path, None)
    adapter = await open_bank(bank.path, bank.folder)
    try:
        assert len((await adapter.fetch(["2"], LIMITS)).records) == 1
        (bank.folder / "bank.sqlite").rename(bank.folder / "old")
        bank.run([*bank_schema(bank.folder / "old"), "DELETE FROM tulgha WHERE id = 2"])
        assert (await adapter.fetch(["2"], LIMITS)).records == ()
    finally:
        await adapter.close()


def bank_schema(old):
    return [
        f"ATTACH '{old}' AS old",
        *(f"CREATE TABLE {t} AS SELECT * FROM old.{t}" for t in ("qala", "tulgha", "qujat")),
    ]


def edit(bank, tmp_path, before, after):
    text = bank.path.read_text(encoding="utf-8")
    assert before in text
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace(before, after), encoding="utf-8")
    ahead = text[: text.index(before) + max(before.find('"'), 0)].split("\n")
    return wrong, f"{len(ahead)}:{len(ahead[-1]) + 1}"


MISTAKES = {
    "column": ('"tulgha.aty"', '"tulgha.atu"', "no column 'atu'; did you mean aty"),
    "child column": ('"qujat.turi"', '"qujat.tury"', "no column 'tury'; did you mean turi"),
    "key": ('key = "id"', 'key = "idd"', "no column 'idd'; did you mean id?"),
    "where column": ('"joyuly = 0"', '"joyulu = 0"', "no column 'joyulu'; did you mean joyuly"),
    "join column": ('"qala.kod"', '"qala.cod"', "no column 'cod'; did you mean kod"),
}


@pytest.mark.parametrize("name", MISTAKES)
async def test_mistake_in_mapping_stops_the_open_naming_file_line_and_column(bank, tmp_path, name):
    before, after, hint = MISTAKES[name]
    path, place = edit(bank, tmp_path, before, after)
    if name == "where column":
        line, column = place.split(":")
        place = f"{line}:{int(column) + 1}"  # inside the text
    with pytest.raises(MappingError) as caught:
        await open_bank(path, bank.folder)
    assert str(caught.value).startswith(f"wrong.toml:{place}: ")
    assert hint in str(caught.value)


async def test_missing_table_stops_the_open_and_suggests_one(bank, tmp_path):
    text = bank.path.read_text(encoding="utf-8").replace("qala", "qalaa")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="no table 'qalaa'; did you mean qala"):
        await open_bank(wrong, bank.folder)


async def test_mistake_that_shows_when_the_bank_comes_back_is_a_fault(tmp_path, make_bank):
    bank = make_bank("sqlite", tmp_path, None)
    (bank.folder / "bank.sqlite").rename(bank.folder / "away")
    adapter = await open_bank(bank.path, bank.folder)
    try:
        bank.run(["CREATE TABLE other (id INTEGER)"])
        with pytest.raises(BankFaultError):
            await adapter.fetch(["1"], LIMITS)
    finally:
        await adapter.close()


async def test_unreadable_password_stops_the_open(server_bank, tmp_path):
    path, _ = edit(server_bank, tmp_path, "pool = 2", 'pool = 2\npassword_file = "none"')
    with pytest.raises(MappingError, match=r"wrong.toml:\d+:17: sql.password_file"):
        await open_bank(path, tmp_path)


def test_password_never_shows_in_the_address(server_bank, tmp_path):
    from adapters.banks.sql.address import read_address

    (tmp_path / "secret").write_text("hunter2\n", encoding="utf-8")
    path, _ = edit(server_bank, tmp_path, "pool = 2", 'pool = 2\npassword_file = "secret"')
    mapping = read_mapping(path)
    address = read_address(mapping, mapping.sql, tmp_path)
    assert address.password == "hunter2"
    assert "hunter2" not in repr(address)
