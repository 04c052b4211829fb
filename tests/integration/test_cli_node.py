"""`kalkan node check` against a running node."""

import asyncio

import pytest

from gateway.access.authority import Authority
from gateway.access.federation import write_federation
from gateway.clock import SystemClock
from seeds.ports import reserve_port
from tests.kit.issuer import start_provider
from tests.kit.world import ID, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


@pytest.fixture
def check(world, kalkan):
    """Run the command beside the node, which lives in this process."""

    async def run(*words):
        options = ("--home", str(world.home), *words)
        return await asyncio.to_thread(kalkan, "node", "check", *options)

    return run


async def test_own_node_passes_and_what_cannot_be_tried_is_told(world, check):
    await world.start_node("KAZ")
    address = world.federation.member("KAZ").node
    done = await check(address, "--name", "Рустам Каримов", "--document", "N10000001")
    assert done.returncode == 3, done.stderr
    assert "The node of KAZ" in done.stdout
    assert ", 0 broken, 2 untried" in done.stdout
    assert "--token-key" in done.stdout


async def test_all_clauses_are_kept_where_all_is_given(world, check, tmp_path):
    await world.start_node("KAZ")
    world.token_keys["KAZ"].save(tmp_path / "token.key")
    done = await check(
        *("--member", "kaz", "--name", "Рустам Каримов", "--document", "N10000001"),
        *("--token-key", str(tmp_path / "token.key")),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken, 0 untried" in done.stdout


async def test_one_clause_can_be_run(world, check):
    await world.start_node("KAZ")
    done = await check("--member", "KAZ", "--clause", "N30", "--json")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2


async def test_node_that_is_away_is_unreachable(check):
    done = await check(f"127.0.0.1:{reserve_port()}", "--member", "KAZ")
    assert done.returncode == 5
    assert "does not describe itself" in done.stderr


async def test_wrong_words_are_told(check):
    assert (await check("--member", "XXX")).returncode == 2
    assert (await check("--member", "KAZ", "--clause", "N99")).returncode == 2


async def test_token_of_a_published_key_is_known_as_at_the_node(world, check, tmp_path):
    """The member pins no token key: what signs its tokens is in its JWKS document alone."""
    authority = Authority.load(world.home, ID, SystemClock())
    provider = await start_provider(world.stack, world.home, authority)
    provider.keys = [world.token_keys["KAZ"]]
    kaz, tur = world.federation.members
    kaz = kaz.model_copy(update={"token_keys": (), "jwks_url": provider.url})
    federation = world.federation.model_copy(update={"members": (kaz, tur)})
    write_federation(federation, world.home / "federation.toml")
    world.token_keys["KAZ"].save(tmp_path / "token.key")
    await world.start_node("KAZ")
    words = ("--member", "KAZ", "--clause", "N36", "--token-key", str(tmp_path / "token.key"))
    done = await check(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept" in done.stdout
    provider.keys = []
    done = await check(*words)
    assert done.returncode == 2, "the key was withdrawn"
    assert "token" in done.stderr
