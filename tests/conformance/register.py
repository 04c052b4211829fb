"""One small synthetic register, written into banks of every kind, and what is known of it."""

from adapters.conformance.suite import Known
from adapters.contract import (
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    RecordKind,
    Sex,
    VehicleProbe,
)

PATIENCE_S = 12.0
"""What a stop may take where servers and threads of a busy machine take part in it, in seconds.

C38 allows twice as much, which must be less than the 30 s that its call is given.
"""

PHONE = IdentifierProbe(Identifier(IdentifierKind.PHONE, "77010000001"))

COLUMNS = ("id", "given", "family", "birth", "sex", "passport", "phone", "changed")
PEOPLE = (
    ("1", "Айгүл", "Нұрланова", "1982-05-03", "F", "N1234567", "77010000001", "2026-01-02"),
    ("2", "Ерлан", "Сейітов", "1975-12-31", "M", "N7654321", "77010000001", "2026-01-03"),
    ("3", "რუსტამ", "ქარიმოვი", "", "", "12GE00001", "", "2026-01-04"),
)

FIELDS = """
[[field]]
field = "name"
given = "person.given"
family = "person.family"
[[field]]
field = "birth_date"
column = "person.birth"
[[field]]
field = "sex"
column = "person.sex"
codes = "sex"
[[field]]
field = "document"
number = "person.passport"
document_kind = "passport"
issuer = { const = "KAZ" }
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "person.phone"
[kind]
const = "wanted"
[codes.sex]
F = "female"
M = "male"
"""

BANK = """
version = 1
[bank]
id = "register"
title = "A register"
kind = "{kind}"
scripts = ["Cyrl", "Geor"]
"""

PERSONS = (
    Known(
        "1",
        probes=(
            DocumentProbe("N1234567"),
            PHONE,
            PersonProbe((PersonName(given="Айгүл", family="Нұрланова"),)),
        ),
        fields=(
            Field(FieldName.NAME, PersonName(given="Айгүл", family="Нұрланова")),
            Field(FieldName.BIRTH_DATE, PartialDate(1982, 5, 3)),
            Field(FieldName.SEX, Sex.FEMALE),
        ),
        kind=RecordKind.WANTED,
    ),
    Known("2", probes=(DocumentProbe("N7654321"), PHONE)),
    Known(
        "3",
        probes=(PersonProbe((PersonName(full="რუსტამ ქარიმოვი"),)),),
        fields=(Field(FieldName.NAME, PersonName(given="რუსტამ", family="ქარიმოვი")),),
    ),
)

THINGS = (
    Known(
        "4",
        probes=(
            VehicleProbe(plate="123ABC02"),
            VehicleProbe(vin="WVWZZZ1JZ3W386752"),
            OrganisationProbe(name="Тұлпар Сауда"),
            OrganisationProbe(number="BIN990140"),
        ),
    ),
)
"""Only databases hold these."""
