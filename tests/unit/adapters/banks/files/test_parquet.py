import duckdb
import pytest

from adapters.banks.files import parquet
from adapters.banks.files.cells import render_cell
from adapters.banks.files.parquet import read_parquet
from adapters.contract import BankFaultError


@pytest.fixture
def write(tmp_path):
    def save(query, name="it's.parquet"):
        path = tmp_path / name
        quoted = str(path).replace("'", "''")
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet)")
        return path

    return save


def test_read_parquet_reads_text_numbers_and_dates(write):
    path = write(
        """SELECT 'अहमद' AS "na""me", 7::bigint AS id, 12.0::double AS year,
        1.50::decimal(9,2) AS sum, date '1965-04-12' AS born,
        timestamptz '2020-01-02 03:04:05+00' AS seen,
        NULL AS nothing, true AS flag"""
    )
    grid = read_parquet(path)
    assert grid.columns == ('na"me', "id", "year", "sum", "born", "seen", "nothing", "flag")
    (row,) = grid.rows
    assert [render_cell(cell) for cell in row] == [
        "अहमद", "7", "12", "1.50", "1965-04-12", "2020-01-02 03:04:05+00", None, "true",
    ]  # fmt: skip


def test_read_parquet_leaves_nested_and_binary_columns_out(write):
    path = write("SELECT 1 AS id, [1] AS list, {'a': 1} AS struct, 'x'::blob AS blob")
    assert read_parquet(path).columns == ("id",)
    with pytest.raises(BankFaultError, match="no column"):
        read_parquet(write("SELECT [1] AS list"))


def test_read_parquet_reads_more_rows_than_one_batch(write):
    assert len(list(read_parquet(write("SELECT range AS id FROM range(4_321)")).rows)) == 4_321


def test_read_parquet_refuses_another_format(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_text("id\n1\n")
    with pytest.raises(BankFaultError, match="not Parquet"):
        read_parquet(path)


def test_connect_opens_no_other_file_and_stays_locked(write, tmp_path):
    path = write("SELECT 1 AS id")
    other = write("SELECT 2 AS id", "other.parquet")
    with parquet._connect(path) as connection:
        assert connection.execute("SELECT id FROM read_parquet(?)", [str(path)]).fetchall() == [
            (1,)
        ]
        with pytest.raises(duckdb.PermissionException):
            connection.execute("SELECT id FROM read_parquet(?)", [str(other)])
        with pytest.raises(duckdb.Error, match="locked"):
            connection.execute("SET enable_external_access = true")
