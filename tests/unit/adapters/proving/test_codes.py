"""Values without a word of ours are found, and names among them are not shown."""

from adapters.contract import RecordKind
from adapters.mapping.readers import read_country, read_word
from adapters.proving.codes import Coded, _advise, find_unknown

CODES = {"kinds": {"IZD": "wanted"}}


def coded(codes="kinds", convert=None, separator=None):
    return Coded(("kind",), "t.c", codes, convert or read_word(RecordKind), separator)


def test_value_that_no_code_names_is_found_with_its_count():
    assert find_unknown(coded(), {"IZD": 5, "TER": 2}, CODES) == {"TER": 2}


def test_values_in_one_cell_are_taken_apart():
    found = find_unknown(coded(separator=","), {"IZD, TER": 5, "TER,": 1}, CODES)
    assert found == {"TER": 6}


def test_without_codes_the_values_are_our_own_words():
    assert find_unknown(coded(None), {"wanted": 1, "WANTED": 1, "IZD": 3}, {}) == {"IZD": 3}
    assert find_unknown(coded(None, read_country), {"KAZ": 1, "398": 3}, {}) == {"398": 3}


def test_names_in_a_coded_column_are_masked_and_codes_are_shown():
    names = {"Айгүл": 1, "Ерлан": 1, "Дана": 1}
    assert "Айгүл" not in _advise(coded(), names, names)
    codes = {"TERROR": 50, "WANTED": 70}
    assert "'TERROR' in 50 rows" in _advise(coded(), codes, codes)
