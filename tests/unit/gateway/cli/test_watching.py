"""What is seen of a running search: a table that ticks, lines in a pipe, or JSON."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from gateway.cli.found import Found
from gateway.cli.screen import Screen
from gateway.cli.watching import _Board, stream, watch
from gateway.clock import ManualClock
from gateway.events import Accepted, BankEnd, Ended, Groups
from kalkan.v1 import search_service_pb2 as wire

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ACCEPTED = Accepted("ab" * 16, ("KAZ/persons", "TUR/persons"), ("GEO/persons",), NOW)
ENDS = (
    BankEnd("KAZ/persons", "no_hit", 0.0125, None),
    BankEnd("TUR/persons", "refused", 0.25, None, "tur.1", "No\x1b[2J.", "Ankara"),
)
ENDED = Ended(wire.Receipt(search_id="ab" * 16), complete=False)
EVENTS = (ACCEPTED, *ENDS, Groups(()), ENDED)


class Search:
    """Events as they come; whether they were closed."""

    def __init__(self, *events, error=None):
        self.events, self.error, self.closed = events, error, False

    async def run(self):
        try:
            for event in self.events:
                yield event
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True


def make_screen(*, terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, markup=False, highlight=False)
    return Screen(console), out


async def test_pipe_gets_a_line_for_each_bank_at_once_and_nothing_that_moves_it():
    screen, out = make_screen(terminal=False)
    search = Search(*EVENTS)
    found = await watch(screen, search.run())
    assert out.getvalue().splitlines() == [
        f"search {'ab' * 16} is recorded; asked: 2",
        "  no hit        0.013 s  KAZ/persons",
        "  refused       0.250 s  TUR/persons       tur.1: No<U+001B>[2J. Ask: Ankara.",
    ]
    assert set(found.ends) == {"KAZ/persons", "TUR/persons"}
    assert search.closed


async def test_pipe_gets_nothing_where_it_is_not_to_be_said_aloud():
    screen, out = make_screen(terminal=False)
    found = await watch(screen, Search(*EVENTS).run(), aloud=False)
    assert (out.getvalue(), len(found.ends)) == ("", 2)


async def test_terminal_gets_a_board_that_is_gone_at_the_end():
    screen, out = make_screen(terminal=True)
    found = await watch(screen, Search(*EVENTS).run())
    assert len(found.ends) == 2
    assert "is recorded" not in out.getvalue()
    assert out.getvalue().endswith(("\x1b[2K", "\x1b[?25h"))  # the lines of the board are erased


@pytest.mark.parametrize("terminal", [False, True])
async def test_search_is_closed_also_where_it_fails(terminal):
    screen, _ = make_screen(terminal=terminal)
    search = Search(ACCEPTED, error=ConnectionError())
    with pytest.raises(ConnectionError):
        await watch(screen, search.run())
    assert search.closed


def test_board_tells_who_is_asked_still_and_for_how_long():
    clock, found = ManualClock(NOW), Found()
    board = _Board(found, clock)
    clock.advance(1.5)
    screen, out = make_screen(terminal=False)
    screen.console.print(board)
    assert out.getvalue() == "Asking the hub ... 1.5 s\n"
    for event in (ACCEPTED, ENDS[1]):
        found.add(event)
    clock.advance(1.0)
    screen, out = make_screen(terminal=False)
    screen.console.print(board)
    rows = [line.split() for line in out.getvalue().splitlines()]
    assert ["KAZ/persons", "asking", "2.5"] in rows
    assert any(row[:3] == ["TUR/persons", "refused", "0.250"] for row in rows)
    assert "\x1b" not in out.getvalue()


async def test_each_event_is_a_line_of_json(capsys):
    search = Search(*EVENTS)
    found = await stream(search.run())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == [
        "accepted",
        "bank_ended",
        "bank_ended",
        "groups",
        "ended",
    ]
    assert lines[2]["rule"] == "tur.1"
    assert len(found.ends) == 2
    assert search.closed
