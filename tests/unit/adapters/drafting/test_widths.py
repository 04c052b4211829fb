"""Columns of fixed width are guessed by a layout, a header or blanks."""

import pytest

from adapters.drafting.widths import find_columns, read_layout

ROWS = [("P1", "Karimov", "1985-03-14", "M"), ("P22", "Aslanova-Dana", "1990-12-01", "F")] * 3


def lay(rows, widths=(5, 15, 10, 2)):
    return "\n".join(
        "".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def slots(ruled):
    return [(column.name, column.start, column.width) for column in ruled.columns]


def test_columns_begin_behind_places_that_are_blank_everywhere_and_where_letters_follow_digits():
    ruled = find_columns(lay(ROWS))
    assert [column.start for column in ruled.columns] == [0, 5, 20, 30]
    assert ruled.columns[0].name == "column 1"
    assert ruled.skip == 0


def test_header_names_columns_and_is_skipped():
    ruled = find_columns(lay([("ID", "NAME", "BIRTHDATE", "S"), *ROWS]))
    assert slots(ruled) == [("ID", 0, 5), ("NAME", 5, 15), ("BIRTHDATE", 20, 10), ("S", 30, 1)]
    assert ruled.skip == 1


def test_first_person_is_no_header():
    assert find_columns(lay(ROWS)).skip == 0
    assert find_columns("Karimov   Rustam\nAslanova  Dana\n").skip == 0


def test_empty_text_has_one_column():
    assert len(find_columns("").columns) == 1


@pytest.mark.parametrize(
    "text",
    [
        "id 1 5\nname 6 15\nborn 21 10\n",
        "id;0;5\nname;5;15\nborn;20;10\n",
        "id 1-5\nname 6-20\nborn 21-30\n",
    ],
)
def test_layout_counts_from_one_or_none_and_tells_widths_or_ends(tmp_path, text):
    (tmp_path / "people.fmt").write_text("The layout of people\n" + text)
    ruled = read_layout(tmp_path / "people.dat")
    assert slots(ruled) == [("id", 0, 5), ("name", 5, 15), ("born", 20, 10)]
    assert ruled.why == "people.fmt says so"


def test_file_without_a_layout_or_with_an_empty_one_has_none(tmp_path):
    assert read_layout(tmp_path / "people.dat") is None
    (tmp_path / "people.fmt").write_text("nothing here")
    assert read_layout(tmp_path / "people.dat") is None
