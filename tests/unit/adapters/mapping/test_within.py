"""The bank leaves out none but whom the node would drop, and none of those that it surely can."""

import sqlite3
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from adapters.contract import DateSpan, FieldName, PartialDate
from adapters.mapping.days import Born, Layout, list_doubtful
from adapters.mapping.model import Mapping
from adapters.mapping.records import RecordBuilder
from adapters.mapping.statements import pad
from adapters.mapping.translate import Translator
from adapters.mapping.within import write_within
from adapters.matching.calendars import gregorian_to_bikram_sambat, gregorian_to_solar_hijri
from adapters.matching.dates import rules_out

GOLDEN = Path(__file__).parent / "golden" / "within.sql"
CALENDARS = {
    "gregorian": lambda day: (day.year, day.month, day.day),
    "solar_hijri": gregorian_to_solar_hijri,
    "bikram_sambat": gregorian_to_bikram_sambat,
}
PARTS = "parts"
WHOLE = ("iso", "YYYY/MM/DD", "DD.MM.YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "MM/DD/YYYY")
WHOLE = (*WHOLE, "YYYYMMDD", "DDMMYYYY", PARTS)
FIRST, LAST = date(1921, 1, 1), date(2040, 12, 31)
DAYS = st.dates(min_value=FIRST, max_value=LAST)
STRANGE = "0123456789-/. T:٣۳३²１ab'\x00\u0300"


@cache
def make_mapping(written, calendar):
    columns = {"year": "t.y", "month": "t.m", "day": "t.d"}
    if written != PARTS:
        columns = {"column": "t.y", "format": written}
    return Mapping.model_validate(
        {
            "version": 1,
            "bank": {"id": "b", "title": "B", "kind": "sql"},
            "sql": {"engine": "sqlite", "url": "sqlite:///b.sqlite"},
            "record": {"table": "t", "key": "id", "strict": ["birth_date"]},
            "field": [{"field": "birth_date", "calendar": calendar, **columns}],
            "kind": {"const": "wanted"},
        }
    )


@cache
def make_translator(written, calendar):
    return Translator(make_mapping(written, calendar), "sqlite")


def write_day(day, written, calendar):
    """A day as a bank with this layout writes it: three values, the last two empty for a text."""
    year, month, day_ = CALENDARS[calendar](day)
    if written == PARTS:
        return year, month, day_
    text = written.replace("iso", "YYYY-MM-DD").replace("YYYY", f"{year:04}")
    return text.replace("MM", f"{month:02}").replace("DD", f"{day_:02}"), None, None


@st.composite
def rows(draw, written, calendar):
    """A row as it should be, or with one of its values spoilt: cut, changed, in part, missing."""
    row = [*write_day(draw(DAYS), written, calendar)]
    place = draw(st.sampled_from((0, 0, 1, 2))) if written == PARTS else 0
    text = str(row[place])
    cut = draw(st.integers(0, len(text)))
    spoilt = (
        *(row[place], row[place], text, None, "", " " + text, text + " 00:00:00", text[:cut]),
        *(text[:cut] + draw(st.sampled_from(STRANGE)) + text[cut + 1 :], text + "\x00"),
        *(text[:cut] + draw(st.sampled_from(STRANGE)) + text[cut:], text.encode()),
        *(text.replace(text[-2:], "00"), text.replace("0", ""), f"{text}.0", 0, "31", "30", 29),
    )
    row[place] = draw(st.sampled_from(spoilt))
    return tuple(row)


def spans():
    ends = st.tuples(DAYS, DAYS).map(lambda pair: DateSpan(min(pair), max(pair)))
    whole = DAYS.map(lambda day: PartialDate(day.year, day.month, day.day))
    return st.one_of(whole, whole, ends, DAYS.map(lambda day: PartialDate(day.year, day.month)))


@st.composite
def banks(draw):
    written, calendar = draw(st.sampled_from(WHOLE)), draw(st.sampled_from(tuple(CALENDARS)))
    return written, calendar, draw(st.lists(rows(written, calendar), min_size=1, max_size=30))


def keep(written, calendar, found, asked):
    """Which rows a bank in SQLite sends when it is asked for all of them, by their number."""
    translator = make_translator(written, calendar)
    form = translator.born.find_form(["any"] * len(translator.born.columns), "sqlite")
    lists = {"key": range(len(found)), "limit": [1000]}
    first, last = translator.born.bound(asked, form)
    statement = translator.fetch(pad(len(found)), form)
    with sqlite3.connect(":memory:") as bank:
        bank.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, y, m, d)")
        bank.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?)", [(n, *r) for n, r in enumerate(found)]
        )
        values = statement.bind({**lists, "first": [first], "last": [last]})
        return {row[0] for row in bank.execute(statement.text, values)}


