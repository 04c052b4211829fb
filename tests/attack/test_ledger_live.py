"""Ledgers of live servers: covered within moments, proved, and checked while they are written."""

import asyncio
import time

import pytest

from gateway.clock import SystemClock
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.errors import LedgerUnavailableError, ProofPendingError
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.proof import parse_proof
from gateway.ledger.tlog.vkey import parse_vkey
from gateway.ledger.verify.whole import examine, settle_after
from tests.kit.logs import SIGNER, check
from tests.kit.world import ask, build_world

CLOCK = SystemClock()
LIMITS = Limits(checkpoint_s=0.01, segment_bytes=30_000)


def make_entry() -> Entry:
    return Entry(kind=Kind.ADMIN, time=CLOCK.now(), side=Side.HUB, member="HUB")


async def test_every_entry_has_a_proof_once_it_is_covered(tmp_path):
    ledger = await Ledger.open(tmp_path, CLOCK, signer=SIGNER, limits=LIMITS)
    with pytest.raises(ProofPendingError):
        ledger.checkpoint()
    with pytest.raises(ProofPendingError):
        await ledger.inclusion(0)
    for _ in range(5):
        index = (await ledger.append_many([make_entry()] * 120))[-1]
        await ledger.covered(index)
        size = open_checkpoint(ledger.checkpoint(), SIGNER.vkey).size
        for each in (0, index // 2, index):
            proof = parse_proof(await ledger.inclusion(each))
            assert proof.verify(Tiles(tmp_path, size).entry(each), SIGNER.vkey).size == size
    with pytest.raises(ProofPendingError):
        await ledger.inclusion(index + 1)
    await ledger.close()


async def test_without_a_key_there_is_nothing_to_prove(tmp_path):
    ledger = await Ledger.open(tmp_path, CLOCK)
    await ledger.append(make_entry())
    with pytest.raises(ProofPendingError):
        ledger.checkpoint()
    with pytest.raises(LedgerUnavailableError):
        await ledger.covered(0)
    await ledger.close()
    assert [path.name for path in tmp_path.iterdir() if path.name == "tile"] == []


async def test_a_log_that_is_written_to_is_sound_at_every_look(tmp_path):
    ledger = await Ledger.open(tmp_path, CLOCK, signer=SIGNER, limits=LIMITS)
    await ledger.covered(await ledger.append(make_entry()))
    done = asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            await ledger.append_many([make_entry()] * 7)

    writing = asyncio.gather(write(), write())
    for _ in range(8):
        report = await asyncio.to_thread(
            examine, tmp_path, SIGNER.vkey, settle_after(30.0, time.sleep)
        )
        assert report.findings == ()
    done.set()
    await writing
    await ledger.close()
    assert check(tmp_path).findings == ()
    assert check(tmp_path).size == ledger.size


async def test_ledgers_of_a_federation_are_sound_under_the_keys_of_its_file(tmp_path):
    world = build_world(tmp_path)
    await world.start()
    client = await world.client()
    await client.search_once(ask())
    await world.stop()
    folders = {"hub": world.federation.hub.ledger_vkey}
    folders |= {f"nodes/{m.code}": m.ledger_vkey for m in world.federation.members}
    for folder, vkey in folders.items():
        report = examine(tmp_path / folder / "ledger", parse_vkey(vkey), lambda holds: holds())
        assert report.findings == ()
        assert report.size == report.entries > 2
        assert report.origin == f"kalkan.example/{world.federation.id}/{folder[-3:].upper()}"
