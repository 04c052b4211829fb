"""Entries become rows: attributes, attributes of several values, times, broken texts."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from adapters.banks.ldap.entries import Shape
from adapters.contract import MappingError


@pytest.fixture
def shape(make_mapping):
    return Shape(make_mapping())


def test_row_has_each_attribute_once(shape):
    faults = Counter()
    entry = {
        "uid": [b"1"],
        "cn": [b"Ayesha", b"Aisha"],
        "cn;lang-ur": ["عائشہ".encode()],
        "born": [b"19820503000000Z"],
        "sn": [b"A", b"B"],
        "modifyTimestamp": [b"20260101120000.123Z"],
    }
    base, children = shape.read(entry, faults)
    assert (base["uid"], base["cn"], base["cn;lang-ur"]) == ("1", "Ayesha", "عائشہ")
    assert base["born"] == datetime(1982, 5, 3, tzinfo=UTC)
    assert base["modifyTimestamp"] == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert base["cnic"] is None
    assert children == {
        "alias": [{"alias.value": "A"}, {"alias.value": "B"}],
        "mobile": [],
    }
    assert faults == Counter({"cn": 1})


def test_value_that_is_not_utf8_stays_as_it_is(shape):
    base, _ = shape.read({"cn": [b"\xff\xfe"]}, Counter())
    assert base["cn"] == b"\xff\xfe"


@pytest.mark.parametrize("text", ["19821399000000Z", "1982", "19820503000000+0500", "Z", ""])
def test_what_is_no_time_stays_a_text(shape, text):
    base, _ = shape.read({"born": [text.encode()]}, Counter())
    assert base["born"] == text


def test_number_that_looks_like_a_time_stays_a_number(shape):
    base, _ = shape.read({"cnic": [b"19820503000000Z"]}, Counter())
    assert base["cnic"] == "19820503000000Z"


def test_attributes_are_those_of_the_mapping(shape):
    assert set(shape.attributes) == {
        *("uid", "cn", "cn;lang-ur", "born", "serial", "passport", "cnic", "reason"),
        *("modifyTimestamp", "sn", "mobile"),
    }
    assert shape.attribute_of("alias.value") == "sn"
    assert shape.attribute_of("cnic") == "cnic"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('column = "cnic"', 'column = "cnic)(a=*"'), r"^bank\.toml:\d+:10: field\.6\.column"),
        (('column = "cnic"', 'column = "person.cnic"'), "name of an attribute"),
        (("alias.value", "alias.other"), r"write alias\.value"),
        (('path = "sn"', 'path = "s n"'), r"^bank\.toml:\d+:8: many\.1\.path"),
    ],
)
def test_column_that_is_no_attribute_is_a_mistake(make_mapping, change, told):
    with pytest.raises(MappingError, match=told):
        Shape(make_mapping(change))
