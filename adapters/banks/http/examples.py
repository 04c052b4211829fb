"""Write a probe as an example of the entity that is looked for, as yente's match API wants it."""

from __future__ import annotations

from adapters.contract import (
    DateSpan,
    DocumentKind,
    DocumentProbe,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonProbe,
    Probe,
    VehicleProbe,
)
from adapters.mapping.countries import BY_TWO_LETTERS
from adapters.mapping.scalars import can_send
from adapters.mapping.spellings import spell

__all__ = ["Example", "write_example"]

Example = dict[str, object]
"""`schema` and `properties`, each property with its values."""

_TWO_LETTERS = {three: two for two, three in reversed(BY_TWO_LETTERS.items())}
_SPELLINGS = 16
_PROPERTIES = {DocumentKind.PASSPORT: "passportNumber", DocumentKind.IDENTITY_CARD: "idNumber"}


def write_example(probe: Probe) -> Example | None:
    """Write the example of a probe; None where such entities cannot be found by it.

    What is not said is left out: to a scorer an empty value would be a value.
    """
    schema, properties = _write(probe)
    sent = {name: [*filter(can_send, values)] for name, values in properties.items()}
    said = {name: values for name, values in sent.items() if values}
    if not said.keys() - _QUALIFIERS:
        return None
    return {"schema": schema, "properties": said}


_QUALIFIERS = frozenset(("country", "gender", "nationality", "birthPlace", "birthDate"))
"""Properties that narrow a search; alone they are none."""


def _write(probe: Probe) -> tuple[str, dict[str, list[str]]]:
    match probe:
        case PersonProbe():
            return "Person", _write_person(probe)
        case OrganisationProbe():
            country = _write_countries((probe.country,))
            numbers = _spell(probe.number)
            names = [probe.name] if probe.name else []
            told = {"name": names, "registrationNumber": numbers, "country": country}
            return "Organization", told
        case DocumentProbe():
            return "Person", _write_document(probe)
        case IdentifierProbe():
            national = probe.identifier.kind is IdentifierKind.NATIONAL_NUMBER
            return "Person", {"idNumber": _spell(probe.identifier.value) if national else []}
        case VehicleProbe():
            return "", {}


def _write_person(probe: PersonProbe) -> dict[str, list[str]]:
    return {
        "name": [name.text for name in probe.names if name.text],
        "birthDate": _write_birth(probe.birth),
        "birthPlace": [probe.place] if probe.place else [],
        "gender": [probe.sex.value] if probe.sex else [],
        "nationality": _write_countries(probe.nationalities),
    }


def _write_document(probe: DocumentProbe) -> dict[str, list[str]]:
    """A document of a kind that entities do not have is looked for nowhere."""
    kinds = _PROPERTIES if probe.document is None else (probe.document,)
    return {_PROPERTIES[kind]: _spell(probe.number) for kind in kinds if kind in _PROPERTIES}


def _write_birth(birth: PartialDate | DateSpan | None) -> list[str]:
    """A span is told as far as its ends agree: a year, or nothing."""
    if isinstance(birth, PartialDate):
        return [birth.iso]
    if birth is not None and birth.first.year == birth.last.year:
        return [f"{birth.first.year:04}"]
    return []


def _write_countries(countries: tuple[str, ...]) -> list[str]:
    return [_TWO_LETTERS[country] for country in countries if country in _TWO_LETTERS]


def _spell(number: str) -> list[str]:
    return list(spell(number)[:_SPELLINGS]) if number else []
