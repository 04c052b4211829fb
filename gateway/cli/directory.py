"""Show what the hub's directory tells."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from gateway.access.profile import FILLED
from gateway.cli.clients import open_client
from gateway.cli.exits import Exit
from gateway.cli.found import tell_count
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen, paint
from gateway.cli.shapes import shape_message
from gateway.cli.words import word_of
from gateway.clock import SystemClock
from kalkan.v1 import directory_service_pb2 as wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.timestamp_pb2 import Timestamp

    from gateway.cli.options import Caller

_DAY: Final = 86_400
_HOUR: Final = 3_600
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Lookup:
    """What would be asked: of whom, why, and for what."""

    targets: tuple[str, ...]
    purposes: tuple[str, ...]
    probe: str
    granularity: str = "record"


def show_status(caller: Caller, *, as_json: bool) -> Exit:
    """Show members, banks and their condition."""
    told = asyncio.run(_look_up(caller))
    if as_json:
        for status in told.banks:
            print(write_json({"event": "bank", **shape_message(status)}))
        del told.banks[:]
        print(write_json({"event": "federation", **shape_message(told)}))
        return Exit.HIT
    show_federation(Screen(), told)
    return Exit.HIT


async def _look_up(caller: Caller) -> wire.GetFederationResponse:
    async with open_client(caller) as client:
        return await client.federation()


def show_federation(screen: Screen, told: wire.GetFederationResponse) -> None:
    """Show a federation, its banks first, and how to go on."""
    now = SystemClock().now()
    titles = {member.member: member.title for member in told.members}
    up = sum(status.condition == wire.CONDITION_UP for status in told.banks)
    told_up = f"{tell_count(len(titles), 'member')}, {up} of {len(told.banks)} banks answer"
    screen.say(f"Federation {show(told.federation_id)}: {told_up}", "bold")
    screen.say()
    ordered = sorted(told.banks, key=lambda status: status.description.bank)
    headings = ("bank", "member", "condition", "data of", "heard", "engine", "searches for")
    screen.table(headings, [_bank_row(status, titles, now) for status in ordered])
    screen.say()
    for project in told.projects:
        screen.say(show(f"project {project.project}: {' '.join(project.members)}"))
    screen.say("purposes: " + ", ".join(word_of("purpose", p) for p in told.purposes))
    screen.say(f"connections that TLS refused since the hub's start: {told.tls_refused_count}")
    for alarm in told.alarms:
        about = " ".join(filter(None, (alarm.bank or alarm.member, alarm.search_id[:8])))
        screen.say(show(f"ALARM {alarm.alarm} {about}: {alarm.text}"), "bold red")
    ask = next((each.project for each in told.projects), "MEMBER")
    screen.say(show(f"What you may ask: kalkan federation explain --ask {ask}"))


def _bank_row(status: wire.BankStatus, titles: dict[str, str], now: datetime) -> tuple[Cell, ...]:
    description = status.description
    condition = paint(word_of("condition", status.condition) or "unknown")
    return (
        show(description.bank),
        show(titles.get(description.bank.partition("/")[0], "")[:20]),
        condition,
        _tell_age(description.as_of_time, now) if description.HasField("as_of_time") else "",
        _tell_age(status.seen_time, now) if status.HasField("seen_time") else "never",
        show(description.engine),
        show(", ".join(word_of("probe", probe) for probe in description.probes)),
    )


def _tell_age(time: Timestamp, now: datetime) -> str:
    """Return how long ago something was, as "3 d"."""
    seconds = max(timedelta(0), now - time.ToDatetime(tzinfo=UTC)).total_seconds()
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds / unit)} {name}"
    return f"{int(seconds)} s"


def show_access(caller: Caller, lookup: Lookup, *, as_json: bool) -> Exit:
    """Show what may be asked of whom."""
    told = asyncio.run(_explain(caller, lookup))
    if as_json:
        for purpose, response in told.items():
            for access in response.banks:
                print(write_json({"purpose": purpose, **shape_message(access)}))
    else:
        _show_access(Screen(), lookup, told)
    banks = (access for response in told.values() for access in response.banks)
    return Exit.HIT if any(access.permitted for access in banks) else Exit.REFUSED


async def _explain(caller: Caller, lookup: Lookup) -> dict[str, wire.ExplainAccessResponse]:
    async with open_client(caller) as client:
        return {
            purpose: await client.explain(lookup.targets, purpose, lookup.probe, lookup.granularity)
            for purpose in lookup.purposes
        }


def _show_access(
    screen: Screen, lookup: Lookup, told: dict[str, wire.ExplainAccessResponse]
) -> None:
    for purpose, response in told.items():
        permitted = sum(access.permitted and access.capable for access in response.banks)
        words = purpose.replace("_", " ")
        screen.heading(f"{words}, looking for: {lookup.probe}: {permitted} banks")
        headings = ("bank", "may be asked", "answers hold", "rule")
        screen.table(headings, list(map(_row, response.banks)))
        for line in tell_fields(response.banks, lookup.probe):
            screen.say(show(line))
    screen.say()
    screen.say("By the rules of the federation, of your own member, and of each owner.")
    unknown = {a.bank for response in told.values() for a in response.banks if not a.owner_known}
    if unknown:
        screen.say(
            show(f"Not known yet, and may refuse: the owners of {', '.join(sorted(unknown))}")
        )


def _row(access: wire.BankAccess) -> tuple[Cell, ...]:
    if not access.permitted:
        refusal = access.refusal
        told = f"{refusal.rule}: {refusal.text}"
        return show(access.bank), paint("refused"), "", show(told)
    if not access.capable:
        return show(access.bank), paint("not capable"), "", ""
    return show(access.bank), paint("yes"), word_of("granularity", access.granularity), ""


def tell_fields(banks: Iterable[wire.BankAccess], probe: str) -> list[str]:
    """Tell in a line how a question is filled in; with their banks in several where they differ."""
    asked: dict[str, list[str]] = {}
    for access in banks:
        if access.permitted and access.capable:
            ways = " | ".join(_tell_way(way, access, probe) for way in access.fields)
            asked.setdefault(ways, []).append(access.bank)
    if len(asked) == 1:
        return [f"Fill in: {ways}" for ways in asked]
    return [f"Fill in for {', '.join(names)}: {ways}" for ways, names in asked.items()]


def _tell_way(way: wire.QueryFields, access: wire.BankAccess, probe: str) -> str:
    """Tell what is needed, what may not be there, and how little comes back."""
    needed, optional = set(way.needed), set(way.optional)
    every = frozenset[str]().union(*FILLED[probe])
    said = " + ".join(sorted(needed - ({"name"} if "full_name" in needed else set())))
    without = "".join(f" without {name}" for name in sorted(every - needed - optional))
    less = way.granularity != access.granularity
    holds = f" ({word_of('granularity', way.granularity)})" if less else ""
    return (said + without).replace("_", " ") + holds
