"""The statements of the documentation's mapping, word for word, in each dialect."""

import re
from pathlib import Path

import pytest
from sqlglot import exp, parse

from adapters.contract import MappingError
from adapters.mapping.keys import name_slots, spread
from adapters.mapping.locate import Inside
from adapters.mapping.lookups import find_lookups
from adapters.mapping.translate import Translator

GOLDEN = Path(__file__).parent / "golden"
DIALECTS = ("sqlite", "postgres", "mysql", "oracle", "tsql", "trino", "clickhouse")


def write_all(mapping, dialect):
    """All statements with lists of two, with a line before each that says which it is."""
    translator = Translator(mapping, dialect)
    told = {"fetch": translator.fetch(2), "names": translator.names(after=False)}
    told["names after"] = translator.names(after=True)
    for table in translator.child_tables():
        told[f"child {table}"] = translator.child(table, 2)
    for lookup in find_lookups(mapping):
        told[f"lookup {lookup.column}"] = translator.lookup(lookup, 2, 2 if lookup.series else 0)
    told["newest"] = translator.newest(mapping.full("ozgertilgen"))
    return told


def quote_names(example, dialect):
    """Oracle reads names without quotes as capitals; those of the example are not."""
    if dialect != "oracle":
        return example
    quoted = example.replace('"joyuly = 0"', "'\"joyuly\" = 0'")
    return quoted.replace('"qujat.joyuly = 0"', '\'"qujat"."joyuly" = 0\'')


@pytest.mark.parametrize("dialect", DIALECTS)
def test_statements_are_word_for_word_as_kept(read, example, dialect):
    told = write_all(read(quote_names(example, dialect)), dialect)
    text = "".join(f"-- {name}\n{statement.text};\n" for name, statement in told.items())
    kept = GOLDEN / f"{dialect}.sql"
    assert text == kept.read_text(encoding="utf-8")


SEVERAL = """[[many]]
table = "p"
on = { "p.region" = "t.region", "p.number" = "t.number" }
[[field]]
field = "name"
full = "t.name"
[[field]]
field = "document"
number = "p.n"
"""


def write_several(mapping, dialect):
    """The statements that a key is in, with a line before each that says which it is."""
    translator = Translator(mapping, dialect)
    told = {"fetch": translator.fetch(2), "names": translator.names(after=False)}
    told |= {"names after": translator.names(after=True), "child": translator.child("p", 1)}
    told["lookup"] = translator.lookup(find_lookups(mapping)[0], 1)
    return told


@pytest.fixture
def several(small):
    """A mapping whose key has two columns, or as many as are told."""

    def build(*columns):
        key = ", ".join(f'"{column}"' for column in columns)
        return small(SEVERAL, key=f"[{key}]")

    return build


