"""Names of Afghanistan."""

import random

from seeds.names.afg import NAMES, compose

LETTERS = set("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤ\u200c ")


def test_lists_use_persian_letters_never_the_arabic_kaf_and_yeh():
    for part in (*NAMES.male, *NAMES.female, *NAMES.family):
        assert set(part.local) <= LETTERS, part


def test_compose_gives_a_father_and_no_family():
    names = [compose(random.Random(seed), "MF"[seed % 2]) for seed in range(200)]
    assert all(name.father and name.family is None and name.patronymic is None for name in names)
    double = sum(" " in name.given.latin for name in names)
    assert 70 < double < 150
    assert all(name.local() == name.given.local for name in names)
