"""Every command that docs/audit.md shows does what it says, in the document's order."""

from __future__ import annotations

import asyncio
import re
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from gateway.access.witnesses import Witnessing
from gateway.cli.main import app
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.witness.state import Fault
from gateway.witnessing.memory import Found, Memory, Remembered
from tests.kit.world import ID, ask, build_world

NOTHING = {"destroy"}
"""What has nothing to do in a young federation: it ends with 1."""
PANEL = Witnessing(witnesses=("KAZ", "TUR", "GEO"), quorum=2)


@pytest.fixture(scope="module")
def text(root):
    return (root / "docs" / "audit.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def commands(text):
    return re.findall(r"^\$ kalkan (.+)$", text, re.MULTILINE)


async def search(world):
    try:
        await world.start()
        client = await world.client()
        ended = (await client.search_once(ask("Рустам Каримов")))[-1]
        await client.search_once(ask("Nobody Atall", "TUR"))
        receipt = ended.receipt
        assert await client.proof(receipt.search_id, receipt.ledger_index, 60)
    finally:
        await world.stop()


def needs_servers(words):
    return "--as" in words or words[0] == "federation"


async def run_all(world, commands):
    """Run them in their order; servers run for those that ask them, and for no other."""
    for command in commands:
        words = read(command, world)
        if needs_servers(words) and not world.tasks:
            await world.start()
        if not needs_servers(words) and world.tasks:
            await world.stop()
        await asyncio.to_thread(run, command, words)
    await world.stop()


def read(command, world):
    """The words of a command; what differs each time is put in."""
    month = f"{world.entries()[0].time:%Y-%m}"  # another may begin while this runs
    command = command.replace("2026-11", month) if "report" in command else command
    return shlex.split(command.replace("$LEDGER_VKEY", world.federation.hub.ledger_vkey))


def run(command, words):
    if "-f" in words:
        follow(words)
        return
    done = CliRunner().invoke(app, words)
    assert done.exit_code == (1 if words[1] in NOTHING else 0), (command, done.output)


def follow(words):
    """Let it show something, and end it by Ctrl-C."""
    command = [sys.executable, "-m", "gateway.cli.main", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        lines = [child.stdout.readline() for _ in range(3)]
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
    assert (child.returncode, "Traceback" in errors) == (130, False), errors
    assert "list_entries" in lines[-1], lines


def test_the_page_has_its_name(text):
    assert text.startswith("# Audit a federation\n")


@pytest.mark.timeout(600)
def test_commands_of_the_document_run(commands, tmp_path, monkeypatch):
    world = build_world(tmp_path / "home", witnessing=PANEL)
    world.add_client("custodian", "KAZ", ("auditor", "custodian"))
    asyncio.run(search(world))
    found = Found(origin_of(ID, "TUR"), Fault.ROLLED_BACK, datetime.now(UTC))
    Memory(world.home / "nodes" / "KAZ" / "witness").write(Remembered((found,)))
    monkeypatch.setenv("KALKAN_HOME", str(world.home))
    monkeypatch.chdir(world.home)
    assert len(commands) >= 24
    asyncio.run(run_all(world, commands))


def test_no_command_of_the_document_is_left_out(text, commands):
    shown = {tuple(command.split()[:2]) for command in commands}
    named = {tuple(words.split()[:2]) for words in re.findall(r"`kalkan ([a-z]+ [a-z]+)", text)}
    assert named <= shown | {("audit", "trace")}  # tests/integration/test_telemetry.py runs it
    verbs = {info.name or info.callback.__name__ for info in audit_commands()}
    assert verbs == {verb for group, verb in shown if group == "audit"} | {"trace"}


def audit_commands():
    from gateway.cli.audit import app as audit

    return audit.registered_commands
