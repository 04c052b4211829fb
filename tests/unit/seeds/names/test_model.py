"""The order in which members write the parts of a name."""

import pytest

from seeds.names.model import FullName, Part

GIVEN = Part("Əli", "Ali")
PATRONYMIC = Part("Həsən oğlu", "Hasan oghlu")
FAMILY = Part("Məmmədov", "Mammadov")
FATHER = Part("Həsən", "Hasan")


@pytest.mark.parametrize("member", ["AZE", "KAZ", "KGZ", "TJK", "UZB"])
def test_local_puts_the_family_first_when_the_member_does(member):
    name = FullName(GIVEN, PATRONYMIC, FAMILY, None, "Latn", "M", member)
    assert name.local() == "Məmmədov Əli Həsən oğlu"
    assert name.latin() == "Mammadov Ali Hasan oghlu"


def test_local_puts_the_family_last_elsewhere():
    name = FullName(GIVEN, None, FAMILY, None, "Latn", "M", "TUR")
    assert name.local() == "Əli Məmmədov"


def test_local_leaves_out_missing_parts_and_the_father():
    name = FullName(GIVEN, None, None, FATHER, "Arab", "M", "AFG")
    assert name.local() == "Əli"
    assert name.parts() == (GIVEN,)
