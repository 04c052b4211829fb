"""What is wrong between a ledger and its witnesses, in one form for hub, nodes and directory.

The words are those of the entries that tell the same. Sentences are made here, by who shows them:
a node sends words, and a word that nobody knows is shown to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kalkan.v1 import directory_service_pb2 as directory
from kalkan.v1 import node_service_pb2 as wire

MAX_ALARMS: Final = 64
"""Alarms that one server tells at most; the newest stay."""
MAX_WITNESS: Final = 255
OF_THE_LOG: Final = {
    "witness_away": "the witness {who} has been silent for more than 30 s",
    "witness_knows_more": "the witness {who} has signed more than the ledger has: the ledger was"
    " rolled back, or the witness lies",
    "witness_contradicts": "the witness {who} has signed another history and signs no more: the"
    " ledger was forked, or the witness lies",
    "witness_refuses": "the witness {who} does not know the ledger or its key",
    "witness_signature_invalid": "the witness {who} sends what is not its signature",
    "quorum_missing": "too few witnesses have signed what is new in the ledger: receipts are"
    " pending, and answering will stop",
}
"""What a ledger's own server says of it."""
OF_A_WITNESS: Final = {
    "log_forked": "the witness {who} has seen two histories of the ledger, both signed by its key",
    "log_rolled_back": "the witness {who} has seen the ledger shorter than it was",
    "log_inconsistent": "the witness {who} was shown a ledger that is not proved to continue what"
    " it has signed before",
}
"""What a witness says of the ledger of another."""
_TEXTS: Final = {**OF_THE_LOG, **OF_A_WITNESS}


@dataclass(frozen=True, slots=True)
class LedgerAlarm:
    """Something that a person must look into.

    Attributes:
        what: A word of `OF_THE_LOG` or `OF_A_WITNESS`.
        member: Whose ledger it is about, "HUB" for the hub's.
        witness: The witness that says it or is meant: a member, or a foreign one's name; "" where
            it is about no single one.
        time: Since when, or when it was found, in UTC.
    """

    what: str
    member: str
    witness: str
    time: datetime

    def to_node(self) -> wire.LedgerAlarm:
        """As a node tells it to the hub."""
        message = wire.LedgerAlarm(
            alarm=self.what, member=self.member, witness=self.witness[:MAX_WITNESS]
        )
        message.time.FromDatetime(self.time)
        return message

    def to_directory(self) -> directory.Alarm:
        """As the directory shows it."""
        text = _TEXTS[self.what].format(who=self.witness[:64])
        message = directory.Alarm(alarm=self.what, member=self.member, text=text)
        message.time.FromDatetime(self.time)
        return message


def read_alarm(message: wire.LedgerAlarm, node: str) -> LedgerAlarm | None:
    """Read what a node tells; None where it speaks for somebody else, or in words of its own.

    A node speaks of its own ledger, and as a witness in its own name.
    """
    own = message.alarm in OF_THE_LOG and message.member == node
    seen = message.alarm in OF_A_WITNESS and message.witness == node
    if not (own or seen) or len(message.witness) > MAX_WITNESS or not message.witness.isprintable():
        return None
    try:
        time = message.time.ToDatetime(tzinfo=UTC)
    except ValueError:
        return None
    return LedgerAlarm(message.alarm, message.member, message.witness, time)
