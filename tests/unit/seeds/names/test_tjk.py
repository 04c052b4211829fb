"""Names of Tajikistan."""

import random

from seeds.names.tjk import NAMES, compose

ALPHABET = set("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя")


def test_lists_use_the_tajik_alphabet_and_all_its_own_letters():
    parts = (*NAMES.male, *NAMES.female, *NAMES.family)
    used = {letter for part in parts for letter in part.local.lower()}
    assert used <= ALPHABET
    assert set("ғӣқӯҳҷ") <= used


def test_compose_uses_the_older_and_the_newer_style():
    names = [compose(random.Random(seed), "F") for seed in range(400)]
    endings = {name.patronymic.latin[-3:] if name.patronymic else "" for name in names}
    assert endings == {"", "vna", "kht"}
    assert any(name.family.latin.endswith("zoda") for name in names)
    assert 90 < sum(not name.family.local.endswith("ва") for name in names) < 240
