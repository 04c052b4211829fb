import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.paths import Part, decode_bundle, decode_tile, encode_bundle, parse_path

PARTS = st.builds(
    Part, st.none() | st.integers(0, 63), st.integers(0, 10**21 - 1), st.integers(1, 256)
)


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (Part(0, 0), "tile/0/000"),
        (Part(0, 1234067), "tile/0/x001/x234/067"),
        (Part(1, 999, 17), "tile/1/999.p/17"),
        (Part(None, 1000), "tile/entries/x001/000"),
        (Part(None, 273, 112), "tile/entries/273.p/112"),
        (Part(63, 5, 255), "tile/63/005.p/255"),
    ],
)
def test_paths_are_those_of_the_standard(part, path):
    assert part.path == path
    assert parse_path(path) == part


@given(PARTS)
def test_paths_come_back(part):
    assert parse_path(part.path) == part


@pytest.mark.parametrize(
    "path",
    [
        *("", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000"),
        *("tile/٣/000", "tile/0/x000/000", "tile/0/001/000", "tile/0/x001/x000", "tile/0/000/"),
        *("tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "/tile/0/000"),
        *("tile/entries/000\n", "tile/../000", "tile/data/000", "tile/0/000.p/2\x0b"),
    ],
)
def test_paths_in_another_form_are_refused(path):
    with pytest.raises(NoteRejectedError):
        parse_path(path)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_come_back(entries):
    assert decode_bundle(encode_bundle(entries), len(entries)) == tuple(entries)


def test_the_largest_entry_fits():
    entry = bytes(65_535)
    assert decode_bundle(encode_bundle([entry]), 1) == (entry,)
    with pytest.raises(OverflowError):
        encode_bundle([entry + b"x"])


@pytest.mark.parametrize(
    ("data", "width"),
    [(b"", 1), (b"\0", 1), (b"\0\2a", 1), (b"\0\1a", 2), (b"\0\1ab", 1), (b"\0\1a\0\1b", 1)],
)
def test_bundles_of_another_width_are_refused(data, width):
    with pytest.raises(NoteRejectedError):
        decode_bundle(data, width)


def test_tiles_have_their_width():
    assert decode_tile(bytes(64), 2) == (bytes(32), bytes(32))
    for data in (b"", bytes(63), bytes(96)):
        with pytest.raises(NoteRejectedError):
            decode_tile(data, 2)
