"""The newest entries of a ledger, read beside its writer."""

from __future__ import annotations

import json

import pytest

from gateway.cli.entries import find_ledger, read_newest, tell_end, write_entries
from gateway.cli.exits import CommandError
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind, Side
from gateway.ledger.log import Ledger

SEARCHES = ("a" * 32, "b" * 32)


def make_entry(clock, number: int) -> Entry:
    return Entry(
        kind=Kind.INTENT,
        time=clock.now(),
        side=Side.HUB,
        member="HUB",
        search_id=SEARCHES[number % 2],
        banks=("KAZ/persons",),
    )


@pytest.fixture
async def ledger(tmp_path, clock):
    folder = tmp_path / "ledger"
    opened = await Ledger.open(folder, clock)
    await opened.append_many([make_entry(clock, number) for number in range(10)])
    yield folder
    await opened.close()


async def test_the_newest_are_read_oldest_first(ledger):
    assert [index for index, _ in read_newest(ledger, 3)] == [7, 8, 9]
    assert [index for index, _ in read_newest(ledger, 50)] == list(range(10))
    assert read_newest(ledger, 0) == []


async def test_entries_of_one_search_are_found_by_the_beginning_of_its_number(ledger):
    assert [index for index, _ in read_newest(ledger, 2, SEARCHES[1][:6])] == [7, 9]
    assert read_newest(ledger, 2, "f") == []


async def test_entries_are_written_as_json_with_their_number(ledger, capsys):
    write_entries(read_newest(ledger, 2))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["index"] for line in lines] == [8, 9]
    assert lines[0]["kind"] == "INTENT"


def test_a_ledger_that_is_not_here_is_told(tmp_path):
    with pytest.raises(CommandError, match="has no hub"):
        find_ledger(tmp_path, "")
    with pytest.raises(CommandError, match="has no node of KAZ"):
        find_ledger(tmp_path, "KAZ")


def test_an_entry_tells_how_it_went(clock):
    states = (
        BankOutcome(bank="KAZ/persons", state="answered"),
        BankOutcome(bank="AFG/persons", state="no_hit"),
        BankOutcome(bank="TUR/persons", state="no_hit"),
    )
    facts = {"time": clock.now(), "side": Side.HUB, "member": "HUB", "search_id": SEARCHES[0]}
    outcome = Entry(kind=Kind.OUTCOME, states=states, **facts)
    assert tell_end(outcome) == "1 answered, 2 no_hit"
    assert tell_end(Entry(kind=Kind.OUTCOME, states=states[:1], **facts)) == "KAZ/persons answered"
    refused = Entry(kind=Kind.REFUSAL, reason="TOKEN_EXPIRED", method="/k.S/Search", **facts)
    assert tell_end(refused) == "TOKEN_EXPIRED"
    stopped = Entry(kind=Kind.STOP, action="tls_refused", count=2, **facts)
    assert tell_end(stopped) == "2 tls_refused"
