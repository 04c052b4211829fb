"""What of a question is counted, and rows that are followed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    VehicleProbe,
)
from gateway.node.breadth import (
    IDLE_S,
    MAX_RUNS,
    Place,
    Runs,
    form_of,
    marks_of,
    places_of,
    split_number,
)
from tests.kit.harvest import born, passport

DAY = date(1984, 5, 1)


def test_number_is_a_series_and_digits():
    assert split_number(passport(41_000_017)) == ("TUR U  8", "41000017")
    assert split_number(passport(41_000_017))[0] != split_number(passport(41_000_017, "UZB"))[0]
    assert split_number(DocumentProbe("AB12C")) == ("", "")


def test_same_name_in_another_script_or_order_is_the_same_name():
    one, other = born("Rustam Karimov", DAY), born("Каримов  Рустам", DAY)
    assert marks_of(one) == marks_of(other)
    assert marks_of(born("Rustam Karimov", date(1984, 5, 2)))[0].of == marks_of(one)[0].of


@pytest.mark.parametrize("probe", [VehicleProbe("A123"), DocumentProbe("XYZ"), PersonProbe(())])
def test_other_questions_have_no_mark(probe):
    assert marks_of(probe) == []


def test_form_of_the_same_question_is_the_same():
    one = PersonProbe((PersonName(full="Rustam  KARIMOV"),))
    assert form_of(one) == form_of(PersonProbe((PersonName(full="rustam karimov"),)))
    assert form_of(one) != form_of(PersonProbe((PersonName(full="rustam karimova"),)))
    assert form_of(passport(1)) != form_of(passport(1, "UZB"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("राम", "रमा"), ("কালাম", "কলম"), ("މުޙައްމަދު", "މިޙައްމެދި"), ("நிலா", "நீல"), ("Ali", "A-li")],
)
def test_names_that_differ_by_a_vowel_sign_are_other_questions(one, other):
    """Vowel signs are no letters to Unicode: without them many names would cost as one."""
    forms = [form_of(PersonProbe((PersonName(full=name),))) for name in (one, other)]
    assert forms[0] != forms[1]


def test_places():
    assert places_of(passport(17)) == [Place("steps", "TUR U  8", number=17)]
    assert places_of(born("Karimov", DAY)) == []
    year = PersonProbe((PersonName(given="A", family="Каримов"),), PartialDate(1984))
    assert places_of(year) == [Place("alphabet", "person 0", name="karimov")]
    assert places_of(OrganisationProbe(name="Altyn"))[0].name == "altyn"
    assert places_of(OrganisationProbe(number="1")) == []
    assert places_of(VehicleProbe("A1")) == []


def test_each_name_of_a_person_has_its_place():
    """Who keeps the first name and goes through others behind it goes along the alphabet too."""
    probe = PersonProbe((PersonName(full="Same Name"), PersonName(full="Abaev"), PersonName("…")))
    assert [(p.series, p.name) for p in places_of(probe)] == [
        ("person 0", "same name"),
        ("person 1", "abaev"),
    ]


@pytest.mark.parametrize(
    ("probe", "series"),
    [
        (
            IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "35202-1234567-1"), "PAK"),
            "national_number PAK   13",
        ),
        (IdentifierProbe(Identifier(IdentifierKind.PHONE, "+7 701 000 0001")), "phone   11"),
        (VehicleProbe(vin="WVWZZZ1JZXW000017"), "vin WVWZZZ1JZXW  6"),
    ],
)
def test_numbers_of_other_things_are_in_rows_and_blocks_too(probe, series):
    (place,) = places_of(probe)
    assert (place.kind, place.series) == ("steps", series)
    (mark,) = marks_of(probe)
    assert (mark.kind, mark.of) == ("block", f"{series} {mark.value[:-3]}")
    assert place.number == int(mark.value)


@given(st.integers(-1_000, 1_000).filter(bool), st.integers(2, 30))
def test_equal_steps_are_one_row(step, count):
    runs = Runs()
    lengths = [runs.follow("a", Place("steps", "s", number=n * step), n) for n in range(count)]
    assert lengths == list(range(1, count + 1))


def test_same_again_neither_goes_on_nor_ends_a_row():
    runs = Runs()
    numbers = [1, 2, 2, 3, 3, 4, 9]
    lengths = [runs.follow("a", Place("steps", "s", number=n), 0.0) for n in numbers]
    assert lengths == [1, 2, 2, 3, 3, 4, 2]


def test_rows_of_others_are_others():
    runs = Runs()
    for n in range(5):
        assert runs.follow(f"officer {n}", Place("steps", "s", number=n), 0.0) == 1
        assert runs.follow("one", Place("steps", f"series {n}", number=n), 0.0) == 1


def test_idle_row_is_forgotten():
    runs = Runs()
    runs.follow("a", Place("steps", "s", number=1), 0.0)
    assert runs.follow("b", Place("steps", "s", number=2), IDLE_S + 1.0) == 1
    assert len(runs) == 1
    assert runs.follow("b", Place("steps", "s", number=3), 2 * IDLE_S + 1.0) == 2


def test_rows_are_bounded():
    runs = Runs()
    for n in range(MAX_RUNS + 10):
        runs.follow(f"a{n}", Place("steps", "s", number=1), 0.0)
    assert len(runs) == MAX_RUNS
