"""Definitions of a directory's schema are read, whatever is in them."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.drafting.definitions import read_attributes, read_classes

TYPES = [
    b"( 2.5.4.41 NAME 'name' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )",
    b"( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'a name' SUP name )",
    b"( 2.5.4.35 NAME 'userPassword' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
    b"( 0.9.2342.1 NAME 'jpegPhoto' SYNTAX 1.3.6.1.4.1.1466.115.121.1.28 )",
    b"( 1.2.3.4 NAME ( 'second' 'photo' ) SUP jpegPhoto )",
]
CLASSES = [
    b"( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) )",
    b"( 2.16 NAME 'clerk' SUP ( person $ top ) AUXILIARY )",
]


def test_attributes_are_known_by_all_their_names():
    found = read_attributes(TYPES)
    assert found["cn"].names == found["commonname"].names == ("cn", "commonName")
    assert {name for name, kept in found.items() if not kept.readable} == {
        *("userpassword", "jpegphoto", "second", "photo"),
    }


def test_classes_know_what_is_above_them():
    found = read_classes(CLASSES)
    assert found["person"].above == ("top",)
    assert found["clerk"].above == ("person", "top")


@given(st.lists(st.binary(max_size=80)))
def test_no_definition_breaks_the_reader(told):
    read_attributes(told)
    read_classes(told)
