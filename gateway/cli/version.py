"""`kalkan version`."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.cli.exits import Exit
from gateway.cli.options import takes


@dataclass(frozen=True, kw_only=True)
class _Options:
    """None."""


@takes(_Options)
def version(options: _Options) -> Exit:
    """Tell the version."""
    from gateway import __version__

    del options
    print(f"kalkan {__version__}")
    return Exit.HIT
