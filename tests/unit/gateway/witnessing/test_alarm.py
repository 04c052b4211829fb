from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.ledger.witness.state import Fault
from gateway.witnessing.alarm import OF_A_WITNESS, OF_THE_LOG, LedgerAlarm, read_alarm
from gateway.witnessing.follow import Standing
from kalkan.v1 import node_service_pb2 as wire

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWN = LedgerAlarm("witness_away", "KAZ", "TUR", NOON)
SEEN = LedgerAlarm("log_forked", "KAZ", "TUR", NOON)


def test_every_word_of_an_entry_has_its_sentence():
    assert set(OF_A_WITNESS) == set(Fault)
    assert set(OF_THE_LOG) == set(Standing) - {Standing.GOOD} | {"quorum_missing"}


@pytest.mark.parametrize("what", [*OF_THE_LOG, *OF_A_WITNESS])
def test_directory_tells_whose_ledger_and_which_witness(what):
    alarm = LedgerAlarm(what, "KAZ", "w" * 255, NOON).to_directory()
    assert (alarm.alarm, alarm.member, alarm.bank) == (what, "KAZ", "")
    assert alarm.time.ToDatetime(tzinfo=UTC) == NOON
    assert len(alarm.text) <= 200
    assert ("w" * 64 in alarm.text) is (what != "quorum_missing")


def test_a_node_speaks_of_its_own_ledger_and_as_a_witness():
    assert read_alarm(OWN.to_node(), "KAZ") == OWN
    assert read_alarm(SEEN.to_node(), "TUR") == SEEN
    assert read_alarm(SEEN.to_node(), "KAZ") is None
    assert read_alarm(OWN.to_node(), "TUR") is None
    for wrong in (
        replace(OWN, what="invented"),
        replace(OWN, member="GEO"),
        replace(OWN, witness="a\nb"),
        replace(SEEN, witness="GEO"),
    ):
        assert read_alarm(wrong.to_node(), "KAZ") is None
    message = wire.LedgerAlarm(alarm="witness_away", member="KAZ", witness="w" * 256)
    assert read_alarm(message, "KAZ") is None
    message = OWN.to_node()
    message.time.seconds = 2**60
    assert read_alarm(message, "KAZ") is None
