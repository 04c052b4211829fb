import pytest

from adapters.banks.files.cells import CELL_LIMIT
from adapters.banks.files.fixed import read_fixed
from adapters.contract import BankFaultError


def test_read_fixed_counts_characters_and_not_bytes(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("0001Рӯзӣ  Ҳ\n".encode())
    assert list(read_fixed(path, "utf-8", slots=[(0, 4), (4, 6), (10, 1)])) == [
        ["0001", "Рӯзӣ", "Ҳ"]
    ]


def test_read_fixed_reads_lines_that_end_early(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("0001Рахим\r\n0002\r\n\x1a".encode("cp1251"))
    rows = list(read_fixed(path, "cp1251", slots=[(0, 4), (4, 6)]))
    assert rows == [["0001", "Рахим"], ["0002", ""], ["", ""]]


def test_read_fixed_refuses_an_endless_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x" * (CELL_LIMIT + 5))
    with pytest.raises(BankFaultError, match="characters"):
        list(read_fixed(path, "utf-8", slots=[(0, 4)]))
