"""Between the wire and the contract of adapters: probes in, records out.

The two vocabularies have the same names; the tables below are made from them once, and a house
test holds them against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from adapters import contract
from adapters.contract import FieldName, Value
from adapters.matching.documents import normalise_number
from adapters.matching.mrz import parse_mrz
from adapters.matching.scripts import script_of
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as node

_EnumT = TypeVar("_EnumT", bound=StrEnum)


def _table(words: type[_EnumT], prefix: str, numbers: Mapping[str, Any]) -> dict[_EnumT, Any]:
    """Pair each word of the contract with its number on the wire.

    The numbers are `Any`: each enumeration of the wire has its own type in the stubs.
    """
    return {word: numbers[f"{prefix}_{word.name}"] for word in words}


PROBE_KINDS: Final = _table(contract.ProbeKind, "PROBE_KIND", dict(node.ProbeKind.items()))
FIELDS: Final = _table(FieldName, "FIELD_NAME", dict(model.FieldName.items()))
KINDS: Final = _table(contract.RecordKind, "RECORD_KIND", dict(model.RecordKind.items()))
SEXES: Final = _table(contract.Sex, "SEX", dict(model.Sex.items()))
NAME_KINDS: Final = _table(contract.NameKind, "NAME_KIND", dict(model.NameKind.items()))
DOCUMENTS: Final = _table(contract.DocumentKind, "DOCUMENT_KIND", dict(model.DocumentKind.items()))
IDENTIFIERS: Final = _table(
    contract.IdentifierKind, "IDENTIFIER_KIND", dict(model.IdentifierKind.items())
)
WARNINGS: Final = _table(contract.Warn, "WARNING", dict(model.Warning.items()))
ACTIONS: Final = _table(contract.Action, "ACTION", dict(model.Action.items()))
URGENCIES: Final = _table(contract.Urgency, "URGENCY", dict(model.Urgency.items()))
TLPS: Final = _table(contract.Tlp, "TLP", dict(model.Tlp.items()))
EUROPOL: Final = _table(contract.EuropolCode, "EUROPOL_CODE", dict(model.EuropolCode.items()))

_SEX_WORDS: Final = {number: word for word, number in SEXES.items()}
_DOCUMENT_WORDS: Final = {number: word for word, number in DOCUMENTS.items()}
_IDENTIFIER_WORDS: Final = {number: word for word, number in IDENTIFIERS.items()}


def read_probe(probe: model.Probe, today: date) -> contract.Probe | None:
    """Turn a checked probe into the contract's; None for a biometric sample, which none answers.

    `today` decides the centuries of a machine-readable zone.
    """
    kind = probe.WhichOneof("probe")
    if kind == "person":
        return _read_person(probe.person)
    if kind == "document":
        return _read_document(probe.document, today)
    if kind == "vehicle":
        return _read_vehicle(probe.vehicle)
    if kind == "organisation":
        return _read_organisation(probe.organisation)
    return _read_identifier(probe.identifier) if kind == "identifier" else None


def _read_person(person: model.PersonProbe) -> contract.PersonProbe:
    names = tuple(
        contract.PersonName(n.full, n.given, n.family, n.patronymic) for n in person.names
    )
    birth = _read_birth(person.birth) if person.HasField("birth") else None
    return contract.PersonProbe(
        names, birth, _SEX_WORDS.get(person.sex), tuple(person.nationalities), person.place
    )


def _read_birth(birth: model.BirthDate) -> contract.PartialDate | contract.DateSpan:
    if birth.WhichOneof("birth") == "date":
        return _read_date(birth.date)
    first, last = _read_date(birth.range.first), _read_date(birth.range.last)
    return contract.DateSpan(first.span.first, last.span.last)


def _read_date(value: model.PartialDate) -> contract.PartialDate:
    return contract.PartialDate(value.year, value.month or None, value.day or None)


def _read_document(document: model.DocumentProbe, today: date) -> contract.DocumentProbe:
    if document.mrz:
        zone = parse_mrz(tuple(document.mrz), today=today)
        return contract.DocumentProbe(
            normalise_number(zone.number), _mrz_kind(zone.document_type), zone.issuer
        )
    return contract.DocumentProbe(
        normalise_number(document.number), _DOCUMENT_WORDS.get(document.kind), document.issuer
    )


def _mrz_kind(code: str) -> contract.DocumentKind:
    """The kind of document that the first letter of a machine-readable zone tells."""
    kinds = {
        "P": contract.DocumentKind.PASSPORT,
        "V": contract.DocumentKind.VISA,
        "I": contract.DocumentKind.IDENTITY_CARD,
    }
    return kinds.get(code[:1], contract.DocumentKind.OTHER)


def _read_vehicle(vehicle: model.VehicleProbe) -> contract.VehicleProbe:
    return contract.VehicleProbe(
        normalise_number(vehicle.plate), normalise_number(vehicle.vin), vehicle.country
    )


def _read_organisation(organisation: model.OrganisationProbe) -> contract.OrganisationProbe:
    return contract.OrganisationProbe(
        organisation.name, normalise_number(organisation.number), organisation.country
    )


def _read_identifier(identifier: model.IdentifierProbe) -> contract.IdentifierProbe:
    kind = _IDENTIFIER_WORDS[identifier.kind]
    return contract.IdentifierProbe(contract.Identifier(kind, identifier.value), identifier.country)


def timestamp(value: datetime | None) -> Timestamp | None:
    """A timestamp of an aware datetime; None stays None."""
    if value is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(value)
    return stamp


def write_handling(handling: contract.Handling) -> model.Handling:
    """Put handling codes on the wire, each once and ascending."""
    codes = sorted({EUROPOL[code] for code in handling.europol})
    message = model.Handling(confirm_first=handling.confirm_first)
    message.tlp = TLPS[handling.tlp]
    message.europol.extend(codes)
    return message


def write_field(field: contract.Field, record: contract.Handling) -> model.Field:
    """Put one field on the wire, with the record's handling codes where it has none of its own."""
    message = model.Field(handling=write_handling(field.handling or record))
    message.field = FIELDS[field.name]
    _write_value(message, field.value)
    return message


def _write_value(message: model.Field, value: Value) -> None:
    """Put a value into the slot that its type has."""
    match value:
        case contract.PersonName():
            _write_name(message.name, value)
        case contract.PartialDate():
            _write_date(message.date, value)
        case contract.DateSpan():
            _write_day(message.range.first, value.first)
            _write_day(message.range.last, value.last)
        case contract.Document():
            _write_document(message.document, value)
        case contract.Identifier():
            message.identifier.value = value.value
            message.identifier.kind = IDENTIFIERS[value.kind]
        case contract.Sex():
            message.sex = SEXES[value]
        case str():
            message.text = value


def _write_name(message: model.PersonName, name: contract.PersonName) -> None:
    message.full = name.full
    message.given = name.given
    message.family = name.family
    message.patronymic = name.patronymic
    message.script = script_of(name.text)
    message.kind = NAME_KINDS[name.kind]


def _write_document(message: model.Document, document: contract.Document) -> None:
    message.number = document.number
    message.issuer = document.issuer
    if document.kind is not None:
        message.kind = DOCUMENTS[document.kind]


def _write_date(message: model.PartialDate, value: contract.PartialDate) -> None:
    message.year = value.year
    message.month = value.month or 0
    message.day = value.day or 0


def _write_day(message: model.PartialDate, day: date) -> None:
    message.year, message.month, message.day = day.year, day.month, day.day
