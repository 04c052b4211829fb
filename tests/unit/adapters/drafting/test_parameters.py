"""Query parameters tell the paging of a list and what may be searched by."""

from dataclasses import replace

import pytest

from adapters.drafting.openapi import Lists, Parameter
from adapters.drafting.parameters import find_paging, find_questions


def lists(*parameters, path="/people"):
    made = tuple(Parameter(name, required, schema) for name, required, schema in parameters)
    return Lists(path, "items", {}, {}, made)


@pytest.mark.parametrize(
    ("names", "leaves", "line"),
    [
        (("page", "per_page"), ["meta.total"], 'page = "page", from = 1, size = "per_page"'),
        (("safhe", "tedad"), ["total"], 'page = "safhe", from = 1, size = "tedad"'),
        (("offset", "limit"), [], 'offset = "offset", size = "limit", rows = 100'),
        (("pageToken", "max_results"), ["next_page_token"], 'cursor = "pageToken"'),
        (("cursor",), ["next"], 'cursor = "cursor", after = "next"'),
    ],
)
def test_paging_is_told_by_names(names, leaves, line):
    found = find_paging(
        lists(*((name, False, {}) for name in names)), {leaf: {} for leaf in leaves}
    )
    assert line in found.line
    assert "# guess" in found.line


def test_first_page_and_largest_size_are_told_by_the_schema():
    operation = lists(("page", False, {"minimum": 0}), ("size", False, {"maximum": 20}))
    found = find_paging(operation, {})
    assert (found.first, found.rows) == (0, 20)
    assert found.ask(2, 40, "") == {"page": "2", "size": "20"}


def test_mark_without_a_next_one_and_plain_lists_are_not_paged():
    assert find_paging(lists(("cursor", False, {})), {}) is None
    assert find_paging(lists(("colour", False, {})), {}) is None


def test_questions_are_what_can_be_asked_alone():
    search = lists(("passport_number", False, {}), ("limit", False, {}), path="/find")
    both = lists(("plate", True, {}), ("region", True, {}), path="/cars")
    found = find_questions([search, both, lists(("number", True, {}), path="/papers")])
    assert [(q.path, q.parameter, q.probe, q.field) for q in found] == [
        ("/find", "passport_number", "document", "number"),
        ("/papers", "number", "document", "number"),
    ]


def test_part_of_a_name_that_means_a_number_is_none():
    assert find_questions([lists(("building_number", False, {}))]) == []


@pytest.mark.parametrize(
    ("names", "leaves", "line"),
    [
        ((), [], "next = { link = true }  # guess: the header Link is declared"),
        (("page", "limit"), [], 'next = { link = true, size = "limit", rows = 100 }'),
        (("page", "limit"), ["total"], 'next = { page = "page", from = 1, size = "limit"'),
        (("cursor",), [], "next = { link = true }"),
    ],
)
def test_declared_header_link_is_a_paging_where_no_total_is_told(names, leaves, line):
    operation = replace(lists(*((name, False, {}) for name in names)), linked=True)
    found = find_paging(operation, {leaf: {} for leaf in leaves})
    assert found.line.startswith(line)
    assert found.way != "link" or found.ask(3, 9, "x") == ({"limit": "100"} if found.size else {})
