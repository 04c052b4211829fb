"""Names of Kazakhstan."""

import random

from seeds.names.kaz import NAMES, compose

ALPHABET = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі")


def test_lists_use_the_kazakh_alphabet_and_all_its_own_letters():
    parts = (*NAMES.male, *NAMES.female, *NAMES.family)
    used = {letter for part in parts for letter in part.local.lower()}
    assert used <= ALPHABET
    assert set("әғқңөұүһі") <= used


def test_compose_uses_both_styles_of_patronymic_and_none():
    names = [compose(random.Random(seed), "F") for seed in range(300)]
    endings = {name.patronymic.local[-4:] if name.patronymic else "" for name in names}
    assert endings == {"", "қызы", "овна", "евна"}
    men = [compose(random.Random(seed), "M") for seed in range(300)]
    assert {name.patronymic.latin[-3:] if name.patronymic else "" for name in men} == {
        "",
        "uly",
        "ich",
    }


def test_compose_takes_women_their_form_of_the_family():
    for seed in range(200):
        family = compose(random.Random(seed), "F").family
        assert not family.local.endswith(("ов", "ев"))
