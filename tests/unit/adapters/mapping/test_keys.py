"""A reference of several columns is of one key alone, and gives it back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mapping.keys import MAX_REFERENCE, RecordKey, name_slots, spread

PAIR = RecordKey(("t.region", "t.number"))
PARTS = st.text("~-a1 ß\n'", min_size=1, max_size=8).filter(lambda text: text == text.rstrip())


def write(*values):
    key = RecordKey(tuple(f"t.{place}" for place in range(len(values))))
    return key.write({f"t.{place}": value for place, value in enumerate(values)})


@pytest.mark.parametrize(
    ("values", "reference"),
    [
        ((12, "000345"), "12-000345"),
        (("AN  ", Decimal("7.0")), "AN-7"),
        ((1998, "A", 3), "1998-A-3"),
        (("A-B", "~"), "A~-B-~~"),
        ((-5, date(1998, 3, 4)), "~-5-1998~-03~-04"),
        (("   7", "x"), "   7-x"),
        ((" 7 ",), " 7"),
        (("A-B",), "A-B"),
    ],
)
def test_parts_are_joined_as_clerks_would_read_them(values, reference):
    assert write(*values) == reference


@pytest.mark.parametrize("values", [(12, None), (None, 12), (12, "  "), ("", 1), (1, b"\xff"), ()])
def test_key_with_a_part_missing_makes_no_reference(values):
    assert PAIR.write(dict(zip(PAIR.columns, values, strict=False))) == ""


@given(st.lists(PARTS, min_size=2, max_size=6))
def test_reference_gives_its_parts_back(parts):
    key = RecordKey(tuple(map(str, range(len(parts)))))
    reference = key.write(dict(zip(key.columns, parts, strict=True)))
    assert key.split(reference) == tuple(parts) or len(reference) > MAX_REFERENCE


@given(st.lists(PARTS, min_size=2, max_size=2), st.lists(PARTS, min_size=2, max_size=2))
def test_no_two_keys_have_one_reference(one, other):
    assert (write(*one) == write(*other)) is (one == other)


@pytest.mark.parametrize(
    "reference",
    [
        *("", "-", "12", "12-", "-345", "12-3-4", "12--4", "1~2-3", "1-2~", "~", "1~-2"),
        *("1-" + "2" * MAX_REFERENCE, "-" * 5000, "~-" * 5000, "12\u2013345"),
    ],
)
def test_text_of_another_form_is_no_reference(reference):
    assert PAIR.split(reference) == ()


@given(st.text(max_size=MAX_REFERENCE))
def test_every_text_has_one_meaning_or_none(reference):
    parts = PAIR.split(reference)
    assert not parts or write(*parts) == reference or any(p != p.rstrip() for p in parts)


def test_one_column_takes_every_text_as_it_is():
    assert RecordKey(("t.id",)).split("A-B~") == ("A-B~",)


def test_values_of_keys_stand_in_a_list_for_each_column():
    assert spread("key", [(1, "a"), (2, "b")]) == {"key": (1, 2), "keyb": ("a", "b")}
    assert len(set(name_slots("key", 6))) == 6
