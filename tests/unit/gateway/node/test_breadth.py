"""What of a question is counted, and rows that are followed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    DocumentProbe,
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
    place_of,
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


def test_places():
    assert place_of(passport(17)) == Place("steps", "TUR U  8", number=17)
    assert place_of(born("Karimov", DAY)) is None
    year = PersonProbe((PersonName(given="A", family="Каримов"),), PartialDate(1984))
    assert place_of(year) == Place("alphabet", "person", name="karimov")
    assert place_of(OrganisationProbe(name="Altyn")).name == "altyn"
    assert place_of(VehicleProbe("A1")) is None


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
