"""A mapping is held against the attributes that a directory knows."""

import pytest

from adapters.banks.ldap.schema import read_names, require_attributes
from adapters.contract import MappingError

TYPES = (
    b"( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'a ''NAME'' of sorts' SUP name )",
    b"( 0.9.2342.19200300.100.1.1 NAME 'uid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{256} )",
    b"(1.2.3 SYNTAX 1.3.6)",
    b"nonsense",
    b"\xff",
)


def test_names_and_numbers_of_attributes_are_read():
    known = read_names(TYPES)
    assert known["cn"] == "cn"
    assert known["commonname"] == "commonName"
    assert set(known) == {
        *("cn", "commonname", "2.5.4.3", "uid", "0.9.2342.19200300.100.1.1", "1.2.3"),
    }


def test_attribute_is_known_in_any_case_and_with_options(make_mapping):
    known = read_names(TYPES)
    require_attributes(make_mapping(), ["UID", "commonname", "cn;lang-ur", "2.5.4.3"], known)


def test_unknown_attribute_is_told_with_what_may_be_meant(make_mapping):
    with pytest.raises(MappingError, match=r"^bank\.toml:9:1: ldap: .*'uif'; did you mean uid\?$"):
        require_attributes(make_mapping(), ["cn", "uif"], read_names(TYPES))


def test_unknown_attribute_is_told_where_the_mapping_names_it(make_mapping):
    with pytest.raises(MappingError, match=r"^bank\.toml:\d+:8: many\.1\.path: .*'sn'"):
        require_attributes(make_mapping(), ["sn"], read_names(TYPES))
    with pytest.raises(MappingError, match=r"^bank\.toml:\d+:10: field\.6\.column: .*'cnic'"):
        require_attributes(make_mapping(), ["cnic"], read_names(TYPES))
