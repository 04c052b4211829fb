import sqlite3
from contextlib import closing
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from adapters.contract import MappingError
from adapters.mapping.keys import spread
from adapters.mapping.statements import (
    MAX_LIST,
    beyond,
    listed,
    listed_together,
    pad,
    render,
    slot,
)

FETCH = " FETCH FIRST :4 ROWS ONLY"
CLICKHOUSE = " a IN ({p2:String}, {p3:String}) LIMIT {p4:Int64}"


def build(dialect):
    """A tree whose order is not the order of its text: the limit is set first."""
    query = exp.Select()
    query.set("limit", exp.Limit(expression=slot("limit")))
    query = query.from_("t").select("a")
    query = query.where(listed(exp.column("a"), "value", 2))
    query = query.with_("w", as_=exp.select(exp.alias_(slot("first"), "x")))
    return render(query, dialect, ("t.a",))


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("postgres", "WITH w AS (SELECT $1 AS x) SELECT a FROM t WHERE a IN ($2, $3) LIMIT $4"),
        ("sqlite", "WITH w AS (SELECT ? AS x) SELECT a FROM t WHERE a IN (?, ?) LIMIT ?"),
        ("mysql", "WITH w AS (SELECT ? AS x) SELECT a FROM t WHERE a IN (?, ?) LIMIT ?"),
        ("trino", "WITH w AS (SELECT ? AS x) SELECT a FROM t WHERE a IN (?, ?) LIMIT ?"),
        ("oracle", "WITH w AS (SELECT :1 AS x) SELECT a FROM t WHERE a IN (:2, :3)" + FETCH),
        ("clickhouse", "WITH w AS (SELECT {p1:String} AS x) SELECT a FROM t WHERE" + CLICKHOUSE),
    ],
)
def test_values_are_bound_in_the_order_of_the_text(dialect, text):
    statement = build(dialect)
    assert statement.text == text
    bound = statement.bind({"limit": [9], "value": ["a", "b"], "first": ["f"]})
    assert bound == ("f", "a", "b", 9)


def test_limit_of_sql_server_comes_before_what_it_limits():
    statement = build("tsql")
    assert "SELECT TOP (?) a FROM t WHERE a IN (?, ?)" in statement.text
    bound = statement.bind({"limit": [9], "value": ["a", "b"], "first": ["f"]})
    assert bound == ("f", 9, "a", "b")


def test_short_list_repeats_its_last_value():
    assert build("sqlite").bind({"limit": [9], "value": ["a"], "first": ["f"]})[1:3] == ("a", "a")


@pytest.mark.parametrize(("length", "padded"), [(1, 1), (2, 2), (3, 4), (5, 8), (1000, 1024)])
def test_pad_rounds_up_to_a_power_of_two(length, padded):
    assert pad(length) == padded


@pytest.mark.parametrize("length", [0, -1, MAX_LIST + 1])
def test_pad_refuses_other_lengths(length):
    with pytest.raises(ValueError, match="1 to 1024"):
        pad(length)


@given(st.integers(1, MAX_LIST))
def test_pad_is_the_least_power_that_fits(length):
    padded = pad(length)
    assert padded & (padded - 1) == 0
    assert length <= padded < 2 * length


def test_name_that_looks_like_a_placeholder_is_refused():
    query = exp.select(exp.column("kalkan_slot_value_0_", quoted=True)).from_("t")
    with pytest.raises(MappingError):
        render(query, "sqlite", ("a",))


def test_question_mark_in_a_name_stays_a_name():
    query = exp.select(exp.column("alive?", quoted=True)).from_("t").limit(slot("limit"))
    assert render(query, "sqlite", ("a",)).text == 'SELECT "alive?" FROM t LIMIT ?'


ALL = sorted(product(range(3), repeat=3))


def find(condition, lists):
    """Which keys of three columns a condition keeps, in a real SQLite."""
    query = exp.select("a", "b", "c").from_("t").where(condition)
    statement = render(query, "sqlite", ("a", "b", "c"))
    with closing(sqlite3.connect(":memory:")) as bank:
        bank.execute("CREATE TABLE t (a, b, c)")
        bank.executemany("INSERT INTO t VALUES (?, ?, ?)", ALL)
        return sorted(bank.execute(statement.text, statement.bind(lists)))


@pytest.mark.parametrize("dialect", ["sqlite", "mysql"])
def test_what_comes_after_a_key_is_the_same_in_both_ways_of_saying_it(dialect):
    columns = [exp.column(name) for name in "abc"]
    for key in ALL:
        found = find(beyond(columns, "after", dialect), spread("after", [key]))
        assert found == [each for each in ALL if each > key]


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=9))
def test_keys_in_a_list_are_found_together_and_no_mixture_of_them(keys):
    condition = listed_together([exp.column(name) for name in "abc"], "key", pad(len(keys)))
    assert find(condition, spread("key", keys)) == sorted(set(keys))
