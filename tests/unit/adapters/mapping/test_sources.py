"""Where data are is said whole, and no password is ever written or told in the clear."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from adapters.contract import ProbeKind
from adapters.mapping.sources import FileColumn, Files, FileSplit, Function, Ldap, Sql

SQLITE = {"engine": "sqlite", "url": "sqlite:///a.db"}
POSTGRES = {"engine": "postgres", "url": "postgres://reader@db.example:5432/bank"}
ORACLE = {"engine": "oracle", "url": "oracle://reader@db.example/bank"}


@pytest.mark.parametrize(
    "block",
    [
        SQLITE,
        POSTGRES,
        POSTGRES | {"password_file": "password", "ca_file": "ca.pem", "pool": 64},
        ORACLE | {"options": {"ssl": "yes"}},
    ],
)
def test_database_is_said_by_engine_and_url(block):
    assert Sql.model_validate(block).engine == block["engine"]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (SQLITE | {"url": "postgres://db.example/bank"}, "url must begin with sqlite://"),
        (POSTGRES | {"url": "postgres://reader:secret@db.example/b"}, "take the password out"),
        (POSTGRES | {"url": "postgres://r:se@cret@db.example/b"}, "take the password out"),
        (SQLITE | {"options": {"ssl": "yes"}}, "sqlite takes no options"),
        (ORACLE | {"ca_file": "ca.pem"}, "write in options how the driver of oracle begins TLS"),
        (POSTGRES | {"pool": 0}, "pool"),
        (POSTGRES | {"pool": 65}, "pool"),
        (POSTGRES | {"engine": "db2"}, "engine"),
    ],
)
def test_database_that_is_not_said_whole_is_refused(block, told):
    with pytest.raises(ValidationError, match=told) as caught:
        Sql.model_validate(block)
    assert "secret" not in str(caught.value)
    assert "cret@" not in str(caught.value)


@pytest.mark.parametrize("name", ["find", "app.find", "db.app.find"])
def test_function_is_named_as_its_dictionary_does(name):
    found = Function(answers="person", name=name, takes=("given", "birth?"))
    assert found.answers is ProbeKind.PERSON
    assert Function(answers="reference", name=name, takes=("reference",)).answers == "reference"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a.b.c.d"},
        {"name": "find; drop"},
        {"name": ""},
        {"takes": []},
        {"takes": ["Given"]},
        {"takes": ["given??"]},
        {"answers": "weather"},
    ],
)
def test_function_that_no_dictionary_has_is_refused(changes):
    with pytest.raises(ValidationError):
        Function.model_validate({"answers": "person", "name": "f", "takes": ["given"], **changes})


def files(form="csv", *columns, **table):
    table = {"table": "t", "path": "t.x", **table}
    if columns:
        table["columns"] = columns
    return {"format": form, "table": [table]}


@pytest.mark.parametrize(
    "block",
    [
        files(),
        files("csv", "a", "b", header=False),
        files("parquet"),
        files("excel", sheet="S", skip=2),
        files("fixed", {"name": "a", "start": 0, "width": 3}),
        files("xml", {"name": "a", "path": "@id"}, rows="list/one"),
        files("jsonl", "a", {"name": "b", "path": "x.y"}),
        files() | {"encoding": "cp1251", "delimiter": ";", "empty": ["-"]},
    ],
    ids=str,
)
def test_files_are_said_by_format_and_tables(block):
    assert Files.model_validate(block).names() == ["t"]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (files("fixed"), "table t: fixed needs columns"),
        (files("xml", rows="one"), "table t: xml needs columns"),
        (files("jsonl"), "table t: jsonl needs columns"),
        (files("xml", {"name": "a", "path": "b"}), "table t: xml needs rows"),
        (files("fixed", {"name": "a", "start": 0}), "column a: fixed needs start and width"),
        (files("fixed", {"name": "a", "width": 1}), "column a: fixed needs start and width"),
        (files("xml", "a", rows="one"), "column a: xml needs path"),
        (files("csv", header=False), "table t: without a header write columns"),
        (files("excel", header=False), "table t: without a header write columns"),
        (files() | {"encoding": "utf-9"}, "write an encoding that Python knows"),
        (files() | {"delimiter": "::"}, "delimiter"),
        (files(skip=-1), "skip"),
    ],
    ids=str,
)
def test_files_that_cannot_be_read_so_are_refused(block, told):
    with pytest.raises(ValidationError, match=told):
        Files.model_validate(block)


def test_bare_text_is_a_column_of_that_name():
    (table,) = Files.model_validate(files("csv", "a", {"name": "b"})).tables
    assert table.columns == (FileColumn(name="a"), FileColumn(name="b"))


def test_packed_column_becomes_a_table_by_what_its_pattern_names():
    split = {"table": "s", "from": "t.packed", "parent": "id", "pattern": "(?P<value>[0-9]+)"}
    found = Files.model_validate(files() | {"split": [split]})
    assert found.names() == ["t", "s"]
    for pattern, told in (
        ("[0-9]+", "name what the pattern takes"),
        ("([0-9]+)", "name what the pattern takes"),
        ("(?P<value>[0-9]+", "write a regular expression"),
        ("", "pattern"),
        ("(?P<v>a)" + "a" * 2_000, "pattern"),
    ):
        with pytest.raises(ValidationError, match=told):
            FileSplit.model_validate(split | {"pattern": pattern})


LDAP = {"url": "ldaps://dir.example:636", "base": "o=bank", "filter": "(objectClass=person)"}
BOUND = {"bind": "cn=reader", "password_file": "password"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        BOUND,
        {"url": "ldap://dir.example", "start_tls": True} | BOUND,
        {"url": "ldap://dir.example"},
        *({"url": f"ldap://{host}:389"} | BOUND for host in ("localhost", "127.0.0.1", "[::1]")),
    ],
    ids=str,
)
def test_directory_is_asked_with_its_password_under_tls_or_on_this_machine(changes):
    Ldap.model_validate(LDAP | changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "ldap://dir.example"} | BOUND, "would travel in the clear"),
        ({"url": "ldap://localhost.example"} | BOUND, "would travel in the clear"),
        ({"bind": "cn=reader"}, "both bind and password_file"),
        ({"password_file": "password"}, "both bind and password_file"),
        ({"start_tls": True}, "ldaps:// begins with TLS"),
        ({"url": "ldaps://cn:secret@dir.example"}, "url"),
        ({"url": "http://dir.example"}, "url"),
        ({"filter": "objectClass=person"}, "filter"),
        ({"page": 0}, "page"),
        ({"page": 1_001}, "page"),
        ({"scope": "base"}, "scope"),
    ],
    ids=str,
)
def test_directory_that_would_tell_its_password_or_is_not_said_whole_is_refused(changes, told):
    with pytest.raises(ValidationError, match=told) as caught:
        Ldap.model_validate(LDAP | changes)
    assert "secret" not in str(caught.value)
