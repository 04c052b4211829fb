import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.lines import (
    MAX_NUMBER,
    read_base64,
    read_decimal,
    read_hash,
    read_text,
    write_base64,
)


@given(st.integers(0, MAX_NUMBER))
def test_numbers_come_back(number):
    assert read_decimal(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", " 1_0", "1_0", "05", "00", "+1", "-1", "-0", "٣", "1\n", "0x1", "1.0", "1e3"],
)
def test_numbers_in_another_form_are_refused(text):
    with pytest.raises(NoteRejectedError):
        read_decimal(text)


@pytest.mark.parametrize("text", ["９", "1٣", str(MAX_NUMBER + 1), "9" * 30])
def test_numbers_of_other_digits_or_too_many_are_refused(text):
    with pytest.raises(NoteRejectedError):
        read_decimal(text)


@given(st.binary(max_size=80))
def test_base64_comes_back(data):
    assert read_base64(write_base64(data)) == data


@pytest.mark.parametrize(
    "text", ["A", "AA", "AA=", "AB==", "AAA", "AA==\n", "A A=", "-_-_", "é===", "AA==AA=="]
)
def test_base64_in_another_form_is_refused(text):
    with pytest.raises(NoteRejectedError):
        read_base64(text)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_hash_of_another_length_is_refused(size):
    with pytest.raises(NoteRejectedError, match="32 bytes"):
        read_hash(write_base64(bytes(size)))


@pytest.mark.parametrize(
    "data", [b"\xff", b"\xc3", b"a\rb", b"a\x0bb", b"\x00", b"\t", b"12345678901"]
)
def test_text_with_controls_or_over_the_limit_is_refused(data):
    with pytest.raises(NoteRejectedError):
        read_text(data, limit=10)


def test_text_may_have_newlines_and_any_script():
    assert read_text("ا\nб".encode(), limit=10) == "ا\nб"
