"""Start a federation on this machine: its servers as children, in the order of their needs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gateway.cli.children import Children
from gateway.cli.exits import CommandError
from gateway.settings import NodeSettings, read_settings

_MAIN: Final = ("-m", "gateway.cli.main")
_SERVICE_BANK: Final = Path("nodes/IRN/banks/persons")


def start_federation(children: Children, home: Path, service_port: int, *, apart: str = "") -> None:
    """Start service, nodes and hub, and wait until all can be asked.

    Args:
        children: What they become.
        home: The federation's folder, built.
        service_port: The port of the Iranian bank's service.
        apart: A member whose node gets a process of its own; the others share one.

    Raises:
        CommandError: One does not come up; the text says why.
    """
    start_service(children, home, service_port)
    if apart:
        start_member(children, home, apart)
    rest = (p for p in sorted(home.glob("nodes/*/node.toml")) if p.parent.name != apart)
    settings = [word for path in rest for word in ("--settings", str(path))]
    children.start("nodes", *_MAIN, "node", "serve", *settings)
    if apart:
        await_member(children, apart)
    children.await_ready("nodes", "ready node")
    # The hub comes last: it looks at the nodes once before it can be asked.
    children.start("hub", *_MAIN, "hub", "serve", "--settings", str(home / "hub" / "hub.toml"))
    children.await_ready("hub", "ready hub")


def start_service(children: Children, home: Path, port: int) -> None:
    """Start the JSON service of the Iranian bank, and wait for it."""
    bank = home / _SERVICE_BANK
    token = str(bank / "token")
    options = ("--port", str(port), "--token-file", token)
    children.start("service", "-m", "seeds.service", str(bank / "afrad.jsonl"), *options)
    children.await_ready("service", "serving")


def start_member(children: Children, home: Path, member: str) -> None:
    """Start one member's node in a process of its own."""
    path = home / "nodes" / member / "node.toml"
    if read_settings(NodeSettings, path).member != member:
        raise CommandError(f"{path}: is not the node of {member}")
    children.start(member, *_MAIN, "node", "serve", "--settings", str(path))


def await_member(children: Children, member: str) -> None:
    """Wait until such a node can be asked."""
    children.await_ready(member, "ready node")
