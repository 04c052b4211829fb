"""Write a probe as the parameters of a service, as the mapping declares them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.contract import (
    DateSpan,
    DocumentProbe,
    FieldName,
    IdentifierKind,
    IdentifierProbe,
    MappingError,
    OrganisationProbe,
    PartialDate,
    PersonProbe,
    Probe,
    ProbeKind,
    VehicleProbe,
)
from adapters.mapping.check import suggest
from adapters.mapping.lookups import Lookup
from adapters.mapping.model import Mapping
from adapters.mapping.scalars import can_send
from adapters.mapping.spellings import list_shaped
from adapters.mapping.web import HttpSearch
from adapters.matching.documents import normalise_number

__all__ = ["PROBE_FIELDS", "require_fields", "spell_parameters", "write_parameters"]

PROBE_FIELDS = {
    ProbeKind.PERSON: ("name", "given", "family", "patronymic", "birth", "sex", "nationality"),
    ProbeKind.DOCUMENT: ("number", "issuer", "document_kind"),
    ProbeKind.VEHICLE: ("plate", "vin", "country"),
    ProbeKind.ORGANISATION: ("name", "number", "country"),
    ProbeKind.IDENTIFIER: ("value", "identifier_kind", "country"),
}
"""What of each probe a service can be asked for."""

_NUMBERS: Final = {
    (ProbeKind.DOCUMENT, "number"): FieldName.DOCUMENT,
    (ProbeKind.VEHICLE, "plate"): FieldName.PLATE,
    (ProbeKind.VEHICLE, "vin"): FieldName.VIN,
    (ProbeKind.ORGANISATION, "number"): FieldName.REGISTRATION_NUMBER,
    (ProbeKind.IDENTIFIER, "value"): FieldName.IDENTIFIER,
}
"""The numbers that a service is asked for, to the fields whose `shapes` say how it writes them."""

_REQUESTS: Final = 8
"""Spellings of one number that a service is asked for, one request each."""

_LETTERED = frozenset({IdentifierKind.EMAIL, IdentifierKind.HANDLE})

_QUALIFIERS = frozenset({"issuer", "document_kind", "country", "identifier_kind", "sex"})
"""Fields that narrow a search; a question with nothing else would fetch half the bank."""


def require_fields(mapping: Mapping) -> None:
    """Require that the searches of a mapping name fields that their probe has.

    Raises:
        MappingError: One does not; the text names file, line and field.
    """
    for number, search in enumerate(mapping.http.searches if mapping.http else ()):
        known = list(PROBE_FIELDS.get(search.probe, ()))
        for parameter, field in search.query.items():
            if field not in known:
                told = mapping.origin().tell(("http", "search", number, "query", parameter))
                raise MappingError(
                    f"{told}: a {search.probe} probe has no {field!r}; "
                    f"write one of {', '.join(known)}{suggest(field, known)}"
                )


def write_parameters(search: HttpSearch, probe: Probe) -> dict[str, str] | None:
    """Write the parameters of one declared search.

    Returns:
        None where the search is for another probe, or the probe holds nothing it asks for.
    """
    if search.probe is not probe.kind:
        return None
    values = _read_probe(probe)
    told = {name: values[field] for name, field in search.query.items() if values[field]}
    if not any(field not in _QUALIFIERS and values[field] for field in search.query.values()):
        return None
    return {**search.fixed, **told} if all(map(can_send, told.values())) else None


def spell_parameters(
    search: HttpSearch, probe: Probe, lookups: Sequence[Lookup]
) -> Iterator[dict[str, str]]:
    """Write the parameters of one declared search once for each way in which a number is written.

    A service compares as it likes, mostly letter by letter: it is asked for the number as it came,
    and in the `shapes` of its field. Nothing where the search does not fit the probe.
    """
    plain = write_parameters(search, probe)
    if plain is None:
        return
    seen = [plain]
    for parameter, field in search.query.items():
        shapes = _list_shapes(probe, field, lookups)
        for form in list_shaped(normalise_number(plain.get(parameter, "")), shapes):
            if (told := {**plain, parameter: form}) not in seen:
                seen.append(told)
    yield from seen[:_REQUESTS]


def _list_shapes(probe: Probe, field: str, lookups: Sequence[Lookup]) -> list[str]:
    name = _NUMBERS.get((probe.kind, field))
    kind = probe.identifier.kind if isinstance(probe, IdentifierProbe) else None
    mine = (each for each in lookups if each.name is name and each.kind in {None, kind})
    return [shape for lookup in mine for shape in lookup.shapes]


def _read_probe(probe: Probe) -> dict[str, str]:
    """Read the fields of a probe as text, empty where it does not say."""
    match probe:
        case PersonProbe():
            return _read_person(probe)
        case DocumentProbe():
            kind = probe.document.value if probe.document else ""
            return {
                "number": _ask_number(probe.number),
                "issuer": probe.issuer,
                "document_kind": kind,
            }
        case VehicleProbe():
            plate, vin = _ask_number(probe.plate), _ask_number(probe.vin)
            return {"plate": plate, "vin": vin, "country": probe.country}
        case OrganisationProbe():
            number = _ask_number(probe.number)
            return {"name": probe.name, "number": number, "country": probe.country}
        case IdentifierProbe():
            asked = probe.identifier
            value = asked.value if asked.kind in _LETTERED else _ask_number(asked.value)
            return {
                "value": value,
                "identifier_kind": asked.kind.value,
                "country": probe.country,
            }


def _ask_number(number: str) -> str:
    """Return a number as it is asked for; what has no letter and no digit is in no bank."""
    return number if normalise_number(number) else ""


def _read_person(probe: PersonProbe) -> dict[str, str]:
    name = probe.names[0]
    return {
        "name": name.text,
        "given": name.given,
        "family": name.family,
        "patronymic": name.patronymic,
        "birth": _write_date(probe.birth),
        "sex": probe.sex.value if probe.sex else "",
        "nationality": probe.nationalities[0] if probe.nationalities else "",
    }


def _write_date(birth: PartialDate | DateSpan | None) -> str:
    """Write a whole date as ISO 8601; a service cannot be asked for a part of one."""
    if not isinstance(birth, PartialDate) or birth.month is None or birth.day is None:
        return ""
    return f"{birth.year:04}-{birth.month:02}-{birth.day:02}"
