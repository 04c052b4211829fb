"""Two programs that share nothing agree on every proof; what was turned or cut is refused."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError, ProofRejectedError, SignatureRejectedError
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.hashing import hash_leaf, root_of
from gateway.ledger.tlog.merkle import consistency_path, inclusion_path
from gateway.ledger.tlog.proof import Proof
from gateway.ledger.verify.proof import MAX_BYTES, check_entry, require_growth
from tests.kit.logs import ORIGIN, SIGNER
from tests.kit.witnesses import other_signer

LEAVES = [hash_leaf(bytes([n])) for n in range(70)]
REFUSED = (NoteRejectedError, ProofRejectedError, SignatureRejectedError)


def range_hash(begin, end):
    return root_of(LEAVES[begin:end])


def proof_of(index, size, extra=b"", signer=SIGNER):
    note = signer.sign(str(Checkpoint(ORIGIN, size, root_of(LEAVES[:size])))).encode()
    return Proof(index, inclusion_path(index, size, range_hash), note, extra).encode()


@given(st.integers(1, 70), st.data(), st.binary(max_size=20))
def test_what_the_server_proves_is_shown(size, data, extra):
    index = data.draw(st.integers(0, size - 1))
    shown = check_entry(bytes([index]), proof_of(index, size, extra), SIGNER.vkey)
    assert (shown.index, shown.size, shown.root) == (index, size, root_of(LEAVES[:size]))
    with pytest.raises(ProofRejectedError):
        check_entry(b"another", proof_of(index, size), SIGNER.vkey)


WHOLE = proof_of(6, 11)


@pytest.mark.parametrize("at", range(len(WHOLE)))
def test_no_bit_can_be_turned(at):
    for bit in range(8):
        data = bytearray(WHOLE)
        data[at] ^= 1 << bit
        with pytest.raises(REFUSED):
            check_entry(bytes([6]), bytes(data), SIGNER.vkey)


def test_a_hash_has_one_form():
    """Base64 of 32 bytes ends in a character of which two bits say nothing."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    (line, *_) = re.findall(rb"\n(.{43})=\n", WHOLE)
    last = alphabet.index(chr(line[-1]))
    for other in range(last + 1, last + 4):
        data = WHOLE.replace(line, line[:-1] + alphabet[other].encode())
        with pytest.raises(NoteRejectedError):
            check_entry(bytes([6]), data, SIGNER.vkey)


@pytest.mark.parametrize(
    "extra", [b"eB==", b"eHl=", b"eA=", b"eA", b"=", b"eHl6=", b"", b"eA==eA=="]
)
def test_what_is_added_has_one_form_too(extra):
    added = WHOLE.replace(b"index 6", b"extra " + extra + b"\nindex 6")
    with pytest.raises(NoteRejectedError):
        check_entry(bytes([6]), added, SIGNER.vkey)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WHOLE.replace(b"@v1", b"@v2"),
        WHOLE.replace(b"index 6", b"index 06"),
        WHOLE.replace(b"index 6", b"index -6"),
        WHOLE.replace(b"index 6", b"index 9999999"),
        WHOLE.replace(b"index 6\n", b"index 6\n" + b"A" * 43 + b"=\n"),
        WHOLE.replace(b"index 6\n", b"index 6\n" + b"A" * 42 + b"B=\n"),
        b"\n".join(WHOLE.split(b"\n")[:2] + WHOLE.split(b"\n")[3:]),
        WHOLE + b" " * MAX_BYTES,
        proof_of(6, 11, signer=other_signer()),
    ],
)
def test_what_is_no_proof_is_refused(data):
    with pytest.raises(REFUSED):
        check_entry(bytes([6]), data, SIGNER.vkey)


def tree(size):
    return size, root_of(LEAVES[:size])


@given(st.integers(1, 70), st.data())
def test_growth_is_shown_and_nothing_else(new, data):
    old = data.draw(st.integers(1, new))
    path = consistency_path(old, new, range_hash)
    require_growth(tree(old), tree(new), path)
    other = (new, bytes(32))
    for wrong in (
        lambda: require_growth(tree(old), other, path),
        lambda: require_growth((old, bytes(32)), tree(new), path),
        lambda: require_growth(tree(old), tree(new), (*path, bytes(32))),
        lambda: require_growth(tree(new + 1), tree(new), path),
        lambda: require_growth((0, bytes(32)), tree(new), path),
    ):
        with pytest.raises(ProofRejectedError):
            wrong()
    if path:
        with pytest.raises(ProofRejectedError):
            require_growth(tree(old), tree(new), path[1:])
