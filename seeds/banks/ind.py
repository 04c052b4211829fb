"""India: a Parquet file; Devanagari and English letters, single names, birth years only.

DuckDB writes it on one thread, so that equal rows make equal bytes.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import duckdb

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings
from seeds.countries import HINDI
from seeds.entry import Entry

KINDS = code_kinds("वांछित", "आतंकवादी", "लापता", "संगठित", "निगरानी", "पंजीकृत")
SEXES = code_sex("पुरुष", "महिला")
WARNINGS = code_warnings("सशस्त्र", "हिंसक", "पलायन", "विस्फोटक", "आत्महत्या")
COLUMNS = (
    "kramank VARCHAR, naam VARCHAR, upnaam VARCHAR, naam_roman VARCHAR, ling VARCHAR, "
    "janm_varsh INTEGER, janm_sthan VARCHAR, rashtriyata VARCHAR, passport VARCHAR, "
    "mobile VARCHAR, karan VARCHAR, chetavani VARCHAR, adyatan DATE"
)

_BATCH = 2_000
_WIDTH = COLUMNS.count(",") + 1


def write_parquet(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the file, with the rows in the order they came in."""
    target = folder / "vyakti.parquet"
    target.unlink(missing_ok=True)
    rows = _list_rows(entries)
    with closing(duckdb.connect(config={"threads": 1})) as database:
        database.execute(f"CREATE TABLE vyakti ({COLUMNS})")
        while batch := list(islice(rows, _BATCH)):
            # One array a column: a statement for each row costs DuckDB a hundred times more.
            arrays = [list(column) for column in zip(*batch, strict=True)]
            unnested = ", ".join(f"unnest(${number})" for number in range(1, _WIDTH + 1))
            database.execute(f"INSERT INTO vyakti SELECT {unnested}", arrays)
        path = str(target).replace("'", "''")
        database.execute(f"COPY vyakti TO '{path}' (FORMAT parquet)")


def _list_rows(entries: Iterable[Entry]) -> Iterator[tuple[object, ...]]:
    for entry in entries:
        latin = entry.second or entry.name
        yield (
            entry.reference,
            entry.name.text,
            entry.aliases[0].text if entry.aliases else None,
            latin.text,
            SEXES[entry.sex],
            entry.birth.date.year,
            entry.place,
            HINDI[entry.nationality],
            entry.paper(DocumentKind.PASSPORT) or None,
            entry.phone or None,
            KINDS[entry.kind],
            ",".join(WARNINGS[warning] for warning in entry.warnings) or None,
            entry.entered,
        )


BANKS = (Bank("IND", "persons", "IN", "IND", write_files=write_parquet, papers="passport"),)
