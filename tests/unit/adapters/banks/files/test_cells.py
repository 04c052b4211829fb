from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.files.cells import CELL_LIMIT, build_grid, name_columns, render_cell
from adapters.contract import BankFaultError


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  a b ", "a b"),
        ("   ", None),
        ("", None),
        (None, None),
        (1234.0, "1234"),
        (1234.5, "1234.5"),
        (12345678901234.0, "12345678901234"),
        (float("nan"), None),
        (float("inf"), None),
        (7, "7"),
        (0, "0"),
        (True, "true"),
        (False, "false"),
        (Decimal("12.00"), "12"),
        (Decimal("0.10"), "0.10"),
        (date(1965, 4, 12), "1965-04-12"),
        (datetime.fromisoformat("1965-04-12"), "1965-04-12"),
        (datetime.fromisoformat("1965-04-12T08:30"), "1965-04-12T08:30:00"),
        (time(8, 30), "08:30:00"),
    ],
)
def test_render_cell_writes_text(cell, text):
    assert render_cell(cell) == text


def test_render_cell_refuses_an_endless_cell():
    assert render_cell("x" * CELL_LIMIT) is not None
    with pytest.raises(BankFaultError, match="longer"):
        render_cell("x" * (CELL_LIMIT + 1))


def test_render_cell_refuses_what_is_no_value():
    with pytest.raises(BankFaultError, match="neither"):
        render_cell(["nested"])


@given(st.integers(min_value=-(2**53), max_value=2**53))
def test_render_cell_writes_a_floating_integer_as_the_integer(number):
    assert render_cell(float(number)) == render_cell(number) == str(number)


def test_name_columns_numbers_the_empty_ones():
    assert name_columns(["a", " ", None]) == ("a", "column 2", "column 3")


def test_name_columns_writes_no_dot_and_no_line_break():
    header = ["Тел.", "Дата\r\nрожд.", "U.S. visa", " . ", "a  b"]
    assert name_columns(header) == ("Тел", "Дата рожд", "U S visa", "column 4", "a  b")


def test_name_columns_refuses_names_that_differ_in_case_only():
    with pytest.raises(BankFaultError, match="same name"):
        name_columns(["ID", "id"])


def test_build_grid_takes_the_header_after_skipped_rows_and_drops_blank_ones():
    rows = iter([["A title"], [], ["", ""], ["id", "name"], [], ["1", "x"], ["", None]])
    grid = build_grid(rows, skip=1)
    assert grid.columns == ("id", "name")
    assert list(grid.rows) == [["1", "x"]]


def test_build_grid_keeps_the_first_row_when_columns_are_given():
    grid = build_grid(iter([["1", 0]]), ("id", "zero"))
    assert list(grid.rows) == [["1", 0]]


def test_build_grid_refuses_a_file_without_header():
    with pytest.raises(BankFaultError, match="no header"):
        build_grid(iter([[]]))
