"""Small banks for tests: a SQLite file and its mapping for each member of the small world."""

import sqlite3
from pathlib import Path

MAPPING = """
version = 1
[bank]
id = "persons"
title = "Test register of {member}"
kind = "sql"
scripts = ["{script}"]
handling = {{ tlp = "amber", europol = ["H1"], confirm_first = true }}
contact = {{ office = "Office of {member}", phone = "+0", email = "duty@{member}.example" }}
as_of = "2026-11-01T00:00:00Z"
[sql]
engine = "sqlite"
url = "sqlite:///people.sqlite"
pool = 4
[record]
table = "people"
key = "id"
[[field]]
field = "name"
full = "people.name"
[[field]]
field = "birth_date"
column = "people.birth"
[[field]]
field = "sex"
column = "people.sex"
codes = "sexes"
[[field]]
field = "document"
number = "people.passport"
document_kind = "passport"
issuer = {{ const = "{member}" }}
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "people.phone"
handling = {{ tlp = "red" }}
[kind]
const = "wanted"
[warnings]
column = "people.warnings"
separator = ","
codes = "warnings"
[action]
const = "arrest"
[codes.sexes]
"M" = "male"
"F" = "female"
[codes.warnings]
"armed" = "armed"
"""

PEOPLE = {
    "KAZ": (
        "Cyrl",
        [
            ("KZ-1", "Рустам Каримов", "1984-05-01", "M", "N10000001", "77010000001", "armed"),
            ("KZ-2", "Айгүл Серікова", "1990-02-03", "F", "N10000002", "77010000002", ""),
        ],
    ),
    "TUR": (
        "Latn",
        [
            ("TR-1", "RÜSTEM KERİMOV", "1984-05-01", "M", "U20000001", "905000000001", ""),
            ("TR-2", "MEHMET YILMAZ", "1970-01-01", "M", "U20000002", "905000000002", ""),
        ],
    ),
    "GEO": (
        "Geor",
        [("GE-1", "რუსტამ ქარიმოვი", "1984-05-01", "M", "12GE00001", "995500000001", "")],
    ),
}


def write_bank(folder: Path, member: str) -> Path:
    """Write the bank of a member; return the path of its mapping."""
    script, rows = PEOPLE.get(member, PEOPLE["KAZ"])
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "people.sqlite") as connection:
        columns = "id, name, birth, sex, passport, phone, warnings"
        connection.execute(f"CREATE TABLE people ({columns}, PRIMARY KEY (id))")
        connection.executemany(f"INSERT INTO people VALUES ({'?,' * 6}?)", rows)
    connection.close()
    path = folder / "mapping.toml"
    path.write_text(MAPPING.format(member=member, script=script), encoding="utf-8")
    return path
