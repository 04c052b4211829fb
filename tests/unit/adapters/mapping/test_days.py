from datetime import date
from itertools import product

import pytest

from adapters.contract import DateSpan, FieldName, MappingError, PartialDate
from adapters.mapping.days import Layout, find_born, list_doubtful
from adapters.matching.calendars import (
    BIKRAM_SAMBAT_YEARS,
    SOLAR_HIJRI_YEARS,
    bikram_sambat_to_gregorian,
    solar_hijri_to_gregorian,
)

BIRTH = '[[field]]\nfield = "birth_date"\n'
COLUMN = BIRTH + 'column = "t.born"\n'
PARTS = BIRTH + 'year = "t.y"\nmonth = "t.m"\nday = "t.d"\n'
STRICT = 'strict = ["birth_date"]\n'
MANY = '[[many]]\ntable = "m"\non = { "m.t" = "t.id" }\n'
JOIN = '[[join]]\ntable = "j"\non = { "j.id" = "t.j" }\n'
ALIAS = '[[field]]\nfield = "name"\nfull = "m.alias"\n'
DAY = PartialDate(1982, 5, 3)
CONVERTERS = {
    "gregorian": (date, range(1896, 2005)),
    "solar_hijri": (solar_hijri_to_gregorian, SOLAR_HIJRI_YEARS),
    "bikram_sambat": (bikram_sambat_to_gregorian, BIKRAM_SAMBAT_YEARS),
}


@pytest.mark.parametrize(
    ("fields", "rest", "columns"),
    [
        (COLUMN, STRICT, ("t.born",)),
        (PARTS, STRICT, ("t.y", "t.m", "t.d")),
        (COLUMN.replace("t.", "j."), STRICT + JOIN, ("j.born",)),
        (COLUMN + ALIAS, STRICT + MANY, ("t.born",)),
        (COLUMN + COLUMN.replace("birth", "loss"), STRICT, ("t.born",)),
        (COLUMN, "", None),
        # Whatever is not told by one row is left to the node.
        (COLUMN.replace("t.", "m."), STRICT + MANY, None),
        (COLUMN + COLUMN.replace("born", "other"), STRICT, None),
        (BIRTH + 'first = "t.a"\nlast = "t.b"\n', STRICT, None),
        (BIRTH + 'year = "t.y"\nmonth = "t.m"\n', STRICT, None),
        # Many aliases before the date leave no room for it in the record.
        (ALIAS + COLUMN, STRICT + MANY, None),
    ],
)
def test_bank_can_decide_where_one_row_tells_the_whole_date(small, fields, rest, columns):
    born = find_born(small(fields, rest))
    assert (born.columns if born is not None else None) == columns


def test_what_is_to_decide_has_to_be_known(small):
    with pytest.raises(
        MappingError, match=r"^bank\.toml:12:10: record\.strict: no \[\[field\]\] is"
    ):
        small('[[field]]\nfield = "name"\nfull = "t.n"\n', STRICT)
    assert small(COLUMN, STRICT).strict == {FieldName.BIRTH_DATE}
    with pytest.raises(MappingError, match=r"record\.strict"):
        small(COLUMN, 'strict = ["sex"]\n')


@pytest.mark.parametrize(
    ("extra", "families", "dialect", "form"),
    [
        ("", ("text",), "sqlite", "text"),
        ("", ("any",), "sqlite", "text"),
        ("", ("integer",), "postgres", "text"),
        ("", ("date",), "postgres", "date"),
        ("", ("instant",), "postgres", "instant"),
        ("", ("date",), "mysql", "day"),
        ("", ("instant",), "mysql", "day"),
        ("", ("number",), "mysql", None),
        ("", ("boolean",), "postgres", None),
        ("", ("text",), "oracle", None),
        ("", ("date",), "tsql", None),
        ('format = "DD MON YYYY"\n', ("text",), "sqlite", None),
        ('format = ["YYYY", "iso"]\n', ("text",), "sqlite", None),
        ('format = ["DD.MM.YYYY", "YYYY"]\n', ("text",), "sqlite", "text"),
        ('format = "DD MON YYYY"\n', ("date",), "postgres", "date"),
        ('calendar = "solar_hijri"\n', ("date",), "mysql", "day"),
    ],
)
def test_type_of_the_column_tells_the_form(small, extra, families, dialect, form):
    assert find_born(small(COLUMN + extra, STRICT)).find_form(families, dialect) == form


@pytest.mark.parametrize(
    ("extra", "sure"),
    [
        ("", {"sqlite", "postgres", "mysql"}),
        # A computed date would be written as PostgreSQL is set up to: day first, month first.
        ('format = "DD/MM/YYYY"\n', {"sqlite"}),
        # A computed date is Gregorian whatever the calendar; its text would not be.
        ('calendar = "bikram_sambat"\n', {"sqlite"}),
        ('format = "YYYY"\n', set()),
    ],
)
def test_computed_column_may_be_a_date_or_a_text(small, extra, sure):
    rest = f'{STRICT}[computed]\n"t.born" = "SUBSTR(packed, 1, 10)"\n'
    born = find_born(small(COLUMN + extra, rest))
    dialects = ("sqlite", "postgres", "mysql", "oracle", "trino", "tsql", "clickhouse")
    assert {each for each in dialects if born.find_form(("text",), each)} == sure


@pytest.mark.parametrize(
    ("asked", "form", "extra", "bounds"),
    [
        (DAY, "text", "", ("19820503", "19820503")),
        (PartialDate(1982), "text", "", ("19820101", "19821231")),
        (PartialDate(1984, 2), "text", "", ("19840201", "19840229")),
        (DAY, "date", "", (date(1982, 5, 3), date(1982, 5, 3))),
        (DAY, "instant", "", (date(1982, 5, 2), date(1982, 5, 5))),
        (DateSpan(date(1980, 1, 1), date(1981, 2, 2)), "day", "", ("19800101", "19810202")),
        (DAY, "text", 'calendar = "solar_hijri"\n', ("13610213", "13610213")),
        (DAY, "text", 'calendar = "bikram_sambat"\n', ("20390120", "20390120")),
        # A native date is Gregorian, whatever the texts are.
        (DAY, "day", 'calendar = "solar_hijri"\n', ("19820503", "19820503")),
        (PartialDate(1700), "text", 'calendar = "solar_hijri"\n', None),
        (PartialDate(1), "date", "", None),
        (PartialDate(9999), "instant", "", None),
    ],
)
def test_days_asked_for_are_told_in_the_banks_own_words(small, asked, form, extra, bounds):
    assert find_born(small(COLUMN + extra, STRICT)).bound(asked, form) == bounds


@pytest.mark.parametrize("calendar", CONVERTERS)
def test_days_that_are_not_in_doubt_are_in_every_year(calendar):
    convert, years = CONVERTERS[calendar]
    doubtful = list_doubtful(calendar)
    days = [(m, d) for m in range(1, 13) for d in range(1, 32) if f"{m:02}{d:02}" not in doubtful]
    for year, (month, day) in product(years, days):
        convert(year, month, day)
    for text in doubtful:
        with pytest.raises(ValueError, match=r"must be|out of range"):
            [convert(year, int(text[:2]), int(text[2:])) for year in years]


def test_layout_tells_its_years():
    assert Layout("", "gregorian").years == ("0001", "9999")
    assert Layout("", "solar_hijri").years == ("1178", "1633")
    assert Layout("", "bikram_sambat").years == ("1970", "2100")
