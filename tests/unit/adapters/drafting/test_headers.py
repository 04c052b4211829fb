"""The header of an export is found below its titles."""

import pytest
from openpyxl import Workbook

from adapters.drafting.draft import draft, look
from adapters.drafting.headers import find_header
from adapters.mapping.read import read_mapping
from adapters.mapping.sources import Files, FileTable

HEADER = ["№ п/п", "Фамилия", "Имя", "Дата\nрожд.", "Тел."]
ROWS = [[n, "Каримов", "Рустам", f"{n + 10}.05.1984", f"+7 701 000-00-0{n}"] for n in range(9)]
TITLES = [["Министерство"], [], ["Список розыска", None, "01.02.2026"]]


def write_workbook(path, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize("titles", [[], TITLES[:1], TITLES])
def test_header_of_a_workbook_stands_below_its_titles(tmp_path, titles):
    write_workbook(tmp_path / "list.xlsx", [*titles, HEADER, *ROWS])
    files = Files(format="excel", table=(FileTable(table="list", path="list.xlsx"),))
    assert find_header(files, tmp_path / "list.xlsx") == len(titles)


@pytest.mark.parametrize("text", ["", "\n\n", ";;\n"])
def test_file_without_any_value_has_no_titles(tmp_path, text):
    (tmp_path / "list.csv").write_text(text)
    table = FileTable(table="list", path="list.csv")
    files = Files(format="csv", delimiter=";", table=(table,))
    assert find_header(files, tmp_path / "list.csv") == 0


def test_header_may_have_fewer_cells_than_the_rows(tmp_path):
    (tmp_path / "list.csv").write_text("a;b;c\n1;2;3;4\n1;2;3;4\n")
    table = FileTable(table="list", path="list.csv")
    files = Files(format="csv", delimiter=";", table=(table,))
    assert find_header(files, tmp_path / "list.csv") == 0


@pytest.mark.parametrize("kind", ["csv", "excel"])
def test_draft_of_an_export_with_titles_and_dots_in_its_header_can_be_read(tmp_path, kind):
    if kind == "csv":
        lines = [";".join(f'"{cell}"' for cell in row) for row in [HEADER, *ROWS]]
        (tmp_path / "list.csv").write_text("\n".join(["sep=;", "Список розыска;;;;", *lines]))
    else:
        write_workbook(tmp_path / "list.xlsx", [*TITLES, HEADER, *ROWS])
    path = tmp_path / "mapping.toml"
    path.write_text(draft(look(str(tmp_path), tmp_path)), encoding="utf-8")
    mapping = read_mapping(path)
    assert mapping.files.tables[0].skip == (2 if kind == "csv" else 3)
    columns = {field.name: getattr(field, "column", None) for field in mapping.fields}
    assert columns["birth_date"] == "list.Дата рожд"
    assert columns["identifier"] == "list.Тел"


def test_columns_of_one_name_are_told_apart_and_can_be_read(tmp_path):
    rows = [f"{n};Каримов;0{n}.05.1984;0{n}.06.2020;note" for n in range(1, 9)]
    (tmp_path / "list.csv").write_text("\n".join(["id;Фамилия;Дата;дата;", *rows]))
    path = tmp_path / "mapping.toml"
    path.write_text(draft(look(str(tmp_path), tmp_path)), encoding="utf-8")
    assert "columns = [  # guess: the header has one name twice" in path.read_text("utf-8")
    (table,) = read_mapping(path).files.tables
    assert (table.header, table.skip) == (False, 1)
    told = ["id", "Фамилия", "Дата", "дата 2", "column 5"]
    assert [column.name for column in table.columns] == told
