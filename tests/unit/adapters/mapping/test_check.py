"""What one block says about another holds, or is told with its place and what to write."""

from __future__ import annotations

import pytest

from adapters.mapping.check import find_faults
from adapters.mapping.locate import Key
from adapters.mapping.model import Mapping

SQL = {"engine": "sqlite", "url": "sqlite:///b.db"}
LDAP = {"url": "ldaps://dir.example", "base": "o=b", "filter": "(cn=*)"}
OPENSEARCH = {"url": "http://127.0.0.1:9200", "index": "persons"}
JOIN = {"table": "j", "on": {"j.id": "t.id"}}
MANY = {"table": "m", "on": {"m.of": "t.id"}}
NAME = {"field": "name", "full": "t.name"}


def faults(**changes):
    """The faults of a mapping of tables that is right but for the changes."""
    whole = {
        "version": 1,
        "bank": {"id": "persons", "title": "Persons", "kind": "sql"},
        "sql": SQL,
        "record": {"table": "t", "key": "id"},
        "field": [NAME],
        "kind": {"const": "wanted"},
    }
    return list(find_faults(Mapping.model_validate({**whole, **changes})))


def whole_things(kind="ldap", block=LDAP, **changes):
    """The faults of a mapping whose records are no rows of tables."""
    bank = {"id": "persons", "title": "Persons", "kind": kind}
    values = {"record": {"key": "id"}, "field": [{"field": "name", "full": "cn"}], **changes}
    return faults(**{"bank": bank, "sql": None, kind: block, **values})


def test_mapping_that_is_right_has_no_faults():
    assert faults() == []
    assert whole_things() == []
    assert (
        faults(
            join=[JOIN, {"table": "k", "on": {"k.id": "j.id"}}],
            many=[MANY],
            computed={"t.c": "upper(name)"},
            codes={"kinds": {"1": "wanted"}, "free": {"a": "anything"}},
            kind={"column": "t.kind", "codes": "kinds"},
            warnings={"const": "armed"},
            action={"const": "arrest"},
            urgency={"column": "k.urgency"},
            field=[
                {"field": "name", "full": "m.name", "kind": "alias"},
                {"field": "document", "number": "m.n", "series": "m.s", "issuer": "D"},
                {"field": "sex", "const": "male"},
                {"field": "nationality", "const": "KAZ"},
                {"field": "remark", "column": "t.c", "codes": "free"},
            ],
        )
        == []
    )


