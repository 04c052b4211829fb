"""Assigning tokens: adapters/matching/alignment.py."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.alignment import assign, glue, liken
from adapters.matching.analysis import analyse

words = st.lists(st.text("abdkmnrs", min_size=2, max_size=5), min_size=1, max_size=4)


def _token(name):
    return analyse(name).tokens[0]


@given(words, words)
def test_assign_finds_the_greatest_sum(left, right):
    one, other = analyse(" ".join(left)), analyse(" ".join(right))
    if len(one.tokens) > len(other.tokens):
        one, other = other, one
    table = [[liken(a, b) for b in other.tokens] for a in one.tokens]
    best = max(
        sum(table[i][j] for i, j in enumerate(places))
        for places in permutations(range(len(other.tokens)), len(one.tokens))
    )
    pairs = assign(one, other)
    assert sum(value for _, _, value in pairs) == pytest.approx(best)
    assert len({i for i, _, _ in pairs}) == len({j for _, j, _ in pairs}) == len(one.tokens)


def test_assign_gives_the_least_alike_first_and_turns_with_its_arguments():
    one, other = analyse("Anna Bek Sona"), analyse("Sona Bak Anna Rauf")
    pairs = assign(one, other)
    assert [value for _, _, value in pairs] == sorted(value for _, _, value in pairs)
    assert {(j, i) for i, j, _ in assign(other, one)} == {(i, j) for i, j, _ in pairs}


def test_assign_stays_quick_for_many_tokens():
    many = analyse("ana ani ano anu ane ena eni eno")
    assert len(assign(many, many)) == len(many.tokens)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Anna", "Anna", 1.0, 1.0),
        ("Nikolai", "Микола", 0.95, 1.0),
        ("A.", "Anna", 0.7, 0.8),
        ("B.", "Anna", 0.0, 0.0),
        ("Karimi", "الكريمي", 0.9, 1.0),
        ("Sidorova", "Bondarenko", 0.0, 0.4),
    ],
)
def test_liken_knows_the_ways_of_agreeing(one, other, least, most):
    assert least <= liken(_token(one), _token(other)) <= most
    assert liken(_token(one), _token(other)) == liken(_token(other), _token(one))


def test_glue_joins_what_the_other_name_writes_as_one_word():
    one, other = glue(analyse("Rustam Bek Saidov"), analyse("Rustambek Saidov"))
    assert [token.roman for token in one.tokens] == ["rustambek", "saidov"]
    assert other == analyse("Rustambek Saidov")


def test_glue_leaves_names_alone_that_agree_part_by_part():
    one = analyse("Anna Bek")
    assert glue(one, analyse("Anna Bekova"))[0] == one
