"""Forms of probes: each kind of probe in each way in which a bank may be searched for it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

Form = Callable[[str], model.Probe]
"""Makes a probe of a text."""


def person(full: str) -> model.Probe:
    """Make a probe for a person by a whole name."""
    return model.Probe(person=model.PersonProbe(names=[model.PersonName(full=full)]))


def _identifier(kind: model.IdentifierKind.ValueType) -> Form:
    return lambda text: model.Probe(identifier=model.IdentifierProbe(kind=kind, value=text))


FORMS: Final[Mapping[wire.ProbeKind.ValueType, tuple[Form, ...]]] = {
    wire.PROBE_KIND_DOCUMENT: (
        lambda text: model.Probe(document=model.DocumentProbe(number=text)),
    ),
    wire.PROBE_KIND_IDENTIFIER: (
        _identifier(model.IDENTIFIER_KIND_PHONE),
        _identifier(model.IDENTIFIER_KIND_NATIONAL_NUMBER),
        _identifier(model.IDENTIFIER_KIND_EMAIL),
        _identifier(model.IDENTIFIER_KIND_HANDLE),
        _identifier(model.IDENTIFIER_KIND_IMEI),
    ),
    wire.PROBE_KIND_VEHICLE: (
        lambda text: model.Probe(vehicle=model.VehicleProbe(plate=text)),
        lambda text: model.Probe(vehicle=model.VehicleProbe(vin=text)),
    ),
    wire.PROBE_KIND_ORGANISATION: (
        lambda text: model.Probe(organisation=model.OrganisationProbe(number=text)),
        lambda text: model.Probe(organisation=model.OrganisationProbe(name=text)),
    ),
    wire.PROBE_KIND_PERSON: (
        # A name of one word may be refused by the baseline: a second one is nobody's.
        lambda text: person(f"{text} Zzqxv"),
    ),
}
"""The forms of each kind, those that compare exactly first."""


def nobody() -> str:
    """A value that no bank holds, and that fits every form."""
    return f"ZQX{secrets.token_hex(5).upper()}"


def absent(kinds: frozenset[int]) -> model.Probe:
    """Make a probe that finds nothing: exact where the bank has an exact kind."""
    forms = next((forms for kind, forms in FORMS.items() if kind in kinds), None)
    return forms[0](nobody()) if forms else person("Zzqxv Wjkvqx")
