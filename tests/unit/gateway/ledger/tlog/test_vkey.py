import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.vkey import KeyType, Vkey, parse_vkey, require_name
from tests.kit.logs import SIGNER

EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
"""The key of the standard's example."""


def test_the_example_of_the_standard_is_read_and_written():
    vkey = parse_vkey(EXAMPLE)
    assert (vkey.name, vkey.type, vkey.id.hex()) == ("example.com/foo", KeyType.LOG, "530d903a")
    assert str(vkey) == EXAMPLE


@given(st.binary(min_size=32, max_size=32), st.sampled_from(KeyType))
def test_keys_come_back(key, kind):
    vkey = Vkey("kalkan.example/тест", kind, key)
    assert parse_vkey(str(vkey)) == vkey


NAME, ID, KEY = EXAMPLE.split("+", 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NAME,
        f"{NAME}+{ID}",
        f"{NAME}x+{ID}+{KEY}",
        f"{NAME}+{ID.upper()}+{KEY}",
        f"{NAME}+00000000+{KEY}",
        f"{NAME}+{ID}+{KEY}=",
        f"{NAME}+{ID}+{KEY} ",
        f"{NAME}+{ID}+",
        f"{NAME}+{ID}+AQ==",
        f"{NAME}+{ID}+Bu{KEY[2:]}",
        f"+{ID}+{KEY}",
        f" {EXAMPLE}",
        f"{EXAMPLE}\n",
    ],
)
def test_keys_in_another_form_are_refused(text):
    with pytest.raises(NoteRejectedError):
        parse_vkey(text)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u2003", "a\nb", "\x00", "x" * 256]
)
def test_names_with_spaces_or_pluses_are_refused(name):
    with pytest.raises(NoteRejectedError):
        require_name(name)


def test_signature_of_another_length_is_refused():
    for length in (0, 63, 65, 72):
        with pytest.raises(SignatureRejectedError):
            SIGNER.vkey.verify(b"text\n", bytes(length))


def test_a_key_that_is_no_point_verifies_nothing():
    vkey = Vkey("a", KeyType.LOG, b"\xff" * 32)
    with pytest.raises(SignatureRejectedError):
        vkey.verify(b"text\n", bytes(64))
