"""What an owner has in hand beside the policy: stops, budgets, hidden banks, a grid, a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.node.hidden import Hidden
from gateway.node.notify import Notifier
from gateway.node.spending import Spending
from gateway.stopping import StopList


@dataclass(frozen=True, slots=True)
class Controls:
    """An owner's controls; without settings none of them does anything.

    Attributes:
        stops: What is stopped.
        spending: The books of the budgets; None where there are no budgets.
        hidden: Hidden banks, by the name of the bank that each answers through.
        grid_s: Seconds of the grid on which a bank's answers leave, by its name.
        notifier: Tells the owner of questions; None where nobody wants to know.
    """

    stops: StopList = field(default_factory=StopList)
    spending: Spending | None = None
    hidden: Mapping[str, Sequence[Hidden]] = field(default_factory=dict)
    grid_s: Mapping[str, float] = field(default_factory=dict)
    notifier: Notifier | None = None
