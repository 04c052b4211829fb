from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.note import MAX_SIGNATURES, Note, Signature, parse_note
from gateway.ledger.tlog.signer import Cosigner, Signer
from gateway.ledger.tlog.vkey import parse_vkey
from tests.kit.logs import SIGNER

TEXT = "one\n\nthree\n"
NOTE = SIGNER.sign(TEXT)
LINE = str(NOTE.signatures[0])
OTHER = Signer("other.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_a_note_comes_back_with_the_empty_lines_of_its_text():
    assert parse_note(NOTE.encode()) == NOTE
    NOTE.verify([SIGNER.vkey])


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1), st.integers(1, 20)
)
def test_any_text_comes_back(text, count):
    note = Note(text + "\n", SIGNER.sign(text + "\n").signatures * count)
    parsed = parse_note(note.encode())
    assert parsed == note
    parsed.verify([SIGNER.vkey])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused(data):
    with suppress(NoteRejectedError):
        assert parse_note(data).encode() == data


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_no_bit_can_be_turned(at, bit):
    data = bytearray(NOTE.encode())
    data[at] ^= 1 << bit
    with pytest.raises((NoteRejectedError, SignatureRejectedError)):
        parse_note(bytes(data)).verify([SIGNER.vkey])


@pytest.mark.parametrize(
    "data",
    {
        "nothing": "",
        "text alone": TEXT,
        "no blank line": f"one\n{LINE}",
        "no signature": "one\n\n",
        "no newline at the end": f"one\n\n{LINE}"[:-1],
        "no text": f"\n\n{LINE}",
        "CRLF": f"one\n\n{LINE}".replace("\n", "\r\n"),
        "CR in the text": f"one\r\n\n{LINE}",
        "vertical tab": f"one\x0b\n\n{LINE}",
        "tab": f"one\tx\n\n{LINE}",
        "text after": f"one\n\n{LINE}two\n",
        "empty line after": f"one\n\n{LINE}\n",
        "hyphen": f"one\n\n{LINE}".replace("— ", "- "),
        "two spaces": f"one\n\n{LINE}".replace("— ", "—  "),
        "no-break space": f"one\n\n{LINE}".replace("— ", "—\u00a0"),
        "more after": f"one\n\n{LINE[:-1]} x\n",
        "no name": "one\n\n— AAAAAAA=\n",
        "plus in the name": "one\n\n— a+b AAAAAAA=\n",
        "id alone": "one\n\n— a AAAAAA==\n",
        "padding left out": "one\n\n— a AAAAAAA\n",
        "bits left over": "one\n\n— a AAAAAAB=\n",
        "too many": "one\n\n" + "— a AAAAAAA=\n" * (MAX_SIGNATURES + 1),
        "too long": "x" * (1 << 19) + f"\n\n{LINE}",
        "line separator in the name": "one\n\n— a\u2028b AAAAAAA=\n",
    }.items(),
    ids=lambda pair: pair[0],
)
def test_what_is_no_note_is_refused(data):
    with pytest.raises(NoteRejectedError):
        parse_note(data[1].encode())


def test_sixteen_signatures_of_strangers_are_accepted():
    strangers = tuple(Signature(f"w{n}", bytes(4), bytes(2_420)) for n in range(16))
    note = parse_note(Note(TEXT, strangers + NOTE.signatures).encode())
    note.verify([SIGNER.vkey])


def test_a_key_that_is_not_known_is_ignored_even_with_a_known_name_or_id():
    mine = NOTE.signatures[0]
    namesake = Signature(mine.name, b"\0\0\0\0", b"x" * 64)
    twin = Signature("twin.example", mine.key_id, b"x" * 64)
    note = Note(TEXT, (namesake, twin, mine))
    assert note.signers([SIGNER.vkey, OTHER.vkey]) == (SIGNER.vkey,)
    with pytest.raises(SignatureRejectedError, match="no signature of a key that is known"):
        Note(TEXT, (namesake, twin)).verify([SIGNER.vkey])


def test_a_bad_signature_of_a_known_key_fails_the_whole_note():
    bad = Signature(OTHER.vkey.name, OTHER.vkey.id, bytes(64))
    note = Note(TEXT, (*NOTE.signatures, bad))
    note.verify([SIGNER.vkey])
    with pytest.raises(SignatureRejectedError, match=r"other\.example does not hold"):
        note.verify([SIGNER.vkey, OTHER.vkey])
    again = Note(TEXT, (*NOTE.signatures, Signature(SIGNER.vkey.name, SIGNER.vkey.id, bytes(64))))
    with pytest.raises(SignatureRejectedError):
        again.verify([SIGNER.vkey])


def test_signers_are_told_once_each_with_their_kind():
    witness = Cosigner("w.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    note = Note(TEXT, (*NOTE.signatures, witness.cosign(TEXT, 5)))
    keys = [witness.vkey, SIGNER.vkey, witness.vkey, OTHER.vkey]
    assert note.signers(keys) == (witness.vkey, SIGNER.vkey)


def test_the_note_of_the_standard_library_of_another_language_verifies():
    """From golang.org/x/mod/sumdb/note, whose format the standard describes."""
    vkey = parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    data = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
        "gotpRZb6KE6RyyBwJnAM=\n"
    )
    parse_note(data.encode()).verify([vkey])
