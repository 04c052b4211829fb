"""Builders of probes for clients: what people write becomes what is asked.

They check only what they must read; the limits of the contract are checked by hub and nodes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.errors import InputError
from kalkan.v1 import model_pb2 as model

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_SEXES: Final = {
    "male": model.SEX_MALE,
    "m": model.SEX_MALE,
    "female": model.SEX_FEMALE,
    "f": model.SEX_FEMALE,
    "other": model.SEX_OTHER,
    "x": model.SEX_OTHER,
}


def person(  # noqa: PLR0913 - one parameter for each thing that can be known of a person
    full: str = "",
    *,
    given: str = "",
    family: str = "",
    patronymic: str = "",
    birth: str = "",
    sex: str = "",
    nationality: str = "",
    place: str = "",
) -> model.Probe:
    """Look for a person by a whole name or its parts.

    `birth` is "1984", "1984-05", "1984-05-01", or two of them as "1980..1985".

    Raises:
        InputError: The birth date or the sex cannot be read.
    """
    probe = model.PersonProbe(place=place)
    probe.names.add(full=full, given=given, family=family, patronymic=patronymic)
    if birth:
        probe.birth.CopyFrom(read_birth(birth))
    if sex:
        if sex.lower() not in _SEXES:
            raise InputError("sex: write male, female or other", field="sex")
        probe.sex = _SEXES[sex.lower()]
    if nationality:
        probe.nationalities.append(nationality)
    return model.Probe(person=probe)


def read_birth(text: str) -> model.BirthDate:
    """Read a date, the beginning of one, or a range.

    Raises:
        InputError: It is none of these.
    """
    first, dots, last = text.partition("..")
    if dots:
        span = model.DateRange(first=_read_date(first), last=_read_date(last))
        return model.BirthDate(range=span)
    return model.BirthDate(date=_read_date(text))


def _read_date(text: str) -> model.PartialDate:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise InputError("birth: write 1984, 1984-05, 1984-05-01 or 1980..1985", field="birth")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    return model.PartialDate(year=year, month=month, day=day)


def document(
    *, number: str = "", issuer: str = "", kind: str = "", mrz: Sequence[str] = ()
) -> model.Probe:
    """Look for a travel document by number or by the lines of its machine-readable zone.

    Raises:
        InputError: There is no such kind.
    """
    probe = model.DocumentProbe(number=number, issuer=issuer, mrz=mrz)
    if kind:
        name = f"DOCUMENT_KIND_{kind.upper().replace('-', '_')}"
        number_of = dict(model.DocumentKind.items())
        if not number_of.get(name):
            raise InputError("kind: write passport, identity_card, visa, ...", field="kind")
        probe.kind = number_of[name]
    return model.Probe(document=probe)


def vehicle(*, plate: str = "", vin: str = "", country: str = "") -> model.Probe:
    """Look for a vehicle by plate or VIN."""
    return model.Probe(vehicle=model.VehicleProbe(plate=plate, vin=vin, country=country))


def organisation(*, name: str = "", number: str = "", country: str = "") -> model.Probe:
    """Look for an organisation by name or registration number."""
    probe = model.OrganisationProbe(name=name, number=number, country=country)
    return model.Probe(organisation=probe)


def identifier(kind: str, value: str, country: str = "") -> model.Probe:
    """Look for whoever uses a phone, e-mail, IMEI, handle or national number.

    Raises:
        InputError: There is no such kind.
    """
    name = f"IDENTIFIER_KIND_{kind.upper().replace('-', '_')}"
    number_of = dict(model.IdentifierKind.items())
    if not number_of.get(name):
        raise InputError("kind: write phone, email, imei, handle or national_number", field="kind")
    probe = model.IdentifierProbe(kind=number_of[name], value=value, country=country)
    return model.Probe(identifier=probe)
