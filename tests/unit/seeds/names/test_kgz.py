"""Names of Kyrgyzstan."""

import random

from seeds.names.kgz import NAMES, compose

ALPHABET = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү")


def test_lists_use_the_kyrgyz_alphabet_and_all_its_own_letters():
    parts = (*NAMES.male, *NAMES.female, *NAMES.family)
    used = {letter for part in parts for letter in part.local.lower()}
    assert used <= ALPHABET
    assert set("ңөү") <= used


def test_compose_puts_uulu_and_kyzy_in_the_family_without_a_patronymic():
    for sex, word in (("M", " уулу"), ("F", " кызы")):
        names = [compose(random.Random(seed), sex) for seed in range(300)]
        fathers = [name for name in names if name.family.local.endswith(word)]
        assert 30 < len(fathers) < 110
        assert all(name.patronymic is None for name in fathers)
        others = [name for name in names if name not in fathers]
        assert any(name.patronymic for name in others)
