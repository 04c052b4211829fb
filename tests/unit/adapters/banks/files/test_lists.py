"""The mappings of the public lists, held against the lists themselves where they are at hand."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.banks.files.load import load_files, read_counts
from adapters.mapping.read import read_mapping

ROOT = Path(__file__).parents[5]
LISTS = ROOT.parent / "shared" / "data" / "lists"


def load(tmp_path, mapping, *files):
    for name in files:
        if not (LISTS / name).is_file():
            pytest.skip(f"the public list {name} is not beside the repository")
        shutil.copyfile(LISTS / name, tmp_path / name)
    path = load_files(read_mapping(ROOT / "seeds" / "lists" / mapping), tmp_path)
    return closing(sqlite3.connect(path)), read_counts(path)


@pytest.mark.parametrize("name", ["un.toml", "ofac.toml"])
def test_mapping_is_right_in_itself(name):
    assert read_mapping(ROOT / "seeds" / "lists" / name).files is not None


@pytest.mark.lists
def test_un_mapping_loads_the_consolidated_list(tmp_path):
    opened, counts = load(tmp_path, "un.toml", "un_consolidated.xml")
    assert counts["person"].rows > 500
    assert all(count.ragged == 0 for count in counts.values())
    with opened as connection:

        def count(query):
            return connection.execute(query).fetchone()[0]

        assert count("SELECT count(*) FROM person WHERE name IS NULL OR reference IS NULL") == 0
        assert count("SELECT count(original) FROM person") > 200
        assert count("SELECT count(*) FROM alias WHERE quality = 'Low'") > 300
        assert count("SELECT count(*) FROM born WHERE length(date) = 4") > 200
        assert count("SELECT count(*) FROM born WHERE first < last") > 10
        assert count("SELECT count(*) FROM document WHERE number GLOB '*[^A-Z0-9]*'") < 20
        lost = "SELECT count(*) FROM alias WHERE _parent NOT IN (SELECT id FROM person)"
        assert count(lost) == 0


@pytest.mark.lists
def test_ofac_mapping_loads_the_list_and_splits_its_remarks(tmp_path):
    opened, counts = load(tmp_path, "ofac.toml", "ofac_sdn.csv", "ofac_alt.csv")
    assert counts["sdn"].rows > 5_000
    assert all(count.ragged == 0 for count in counts.values())
    with opened as connection:

        def count(query):
            return connection.execute(query).fetchone()[0]

        person = "FROM sdn WHERE type = 'individual'"
        told = count(f"SELECT count(*) {person} AND remarks LIKE '%DOB %'")
        split = "(SELECT _parent FROM born UNION SELECT _parent FROM period)"
        assert told > 4_000
        assert count(f"SELECT count(*) {person} AND id IN {split}") > told * 0.995
        assert count("SELECT count(*) FROM passport") > 1_000
        assert count("SELECT count(*) FROM passport WHERE number GLOB '*[0-9]*'") == count(
            "SELECT count(*) FROM passport"
        )
        assert count("SELECT count(*) FROM sdn WHERE remarks = '-0-'") == 0
        assert count("SELECT count(*) FROM weak") > 1_000
