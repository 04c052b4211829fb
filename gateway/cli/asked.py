"""What was asked, read from an opened question: in words, and as something to be matched.

"Who asked about this person" compares two questions as a node compares a question with a record:
names in any script, partial dates, numbers in any spelling.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from adapters import contract
from adapters.contract import Field, FieldName, Record, RecordKind, Value
from gateway.cli.words import tell_date, word_of
from gateway.node.convert import read_probe
from gateway.node.scoring import score_records
from kalkan.v1 import model_pb2 as model

Pair = tuple[str, str]


def tell_query(query: model.Query) -> list[Pair]:
    """Tell a question: why it was asked, and each thing that was looked for."""
    why = query.justification
    pairs = [
        ("case", query.case_reference),
        ("offence", why.offence),
        ("because", why.text),
        ("category", word_of("category", why.person_category)),
        ("aim", word_of("aim", why.aim)),
        *(("asked for", tell_probe(probe)) for probe in query.probes),
    ]
    return [pair for pair in pairs if pair[1]]


def tell_probe(probe: model.Probe) -> str:
    """Tell what was looked for, in one line."""
    kind = probe.WhichOneof("probe") or ""
    parts = _TELLERS[kind](probe) if kind in _TELLERS else []
    return f"{kind}: {', '.join(part for part in parts if part)}"


def _tell_person(probe: model.Probe) -> list[str]:
    person = probe.person
    names = [n.full or " ".join((n.given, n.patronymic, n.family)) for n in person.names]
    birth = ""
    if person.birth.HasField("date"):
        birth = tell_date(person.birth.date)
    elif person.birth.HasField("range"):
        span = person.birth.range
        birth = f"{tell_date(span.first)} to {tell_date(span.last)}"
    sex = word_of("sex", person.sex)
    return [*(" ".join(n.split()) for n in names), birth, sex, *person.nationalities, person.place]


def _tell_document(probe: model.Probe) -> list[str]:
    document = probe.document
    kind = word_of("document", document.kind)
    return [document.number, document.issuer, kind, *document.mrz]


def _tell_vehicle(probe: model.Probe) -> list[str]:
    return [probe.vehicle.plate, probe.vehicle.vin, probe.vehicle.country]


def _tell_organisation(probe: model.Probe) -> list[str]:
    return [probe.organisation.name, probe.organisation.number, probe.organisation.country]


def _tell_identifier(probe: model.Probe) -> list[str]:
    identifier = probe.identifier
    return [word_of("identifier", identifier.kind), identifier.value, identifier.country]


_TELLERS: Final[dict[str, Callable[[model.Probe], list[str]]]] = {
    "person": _tell_person,
    "document": _tell_document,
    "vehicle": _tell_vehicle,
    "organisation": _tell_organisation,
    "identifier": _tell_identifier,
}


def match(wanted: model.Probe, asked: model.Probe, today: date) -> float:
    """How well something that was asked for is what is wanted now, 0 to 1; 0 where it is not."""
    probe, other = read_probe(wanted, today), read_probe(asked, today)
    if probe is None or other is None or probe.kind is not other.kind:
        return 0.0
    found = score_records(probe, [_as_record(other)])
    return found[0].score if found else 0.0


def _as_record(probe: contract.Probe) -> Record:
    """Put a probe as a record: what was asked for is what is known."""
    fields = [Field(name, value) for name, value in _values_of(probe) if value]
    return Record("asked", RecordKind.WANTED, tuple(fields))


def _values_of(probe: contract.Probe) -> list[tuple[FieldName, Value]]:
    match probe:
        case contract.PersonProbe():
            return _values_of_person(probe)
        case contract.DocumentProbe():
            document = contract.Document(probe.number, probe.document, probe.issuer)
            return [(FieldName.DOCUMENT, document)]
        case contract.VehicleProbe():
            return [
                (FieldName.PLATE, probe.plate),
                (FieldName.VIN, probe.vin),
                (FieldName.COUNTRY, probe.country),
            ]
        case contract.OrganisationProbe():
            return [
                (FieldName.ORGANISATION, probe.name),
                (FieldName.REGISTRATION_NUMBER, probe.number),
                (FieldName.COUNTRY, probe.country),
            ]
        case _:
            return [(FieldName.IDENTIFIER, probe.identifier)]


def _values_of_person(probe: contract.PersonProbe) -> list[tuple[FieldName, Value]]:
    values: list[tuple[FieldName, Value]] = [(FieldName.NAME, name) for name in probe.names]
    if probe.birth is not None:
        values.append((FieldName.BIRTH_DATE, probe.birth))
    if probe.sex is not None:
        values.append((FieldName.SEX, probe.sex))
    values += [(FieldName.NATIONALITY, nationality) for nationality in probe.nationalities]
    return [*values, (FieldName.BIRTH_PLACE, probe.place)]
