"""A federation is made by hand: its authority, a member with its own keys, an officer."""

from __future__ import annotations

import asyncio
import shutil
import stat

import pytest
from typer.testing import CliRunner

from gateway.access.federation import read_federation
from gateway.cli.main import app
from gateway.client import BankEnd, Client
from gateway.errors import SettingsError
from gateway.hub.server import serve_hub
from gateway.node.server import serve_nodes
from gateway.running import Stopper
from gateway.settings import ClientSettings, HubSettings, NodeSettings, read_settings
from seeds.ports import reserve_port
from tests.kit.banks import write_bank
from tests.kit.world import POLICY, ask

ID = "alliance"
ISSUER = "https://id.kaz.example"


def run(home, *words, code=0):
    """Run a command of `kalkan federation` in a home; return what it says."""
    told = CliRunner().invoke(app, ("federation", *map(str, words), "--home", str(home)))
    assert told.exit_code == code, told.output
    return told.output


@pytest.fixture
def homes(tmp_path):
    """The authority's home, and the member's on another machine."""
    centre, member = tmp_path / "centre", tmp_path / "kaz"
    run(centre, "init", ID, "--hub", f"localhost:{reserve_port()}")
    facts = ("--title", "Kazakhstan", "--office", "Contact Point", "--issuer", ISSUER)
    address = f"localhost:{reserve_port()}"
    words = ("--federation", ID, "--node", address, "--bank", "persons", *facts)
    run(member, "request-member", "KAZ", *words)
    return centre, member


def send(centre, member):
    """Bring the member what the authority has made."""
    for name in ("federation.toml", "ca.pem"):
        shutil.copyfile(centre / name, member / name)


def join(centre, member):
    """Let the member and one of its officers in."""
    read = run(centre, "add-member", member / "KAZ.request.toml", "--project", "trio")
    said = run(member, "request-officer", "desk", "--member", "KAZ", "--federation", ID)
    assert said.splitlines()[-1] in run(centre, "add-officer", member / "desk.request.toml")
    shutil.copyfile(member / "KAZ.certificate.pem", member / "nodes/KAZ/certificate.pem")
    shutil.copyfile(member / "desk.certificate.pem", member / "clients/desk/certificate.pem")
    send(centre, member)
    who = ("--member", "KAZ", "--officer", "kaz-1", "--role", "investigator", "--unit", "Astana")
    run(member, "token", "desk", *who)
    write_bank(member / "nodes/KAZ/banks/persons", "KAZ")
    (member / "nodes/KAZ/policy.cedar").write_text(POLICY.format(name="kaz"), encoding="utf-8")
    return read


async def search(centre, member):
    """Start hub and node, ask, stop; return the state and the hits of each bank."""
    node = read_settings(NodeSettings, member / "nodes/KAZ/node.toml")
    hub = read_settings(HubSettings, centre / "hub/hub.toml")
    stoppers, tasks = (Stopper(), Stopper()), []
    servers = (
        lambda ready: serve_nodes([node], ready, stoppers[0]),
        lambda ready: serve_hub(hub, ready, stoppers[1]),
    )
    try:
        for serve in servers:
            ready = asyncio.get_running_loop().create_future()
            tasks.append(asyncio.create_task(serve(ready.set_result)))
            await asyncio.wait([tasks[-1], ready], return_when=asyncio.FIRST_COMPLETED)
            if tasks[-1].done():
                tasks[-1].result()
        path = member / "clients/desk/client.toml"
        async with Client(read_settings(ClientSettings, path)) as client:
            events = await client.search_once(ask("Рустам Каримов", "trio"))
    finally:
        for stopper in stoppers:
            stopper.event.set()
        await asyncio.gather(*tasks, return_exceptions=True)
    return {e.bank: (e.state, len(e.answer.hits)) for e in events if isinstance(e, BankEnd)}


async def test_member_and_officer_of_a_new_federation_ask_and_are_answered(homes):
    join(*homes)
    assert await search(*homes) == {"KAZ/persons": ("answered", 1)}


def test_no_private_key_travels(homes):
    centre, member = homes
    read = join(centre, member)
    assert "PRIVATE" not in (member / "KAZ.request.toml").read_text(encoding="utf-8")
    assert "PRIVATE" not in (member / "desk.request.toml").read_text(encoding="utf-8")
    secret = [p for p in member.rglob("*") if p.is_file() and b"PRIVATE KEY" in p.read_bytes()]
    assert len(secret) == 8  # 4 of the node, its issuer, its custodian, 2 of the desk
    for path in (*secret, member / "nodes/KAZ/index.key", member / "clients/desk/token"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ours = {p.read_bytes() for p in centre.rglob("*") if p.is_file()}
    assert not ours & {p.read_bytes() for p in secret}
    assert read.splitlines()[-1] == run_digest(member / "KAZ.request.toml")


def run_digest(path):
    from gateway.access.joining import digest_of

    return digest_of(path.read_bytes())


async def test_answer_key_is_renewed_and_the_old_one_retired(homes):
    centre, member = homes
    join(centre, member)
    run(member, "rotate", "KAZ", "--key", "answer")
    run(centre, "add-member", member / "KAZ.request.toml", "--replace")
    send(centre, member)
    kids = [k.kid for k in read_federation(member / "federation.toml").member("KAZ").answer_keys]
    assert kids == ["kaz-answer-1", "kaz-answer-2"]
    assert await search(centre, member) == {"KAZ/persons": ("answered", 1)}  # by the old one
    node = member / "nodes/KAZ"
    (node / "next.answer.key").replace(node / "answer.key")
    assert await search(centre, member) == {"KAZ/persons": ("answered", 1)}
    run(member, "rotate", "KAZ", "--key", "answer", "--retire", "kaz-answer-1")
    run(centre, "add-member", member / "KAZ.request.toml", "--replace")
    send(centre, member)
    (found,) = read_federation(member / "federation.toml").member("KAZ").answer_keys
    assert found.kid == "kaz-answer-2"
    assert await search(centre, member) == {"KAZ/persons": ("answered", 1)}


async def test_node_does_not_start_with_a_key_that_nobody_pins(homes):
    join(*homes)
    member = homes[1]
    run(member, "rotate", "KAZ", "--key", "answer")
    (member / "nodes/KAZ/next.answer.key").replace(member / "nodes/KAZ/answer.key")
    with pytest.raises(SettingsError, match="pins"):
        await search(*homes)


async def test_certificate_and_token_key_are_renewed(homes):
    centre, member = homes
    join(centre, member)
    node = member / "nodes/KAZ"
    run(member, "rotate", "KAZ", "--key", "certificate")
    run(centre, "add-member", member / "KAZ.request.toml", "--replace")
    (node / "next.key.pem").replace(node / "key.pem")
    shutil.copyfile(member / "KAZ.certificate.pem", node / "certificate.pem")
    run(member, "rotate", "KAZ", "--key", "token")
    run(centre, "add-member", member / "KAZ.request.toml", "--replace")
    send(centre, member)
    (member / "issuers/KAZ.next.key").replace(member / "issuers/KAZ.key")
    run(member, "token", "desk", "--member", "KAZ", "--officer", "k", "--role", "investigator")
    assert await search(centre, member) == {"KAZ/persons": ("answered", 1)}
