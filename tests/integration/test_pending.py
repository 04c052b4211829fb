"""Without a quorum a receipt says pending, with how many have signed; with it, witnessed."""

from __future__ import annotations

import asyncio
import json

import pytest
from typer.testing import CliRunner

from gateway.access.witnesses import Witnessing
from gateway.cli.main import app
from gateway.client import Ended
from gateway.errors import UnreachableError
from gateway.ledger.tlog.note import parse_note
from gateway.receipts.file import read_receipt_file
from gateway.receipts.proof import State
from kalkan.v1 import receipt_service_pb2 as receipts
from tests.kit.world import WHY, ask, build_world

PANEL = Witnessing(witnesses=("KAZ", "TUR", "GEO"), quorum=2, patience_s=600)
LONG_S = 60.0


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", witnessing=PANEL)
    yield world
    await world.stop()


@pytest.fixture
def run(world):
    """Run the command in a thread, beside the servers of this loop."""

    async def run(*words):
        words = (*words, "--home", str(world.home))
        return await asyncio.to_thread(CliRunner().invoke, app, words)

    return run


async def until_signed(client, receipt, count):
    """Wait until so many witnesses have signed, a quorum or not."""
    async with asyncio.timeout(LONG_S):
        while True:
            given = await standing(client, receipt, 1.0)
            if given.signed >= count:
                return given


async def standing(client, receipt, seconds):
    """Ask how far it is proved; again where the call was over before its server had told."""
    while True:
        try:
            return await client.standing(receipt.search_id, receipt.ledger_index, seconds)
        except UnreachableError:
            seconds *= 2


async def test_a_receipt_is_pending_with_its_count_until_the_quorum_is_there(world):
    await world.start("KAZ")
    client = await world.client()
    ended = (await client.search_once(ask()))[-1]
    assert isinstance(ended, Ended)
    receipt = ended.receipt
    assert receipt.proof_state == receipts.PROOF_STATE_PENDING
    assert receipt.cosignatures_needed == 2
    given = await until_signed(client, receipt, 1)
    assert (given.state, given.signed, given.needed) == (State.PENDING, 1, 2)
    assert given.tell() == "pending: 1 of 2 witnesses have signed"
    assert not (await standing(client, receipt, 0.5)).proof
    await world.start_node("TUR")
    given = await client.standing(receipt.search_id, receipt.ledger_index, LONG_S)
    assert (given.state, given.needed) == (State.WITNESSED, 2)
    assert given.signed >= 2
    assert given.proof


async def test_without_witnessing_a_receipt_says_nothing_of_it(tmp_path):
    world = build_world(tmp_path / "plain")
    await world.start("KAZ")
    client = await world.client()
    receipt = (await client.search_once(ask()))[-1].receipt
    assert (receipt.proof_state, receipt.cosignatures_needed) == (0, 0)
    given = await client.standing(receipt.search_id, receipt.ledger_index, LONG_S)
    assert (given.state, given.signed, given.needed) == (State.LOGGED, 0, 0)
    await world.stop()


def search_words(path, *more):
    why = [word for name, value in WHY.items() for word in (f"--{name}", value.replace("_", "-"))]
    why[why.index("learn-more")] = "learn_more"
    words = ("search", "person", "Nobody Atall", "--ask", "trio", "--purpose", "terrorism")
    return (*words, "--case", "T-1", *why, "--deadline", "30", "--save", str(path), *more)


async def test_commands_say_pending_and_then_witnessed(world, run, tmp_path):
    path = tmp_path / "receipt.json"
    await world.start("KAZ")
    done = await run(*search_words(path))
    while "pending: 0 of 2" in done.stdout:  # the one that is there was slow to sign
        path.unlink()
        done = await run(*search_words(path))
    assert "pending: 1 of 2 witnesses have signed" in done.stdout, done.output
    done = await run("receipt", "verify", str(path))
    assert done.exit_code == 3
    assert "Pending: " in done.stdout
    assert "2 witnesses must sign" in done.stdout
    done = await run("receipt", "verify", str(path), "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["state"], told["quorum"]) == (3, "pending", 2)
    assert (told["sound"], told["proved"], told["witnesses"]) == (True, False, [])
    done = await run("receipt", "proof", str(path), "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["state"], told["needed"]) == (3, "pending", 2)
    assert told["cosignatures"] == 1
    assert not read_receipt_file(path).proof
    await world.start_node("TUR")
    await say_witnessed(run, path)


async def say_witnessed(run, path):
    done = await run("receipt", "proof", str(path))
    assert done.exit_code == 0, done.output
    assert "witnessed: " in done.stdout
    done = await run("receipt", "verify", str(path), "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["state"], told["proved"]) == (0, "witnessed", True)
    done = await run("receipt", "verify", str(path))
    assert "Witnessed: it is in the hub's ledger" in done.stdout
    assert read_receipt_file(path).proof


async def test_json_of_a_search_ends_with_how_far_it_is_proved(world, run, tmp_path):
    path = tmp_path / "receipt.json"
    await world.start()
    done = await run(*search_words(path, "--json"))
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["event"], told["state"], told["file"]) == ("receipt", "witnessed", str(path))
    assert told["cosignatures"] >= told["needed"] == 2
    note = read_receipt_file(path).proof.decode().partition("\n\n")[2].encode()
    assert len(parse_note(note).signatures) >= 3
