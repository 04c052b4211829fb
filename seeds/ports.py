"""Choose ports for a federation on one machine: a row of free ones that stays the same.

Ports are chosen once, when a home is made, because certificates, settings and the federation file
are read by several processes. They lie below the range that systems give to outgoing connections.
"""

from __future__ import annotations

import atexit
import socket
from collections.abc import Iterable
from contextlib import ExitStack

from seeds.federation import MEMBERS

COUNT = 20
"""The hub, one for each member in their order, and the service of the Iranian bank."""
USUAL = 7700
"""The first port where nothing else is wished and the row is free."""
LAST = 32_000

_HOST = "127.0.0.1"
_RESERVED: dict[int, socket.socket] = {}
"""What keeps each reserved port."""


class PortsTakenError(Exception):
    """No port, or no row of them, is free where it is looked for; name another place."""


class Ports:
    """The ports of one federation, from the first on."""

    def __init__(self, first: int) -> None:
        """Begin at ``first``, 1 to 65,515."""
        self.first = first

    @property
    def hub(self) -> int:
        """The hub's."""
        return self.first

    @property
    def service(self) -> int:
        """The Iranian bank's own service's."""
        return self.first + len(MEMBERS) + 1

    def node(self, member: str) -> int:
        """Return a member's."""
        return self.first + next(each.order for each in MEMBERS if each.code == member)

    @property
    def all(self) -> range:
        """All that are kept for this federation."""
        return range(self.first, self.first + COUNT)


def find_ports(start: int = USUAL) -> Ports:
    """Find the first row of free ports from ``start`` on.

    Raises:
        PortsTakenError: There is none up to 32,000.
    """
    for first in range(start, LAST, COUNT):
        ports = Ports(first)
        if not list_taken(ports.all):
            return ports
    raise PortsTakenError(f"no {COUNT} free ports in a row from {start} to {LAST}")


def list_taken(ports: Iterable[int]) -> list[int]:
    """Return the ports on which something listens already."""
    with ExitStack() as stack:
        return [port for port in ports if not _bind(stack, port)]


def reserve_port() -> int:
    """Return a free port that nobody else on this machine is given until it is released.

    A server of any process may listen there, stop and listen again: what keeps the port is a
    socket that is bound, does not listen, and shares its address with whoever sets SO_REUSEADDR,
    as servers do. A port that was only free a moment ago could be an outgoing connection's by
    the time that a server asks for it.

    Raises:
        PortsTakenError: All are taken.
    """
    port = reserve(0)
    if port is None:
        raise PortsTakenError("no port of this machine is free")
    return port


def reserve(port: int) -> int | None:
    """Reserve a certain port, or any for 0; return it, or None where it is taken or reserved."""
    kept = socket.socket()
    try:
        kept.bind((_HOST, port))
    except OSError:
        kept.close()
        return None
    # Set only now: bound with it, the port of another who reserved it would seem free.
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    number = int(kept.getsockname()[1])
    _RESERVED[number] = kept
    return number


def release(ports: Iterable[int]) -> None:
    """Give reserved ports back."""
    for port in ports:
        _RESERVED.pop(port).close()


@atexit.register
def _release_all() -> None:
    release(tuple(_RESERVED))


def _bind(stack: ExitStack, port: int) -> bool:
    probe = stack.enter_context(socket.socket())
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((_HOST, port))
    except OSError:
        return False
    return True