def drop(written, calendar, found, asked):
    """Which rows the node drops when it has read them."""
    builder = RecordBuilder(make_mapping(written, calendar))
    for number, (y, m, d) in enumerate(found):
        record = builder.build({"t.id": number, "t.y": y, "t.m": m, "t.d": d})
        if rules_out(asked, record.values(FieldName.BIRTH_DATE)):
            yield number


@settings(max_examples=400, deadline=None)
@given(bank=banks(), asked=spans())
@example(bank=("iso", "gregorian", [("1990-02-30", None, None)]), asked=PartialDate(1982, 5, 3))
@example(bank=("iso", "gregorian", [("0000-05-03", None, None)]), asked=PartialDate(1982, 5, 3))
@example(bank=(PARTS, "solar_hijri", [(1361, "12", "30")]), asked=PartialDate(1990, 5, 3))
@example(bank=(PARTS, "gregorian", [("1982\x00", 5, 3)]), asked=PartialDate(1990, 5, 3))
@example(bank=(PARTS, "gregorian", [("15009", 5, 3)]), asked=PartialDate(1990, 5, 3))
@example(bank=("iso", "bikram_sambat", [("1969-05-03", None, None)]), asked=PartialDate(1990))
def test_bank_leaves_out_none_that_the_node_would_keep(bank, asked):
    everyone = set(range(len(bank[2])))
    assert everyone - keep(*bank, asked) <= set(drop(*bank, asked))


@settings(max_examples=200, deadline=None)
@given(
    written=st.sampled_from(WHOLE),
    calendar=st.sampled_from(tuple(CALENDARS)),
    days=st.lists(DAYS, min_size=1, max_size=30),
    asked=spans(),
)
@example("iso", "bikram_sambat", [date(2000, 6, 14)], PartialDate(2000, 1, 1))
def test_bank_leaves_out_every_day_that_is_in_no_doubt(written, calendar, days, asked):
    # Bikram Sambat has months of 32 days: a day 32 is always in doubt, and comes.
    doubtful = {*list_doubtful(calendar), *(f"{month:02}32" for month in range(1, 13))}
    sure = [d for d in days if "{1:02}{2:02}".format(*CALENDARS[calendar](d)) not in doubtful]
    found = [write_day(day, written, calendar) for day in [*sure, FIRST]]
    dropped = set(drop(written, calendar, found, asked))
    assert keep(written, calendar, found, asked) == set(range(len(found))) - dropped


def write_all():
    """Each form in each dialect that has it, with a line before that says which it is."""
    column = [exp.column("born", table="r", quoted=True)]
    three = [exp.column(name, table="r", quoted=True) for name in ("y", "m", "d")]
    texts = Born(("t.born",), Layout("DD.MM.YYYY", "gregorian"), computed=False)
    parts = Born(("t.y", "t.m", "t.d"), Layout("", "solar_hijri"), computed=False)
    for dialect in ("sqlite", "postgres", "mysql"):
        told = [(column, texts, "text"), (three, parts, "text")]
        native = {"postgres": ("date", "instant"), "mysql": ("day",)}.get(dialect, ())
        for columns, born, form in (*told, *((column, texts, form) for form in native)):
            text = write_within(columns, born, form, dialect).sql(dialect=dialect)
            yield f"-- {dialect} {form} {len(columns)}\n{text}\n"


def test_conditions_are_word_for_word_as_kept():
    assert "".join(write_all()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("written", WHOLE)
def test_without_a_date_nothing_is_asked(written):
    translator = make_translator(written, "gregorian")
    assert translator.fetch(1).text != translator.fetch(1, "text").text
    assert "first" not in {name for name, _ in translator.fetch(1).slots}