def test_keys_of_several_columns_are_asked_word_for_word_as_kept(several):
    told = []
    for dialect in DIALECTS:
        statements = write_several(several("region", "number"), dialect)
        told += [f"-- {dialect} {name}\n{s.text};\n" for name, s in statements.items()]
    assert "".join(told) == (GOLDEN / "keys.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_value_of_a_key_has_its_own_placeholder(several, dialect):
    translator = Translator(several(*"abcdef"), dialect)
    names = {name for name, _ in translator.fetch(256).slots}
    assert names == {*name_slots("key", 6), "limit"}
    assert len(translator.fetch(256).slots) == 6 * 256 + 1
    values = translator.names(after=True).bind({**spread("after", [tuple("abcdef")]), "limit": [7]})
    assert set(values) == {*"abcdef", 7}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_statements_only_read_and_always_have_a_limit(read, example, dialect):
    for statement in write_all(read(quote_names(example, dialect)), dialect).values():
        # sqlglot does not read the placeholders of Oracle that are numbers.
        text = re.sub(r":\d+", "1", statement.text) if dialect == "oracle" else statement.text
        (tree,) = parse(text, dialect=dialect)
        assert isinstance(tree, exp.Select)
        assert tree.args["limit"] is not None
        assert len(tree.expressions) == len(statement.columns)


def test_names_of_a_condition_without_quotes_are_capitals_to_oracle(read, example):
    capitals = example.replace("qujat", "QUJAT").replace('"QUJAT.joyuly = 0"', '"qujat.joyuly = 0"')
    mapping = read(capitals)
    assert '"m"."JOYULY" = 0' in Translator(mapping, "oracle").child("QUJAT", 1).text


def test_statement_is_compiled_once_for_each_shape(read, example):
    translator = Translator(read(example), "sqlite")
    assert translator.fetch(4) is translator.fetch(4)
    assert translator.fetch(4) is not translator.fetch(8)


def test_child_that_hangs_on_a_joined_table_is_reached_over_it(small):
    mapping = small(
        '[[field]]\nfield = "document"\nnumber = "p.n"\n'
        '[[field]]\nfield = "remark"\ncolumn = "h.x"',
        '[[join]]\ntable = "h"\non = { "h.id" = "t.h" }\n'
        '[[many]]\ntable = "p"\non = { "p.h" = "h.id" }',
    )
    translator = Translator(mapping, "sqlite")
    tables = 'FROM "t" AS "r" LEFT JOIN "h" AS "j0" ON "j0"."id" = "r"."h" INNER JOIN "p" AS "m"'
    assert tables in translator.child("p", 1).text
    assert tables in translator.lookup(find_lookups(mapping)[0], 1, 0).text


JOIN = '[[join]]\ntable = "h"\non = { "h.id" = "t.h" }\n'
MANY = '[[many]]\ntable = "{0}"\non = {{ "{0}.t" = "{1}" }}\n{2}\n'
DOCUMENT = '[[field]]\nfield = "document"\nnumber = "{}.n"\n'
WHERES = {"p": "gone = 0", "q": "valid = 1", "s": ""}


@pytest.mark.parametrize("tie", ["t.id", "h.id"])
def test_each_table_keeps_the_condition_that_is_its_own(small, tie):
    tables = [MANY.format(t, tie, f'where = "{w}"' if w else "") for t, w in WHERES.items()]
    rest = (JOIN if tie == "h.id" else "") + "".join(tables)
    mapping = small("".join(map(DOCUMENT.format, WHERES)), rest)
    translator = Translator(mapping, "sqlite")
    told = ('("m"."gone" = 0) AND ', '("m"."valid" = 1) AND ', "")
    for table, condition, lookup in zip(WHERES, told, find_lookups(mapping), strict=True):
        child, found = translator.child(table, 1), translator.lookup(lookup, 1)
        assert f' WHERE {condition}"r"."id" IN (?) ORDER BY' in child.text
        assert f' WHERE {condition}"m"."n" IN (?) ORDER BY' in found.text


def test_table_of_a_schema_is_quoted_part_by_part(read, example):
    translator = Translator(read(example.replace('"qala', '"geo.qala')), "postgres")
    assert 'LEFT JOIN "geo"."qala" AS "j0"' in translator.fetch(1).text


@pytest.mark.parametrize(
    ("where", "column"), [("(SELECT 1) = 1", 8), ("qujat.nomir = '1'", 0), ("1; DROP TABLE x", 14)]
)
def test_where_that_says_more_names_file_line_and_column(read, example, where, column):
    mapping = read(example.replace("joyuly = 0", where, 1))
    line = example[: example.index("joyuly = 0")].count("\n") + 1
    with pytest.raises(MappingError, match=rf"^bank\.toml:{line}:{column + 10}: record\.where: "):
        Translator(mapping, "sqlite")


def test_computed_column_stands_wherever_its_name_does(small):
    mapping = small(
        '[[field]]\nfield = "document"\nnumber = "t.number"\nseries = "t.serie"',
        '[computed]\n"t.number" = "SUBSTR(packed, 3)"\n"t.serie" = "SUBSTR(packed, 1, 2)"',
    )
    translator = Translator(mapping, "sqlite")
    (lookup,) = find_lookups(mapping)
    assert translator.lookup(lookup, 1, 1).text == (
        'SELECT "r"."id", (SUBSTRING("r"."packed", 3)), (SUBSTRING("r"."packed", 1, 2))'
        ' FROM "t" AS "r" WHERE (SUBSTRING("r"."packed", 3)) IN (?) AND'
        ' ((SUBSTRING("r"."packed", 1, 2)) IN (?) OR (SUBSTRING("r"."packed", 1, 2)) IS NULL)'
        ' ORDER BY "r"."id" LIMIT ?'
    )
    assert {(use.place, use.column) for use in translator.uses()} == {
        (("record", "key"), "t.id"),
        (("computed", "t.number", Inside(7)), "t.packed"),
        (("computed", "t.serie", Inside(7)), "t.packed"),
    }
    compared = Translator(mapping, "postgres").lookup(lookup, 1, 1).text
    assert 'CAST((SUBSTRING("r"."packed" FROM 3)) AS TEXT) IN ($1)' in compared


def test_expression_that_says_too_much_names_its_line(small):
    mapping = small(
        '[[field]]\nfield = "remark"\ncolumn = "t.x"', '[computed]\n"t.x" = "(SELECT 1)"'
    )
    with pytest.raises(MappingError, match=r"^bank\.toml:13:18: computed\.t\.x: subquery cannot"):
        Translator(mapping, "sqlite")
