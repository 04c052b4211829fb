"""Watch a search as it goes: each bank ticks through its states until it has ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing, nullcontext
from typing import Any

from rich.console import RenderableType
from rich.live import Live
from rich.text import Text

from gateway.cli.found import Found
from gateway.cli.results import tell_end
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen, make_table, paint
from gateway.cli.shapes import shape_event
from gateway.clock import Clock, SystemClock
from gateway.events import Accepted, BankEnd, Event


class _Board:
    """The banks of a running search, drawn anew whenever the terminal wants it."""

    def __init__(self, found: Found, clock: Clock) -> None:
        self._found = found
        self._clock = clock
        self._start = clock.monotonic()

    def __rich__(self) -> RenderableType:
        seconds = self._clock.monotonic() - self._start
        ends = dict(self._found.ends)
        rows = [_board_row(bank, ends.get(bank), seconds) for bank in self._found.asked]
        if not rows:
            return Text(f"Asking the hub ... {seconds:.1f} s", style="cyan")
        return make_table(("bank", "state", "seconds", ""), rows)


def _board_row(bank: str, end: BankEnd | None, seconds: float) -> tuple[Cell, ...]:
    if end is None:
        return show(bank), paint("asking"), f"{seconds:.1f}", ""
    told = Text(tell_end(end), overflow="ellipsis", no_wrap=True)
    return show(bank), paint(end.state.replace("_", " ")), f"{end.elapsed_s:.3f}", told


async def watch(
    screen: Screen, events: AsyncGenerator[Event, None], *, aloud: bool = True
) -> Found:
    """Take in all events of a search and show them as they come.

    Args:
        screen: A terminal shows a table that ticks, a pipe gets lines.
        events: The search; it is closed in any case.
        aloud: Whether a pipe gets a line for each bank.
    """
    found = Found()
    board = _Board(found, SystemClock())
    async with aclosing(events):
        with _display(screen, board):
            async for event in events:
                found.add(event)
                if aloud and not screen.terminal:
                    _say_event(screen, event)
    return found


def _display(screen: Screen, board: _Board) -> AbstractContextManager[Any]:
    """Draw the board in place, and leave no trace of it: the coverage at the end says more."""
    if not screen.terminal:
        return nullcontext()
    return Live(board, console=screen.console, refresh_per_second=12, transient=True)


def _say_event(screen: Screen, event: Event) -> None:
    """Say a line for what a reader of a pipe wants to know at once."""
    if isinstance(event, Accepted):
        screen.say(f"search {event.search_id} is recorded; asked: {len(event.asked)}")
    if isinstance(event, BankEnd):
        state = event.state.replace("_", " ")
        told = f"  {state:<12}{event.elapsed_s:7.3f} s  {show(event.bank):<18}{tell_end(event)}"
        screen.say(told.rstrip())


async def stream(events: AsyncGenerator[Event, None]) -> Found:
    """Take in all events of a search and write each as a line of JSON."""
    found = Found()
    async with aclosing(events):
        async for event in events:
            found.add(event)
            print(write_json(shape_event(event)), flush=True)
    return found
