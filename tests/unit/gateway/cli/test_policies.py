"""Replaying the ledger of a real node: what was asked over gRPC is decided again."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from tests.kit.world import ask, build_world

NARROW = """
@id("kaz.serious")
permit (principal, action, resource)
when { context.purpose == Kalkan::Purpose::"serious_crime" };
"""


@pytest.fixture
async def asked(tmp_path):
    """A home whose node of KAZ has answered one question and refused another."""
    world = build_world(tmp_path / "home")
    await world.start()
    client = await world.client()
    await client.search_once(ask("Рустам Каримов", "KAZ"))
    await client.search_once(ask("Рустам Каримов", "KAZ", purpose="serious_crime"))
    await world.stop()
    return world.home


async def test_past_is_decided_again(asked, tmp_path):
    def run(*words):
        words = ("policy", "replay", "--node", "KAZ", *words, "--home", str(asked))
        return CliRunner().invoke(app, words)

    done = run()
    assert done.exit_code == 0, done.output
    assert "0 of 2 searches would come out otherwise" in done.output
    new = tmp_path / "new.cedar"
    new.write_text(NARROW, encoding="utf-8")
    done = run("--search", str(new), "--json")
    assert done.exit_code == 1
    (flip,) = map(json.loads, done.output.splitlines())
    assert (flip["before"], flip["after"]) == ("record", "refused")
    assert (flip["rule"], flip["purpose"]) == ("kaz.default", "terrorism")
    assert "1 of 2 searches" in run("--search", str(new)).output
    assert "0 of 0 searches" in run("--search", str(new), "--since", "2999-01-01").output
