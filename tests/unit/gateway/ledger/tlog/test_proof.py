import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError, ProofRejectedError, SignatureRejectedError
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.hashing import hash_leaf, root_of
from gateway.ledger.tlog.lines import write_base64
from gateway.ledger.tlog.merkle import inclusion_path
from gateway.ledger.tlog.proof import Proof, parse_proof
from tests.kit.logs import ORIGIN, SIGNER

ENTRIES = [bytes([n]) for n in range(11)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]
CHECKPOINT = Checkpoint(ORIGIN, 11, root_of(LEAVES))
NOTE = SIGNER.sign(str(CHECKPOINT)).encode()
PROOF = Proof(6, inclusion_path(6, 11, lambda a, b: root_of(LEAVES[a:b])), NOTE)
TEXT = PROOF.encode().decode()
HASH = write_base64(bytes(32))


@given(st.binary(max_size=50))
def test_a_proof_comes_back_and_holds(extra):
    proof = Proof(PROOF.index, PROOF.path, NOTE, extra)
    parsed = parse_proof(proof.encode())
    assert parsed == proof
    assert parsed.verify(ENTRIES[6], SIGNER.vkey) == CHECKPOINT


def test_it_is_laid_out_as_the_standard_says():
    lines = TEXT.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 6"]
    assert lines[2] == write_base64(LEAVES[7])
    assert lines[6:9] == ["", ORIGIN, "11"]


@given(st.integers(0, len(TEXT.encode()) - 1), st.integers(0, 7))
def test_no_bit_can_be_turned(at, bit):
    data = bytearray(TEXT.encode())
    data[at] ^= 1 << bit
    with pytest.raises((NoteRejectedError, ProofRejectedError, SignatureRejectedError)):
        parse_proof(bytes(data)).verify(ENTRIES[6], SIGNER.vkey)


def test_it_proves_its_own_entry_alone():
    with pytest.raises(ProofRejectedError):
        PROOF.verify(ENTRIES[7], SIGNER.vkey)
    with pytest.raises(ProofRejectedError):
        Proof(11, (), NOTE).verify(ENTRIES[0], SIGNER.vkey)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("index 6", "index 06"),
        TEXT.replace("index 6", "index  6"),
        TEXT.replace("index 6", "index ٦"),
        TEXT.replace("index 6", "index 1_0"),
        TEXT.replace("index 6\n", ""),
        TEXT.replace("index 6", "extra AB==\nindex 6"),
        TEXT.replace("index 6", "extra AA==\nextra AA==\nindex 6"),
        TEXT.replace("index 6", "index 6\nextra AA=="),
        TEXT.replace("index 6", "index 6\x0b"),
        TEXT.replace("index 6\n", "index 6\n" + f"{HASH}\n" * 64),
        TEXT.replace("index 6\n", "index 6\nAAAA\n"),
        TEXT.split("\n\n")[0] + "\n",
    ],
)
def test_another_form_is_refused(text):
    with pytest.raises(NoteRejectedError):
        parse_proof(text.encode())
