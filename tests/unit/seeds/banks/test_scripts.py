"""Each bank writes in its own script, and the hard things about it are really there."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from openpyxl import load_workbook

from seeds.banks.lka import shorten
from seeds.banks.registry import find_bank
from seeds.banks.tjk import WIDTHS
from seeds.banks.tur import write_capitals
from seeds.entry import Written
from seeds.make import build, find_folder
from seeds.truth import find_script


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    build(folder, seed=1, rows=80, documents=50)
    return folder


def folder_of(home: Path, name: str) -> Path:
    return find_folder(home, find_bank(name))


def select(path: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(statement).fetchall()


@pytest.mark.parametrize(
    ("name", "file", "statement", "script"),
    [
        ("KAZ/persons", "izdeu.sqlite", "SELECT tegi, aty FROM tulgha", "Cyrl"),
        ("KAZ/persons", "izdeu.sqlite", "SELECT tegi_lat, aty_lat FROM tulgha", "Latn"),
        ("AZE/persons", "axtaris.sqlite", "SELECT soyad, ad FROM şəxs", "Latn"),
        ("GEO/persons", "dzebna.sqlite", "SELECT gvari, sakheli FROM pirebi", "Geor"),
        ("KGZ/persons", "izdoo.sqlite", "SELECT толук_аты, туулган_жери FROM жарандар", "Cyrl"),
        ("NPL/persons", "vyakti.sqlite", "SELECT thar, nam FROM vyakti", "Deva"),
        ("PAK/persons", "afrad.sqlite", "SELECT naam_urdu FROM afrad", "Arab"),
        ("PAK/persons", "afrad.sqlite", "SELECT naam FROM afrad", "Latn"),
        ("TUR/persons", "arananlar.sqlite", "SELECT soyadı, adı FROM kişiler", "Latn"),
        ("BGD/persons", "talika.sqlite", "SELECT nam_bangla FROM byakti", "Beng"),
        ("BGD/persons", "talika.sqlite", "SELECT nam_ingreji FROM byakti", "Latn"),
        ("RCC/suspects", "figuranty.sqlite", "SELECT familiya, imya FROM figurant", "Cyrl"),
        ("RCC/special", "special.sqlite", "SELECT name_as_known FROM subject", "Latn"),
        ("NPL/vehicles", "sawari.sqlite", "SELECT pleta FROM sawari", "Deva"),
        ("KAZ/vehicles", "kolik.sqlite", "SELECT nomir_belgi FROM kolik", "Cyrl"),
    ],
)
def test_bank_writes_in_its_script(home, name, file, statement, script) -> None:
    rows = select(folder_of(home, name) / file, statement)
    assert len(rows) >= 20
    assert {find_script(cell) for row in rows for cell in row if cell} == {script}


def test_lka_writes_sinhala_and_tamil_with_initials(home: Path) -> None:
    path = folder_of(home, "LKA/persons") / "pudgala.sqlite"
    rows = select(path, "SELECT mulakuru_nama, akuru FROM pudgala")
    assert {find_script(name) for name, _ in rows} == {"Sinh", "Taml"}
    assert {script for _, script in rows} == {"සිංහල", "දෙමළ"}
    assert all("." in name for name, _ in rows if " " in name)


def test_initials_keep_the_signs_of_their_letter() -> None:
    assert shorten(Written("නිමල් කුමාර", "පෙරේරා", "", "", "Sinh")) == "නි. කු. පෙරේරා"
    assert shorten(Written("නිමල්", "", "", "", "Sinh")) == "නිමල්"


def test_bgd_leaves_one_of_the_two_names_empty_often(home: Path) -> None:
    path = folder_of(home, "BGD/persons") / "talika.sqlite"
    rows = select(path, "SELECT nam_bangla, nam_ingreji FROM byakti")
    assert sum(not bengali for bengali, _ in rows) > len(rows) * 0.1
    assert sum(not english for _, english in rows) > len(rows) * 0.25
    assert all(bengali or english for bengali, english in rows)


def test_tur_writes_capitals_by_turkish_rules(home: Path) -> None:
    assert write_capitals("Işık İbiş çağrı") == "IŞIK İBİŞ ÇAĞRI"
    path = folder_of(home, "TUR/persons") / "arananlar.sqlite"
    names = [cell for row in select(path, "SELECT adı, soyadı FROM kişiler") for cell in row]
    assert any("İ" in name for name in names)
    assert not any(letter.islower() for name in names for letter in name)


def test_tjk_is_cp1251_of_fixed_width_without_tajik_letters(home: Path) -> None:
    data = (folder_of(home, "TJK/persons") / "kasoni.txt").read_bytes()
    lines = data.decode("cp1251").split("\r\n")[:-1]
    assert len(lines) > 80
    assert {len(line) for line in lines} == {sum(WIDTHS)}
    assert not any("?" in line for line in lines)
    assert {find_script(line[10:38]) for line in lines if line[10:38].strip()} == {"Cyrl"}


def test_afg_is_dari_with_solar_hijri_years(home: Path) -> None:
    with (folder_of(home, "AFG/persons") / "ashkhas.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {find_script(row["نام"]) for row in rows} == {"Arab"}
    assert all(1320 < int(row["تاریخ_تولد"][:4]) < 1390 for row in rows)
    own = [row for row in rows if row["تابعیت"] == "افغانستان" and row["تذکره"]]
    assert sum(bool(row["نام_پدر"]) for row in own) > len(own) * 0.9


def test_irn_is_persian_with_solar_hijri_years(home: Path) -> None:
    text = (folder_of(home, "IRN/persons") / "afrad.jsonl").read_text(encoding="utf-8")
    people = [json.loads(line) for line in text.splitlines()]
    assert {find_script(person["nam"]) for person in people} == {"Arab"}
    assert all(1320 < int(person["tarikh_tavalod"][:4]) < 1390 for person in people)


def test_npl_has_bikram_sambat_years_in_devanagari_digits(home: Path) -> None:
    path = folder_of(home, "NPL/persons") / "vyakti.sqlite"
    dates = [row[0] for row in select(path, "SELECT janma_miti FROM vyakti")]
    assert all(2000 < int(text[:4]) < 2070 for text in dates)
    assert not any(digit in text for text in dates for digit in "0123456789")


def test_ind_has_birth_years_only_and_single_names(home: Path) -> None:
    path = folder_of(home, "IND/persons") / "vyakti.parquet"
    with closing(duckdb.connect()) as database:
        rows = database.execute(f"SELECT naam, naam_roman, janm_varsh FROM '{path}'").fetchall()
    assert {find_script(row[0]) for row in rows} == {"Deva"}
    assert {find_script(row[1]) for row in rows} == {"Latn"}
    assert all(1949 < row[2] < 2006 for row in rows)
    assert any(" " not in row[0] for row in rows)


def test_mdv_is_a_workbook_in_thaana(home: Path) -> None:
    path = folder_of(home, "MDV/persons") / "meehun.xlsx"
    book = load_workbook(path, read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=2, max_col=11, values_only=True))
    book.close()
    assert {find_script(str(row[1])) for row in rows} == {"Thaa"}
    assert any(hasattr(row[4], "year") for row in rows)
    assert any(isinstance(row[4], int) for row in rows)


def test_uzb_has_latin_and_cyrillic_and_several_apostrophes(home: Path) -> None:
    tree = ElementTree.parse(folder_of(home, "UZB/persons") / "shaxslar.xml")  # noqa: S314 - our own file
    people = tree.getroot().findall("shaxs")
    latin = ["".join(person.find("lotin").itertext()) for person in people]
    cyrillic = ["".join(person.find("kirill").itertext()) for person in people]
    assert {find_script(name) for name in latin} == {"Latn"}
    assert {find_script(name) for name in cyrillic} == {"Cyrl"}
    assert sum(any(sign in name for name in latin) for sign in "ʻ'’`‘") >= 3


def test_kaz_strikes_off_registered_people_only(home: Path, tmp_path: Path) -> None:
    build(tmp_path, seed=1, rows=600, documents=0)
    path = folder_of(tmp_path, "KAZ/persons") / "izdeu.sqlite"
    struck = select(path, "SELECT sebep FROM tulgha WHERE joyuly = 1")
    assert struck
    assert {row[0] for row in struck} == {"ESP"}