FAULTS = {
    "a table twice": (
        {"join": [JOIN, JOIN]},
        (("join", 0, "table"), "table 'j' is named twice; join it once"),
    ),
    "the record's table again": (
        {"many": [{"table": "t", "on": {"t.of": "t.id"}}]},
        (("many", 0, "table"), "table 't' is named twice; join it once"),
    ),
    "a column without a table": (
        {"field": [{"field": "name", "full": "name"}]},
        (("field", 0, "full"), "write 'name' as table.column"),
    ),
    "a table without a column": (
        {"field": [{"field": "name", "full": "t."}]},
        (("field", 0, "full"), "write 't.' as table.column"),
    ),
    "another table": (
        {"field": [{"field": "name", "full": "tt.name"}]},
        (("field", 0, "full"), "no table 'tt' in this mapping; did you mean t?"),
    ),
    "a computed column of no table": (
        {"computed": {"x.c": "1"}},
        (("computed", Key("x.c")), 'write it as "table.column" with a table of this mapping: t'),
    ),
    "a computed column without a table": (
        {"computed": {"c": "1"}},
        (("computed", Key("c")), 'write it as "table.column" with a table of this mapping: t'),
    ),
    "a computed reference": (
        {"computed": {"t.id": "1"}},
        (("record", "key"), "'t.id' is computed; write a column of the bank itself"),
    ),
    "a computed part of a reference": (
        {"record": {"table": "t", "key": ["a", "b"]}, "computed": {"t.b": "1"}},
        (("record", "key", 1), "'t.b' is computed; write a column of the bank itself"),
    ),
    "a column twice in a reference": (
        {"record": {"table": "t", "key": ["a", "b", "a"]}},
        (("record", "key", 2), "column 'a' is named twice; write it once"),
    ),
    "a computed tie": (
        {"join": [JOIN], "computed": {"j.id": "1"}},
        (("join", 0, "on", Key("j.id")), "'j.id' is computed; write a column of the bank itself"),
    ),
    "one field of two lists": (
        {
            "many": [MANY, {"table": "n", "on": {"n.of": "t.id"}}],
            "field": [{"field": "name", "given": "m.g", "family": "n.f"}],
        },
        (("field", 0, "family"), "one block takes rows of 'm' and 'n'; make it two"),
    ),
    "a kind of many rows": (
        {"many": [MANY], "kind": {"column": "m.kind"}},
        (("kind", "column"), "'m' may have many rows; write a column of the record itself"),
    ),
    "a number of two rows": (
        {"many": [MANY], "field": [{"field": "document", "number": "m.n", "series": "t.s"}]},
        (("field", 0, "series"), "write series and number of one table"),
    ),
    "a join from the wrong side": (
        {"join": [{"table": "j", "on": {"t.id": "j.id"}}]},
        (("join", 0, "on", Key("t.id")), "write a column of 'j' on the left"),
    ),
    "a join to a later table": (
        {"join": [{"table": "j", "on": {"j.id": "k.id"}}, {"table": "k", "on": {"k.id": "t.id"}}]},
        (("join", 0, "on", "j.id"), "write a column of t on the right"),
    ),
    "a list that hangs on nothing": (
        {"many": [{"table": "m"}]},
        (("many", 0), "write on: its column to the column of the record"),
    ),
    "a word that is none of ours": (
        {"kind": {"const": "wantd"}},
        (("kind", "const"), "did you mean wanted?"),
    ),
    "a code that is none of ours": (
        {"kind": {"column": "t.k", "codes": "kinds"}, "codes": {"kinds": {"1": "wantd"}}},
        (("codes", "kinds", "1"), "did you mean wanted?"),
    ),
    "a code table that is not there": (
        {"kind": {"column": "t.k", "codes": "kind"}, "codes": {"kinds": {}}},
        (("kind", "codes"), "no [codes.kind] in this mapping; did you mean kinds?"),
    ),
    "a warning": (
        {"warnings": {"const": "armd"}},
        (("warnings", "const"), "did you mean armed?"),
    ),
    "an action": ({"action": {"const": "x"}}, (("action", "const"), "write one of ")),
    "an urgency": ({"urgency": {"const": "x"}}, (("urgency", "const"), "write one of ")),
    "a kind of name": (
        {"field": [{**NAME, "kind": "nick"}]},
        (("field", 0, "kind", "const"), "write one of "),
    ),
    "a kind of document": (
        {"field": [{"field": "document", "number": "t.n", "document_kind": "pass"}]},
        (("field", 0, "document_kind", "const"), "write one of "),
    ),
    "an issuer": (
        {"field": [{"field": "document", "number": "t.n", "issuer": "KAZA"}]},
        (("field", 0, "issuer", "const"), "write an issuer as one to three capital letters"),
    ),
    "a country": (
        {"field": [{"field": "nationality", "const": "D"}]},
        (("field", 0, "const"), "write a country as three capital letters"),
    ),
    "a sex": (
        {"field": [{"field": "sex", "const": "m"}]},
        (("field", 0, "const"), "write one of "),
    ),
    "a kind of identifier": (
        {"field": [{"field": "identifier", "column": "t.c", "identifier_kind": "fax"}]},
        (("field", 0, "identifier_kind", "const"), "write one of "),
    ),
    "a table of texts that is not there": (
        {"field": [{"field": "remark", "column": "t.c", "codes": "free"}]},
        (("field", 0, "codes"), "no [codes.free] in this mapping"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_told_with_its_place(name):
    changes, (place, text) = FAULTS[name]
    found = [where for where, told in faults(**changes) if where == place and text in told]
    assert [type(where[-1]) for where in found] == [type(place[-1])]  # the key, or its value


def test_number_of_two_rows_may_be_shown_where_it_is_not_searched():
    field = {"field": "document", "number": "m.n", "series": "t.s", "search": False}
    assert faults(many=[MANY], field=[field]) == []


def test_file_is_loaded_for_each_table():
    files = {"format": "csv", "table": [{"table": "persons", "path": "p.csv"}]}
    bank = {"id": "persons", "title": "Persons", "kind": "files"}
    found = faults(bank=bank, sql=None, files=files, join=[JOIN])
    assert found[:2] == [
        (("record", "table"), "no [[files.table]] is called 't'"),
        (("join", 0, "table"), "no [[files.table]] is called 'j'"),
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"record": {"key": "id", "where": "a = 1"}},
            (("record", Key("where")), "a bank of kind ldap has no where; take it out"),
        ),
        (
            {"record": {"key": ["a", "b"]}},
            (("record", "key"), "write one name, as text: only records of tables have several"),
        ),
        ({"join": [JOIN]}, (("join", 0), "a bank of kind ldap has no tables to join; take it out")),
        (
            {"many": [MANY]},
            (("many", 0), "write table and path alone: the values are in the record itself"),
        ),
        (
            {"many": [{"table": "m", "where": "a = 1"}]},
            (("many", 0), "write table and path alone: the values are in the record itself"),
        ),
        (
            {"computed": {"c": "1"}},
            (("computed", Key("c")), "this bank is not asked in SQL; take it out"),
        ),
    ],
)
def test_bank_without_tables_has_nothing_of_tables(changes, fault):
    found = [each for each in whole_things(**changes) if each == fault]
    assert [type(place[-1]) for place, _ in found] == [type(fault[0][-1])]
    assert whole_things(many=[{"table": "m", "path": "a.b"}]) == []


def test_what_is_said_of_an_index_is_said_of_what_the_mapping_reads():
    index = {**OPENSEARCH, "nested": ["m", "n"], "exact": {"name": "name.raw", "nam": "x"}}
    field = [{"field": "name", "full": "name"}]
    found = whole_things("opensearch", index, many=[{"table": "m"}], field=field)
    assert found == [
        (("opensearch", "nested", 1), "no [[many]] table is called 'n'"),
        (
            ("opensearch", "exact", Key("nam")),
            "no block reads the column 'nam'; did you mean name?",
        ),
    ]
