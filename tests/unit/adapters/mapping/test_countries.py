"""Countries by two letters and by three."""

import re

from adapters.mapping.countries import BY_NUMBER, BY_TWO_LETTERS


def test_codes_are_those_of_the_standard_and_a_few_more():
    assert len([code for code in BY_TWO_LETTERS if len(code) == 2]) == 249 + 3
    assert all(re.fullmatch("[A-Z]{3}", three) for three in BY_TWO_LETTERS.values())
    assert len(set(BY_TWO_LETTERS.values())) == len(BY_TWO_LETTERS)


def test_numbers_are_those_of_the_standard():
    assert len(BY_NUMBER) == 249
    assert set(BY_NUMBER.values()) < set(BY_TWO_LETTERS.values())
    assert all(re.fullmatch("[0-9]{3}", number) for number in BY_NUMBER)
    few = {"031": "AZE", "268": "GEO", "398": "KAZ", "586": "PAK", "792": "TUR", "860": "UZB"}
    assert few.items() <= BY_NUMBER.items()


def test_members_of_the_demonstration_are_right():
    members = {
        "af": "AFG",
        "az": "AZE",
        "bd": "BGD",
        "ge": "GEO",
        "in": "IND",
        "ir": "IRN",
        "kz": "KAZ",
        "kg": "KGZ",
        "lk": "LKA",
        "mv": "MDV",
        "np": "NPL",
        "pk": "PAK",
        "tj": "TJK",
        "tr": "TUR",
        "uz": "UZB",
    }
    assert members.items() <= BY_TWO_LETTERS.items()
