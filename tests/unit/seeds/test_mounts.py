"""Mappings point to where a bank runs: the service's port, a server, a public list."""

from __future__ import annotations

import pytest

from adapters.mapping.read import read_mapping
from seeds.banks.registry import BANKS, find_bank
from seeds.make import find_folder
from seeds.mounts import ListError, Mounts, write_mappings

UN = '<?xml version="1.0"?>\n<CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>'
OFAC = '1,"DOE, Jane","individual",-0- \n'


@pytest.fixture
def home(tmp_path):
    for bank in BANKS:
        find_folder(tmp_path, bank).mkdir(parents=True)
    return tmp_path


def read(home, name):
    return read_mapping(find_folder(home, find_bank(name)) / "mapping.toml")


def test_every_mapping_is_written_once_and_reads(home):
    mounts = Mounts({}, None, 7718)
    assert write_mappings(home, mounts)
    assert not write_mappings(home, mounts)
    assert all(read(home, bank.name).bank.id == bank.id for bank in BANKS)


def test_the_service_is_asked_at_its_port_with_its_token(home):
    write_mappings(home, Mounts({}, None, 7718))
    http = read(home, "IRN/persons").http
    assert http.url == "http://127.0.0.1:7718"
    token = find_folder(home, find_bank("IRN/persons")) / str(http.token_file)
    assert token.stat().st_mode & 0o077 == 0
    before = token.read_bytes()
    # Another port is no other bank: its index holds.
    assert not write_mappings(home, Mounts({}, None, 8718))
    assert read(home, "IRN/persons").http.url.endswith(":8718")
    assert token.read_bytes() == before


def test_members_with_a_server_are_mounted_on_it_and_back(home):
    servers = {"postgres": "postgres://p@127.0.0.1:5433", "mariadb": "mariadb://r@127.0.0.1:3307"}
    servers["ldap"] = "ldap://127.0.0.1:3890"
    write_mappings(home, Mounts(servers, None, 7718))
    assert read(home, "KAZ/persons").sql.url == "postgres://p@127.0.0.1:5433/kalkan_kaz"
    assert read(home, "NPL/vehicles").sql.engine == "mariadb"
    assert read(home, "PAK/persons").ldap.url == "ldap://127.0.0.1:3890"
    assert read(home, "KGZ/persons").sql.engine == "sqlite"
    assert write_mappings(home, Mounts({}, None, 7718))
    assert read(home, "KAZ/persons").sql.engine == "sqlite"
    assert read(home, "PAK/persons").bank.kind == "sql"


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("list.xml", UN, ["un_consolidated.xml"]),
        ("SDN.CSV", OFAC, ["ofac_sdn.csv", "ofac_alt.csv"]),
    ],
)
def test_a_public_list_takes_the_place_of_the_made_up_one(home, tmp_path, name, text, kept):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    (tmp_path / "alt.CSV").write_text('1,2,"aka","DOE, J."\n', encoding="utf-8")
    assert write_mappings(home, Mounts({}, file, 7718))
    assert read(home, "RCC/counter").bank.id == "counter"
    folder = find_folder(home, find_bank("RCC/counter"))
    assert all((folder / each).is_file() for each in kept)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sdn.csv", OFAC, "alt.csv: is missing"),
        ("list.html", "<html/>", "neither"),
        ("other.csv", OFAC, "neither"),
    ],
)
def test_what_is_no_list_is_told(home, tmp_path, name, text, said):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ListError, match=said):
        write_mappings(home, Mounts({}, file, 7718))


def test_a_list_that_is_not_there_is_told(home, tmp_path):
    with pytest.raises(ListError, match="cannot be read"):
        write_mappings(home, Mounts({}, tmp_path / "none.xml", 7718))
