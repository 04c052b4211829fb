import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from adapters.banks.files import excel
from adapters.banks.files.cells import render_cell
from adapters.banks.files.excel import read_excel
from adapters.contract import BankFaultError, MappingError

SEEN = datetime.fromisoformat("2020-01-02T03:04")


@pytest.fixture
def book(tmp_path):
    made = Workbook()
    made.active.title = "First"
    made.active.append(["id"])
    sheet = made.create_sheet("ރަޖިސްޓަރީ")
    sheet.append(["id", "name", "born", "height", "seen", "flag"])
    sheet.append([1234, "އަޙްމަދު", date(1965, 4, 12), 1.75, SEEN, True])
    sheet.append([5, None, None, None, None, False])
    path = tmp_path / "a.xlsx"
    made.save(path)
    made.close()
    return path


def test_read_excel_reads_a_sheet_with_numbers_and_dates(book):
    rows = [[render_cell(cell) for cell in row] for row in read_excel(book, "ރަޖިސްޓަރީ")]
    assert rows[1] == ["1234", "އަޙްމަދު", "1965-04-12", "1.75", "2020-01-02T03:04:00", "true"]
    assert rows[2] == ["5", None, None, None, None, "false"]


def test_read_excel_takes_the_first_sheet_when_none_is_named(book):
    assert list(read_excel(book)) == [["id"]]


def test_read_excel_refuses_a_sheet_that_is_not_there(book):
    with pytest.raises(MappingError, match='"Second"'):
        list(read_excel(book, "Second"))


def test_read_excel_refuses_what_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("id;name")
    with pytest.raises(BankFaultError, match="not a workbook"):
        list(read_excel(path))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a", "b")
    with pytest.raises(BankFaultError, match="not a workbook"):
        list(read_excel(path))


def test_read_excel_refuses_a_workbook_that_unpacks_to_too_much(book, monkeypatch):
    monkeypatch.setattr(excel, "_UNPACKED_LIMIT", 100)
    with pytest.raises(BankFaultError, match="unpacks"):
        list(read_excel(book))
