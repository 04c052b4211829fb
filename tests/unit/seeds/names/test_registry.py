"""What holds for the names of every member."""

import random
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.registry import MEMBERS, compose_for, lists_for

SCRIPT_WORDS = {
    "Arab": "ARABIC",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Geor": "GEORGIAN",
    "Latn": "LATIN",
    "Sinh": "SINHALA",
    "Taml": "TAMIL",
    "Thaa": "THAANA",
}
EXPECTED = {
    "AFG": "Arab", "AZE": "Latn", "BGD": "Beng", "GEO": "Geor", "IND": "Deva", "IRN": "Arab",
    "KAZ": "Cyrl", "KGZ": "Cyrl", "LKA": "Sinh", "MDV": "Thaa", "NPL": "Deva", "PAK": "Arab",
    "TJK": "Cyrl", "TUR": "Latn", "UZB": "Latn",
}  # fmt: skip
# Letters that Unicode files under no script but that these alphabets use inside words.
SHARED = frozenset(" -.'\u200c\u200dʻʼ")

members = st.sampled_from(sorted(EXPECTED))
sexes = st.sampled_from("MF")
seeds = st.integers(0, 2**32)


def in_script(text, *scripts):
    words = tuple(SCRIPT_WORDS[script] for script in scripts)
    return all(
        letter in SHARED or unicodedata.name(letter, "").startswith(words) for letter in text
    )


def every_part(lists):
    return [*lists.male, *lists.female, *lists.family, *lists.family_female]


def test_members_are_the_fifteen():
    assert {member: lists_for(member).script for member in MEMBERS} == EXPECTED


def test_lists_for_refuses_an_unknown_member():
    with pytest.raises(KeyError):
        lists_for("XXX")


@pytest.mark.parametrize("member", sorted(EXPECTED))
def test_lists_have_the_agreed_sizes(member):
    lists = lists_for(member)
    assert len(lists.male) >= 70
    assert len(lists.female) >= 60
    assert len(lists.family) >= 90
    assert len(lists.family_female) in {0, len(lists.family)}


@pytest.mark.parametrize("member", sorted(EXPECTED))
@pytest.mark.parametrize("kind", ["male", "female", "family"])
def test_lists_have_no_duplicates(member, kind):
    counted = Counter(part.local for part in getattr(lists_for(member), kind))
    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("member", sorted(EXPECTED))
def test_lists_stay_in_their_script(member):
    lists = lists_for(member)
    scripts = (lists.script, "Taml") if member == "LKA" else (lists.script,)
    assert [part for part in every_part(lists) if not in_script(part.local, *scripts)] == []
    assert [part for part in every_part(lists) if not in_script(part.latin, "Latn")] == []


@pytest.mark.parametrize("member", sorted(EXPECTED))
def test_lists_are_composed_letters_without_stray_blanks(member):
    for part in every_part(lists_for(member)):
        for text in (part.local, part.latin):
            assert text == " ".join(text.split())
            assert unicodedata.is_normalized("NFC", text)
        assert part.latin[:1].isupper()


@given(members, seeds, sexes)
def test_compose_repeats_itself_for_one_seed(member, seed, sex):
    once = compose_for(member, random.Random(seed), sex)
    assert compose_for(member, random.Random(seed), sex) == once


@given(members, seeds, sexes)
def test_compose_fills_what_it_says(member, seed, sex):
    name = compose_for(member, random.Random(seed), sex)
    assert (name.sex, name.origin) == (sex, member)
    assert name.given.local
    assert name.local().split()
    assert in_script(name.latin(), "Latn")
    assert len(name.parts()) == len([p for p in (name.given, name.patronymic, name.family) if p])


@pytest.mark.parametrize("member", sorted(EXPECTED))
@pytest.mark.parametrize("sex", ["M", "F"])
def test_compose_varies(member, sex):
    rng = random.Random(11)
    assert len({compose_for(member, rng, sex).local() for _ in range(200)}) > 150
