"""What the directory shows to be wrong with ledgers: the hub's own, and what nodes tell of theirs.

A node's words are kept as it said them last, also while it is away: nobody else can take them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gateway.witnessing.alarm import MAX_ALARMS, LedgerAlarm, read_alarm
from kalkan.v1 import directory_service_pb2 as directory
from kalkan.v1 import node_service_pb2 as wire


class LedgerAlarms:
    """Collects the alarms of hub and nodes.

    Attributes:
        own: Tells what the hub knows of its own ledger and its witnesses.
    """

    def __init__(self) -> None:
        self.own: Callable[[], Sequence[LedgerAlarm]] = tuple
        self._told: dict[str, tuple[LedgerAlarm, ...]] = {}

    def take(self, node: str, alarms: Iterable[wire.LedgerAlarm]) -> None:
        """Keep what a node tells; what it may not say is left out."""
        read = [read_alarm(message, node) for message in list(alarms)[-MAX_ALARMS:]]
        self._told[node] = tuple(alarm for alarm in read if alarm is not None)

    def shown(self, others: Iterable[directory.Alarm]) -> list[directory.Alarm]:
        """All of them and `others`, the newest 64, newest last."""
        told = [alarm for alarms in self._told.values() for alarm in alarms]
        found = [alarm.to_directory() for alarm in (*self.own(), *told)]
        ordered = sorted([*others, *found], key=lambda alarm: alarm.time.ToNanoseconds())
        return ordered[-MAX_ALARMS:]
