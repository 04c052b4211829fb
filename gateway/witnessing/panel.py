"""Who witnesses a ledger, from the federation file alone: server, client and auditor agree."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from gateway.access.federation import Federation, Member
from gateway.access.witnesses import Witnessing
from gateway.errors import SettingsError
from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.vkey import KeyType, Vkey, parse_vkey

HUB: Final = "HUB"
"""The hub's name where members have theirs."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One witness of a ledger.

    Attributes:
        vkey: Its key.
        member: The member whose node it is, "" for a foreign one.
        url: Where a foreign one is reached.
    """

    vkey: Vkey
    member: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The witnesses of one ledger.

    Attributes:
        log: The ledger's own key.
        seats: The witnesses.
        quorum: How many must sign.
        patience_s: Seconds after which a server without them stops answering.
    """

    log: Vkey
    seats: tuple[Seat, ...]
    quorum: int
    patience_s: float

    @property
    def keys(self) -> tuple[Vkey, ...]:
        """The keys of the witnesses."""
        return tuple(seat.vkey for seat in self.seats)


def witness_name(federation: str, member: str) -> str:
    """The name of the witness that a member's node is."""
    return f"{origin_of(federation, member)}/witness"


def panel_of(federation: Federation, log: str) -> Panel | None:
    """Return the witnesses of the ledger of a member, or of the hub ("HUB"); None without any.

    Raises:
        SettingsError: The federation file names one that is none, or fewer than the quorum.
    """
    owner = federation.hub if log == HUB else federation.member(log)
    chosen = (owner.witnessing if owner is not None else None) or federation.witnessing
    if owner is None or chosen is None:
        return None
    seats = (*_seats(federation, chosen, log), *_foreign(chosen))
    if len({seat.vkey for seat in seats}) < chosen.quorum:
        raise SettingsError(f"witnessing: the ledger of {log} has fewer witnesses than its quorum")
    if not owner.ledger_vkey:
        raise SettingsError(f"ledger_vkey: witnesses cannot know the ledger of {log} without it")
    vkey = read_vkey(owner.ledger_vkey, KeyType.LOG)
    return Panel(vkey, seats, chosen.quorum, chosen.patience_s)


def logs_of(federation: Federation) -> dict[str, Vkey]:
    """Return the keys of all ledgers of the federation, by origin.

    Raises:
        SettingsError: A key is none.
    """
    texts = (federation.hub.ledger_vkey, *(m.ledger_vkey for m in federation.members))
    keys = [read_vkey(text, KeyType.LOG) for text in texts if text]
    return {key.name: key for key in keys}


def read_vkey(text: str, kind: KeyType) -> Vkey:
    """Return the key of a line of the federation file or of settings.

    Raises:
        SettingsError: It is none of this kind.
    """
    try:
        vkey = parse_vkey(text)
    except NoteRejectedError as exc:
        raise SettingsError(f"{text[:80]}: {exc}") from None
    if vkey.type is not kind:
        what = "log" if kind is KeyType.LOG else "witness"
        raise SettingsError(f"{text[:80]}: is not the key of a {what}")
    return vkey


def _seats(federation: Federation, chosen: Witnessing, log: str) -> tuple[Seat, ...]:
    members = _named(federation, chosen) if chosen.witnesses else _ranked(federation, chosen, log)
    return tuple(Seat(read_vkey(m.witness_vkey, KeyType.COSIGNATURE), m.code) for m in members)


def _named(federation: Federation, chosen: Witnessing) -> list[Member]:
    members = []
    for code in dict.fromkeys(chosen.witnesses):
        member = federation.member(code)
        if member is None or not member.witness_vkey:
            raise SettingsError(f"witnesses: {code} is no member with a witness_vkey")
        members.append(member)
    return members


def _ranked(federation: Federation, chosen: Witnessing, log: str) -> list[Member]:
    """Choose by a digest of log and member: spread evenly, and stable as members come and go."""
    able = [m for m in federation.members if m.witness_vkey and m.code != log]

    def rank(member: Member) -> bytes:
        return hashlib.sha256(f"{origin_of(federation.id, log)}\n{member.code}".encode()).digest()

    return sorted(able, key=rank)[: chosen.count]


def _foreign(chosen: Witnessing) -> tuple[Seat, ...]:
    return tuple(
        Seat(read_vkey(one.vkey, KeyType.COSIGNATURE), url=one.url) for one in chosen.foreign
    )
