"""An unknown schema for tests: a sample shop with customers and employees, all of them invented."""

import sqlite3
from pathlib import Path
from random import Random

TABLES = """
CREATE TABLE Employee (EmployeeId INTEGER PRIMARY KEY, LastName NVARCHAR(20) NOT NULL,
  FirstName NVARCHAR(20) NOT NULL, Title NVARCHAR(30), ReportsTo INTEGER, BirthDate DATETIME,
  HireDate DATETIME, Gender CHAR(1), PassportNo VARCHAR(12), Address NVARCHAR(70),
  City NVARCHAR(40), Phone NVARCHAR(24), Email NVARCHAR(60),
  FOREIGN KEY (ReportsTo) REFERENCES Employee (EmployeeId));
CREATE UNIQUE INDEX employee_passport ON Employee (PassportNo);
CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, FirstName NVARCHAR(40) NOT NULL,
  LastName NVARCHAR(20) NOT NULL, Company NVARCHAR(80), City NVARCHAR(40), Country NVARCHAR(40),
  Phone NVARCHAR(24), Email NVARCHAR(60) NOT NULL, SupportRepId INTEGER,
  FOREIGN KEY (SupportRepId) REFERENCES Employee (EmployeeId));
CREATE TABLE Invoice (InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER NOT NULL,
  InvoiceDate DATETIME NOT NULL, BillingCity NVARCHAR(40), Total NUMERIC(10, 2) NOT NULL,
  FOREIGN KEY (CustomerId) REFERENCES Customer (CustomerId));
CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name NVARCHAR(120));
"""
GIVEN = ("Aylin", "Timur", "Dana", "Rustam", "Leyla", "Arman", "Nino", "Farid", "Sevda", "Bek")
FAMILY = ("Aslanov", "Karimova", "Beridze", "Yilmaz", "Sultanov", "Ismailova", "Zhumabek", "Guler")


def write_shop(path: Path, people: int = 60) -> Path:
    """Write the database; return its path."""
    rng = Random(7)
    with sqlite3.connect(path) as connection:
        connection.executescript(TABLES)
        for number in range(1, people + 1):
            given, family = rng.choice(GIVEN), f"{rng.choice(FAMILY)}{'aeiou'[number % 5]}"
            born = (
                f"{rng.randrange(1950, 2004)}-{number % 12 + 1:02d}-{number % 28 + 1:02d} 00:00:00"
            )
            phone = f"+7701{number:07d}"
            mail = f"{given}.{number}@shop.example".lower()
            row = (number, family, given, "Clerk", 1, born, born, "MF"[number % 2])
            end = (f"N{number:08d}", "Main street 1", "Almaty", phone, mail)
            connection.execute(f"INSERT INTO Employee VALUES ({'?,' * 12}?)", row + end)
            row = (number, given, family, "Tulpar Trading", "Baku", "Azerbaijan", phone, mail, 1)
            connection.execute(f"INSERT INTO Customer VALUES ({'?,' * 8}?)", row)
            row = (number, number, "2026-01-01 00:00:00", "Baku", 9.9)
            connection.execute("INSERT INTO Invoice VALUES (?,?,?,?,?)", row)
        connection.execute("INSERT INTO Genre VALUES (1, 'Rock')")
    connection.close()
    return path
