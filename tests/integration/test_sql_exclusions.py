"""Records of other countries are left out by the bank, and by that nothing is lost."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.banks.registry import open_bank
from adapters.conformance.corpus import HOSTILE
from adapters.contract import DocumentProbe, Limits, OrganisationProbe, VehicleProbe
from adapters.mapping.lookups import find_lookups
from adapters.mapping.read import read_mapping
from adapters.mapping.spellings import MAX_SPELLINGS
from adapters.mapping.translate import Translator
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from gateway.node.scoring import score_records

LIMITS = Limits(rows=500, timeout_s=60)
WORDS = ("kz", "KZ", "Kz", "kz ", " kz", "\tkz", "kg", "KG", "kż", "Қаз", "қаз", "ҚАЗ", "ß", "ss")
WORDS = (*WORDS, "", " ", "0", "1", "01", "1.0", "398", "'", '"', "\\", "%", "k_", "?", "$1", ":a")
COUNTRIES = ("KAZ", "KGZ", "UZB", "TJK")
ASKED = (*COUNTRIES, "", "TKM", "kaz")
TABLE = (
    "CREATE TABLE land (id INTEGER PRIMARY KEY, nomer VARCHAR(20), plate VARCHAR(20),"
    " reg VARCHAR(20), issuer VARCHAR(20), country VARCHAR(20))"
)
MAPPING = """
version = 1
[bank]
id = "land"
title = "Countries by code"
kind = "sql"
[sql]
engine = "{engine}"
url = "{url}"
[record]
table = "land"
key = "id"
[[field]]
field = "document"
number = "land.nomer"
issuer = {{ column = "land.issuer", codes = "lands" }}
[[field]]
field = "plate"
column = "land.plate"
[[field]]
field = "registration_number"
column = "land.reg"
[[field]]
field = "country"
column = "land.country"
codes = "lands"
[kind]
const = "wanted"
[codes.lands]
"""


def quote(word):
    return "NULL" if word is None else "'" + word.replace("'", "''") + "'"


def fill(bank):
    escape = (lambda t: t.replace("\\", "\\\\")) if bank.engine == "mariadb" else (lambda t: t)
    rows = [
        f"({n}, 'N12345', 'A1B2', 'R777', {escape(quote(word))}, {escape(quote(word))})"
        for n, word in enumerate((*WORDS, None))
    ]
    bank.run((TABLE, f"INSERT INTO land VALUES {', '.join(rows)}"))


def write(bank, codes):
    url = "sqlite:///bank.sqlite" if bank.server is None else bank.server.url(bank.database)
    told = (f"{json.dumps(word)} = {json.dumps(ours)}\n" for word, ours in codes.items())
    path = bank.folder / "land.toml"
    text = MAPPING.format(engine=bank.engine, url=url) + "".join(told)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def land(bank):
    fill(bank)
    return bank


def probes(country):
    yield DocumentProbe("N12345", issuer=country)
    yield VehicleProbe(plate="A1B2", country=country)
    yield OrganisationProbe(number="R777", country=country)


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


async def ask(land, path, *, pushed):
    """What scoring keeps, for each probe; the records that the bank sent; the texts it saw."""
    adapter = await open_bank(path, land.folder)
    recorder = adapter._reader._engine = Recorder(adapter._engine)
    if not pushed:
        adapter._reader._translator.excludes = lambda _: False
    kept, sent = [], 0
    try:
        for probe in (probe for country in ASKED for probe in probes(country)):
            records = (await adapter.search(probe, LIMITS)).records
            sent += len(records)
            matches = score_records(probe, records)
            kept.append({(m.record.reference, m.score) for m in matches})
    finally:
        await adapter.close()
    return kept, sent, recorder.texts


def find_texts(mapping, dialect):
    translator = Translator(mapping, dialect)
    return {
        translator.lookup(lookup, 1 << bits, 0, excluding=excluding).text
        for lookup in find_lookups(mapping)
        for bits in range(MAX_SPELLINGS.bit_length())
        for excluding in (False, True)
    }


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # to shrink would ask the banks for minutes
)
@given(codes=st.dictionaries(st.sampled_from([w for w in WORDS if w]), st.sampled_from(COUNTRIES)))
def test_scoring_keeps_the_same_with_and_without(land, codes):
    path = write(land, codes or {"kz": "KAZ"})
    with_, fewer, texts = asyncio.run(ask(land, path, pushed=True))
    without, all_, _ = asyncio.run(ask(land, path, pushed=False))
    assert with_ == without
    assert fewer <= all_
    engine = land.connect()
    known = find_texts(read_mapping(path), engine.dialect)
    asyncio.run(engine.close())
    assert texts <= known


def test_bank_sends_fewer_records(land):
    path = write(land, {"kz": "KAZ", "kg": "KGZ"})
    _, fewer, _ = asyncio.run(ask(land, path, pushed=True))
    _, all_, _ = asyncio.run(ask(land, path, pushed=False))
    # For each of the 3 probes: a known country leaves out one word, an unknown one both.
    assert all_ - fewer == 3 * (1 + 1 + 2 * 4)


async def test_check_plans_each_lookup_with_and_without(land):
    report = await prove(write(land, {"kz": "KAZ"}), Extent(trips=1))
    plans = next(part for part in report.parts if part.name == "plans")
    shapes = ("document by land.nomer", "plate by land.plate")
    wanted = {f"{shape}{rest}" for shape in shapes for rest in ("", " without other countries")}
    assert wanted <= {row["query"] for row in plans.rows}


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_country_tears_nothing(land, text):
    adapter = await open_bank(write(land, {"kz": "KAZ", "'); DROP TABLE x": "KGZ"}), land.folder)
    try:
        for probe in probes(text):
            assert (await adapter.search(probe, LIMITS)).records
        assert await adapter._engine.rows("SELECT id, word FROM tripwire", (), 60) == [(1, "whole")]
    finally:
        await adapter.close()
