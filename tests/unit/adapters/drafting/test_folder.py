"""A folder of files is looked at: code page, delimiter, columns, values."""

import pytest

from adapters.drafting.draft import draft, look
from adapters.drafting.folder import look_at_folder
from adapters.drafting.shape import DraftError
from adapters.mapping.read import read_mapping

LINES = ["ID;ФАМИЛИЯ;ИМЯ;ДАТА РОЖДЕНИЯ"]
LINES += [f"{n};Каримов{'аеиоу'[n % 5]};Рустам;{n % 28 + 1:02d}.05.1984" for n in range(30)]


def test_delimited_text_of_another_code_page_becomes_a_mapping_that_can_be_read(tmp_path):
    (tmp_path / "лица.csv").write_bytes("\n".join(LINES).encode("cp1251"))
    seen = look(str(tmp_path), tmp_path)
    (encoding,) = [line for line in seen.block if line.startswith("encoding")]
    assert encoding.startswith('encoding = "cp1251"  # guess: ')
    assert 'delimiter = ";"' in seen.block
    path = tmp_path / "mapping.toml"
    path.write_text(draft(seen, bank="persons"), encoding="utf-8")
    mapping = read_mapping(path)
    assert mapping.record.table == "лица"
    assert mapping.record.key == ("ID",)
    assert {block.name.value for block in mapping.fields} == {"name", "birth_date"}


def test_folder_without_tables_says_what_it_wants(tmp_path):
    (tmp_path / "read.me").write_text("x")
    with pytest.raises(DraftError, match=r"\.csv"):
        look_at_folder(tmp_path)


def test_workbook_that_is_none_is_refused_by_its_name(tmp_path):
    (tmp_path / "people.xlsx").write_text("not a workbook")
    with pytest.raises(DraftError, match=r"people\.xlsx"):
        look_at_folder(tmp_path)
