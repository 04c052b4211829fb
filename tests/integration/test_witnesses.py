"""Checkpoints of hub and nodes are cosigned node to node, and a receipt is proved under them."""

import asyncio
from contextlib import suppress

import pytest

from gateway.access.federation import read_federation
from gateway.access.witnesses import Witnessing
from gateway.client import Ended
from gateway.errors import UnreachableError
from gateway.ledger.tlog.note import parse_note
from gateway.receipts.check import check_receipt
from gateway.receipts.file import ReceiptFile
from gateway.witnessing.panel import panel_of
from tests.kit.world import ask, build_world

PANEL = Witnessing(witnesses=("KAZ", "TUR", "GEO"), quorum=2, patience_s=600)
IMPATIENT = PANEL.model_copy(update={"patience_s": 5})
LONG_S = 60.0
"""Far longer than the witnesses need: who waits for an event does not measure it."""


@pytest.fixture
async def world(request, tmp_path):
    world = build_world(tmp_path / "home", witnessing=getattr(request, "param", PANEL))
    yield world
    await world.stop()


async def asked(client):
    """Ask; return the end and a file of its receipt."""
    events = await client.search_once(ask())
    ended = events[-1]
    assert isinstance(ended, Ended)
    return ended, ReceiptFile(ended.signed.data, ended.signed.signature, ("trio",))


async def ask_for_ever(client):
    async with asyncio.timeout(LONG_S):
        while True:
            await client.search_once(ask())


async def proved(client):
    ended, file = await asked(client)
    receipt = ended.receipt
    proof = await client.proof(receipt.search_id, receipt.ledger_index, LONG_S)
    assert proof is not None
    return file.proved(*proof)


async def test_a_receipt_is_proved_under_the_signatures_of_three_nodes(world):
    await world.start()
    client = await world.client()
    file = await proved(client)
    federation = read_federation(world.home / "federation.toml")
    verdict = check_receipt(file, federation)
    assert verdict.wrong == []
    assert (verdict.pending, verdict.complete) == ("", True)
    assert all(bank.attested for bank in verdict.banks)
    names = {key.name for key in panel_of(federation, "HUB").keys}
    assert len(verdict.witnesses) >= 2
    assert set(verdict.witnesses) <= names


async def test_every_ledger_is_witnessed(world):
    await world.start()
    folders = [world.home / "hub", *(world.home / "nodes").iterdir()]
    paths = [folder / "ledger" / "witnessed" / "checkpoint" for folder in folders]
    assert len(paths) == 4
    async with asyncio.timeout(LONG_S):
        while not all(path.exists() for path in paths):  # noqa: ASYNC110 - files of other tasks
            await asyncio.sleep(0.05)
    federation = world.federation
    for name, path in zip(["HUB", *(f.name for f in folders[1:])], paths, strict=True):
        panel = panel_of(federation, name)
        note = parse_note(path.read_bytes())
        note.verify((panel.log,))
        assert len(note.signers(panel.keys)) >= panel.quorum


async def test_one_witness_down_leaves_a_quorum(world):
    await world.start("KAZ", "TUR")
    client = await world.client()
    verdict = check_receipt(await proved(client), world.federation)
    assert verdict.wrong == []
    assert len(verdict.witnesses) == 2


async def test_without_a_quorum_proofs_are_pending_until_it_is_back(world):
    await world.start("KAZ")
    client = await world.client()
    ended, file = await asked(client)
    receipt = ended.receipt
    with suppress(UnreachableError):  # where the call is over before its server has told
        assert await client.proof(receipt.search_id, receipt.ledger_index, 1.0) is None
    verdict = check_receipt(file, world.federation)
    assert verdict.sound
    assert verdict.pending
    await world.start_node("TUR")
    proof = await client.proof(receipt.search_id, receipt.ledger_index, LONG_S)
    assert check_receipt(file.proved(*proof), world.federation).wrong == []


@pytest.mark.parametrize("world", [IMPATIENT], indirect=True, ids=["impatient"])
async def test_after_the_patience_nothing_is_answered_until_the_quorum_is_back(world):
    await world.start("KAZ")
    client = await world.client()
    with pytest.raises(UnreachableError, match="too few witnesses"):
        await ask_for_ever(client)
    await world.start_node("TUR")
    async with asyncio.timeout(LONG_S):
        while True:
            try:
                file = await proved(client)
            except UnreachableError:
                continue
            break
    assert check_receipt(file, world.federation).wrong == []


async def test_the_proof_of_a_search_is_for_who_asked(world):
    await world.start()
    ended, _ = await asked(await world.client())
    other = await world.client("auditor")
    with pytest.raises(Exception, match="no such search of yours"):
        await other.proof(ended.receipt.search_id, ended.receipt.ledger_index, LONG_S)
    with pytest.raises(Exception, match="no such search of yours"):
        await (await world.client()).proof("0" * 32, ended.receipt.ledger_index, LONG_S)
