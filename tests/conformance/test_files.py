"""Banks of kind files keep every clause: CSV, Parquet, Excel, fixed width, JSON lines and XML."""

import json
import os
from contextlib import asynccontextmanager
from typing import ClassVar
from xml.sax.saxutils import escape

import duckdb
import openpyxl
import pytest

from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance
from tests.conformance.register import BANK, COLUMNS, FIELDS, PATIENCE_S, PEOPLE, PERSONS, PHONE
from tests.conformance.sqlite import file_away, run_sqlite, slow_table

RECORD = """
[record]
table = "person"
key = "id"
"""
WIDTH = 20
PATHS = "columns = [{}]\n".format(
    ", ".join(f'{{ name = "{name}", path = "{name}" }}' for name in COLUMNS)
)


class FilesConformance(AdapterConformance):
    """What the formats have in common: they are loaded into a file of SQLite when opened."""

    made_for = 1
    patience_s = PATIENCE_S
    gaps: ClassVar[dict[str, str]] = {
        "C24": "statements run in threads of this process; no server can be asked"
    }

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path):
        self.folder, self.people = tmp_path, list(PEOPLE)
        self.file = tmp_path / ".loaded" / "register.sqlite"
        self.write(tmp_path / "person")
        text = BANK.format(kind="files") + self.files + RECORD + FIELDS
        (tmp_path / "bank.toml").write_text(text, encoding="utf-8")

    @asynccontextmanager
    async def open_adapter(self):
        adapter = await open_bank(self.folder / "bank.toml", self.folder)
        try:
            yield adapter
        finally:
            await adapter.close()

    def known(self):
        return PERSONS

    def crowd(self):
        return PHONE

    def slow(self):
        return slow_table(self.file)

    def outage(self):
        return file_away(self.file)

    async def change(self):
        self.people.append(("5", "Нұрлан", "Ахметов", "", "", "N5555555", "", "2026-02-01"))
        self.write(self.folder / "person")
        os.utime(self.folder / "person", ns=(1, 1))

    async def require_whole(self):
        assert run_sqlite(self.file, "SELECT COUNT(*) FROM person") == [(len(self.people),)]


class TestCsv(FilesConformance):
    """CSV."""

    files = '[files]\nformat = "csv"\n[[files.table]]\ntable = "person"\npath = "person"\n'

    def write(self, path):
        rows = (",".join(row) for row in (COLUMNS, *self.people))
        path.write_text("\n".join(rows), encoding="utf-8")


class TestParquet(FilesConformance):
    """Parquet."""

    files = TestCsv.files.replace("csv", "parquet")

    def write(self, path):
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE p ({', '.join(f'{c} VARCHAR' for c in COLUMNS)})")
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO p VALUES ({marks})", self.people)
            connection.execute(f"COPY p TO '{path}' (FORMAT parquet)")


class TestExcel(FilesConformance):
    """Excel."""

    files = TestCsv.files.replace("csv", "excel")

    def write(self, path):
        book = openpyxl.Workbook()
        for row in (COLUMNS, *self.people):
            book.active.append(row)
        book.save(path)


class TestFixed(FilesConformance):
    """Fixed width."""

    files = TestCsv.files.replace("csv", "fixed") + "columns = [{}]\n".format(
        ", ".join(
            f'{{ name = "{name}", start = {at * WIDTH}, width = {WIDTH} }}'
            for at, name in enumerate(COLUMNS)
        )
    )

    def write(self, path):
        lines = ("".join(cell.ljust(WIDTH) for cell in row) for row in self.people)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class TestLines(FilesConformance):
    """JSON lines."""

    files = TestCsv.files.replace("csv", "jsonl") + PATHS

    def write(self, path):
        people = (dict(zip(COLUMNS, row, strict=True)) for row in self.people)
        lines = (json.dumps(person, ensure_ascii=False) for person in people)
        path.write_text("\n".join(lines), encoding="utf-8")


class TestXml(FilesConformance):
    """XML."""

    files = TestCsv.files.replace("csv", "xml") + 'rows = "./person"\n' + PATHS

    def write(self, path):
        people = "".join(
            "<person>"
            + "".join(
                f"<{name}>{escape(cell)}</{name}>" for name, cell in zip(COLUMNS, row, strict=True)
            )
            + "</person>"
            for row in self.people
        )
        path.write_text(f"<register>{people}</register>", encoding="utf-8")
