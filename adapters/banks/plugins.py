"""Adapters of other authors: found by entry point, loaded only where the node's owner allows.

That a package is installed is no reason to trust it: the packages of an environment are chosen by
many, the adapters of a national bank by its owner. So nothing is imported but what the settings
name, and whatever is odd about a plug-in stops the start and names the distribution it came from.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError

from adapters.contract import API_VERSION, Adapter, AdapterError, Capability, MappingError
from adapters.mapping.block import Block
from adapters.mapping.locate import Origin
from adapters.mapping.model import Bank
from adapters.mapping.read import read_error

__all__ = [
    "GROUP",
    "KIND",
    "Plugin",
    "PluginError",
    "PluginMapping",
    "load_plugins",
    "open_plugin",
    "read_plugin_mapping",
]

GROUP: Final = "kalkan.adapters"
"""The group of entry points; each names a module with MADE_FOR and open_adapter."""

KIND: Final = "plugin:"
"""How the kind of a mapping begins whose adapter is a plug-in's."""

OpenAdapter = Callable[[Mapping[str, Any], Path], Awaitable[Adapter]]


class PluginError(AdapterError):
    """A plug-in that the settings allow cannot be used; the text names its distribution."""

    reason: ClassVar[str] = "PLUGIN"


class PluginBank(Bank):
    """What the bank is; its kind names the plug-in."""

    kind: Annotated[str, StringConstraints(pattern=r"^plugin:[a-z0-9][a-z0-9-]{0,63}$")]  # type: ignore[assignment]  # another kind is the point


class PluginMapping(Block):
    """The mapping of a bank whose adapter is a plug-in's: what the bank is, and its own options."""

    version: Literal[1]
    bank: PluginBank
    plugin: dict[str, Any] = Field(default_factory=dict)
    _origin: Origin = PrivateAttr(default_factory=Origin)

    def origin(self) -> Origin:
        """Tell which file this came from, and where each key is in it."""
        return self._origin


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plug-in that may be used.

    Attributes:
        name: Of its entry point; a mapping writes `kind = "plugin:NAME"`.
        distribution: What was installed, with its version.
        open: Opens a bank from the mapping's options and the bank's folder.
    """

    name: str
    distribution: str
    open: OpenAdapter


def load_plugins(allowed: Iterable[str]) -> dict[str, Plugin]:
    """Load the plug-ins that the settings allow, and import no other.

    Raises:
        PluginError: One is not installed, is there twice, was made for another version of the
            contract, or is broken.
    """
    offered = entry_points(group=GROUP)
    return {name: _load(name, tuple(offered.select(name=name))) for name in allowed}


def _load(name: str, found: Sequence[EntryPoint]) -> Plugin:
    if not found:
        raise PluginError(f"plug-in {name}: no installed distribution has it; install one")
    if len(found) > 1:
        several = " and ".join(sorted(map(_tell, found)))
        raise PluginError(f"plug-in {name}: {several} both have it; uninstall all but one")
    (entry,) = found
    told = f"plug-in {name} of {_tell(entry)}"
    try:
        module = entry.load()
    except (Exception, SystemExit) as exc:
        raise PluginError(f"{told} cannot be imported ({type(exc).__name__})") from exc
    return Plugin(name, _tell(entry), _read_module(module, told))


def _tell(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _read_module(module: ModuleType, told: str) -> OpenAdapter:
    made_for = getattr(module, "MADE_FOR", None)
    if made_for != API_VERSION:
        raise PluginError(
            f"{told} is made for version {made_for} of the contract, and this is version "
            f"{API_VERSION}: install one that was made for it"
        )
    found = getattr(module, "open_adapter", None)
    if not inspect.iscoroutinefunction(found):
        raise PluginError(f"{told} has no coroutine open_adapter(options, folder)")
    return found


def read_plugin_mapping(path: Path) -> PluginMapping | None:
    """Read the mapping of a bank of a plug-in.

    Returns:
        None where the mapping is of another kind, or is no TOML: then it is read, and its faults
        are told, as a whole mapping.

    Raises:
        MappingError: A key is wrong; the text names file, line, column and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
        kind = data["bank"]["kind"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    if not str(kind).startswith(KIND):
        return None
    origin = Origin(path.name, text)
    try:
        mapping = PluginMapping.model_validate(data)
    except ValidationError as exc:
        raise MappingError(origin.report(map(read_error, exc.errors()))) from None
    mapping._origin = origin  # noqa: SLF001 - the reader is the model's other half
    return mapping


async def open_plugin(
    mapping: PluginMapping, folder: Path, *, plugins: Mapping[str, Plugin]
) -> Adapter:
    """Open the bank of a plug-in.

    Raises:
        MappingError: The settings of the node do not allow the plug-in.
        PluginError: It fails, or does not give an adapter.
        AdapterError: As the plug-in raises.
    """
    name = mapping.bank.kind.removeprefix(KIND)
    plugin = plugins.get(name)
    if plugin is None:
        told = mapping.origin().tell(("bank", "kind"))
        raise MappingError(
            f"{told}: plug-in {name} is not allowed here; add it to plugins in the node's settings"
        )
    told = f"plug-in {name} of {plugin.distribution}"
    try:
        adapter = await plugin.open(mapping.plugin, folder)
    except AdapterError:
        raise
    except Exception as exc:
        raise PluginError(f"{told} cannot open its bank ({type(exc).__name__})") from exc
    if not isinstance(getattr(adapter, "capability", None), Capability):
        raise PluginError(f"{told} does not give an adapter")
    return adapter
