"""Members, officers and keys that cannot be let in are refused in plain words."""

from __future__ import annotations

import shutil

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
