import pytest

from adapters.banks.files.formats import open_grid
from adapters.contract import BankFaultError
from adapters.mapping.sources import Files

FIXED = [{"name": "id", "start": 0, "width": 2}, {"name": "name", "start": 2, "width": 3}]
XML = [{"name": "no", "path": "."}]


def open_first(tmp_path, data, **files):
    path = tmp_path / "data"
    path.write_bytes(data)
    read = Files.model_validate(files)
    grid = open_grid(read, read.tables[-1], path=path)
    return grid.columns, [list(row) for row in grid.rows]


def test_open_grid_reads_csv_by_its_header(tmp_path):
    tables = [{"table": "a", "path": "data", "skip": 1}]
    found = open_first(tmp_path, b"Title\nid;n\n1;x\n", format="csv", delimiter=";", table=tables)
    assert found == (("id", "n"), [["1", "x"]])


def test_open_grid_reads_csv_without_header(tmp_path):
    tables = [{"table": "a", "path": "data", "header": False, "columns": ["id", "n"]}]
    found = open_first(tmp_path, b"1,x\n", format="csv", table=tables)
    assert found == (("id", "n"), [["1", "x"]])


def test_open_grid_reads_fixed_width(tmp_path):
    tables = [{"table": "a", "path": "data", "columns": FIXED}]
    data = "01Аҳ\n\n02Б".encode()
    found = open_first(tmp_path, data, format="fixed", table=tables)
    assert found == (("id", "name"), [["01", "Аҳ"], ["02", "Б"]])


@pytest.mark.parametrize("listed", [True, False], ids=["parent is a table", "parent is none"])
def test_open_grid_finds_the_parent_row_of_child_rows(tmp_path, listed):
    child = {"table": "b", "path": "data", "rows": "p/x/n", "parent": "id", "columns": XML}
    parent = {"table": "a", "path": "data", "rows": "p", "columns": XML}
    tables = [parent, child] if listed else [child]
    data = b"<r><p><id>1</id><x><id>2</id><n>A</n></x></p></r>"
    found = open_first(tmp_path, data, format="xml", table=tables)
    assert found == (("_parent", "no"), [["1" if listed else "2", "A"]])


@pytest.mark.parametrize("kind", ["parquet", "excel"])
def test_open_grid_refuses_a_file_of_another_format(tmp_path, kind):
    with pytest.raises(BankFaultError):
        open_first(tmp_path, b"id\n1\n", format=kind, table=[{"table": "a", "path": "data"}])
