import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.strict import decode_base64url, encode_base64url, is_plain, read_object


@given(st.binary(max_size=200))
def test_base64url_returns_what_was_encoded(data):
    assert decode_base64url(encode_base64url(data)) == data


@given(st.text(max_size=12))
def test_decode_base64url_accepts_only_the_one_spelling(text):
    try:
        data = decode_base64url(text)
    except ValueError:
        return
    assert encode_base64url(data) == text


@pytest.mark.parametrize(
    "text", ["QQ==", "QR", "A", "QQ\n", "Q Q", "+/", "QQ=", "ҚQ", "AAAAA", "QUI\u0000"]
)
def test_decode_base64url_refuses_other_spellings(text):
    with pytest.raises(ValueError):  # noqa: PT011 - plain ValueError is what it promises
        decode_base64url(text)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":[{"b":1,"b":2}]}',
        b'{"a":1,"\\u0061":2}',
        b"[]",
        b'"text"',
        b"null",
        b"",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b"\xff{}",
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1}{}',
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_read_object_refuses_what_two_readers_could_read_differently(data):
    with pytest.raises(ValueError):  # noqa: PT011 - plain ValueError is what it promises
        read_object(data)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none()))
def test_read_object_reads_an_object(value):
    assert read_object(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", True),
        ("Ә қазақ", True),
        ("abcde", False),
        ("", False),
        (None, False),
        (7, False),
        ("a\n", False),
        ("a\u202e", False),
        ("a\u2028", False),
        ("a\x7f", False),
        ("\ud800", False),
    ],
)
def test_is_plain_tells_bounded_printable_text(value, expected):
    assert is_plain(value, 4 if value == "abcde" else 10) is expected
