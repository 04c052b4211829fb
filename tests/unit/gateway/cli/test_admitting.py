"""Members, officers and keys that cannot be let in are refused in plain words."""

from __future__ import annotations

import shutil

from gateway.access.authority import Authority
from gateway.access.certificates import read_peer
from gateway.access.federation import read_federation
from gateway.access.issuers import Issuers
from gateway.clock import SystemClock
from tests.integration.test_founding import ID, homes, run, send  # noqa: F401 - a fixture among them


def test_what_cannot_be_is_refused_in_plain_words(homes):  # noqa: F811 - a fixture
    centre, member = homes
    request = member / "KAZ.request.toml"
    assert "already" in run(centre, "init", ID, "--hub", "localhost:1", code=2)
    assert "no federation" in run(member, "add-member", request, code=2)
    assert "no member yet" in run(centre, "add-member", request, "--replace", code=2)
    run(member, "request-officer", "desk", "--member", "KAZ", "--federation", ID)
    desk = member / "desk.request.toml"
    assert "is no member" in run(centre, "add-officer", desk, code=2)
    assert "add-officer" in run(centre, "add-member", desk, code=2)
    assert "add-member" in run(centre, "add-officer", request, code=2)
    join_again = ("add-member", request)
    run(centre, *join_again)
    assert "is a member already" in run(centre, *join_again, code=2)
    send(centre, member)
    words = ("rotate", "KAZ", "--key", "answer", "--retire", "kaz-answer-1")
    assert "not one of several" in run(member, *words, code=2)
    words = ("rotate", "KAZ", "--key", "certificate", "--retire", "x")
    assert "revoke certificate" in run(member, *words, code=2)
    who = ("--member", "KAZ", "--officer", "k", "--role", "border")
    (member / "clients/desk/certificate.pem").write_text("none", encoding="utf-8")
    assert "not a certificate" in run(member, "token", "desk", *who, code=2)
    (member / "issuers/KAZ.key").unlink()
    shutil.copyfile(member / "nodes/KAZ/answer.key", member / "issuers/KAZ.key")
    (member / "issuers/KAZ.key").chmod(0o600)
    assert "has not the token key" in run(member, "token", "desk", *who, code=2)


def test_authority_of_a_member_signs_for_its_own_officers(tmp_path):
    centre, member, own = tmp_path / "centre", tmp_path / "kaz", tmp_path / "own"
    Authority.create(ID, SystemClock(), "Kazakhstan").save(own)
    run(centre, "init", ID, "--hub", "localhost:7700")
    facts = ("--title", "Kazakhstan", "--office", "Office", "--issuer", "https://id.kaz.example")
    words = ("--federation", ID, "--node", "localhost:7710", *facts)
    run(member, "request-member", "KAZ", *words, "--ca", own / "ca.pem")
    assert "PRIVATE" not in (member / "KAZ.request.toml").read_text(encoding="utf-8")
    run(centre, "add-member", member / "KAZ.request.toml")
    send(centre, member)
    run(member, "request-officer", "desk", "--member", "KAZ", "--federation", ID)
    desk = member / "desk.request.toml"
    run(member, "add-officer", desk, "--authority", own)
    peer = read_peer((member / "desk.certificate.pem").read_bytes())
    assert (peer.member, peer.name) == ("KAZ", "desk")
    Issuers(read_federation(member / "federation.toml")).require(peer)
    other = tmp_path / "other"
    Authority.create(ID, SystemClock(), "Kazakhstan").save(other)
    assert "pinned" in run(member, "add-officer", desk, "--authority", other, code=2)


def test_authority_that_nobody_pinned_signs_nothing(homes):  # noqa: F811 - a fixture
    centre, member = homes
    run(centre, "add-member", member / "KAZ.request.toml")
    send(centre, member)
    own = member / "own"
    Authority.create(ID, SystemClock(), "Kazakhstan").save(own)
    run(member, "request-officer", "desk", "--member", "KAZ", "--federation", ID)
    desk = member / "desk.request.toml"
    assert "pinned" in run(member, "add-officer", desk, "--authority", own, code=2)
    assert not (member / "desk.certificate.pem").exists()
    words = ("request-member", "TUR", "--federation", ID, "--node", "localhost:1", "--office", "x")
    words = (*words, "--title", "T", "--issuer", "https://t.example", "--ca", member / "nothing")
    assert "PEM" in run(member, *words, code=2)
