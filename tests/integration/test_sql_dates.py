"""A birth date that decides is asked of the bank, and by that nothing else is lost."""

import asyncio
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.banks.registry import open_bank
from adapters.contract import DateSpan, FieldName, Limits, PartialDate, PersonName, PersonProbe
from adapters.mapping.read import read_mapping
from adapters.mapping.translate import Translator
from adapters.matching.calendars import gregorian_to_bikram_sambat, gregorian_to_solar_hijri
from adapters.matching.dates import rules_out
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from gateway.cli.trying import find_matches
from gateway.node.scoring import score_records

NAME = "Айгүл Нұрланова"
FIRST = date(1950, 1, 1)
STRANGE = ("", " ", "unknown", "1982", "1982-05", "1982-02-30", "0000-00-00", "1982-00-00")
STRANGE = (*STRANGE, "03.05.82", "３-05-1982", "1982-05-03 00:00:00", " 1982-05-04", "²982-05-03")
STRANGE = (*STRANGE, "1982-05-0²", "1361/02/13", "13610213", "1982-5-3", "'", "$1", "?", ":a")
ROWS = 1_200
TABLE = (
    "CREATE TABLE born (id INTEGER PRIMARY KEY, name VARCHAR(50), iso VARCHAR(30),"
    " dotted VARCHAR(30), hijri VARCHAR(30), sambat VARCHAR(30), packed VARCHAR(40),"
    " day DATE, instant {instant}, zoned {zoned}, y INTEGER, m INTEGER, d VARCHAR(3))"
)
INSTANTS = {
    "sqlite": {"instant": "TIMESTAMP", "zoned": "TEXT"},
    "postgres": {"instant": "TIMESTAMP", "zoned": "TIMESTAMP WITH TIME ZONE"},
    "mariadb": {"instant": "DATETIME", "zoned": "DATETIME(6)"},
}
PARTIAL = ("0000-00-00", "1982-00-00", "1982-05-00", "0000-05-03")
WAYS = {
    "iso": 'column = "born.iso"',
    "dotted": 'column = "born.dotted"\nformat = ["DD.MM.YYYY", "iso"]',
    "hijri": 'column = "born.hijri"\nformat = "YYYY/MM/DD"\ncalendar = "solar_hijri"',
    "sambat": 'column = "born.sambat"\nformat = "YYYYMMDD"\ncalendar = "bikram_sambat"',
    "packed": 'column = "born.unpacked"',
    "day": 'column = "born.day"',
    "instant": 'column = "born.instant"',
    "zoned": 'column = "born.zoned"',
    "parts": 'year = "born.y"\nmonth = "born.m"\nday = "born.d"',
}
MAPPING = """
version = 1
[bank]
id = "born"
title = "Persons by birth"
kind = "sql"
[sql]
engine = "{engine}"
url = "{url}"
[record]
table = "born"
key = "id"
strict = ["birth_date"]
{computed}
[[field]]
field = "name"
full = "born.name"
[[field]]
field = "birth_date"
{way}
[kind]
const = "wanted"
"""
COMPUTED = '[computed]\n"born.unpacked" = "SUBSTR(packed, 3, 30)"'


def quote(value):
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    return "'" + str(value).replace("'", "''") + "'"


def write_row(number, day):
    hijri, sambat = gregorian_to_solar_hijri(day), gregorian_to_bikram_sambat(day)
    return (
        *(number, NAME, day.isoformat(), day.strftime("%d.%m.%Y")),
        *("{:04}/{:02}/{:02}".format(*hijri), "{:04}{:02}{:02}".format(*sambat)),
        *(f"b:{day.isoformat()}", day.isoformat(), f"{day.isoformat()} 12:00:00"),
        f"{day.isoformat()} 23:30:00",
        *(day.year, day.month, f"{day.day}"),
    )


def write_strange(number, text):
    """No native date: the engines themselves refuse what is none."""
    return (number, NAME, text, text, text, text, f"b:{text}", None, None, None, 1982, 0, text[:3])


def fill(bank):
    rows = [write_row(n, FIRST + timedelta(days=11 * n)) for n in range(ROWS)]
    rows += [write_strange(ROWS + n, text) for n, text in enumerate(STRANGE)]
    rows.append((len(rows), NAME, *[None] * 11))
    if bank.engine == "mariadb":
        natives = ((text, text) for text in PARTIAL)
        rows += [(len(rows) + n, NAME, *[None] * 5, *d, *[None] * 4) for n, d in enumerate(natives)]
    escape = (lambda t: t.replace("\\", "\\\\")) if bank.engine == "mariadb" else (lambda t: t)
    told = ", ".join(f"({', '.join(escape(quote(v)) for v in row)})" for row in rows)
    before, after = [], "ANALYZE"
    if bank.engine == "mariadb":
        before, after = ["SET sql_mode = ''"], "ANALYZE TABLE born"
    table = TABLE.format(**INSTANTS[bank.engine])
    bank.run((*before, table, f"INSERT INTO born VALUES {told}", after))
    return len(rows)


@pytest.fixture(scope="module")
def born(bank):
    return bank, fill(bank)


