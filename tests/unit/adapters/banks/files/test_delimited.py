import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.files.delimited import read_delimited
from adapters.contract import BankFaultError


def test_read_delimited_reads_code_page_delimiter_and_quotes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(
        'id;ном\r\n1;"Раҳимов; А"\r\n2;"two\nlines"\r\n'.replace("ҳ", "х").encode("cp1251")
    )
    rows = list(read_delimited(path, "cp1251", delimiter=";"))
    assert rows == [["id", "ном"], ["1", "Рахимов; А"], ["2", "two\nlines"]]


def test_read_delimited_drops_the_end_mark_of_old_exports(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,a\r\n\x1a")
    assert list(read_delimited(path, "utf-8", delimiter=",")) == [["1", "a"]]


def test_read_delimited_names_the_line_of_an_endless_cell(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1,a\n2," + "x" * 200_000)
    with pytest.raises(BankFaultError, match="line 2"):
        list(read_delimited(path, "utf-8", delimiter=","))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\x1a"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6))
def test_read_delimited_reads_back_what_was_written(tmp_path_factory, rows):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes(text.getvalue().encode())
    assert list(read_delimited(path, "utf-8", delimiter=";")) == rows
