from hashlib import sha256
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.frames import (
    HEADER_BYTES,
    MAGIC,
    NO_FRAME,
    decode_frame,
    encode_frame,
    frame_digest,
    is_followed,
)

FRAME = encode_frame(b'{"a":1}', 7, position=2, previous=b"p" * 32)


def make_batch(first: int, count: int) -> bytes:
    return b"".join(
        encode_frame(b"{}" * 9, first + n, position=n, previous=NO_FRAME) for n in range(count)
    )


def test_frame_has_the_documented_bytes():
    checked = b"\xffKL1" + b"\0\0\0\x07" + b"\0\0\0\0\0\0\0\x07" + b"\0\0\0\x02" + b"p" * 32
    assert checked + crc32(checked + b'{"a":1}').to_bytes(4) + b'{"a":1}' == FRAME
    assert HEADER_BYTES == 56


@settings(deadline=None)
@given(
    st.binary(min_size=1, max_size=500),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_frame_comes_back_the_same(entry, index, position, previous):
    data = encode_frame(entry, index, position=position, previous=previous)
    frame = decode_frame(b"xyz" + data + b"more", 3)
    assert frame is not None
    assert (frame.entry, frame.index, frame.position) == (entry, index, position)
    assert frame.previous == previous
    assert frame.digest == sha256(data).digest() == frame_digest(data)
    assert frame.size_bytes == len(data)


def test_frame_is_unsound_when_any_bit_is_flipped():
    for bit in range(len(FRAME) * 8):
        flipped = bytearray(FRAME)
        flipped[bit // 8] ^= 1 << bit % 8
        assert decode_frame(bytes(flipped), 0) is None


def test_frame_is_unsound_when_it_is_cut_anywhere():
    assert all(decode_frame(FRAME[:end], 0) is None for end in range(len(FRAME)))


@pytest.mark.parametrize("entry", [b"", b"x" * 65_536])
def test_frame_refuses_an_entry_against_the_limits(entry):
    with pytest.raises(ValueError, match="65535"):
        encode_frame(entry, 0, position=0, previous=NO_FRAME)


def test_frame_holds_the_largest_entry():
    data = encode_frame(b"x" * 65_535, 0, position=0, previous=NO_FRAME)
    frame = decode_frame(data, 0)
    assert frame is not None
    assert len(frame.entry) == 65_535


@pytest.mark.parametrize(
    ("after", "followed"),
    [
        (b"", False),
        (b"noise", False),
        (MAGIC, False),
        (make_batch(5, 4)[-78:], False),  # the end of the same batch, 5 to 8
        (make_batch(6, 1), True),  # a later batch: 5 was acknowledged
        (make_batch(5, 1), True),  # the same index again: nobody writes that
        (make_batch(2, 1), True),  # an index from before: nobody writes that
        (b"noise" + MAGIC + make_batch(9, 2), True),
    ],
)
def test_bad_frame_is_followed_when_a_later_batch_is_there(after, followed):
    bad = bytearray(make_batch(5, 1))
    bad[60] ^= 1
    assert is_followed(bytes(bad) + after, 0, index=5) is followed
