"""Arabic and Hebrew letters by their place: adapters/matching/abjads.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.abjads import write_abjad

LETTERS = "ابپتجچحخدذرزسشصضطظعغفقکگلمنوهیآأإةىئؤء"


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("احمد", "Vhmd"),
        ("ایران", "Yran"),
        ("نواز", "nvaz"),
        ("نور", "nWr"),
        ("ولی", "vlY"),
        ("یاسر", "yasr"),
        ("شاه", "shah"),
        ("فاطمه", "fatmH"),
        ("عثمان", "VTman"),
        ("عادل", "adl"),
        ("عبدالله", "Vbdullah"),
        ("عبدالحکیم", "VbdulhkYm"),
        ("גדעון", "gdVWn"),
    ],
)
def test_write_abjad_reads_weak_letters_by_their_place(word, latin):
    assert write_abjad(word) == latin


@given(st.text(LETTERS, max_size=20))
def test_write_abjad_leaves_no_letter_and_stays_short(word):
    latin = write_abjad(word)
    assert latin.isascii()
    assert len(latin) <= 2 * len(word) + 2
