"""A record that a node releases is read whole; what is not understood is a fault, never dropped."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from adapters import contract
from adapters.banks.node.records import read_capability, read_hit
from adapters.contract import BankFaultError, FieldName, Handling, PersonName
from gateway.node.convert import write_field, write_handling
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

RED = Handling(
    contract.Tlp.RED, (contract.EuropolCode.H1, contract.EuropolCode.H2), confirm_first=True
)
DAY = contract.PartialDate(1984, 5, 1)
VALUES = (
    (FieldName.NAME, PersonName(full="Айгүл", kind=contract.NameKind.WEAK_ALIAS)),
    (FieldName.NAME, PersonName(given="Айгүл", family="Серікова")),
    (FieldName.BIRTH_DATE, contract.PartialDate(1984)),
    (FieldName.BIRTH_DATE, contract.DateSpan(DAY.span.first, contract.PartialDate(1985).span.last)),
    (FieldName.SEX, contract.Sex.FEMALE),
    (FieldName.DOCUMENT, contract.Document("N 1", contract.DocumentKind.VISA, "KAZ")),
    (FieldName.DOCUMENT, contract.Document("N 1")),
    (FieldName.IDENTIFIER, contract.Identifier(contract.IdentifierKind.PHONE, "770")),
    (FieldName.NATIONALITY, "KAZ"),
    (FieldName.REMARK, "seen"),
)


def make_message(**changes):
    values = {"owner": "KAZ", "bank": "KAZ/persons", "reference": "R1", **changes}
    message = model.Record(kind=model.RECORD_KIND_WANTED, **values)
    message.handling.CopyFrom(write_handling(RED))
    return message


def read(message, score=0.9):
    return read_hit(model.Hit(record=message, score=score))


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), float("inf")])
def test_score_that_is_none_is_a_fault(score):
    with pytest.raises(BankFaultError):
        read(make_message(), score)


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_value_comes_back_as_the_node_wrote_it(name, value):
    message = make_message()
    message.fields.append(write_field(contract.Field(name, value, Handling()), RED))
    assert read(message).fields == (contract.Field(name, value, Handling()),)


def test_labels_and_wishes_of_the_owner_come_along():
    message = make_message(
        warnings=[model.WARNING_ARMED], action=model.ACTION_ARREST, urgency=model.URGENCY_HOUR
    )
    message.as_of_time.FromDatetime(datetime(2026, 5, 1, tzinfo=UTC))
    assert read(message) == contract.Record(
        "R1",
        contract.RecordKind.WANTED,
        (),
        handling=RED,
        warnings=(contract.Warn.ARMED,),
        action=contract.Action.ARREST,
        urgency=contract.Urgency.HOUR,
        as_of=datetime(2026, 5, 1, tzinfo=UTC),
        score=0.9,
    )


def test_masked_value_is_left_out():
    message = make_message()
    message.fields.append(write_field(contract.Field(FieldName.REMARK, "s***"), RED))
    message.fields[0].masked = True
    assert read(message).fields == ()


def spoil_label(message):
    message.handling.tlp = 0


def spoil_code(message):
    message.handling.europol.append(99)


def spoil_field_label(message):
    message.fields[0].ClearField("handling")


def spoil_slot(message):
    message.fields[0].sex = model.SEX_MALE


def spoil_value(message):
    message.fields[0].ClearField("text")


def spoil_name(message):
    message.fields[0].field = 99


def spoil_warning(message):
    message.warnings.append(99)


def spoil_reference(message):
    message.reference = ""


def spoil_kind(message):
    message.kind = 0


def spoil_date(message):
    field = message.fields.add(field=model.FIELD_NAME_BIRTH_DATE)
    field.date.year = 10_000
    field.handling.CopyFrom(write_handling(RED))


def spoil_time(message):
    message.as_of_time.seconds = 1 << 60


SPOILS = [spoil for name, spoil in sorted(globals().items()) if name.startswith("spoil_")]


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_is_not_understood_is_a_fault(spoil):
    message = make_message()
    message.fields.append(write_field(contract.Field(FieldName.REMARK, "seen"), RED))
    read(message)
    spoil(message)
    with pytest.raises(BankFaultError) as caught:
        read(message)
    assert "seen" not in str(caught.value)


@given(st.binary(max_size=300))
def test_any_message_is_read_or_is_a_fault(data):
    try:
        message = model.Record.FromString(data)
    except DecodeError:
        return
    with suppress(BankFaultError):
        assert read(message).reference


def test_capability_is_what_the_node_says_and_this_version_knows():
    bank = wire.BankDescription(
        probes=[wire.PROBE_KIND_PERSON, 99],
        kinds=[model.RECORD_KIND_WANTED, 99],
        fields=[model.FIELD_NAME_NAME, 99],
        scripts=["Cyrl"],
        engine="sql postgres",
    )
    assert read_capability(bank) == contract.Capability(
        frozenset({contract.ProbeKind.PERSON}),
        frozenset({contract.RecordKind.WANTED}),
        frozenset({FieldName.NAME}),
        fuzzy=True,
        scripts=("Cyrl",),
        engine="node sql postgres",
    )
