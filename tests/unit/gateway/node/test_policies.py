"""Policies are followed: what holds comes into force after the ledger says so, the rest is told."""

from __future__ import annotations

import asyncio
import logging

import pytest

from adapters.contract import Document, Field, FieldName, Record, RecordKind, Result
from gateway.access.errors import PolicyFileError
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.node.policies import Policies
from gateway.probe import document
from gateway.settings import NodeSettings
from gateway.watch import Watch
from kalkan.v1 import model_pb2 as model

OPEN = '@id("kaz.open")\npermit (principal, action, resource);\n'
CLOSED = OPEN + '@id("kaz.closed")\n@text("Closed.")\nforbid (principal, action, resource);\n'
RELEASE = '@id("kaz.release.none")\nforbid (principal, action, resource);\n'
BROKEN = OPEN + '@id("kaz.wrong")\npermit (principal, action, resource) when { context.nothing };\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "policy.cedar").write_text(OPEN, encoding="utf-8")
    return tmp_path


def settings_of(folder, **more) -> NodeSettings:
    needed = (name for name, each in NodeSettings.model_fields.items() if each.is_required())
    paths = dict.fromkeys(needed, "x")
    named = {**paths, "member": "KAZ", "policy": "policy.cedar", "banks": [], **more}
    return NodeSettings.model_validate({**named, "folder": folder})


@pytest.fixture
def followed(country, folder):
    """The parts of a node, its policies, and a watch over them."""
    return follow(country, folder)


def follow(country, folder, **more):
    parts = country.node._parts
    policies = Policies(settings_of(folder, **more), parts.recorder)
    parts.policy = policies.read()
    return parts, policies, Watch(policies.paths, lambda: policies.reload(parts))


async def test_what_is_in_force_from_the_start_is_recorded(country, followed):
    parts, policies, _ = followed
    await policies.begin(parts)
    (entry,) = [e for e in country.entries() if e.kind is Kind.POLICY]
    assert (entry.policy_epoch, entry.action) == (parts.policy.epoch, "policy_loaded")
    assert entry.policy_sha256 == parts.policy.sha256


async def test_new_text_is_in_force_after_the_ledger_says_so(country, folder, followed):
    parts, _, watch = followed
    before = parts.policy
    assert (await country.ask()).state == model.BANK_STATE_ANSWERED
    (folder / "policy.cedar").write_text(CLOSED, encoding="utf-8")
    assert await watch.look()
    answer = await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    assert answer.refusal.rule == "kaz.closed"
    assert answer.policy_epoch == parts.policy.epoch != before.epoch
    kinds = [(e.kind, e.policy_epoch) for e in country.entries()]
    assert kinds[-2:] == [
        (Kind.POLICY, parts.policy.epoch),
        (Kind.REFUSAL, parts.policy.epoch),
    ]


async def test_every_entry_of_a_search_names_its_epoch(country, followed):
    await country.ask()
    assert {e.policy_epoch for e in country.entries()} == {followed[0].policy.epoch}


async def test_search_that_runs_keeps_the_policy_it_began_with(country, folder, followed):
    parts, _, watch = followed
    before, begun, bank = parts.policy, asyncio.Event(), asyncio.Event()
    result = country.register.result

    async def search(probe, limits):
        begun.set()
        await bank.wait()
        return result

    country.register.search = search
    running = asyncio.create_task(country.ask())
    await begun.wait()
    (folder / "policy.cedar").write_text(CLOSED, encoding="utf-8")
    await watch.look()
    late = await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    bank.set()
    early = await running
    assert early.state == model.BANK_STATE_ANSWERED
    assert early.policy_epoch == before.epoch
    assert late.state == model.BANK_STATE_REFUSED
    assert late.policy_epoch == parts.policy.epoch


async def test_search_that_runs_releases_by_the_policy_it_began_with(country, folder):
    allow = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
    (folder / "release.cedar").write_text(allow, encoding="utf-8")
    _, _, watch = follow(country, folder, release="release.cedar")
    stolen = Field(FieldName.DOCUMENT, Document("N10000001"))

    async def search(probe, limits):
        (folder / "release.cedar").write_text(RELEASE, encoding="utf-8")
        await watch.look()
        return Result((Record("R1", RecordKind.STOLEN_DOCUMENT, (stolen,)),))

    country.register.search = search
    probes = [document(number="N10000001")] * 2
    early = await country.ask(country.desk.compose(probes=probes))
    assert [hit.probe_index for hit in early.hits] == [0, 1]
    late = await country.ask(country.desk.compose(probes=probes, nonce=b"\x02" * 16))
    assert late.state == model.BANK_STATE_NO_HIT


