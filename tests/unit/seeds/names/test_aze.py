"""Names of Azerbaijan."""

import random

from seeds.names.aze import NAMES, compose

ALPHABET = set("abcçdeəfgğhxıijkqlmnoöprsştuüvyz")


def test_lists_use_the_azerbaijani_alphabet():
    for part in (*NAMES.male, *NAMES.female, *NAMES.family):
        lowered = part.local.replace("İ", "i").replace("I", "ı").lower()
        assert set(lowered) <= ALPHABET, part
        assert part.latin.isascii(), part


def test_compose_writes_the_father_with_son_or_daughter():
    for seed in range(100):
        man = compose(random.Random(seed), "M")
        woman = compose(random.Random(seed), "F")
        assert man.local().endswith(" oğlu")
        assert man.latin().endswith(" oghlu")
        assert woman.local().endswith(" qızı")
        assert woman.latin().endswith(" gizi")
        assert man.family in NAMES.family
        assert woman.family in NAMES.family_female
