"""Whatever is asked, the bank sees only statements that were known before; nothing is torn."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.banks.registry import open_bank
from adapters.contract import (
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    OrganisationProbe,
    VehicleProbe,
)
from adapters.mapping.lookups import find_lookups
from adapters.mapping.read import read_mapping
from adapters.mapping.spellings import MAX_SPELLINGS
from adapters.mapping.statements import MAX_LIST
from adapters.mapping.translate import Translator

LIMITS = Limits(rows=50, timeout_s=60)

HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE tripwire; --",
    "\\'; DROP TABLE tripwire; -- ",
    '" OR ""="',
    "` OR 1=1 -- ",
    "1); DELETE FROM tripwire; --",
    "$1",
    "?",
    "%s %(value)s %%",
    ":value",
    "{0} {value}",
    "kalkan_slot_value_0_",
    "/* */ UNION SELECT * FROM tripwire",
    "N1234567' AND pg_sleep(30) IS NULL --",
    "N1234567\x00",
    "\ud800",
    "\\",
    "'",
    "''",
    "%",
    "_",
    "\u02bc OR \u02bc1\u02bc=\u02bc1",
    "\uff07 OR 1=1",
    "¿'¿ OR 1=1 --",
    "0x31",
    "1e309",
    "NULL",
    "-9223372036854775809",
    "९" * 70,
    "A" * 5000,
    "12abc",
)


def probes(text):
    yield DocumentProbe(text)
    yield VehicleProbe(plate=text)
    yield VehicleProbe(vin=text)
    yield OrganisationProbe(number=text)
    yield IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, text))


async def ask_everything(adapter, text):
    found = [await adapter.search(probe, LIMITS) for probe in probes(text) if text]
    found.append(await adapter.fetch([text], LIMITS))
    return [record.reference for result in found for record in result.records]


@pytest.fixture
async def adapter(bank):
    opened = await open_bank(bank.path, bank.folder)
    yield opened
    await opened.close()


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_finds_nothing_and_tears_nothing(adapter, bank, text):
    assert await ask_everything(adapter, text) in ([], ["1"] if text.startswith("N1234567") else [])
    assert await adapter._engine.rows("SELECT id, word FROM tripwire", (), 60) == [(1, "whole")]


class Recorder:
    """An engine that writes down each text before it passes it on."""

    def __init__(self, engine):
        self._engine = engine
        self.texts = set()

    def __getattr__(self, name):
        return getattr(self._engine, name)

    async def rows(self, text, values, timeout_s):
        self.texts.add(text)
        return await self._engine.rows(text, values, timeout_s)


def powers(most):
    return [1 << bits for bits in range(most.bit_length())]


def find_texts(mapping, dialect):
    """Every text that a bank can ever be asked, without asking anything."""
    translator = Translator(mapping, dialect)
    if dialect == "mysql":
        translator.spell(["tulgha.tughan_kuni"])  # a native date, which may be known in part
    for lookup in find_lookups(mapping):
        for values in powers(MAX_SPELLINGS):
            for series in powers(MAX_SPELLINGS) if lookup.series else (0,):
                yield translator.lookup(lookup, values, series).text
    for size in powers(MAX_LIST):
        yield translator.fetch(size).text
        for table in translator.child_tables():
            yield translator.child(table, size).text


@pytest.fixture(scope="module")
def known(bank):
    engine = bank.connect()
    texts = frozenset(find_texts(read_mapping(bank.path), engine.dialect))
    asyncio.run(engine.close())
    return texts


def test_known_statements_are_few(known):
    assert len(known) == 9 * 9 + 4 * 9 + 2 * 11  # lookups with and without a series, fetch, child


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=3))
def test_any_text_is_asked_in_a_statement_that_was_known_before(bank, known, texts):
    async def run():
        adapter = await open_bank(bank.path, bank.folder)
        recorder = Recorder(adapter._engine)
        adapter._reader._engine = recorder
        try:
            for text in texts:
                await ask_everything(adapter, text)
            rest = await adapter._engine.rows("SELECT word FROM tripwire", (), 60)
        finally:
            await adapter.close()
        return recorder.texts, rest

    seen, rest = asyncio.run(run())
    assert rest == [("whole",)]
    assert seen <= known
