"""Patronymics and women's families by the Russian endings."""

import pytest

from seeds.names.model import Part
from seeds.names.soviet import (
    inflect_families,
    inflect_family,
    name_father,
    name_father_latin,
)


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        (("Серік", "Serik"), ("Серікович", "Serikovich"), ("Серіковна", "Serikovna")),
        (("Абай", "Abai"), ("Абаевич", "Abayevich"), ("Абаевна", "Abayevna")),
        (("Иса", "Isa"), ("Исаевич", "Isayevich"), ("Исаевна", "Isayevna")),
        (("Жеңиш", "Zhenish"), ("Жеңишевич", "Zhenishevich"), ("Жеңишевна", "Zhenishevna")),
        (("Шералӣ", "Sherali"), ("Шералиевич", "Sheraliyevich"), ("Шералиевна", "Sheraliyevna")),
    ],
)
def test_name_father_takes_the_ending_of_the_last_letter(father, son, daughter):
    part = Part(*father)
    assert name_father(part, "M") == Part(*son)
    assert name_father(part, "F") == Part(*daughter)


@pytest.mark.parametrize(
    ("father", "son"),
    [("Karim", "Karimovich"), ("Abdulla", "Abdullayevich"), ("Yoʻldosh", "Yoʻldoshevich")],
)
def test_name_father_latin_takes_the_ending_of_the_last_letter(father, son):
    assert name_father_latin(Part(father, father), "M") == Part(son, son)


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        (("Ахметов", "Akhmetov"), ("Ахметова", "Akhmetova")),
        (("Әлиев", "Aliyev"), ("Әлиева", "Aliyeva")),
        (("Мусин", "Mussin"), ("Мусина", "Mussina")),
        (("Əliyev", "Aliyev"), ("Əliyeva", "Aliyeva")),
        (("Раҳимзода", "Rahimzoda"), ("Раҳимзода", "Rahimzoda")),
        (("Həsənli", "Hasanli"), ("Həsənli", "Hasanli")),
    ],
)
def test_inflect_family_adds_a_where_the_family_has_an_ending(man, woman):
    assert inflect_family(Part(*man)) == Part(*woman)


def test_inflect_families_keeps_the_order():
    families = (Part("Омаров", "Omarov"), Part("Ахметов", "Akhmetov"))
    assert [part.latin for part in inflect_families(families)] == ["Omarova", "Akhmetova"]
