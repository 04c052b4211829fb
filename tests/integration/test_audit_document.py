"""Every command that docs/audit.md shows does what it says, in the document's order."""

from __future__ import annotations

import asyncio
import re
import shlex

from typer.testing import CliRunner

from gateway.cli.main import app
from tests.kit.world import ask, build_world

NOTHING = {"destroy"}
"""What has nothing to do in a young federation: it ends with 1."""


async def search(world):
    try:
        await world.start()
        client = await world.client()
        await client.search_once(ask("Рустам Каримов"))
        await client.search_once(ask("Nobody Atall", "TUR"))
    finally:
        await world.stop()


def test_commands_of_the_document_run(root, tmp_path, monkeypatch):
    world = build_world(tmp_path / "home")
    asyncio.run(search(world))
    monkeypatch.setenv("KALKAN_HOME", str(world.home))
    monkeypatch.chdir(world.home)
    text = (root / "docs" / "audit.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ kalkan (.+)$", text, re.MULTILINE)
    assert len(commands) >= 12
    for command in commands:
        words = shlex.split(command)
        done = CliRunner().invoke(app, words)
        assert done.exit_code == (1 if words[1] in NOTHING else 0), (command, done.output)
