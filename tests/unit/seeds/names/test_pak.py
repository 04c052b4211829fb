"""Names of Pakistan."""

import random

from seeds.names.pak import NAMES, compose

LETTERS = set("آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤٰ ")


def test_lists_use_urdu_letters_never_the_arabic_or_persian_ones():
    for part in (*NAMES.male, *NAMES.female, *NAMES.family):
        assert set(part.local) <= LETTERS, part


def test_compose_always_gives_a_father_and_sometimes_a_family():
    names = [compose(random.Random(seed), "MF"[seed % 2]) for seed in range(300)]
    assert all(name.father for name in names)
    assert 100 < sum(name.family is None for name in names) < 200


def test_compose_gives_men_muhammad_often_and_women_never():
    men = [compose(random.Random(seed), "M").given.latin for seed in range(300)]
    women = [compose(random.Random(seed), "F").given.latin for seed in range(300)]
    assert 60 < sum(name.startswith("Muhammad ") for name in men) < 200
    assert not any(name.startswith("Muhammad") for name in women)
