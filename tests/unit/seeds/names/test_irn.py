"""Names of Iran."""

import random

from seeds.names.irn import NAMES, compose

LETTERS = set("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤ\u200c ")


def test_lists_use_persian_letters_never_the_arabic_kaf_and_yeh():
    for part in (*NAMES.male, *NAMES.female, *NAMES.family):
        assert set(part.local) <= LETTERS, part


def test_families_have_the_usual_endings():
    for ending in ("zadeh", "pour", "nejad", "nia", "ian", "far", "doust", "i"):
        assert any(part.latin.endswith(ending) for part in NAMES.family), ending


def test_compose_puts_a_place_behind_some_families():
    names = [compose(random.Random(seed), "M") for seed in range(300)]
    assert all(name.family for name in names)
    assert 10 < sum(" " in name.family.latin for name in names) < 80
    assert all(name.latin().startswith(name.given.latin) for name in names)
