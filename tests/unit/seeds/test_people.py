"""The ordinary people of the banks."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import RecordKind
from seeds.banks.registry import BANKS, find_bank
from seeds.people import PLANTED_SERIALS, Avoided, draw_kind, make_entries, make_reference
from seeds.things import make_losses, make_mixed, make_officers, make_plate, make_vehicles

NOBODY = Avoided(frozenset(), frozenset())


def draw_entries(name: str, count: int) -> list:
    return list(make_entries(find_bank(name), count, random.Random(name), NOBODY))


@given(st.sets(st.integers(0, 9_999_999), min_size=2, max_size=50))
def test_references_of_different_serials_differ(serials: set[int]) -> None:
    assert len({make_reference("X", serial) for serial in serials}) == len(serials)


def test_references_of_one_serial_differ_from_bank_to_bank() -> None:
    digits = {make_reference(bank.prefix, PLANTED_SERIALS + 1)[-7:] for bank in BANKS}
    assert len(digits) >= len({bank.prefix for bank in BANKS}) - 1


@pytest.mark.parametrize("member", ["KAZ", "LKA", "IRN", "AFG"])
def test_people_are_mostly_the_members_own(member: str) -> None:
    found = Counter(entry.nationality for entry in draw_entries(f"{member}/persons", 400))
    assert found[member] > 340
    assert len(found) > 5


def test_kinds_follow_the_weights_of_the_bank() -> None:
    bank, rng = find_bank("KAZ/persons"), random.Random(1)
    found = Counter(draw_kind(bank, rng) for _ in range(5_000))
    assert found.most_common(1)[0][0] is RecordKind.REGISTERED
    assert 80 < found[RecordKind.SUSPECTED_TERRORIST] < 250


def test_some_entries_have_warnings_aliases_telephones_and_partial_births() -> None:
    entries = draw_entries("UZB/persons", 1_000)
    assert 10 < sum(bool(entry.warnings) for entry in entries) < 300
    assert 20 < sum(bool(entry.aliases) for entry in entries) < 150
    assert 200 < sum(bool(entry.phone) for entry in entries) < 700
    assert 10 < sum(entry.birth.known != "day" for entry in entries) < 150


def test_numbers_of_foreigners_have_no_hyphens_and_are_not_national() -> None:
    for entry in draw_entries("RCC/suspects", 300):
        assert not entry.number
        assert all(paper.whole.isalnum() for paper in entry.papers)


def test_vehicles_have_plates_of_their_country() -> None:
    vehicles = list(make_vehicles(find_bank("NPL/vehicles"), 50, random.Random(1)))
    assert all(vehicle.plate.startswith("बा ") for vehicle in vehicles)
    assert all(len(vehicle.vin) == 17 for vehicle in vehicles)
    assert {vehicle.kind for vehicle in vehicles} <= set(find_bank("NPL/vehicles").kinds)


def test_kazakh_plates_have_only_letters_that_latin_and_cyrillic_share() -> None:
    plates = "".join(make_plate("KAZ", random.Random(seed)) for seed in range(100))
    assert {sign for sign in plates if sign.isalpha()} <= set("ABCEHKMOPTX")


def test_organised_crime_mixes_people_organisations_and_vehicles() -> None:
    bank = find_bank("RCC/organised")
    found = Counter(type(item).__name__ for item in make_mixed(bank, 50, random.Random(1), NOBODY))
    assert found == {"Entry": 50, "Organisation": 10, "Vehicle": 10}


def test_lost_documents_are_streamed_and_never_planted_ones() -> None:
    bank, rng = find_bank("XPO/documents"), random.Random(1)
    first = next(make_losses(bank, 30_000_000, rng, NOBODY)).paper.whole
    avoided = Avoided(frozenset(), frozenset({first}))
    assert next(make_losses(bank, 1, random.Random(1), avoided)).paper.whole != first


def test_officers_serve_every_member() -> None:
    officers = list(make_officers(find_bank("RCC/officers"), random.Random(1)))
    assert len({officer.member for officer in officers}) == 15
    assert all(officer.email.endswith(".kalkan.example") for officer in officers)
