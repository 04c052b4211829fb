"""The verbs of `kalkan`, by name: each is imported and built when it is meant, and not before.

Whoever stops an officer cannot wait for the options of all other verbs. A verb is the file of its
name beside this one, with its commands in `app`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

from typer.core import TyperGroup
from typer.main import get_command

VERBS: Final = (
    *("demo", "stop", "version", "search", "federation", "audit", "receipt", "bank", "adapter"),
    *("revoke", "hub", "node", "policy"),
)
"""In the order of `kalkan --help`."""


class _Late(Mapping[str, Any]):
    """The commands of the verbs; `Any`, because Typer's class of commands has no public name."""

    def __init__(self) -> None:
        """Build nothing yet."""
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as the class says
        if name not in VERBS:
            raise KeyError(name)
        if name not in self._built:
            command = get_command(import_module(f"gateway.cli.{name}").app)
            command.name = name
            self._built[name] = command
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


class Verbs(TyperGroup):
    """The group of all verbs."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever Typer gives a group
        """Take the verbs for the commands that Typer knows, which are none."""
        super().__init__(**settings)
        self.commands: Any = _Late()
