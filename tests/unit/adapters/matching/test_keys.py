"""Blocking keys: adapters/matching/keys.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.keys import KEY_BYTES, blocking_keys, keyed

SECRET = b"0123456789abcdef"
SPELLINGS = [
    ("Mohammad Karimi", "محمد الكريمي"),
    ("Gulnora Karimova", "Гулнора Каримова"),
    ("Kamal Sharma", "कमल शर्मा"),
    ("Anwar Hossain", "আনোয়ার হোসেন"),
    ("Ahmed Nasheed", "އަޙްމަދު ނަޝީދު"),
    ("Giorgi Beridze", "გიორგი ბერიძე"),
    ("Nimal Perera", "නිමල් පෙරේරා"),
    ("Evgeny Petrenko", "Яўген Пятрэнка"),
    ("Cəfər Əliyev", "Джафар Алиев"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_blocking_keys_are_shared_by_spellings_in_two_scripts(one, other):
    assert len(blocking_keys(one) & blocking_keys(other)) >= 2


def test_blocking_keys_are_few_between_strangers():
    assert not blocking_keys("Giorgi Beridze") & blocking_keys("Kamal Sharma")


@pytest.mark.parametrize("name", ["", "123", "\x00", "\u202e"])
def test_blocking_keys_are_none_when_nothing_can_be_transliterated(name):
    assert blocking_keys(name) == frozenset()


@given(st.text(max_size=60))
def test_blocking_keys_are_bounded(name):
    assert len(blocking_keys(name)) <= 8 * 7 + 2 * 28


def test_blocking_keys_are_bounded_when_input_is_huge():
    keys = blocking_keys("ab\ufdfa де " * 10_000)
    assert len(keys) <= 8 * 7 + 2 * 28
    assert all(len(key) < 128 for key in keys)


def test_keyed_hides_keys_and_depends_on_the_secret():
    keys = blocking_keys("Gulnora Karimova")
    hashes = keyed(keys, SECRET)
    assert len(hashes) == len(keys)
    assert {len(value) for value in hashes} == {KEY_BYTES}
    assert hashes == keyed(keys, SECRET)
    assert not hashes & keyed(keys, SECRET[::-1])


@pytest.mark.parametrize("length", [0, 15, 65])
def test_keyed_refuses_a_secret_of_another_length(length):
    with pytest.raises(ValueError, match=r"secret must be 16\.\.64 bytes"):
        keyed(["a"], b"x" * length)
