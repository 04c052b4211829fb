"""Draw one search as a waterfall, from the trace files of the servers in a home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from rich.text import Text

from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen, paint
from gateway.settings import (
    ClientSettings,
    HubSettings,
    NodeSettings,
    home_of,
    read_settings,
)
from gateway.trace.file import Line, read_lines
from gateway.trace.waterfall import Step, find_trace, lay_out

if TYPE_CHECKING:
    from gateway.cli.audit import Trace

BAR: Final = 40
"""Columns of the drawing."""
_HEADINGS: Final = ("step", "of", "ms", "state", "")
_Kind: TypeAlias = type[ClientSettings] | type[HubSettings] | type[NodeSettings]
_SERVERS: Final[tuple[tuple[_Kind, str], ...]] = (
    (ClientSettings, "clients/*/client.toml"),
    (HubSettings, "hub/hub.toml"),
    (NodeSettings, "nodes/*/node.toml"),
)
_STEP_COLOURS: Final = {"kalkan-hub": "cyan", "kalkan-node": "green"}


def show_trace(options: Trace) -> Exit:
    """Draw the search, or print its spans as JSON lines.

    Raises:
        CommandError: No server of the home writes a trace file, or none knows the search.
    """
    home = home_of(options.home)
    files = list(dict.fromkeys(find_files(home)))
    if not files:
        raise CommandError(f"{home}: no server writes a trace file; set [trace] file in hub.toml")
    lines = [line for file in files for line in read_lines(file)]
    steps = lay_out(find_trace(lines, options.search))
    if not steps:
        raise CommandError("no span of this search is here; try again in a second", Exit.NO_HIT)
    if options.as_json:
        for step in steps:
            print(write_json({**asdict(step.line), "depth": step.depth}))
        return Exit.HIT
    Screen().table(_HEADINGS, [_row(step) for step in steps])
    return Exit.HIT


def find_files(home: Path) -> Iterator[Path]:
    """Find the trace files that servers and clients of a home write."""
    for kind, pattern in _SERVERS:
        for path in sorted(home.glob(pattern)):
            settings = read_settings(kind, path)
            if settings.trace.file is not None:
                yield settings.at(settings.trace.file).resolve()


def _row(step: Step) -> list[Cell]:
    line = step.line
    return [
        show("  " * step.depth + _name_of(line)),
        show(_whose(line)),
        f"{step.ms:.1f}",
        paint(_end_of(line)),
        Text(draw_bar(step), style=_STEP_COLOURS.get(line.service, "")),
    ]


def _name_of(line: Line) -> str:
    return line.name.removeprefix("kalkan.v1.").removeprefix("kalkan.")


def _whose(line: Line) -> str:
    bank = line.attributes.get("kalkan.bank", "")
    return str(bank) or line.service.removeprefix("kalkan-")


def _end_of(line: Line) -> str:
    state = str(line.attributes.get("kalkan.state", "")).replace("_", " ")
    return state or ("" if line.ok else str(line.attributes.get("error.type", "error")))


def draw_bar(step: Step, width: int = BAR) -> str:
    """Draw one step: blanks to where it begins, and a bar that is never empty."""
    begin = min(int(step.begin * width), width - 1)
    length = max(1, round(step.end * width) - begin)
    return " " * begin + "█" * min(length, width - begin)
