import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.lines import write_base64
from gateway.ledger.tlog.note import Signature
from gateway.ledger.tlog.request import (
    SIZE_TYPE,
    AddCheckpoint,
    encode_signatures,
    encode_size,
    parse_cosignatures,
    parse_request,
    parse_size,
)
from tests.kit.logs import ORIGIN, SIGNER

NOTE = SIGNER.sign(str(Checkpoint(ORIGIN, 9, bytes(32)))).encode()
HASH = write_base64(bytes(32))
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63)


@given(st.integers(0, 2**63 - 1), HASHES)
def test_a_request_comes_back(old, path):
    request = AddCheckpoint(old, tuple(path), NOTE)
    assert parse_request(request.encode()) == request


def test_it_is_laid_out_as_the_standard_says():
    assert AddCheckpoint(5, (bytes(32),), NOTE).encode() == f"old 5\n{HASH}\n\n".encode() + NOTE


@pytest.mark.parametrize(
    "head",
    [
        "",
        "old\n\n",
        "old 5\n",
        "old  5\n\n",
        "old 05\n\n",
        "old 1_0\n\n",
        "old ٣\n\n",
        "old -1\n\n",
        "old 5\r\n\r\n",
        "old 5\x0b\n\n",
        "Old 5\n\n",
        "5\n\n",
        f"old 5\n{HASH}x\n\n",
        f"old 5\n {HASH}\n\n",
        "old 5\n\n\n",
        "old 5\n" + f"{HASH}\n" * 64 + "\n",
    ],
)
def test_another_form_is_refused(head):
    with pytest.raises(NoteRejectedError):
        parse_request(head.encode() + NOTE)


def test_a_request_without_a_whole_checkpoint_is_refused():
    for note in (b"", b"text\n", NOTE[:-1]):
        with pytest.raises(NoteRejectedError):
            parse_request(b"old 5\n\n" + note)


def test_more_hashes_than_the_standard_allows_are_not_sent():
    most = AddCheckpoint(1, (bytes(32),) * 63, NOTE)
    assert parse_request(most.encode()) == most
    with pytest.raises(ValueError, match="63"):
        AddCheckpoint(1, (bytes(32),) * 64, NOTE).encode()


def test_answers_come_back():
    signatures = (Signature("w1", b"1234", b"x" * 72), Signature("w2", b"1234", b"y" * 72))
    assert parse_cosignatures(encode_signatures(signatures)) == signatures
    assert parse_size(encode_size(20_852_014)) == 20_852_014
    assert SIZE_TYPE == "text/x.tlog.size"  # as the standard has it


@pytest.mark.parametrize(
    "data", [b"", b"5", b"\n", b"05\n", b"5\n\n", b" 5\n", b"5\r\n", b"5" * 30]
)
def test_a_size_in_another_form_is_refused(data):
    with pytest.raises(NoteRejectedError):
        parse_size(data)


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"x\n", "— w1 AAAA\n".encode(), "— w1 AAAAAAA=".encode()]
)
def test_cosignatures_in_another_form_are_refused(data):
    with pytest.raises(NoteRejectedError):
        parse_cosignatures(data)
