from __future__ import annotations

import hashlib

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import (
    DeadlineInvalidError,
    FieldInvalidError,
    GatewayError,
    MalformedError,
    MrzInvalidError,
    OversizedError,
    PurposeMissingError,
    TargetsMissingError,
)
from gateway.question import granularity_name, purpose_name, read_question, state_name, target_text
from kalkan.v1 import model_pb2 as model


def make(**changes):
    """A good query with some fields changed."""
    fields = {
        "federation_id": "kalkan-test",
        "token_sha256": b"t" * 32,
        "targets": [model.Target(project="kalkan")],
        "purpose": model.PURPOSE_TERRORISM,
        "case_reference": "2026/17",
        "probes": [person("Aigerim Sultanova")],
        "time": Timestamp(seconds=1_782_900_000),
        "nonce": b"n" * 16,
    }
    return model.Query(**{**fields, **changes})


def person(name):
    return model.Probe(person=model.PersonProbe(names=[model.PersonName(full=name)]))


def document(number="N12345678"):
    return model.Probe(document=model.DocumentProbe(number=number))


def read(query, **options):
    return read_question(query.SerializeToString(), **options)


def test_a_question_keeps_the_bytes_as_they_came():
    data = make().SerializeToString() + b"\xf8\x07\x01"  # a field of a later version
    question = read_question(data)
    assert question.data == data
    assert question.digest == hashlib.sha256(data).digest()
    assert question.search_id == question.digest.hex()[:32]


def test_a_question_tells_kind_and_fields_and_has_defaults():
    question = read(make())
    assert (question.kind, question.fields) == ("person", {"name", "full_name"})
    assert (question.deadline_s, question.limit) == (3.0, 20)
    assert question.granularity == model.GRANULARITY_RECORD
    assert question.purpose == "terrorism"


def test_a_question_keeps_what_is_asked_for():
    query = make(limit=100, granularity=model.GRANULARITY_EXISTS, deadline=Duration(seconds=30))
    question = read(query)
    assert (question.limit, question.deadline_s) == (100, 30.0)
    assert question.granularity == model.GRANULARITY_EXISTS


def test_targets_are_told_as_people_write_them():
    kinds = {"project": "kalkan", "member": "KAZ", "bank": "XPO/documents"}
    question = read(make(targets=[model.Target(**{k: v}) for k, v in kinds.items()]))
    assert question.targets == tuple(kinds.values())
    assert question.target_pairs == tuple(kinds.items())
    assert target_text(model.Target()) == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"federation_id": ""}, "federation_id"),
        ({"federation_id": "x" * 65}, "federation_id"),
        ({"token_sha256": b"t" * 31}, "token_sha256"),
        ({"token_sha256": b""}, "token_sha256"),
        ({"targets": [model.Target(member="KAZ")] * 65}, "targets"),
        ({"targets": [model.Target(member="KAZ"), model.Target()]}, "targets[1]"),
        ({"targets": [model.Target(bank="x" * 65)]}, "targets[0]"),
        ({"purpose": 99}, "purpose"),
        ({"granularity": 99}, "granularity"),
        ({"case_reference": ""}, "case_reference"),
        ({"case_reference": "x" * 65}, "case_reference"),
        ({"case_reference": " "}, "case_reference"),
        ({"case_reference": "-./"}, "case_reference"),
        ({"case_reference": "\u3164"}, "case_reference"),
        ({"justification": model.Justification(offence="x" * 201)}, "justification.offence"),
        ({"justification": model.Justification(offence=" \u00a0")}, "justification.offence"),
        ({"justification": model.Justification(text="...")}, "justification.text"),
        ({"justification": model.Justification(text="x" * 501)}, "justification.text"),
        (
            {"justification": model.Justification(person_category=99)},
            "justification.person_category",
        ),
        ({"justification": model.Justification(aim=99)}, "justification.aim"),
        ({"nonce": b"n" * 15}, "nonce"),
        ({"nonce": b"n" * 17}, "nonce"),
        ({"time": None}, "time"),
        ({"time": Timestamp(seconds=2**62)}, "time"),
        ({"time": Timestamp(nanos=-1)}, "time"),
        ({"limit": 101}, "limit"),
        ({"probes": []}, "probes"),
        ({"probes": [person("Ann Bo")] * 2}, "probes"),
        ({"probes": [person("")]}, "probes[0].person.names[0]"),
    ],
)
def test_a_question_against_the_limits_is_refused_by_field(changes, field):
    with pytest.raises(FieldInvalidError) as caught:
        read(make(**changes))
    assert caught.value.metadata["field"] == field
    assert caught.value.metadata["limit"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"targets": []}, TargetsMissingError),
        ({"purpose": 0}, PurposeMissingError),
        ({"deadline": Duration()}, DeadlineInvalidError),
        ({"deadline": Duration(seconds=-1)}, DeadlineInvalidError),
        ({"deadline": Duration(seconds=30, nanos=1)}, DeadlineInvalidError),
        ({"deadline": Duration(seconds=2**60)}, DeadlineInvalidError),
        ({"probes": [model.Probe(document={"mrz": ["<" * 44] * 2})]}, MrzInvalidError),
    ],
)
def test_a_question_is_refused_by_what_must_be_done_next(changes, error):
    with pytest.raises(error):
        read(make(**changes))


def test_a_question_that_is_too_large_is_not_decoded():
    with pytest.raises(OversizedError):
        read_question(b"\xff" * 131_073)


def test_bytes_that_are_no_question_are_refused():
    with pytest.raises(MalformedError):
        read_question(b"\xff")


def test_an_empty_question_is_refused():
    with pytest.raises(FieldInvalidError):
        read_question(b"")


def test_a_batch_takes_up_to_200_documents():
    question = read(make(probes=[document()] * 200), batch=True)
    assert (question.kind, len(question.query.probes)) == ("document", 200)
    with pytest.raises(FieldInvalidError, match="1 to 200"):
        read(make(probes=[document()] * 201), batch=True)


@pytest.mark.parametrize("probes", [[], [document(), person("Ann Bo")], [person("Ann Bo")]])
def test_a_batch_takes_documents_alone(probes):
    with pytest.raises(FieldInvalidError) as caught:
        read(make(probes=probes), batch=True)
    assert caught.value.metadata["field"] == "probes"


def test_a_refusal_names_the_document_of_a_batch_and_not_its_number():
    with pytest.raises(FieldInvalidError) as caught:
        read(make(probes=[document(), document("X12")]), batch=True)
    assert caught.value.metadata["field"] == "probes[1].document.number"
    assert "X12" not in str(caught.value)


@given(st.data())
def test_a_changed_question_is_read_or_refused_by_name(data):
    whole = bytearray(make(justification=model.Justification(offence="x")).SerializeToString())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        question = read_question(bytes(whole))
    except GatewayError as error:
        reason = error.reason
    else:
        reason = ""
        assert question.data == bytes(whole)
        assert question.purpose
        assert question.fields
    assert reason != "INTERNAL"


def test_names_are_those_of_policies_and_ledgers():
    assert purpose_name(model.PURPOSE_BORDER_CONTROL) == "border_control"
    assert granularity_name(model.GRANULARITY_REFERENCE) == "reference"
    assert state_name(model.BANK_STATE_NO_HIT) == "no_hit"
