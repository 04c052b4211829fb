"""A copy is the ledger as its checkpoint says; going back is refused; more in integration."""

from __future__ import annotations

import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.backup import back_up, put_back
from gateway.ledger.errors import (
    LedgerLockedError,
    RollbackError,
    SignatureRejectedError,
)
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.mark import read_mark
from gateway.ledger.read import check_chain, read_stored
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.verify.whole import examine

SIGNER = Signer("kalkan.example/test/HUB", Ed25519PrivateKey.generate())
KEY = SIGNER.vkey


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ledger"


@pytest.fixture
def grow(folder, clock, make_entry):
    """Append entries and wait for the checkpoint that covers them."""

    async def grow(count, first=0):
        ledger = await Ledger.open(folder, clock, signer=SIGNER, limits=Limits(segment_bytes=4_000))
        try:
            entries = [make_entry(0, count=first + number) for number in range(count)]
            for entry in entries:
                last = await ledger.append(entry)
            await ledger.covered(last)
        finally:
            await ledger.close()

    return grow


def same(folder, copy):
    return list(read_stored(folder)) == list(read_stored(copy))


@pytest.mark.parametrize("count", [1, 40, 256, 300])
async def test_copy_verifies_by_itself(folder, grow, tmp_path, count):
    await grow(count)
    copy = tmp_path / "copy"
    assert back_up(folder, KEY, copy) == count
    assert same(folder, copy)
    assert read_mark(copy) == count == check_chain(copy)
    assert examine(copy, KEY, lambda covers: covers()).sound


async def test_whole_copy_is_put_back(folder, grow, tmp_path):
    await grow(40)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    assert put_back(copy, folder, KEY) == 0
    assert same(folder, copy)
    await grow(5, 40)
    assert check_chain(folder) == 45


async def test_older_copy_is_refused_by_mark_and_by_checkpoint(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    await grow(5, 10)
    for gone in ("mark", "checkpoint"):
        kept = (folder / gone).read_bytes()
        (folder / gone).unlink()
        with pytest.raises(RollbackError, match="5 entries"):
            put_back(copy, folder, KEY)
        (folder / gone).write_bytes(kept)
    assert put_back(copy, folder, KEY, accept_loss=True) == 5
    assert check_chain(folder) == 10
    assert check_chain(folder.with_name("ledger-before-1")) == 15


async def test_copy_with_other_entries_is_refused(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    shutil.rmtree(folder)
    await grow(8, first=100)
    with pytest.raises(RollbackError, match="entry 0"):
        put_back(copy, folder, KEY)


async def test_damaged_ledger_is_replaced_by_its_copy(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    path = folder / "00000000.log"
    data = bytearray(path.read_bytes())
    data[50] ^= 1
    path.write_bytes(data)
    assert put_back(copy, folder, KEY) == 0
    assert check_chain(folder) == 10


async def test_copy_is_put_back_where_nothing_is_left(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    shutil.rmtree(folder)
    assert put_back(copy, folder, KEY) == 0
    assert check_chain(folder) == 10


async def test_nothing_is_put_under_a_running_writer_nor_by_another_key(
    folder, grow, tmp_path, clock
):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    other = Signer(KEY.name, Ed25519PrivateKey.generate()).vkey
    with pytest.raises(SignatureRejectedError):
        put_back(copy, folder, other)
    with pytest.raises(SignatureRejectedError):
        back_up(folder, other, tmp_path / "other")
    ledger = await Ledger.open(folder, clock)
    try:
        with pytest.raises(LedgerLockedError):
            put_back(copy, folder, KEY)
    finally:
        await ledger.close()
