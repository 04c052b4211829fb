"""Check a node against the clauses over the wire, and print a scorecard."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text

from gateway.access.federation import Federation, read_federation
from gateway.access.jwks import KeySets
from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen
from gateway.clock import Clock, SystemClock
from gateway.conformance.clause import Clause, State, Verdict
from gateway.conformance.score import list_clauses, run_clauses
from gateway.conformance.subject import Subject, find_member, read_caller
from gateway.probe import document, person
from gateway.settings import ClientSettings, HubSettings, home_of, read_settings
from kalkan.v1 import model_pb2 as model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STYLES: Final = {State.KEPT: "green", State.BROKEN: "bold red", State.UNTRIED: "yellow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen on the command line; the words are those of `kalkan node check --help`."""

    address: str
    member: str
    bank: str
    home: Path | None
    as_name: str
    hub_settings: Path | None
    token_key: Path | None
    names: tuple[str, ...]
    documents: tuple[str, ...]
    purpose: str
    case: str
    patience_s: float


def check_node(choice: Choice, numbers: Sequence[str], *, as_json: bool) -> Exit:
    """Run clauses and show how each ended."""
    chosen = _choose_clauses(numbers)
    subject = _read_subject(choice)
    show_verdict = _write_verdict if as_json else None
    verdicts = asyncio.run(_collect(subject, chosen, show_verdict))
    if as_json:
        counts = {state.value: _count(verdicts, state) for state in State}
        print(write_json({"event": "score", "member": subject.member.code, **counts}))
    else:
        _show_card(Screen(), subject, verdicts)
    return _exit_of(verdicts)


def _choose_clauses(numbers: Sequence[str]) -> list[Clause]:
    every = {each.number: each for each in list_clauses()}
    wanted = [number.upper() for number in numbers]
    unknown = [number for number in wanted if number not in every]
    if unknown:
        raise CommandError(f"there is no clause {unknown[0]}; choose of {', '.join(every)}")
    return [every[number] for number in wanted] or list(every.values())


def _read_subject(choice: Choice) -> Subject:
    """Read whose node it is, and as whom it is asked."""
    home = home_of(choice.home)
    hub = read_settings(HubSettings, choice.hub_settings or home / "hub" / "hub.toml")
    client = read_settings(ClientSettings, home / "clients" / choice.as_name / "client.toml")
    federation = read_federation(hub.at(hub.federation))
    member = find_member(federation, choice.address, choice.member)
    clock = SystemClock()
    bank = choice.bank
    return Subject(
        federation=federation,
        member=member,
        address=choice.address or member.node,
        caller=read_caller(hub, client, choice.token_key, clock, _fetch_keys(federation, clock)),
        bank=bank if "/" in bank or not bank else f"{member.code}/{bank}",
        known=(*map(person, choice.names), *(document(number=n) for n in choice.documents)),
        purpose=model.Purpose.Value(f"PURPOSE_{choice.purpose.upper()}"),
        case=choice.case,
        patience_s=choice.patience_s,
        clock=clock,
    )


def _fetch_keys(federation: Federation, clock: Clock) -> KeySets:
    """Fetch the token keys that members publish, as hub and node do when they start."""
    published = KeySets(federation, clock)
    asyncio.run(published.refresh())
    return published


async def _collect(
    subject: Subject, chosen: Sequence[Clause], tell: Callable[[Verdict], None] | None
) -> list[Verdict]:
    verdicts = []
    async for verdict in run_clauses(subject, chosen):
        verdicts.append(verdict)
        if tell is not None:
            tell(verdict)
    return verdicts


def _write_verdict(verdict: Verdict) -> None:
    told = {
        "event": "clause",
        "number": verdict.clause.number,
        "promise": verdict.clause.promise,
        "safety": verdict.clause.safety,
        "state": verdict.state.value,
    }
    print(write_json({**told, "reason": verdict.reason} if verdict.reason else told), flush=True)


def _show_card(screen: Screen, subject: Subject, verdicts: Sequence[Verdict]) -> None:
    screen.heading(f"The node of {show(subject.member.code)} at {show(subject.address)}")
    screen.table(("clause", "", "promise"), [_row(verdict) for verdict in verdicts])
    parts = [f"{_count(verdicts, state)} {state.value}" for state in State]
    screen.heading(", ".join(parts))


def _row(verdict: Verdict) -> tuple[Cell, ...]:
    told = Text(verdict.clause.promise)
    if verdict.reason:
        mark = "safety: " if verdict.clause.safety and verdict.state is State.BROKEN else ""
        told.append(f" [{mark}{show(verdict.reason)}]", style=_STYLES[verdict.state])
    return verdict.clause.number, Text(verdict.state.value, style=_STYLES[verdict.state]), told


def _count(verdicts: Sequence[Verdict], state: State) -> int:
    return sum(verdict.state is state for verdict in verdicts)


def _exit_of(verdicts: Sequence[Verdict]) -> Exit:
    """0 where all is kept, 1 where something is broken, 3 where something could not be tried."""
    if _count(verdicts, State.BROKEN):
        return Exit.NO_HIT
    return Exit.INCOMPLETE if _count(verdicts, State.UNTRIED) else Exit.HIT
