"""Each form makes a probe that the contract allows."""

from datetime import date

import pytest

from gateway.conformance.forms import FORMS, absent, nobody
from gateway.limits import check_probe
from kalkan.v1 import node_service_pb2 as wire


def test_value_of_nobody_fits_every_form():
    for forms in FORMS.values():
        for form in forms:
            check_probe("probe", form(nobody()), date(2026, 7, 1))


def test_values_of_nobody_differ():
    assert nobody() != nobody()


@pytest.mark.parametrize(
    ("kinds", "probe"),
    [
        ({wire.PROBE_KIND_PERSON, wire.PROBE_KIND_DOCUMENT}, "document"),
        ({wire.PROBE_KIND_IDENTIFIER}, "identifier"),
        ({wire.PROBE_KIND_VEHICLE}, "vehicle"),
        ({wire.PROBE_KIND_ORGANISATION}, "organisation"),
        ({wire.PROBE_KIND_PERSON}, "person"),
    ],
)
def test_absent_probe_is_of_a_kind_that_the_bank_has(kinds, probe):
    assert absent(frozenset(kinds)).WhichOneof("probe") == probe
