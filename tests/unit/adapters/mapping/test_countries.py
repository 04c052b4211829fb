"""Countries by two letters and by three."""

import re

from adapters.mapping.countries import BY_TWO_LETTERS


def test_codes_are_those_of_the_standard_and_a_few_more():
    assert len([code for code in BY_TWO_LETTERS if len(code) == 2]) == 249 + 3
    assert all(re.fullmatch("[A-Z]{3}", three) for three in BY_TWO_LETTERS.values())
    assert len(set(BY_TWO_LETTERS.values())) == len(BY_TWO_LETTERS)


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