def write(bank, way):
    url = "sqlite:///bank.sqlite" if bank.server is None else bank.server.url(bank.database)
    path = bank.folder / f"{way}.toml"
    computed = COMPUTED if way == "packed" else ""
    text = MAPPING.format(engine=bank.engine, url=url, way=WAYS[way], computed=computed)
    path.write_text(text, encoding="utf-8")
    return path


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


async def ask(bank, path, references, asked):
    """For each date: what scoring keeps with and without asking the bank, and what it sent."""
    adapter = await open_bank(path, bank.folder)
    recorder = adapter._reader._engine = Recorder(adapter._engine)
    found = []
    try:
        for birth in asked:
            probe = PersonProbe((PersonName(full=NAME),), birth)
            told = []
            for limits in (Limits(1000, 60, birth=birth), Limits(1000, 60)):
                records = (await adapter.fetch(references, limits)).records
                kept = score_records(probe, records, adapter.capability.strict)
                told.append(([(m.record.reference, m.score) for m in kept], len(records)))
            found.append(told)
    finally:
        await adapter.close()
    return found, recorder.texts


@cache
def find_texts(path, dialect):
    translator = Translator(read_mapping(path), dialect)
    if dialect == "mysql" and path.stem in {"day", "instant", "zoned"}:
        translator.spell([f"born.{path.stem}"])
    forms = (None, "text")
    if len(translator.born.columns) == 1:
        forms = (*forms, "day", "date", "instant")
    return {translator.fetch(1 << bits, form).text for bits in range(11) for form in forms}


DAYS = st.integers(0, 11 * ROWS).map(lambda days: FIRST + timedelta(days=days))
DATES = st.one_of(
    DAYS.map(lambda day: PartialDate(day.year, day.month, day.day)),
    DAYS.map(lambda day: PartialDate(day.year)),
    DAYS.map(lambda day: PartialDate(day.year, day.month)),
    st.tuples(DAYS, DAYS).map(lambda pair: DateSpan(min(pair), max(pair))),
    st.sampled_from(
        (PartialDate(1982, 5, 3), PartialDate(1), PartialDate(9999), PartialDate(1700))
    ),
)


@pytest.mark.parametrize("way", WAYS)
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # to shrink would ask the banks for minutes
)
@given(asked=st.lists(DATES, min_size=2, max_size=5), start=st.integers(0, ROWS - 100))
def test_scoring_keeps_the_same_with_and_without(born, way, asked, start):
    bank, count = born
    path = write(bank, way)
    references = [str(n) for n in (*range(start, start + 100), *range(ROWS, count))]
    found, texts = asyncio.run(ask(bank, path, references, asked))
    for (with_, fewer), (without, all_) in found:
        assert with_ == without
        assert fewer <= all_ == len(references)
    engine = bank.connect()
    known = find_texts(path, engine.dialect)
    asyncio.run(engine.close())
    assert texts <= known


@pytest.mark.parametrize("way", WAYS)
async def test_bank_sends_who_was_born_then_and_whom_it_cannot_tell(born, way):
    bank, count = born
    references = [str(n) for n in (*range(900, 1000), *range(ROWS, count))]
    day = FIRST + timedelta(days=11 * 950)
    asked = PartialDate(day.year, day.month, day.day)
    (((kept, fewer), (_, all_)),), _ = await ask(bank, write(bank, way), references, [asked])
    assert "950" in {reference for reference, _ in kept}
    doubtful = 0.1 * 100  # days that not every year has
    certain = 99 - doubtful
    if bank.engine == "sqlite" and way in {"instant", "zoned"}:
        certain = 0  # a text with a time of day is not in the form that is declared
    assert all_ - fewer >= certain


@pytest.mark.parametrize("way", ["day", "hijri"])
async def test_index_of_the_reference_still_serves(born, way):
    report = await prove(write(born[0], way), Extent(trips=1))
    plans = next(part for part in report.parts if part.name == "plans")
    ways = [row["way"] for row in plans.rows if row["query"] == "fetch by birth_date"]
    assert ways == ["index"]


async def test_whom_the_bank_cannot_decide_on_the_check_says_is_for_the_node(born):
    bank = born[0]
    path = write(bank, "iso")
    text = path.read_text(encoding="utf-8").replace(
        'born.iso"', 'born.iso"\nformat = "DD MON YYYY"'
    )
    path.write_text(text, encoding="utf-8")
    report = await prove(path, Extent(trips=1))
    plans = next(part for part in report.parts if part.name == "plans")
    assert {"fetch by birth_date": "the node alone"}.items() <= {
        row["query"]: row["way"] for row in plans.rows
    }.items()


async def test_bank_that_is_tried_directly_decides_too(born):
    bank, _ = born
    path = write(bank, "day")
    probe = PersonProbe((PersonName(full=NAME),), PartialDate(1955, 5, 5))
    kept = [
        match.record.values(FieldName.BIRTH_DATE) for match in await find_matches(path, probe, 20)
    ]
    assert not any(rules_out(probe.birth, births) for births in kept)
    path.write_text(path.read_text(encoding="utf-8").replace("strict", "# strict"), "utf-8")
    assert len(await find_matches(path, probe, 20)) > len(kept)
