from __future__ import annotations

from dataclasses import fields

from gateway.access.request import PolicyRequest, RecordFacts
from gateway.access.rules import read_text


def test_a_request_can_be_remembered():
    facts = RecordFacts(kind="wanted", europol=frozenset({"H1"}))
    assert {facts: 1}[RecordFacts(kind="wanted", europol=frozenset({"H1"}))] == 1


def test_the_schema_knows_every_word_of_a_request_and_of_a_record():
    schema = read_text("schema.cedarschema")
    inside = {"requester_member": "member", "bank": "name"}
    for kind in (PolicyRequest, RecordFacts):
        for each in fields(kind):
            assert f" {inside.get(each.name, each.name)}" in schema, each.name


def test_an_offence_is_not_named_unless_somebody_says_so():
    assert PolicyRequest.__dataclass_fields__["has_offence"].default is False
