"""A mapping is held against the bank: what is not there is named by its place in the file."""

import sqlite3

import pytest
import sqlalchemy

from adapters.banks.sql.alchemy import AlchemyEngine, Tail
from adapters.banks.sql.schema import read_schema
from adapters.banks.sql.sqlite import SqliteEngine
from adapters.contract import MappingError
from adapters.mapping.read import read_mapping
from adapters.mapping.translate import Translator

MAPPING = """version = 1
[bank]
id = "b"
title = "B"
kind = "sql"
[sql]
engine = "sqlite"
url = "sqlite:///b.sqlite"
[record]
table = "person"
key = "id"
[[many]]
table = "alias"
on = { "alias.person" = "person.id" }
[computed]
"person.whole" = "name || born"
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "name"
full = "alias.name"
[[field]]
field = "remark"
column = "person.whole"
[kind]
const = "wanted"
"""
TABLES = "CREATE TABLE person (id INTEGER, name, born TEXT); CREATE TABLE alias (person, name)"


@pytest.fixture
def file(tmp_path):
    connection = sqlite3.connect(tmp_path / "b.sqlite")
    connection.executescript(TABLES)
    connection.close()
    return tmp_path / "b.sqlite"


@pytest.fixture
async def hold(file):
    """Return a function that holds a mapping, changed in one place, against the bank."""
    opened = []

    async def hold_against(old="", new="", engine=None):
        opened.append(engine or SqliteEngine(file, 1))
        path = file.with_name("bank.toml")
        path.write_text(MAPPING.replace(old, new), encoding="utf-8")
        mapping = read_mapping(path)
        translator = Translator(mapping, opened[-1].dialect)
        return await read_schema(opened[-1], mapping, translator, timeout_s=20.0)

    yield hold_against
    for engine in opened:
        await engine.close()


async def test_types_are_told_by_column_and_others_are_text(hold):
    schema = await hold()
    families = [schema.type_of(column).family for column in ("person.name", "PERSON.Born", "a.b")]
    assert families == ["any", "text", "text"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("person.name", "person.nam", r":19:8: .*table 'person' has no column 'nam'; did you mean"),
        ('"alias', '"aliases', r":13:9: .*the bank has no table 'aliases'; did you mean alias"),
        ("|| born", "|| bron", r":16:27: .*'person' has no column 'bron'; did you mean born"),
        ("person.whole", "person.born", r":16:1: .*has a column 'born' already"),
        ("person.whole", "person.BORN", r":16:1: .*has a column 'BORN' already"),
    ],
)
async def test_what_does_not_fit_is_named_by_its_place(hold, old, new, told):
    with pytest.raises(MappingError, match=told):
        await hold(old, new)
    await hold()


@pytest.mark.parametrize(("dialect", "fits"), [("sqlite", True), ("oracle", False)])
async def test_capital_letters_tell_columns_apart_where_the_engine_does(hold, file, dialect, fits):
    """SQLite stands for Oracle, whose columns SQLAlchemy has in small letters."""
    url = sqlalchemy.URL.create("sqlite", database=str(file))
    engine = AlchemyEngine(url, Tail(dialect, dialect), 1)
    computed = MAPPING[MAPPING.index("[[many]]") : MAPPING.index("[[field]]")]
    told = computed + MAPPING[MAPPING.index("[[field]]") : MAPPING.index("[kind]")]
    fields = '[[field]]\nfield = "name"\nfull = "person.{}"\n'
    if fits:
        assert (await hold(told, fields.format("NAME"), engine)).type_of("person.name")
    else:
        with pytest.raises(MappingError, match="'person' has no column 'name'"):
            await hold(told, fields.format("name"), engine)
