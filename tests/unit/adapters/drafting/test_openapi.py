"""An OpenAPI document tells the lists, the parameters and the answers of a service."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.drafting.openapi import (
    find_get,
    find_lists,
    find_server,
    inner_lists,
    needs_token,
    shape_of,
)
from adapters.drafting.shape import DraftError
from tests.kit.staff import describe

WORDS = st.sampled_from(
    [
        *("properties", "items", "type", "allOf", "oneOf", "$ref", "schema", "content", "enum"),
        *("application/json", "responses", "200", "get", "parameters", "in", "name", "query"),
        *("securitySchemes", "components", "paths", "/a", "#/paths", "array", "object"),
    ]
)
JSON = st.recursive(
    st.none() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=20,
)

PLACE = "https://gov.example/api/openapi.json"


def test_lists_of_objects_are_found_with_what_their_items_hold():
    document = describe("page")
    found = {lists.path: lists for lists in find_lists(document)}
    assert {path: lists.rows for path, lists in found.items()} == {
        "/v1/buildings": "", "/v1/staff": "result.items", "/v1/passports": "result.items",
    }  # fmt: skip
    item = found["/v1/staff"].item
    assert "name.first" in shape_of(document, item)
    assert inner_lists(document, item).keys() == {"phones", "passports"}
    first = found["/v1/passports"].parameters[0]
    assert (first.name, first.required) == ("passportNumber", True)


def test_one_record_is_read_below_its_list():
    document = describe("page")
    path, parameter, answer = find_get(document, "/v1/staff")
    assert (path, parameter) == ("/v1/staff/{staffId}", "staffId")
    assert "staffId" in answer["properties"]
    assert find_get(document, "/v1/buildings") is None
    assert needs_token(document)
    assert not needs_token({})


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        (None, "https://gov.example"),
        ([{"url": "/v2"}], "https://gov.example/v2"),
        ([{"url": "v2/"}], "https://gov.example/api/v2"),
        ([{"url": "http://other.example/x"}], "http://other.example/x"),
    ],
)
def test_address_of_the_service_is_relative_to_the_document(servers, url):
    assert find_server(describe("page", servers=servers), PLACE) == url


def test_document_of_another_kind_or_without_an_address_is_refused():
    with pytest.raises(DraftError, match="no OpenAPI 3"):
        find_server({"swagger": "2.0"}, PLACE)
    with pytest.raises(DraftError, match="servers"):
        find_server(describe("page"), "openapi.json")
    with pytest.raises(DraftError, match="servers"):
        find_server(describe("page", servers=[{"url": "https://{host}/"}]), PLACE)


def test_schema_that_refers_to_itself_ends():
    node = {"properties": {"next": {"$ref": "#/components/schemas/N"}, "a": {"type": "string"}}}
    document = {"components": {"schemas": {"N": node, "L": {"$ref": "#/components/schemas/L"}}}}
    assert "next.next.a" in shape_of(document, {"$ref": "#/components/schemas/N"})
    assert shape_of(document, {"$ref": "#/components/schemas/L"}) == {}


def test_schema_that_branches_into_itself_is_walked_no_further_than_a_record_goes():
    refer = {"$ref": "#/components/schemas/N"}
    node = {"properties": {f"p{n}": refer for n in range(30)}, "type": "object"}
    node["properties"]["a"] = {"type": "string"}
    document = {"components": {"schemas": {"N": node}}}
    found = shape_of(document, refer)
    assert {"a", "p0.a", "p29.a"} <= found.keys()
    assert len(found) < 1000


def test_kinds_that_name_their_children_and_are_named_by_them_are_taken_together():
    names = [f"C{n}" for n in range(30)]
    refer = {name: {"$ref": f"#/components/schemas/{name}"} for name in (*names, "Base")}
    schemas = {
        name: {"allOf": [refer["Base"], {"properties": {name: {"type": "string"}}}]}
        for name in names
    }
    shared = {"id": {"type": "string"}}
    schemas["Base"] = {"oneOf": [refer[name] for name in names], "properties": shared}
    found = shape_of({"components": {"schemas": schemas}}, refer["Base"])
    assert found.keys() == {"id", *names}
    assert shape_of({"components": {"schemas": schemas}}, refer["C3"]).keys() == {"id", *names}


def test_what_a_schema_says_itself_wins_over_its_parts_and_the_first_part_over_the_next():
    first = {"allOf": [{"maximum": 2, "minimum": 2}], "minimum": 1, "properties": {"a": {"x": 1}}}
    schema = {"allOf": [first, {"maximum": 3, "type": ["null", "string"]}, {"type": "null"}]}
    schema |= {"properties": {"a": {"x": 0}, "b": {"allOf": [{"x": 5}]}}}
    assert shape_of({}, {"properties": {"v": {"allOf": [{"minimum": 9}, first]}}}) == {
        "v.a": {"x": 1}
    }
    assert shape_of({}, schema) == {"a": {"x": 0}, "b": {"x": 5}}
    lists = {"paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
        "schema": {"type": "array", "items": {**schema, "z": 1}}}}}}}}}}  # fmt: skip
    item = next(iter(find_lists(lists))).item
    assert (item["minimum"], item["maximum"], item["type"], item["z"]) == (1, 2, "string", 1)


@given(st.dictionaries(st.sampled_from(["paths", "components", "openapi", "servers"]), JSON))
def test_no_document_breaks_the_reader(document):
    list(find_lists(document))
    needs_token(document)


@given(JSON)
def test_no_operation_breaks_the_reader(told):
    for operation in (told, {"get": told}, {"get": {"responses": {"200": told}}}):
        list(find_lists({"paths": {"/a": operation}}))
    schema = {"responses": {"200": {"content": {"application/json": {"schema": told}}}}}
    list(find_lists({"paths": {"/a": {"get": schema}}}))
