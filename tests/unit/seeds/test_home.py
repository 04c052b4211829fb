"""A home holds all that settings name, keys that nobody else reads, and stays as it is."""

from __future__ import annotations

import stat

import pytest
from cryptography.x509 import load_pem_x509_certificate

from gateway.access.federation import read_federation
from gateway.access.policy import Policy
from gateway.access.signatures import SigningKey
from gateway.access.tokens import TokenVerifier
from gateway.clock import SystemClock
from gateway.running import read_signer
from gateway.settings import ClientSettings, HubSettings, NodeSettings, read_settings
from seeds.clients import DESKS
from seeds.federation import MEMBERS
from seeds.home import build_home, read_ports

SIZE = {"rows": 3, "documents": 3}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    build_home(folder, **SIZE, first_port=21_000)
    return folder


def list_secrets(home):
    return [path for path in home.rglob("*") if path.suffix == ".key" or path.name == "key.pem"]


def test_every_settings_file_reads_and_names_files_that_exist(home):
    hub = read_settings(HubSettings, home / "hub" / "hub.toml")
    paths = [hub.at(path) for path in (hub.federation, hub.certificate, hub.key, hub.receipt_key)]
    for member in MEMBERS:
        node = read_settings(NodeSettings, home / "nodes" / member.code / "node.toml")
        named = (node.federation, node.certificate, node.key, node.answer_key, node.index_key)
        paths += [node.at(path) for path in (*named, node.policy, *node.banks)]
        assert node.member == member.code
    for desk in DESKS:
        client = read_settings(ClientSettings, home / "clients" / desk.name / "client.toml")
        paths += [client.at(path) for path in (client.certificate, client.query_key, client.token)]
    assert [path for path in paths if not path.is_file()] == []


def test_the_federation_names_members_banks_and_keys(home):
    federation = read_federation(home / "federation.toml")
    assert [member.code for member in federation.members] == [m.code for m in MEMBERS]
    assert all(f.banks == m.banks for f, m in zip(federation.members, MEMBERS, strict=True))
    assert {project.name for project in federation.projects} >= {"kalkan"}
    assert federation.hub.address == "127.0.0.1:21000"
    for member in federation.members:
        key = SigningKey.load(home / "nodes" / member.code / "answer.key")
        assert key.thumbprint == member.answer_keys[0].thumbprint


def test_the_federation_pins_the_key_of_each_ledger(home):
    federation = read_federation(home / "federation.toml")
    hub = read_settings(HubSettings, home / "hub" / "hub.toml")
    assert str(read_signer(hub, federation, "HUB").vkey) == federation.hub.ledger_vkey
    for member in federation.members:
        node = read_settings(NodeSettings, home / "nodes" / member.code / "node.toml")
        assert str(read_signer(node, federation, member.code).vkey) == member.ledger_vkey


def test_every_policy_loads_under_its_members_name(home):
    for member in MEMBERS:
        text = (home / "nodes" / member.code / "policy.cedar").read_text(encoding="utf-8")
        assert Policy.load(text, member.code.lower()).epoch


def test_tokens_hold_and_say_who_asks(home):
    verifier = TokenVerifier(read_federation(home / "federation.toml"), SystemClock())
    for desk in DESKS:
        token = (home / "clients" / desk.name / "token").read_text(encoding="ascii")
        requester = verifier.verify(token)
        assert (requester.member, requester.officer) == (desk.member, desk.officer)
        assert set(requester.roles) == set(desk.roles)


def test_secrets_are_for_their_owner_alone(home):
    secrets = list_secrets(home)
    assert len(secrets) == 1 + 3 + len(MEMBERS) * 7 + len(DESKS) * 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    tokens = home.glob("clients/*/token")
    assert {stat.S_IMODE(path.stat().st_mode) for path in tokens} == {0o600}


def test_a_second_build_keeps_everything_but_tokens(home):
    def read_all():
        return {p: p.read_bytes() for p in home.rglob("*") if p.is_file() and p.name != "token"}

    before = read_all()
    index = home / "nodes" / "KAZ" / "index"
    index.mkdir(exist_ok=True)
    build_home(home, **SIZE)
    assert read_all() == before
    assert index.is_dir()
    assert read_ports(home).first == 21_000


def test_other_ports_change_settings_alone_and_other_rows_drop_the_indexes(tmp_path):
    build_home(tmp_path, **SIZE, first_port=21_000)
    keys = {path: path.read_bytes() for path in list_secrets(tmp_path)}
    index = tmp_path / "nodes" / "KAZ" / "index"
    index.mkdir()
    build_home(tmp_path, **SIZE, first_port=22_000)
    hub = read_settings(HubSettings, tmp_path / "hub" / "hub.toml")
    assert hub.listen == "127.0.0.1:22000"
    assert index.is_dir()
    build_home(tmp_path, rows=4, documents=3)
    assert not index.exists()
    assert {path: path.read_bytes() for path in list_secrets(tmp_path)} == keys


def test_a_build_that_broke_off_is_mended(tmp_path):
    build_home(tmp_path, **SIZE)
    (tmp_path / "nodes" / "KAZ" / "certificate.pem").unlink()
    (tmp_path / "clients" / "officer" / "key.pem").unlink()
    (tmp_path / "ca.pem").unlink()
    build_home(tmp_path, **SIZE)
    assert (tmp_path / "clients" / "officer" / "key.pem").is_file()
    authority = load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    issued = list(tmp_path.rglob("certificate.pem"))
    assert len(issued) == 1 + len(MEMBERS) + len(DESKS)
    for path in issued:
        load_pem_x509_certificate(path.read_bytes()).verify_directly_issued_by(authority)
