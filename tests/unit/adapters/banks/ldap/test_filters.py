"""Filters: whatever a value is, it stays one value of one attribute."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.ldap.filters import all_of, any_of, is_attribute, is_value, missing
from adapters.banks.ldap.session import is_filter

HOSTILE = ("*", "(", ")", "\\", "*)(uid=*", "\\2a", "a=b", "&(x=y)", " x ", "ш", "\n", "~=", ">")


@pytest.mark.parametrize("value", HOSTILE)
def test_value_is_escaped_octet_by_octet(value):
    written = any_of("cnic", [value])
    assert re.fullmatch(r"\(cnic=(?:[A-Za-z0-9]|\\[0-9a-f]{2})+\)", written)
    octets = re.sub(r"\\([0-9a-f]{2})|(.)", lambda m: m[1] or f"{ord(m[2]):02x}", written[6:-1])
    assert bytes.fromhex(octets).decode() == value


@given(st.text(min_size=1).filter(is_value))
def test_any_value_makes_one_filter(value):
    written = all_of("(objectClass=x)", any_of("cnic", [value, "b"]), missing("serial"))
    assert written.count("(") == written.count(")") == 7
    assert is_filter(written)


@pytest.mark.parametrize("value", ["", "\x00", "a\x00", "\ud800"])
def test_what_no_attribute_can_hold_is_no_value(value):
    assert not is_value(value)


def test_one_value_needs_no_or():
    assert any_of("uid", ["1"]) == "(uid=1)"
    assert any_of("uid", ["1", "2"]) == "(|(uid=1)(uid=2))"


@pytest.mark.parametrize("name", ["uid", "cn;lang-ur", "2.5.4.3", "x-Y9", "cn;binary;lang-ur"])
def test_name_of_an_attribute_is_one(name):
    assert is_attribute(name)


@pytest.mark.parametrize("name", ["", "uid)", "uid=*)(a", "u id", "cn;", "9a", "имя", "a.b", "a\n"])
def test_other_names_are_none(name):
    assert not is_attribute(name)


@pytest.mark.parametrize(
    "text",
    ["(objectClass=person)", "(&(a=b)(!(c=TRUE)))", "(cn=*)", "(|(a=b)(c>=1))"],
)
def test_filter_of_a_mapping_is_one(text):
    assert is_filter(text)


@pytest.mark.parametrize(
    "text",
    ["", "a=b", "(a=b", "a=b)", "(a=b)(c=d)", "()", "(a)", "(&(a=b)", "(a=b))", "((a=b)"],
)
def test_what_is_not_one_filter_is_refused(text):
    assert not is_filter(text)
