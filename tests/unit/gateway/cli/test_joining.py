"""What is made for a federation, a member and a client: keys, settings, a request."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from gateway.access.errors import KeyFileError
from gateway.access.federation import read_federation
from gateway.access.joining import read_joining
from gateway.access.policy import Policy
from gateway.cli.joining import make_p256
from gateway.cli.main import app
from gateway.settings import ClientSettings, HubSettings, NodeSettings, read_settings

FACTS = ("--title", "Kazakhstan", "--office", "Point", "--issuer", "https://id.kaz.example")


def run(home, *words):
    return CliRunner().invoke(app, ("federation", *words, "--home", str(home)))


@pytest.fixture
def home(tmp_path):
    told = run(tmp_path, "init", "alliance", "--hub", "hub.example:7700")
    assert told.exit_code == 0, told.output
    return tmp_path


def ask_to_join(home, *more):
    words = ("--federation", "alliance", "--node", "node.kaz.example:7710", *FACTS, *more)
    told = run(home, "request-member", "KAZ", *words)
    assert told.exit_code == 0, told.output
    return read_joining(home / "KAZ.request.toml", read_federation(home / "federation.toml"))[0]


def test_federation_begins_with_a_hub_and_nobody(home):
    federation = read_federation(home / "federation.toml")
    assert (federation.id, federation.hub.name, federation.members) == (
        "alliance",
        "hub.example",
        (),
    )
    assert federation.hub.ledger_vkey.startswith("kalkan.example/alliance/HUB+")
    assert read_settings(HubSettings, home / "hub/hub.toml").listen == "hub.example:7700"


def test_member_has_settings_and_a_policy_that_permits_nothing(home):
    member = ask_to_join(home, "--bank", "persons", "--bank", "cars").member
    assert member.banks == ("KAZ/persons", "KAZ/cars")
    assert (member.node_name, len(member.custodians)) == ("node.kaz.example", 1)
    settings = read_settings(NodeSettings, home / "nodes/KAZ/node.toml")
    assert [str(path) for path in settings.banks] == [
        "banks/persons/mapping.toml",
        "banks/cars/mapping.toml",
    ]
    text = settings.at(settings.policy).read_text(encoding="utf-8")
    assert Policy.load(text, "kaz").texts.search == text


def test_member_with_an_identity_provider_gets_no_token_key(home):
    member = ask_to_join(home, "--jwks-url", "https://id.kaz.example/jwks").member
    assert member.token_keys == ()
    assert not (home / "issuers").exists()


def test_keys_that_are_there_are_not_overwritten(home):
    ask_to_join(home)
    before = (home / "nodes/KAZ/key.pem").read_bytes()
    told = run(home, "request-member", "KAZ", "--federation", "alliance", "--node", "n:1", *FACTS)
    assert told.exit_code == 2
    assert "exists" in told.output
    assert (home / "nodes/KAZ/key.pem").read_bytes() == before


def test_client_has_settings(home):
    told = run(home, "request-officer", "desk", "--member", "KAZ", "--federation", "alliance")
    assert told.exit_code == 0, told.output
    settings = read_settings(ClientSettings, home / "clients/desk/client.toml")
    assert settings.at(settings.query_key).exists()


def test_next_key_is_made_once(tmp_path):
    path = tmp_path / "next.key.pem"
    made = make_p256(path)
    assert make_p256(path).private_numbers() == made.private_numbers()
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="open to others"):
        make_p256(path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("init", "Not an id", "--hub", "hub.example:7700"), "id"),
        (("init", "alliance", "--hub", "hub.example"), "address"),
        (("init", "alliance", "--hub", "hub.example:77000"), "1 to 65535"),
        (("request-member", "KA", "--federation", "a", "--node", "n:1", *FACTS), "code"),
        (("request-member", "KAZ", "--federation", "A b", "--node", "n:1", *FACTS), "federation"),
        (("request-officer", "../x", "--member", "KAZ", "--federation", "a"), "client"),
    ],
)
def test_what_does_not_hold_is_told_before_anything_is_made(tmp_path, words, said):
    told = run(tmp_path / "home", *words)
    assert told.exit_code == 2, told.output
    assert said in told.output
    assert not (tmp_path / "home").exists()
