"""Columns are understood by what is in them."""

import pytest

from adapters.drafting.content import (
    Dated,
    find_dates,
    guess_content,
    is_code_list,
    list_scripts,
)

DATES = {
    "iso": (["1985-03-14", "1990-12-31", "1971-01"], Dated("iso", "gregorian")),
    "day first": (["14.03.1985", "31.12.1990", "01.02.1971"], Dated("DD.MM.YYYY", "gregorian")),
    "month first": (["03/14/1985", "12/31/1990", "01/22/1971"], Dated("MM/DD/YYYY", "gregorian")),
    "one word": (["19850314", "19901231", "19710122"], Dated("YYYYMMDD", "gregorian")),
    "day first, one word": (["12031985", "31121990", "01021971"], Dated("DDMMYYYY", "gregorian")),
    "solar": (["1364-12-23", "1370/01/31", "1350-07-30"], Dated("iso", "solar_hijri")),
    "nepal": (["२०४२-०३-२९", "२०५५-०१-०१", "२०६०-०५-१२"], Dated("iso", "bikram_sambat")),
}


@pytest.mark.parametrize("name", DATES)
def test_dates_are_known_with_format_and_calendar(name):
    texts, wanted = DATES[name]
    assert find_dates(texts) == wanted


def test_numbers_and_words_are_no_dates():
    assert find_dates(["12", "13", "14"]) is None
    assert find_dates(["Айгүл", "Ерлан", "Дана"]) is None
    assert find_dates(["99.99.1985", "88.77.1986", "66.55.1987"]) is None
    assert find_dates([]) is None


def test_one_date_is_enough_where_the_name_says_so():
    assert find_dates(["14.03.1985"]) is None
    assert find_dates(["14.03.1985"], named=True) == Dated("DD.MM.YYYY", "gregorian")
    assert find_dates([], named=True) is None


CONTENT = {
    "email": ["a@b.example", "c.d@e.example", "f@g.example"],
    "phone": ["+7 701 000 00 01", "+77010000002", "+7(701)0000003"],
    "vin": ["WVWZZZ1JZ3W386752", "WVWZZZ1JZ3W386753", "WVWZZZ1JZ3W386754"],
    "document": ["N1234567", "N 7654321", "AB1234567"],
    "sex": ["M", "F", "M", "F"],
    "nationality": ["KAZ", "UZB", "KAZ"],
}


@pytest.mark.parametrize("meaning", CONTENT)
def test_content_tells(meaning):
    found = guess_content(CONTENT[meaning])
    assert found is not None
    assert found[0] == meaning


def test_content_of_many_kinds_tells_nothing():
    assert guess_content(["a", "17", "x y z"]) is None
    assert guess_content(["0", "1", "0", "1"]) is None
    assert guess_content([]) is None


def test_code_list_is_a_few_values_over_and_over():
    assert is_code_list(["A", "B"] * 10)
    assert not is_code_list(["A", "B", "C"])
    assert not is_code_list([])


def test_scripts_of_a_few_are_left_out():
    assert list_scripts(["Айгүл"] * 200 + ["Dana"] * 100 + ["დანა"]) == ("Cyrl", "Latn")
