"""Names of Uzbekistan."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.uzb import NAMES, compose, to_cyrillic

LATIN = set("abcdefghijklmnopqrstuvxyzʻʼ")
CYRILLIC = set("абвгдеёжзийклмнопрстуфхцчшъэюяўқғҳ")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Oʻtkir", "Ўткир"),
        ("O'tkir", "Ўткир"),
        ("Gʻayrat", "Ғайрат"),
        ("Yoʻldoshev", "Йўлдошев"),
        ("Shahnoza Choriyeva", "Шаҳноза Чориева"),
        ("Ergashev", "Эргашев"),
        ("Raʼno", "Раъно"),
        ("Xurshida Qodirova", "Хуршида Қодирова"),
        ("Surayyo", "Сурайё"),
        ("Isʼhoq", "Исҳоқ"),
        ("Karim oʻgʻli", "Карим ўғли"),
        ("Yusuf", "Юсуф"),
        ("Jahongir", "Жаҳонгир"),
    ],
)
def test_to_cyrillic_follows_the_letter_table(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic


def test_lists_use_the_uzbek_alphabet():
    for part in (*NAMES.male, *NAMES.female, *NAMES.family):
        assert set(part.local.lower()) <= LATIN
        assert set(to_cyrillic(part.local).lower()) <= CYRILLIC
        assert to_cyrillic(part.latin) == to_cyrillic(part.local)


@given(st.integers(0, 2**32), st.sampled_from("MF"))
def test_compose_inflects_for_women(seed, sex):
    name = compose(random.Random(seed), sex)
    assert name.family is not None
    assert name.family.latin.endswith("a") is (sex == "F")
    if name.patronymic is not None:
        endings = ("oʻgʻli", "vich") if sex == "M" else ("qizi", "vna")
        assert name.patronymic.local.endswith(endings)


def test_compose_leaves_out_the_patronymic_of_some():
    missing = sum(compose(random.Random(seed), "M").patronymic is None for seed in range(500))
    assert 20 < missing < 120