async def test_text_that_does_not_hold_changes_nothing_and_is_told(
    country, folder, followed, caplog
):
    parts, _, watch = followed
    before = parts.policy
    (folder / "policy.cedar").write_text(BROKEN, encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        await watch.look()
    assert parts.policy is before
    assert "kaz:3" in caplog.text
    assert "kaz.wrong" in caplog.text
    (entry,) = [e for e in country.entries() if e.kind is Kind.ADMIN]
    assert (entry.action, entry.reason) == ("policy_refused", "FIELD_INVALID")
    assert entry.rule.startswith("kaz:3 kaz.wrong")
    (folder / "policy.cedar").write_text(CLOSED, encoding="utf-8")
    await watch.look()
    assert parts.policy is not before


async def test_missing_file_changes_nothing(country, folder, followed):
    parts, _, watch = followed
    before = parts.policy
    (folder / "policy.cedar").unlink()
    await watch.look()
    assert parts.policy is before
    assert country.entries()[-1].action == "policy_refused"


async def test_emptied_policy_for_records_does_not_release_everything(country, folder):
    (folder / "release.cedar").write_text(RELEASE, encoding="utf-8")
    parts, _, watch = follow(country, folder, release="release.cedar")
    assert (await country.ask()).state == model.BANK_STATE_NO_HIT
    (folder / "release.cedar").write_text("", encoding="utf-8")
    await watch.look()
    assert not parts.policy.releases_all
    answer = await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    assert answer.state == model.BANK_STATE_NO_HIT


async def test_nothing_comes_into_force_that_the_ledger_cannot_record(country, folder, followed):
    parts, policies, _ = followed
    before = parts.policy

    class Full:
        async def write(self, kind, facts):
            raise LedgerUnavailableError("full")

    policies._recorder = Full()
    (folder / "policy.cedar").write_text(CLOSED, encoding="utf-8")
    with pytest.raises(LedgerUnavailableError):
        await policies.reload(parts)
    assert parts.policy is before


async def test_touching_a_file_is_no_change(country, folder, followed):
    parts, _, watch = followed
    before = parts.policy
    (folder / "policy.cedar").write_text(OPEN, encoding="utf-8")
    await watch.look()
    assert parts.policy is before
    assert country.entries() == []


async def test_policy_on_trial_is_compared_and_never_followed(country, folder):
    (folder / "shadow.cedar").write_text(CLOSED, encoding="utf-8")
    parts, policies, watch = follow(country, folder, policy_shadow="shadow.cedar")
    await policies.begin(parts)
    assert (await country.ask()).state == model.BANK_STATE_ANSWERED
    told = {(e.kind, e.shadow_rule, e.shadow_granularity) for e in country.entries()[2:]}
    assert told == {(Kind.INTENT, "kaz.closed", ""), (Kind.OUTCOME, "kaz.closed", "")}
    (folder / "shadow.cedar").write_text(OPEN, encoding="utf-8")
    await watch.look()
    await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    assert country.entries()[-1].shadow_rule == ""
    loaded = [e.action for e in country.entries() if e.kind is Kind.POLICY]
    assert loaded == ["policy_loaded", "policy_shadow_loaded", "policy_shadow_loaded"]


async def test_entries_name_only_the_policy_that_has_changed(country, folder):
    (folder / "shadow.cedar").write_text(CLOSED, encoding="utf-8")
    parts, policies, watch = follow(country, folder, policy_shadow="shadow.cedar")
    await policies.begin(parts)
    (folder / "policy.cedar").write_text(CLOSED + "// as before\n", encoding="utf-8")
    await watch.look()
    (folder / "shadow.cedar").write_text(OPEN, encoding="utf-8")
    await watch.look()
    loaded = [e.action for e in country.entries() if e.kind is Kind.POLICY]
    assert loaded == [*["policy_loaded", "policy_shadow_loaded"] * 2]


def test_start_with_a_text_that_does_not_hold_is_refused(folder, country):
    (folder / "policy.cedar").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"kaz\.wrong"):
        follow(country, folder)
