"""Names taken apart: adapters/matching/analysis.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.analysis import MAX_TOKENS, analyse, count_parts, make_token


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Major General Haji Mullah Anwar Shah", ("anwar", "shah")),
        ("Fatima D/O Karim", ("fatima", "karim")),
        ("Karim son of Rashid", ("karim", "rashid")),
        ("Sona Rauf qızı Mammadova", ("sona", "rauf", "mammadova")),
        ("Nuri bin Salim al-Tamimi", ("nuri", "salim", "tamimi")),
        ("Hasan Zadeh", ("hasanzadeh",)),
        ("Den Brown", ("den", "brown")),
        ("Haji", ("haji",)),
    ],
)
def test_analyse_leaves_names_and_drops_what_stands_between(name, tokens):
    assert tuple(token.roman for token in analyse(name).tokens) == tokens


def test_analyse_gives_hashable_equal_results():
    assert hash(analyse("Anna Bek")) == hash(analyse("Anna Bek"))
    assert analyse("Anna Bek") == analyse("Anna Bek")


@pytest.mark.parametrize(
    ("name", "initials"),
    [("A. B. Wickrama", "ab"), ("எஸ். விக்ரம", "s"), ("Dr. Anna Bek", ""), ("Md. Karim", "")],
)
def test_analyse_reads_initials_in_latin_and_by_the_names_of_their_letters(name, initials):
    found = [token.roman for token in analyse(name).tokens if token.initial]
    assert "".join(found) == initials


@pytest.mark.parametrize("name", ["Rustamovich", "Рустамовна", "Rustam oʻgʻli", "Бекқызы"])
def test_analyse_marks_patronymics_that_end_as_such(name):
    glued = "".join(analyse(name).key) if " " not in name else "rustamogli"
    assert make_token(glued, "Latn").patronymic


def test_make_token_keeps_sounds_with_and_without_the_article():
    token = analyse("الكريمي").tokens[0]
    assert token.sounds.endswith(token.stem)
    assert len(token.sounds) == len(token.stem) + 2
    assert token.bare
    assert make_token("karimi", "Latn").stem == ""


@given(st.text(max_size=80))
def test_analyse_is_bounded_and_its_key_is_sorted(name):
    analysed = analyse(name)
    assert len(analysed.tokens) <= MAX_TOKENS
    assert list(analysed.key) == sorted(token.roman for token in analysed.tokens)
    assert all(token.roman and token.sounds for token in analysed.tokens)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Rustam Karimov", 2),
        ("Rustam", 1),
        ("Dr Rustam", 1),
        ("Rustam oğlu", 1),
        ("Abdul Rahman", 2),
        ("أبو علي", 2),
        ("K. A. Perera", 3),
        ("Ali s/o Hassan", 2),
        ("", 0),
    ],
)
def test_parts_of_a_name_are_counted(name, parts):
    assert count_parts(name) == parts
