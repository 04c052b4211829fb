"""Scores and explanations of names: adapters/matching/names.py and what it stands on."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.matching.names import MATCH_THRESHOLD, analyse, compare, score

SAME = [
    ("Gulnora Karimova", "Гулнора Каримова"),
    ("Mohammad Karimi", "محمد کریمی"),
    ("Mohammad Karimi", "محمد الكريمي"),
    ("Muhammad Rahimov", "Магомед Рагимов"),
    ("Yusuf Rahmani", "Юсуф Рахмани"),
    ("Abdul Rahman Nuri", "عبدالرحمن نوری"),
    ("Abd al-Rahman Nuri", "Abdurrahman Noori"),
    ("Evgeny Petrenko", "Yevhen Petrenko"),
    ("Николай Бондарь", "Микола Бондар"),
    ("Nodira Yoʻldosheva", "Нодира Йўлдошева"),
    ("Cəfər Əliyev", "Джафар Алиев"),
    ("İsmail Çelik", "Ismail Chelik"),
    ("Kamal Sharma", "कमल शर्मा"),
    ("Anwar Hossain", "আনোয়ার হোসেন"),
    ("Ahmed Nasheed", "އަޙްމަދު ނަޝީދު"),
    ("Giorgi Beridze", "გიორგი ბერიძე"),
    ("Nimal Perera", "නිමල් පෙරේරා"),
    ("Farida Nazari", "Nazari, Farida"),
    ("Olim Saidov Rustamovich", "Olim Saidov"),
    ("Anvar Saidov", "Anvar Rustam oʻgʻli Saidov"),
    ("A. B. Wickrama", "Ananda Bandula Wickrama"),
    ("Dr. Tariq Mahmood", "Tariq Mahmud"),
    ("Bilal Akhtar S/O Tariq Akhtar", "Bilal Akhtar Tariq"),
    ("Rahimullah Wardak", "Rahim Ullah Wardak"),
    ("Светла на Иванова", "Светлана Иванова"),
]
OTHER = [
    ("Elena Petrovna Sidorova", "Елена Петровна Бондаренко"),
    ("Oleg Ivanovich Smirnov", "Oleg Ivanovich Kuznetsov"),
    ("Mohammad Karimi", "محمد حسینی"),
    ("Ahmad Wardak", "Farida Wardak"),
    ("Kamal Sharma", "कमल थापा"),
    ("Giorgi Beridze", "ნინო ბერიძე"),
]
SCRIPTS = "abe zшжоиқғў əşç اوی‌محمد कमलি মান გეო 'ʻ-., \u202e\u0301"
names = st.text(alphabet=SCRIPTS, max_size=30) | st.text(max_size=20)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_score_reaches_the_threshold_for_spellings_of_one_name(one, other):
    assert score(one, other) >= MATCH_THRESHOLD


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_score_stays_below_the_threshold_when_one_part_is_another_name(one, other):
    assert score(one, other) < MATCH_THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [("ANNA BEK", "Bek, Anna"), ("Dr. Anna Bek", "anna bek"), ("O'tkir Bek", "Oʻtkir Bek")],
)
def test_score_is_one_for_names_that_are_equal_after_normalisation(one, other):
    assert score(one, other) == 1.0


@pytest.mark.parametrize(("one", "other"), [("", ""), ("123", "123"), ("", "Anna"), ("??", "??")])
def test_score_is_zero_when_a_name_cannot_be_transliterated(one, other):
    assert score(one, other) == 0.0


def test_score_falls_with_the_worst_part_rather_than_the_average():
    near = score("Timur Bekov Salim", "Timur Bekov Salem")
    far = score("Timur Bekov Salim", "Timur Bekov Golding")
    assert near > 0.9
    assert far < 0.2


def test_score_forgives_a_missing_patronymic_more_than_a_missing_name():
    without_patronymic = score("Olim Saidov", "Olim Rustamovich Saidov")
    without_name = score("Olim Saidov", "Olim Bakhtiyor Saidov")
    assert without_patronymic > without_name >= MATCH_THRESHOLD


@settings(max_examples=300)
@given(names, names)
@example("\ufdfa", "صلى")
@example("\x00", "\x00 a")
def test_score_is_symmetric_and_bounded(one, other):
    value = score(one, other)
    assert 0.0 <= value <= 1.0
    assert value == score(other, one)


@given(names)
def test_score_of_a_name_with_itself_is_one_unless_it_is_unreadable(name):
    assert score(name, name) == (1.0 if analyse(name).tokens else 0.0)


def test_score_stays_bounded_when_input_is_huge():
    assert 0.0 <= score("\ufdfa" * 65_536, "а б" * 30_000) <= 1.0
    assert len(analyse("ab " * 30_000).tokens) <= 8


@settings(max_examples=200)
@given(names, names)
def test_compare_accounts_for_each_token_once(one, other):
    compared = compare(one, other)
    assert compared.score == score(one, other)
    assert all(0.0 <= token.score <= 1.0 for token in compared.tokens)
    if compared.tokens:
        left = [token.one for token in compared.tokens if token.one]
        right = [token.other for token in compared.tokens if token.other]
        assert "".join(sorted("".join(left))) == "".join(sorted("".join(analyse(one).key)))
        assert "".join(sorted("".join(right))) == "".join(sorted("".join(analyse(other).key)))


@pytest.mark.parametrize(
    ("one", "other", "ways"),
    [
        ("Anna Bek", "Bek Anna", {"exact"}),
        ("Anna Bek", "Анна Бек", {"transliterated"}),
        ("Anvar Saidov", "Anwar Saydov", {"spelling"}),
        ("A. Saidov", "Anvar Saidov", {"initial", "exact"}),
        ("Olim Saidov", "Olim Rustamovich Saidov", {"exact", "missing"}),
        ("Olim Saidov", "Olim Golding", {"exact", "missing"}),
    ],
)
def test_compare_names_the_way_of_each_token(one, other, ways):
    assert {token.how for token in compare(one, other).tokens} == ways
