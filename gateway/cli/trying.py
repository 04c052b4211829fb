"""Search one bank directly: its adapter, an index of names in memory, and the node's own scoring.

What is found here is what a node would find before its policy decides what may leave.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.banks.registry import open_bank
from adapters.contract import Field, FieldName, Limits, Probe, Record
from adapters.mapping.read import read_mapping
from gateway.cli.bank import require_mapping
from gateway.cli.exits import CommandError, Exit
from gateway.cli.found import tell_count
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen
from gateway.cli.words import tell_field
from gateway.clock import SystemClock
from gateway.limits import check_probe
from gateway.node.bank import Bank, titles_of
from gateway.node.convert import read_probe, write_field
from gateway.node.scoring import Match, score_records
from gateway.probe import document, identifier, organisation, person, vehicle

if TYPE_CHECKING:
    from gateway.cli.bank import Try
    from kalkan.v1 import model_pb2 as model

_ROWS: Final = 200
"""Candidates that are read and scored, as many as a node takes from its index."""
_MEMORY: Final = Path(":memory:")


def show_try(options: Try) -> Exit:
    """Search, show what matches, and say with the exit code whether anything did."""
    require_mapping(options.mapping)
    probe = make_probe(options)
    matches = asyncio.run(find_matches(options.mapping, probe, options.timeout))
    shown = matches[: options.limit]
    if options.as_json:
        for match in shown:
            print(write_json(shape_match(match)))
    else:
        screen = Screen()
        screen.table(("score", "reference", "kind", "what", "born", "why"), [*map(_row, shown)])
        screen.say(tell_count(len(matches)))
    return Exit.HIT if matches else Exit.NO_HIT


def make_probe(options: Try) -> Probe:
    """Build the probe that the options tell, as strictly as a node reads one.

    Raises:
        CommandError: No bank can be asked for this kind.
    """
    today = SystemClock().now().date()
    wire = _wire_probe(options)
    check_probe("probe", wire, today)
    probe = read_probe(wire, today)
    if probe is None:
        raise CommandError(f"{options.kind}: no bank can be asked for this")
    return probe


def _wire_probe(options: Try) -> model.Probe:
    issuer = options.issuer.upper()
    match options.kind.value:
        case "person":
            return person(options.name, birth=options.birth)
        case "document":
            return document(number=options.number, issuer=issuer)
        case "vehicle":
            return vehicle(plate=options.plate, vin=options.vin, country=issuer)
        case "organisation":
            return organisation(name=options.name, number=options.number, country=issuer)
        case _:
            return identifier(options.identifier, options.value, issuer)


async def find_matches(mapping: Path, probe: Probe, timeout_s: float) -> list[Match]:
    """Search the bank of a mapping and score what it finds, best first."""
    async with host_bank(mapping) as bank:
        if not bank.can(probe.kind):
            raise CommandError(f"{bank.name}: its mapping has no field for {probe.kind}")
        await bank.prepare(_MEMORY, secrets.token_bytes(32))
        result = await bank.search(probe, Limits(_ROWS, timeout_s, birth=bank.birth(probe)))
        return score_records(probe, result.records, bank.capability.strict)


@asynccontextmanager
async def host_bank(mapping: Path) -> AsyncIterator[Bank]:
    """Host the bank of a mapping as a node does, for a while."""
    with ThreadPoolExecutor(2) as workers:
        read = await asyncio.to_thread(read_mapping, mapping)
        adapter = await open_bank(mapping, mapping.parent)
        bank = Bank(read.bank.id, adapter, titles_of(read), workers)
        try:
            yield bank
        finally:
            await bank.close()


def shape_match(match: Match) -> dict[str, object]:
    """Return a match as an event, with all that the bank's mapping reads."""
    record = match.record
    return {
        "event": "match",
        "score": round(match.score, 3),
        "reference": record.reference,
        "kind": record.kind.value,
        "fields": [{"field": f.name.value, "value": _tell(record, f)} for f in record.fields],
        "reasons": [
            {"field": r.field, "verdict": r.verdict, "detail": r.detail} for r in match.reasons
        ],
    }


def _tell(record: Record, field: Field) -> str:
    return tell_field(write_field(field, record.handling))


def _row(match: Match) -> tuple[Cell, ...]:
    record = match.record
    names = (FieldName.NAME, FieldName.ORGANISATION, FieldName.DOCUMENT, FieldName.PLATE)
    told = {field.name: show(_tell(record, field)) for field in reversed(record.fields)}
    what = next((told[name] for name in names if name in told), "")
    why = "; ".join(f"{r.field}: {r.verdict}" for r in match.reasons)
    born = told.get(FieldName.BIRTH_DATE, "")
    return f"{match.score:.2f}", show(record.reference), record.kind.value, what, born, why
