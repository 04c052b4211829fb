"""Columns are understood by their names in the languages of the members."""

import pytest

from adapters.drafting.names import name_column, name_table, split_name
from adapters.drafting.words import COLUMNS

COLUMNS_OF_BANKS = {
    "FirstName": "given",
    "last_name": "family",
    "EMPLOYEE_BIRTH_DATE": "birth",
    "doğum_tarihi": "birth",
    "dogum_tarihi": "birth",
    "baba_adı": "patronymic",
    "туулган_күнү": "birth",
    "تاریخ_تولد": "birth",
    "نام_پدر": "patronymic",
    "jonmo_tarikh": "birth",
    "piradi_nomeri": "national number",
    "şəxs_vətəndaşlıq": "nationality",
    "PassportNo": "document",
    "gosnomer": "plate",
    "Дата рожд": "birth",
    "Гражд-во": "nationality",
    "МЕСТО_РОЖД": "birth place",
    "person.name.last": "family",
    "identity.fullName.first": "given",
    "employer.first": None,
}


@pytest.mark.parametrize("name", COLUMNS_OF_BANKS)
def test_column_is_understood(name):
    named = name_column(name, "employee")
    assert (named.meaning if named else None) == COLUMNS_OF_BANKS[name]


def test_column_of_nothing_that_is_known_means_nothing():
    for name in ("quux", "x1", "", "hire_date_of_nothing"):
        assert name_column(name) is None or not name_column(name).whole


def test_letters_of_a_column_are_told_by_its_ending():
    assert name_column("aty_lat").variant == "lat"
    assert name_column("naam_roman").variant == "roman"
    assert name_column("aty").variant == ""


def test_table_is_understood():
    assert name_table("subject_document").meaning == "document"
    assert name_table("person_pasaport").meaning == "document"
    assert name_table("person_history").meaning == "person"
    assert name_table("Employees").meaning == "person"
    assert name_table("ləqəb").meaning == "alias"
    assert name_table("invoice_line") is None


def test_name_is_split_at_humps_signs_and_digits():
    assert split_name("BirthDate") == ("birth", "date")
    assert split_name("birth-date") == ("birth", "date")
    assert split_name("Güncelleme") == ("guncelleme",)
    assert split_name("ИмяОтца") == ("имя", "отца")


def test_a_word_is_listed_for_one_meaning_alone_when_it_is_read_first():
    seen = {}
    for meaning, phrases in COLUMNS.items():
        for phrase in phrases.split(","):
            seen.setdefault(split_name(phrase), []).append(meaning)
    assert {words: found for words, found in seen.items() if len(set(found)) > 1} == {}
