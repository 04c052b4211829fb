"""`kalkan policy replay` over the records that a node's own ledger keeps for its owner."""

from __future__ import annotations

import asyncio
import json

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from tests.kit.world import ask, build_world

RELEASE = """
@id("tur.release.rest")
permit (principal, action, resource);

@id("tur.release.none")
forbid (principal, action, resource is Kalkan::Record);
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A federation in which somebody was found at TUR, at rest."""
    world = build_world(tmp_path_factory.mktemp("replay") / "home")

    async def search():
        await world.start()
        try:
            client = await world.client()
            await client.search_once(ask("Рустам Каримов", "TUR"))
        finally:
            await world.stop()

    asyncio.run(search())
    return world


@pytest.fixture
def replay(world, tmp_path):
    """Decide the past of TUR by a policy that withholds every record."""
    path = tmp_path / "release.cedar"
    path.write_text(RELEASE, encoding="utf-8")

    def run(*words):
        given = ("--node", "TUR", "--release", str(path), "--home", str(world.home))
        return CliRunner().invoke(app, ["policy", "replay", *given, *words])

    return run


def key_of(world, member):
    return ("--key", str(world.home / "custodians" / member / "duty.key"), "--reason", "review")


def test_flips_of_records_name_their_references(replay, world):
    done = replay("--json", *key_of(world, "TUR"))
    flips = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1, done.output
    (flip,) = flips
    assert (flip["before"], flip["rule"]) == ("released", "tur.release.none")
    assert len(flip["references"]) == 1


def test_without_the_key_only_searches_are_decided(replay):
    done = replay("--json")
    assert (done.exit_code, done.stdout) == (0, "")


def test_custodian_of_another_member_opens_nothing_of_the_owner(replay, world):
    done = replay("--json", *key_of(world, "KAZ"))
    assert (done.exit_code, done.stdout) == (0, "")


def test_reason_is_needed(replay, world):
    done = replay("--key", str(world.home / "custodians" / "TUR" / "duty.key"))
    assert done.exit_code == 2
    assert "--reason" in done.output
