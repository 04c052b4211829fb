"""Two programs that share nothing agree on every proof; what was turned or cut is refused."""

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


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 7))
def test_no_bit_can_be_turned(at, bit):
    data = bytearray(WHOLE)
    data[at] ^= 1 << bit
    with pytest.raises(REFUSED):
        check_entry(bytes([6]), bytes(data), SIGNER.vkey)


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
