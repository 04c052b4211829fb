"""The limits of a probe, kind by kind. Each check returns the names of the fields that are used."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final

from adapters.matching.analysis import analyse, count_parts
from adapters.matching.mrz import MrzError, parse_mrz
from gateway.errors import FieldInvalidError, MrzInvalidError
from kalkan.v1 import model_pb2 as model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_NAMES: Final = 8
MAX_NATIONALITIES: Final = 5
MAX_SAMPLE: Final = 131_072
MAX_SPAN_YEARS: Final = 10
"""A range of birth dates that is longer says no more of a person than none."""
_COUNTRY: Final = re.compile(r"[A-Z]{1,3}")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width (non-)joiners are part of correct spelling in Persian and Indic scripts."""
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters to Unicode, blanks to the eye."""
_WORDS: Final = frozenset({"Hani", "Hang", "Hira", "Kana"})
"""Scripts in which one character can be a whole name."""


def invalid(field: str, limit: str) -> FieldInvalidError:
    """Build the error for a field and its limit."""
    return FieldInvalidError(f"{field} must be {limit}", field=field, limit=limit)


def require_text(field: str, text: str, limit: int, least: int = 0) -> None:
    """Check the length and the characters of a text.

    Raises:
        FieldInvalidError: It is too short, too long, or holds a control or direction character.
    """
    if not least <= len(text) <= limit:
        raise invalid(field, f"{least} to {limit} characters")
    if any(_is_hidden(c) for c in text):
        raise invalid(field, "free of control, direction and unassigned characters")


def _is_hidden(character: str) -> bool:
    hidden = unicodedata.category(character) in _HIDDEN and character not in _JOINERS
    return hidden or character in _FILLERS


def require_said(field: str, text: str, limit: int, least: int = 0) -> None:
    """Check a text that says why: a blank or a dash in its place says nothing.

    Raises:
        FieldInvalidError: As `require_text`, or it has no letter and no digit.
    """
    require_text(field, text, limit, least)
    if text and not any(c.isalnum() for c in text):
        raise invalid(field, "a text with letters or digits")


def require_known(field: str, value: int, known: Sequence[int]) -> None:
    """Check that a number is a value of its enumeration.

    Raises:
        FieldInvalidError: The contract has no such value; it must not be dropped silently.
    """
    if value not in known:
        raise invalid(field, "a value of the contract")


def check_probe(field: str, probe: model.Probe, today: date) -> set[str]:
    """Check one probe; return the names of the fields that it uses.

    Raises:
        FieldInvalidError: A field is missing or against its limits.
        MrzInvalidError: A check digit or the shape of a machine-readable zone is wrong.
    """
    kind = probe.WhichOneof("probe")
    if kind is None:
        raise invalid(field, "one of person, document, vehicle, organisation, identifier")
    if kind == "document" and probe.document.mrz:
        _require_mrz(f"{field}.document", probe.document, today)
        return {"mrz", "number", "issuer"}
    return _CHECKS[kind](f"{field}.{kind}", probe)


def _require_person(field: str, probe: model.Probe) -> set[str]:
    """Check a person: at least one name, a possible birth date."""
    person = probe.person
    if not 1 <= len(person.names) <= MAX_NAMES:
        raise invalid(f"{field}.names", "1 to 8 names")
    # A single name beside a full one finds all who have it: the shortest name decides.
    shortest = min(
        _require_name(f"{field}.names[{index}]", name) for index, name in enumerate(person.names)
    )
    used = {"name", "full_name"} if shortest > 1 else {"name"}
    if person.HasField("birth"):
        _require_birth(f"{field}.birth", person.birth)
        used |= _used(birth_date=_is_narrow(person.birth))
    if len(person.nationalities) > MAX_NATIONALITIES:
        raise invalid(f"{field}.nationalities", "at most 5")
    for index, code in enumerate(person.nationalities):
        _require_country(f"{field}.nationalities[{index}]", code)
    require_known(f"{field}.sex", person.sex, model.Sex.values())
    require_text(f"{field}.place", person.place, 100)
    return used | _used(
        sex=bool(person.sex), nationality=bool(person.nationalities), place=bool(person.place)
    )


def _require_name(field: str, name: model.PersonName) -> int:
    """Check one name, whole or in parts; return how many of its parts are names or initials."""
    require_known(f"{field}.kind", name.kind, model.NameKind.values())
    require_text(f"{field}.script", name.script, 4)
    require_text(f"{field}.full", name.full, 200)
    for part in ("given", "family", "patronymic"):
        require_text(f"{field}.{part}", getattr(name, part), 100)
    # As it is compared: the parts count where there is no whole name.
    text = name.full or " ".join((name.given, name.patronymic, name.family))
    words = sum(any(c.isalpha() for c in word) for word in text.split())
    if not words:
        raise invalid(field, "a name with letters")
    # Titles, "son of" and full stops are no parts. A script that nobody here reads counts by words.
    tokens = analyse(text).tokens
    if tokens and all(t.initial and t.script not in _WORDS for t in tokens):
        raise invalid(field, "a name, not initials alone")
    return count_parts(text) or words


def _require_birth(field: str, birth: model.BirthDate) -> None:
    """Check a birth date or range."""
    form = birth.WhichOneof("birth")
    if form is None:
        raise invalid(field, "a date or a range")
    if form == "date":
        _require_date(f"{field}.date", birth.date)
        return
    first, last = birth.range.first, birth.range.last
    _require_date(f"{field}.range.first", first)
    _require_date(f"{field}.range.last", last)
    if (last.year, last.month or 12, last.day or 31) < (first.year, first.month, first.day):
        raise invalid(f"{field}.range", "a range whose last day is not before its first")


def _is_narrow(birth: model.BirthDate) -> bool:
    """Whether a birth date that was checked says something of a person."""
    first, last = birth.range.first, birth.range.last
    ends = last.year, last.month or 12, last.day or 31
    return ends < (first.year + MAX_SPAN_YEARS, first.month or 1, first.day or 1)


def _require_date(field: str, value: model.PartialDate) -> None:
    """Check that a date can exist."""
    if value.day and not value.month:
        raise invalid(f"{field}.month", "present where the day is")
    try:
        date(value.year, value.month or 1, value.day or 1)
    except (ValueError, OverflowError):
        raise invalid(field, "a day that exists") from None


def _require_country(field: str, code: str) -> None:
    """Check the shape of a country code."""
    if not _COUNTRY.fullmatch(code):
        raise invalid(field, "an ISO 3166-1 alpha-3 or ICAO code in capitals")


def _require_code(field: str, text: str, limit: int, least: int = 1) -> None:
    """Check a number, a plate or the like: something is left when spaces and hyphens are gone."""
    require_text(field, text, limit, least)
    if not any(c.isalnum() for c in text):
        raise invalid(field, "a value with letters or digits")


def _require_document(field: str, probe: model.Probe) -> set[str]:
    """Check a document that is given by its number."""
    document = probe.document
    _require_code(f"{field}.number", document.number, 30, 4)
    require_known(f"{field}.kind", document.kind, model.DocumentKind.values())
    if document.issuer:
        _require_country(f"{field}.issuer", document.issuer)
    return {"number"} | _used(kind=bool(document.kind), issuer=bool(document.issuer))


def _require_mrz(field: str, document: model.DocumentProbe, today: date) -> None:
    """Check the lines of a machine-readable zone; `today` decides centuries."""
    if document.number:
        raise invalid(field, "a number or an mrz, not both")
    require_known(f"{field}.kind", document.kind, model.DocumentKind.values())
    if document.issuer:
        _require_country(f"{field}.issuer", document.issuer)
    for index, line in enumerate(document.mrz):
        require_text(f"{field}.mrz[{index}]", line, 44, 30)
    try:
        number = parse_mrz(tuple(document.mrz), today=today).number
    except MrzError as exc:
        # The text of MrzError names line and field and no character of the zone.
        raise MrzInvalidError(f"{field}.mrz: {exc}", field=f"{field}.mrz") from None
    if not number:
        # Fillers alone have right check digits, and would look for a document without a number.
        raise MrzInvalidError(f"{field}.mrz: it holds no number", field=f"{field}.mrz")


def _require_vehicle(field: str, probe: model.Probe) -> set[str]:
    """Check a vehicle: plate or VIN."""
    vehicle = probe.vehicle
    if not vehicle.plate and not vehicle.vin:
        raise invalid(field, "a vehicle with plate or vin")
    if vehicle.plate:
        _require_code(f"{field}.plate", vehicle.plate, 16, 2)
    if vehicle.vin:
        _require_code(f"{field}.vin", vehicle.vin, 17, 5)
    if vehicle.country:
        _require_country(f"{field}.country", vehicle.country)
    return _used(plate=bool(vehicle.plate), vin=bool(vehicle.vin), country=bool(vehicle.country))


def _require_organisation(field: str, probe: model.Probe) -> set[str]:
    """Check an organisation: name or number."""
    organisation = probe.organisation
    if not organisation.name and not organisation.number:
        raise invalid(field, "an organisation with name or number")
    require_text(f"{field}.name", organisation.name, 200)
    if organisation.name and not any(c.isalpha() for c in organisation.name):
        raise invalid(f"{field}.name", "a name with letters")
    if organisation.number:
        _require_code(f"{field}.number", organisation.number, 40)
    if organisation.country:
        _require_country(f"{field}.country", organisation.country)
    return _used(name=bool(organisation.name), number=bool(organisation.number))


def _require_identifier(field: str, probe: model.Probe) -> set[str]:
    """Check an identifier: kind and value."""
    identifier = probe.identifier
    if identifier.kind not in model.IdentifierKind.values() or not identifier.kind:
        raise invalid(f"{field}.kind", "a kind of identifier")
    _require_code(f"{field}.value", identifier.value, 100, 3)
    if identifier.country:
        _require_country(f"{field}.country", identifier.country)
    return {"identifier"} | _used(country=bool(identifier.country))


def _require_biometric(field: str, probe: model.Probe) -> set[str]:
    """Check a biometric sample: kind, format and size."""
    sample = probe.biometric
    if sample.kind not in model.BiometricKind.values() or not sample.kind:
        raise invalid(f"{field}.kind", "a kind of sample")
    require_text(f"{field}.media_type", sample.media_type, 100, 1)
    if not 1 <= len(sample.sample) <= MAX_SAMPLE:
        raise invalid(f"{field}.sample", f"1 to {MAX_SAMPLE} bytes")
    return {"sample"}


def _used(**fields: bool) -> set[str]:
    """The names of the fields that are true."""
    return {name for name, present in fields.items() if present}


_CHECKS: Final[dict[str, Callable[[str, model.Probe], set[str]]]] = {
    "person": _require_person,
    "document": _require_document,
    "vehicle": _require_vehicle,
    "organisation": _require_organisation,
    "identifier": _require_identifier,
    "biometric": _require_biometric,
}
