from collections import Counter

import pytest

from adapters.contract import (
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    VehicleProbe,
)
from adapters.mapping.exclusions import Exclusion, find_country
from adapters.mapping.lookups import ask, find_lookups
from adapters.mapping.translate import Translator

DOCUMENT = """
[[field]]
field = "document"
number = "t.n"
issuer = { column = "t.land", codes = "lands" }
"""
PLATE = '[[field]]\nfield = "plate"\ncolumn = "t.p"\n'
COUNTRY = '[[field]]\nfield = "country"\ncolumn = "t.c"\ncodes = "lands"\n'
MANY = '[[many]]\ntable = "m"\non = { "m.t" = "t.id" }\n'
CODES = '[codes.lands]\nkz = "KAZ"\nkaz = "KAZ"\nkg = "KGZ"\n" uz" = "UZB"\n'


def find_one(small, fields, rest=""):
    return find_lookups(small(fields + CODES, rest))[0]


@pytest.mark.parametrize(
    ("fields", "rest", "column"),
    [
        (DOCUMENT, "", "t.land"),
        (PLATE + COUNTRY, "", "t.c"),
        (PLATE.replace("t.p", "m.p") + COUNTRY, MANY, "t.c"),
        (PLATE, "", None),
        (DOCUMENT.replace(', codes = "lands"', ""), "", None),
        # A record is kept for any of its documents or countries.
        (DOCUMENT + DOCUMENT.replace("t.n", "t.o"), "", None),
        (DOCUMENT.replace("t.", "m."), MANY, None),
        (DOCUMENT.replace("t.n", "m.n"), MANY, None),
        (PLATE + COUNTRY + COUNTRY.replace("t.c", "t.d"), "", None),
        (PLATE + COUNTRY.replace("t.c", "m.c"), MANY, None),
    ],
)
def test_one_column_of_the_records_row_tells_the_country(small, fields, rest, column):
    exclusion = find_one(small, fields, rest).exclusion
    assert (exclusion.column if exclusion is not None else None) == column


def test_words_of_other_countries_are_left_out_but_those_that_never_read_back(small):
    lookup = find_one(small, DOCUMENT)
    assert lookup.exclusion == Exclusion("t.land", 4, {})
    for country, others in (("KAZ", ("kg",)), ("TKM", ("kz", "kaz", "kg")), ("", ())):
        (question,) = ask(DocumentProbe("A1", issuer=country), (lookup,), ())
        assert question.others == others


def test_country_is_what_scoring_compares():
    assert find_country(DocumentProbe("A1", issuer="KAZ")) == "KAZ"
    assert find_country(VehicleProbe(plate="A1", country="KGZ")) == "KGZ"
    assert find_country(OrganisationProbe(number="A1", country="UZB")) == "UZB"
    phone = Identifier(IdentifierKind.PHONE, "77")
    assert find_country(IdentifierProbe(phone, "KAZ")) == ""


RAW = ", ".join(f"NLSSORT(:{number}, 'NLS_SORT=BINARY')" for number in range(2, 6))
UTF8 = ", ".join(["TO_UTF8(?)"] * 4)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("sqlite", 'NOT CAST("r"."land" AS TEXT) COLLATE BINARY IN (?, ?, ?, ?)'),
        ("postgres", 'NOT CAST("r"."land" AS TEXT) COLLATE "C" IN ($2, $3, $4, $5)'),
        ("mysql", "NOT CAST(CAST(`r`.`land` AS CHAR) AS BINARY) IN (?, ?, ?, ?)"),
        ("oracle", f'NOT NLSSORT("r"."land", \'NLS_SORT=BINARY\') IN ({RAW})'),
        (
            "tsql",
            "NOT CAST([r].[land] AS NVARCHAR(MAX)) COLLATE Latin1_General_BIN2 IN (?, ?, ?, ?)",
        ),
        ("trino", f'NOT TO_UTF8(CAST("r"."land" AS VARCHAR)) IN ({UTF8})'),
    ],
)
def test_words_are_compared_byte_by_byte(small, dialect, text):
    mapping = small(DOCUMENT + CODES)
    translator = Translator(mapping, dialect)
    (lookup,) = find_lookups(mapping)
    assert translator.excludes(lookup)
    statement = translator.lookup(lookup, 1, 0, excluding=True)
    quotes = {"mysql": "``", "tsql": "[]"}.get(dialect, '""')
    column = ".".join(f"{quotes[0]}{name}{quotes[1]}" for name in ("r", "land"))
    assert f"({text} OR {column} IS NULL)" in statement.text
    assert Counter(name for name, _ in statement.slots) == {"value": 1, "other": 4, "limit": 1}
    assert text not in translator.lookup(lookup, 1, 0).text


def test_clickhouse_is_not_asked_to(small):
    mapping = small(DOCUMENT + CODES)
    assert not Translator(mapping, "clickhouse").excludes(find_lookups(mapping)[0])


def test_empty_word_means_no_country(small):
    """A row without a word is kept, and where an empty text is no value `IN` would lose all."""
    lookup = find_lookups(small(DOCUMENT + CODES + '"" = "UZB"\n'))[0]
    assert "" not in lookup.exclusion.words
