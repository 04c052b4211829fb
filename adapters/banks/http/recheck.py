"""Check what a service found: a service may compare loosely, or ignore a parameter it is new to."""

from __future__ import annotations

from adapters.contract import (
    Document,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    Probe,
    Record,
    VehicleProbe,
)
from adapters.matching.documents import normalise_number
from adapters.matching.scripts import fold_digits

__all__ = ["is_match"]


def is_match(probe: Probe, record: Record) -> bool:
    """Tell whether a record holds the number that was asked for; names are left to the scorer."""
    if isinstance(probe, DocumentProbe):
        documents = (d for d in record.values(FieldName.DOCUMENT) if isinstance(d, Document))
        return any(normalise_number(document.number) == probe.number for document in documents)
    if isinstance(probe, VehicleProbe):
        return _holds(record, FieldName.PLATE, probe.plate) or _holds(
            record, FieldName.VIN, probe.vin
        )
    if isinstance(probe, OrganisationProbe):
        number = normalise_number(probe.number)
        return not number or _holds(record, FieldName.REGISTRATION_NUMBER, number)
    if isinstance(probe, IdentifierProbe):
        return _identify(probe.identifier) in {
            _identify(value)
            for value in record.values(FieldName.IDENTIFIER)
            if isinstance(value, Identifier)
        }
    return True


def _holds(record: Record, name: FieldName, number: str) -> bool:
    values = (value for value in record.values(name) if isinstance(value, str))
    return bool(number) and any(normalise_number(value) == number for value in values)


def _identify(identifier: Identifier) -> Identifier:
    """Bring an identifier to one spelling, so that equal ones are equal."""
    kind, value = identifier.kind, identifier.value
    if kind in {IdentifierKind.EMAIL, IdentifierKind.HANDLE}:
        return Identifier(kind, value.strip().casefold().lstrip("@"))
    if kind is IdentifierKind.PHONE:
        digits = "".join(letter for letter in fold_digits(value) if letter.isdecimal())
        return Identifier(kind, digits.removeprefix("00"))
    return Identifier(kind, normalise_number(value))
