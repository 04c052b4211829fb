from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.hub.alarms import LedgerAlarms
from gateway.witnessing.alarm import LedgerAlarm
from kalkan.v1 import directory_service_pb2 as directory

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def alarm(what, member, witness="", seconds=0):
    return LedgerAlarm(what, member, witness, NOON + timedelta(seconds=seconds))


def test_alarms_of_hub_and_nodes_are_shown_by_time_with_the_others():
    alarms = LedgerAlarms()
    alarms.own = lambda: [alarm("quorum_missing", "HUB", seconds=2)]
    forked, foreign = alarm("log_forked", "KAZ", "TUR", 1), alarm("log_forked", "KAZ", "GEO", 1)
    alarms.take("TUR", [forked.to_node(), foreign.to_node()])
    other = directory.Alarm(alarm="node_only", member="GEO")
    other.time.FromDatetime(NOON + timedelta(seconds=3))
    shown = [(one.alarm, one.member) for one in alarms.shown([other])]
    assert shown == [("log_forked", "KAZ"), ("quorum_missing", "HUB"), ("node_only", "GEO")]


def test_what_a_node_says_last_counts():
    alarms = LedgerAlarms()
    alarms.take("KAZ", [alarm("witness_away", "KAZ", "TUR").to_node()])
    assert len(alarms.shown(())) == 1
    alarms.take("KAZ", [])
    assert alarms.shown(()) == []


def test_the_newest_64_stay():
    alarms = LedgerAlarms()
    many = [alarm("witness_away", "KAZ", "TUR", seconds=n).to_node() for n in range(100)]
    alarms.take("KAZ", many)
    times = [one.time.seconds - int(NOON.timestamp()) for one in alarms.shown(())]
    assert times == list(range(36, 100))
