"""Put an owner's controls together by a node's settings, and follow the files behind them."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import ssl
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from adapters.banks.registry import describe_bank
from adapters.mapping.model import Mapping as BankMapping
from gateway.access.budgets import read_budgets
from gateway.access.federation import Federation
from gateway.errors import SettingsError
from gateway.ledger.kinds import Kind
from gateway.node.bank import Bank
from gateway.node.controls import Controls
from gateway.node.hidden import Hidden
from gateway.node.notify import Notifier
from gateway.node.parts import Parts
from gateway.node.spending import Spending
from gateway.recorder import Recorder
from gateway.settings import HiddenSettings, NodeSettings, NotifySettings
from gateway.stopping import StopFile, StopList
from gateway.watch import Watch

GRID_MS: Final = 100
"""The grid of a bank that has another behind it, where the settings name none."""


class Equipment:
    """Makes the controls of one node; what it opens ends with a stack.

    Args:
        settings: The node's settings.
        parts: What the node has already.
        stack: Closes what is opened.
    """

    def __init__(self, settings: NodeSettings, parts: Parts, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._parts = parts
        self._stack = stack

    def equip(self, hidden: Mapping[str, Sequence[Hidden]], secret: bytes) -> Controls:
        """Make the controls.

        Raises:
            SettingsError: A setting names what is not there, or a file cannot be used.
            StopFileError, BudgetFileError: The file does not hold.
        """
        return Controls(
            stops=self._follow_stops(),
            spending=self._open_books(secret),
            hidden=hidden,
            grid_s=self._grid(hidden),
            notifier=self._start_notifier(self._settings.notify),
        )

    def _follow_stops(self) -> StopList:
        stops = StopList(self._parts.federation, self._parts.member)
        path = self._settings.at(self._settings.stops)
        self._follow(StopFile(path, stops, self._parts.recorder).watch)
        return stops

    def _follow(self, watch: Watch) -> None:
        watching = asyncio.create_task(watch.run())
        self._stack.callback(watching.cancel)

    def _open_books(self, secret: bytes) -> Spending | None:
        path = self._settings.at(self._settings.budgets)
        budgets = read_budgets(path)
        if budgets is None:
            return None
        try:
            spending = Spending(self._settings.at(self._settings.budget_state), secret, budgets)
        except sqlite3.Error as exc:
            raise SettingsError(f"budget_state: cannot be used: {type(exc).__name__}") from None
        self._stack.callback(spending.close)
        self._follow(Watch([path], lambda: follow_budgets(path, spending, self._parts.recorder)))
        return spending

    def _grid(self, hidden: Mapping[str, Sequence[Hidden]]) -> dict[str, float]:
        """The grid of each bank by its name, in seconds."""
        grid = dict.fromkeys(hidden, GRID_MS / 1000)
        for bank, milliseconds in self._settings.grid_ms.items():
            name = f"{self._parts.member}/{bank}"
            if name not in self._parts.banks:
                raise SettingsError(f"grid_ms: {bank} is not a bank of this node")
            grid[name] = milliseconds / 1_000
        return grid

    def _start_notifier(self, settings: NotifySettings | None) -> Notifier | None:
        if settings is None:
            return None
        file = self._settings.at(settings.file) if settings.file is not None else None
        notifier = Notifier(file, settings.url, self._trust(settings))
        notifier.start()
        self._stack.push_async_callback(notifier.close)
        return notifier

    def _trust(self, settings: NotifySettings) -> ssl.SSLContext | None:
        if settings.ca is None:
            return None
        try:
            return ssl.create_default_context(cafile=self._settings.at(settings.ca))
        except (OSError, ssl.SSLError):
            raise SettingsError("notify.ca: is not a file of certificates in PEM") from None


def require_elsewhere(settings: NodeSettings, federation: Federation) -> None:
    """Require that the node behind a bank of kind node is not the one in front.

    Raises:
        SettingsError: It is this node itself, or the member's own as the federation file has it:
            each question would come round again.
    """
    member = federation.member(settings.member)
    own = {settings.listen, member.node if member is not None else ""}
    for path in settings.banks:
        mapping = describe_bank(settings.at(path))
        node = mapping.node if isinstance(mapping, BankMapping) else None
        if node is not None and node.address in own:
            raise SettingsError(
                f"banks: {path}: [node] address {node.address} is this node's own, or the one that "
                "the hub calls: name the node behind it"
            )


async def follow_budgets(path: Path, spending: Spending, recorder: Recorder) -> None:
    """Put a changed file of budgets in force, and record it; one that is gone changes nothing.

    Raises:
        BudgetFileError: It does not hold; the budgets stay as they were.
    """
    budgets = read_budgets(path)
    if budgets is None:
        return
    spending.budgets = budgets
    digest = hashlib.sha256(budgets.model_dump_json().encode()).hexdigest()
    await recorder.write(Kind.ADMIN, {"action": "budgets", "policy_sha256": digest})


def hide_banks(
    banks: Sequence[tuple[HiddenSettings, Bank]], parts: Parts
) -> dict[str, tuple[Hidden, ...]]:
    """Put hidden banks behind the banks that they answer through.

    Raises:
        SettingsError: One is not hidden, or answers through a bank that is not here.
    """
    member = parts.federation.member(parts.member)
    known = {*parts.banks, *(member.banks if member is not None else ())}
    hidden: dict[str, tuple[Hidden, ...]] = {}
    for settings, bank in banks:
        if bank.name in known:
            # The text names no bank: it may be read where the hub's people read.
            raise SettingsError("hidden: a bank that the federation file names is not hidden")
        through = f"{parts.member}/{settings.through}"
        if through not in parts.banks:
            raise SettingsError(f"hidden.through: {settings.through} is not a bank of this node")
        hidden[through] = (*hidden.get(through, ()), Hidden(bank, settings.deadline_s))
    return hidden
