"""Put the demonstration on stage: build its home, start its servers, give the tour, end all."""

from __future__ import annotations

import asyncio
import signal
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gateway.cli.children import ENDING, Children
from gateway.cli.exits import CommandError, Exit
from gateway.cli.federate import await_member, start_federation, start_member
from gateway.cli.screen import Screen
from gateway.clock import SystemClock
from gateway.settings import home_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.cli.demo import Demo
    from seeds.ports import Ports
    from seeds.servers import Server


def run_demo(options: Demo) -> Exit:
    """Build, start, tour, and end every child whatever happens.

    Raises:
        CommandError: Something does not come up; the text says why.
    """
    from gateway.cli.tour import APART

    # Whatever ends this ends all children in order, as Ctrl-C does.
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    home = home_of(options.home)
    screen = Screen()
    clock = SystemClock()
    start = clock.monotonic()
    with ExitStack() as stack:
        ports = _build(stack, home, options, screen)
        screen.say("Starting hub, nodes and a bank's own service ...")
        children = stack.enter_context(Children(home / "logs"))
        start_federation(children, home, ports.service, apart=APART)
        seconds = clock.monotonic() - start
        screen.say(f"Ready in {seconds:.1f} s: hub at 127.0.0.1:{ports.hub}, home {home}", "green")
        passed = _give_tour(screen, home, children) if options.tour else True
        if options.keep:
            _keep(screen, home, children)
    return Exit.HIT if passed else Exit.FAILED


def _build(stack: ExitStack, home: Path, options: Demo, screen: Screen) -> Ports:
    """Build the home; start private servers first where they are wished."""
    try:
        from seeds.home import build_home, read_ports
        from seeds.mounts import ListError
        from seeds.ports import Ports, PortsTakenError
    except ModuleNotFoundError as exc:
        if (exc.name or "").startswith("seeds"):
            raise CommandError(
                "the demonstration needs a checkout: its seeds are not here"
            ) from None
        raise
    _require_free(Ports(options.port) if options.port else read_ports(home))
    screen.say(f"Building 17 synthetic members in {home} ...")
    wishes = {"rows": options.rows, "documents": options.documents}
    try:
        build_home(
            home,
            **wishes,
            servers=_start_servers(stack, screen, options.rows) if options.servers else None,
            list_file=options.list_file,
            first_port=options.port,
        )
    except (ListError, PortsTakenError) as exc:
        raise CommandError(str(exc)) from None
    ports = read_ports(home)
    assert ports is not None  # noqa: S101 - it was built just now
    return ports


def _require_free(ports: Ports | None) -> None:
    """Check that nothing listens where this federation is to listen.

    Raises:
        CommandError: Something does; the text says how to choose other ports.
    """
    if ports is None:
        return
    from seeds.ports import USUAL, list_taken

    taken = list_taken(ports.all)
    if taken:
        told = ", ".join(map(str, taken))
        text = f"127.0.0.1: port {told} taken: a demonstration may run here already; stop it,\n"
        text += f"  or choose 20 others with --port FIRST, as --port {USUAL + 1000}"
        raise CommandError(text)


def _start_servers(stack: ExitStack, screen: Screen, rows: int) -> Mapping[str, str]:
    """Start private PostgreSQL, MariaDB and OpenLDAP; return their addresses by engine."""
    from seeds.servers import ServerError, run_mariadb, run_postgres

    # Not below the home: their own users must reach it, and what they hold is built anew each time.
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="kalkan-servers-")))
    folder.chmod(0o755)
    try:
        servers = [
            stack.enter_context(run_postgres(folder / "postgres")),
            stack.enter_context(run_mariadb(folder / "mariadb")),
            *_start_directory(stack, folder, screen, rows),
        ]
    except ServerError as exc:
        text = f"--servers: {exc}\n  Debian: apt-get install postgresql mariadb-server"
        raise CommandError(text) from None
    return {server.engine: server.url("").rstrip("/") for server in servers}


def _start_directory(stack: ExitStack, folder: Path, screen: Screen, rows: int) -> Sequence[Server]:
    """Start the directory of PAK; where none can run, say loudly that its bank stays embedded."""
    from seeds.directory import BANK, make_directory, require_driver
    from seeds.servers import ServerError, find_ldap, install, run_ldap
    from seeds.truth import DEFAULT_SEED

    try:
        require_driver()
        if find_ldap() is None:
            install(["slapd"])
        directory = make_directory(DEFAULT_SEED, rows)
        return [stack.enter_context(run_ldap(folder / "ldap", directory))]
    except ServerError as exc:
        screen.say(f"{BANK} STAYS ON SQLITE, no directory can run here: {exc}", "bold red")
        return []


def _give_tour(screen: Screen, home: Path, children: Children) -> bool:
    from gateway.cli.tour import Tour

    return asyncio.run(Tour(screen, home, children).run())


def _keep(screen: Screen, home: Path, children: Children) -> None:
    """Let it run until Ctrl-C or SIGTERM."""
    from gateway.cli.tour import APART, tell_how

    if not children.runs(APART):
        start_member(children, home, APART)
        await_member(children, APART)
    screen.heading("It runs until Ctrl-C.")
    tell_how(screen, home)
    try:
        children.await_end()
    except KeyboardInterrupt:
        screen.say("Ending ...")
