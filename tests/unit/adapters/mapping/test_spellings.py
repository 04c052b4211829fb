import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mapping.spellings import MAX_SPELLINGS, spell, spell_series
from adapters.matching.documents import normalise_number

NUMBERS = st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True)
SCRIPTS = st.lists(st.sampled_from(["Cyrl", "Latn", "Arab", "Deva", "Beng", "Thaa"]), max_size=3)


@pytest.mark.parametrize(
    ("number", "scripts", "written"),
    [
        ("N1234567", (), "N 1234567"),
        ("N1234567", (), "n-1234567"),
        ("AB123456", ("Cyrl",), "АВ 123456"),
        ("AB123456", ("Cyrl",), "ав123456"),
        ("123ABC02", (), "123 ABC 02"),
        ("A1234", ("Arab",), "A۱۲۳۴"),
        ("1234", ("Deva",), "१२३४"),
    ],
)
def test_spell_writes_as_clerks_do(number, scripts, written):
    assert written in spell(number, scripts)


def test_spell_fills_the_shapes_of_the_bank():
    assert "35202-1234567-1" in spell("3520212345671", (), ("#####-#######-#", "##"))


@given(NUMBERS, SCRIPTS)
def test_every_spelling_is_the_same_number(number, scripts):
    spelled = spell(number, tuple(scripts))
    assert spelled[0] == number
    assert len(spelled) == len(set(spelled)) <= MAX_SPELLINGS
    assert {normalise_number(form) for form in spelled} == {normalise_number(number)}


@given(NUMBERS, SCRIPTS)
def test_series_and_number_hold_each_cut(number, scripts):
    series, numbers = spell_series(number, tuple(scripts))
    assert "" in series
    assert number in numbers
    for cut in range(1, min(6, len(number) - 3) + 1):
        assert number[:cut] in series
        assert number[cut:] in numbers
