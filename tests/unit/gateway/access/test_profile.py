"""What may be filled in is told exactly: no more, no less, and for every question there is."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.access.errors import PolicyFileError
from gateway.access.likely import PROBES
from gateway.access.policy import Policy
from gateway.access.profile import FILLED, Filled, describe_fields
from gateway.access.rules import GRANULARITIES, read_text
from gateway.limits import check_probe
from gateway.probe import document, identifier, organisation, person, vehicle
from kalkan.v1 import model_pb2 as model

TODAY = date(2026, 11, 24)
MRZ = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
MIXED = frozenset({"mrz", "number", "issuer", "kind"})
"""A batch alone has a zone and a document with its kind."""


def every_probe():
    """Probes with each of their parts given and not."""
    names = (
        {"full": "Ali"},
        {"full": "Ali Khan"},
        {"given": "Ali"},
        {"given": "A", "family": "Kay"},
    )
    extra = ({}, {"birth": "1984"}), ({}, {"sex": "m"}), ({}, {"nationality": "KAZ"})
    for name, *more in product(names, *extra, ({}, {"place": "Almaty"})):
        yield person(**name, **{k: v for part in more for k, v in part.items()})
    for kind, issuer in product(("", "passport"), ("", "KAZ")):
        yield document(number="N10000001", kind=kind, issuer=issuer)
        yield document(mrz=MRZ, kind=kind, issuer=issuer)
    for first, second, country in product(("", "A123BC"), ("", "JN1CV6AP3BM"), ("", "KAZ")):
        if first or second:
            yield vehicle(plate=first, vin=second, country=country)
            yield organisation(name=first, number=second, country=country)
        yield identifier("phone", "77010000001", country)
    sample = model.BiometricProbe(kind=1, media_type="image/wsq", sample=b"x")
    yield model.Probe(biometric=sample)


def test_what_questions_fill_in_is_all_that_is_decided():
    found = {kind: set() for kind in FILLED}
    for probe in every_probe():
        found[probe.WhichOneof("probe")].add(frozenset(check_probe("probe", probe, TODAY)))
    found["document"].add(MIXED)
    assert {kind: set(sets) for kind, sets in FILLED.items()} == found
    assert all(len(set(sets)) == len(sets) for sets in FILLED.values())
    assert all(PROBES[kind] in sets for kind, sets in FILLED.items())


@pytest.mark.parametrize("probe", FILLED)
@settings(max_examples=60)
@given(data=st.data())
def test_words_fit_what_is_permitted_and_nothing_else(probe, data):
    words = st.sampled_from(("", *GRANULARITIES[2:]))
    told = tuple(data.draw(words) for _ in FILLED[probe])
    described = describe_fields(probe, told)
    assert len(described) <= len(FILLED[probe])
    for fields, word in zip(FILLED[probe], told, strict=True):
        fitting = {each.granularity for each in described if each.fits(fields)}
        assert fitting == ({word} if word else set())


def test_baseline_s_two_names_or_a_date_take_two_lines():
    told = tuple(
        "record" if {"full_name", "birth_date"} & fields else "" for fields in FILLED["person"]
    )
    besides = ("nationality", "place", "sex")
    assert describe_fields("person", told) == (
        Filled(("full_name", "name"), ("birth_date", *besides), "record"),
        Filled(("birth_date", "name"), ("full_name", *besides), "record"),
    )


def test_all_and_nothing_are_told_shortly():
    size = len(FILLED["vehicle"])
    assert describe_fields("vehicle", ("",) * size) == ()
    plate, vin = describe_fields("vehicle", ("count",) * size)
    assert (plate.needed, vin.needed) == (("plate",), ("vin",))
    assert plate.optional == ("country", "vin")


def test_what_may_not_be_filled_in_is_in_neither_list():
    told = tuple("" if "sex" in fields else "exists" for fields in FILLED["person"])
    (one,) = describe_fields("person", told)
    assert "sex" not in one.needed + one.optional
    assert not one.fits(frozenset({"name", "sex"}))
    assert one.fits(frozenset({"name"}))


def test_policies_speak_of_exactly_what_questions_fill_in():
    """A rule about anything else would never apply, and its owner would not know."""
    (words,) = re.findall(
        r"entity Field enum \[(.*?)\];", read_text("schema.cedarschema"), re.DOTALL
    )
    assert set(re.findall(r'"(\w+)"', words)) == {
        f for every in FILLED.values() for s in every for f in s
    }


@pytest.mark.parametrize("part", ["given_name", "family_name", "patronymic"])
def test_a_policy_about_a_part_of_a_name_is_refused_when_it_is_loaded(part):
    text = f"""
        @id("part") @text("t") @contact("c")
        forbid (principal, action == Kalkan::Action::"search", resource)
        when {{ context.fields.contains(Kalkan::Field::"{part}") }};
    """
    with pytest.raises(PolicyFileError, match=part):
        Policy.load(text, "own")
