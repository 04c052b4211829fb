"""The mappings speak of the same codes and addresses as the writers."""

import importlib
import tomllib
from pathlib import Path

import pytest

from adapters.contract import FieldName, IdentifierKind
from adapters.mapping.read import read_mapping
from seeds import countries
from seeds.banks.registry import BANKS, find_bank
from seeds.directory import BANK, point_directory
from seeds.engines import point_mapping
from seeds.federation import find_member
from seeds.make import find_mapping

FOLDER = find_mapping(BANKS[0]).parent
MODULES = {
    "RCC-suspects": "suspects",
    "RCC-special": "special",
    "RCC-organised": "organised",
    "XPO-documents": "xpo",
}


def load(bank) -> dict:
    return tomllib.loads(find_mapping(bank).read_text(encoding="utf-8"))


def module_of(bank):
    name = MODULES.get(f"{bank.member}-{bank.id}", bank.member.lower())
    return importlib.import_module(f"seeds.banks.{name}")


def test_every_mapping_belongs_to_a_bank() -> None:
    assert set(FOLDER.iterdir()) == {find_mapping(bank) for bank in BANKS}


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
def test_mapping_can_be_read_and_names_its_bank_and_office(bank) -> None:
    mapping = read_mapping(find_mapping(bank))
    member = find_member(bank.member)
    assert mapping.bank.id == bank.id
    assert mapping.bank.contact is not None
    assert mapping.bank.contact.office == member.office
    assert mapping.bank.contact.phone == member.phone
    assert mapping.bank.contact.email == member.email


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
@pytest.mark.parametrize(
    ("table", "words"),
    [("kinds", "KINDS"), ("warnings", "WARNINGS"), ("actions", "ACTIONS"), ("documents", "PAPERS")],
)
def test_mapping_turns_the_writers_codes_round(bank, table: str, words: str) -> None:
    codes = load(bank).get("codes", {}).get(table)
    if codes is None or bank.id in {"counter", "vehicles"} or not hasattr(module_of(bank), words):
        return
    assert codes == {code: word.value for word, code in getattr(module_of(bank), words).items()}


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
def test_mapping_knows_all_members_as_countries(bank) -> None:
    codes = load(bank).get("codes", {}).get("countries")
    assert codes is None or set(codes.values()) >= set(countries.MEMBERS)


def test_national_banks_hold_what_the_demonstration_needs() -> None:
    fields: dict[str, set[str]] = {}
    for bank in BANKS:
        if bank.member in countries.MEMBERS:
            for field in load(bank)["field"]:
                word = field["field"]
                if word == FieldName.IDENTIFIER:
                    word = field["identifier_kind"]
                fields.setdefault(word, set()).add(bank.member)
    assert len(fields[FieldName.PLATE]) >= 3
    assert len(fields[IdentifierKind.PHONE]) >= 5
    assert len(fields[IdentifierKind.NATIONAL_NUMBER]) >= 5
    assert len(fields[FieldName.DOCUMENT]) >= 8


def test_directory_of_pakistan_is_read_as_its_embedded_table(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(point_directory("ldap://127.0.0.1:3890"), encoding="utf-8")
    embedded, served = load(find_bank(BANK)), tomllib.loads(path.read_text(encoding="utf-8"))
    assert read_mapping(path).ldap.url == "ldap://127.0.0.1:3890"
    assert (embedded["codes"], embedded["kind"]["codes"]) == (served["codes"], "kinds")
    assert [f["field"] for f in embedded["field"]] == [f["field"] for f in served["field"]]
    assert {**embedded["bank"], "kind": "ldap"} == served["bank"]


@pytest.mark.parametrize(
    "bank", [b for b in BANKS if b.engine in {"postgres", "mariadb"}], ids=lambda bank: bank.name
)
def test_mapping_changes_in_its_sql_block_only_when_it_is_pointed_at_a_server(
    bank, tmp_path: Path
) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(point_mapping(bank, f"{bank.engine}://u@127.0.0.1:5432/db"), encoding="utf-8")
    embedded, served = load(bank), tomllib.loads(path.read_text(encoding="utf-8"))
    assert embedded.pop("sql")["engine"] == "sqlite"
    assert served.pop("sql")["url"] == f"{bank.engine}://u@127.0.0.1:5432/db"
    assert embedded == served
    assert read_mapping(path).bank.id == bank.id
