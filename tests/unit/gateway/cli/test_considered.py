"""What an owner knows of the past is found by search and bank."""

from __future__ import annotations

from gateway.cli.considered import _key_of
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import Kind, Side


def test_each_bank_of_a_search_has_facts_of_its_own(clock):
    facts = {"kind": Kind.OUTCOME, "side": Side.NODE, "member": "KAZ", "search_id": "a" * 32}
    entries = [Entry(time=clock.now(), banks=(b,), **facts) for b in ("KAZ/a", "KAZ/b")]
    assert len({_key_of(entry) for entry in entries}) == 2
