"""Plans of three engines are read: which tables are read whole, and how many rows are expected."""

import json

from adapters.proving.plans import Step, read_plan


def test_plan_of_sqlite_tells_scans_and_automatic_indexes():
    rows = [
        (2, 0, 0, "SCAN r"),
        (3, 0, 0, "SEARCH j0 USING AUTOMATIC COVERING INDEX (kod=?)"),
        (4, 0, 0, "SEARCH m USING INDEX a (b=?)"),
        (5, 0, 0, "USE TEMP B-TREE FOR ORDER BY"),
    ]
    assert read_plan("sqlite", rows) == [
        Step("r", whole=True),
        Step("j0", whole=True),
        Step("m", whole=False),
    ]


def test_plan_of_postgres_is_read_to_its_leaves():
    leaf = {"Node Type": "Seq Scan", "Relation Name": "t", "Alias": "r", "Plan Rows": 70}
    other = {"Node Type": "Index Scan", "Relation Name": "q", "Alias": "m", "Plan Rows": 1}
    plan = {
        "Plan": {"Node Type": "Limit", "Plans": [{"Node Type": "Hash", "Plans": [leaf, other]}]}
    }
    assert read_plan("postgres", [(json.dumps([plan]),)]) == [
        Step("r", whole=True, rows=70),
        Step("m", whole=False, rows=1),
    ]


def test_plan_of_mariadb_tells_types_of_access():
    rows = [
        (1, "SIMPLE", "r", "ALL", None, None, None, None, 900, "Using where"),
        (1, "SIMPLE", "m", "ref", "a", "a", "9", "x", 1, ""),
        (1, "SIMPLE", None, None, None, None, None, None, None, "Impossible WHERE"),
    ]
    assert read_plan("mysql", rows) == [
        Step("r", whole=True, rows=900),
        Step("m", whole=False, rows=1),
    ]
