"""What was asked is told in a line, and found again in any script and spelling."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.cli.asked import match, tell_probe, tell_query
from gateway.probe import document, identifier, organisation, person, vehicle
from kalkan.v1 import model_pb2 as model

TODAY = date(2026, 11, 24)
PROBES = (
    person("Рустам Каримов", birth="1984-05", sex="male", nationality="KAZ", place="Алматы"),
    document(number="N 1000-0001", issuer="KAZ", kind="passport"),
    vehicle(plate="123 ABC 02", vin="WVWZZZ1JZ3W386752", country="KAZ"),
    organisation(name="Tulpar Trading", number="BIN-990140", country="KAZ"),
    identifier("phone", "+7 701 000 00 00", "KAZ"),
)
TOLD = (
    "person: Рустам Каримов, 1984-05, male, KAZ, Алматы",
    "document: N 1000-0001, KAZ, passport",
    "vehicle: 123 ABC 02, WVWZZZ1JZ3W386752, KAZ",
    "organisation: Tulpar Trading, BIN-990140, KAZ",
    "identifier: phone, +7 701 000 00 00, KAZ",
)


@pytest.mark.parametrize(("probe", "told"), list(zip(PROBES, TOLD, strict=True)))
def test_probe_is_told_in_one_line(probe, told):
    assert tell_probe(probe) == told


@pytest.mark.parametrize("wanted", PROBES)
def test_each_probe_finds_itself_and_no_other_kind(wanted):
    scores = [match(wanted, asked, TODAY) for asked in PROBES]
    assert [score > 0 for score in scores] == [wanted is asked for asked in PROBES]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (person("Rustam Karimov"), True),
        (person("Karimov Rustam", birth="1984"), True),
        (person("Nobody Atall"), False),
        (document(number="n10000001"), True),
        (document(number="N10000002"), False),
        (vehicle(plate="123abc02"), True),
        (organisation(number="bin 990140"), True),
        (identifier("phone", "+77010000000"), True),
        (identifier("email", "+77010000000"), False),
    ],
)
def test_question_is_found_by_other_spellings(wanted, found):
    assert any(match(wanted, asked, TODAY) for asked in PROBES) is found


def test_range_of_births_and_several_names_are_told():
    probe = person("A B", birth="1980..1985")
    probe.person.names.add(given="C", family="D")
    assert tell_probe(probe) == "person: A B, C D, 1980 to 1985"
    assert tell_probe(model.Probe()) == ": "


def test_question_is_told_with_what_it_says_of_its_cause():
    query = model.Query(case_reference="17", probes=[PROBES[1]])
    query.justification.offence = "arson"
    query.justification.aim = model.Aim.values()[1]
    told = dict(tell_query(query))
    assert (told["case"], told["offence"]) == ("17", "arson")
    assert told["aim"]
    assert set(told) == {"case", "offence", "aim", "asked for"}
