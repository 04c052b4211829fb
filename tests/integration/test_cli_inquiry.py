"""`kalkan audit search|show|who` on disk and over the wire, with and without a custodian's key."""

from __future__ import annotations

import asyncio
import json

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.cli.tour import read_star
from gateway.ledger.read import read_entries
from gateway.probe import document, person
from tests.kit.world import ask, build_world


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A federation in which three questions were asked, at rest."""
    world = build_world(tmp_path_factory.mktemp("inquiry") / "home")
    asyncio.run(search(world))
    return world


async def search(world):
    await world.start()
    try:
        world.add_client("turk", "TUR", ("investigator",))
        officer, other = await world.client(), await world.client("turk")
        await officer.search_once(ask("Рустам Каримов", case="CASE-31", offence="arson"))
        probe = person("Rustam Karimov", birth="1984")
        await other.search_once(ask(probe=probe, case="CASE-32"))
        probe = document(number="N 10000001", issuer="KAZ")
        await officer.search_once(ask(probe=probe, purpose="border_control", case="CASE-33"))
    finally:
        await world.stop()


@pytest.fixture
def audit(world):
    """Run `kalkan audit` beside the servers' files."""

    def run(*words, key=""):
        custodian = world.home / "custodians" / key / "duty.key"
        sealed = ("--key", str(custodian), "--reason", "request for access") if key else ()
        words = ("audit", words[0], "--home", str(world.home), *words[1:], *sealed)
        done = CliRunner().invoke(app, words)
        lines = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in words else []
        return done, lines

    return run


def newest(world, side="hub"):
    folder = world.home / ("hub" if side == "hub" else f"nodes/{side}") / "ledger"
    return list(read_entries(folder))


def test_entries_are_found_by_their_fields(audit):
    _, found = audit("search", "--member", "kaz", "--kind", "outcome", "--json")
    assert [entry["purpose"] for entry in found] == ["terrorism", "border_control"]
    _, found = audit("search", "--bank", "TUR/persons", "--state", "no_hit", "--json")
    assert {entry["kind"] for entry in found} == {"OUTCOME"}
    done, found = audit("search", "--until", "2020-01-01", "--json")
    assert (done.exit_code, found) == (1, [])
    done, _ = audit("search", "--since", "yesterday")
    assert done.exit_code == 2
    done, _ = audit("search", "--node", "TUR", "--purpose", "terrorism")
    assert "INTENT" in done.stdout
    assert done.stdout.splitlines()[0].split()[0] == "no"


def test_case_is_found_with_the_key_of_its_authority_alone(audit):
    done, _ = audit("search", "--case", "CASE-31")
    assert done.exit_code == 2
    done, found = audit("search", "--case", "CASE-31", "--json", key="KAZ")
    assert [entry["kind"] for entry in found] == ["INTENT"]
    done, found = audit("search", "--case", "CASE-31", "--json", key="TUR")
    assert (done.exit_code, found) == (1, [])


def test_entry_is_shown_whole_and_opened_for_its_custodian(audit, world):
    index = next(i for i, e in newest(world) if e.kind == "INTENT")
    done, _ = audit("show", str(index))
    assert "sealed" in done.stdout
    assert "CASE-31" not in done.stdout
    done, (shown,) = audit("show", str(index), "--json", key="KAZ")
    assert shown["opened"]["case"] == "CASE-31"
    assert shown["opened"]["offence"] == "arson"
    assert shown["opened"]["asked for"] == "person: Рустам Каримов"
    done, _ = audit("show", str(index), key="KAZ")
    assert "CASE-31" in done.stdout
    done, _ = audit("show", str(index), key="TUR")
    assert done.exit_code == 1
    assert audit("show", "100000")[0].exit_code == 2


def test_opening_needs_a_reason_and_becomes_an_entry(audit, world):
    key = str(world.home / "custodians" / "KAZ" / "duty.key")
    done, _ = audit("who", "Рустам Каримов", "--key", key)
    assert done.exit_code == 2
    before = len(newest(world))
    audit("who", "Рустам Каримов", key="KAZ")
    opened = [e for _, e in newest(world)[before:] if e.action == "opened"]
    assert {(e.authority, e.kind.value) for e in opened} == {("KAZ", "KEY")}
    assert b"request for access" not in b"".join(e.encode() for e in opened)


@pytest.mark.parametrize("name", ["Рустам Каримов", "Rustam Karimov", "Каримов Рустам"])
def test_who_asked_about_a_person_in_any_script(audit, name):
    done, found = audit("who", name, "--json", key="KAZ")
    assert done.exit_code == 0, done.stderr
    assert [(one["who"], one["opened"]["case"]) for one in found] == [("officer", "CASE-31")]
    assert "answered" in found[0]["ended"]
    _, found = audit("who", name, "--json", key="TUR")
    assert [(one["who"], one["opened"]["case"]) for one in found] == [("turk", "CASE-32")]


def test_owner_sees_who_asked_on_a_hit_at_its_own_node(audit):
    _, found = audit("who", "Rustam Karimov", "--node", "TUR", "--json", key="TUR")
    assert {one["who"] for one in found} == {"officer", "turk"}


def test_who_asked_about_a_document_and_about_nobody(audit):
    _, found = audit("who", "--document", "n10000001", "--json", key="KAZ")
    assert [one["opened"]["case"] for one in found] == ["CASE-33"]
    done, found = audit("who", "Nobody Atall", "--json", key="KAZ")
    assert (done.exit_code, found) == (1, [])
    done, _ = audit("who", "Nobody Atall", key="KAZ")
    assert "Nobody asked" in done.stdout
    assert audit("who")[0].exit_code == 2


@pytest.fixture(scope="module")
def searched(kalkan, federation):
    """The demonstration, in which its officer has asked about somebody."""
    star, home = read_star(), ("--home", str(federation.home))
    why = ("--purpose", "terrorism", "--category", "suspect", "--case", "a-77")
    words = ("--ask", "KAZ", *why, "--json", *home)
    assert kalkan("search", "person", star.latin, "--birth", star.birth, *words).returncode == 0
    return federation.home, star


def test_auditor_and_custodian_ask_running_servers(kalkan, searched):
    home, star = searched
    words = ("--home", str(home), "--json")
    done = kalkan("audit", "tail", "--as", "auditor", "-n", "5", *words)
    assert len(done.stdout.splitlines()) == 5, done.stderr
    done = kalkan("audit", "search", "--as", "auditor", "--bank", "KAZ/persons", *words)
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert entries, done.stderr
    done = kalkan("audit", "show", str(entries[-1]["index"]), "--as", "auditor", *words)
    assert json.loads(done.stdout)["index"] == entries[-1]["index"], done.stderr
    key = ("--key", str(home / "custodians" / "KAZ" / "duty.key"), "--reason", "a complaint")
    for at in ("hub", "KAZ"):
        done = kalkan("audit", "who", star.cyrillic, "--as", "custodian", "--at", at, *key, *words)
        assert done.returncode == 0, done.stderr
        assert "a-77" in {json.loads(line)["opened"]["case"] for line in done.stdout.splitlines()}
    done = kalkan("audit", "search", "--as", "officer", *words)
    assert done.returncode == 4
    done = kalkan("audit", "who", star.cyrillic, *key, *words)
    assert done.returncode == 2
    assert "its server runs" in done.stderr
