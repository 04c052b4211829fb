"""Document numbers: adapters/matching/documents.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.documents import MAX_NUMBER_LENGTH, normalise_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ab 123-456", "AB123456"),
        ("АВ 123456", "AB123456"),
        ("АВ № 123456", "AB123456"),
        ("N°٠١٢۳", "N0123"),
        ("१२३/४", "1234"),
        ("ＡＢ１２", "AB12"),
        ("O0", "O0"),
        ("\u202e12\x0034\u200b", "1234"),
        ("---", ""),
        ("", ""),
    ],
)
def test_normalise_number_gives_one_spelling(written, number):
    assert normalise_number(written) == number


@given(st.text(max_size=80))
def test_normalise_number_is_idempotent_and_bounded(text):
    once = normalise_number(text)
    assert normalise_number(once[:MAX_NUMBER_LENGTH]) == once[:MAX_NUMBER_LENGTH]
    assert len(once) <= 6 * MAX_NUMBER_LENGTH


def test_normalise_number_stays_short_when_input_is_huge():
    assert len(normalise_number("\ufdfa" * 65_536)) <= 2 * MAX_NUMBER_LENGTH
