from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.sql.types import ColumnType, convert, read_declared


@pytest.mark.parametrize(
    ("declared", "text", "values"),
    [
        ("varchar", "x", ("x",)),
        ("text", "", ("",)),
        ("integer", "17", (17,)),
        ("integer", "-17", (-17,)),
        ("integer", "017", ()),
        ("integer", "12abc", ()),
        ("integer", "2147483648", ()),
        ("bigint", "2147483648", (2147483648,)),
        ("bigint", "9223372036854775808", ()),
        ("smallint", "32768", ()),
        ("integer", "१२", ()),
        ("numeric", "1.50", (Decimal("1.50"),)),
        ("numeric", "1e9", ()),
        ("numeric", "NaN", ()),
        ("date", "2020-02-30", ()),
        ("date", "2020-02-03", (date(2020, 2, 3),)),
        ("timestamp", "2020-02-03T04:05:06", (datetime.fromisoformat("2020-02-03T04:05:06"),)),
        ("uuid", "x", ()),
        ("uuid", "6F9619FF8B86D011B42D00C04FC964FF", ("6f9619ff-8b86-d011-b42d-00c04fc964ff",)),
        ("boolean", "true", (True,)),
        ("boolean", "1", ()),
        ("varchar", "a\x00b", ()),
        ("varchar", "\ud800", ()),
        ("varchar|latin1", "Ş", ()),
        ("varchar|latin1", "Ä", ("Ä",)),
        ("varchar|LATIN5", "Ş", ("Ş",)),
        ("character varying|WIN1251", "ع", ()),
        ("character varying|UTF8", "ع", ("ع",)),
        ("varchar|utf8mb3", "Ж", ("Ж",)),
        ("varchar|utf8mb3", "\U000104cf", ()),
        ("varchar|utf8mb3", "", ("",)),
        ("int|latin1", "17", (17,)),
        ("varchar|not known", "ع", ("ع",)),
    ],
)
def test_convert_gives_what_a_column_can_hold(declared, text, values):
    assert convert(text, read_declared(declared)) == values


def test_column_without_a_type_may_hold_a_text_or_a_number():
    assert convert("12", ColumnType("any")) == ("12", 12)
    assert convert("x", ColumnType("any")) == ("x",)


@given(st.text(), st.sampled_from(["integer", "numeric", "date", "datetime", "uuid", "text"]))
def test_convert_never_raises(text, declared):
    assert len(convert(text, read_declared(declared))) <= 1
