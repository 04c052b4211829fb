import sqlite3
from contextlib import closing

import pytest

from adapters.banks.files.columns import index_columns, require_columns
from adapters.contract import MappingError

TEXT = """
[files]
format = "csv"
[[files.table]]
table = "p"
path = "p.csv"
[[files.table]]
table = "d"
path = "d.csv"
[record]
table = "p"
key = "id"
[[many]]
table = "d"
on = { "d.owner" = "p.id" }
[[field]]
field = "name"
full = "p.name"
[[field]]
field = "document"
number = "d.number"
[[field]]
field = "plate"
column = "p.plate"
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "p.phone"
search = false
"""
KNOWN = {"p": ("id", "name", "plate", "phone"), "d": ("owner", "number")}


def test_require_columns_accepts_a_mapping_that_fits(make_mapping):
    require_columns(make_mapping(TEXT), KNOWN)


def test_require_columns_names_file_line_and_column(make_mapping):
    with pytest.raises(MappingError) as caught:
        require_columns(make_mapping(TEXT), {**KNOWN, "d": ("owner", "numbr")})
    text = str(caught.value)
    assert text.startswith("export.toml:")
    assert "table 'd' has no column 'number'" in text
    assert "did you mean numbr?" in text


def test_index_columns_indexes_what_is_looked_up(make_mapping):
    with closing(sqlite3.connect(":memory:")) as connection:
        for table, columns in KNOWN.items():
            connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        index_columns(connection, make_mapping(TEXT))
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        assert {name for (name,) in names} == {
            "by p id", "by p plate", "by d owner", "by d number",
        }  # fmt: skip


def test_columns_that_are_searched_together_are_indexed_together(make_mapping):
    text = TEXT.replace('"id"', '["id", "name"]')
    text = text.replace('{ "d.owner" = "p.id" }', '{ "d.owner" = "p.id", "d.n" = "p.name" }')
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE p (id, name, plate, phone)")
        connection.execute("CREATE TABLE d (owner, n, number)")
        index_columns(connection, make_mapping(text))
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        assert {name for (name,) in names} == {
            "by p id name", "by p plate", "by d owner n", "by d number",
        }  # fmt: skip
