"""Check many documents in one go: one signature, one answer of each bank, a trace for each."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.cli.asking import announce, compose, look_up
from gateway.cli.clients import open_client
from gateway.cli.exits import CommandError, Exit
from gateway.cli.found import Found, tell_count
from gateway.cli.lacking import find_lacking, list_filled
from gateway.cli.receipting import save_receipt
from gateway.cli.results import show_coverage, show_trace
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen, paint
from gateway.cli.shapes import shape_event
from gateway.cli.words import tell_action, word_of
from gateway.client import Checked
from gateway.probe import document
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

if TYPE_CHECKING:
    from gateway.cli.options import Asking

MAX_DOCUMENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the file."""

    number: str
    issuer: str


def read_documents(file: Path) -> list[Paper]:
    """Read the file, or stdin where it is "-".

    Raises:
        CommandError: It cannot be read, is empty, or has a line of another shape, or too many.
    """
    papers = [
        _read_row(row, f"{file}: line {number}")
        for number, row in enumerate(csv.reader(io.StringIO(_read_text(file))), start=1)
        if any(cell.strip() for cell in row) and not (number == 1 and _is_heading(row))
    ]
    if not 1 <= len(papers) <= MAX_DOCUMENTS:
        text = f"{file}: has {len(papers)} documents; write 1 to {MAX_DOCUMENTS}, split the file"
        raise CommandError(text)
    return papers


def _read_text(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{file}: is not UTF-8; save it as UTF-8") from None


def _is_heading(row: list[str]) -> bool:
    return row[0].strip().lower() == "number"


def _read_row(row: list[str], where: str) -> Paper:
    cells = [cell.strip() for cell in row]
    if len(cells) not in {1, 2} or not cells[0]:
        raise CommandError(f"{where}: write NUMBER,ISSUER, as 400999458,TJK")
    return Paper(cells[0], cells[1].upper() if len(cells) > 1 else "")


def check_batch(options: Asking, papers: list[Paper]) -> Exit:
    """Check all documents, and show how each came out."""
    return asyncio.run(_check(options, papers))


async def _check(options: Asking, papers: list[Paper]) -> Exit:
    probes = [document(number=paper.number, issuer=paper.issuer) for paper in papers]
    question = compose(options, probes[0])
    async with open_client(options) as client:
        access = await look_up(client, question)
        screen = Screen()
        if not options.as_json:
            announce(screen, question, access, find_lacking(access, list_filled(probes)))
        checked = await client.check_documents(question, probes)
        found = gather(checked)
        if options.as_json:
            _write(checked, papers)
        else:
            _show(screen, checked, papers, found)
        await save_receipt(options, client, found)
    return found.exit_code


def gather(checked: Checked) -> Found:
    """Put the ends of a batch where those of a search are."""
    found = Found(ended=checked.ended)
    for end in checked.banks:
        found.add(end)
    return found


def _show(screen: Screen, checked: Checked, papers: list[Paper], found: Found) -> None:
    screen.heading(tell_count(len(papers), "document"))
    rows = [
        _row(papers[outcome.probe_index], outcome, found)
        for outcome in sorted(checked.outcomes, key=lambda o: (not o.hits, o.probe_index))
    ]
    screen.table(("number", "issuer", "outcome", "what"), rows)
    show_coverage(screen, found)
    show_trace(screen, checked.search_id)


def _row(paper: Paper, outcome: wire.DocumentOutcome, found: Found) -> tuple[Cell, ...]:
    hits = [found.hit_of(ref) for ref in outcome.hits]
    state = "answered" if hits else "no hit" if outcome.complete else "unavailable"
    words = {"answered": "HIT", "no hit": "no hit", "unavailable": "not complete"}
    mark = paint(state)
    mark.plain = words[state]
    return show(paper.number), show(paper.issuer), mark, "; ".join(map(_tell_hit, hits))


def _tell_hit(hit: model.Hit) -> str:
    record = hit.record
    told = f"{word_of('kind', record.kind)} {record.bank} {record.reference}"
    action = tell_action(record.action)
    first = ", confirm first" if record.handling.confirm_first else ""
    return show(f"{told}{': ' + action if action else ''}{first}")


def _write(checked: Checked, papers: list[Paper]) -> None:
    """Write one line for each document, then one for each bank, then the end."""
    for outcome in checked.outcomes:
        paper = papers[outcome.probe_index]
        line = {
            "event": "document",
            "number": paper.number,
            "issuer": paper.issuer,
            "hits": [{"bank": ref.bank, "hit": ref.hit} for ref in outcome.hits],
            "complete": outcome.complete,
        }
        print(write_json(line))
    for end in checked.banks:
        print(write_json(shape_event(end)))
    print(write_json(shape_event(checked.ended)))
