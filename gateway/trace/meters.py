"""Metrics of hub and nodes: counts, states and times, by names that are never a person's.

The names are chosen here and nowhere else. What is measured by callers costs one call; what can be
read when it is asked for (the ledger's backlog, connections that TLS refused) is registered once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

_METER: Final = metrics.get_meter("kalkan")
_SEARCHES: Final = _METER.create_counter(
    "kalkan.searches", unit="{search}", description="Searches that ended, by purpose and probe"
)
_BANKS: Final = _METER.create_counter(
    "kalkan.banks", unit="{bank}", description="Banks that ended, by bank and state"
)
_BANK_TIMES: Final = _METER.create_histogram(
    "kalkan.bank.duration", unit="s", description="How long a bank took, seen from the hub"
)
_CALLS: Final = _METER.create_histogram(
    # The name of OpenTelemetry's semantic conventions for RPC.
    "rpc.server.call.duration",
    unit="s",
    description="How long a call took that was served, by method and status",
)
_REFUSALS: Final = _METER.create_counter(
    "kalkan.refusals", unit="{call}", description="Calls that were refused, by reason"
)


def count_search(purpose: str, probe: str, *, complete: bool) -> None:
    """Count a search that ended with its receipt."""
    _SEARCHES.add(
        1, {"kalkan.purpose": purpose, "kalkan.probe": probe, "kalkan.complete": complete}
    )


def count_bank(bank: str, state: str, seconds: float) -> None:
    """Count how one bank ended, as "no_hit", and how long it took."""
    attributes = {"kalkan.bank": bank, "kalkan.state": state}
    _BANKS.add(1, attributes)
    _BANK_TIMES.record(seconds, attributes)


def count_call(path: str, seconds: float, reason: str = "") -> None:
    """Count a call that was served; `reason` where it was refused, as in ErrorReason."""
    attributes = {"rpc.system.name": "grpc", "rpc.method": path.removeprefix("/")}
    if reason:
        attributes["error.type"] = reason
        _REFUSALS.add(1, {"kalkan.reason": reason, "rpc.method": path.removeprefix("/")})
    _CALLS.record(seconds, attributes)


def observe(name: str, side: str, member: str, read: Callable[[], int]) -> Callable[[], None]:
    """Have a number read whenever metrics are exported; return what ends that.

    Args:
        name: One of `OBSERVED`.
        side: "hub" or "node".
        member: Whose.
        read: Reads it; called in a thread.
    """
    source = ({"kalkan.side": side, "kalkan.member": member}, read)
    _SOURCES[name].append(source)
    return lambda: _SOURCES[name].remove(source)


def _tell(name: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def tell(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(read(), attributes) for attributes, read in list(_SOURCES[name])]

    return tell


OBSERVED: Final = {
    "kalkan.ledger.backlog": ("By", "Bytes that wait to be durable"),
    "kalkan.ledger.entries": ("{entry}", "Durable entries"),
    "kalkan.tls.refused": ("{connection}", "Connections that never became a request"),
}
"""What can be observed: unit and description of each."""

_SOURCES: Final[dict[str, list[tuple[dict[str, str], Callable[[], int]]]]] = {
    name: [] for name in OBSERVED
}
for _name, (_unit, _text) in OBSERVED.items():
    # Once for the process: several nodes of one process are told apart by their attributes.
    _METER.create_observable_gauge(_name, [_tell(_name)], unit=_unit, description=_text)
