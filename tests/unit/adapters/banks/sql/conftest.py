"""A SQLite bank of 2,500 synthetic persons with three documents each."""

import sqlite3
from pathlib import Path

import pytest

COUNT = 2500

MAPPING = """
version = 1
[bank]
id = "big"
title = "Big"
kind = "sql"
as_of = "2026-01-01T00:00:00Z"
[sql]
engine = "sqlite"
url = "sqlite:///big.sqlite"
pool = 2
[record]
table = "person"
key = "code"
[[many]]
table = "paper"
on = { "paper.person" = "person.code" }
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "document"
number = "paper.number"
[kind]
const = "registered"
"""


@pytest.fixture(scope="session")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("big")
    (folder / "bank.toml").write_text(MAPPING, encoding="utf-8")
    connection = sqlite3.connect(folder / "big.sqlite")
    connection.execute("CREATE TABLE person (code PRIMARY KEY, name)")
    connection.execute("CREATE TABLE paper (person, number)")
    connection.execute("CREATE INDEX paper_number ON paper (number)")
    connection.execute("CREATE INDEX paper_person ON paper (person)")
    people = [(f"P{n:05}" if n % 2 else n, f"Name {n}") for n in range(1, COUNT + 1)]
    connection.executemany("INSERT INTO person VALUES (?, ?)", people)
    papers = [(code, f"A{i}{n:06}") for n, (code, _) in enumerate(people) for i in range(3)]
    connection.executemany("INSERT INTO paper VALUES (?, ?)", papers)
    connection.executemany("INSERT INTO paper VALUES (?, 'SAME1')", [(c,) for c, _ in people])
    connection.commit()
    connection.close()
    return folder
