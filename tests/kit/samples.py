"""Unknown databases for tests, as public sample databases are: all persons and firms invented."""

import sqlite3
from contextlib import closing
from random import Random

CONTACTS = """
CREATE TABLE "Customers" ("CustomerID" TEXT PRIMARY KEY, "CompanyName" TEXT NOT NULL,
  "ContactName" TEXT, "ContactTitle" TEXT, "Address" TEXT, "City" TEXT, "PostalCode" TEXT,
  "Country" TEXT, "Phone" TEXT, "Fax" TEXT);
CREATE TABLE "Suppliers" ("SupplierID" INTEGER PRIMARY KEY, "CompanyName" TEXT, "Phone" TEXT);
CREATE TABLE "Order Details" ("OrderID" INTEGER, "ProductID" INTEGER, "UnitPrice" NUMERIC);
"""
KUNDEN = """
CREATE TABLE kunde (knr INTEGER PRIMARY KEY, vorname TEXT, nachname TEXT, firma TEXT,
  telefon TEXT, email TEXT, geburtsdatum TEXT, ausweisnr TEXT, geschlecht TEXT, betreuer INTEGER);
CREATE TABLE rechnung (rnr INTEGER PRIMARY KEY, knr INTEGER REFERENCES kunde (knr), summe REAL);
"""
STAFF = """
CREATE TABLE "ҚЫЗМЕТКЕР" ("жеке_код" INTEGER PRIMARY KEY, "тегі" TEXT, "аты" TEXT,
  "әкесінің_аты" TEXT, "туған_күні" TEXT, "жынысы" TEXT, "ЖСН" TEXT, "телефон" TEXT,
  "бөлім" INTEGER);
CREATE TABLE "бөлім" (id INTEGER PRIMARY KEY, "атауы" TEXT);
"""
SHAPES = (
    *("030-#######", "(5) ###-####", "(171) ###-####", "0921-## ## ##", "##.##.##.##"),
    *("0452-######", "####-####", "(11) ### ## ##", "0241-#####", "981-######"),
)


def write(path, tables, table, rows):
    """Write one database with the rows of its table of records."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(tables)
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)


def dial(rng, shape):
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in shape)


def write_contacts(path):
    """Customers that are firms with a contact; telephones in ten shapes."""
    rng = Random(3)
    given, family = ("María", "Thomas", "Frédérique", "Yang"), ("Anders", "Berglund", "Moreno")
    write(
        *(path, CONTACTS, "Customers"),
        [
            (
                *(f"C{n:04d}", f"{family[n % 3]} Handel {n}", f"{given[n % 4]} {family[n % 3]}"),
                *("Owner", f"Obere Str. {n}", "Berlin", f"{10000 + n}", "Germany"),
                *(dial(rng, rng.choice(SHAPES)), None),
            )
            for n in range(120)
        ],
    )


def write_kunden(path):
    """Customers whose columns are called as no member calls them; 300 share a telephone."""
    write(
        *(path, KUNDEN, "kunde"),
        [
            (
                *(n, ("Jörg", "Ülkü", "Петр")[n % 3], ("Groß", "Иванов")[n % 2] + "abcdefg"[n % 7]),
                *("Tulpar GmbH", f"+43 000 {123400 + max(n, 300)}", f"k{n}@x.example"),
                *(f"{n % 28 + 1:02d}.{n % 12 + 1:02d}.{1950 + n % 50}", f"P {n:07d}"),
                *("mw"[n % 2], 1),
            )
            for n in range(1, 500)
        ],
    )


def write_staff(path):
    """Employees in Kazakh, the names of tables and columns too."""
    write(
        *(path, STAFF, "ҚЫЗМЕТКЕР"),
        [
            (
                *(n, ("Нұрланов", "Сейітов")[n % 2], ("Ерлан", "Айгүл", "Дана")[n % 3], "Болатұлы"),
                *(f"{1950 + n % 50}-{n % 12 + 1:02d}-{n % 28 + 1:02d}", ("ер", "әйел")[n % 2]),
                *(f"{500101300000 + n}", f"8 (701) {n:03d}-{n % 90 + 10}-11", 1),
            )
            for n in range(1, 200)
        ],
    )
