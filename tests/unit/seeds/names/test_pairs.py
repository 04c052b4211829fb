"""Reading and drawing of name parts."""

import random

import pytest

from seeds.names.model import Part
from seeds.names.pairs import draw, join_parts, read_parts, read_same

ALI = Part("علی", "Ali")
REZA = Part("رضا", "Reza")


def test_read_parts_keeps_order_and_trims_over_lines():
    assert read_parts("\nAli=علی,\n Reza = رضا\n") == (ALI, REZA)


def test_read_parts_keeps_blanks_inside_a_name():
    assert read_parts("Abdul Ghani=عبدالغنی")[0].latin == "Abdul Ghani"


@pytest.mark.parametrize("text", ["Ali", "=علی", "Ali=", "Ali=علی,", ""])
def test_read_parts_refuses_an_entry_without_two_sides(text):
    with pytest.raises(ValueError, match="name list"):
        read_parts(text)


def test_read_same_uses_one_form_twice():
    assert read_same("Akbar, Aziz") == (Part("Akbar", "Akbar"), Part("Aziz", "Aziz"))


def test_join_parts_joins_both_scripts():
    assert join_parts(ALI, REZA) == Part("علی رضا", "Ali Reza")
    assert join_parts(ALI, REZA, glue="") == Part("علیرضا", "AliReza")


def test_draw_never_returns_the_excluded_part():
    rng = random.Random(3)
    assert {draw(rng, (ALI, REZA), unlike=ALI) for _ in range(30)} == {REZA}
