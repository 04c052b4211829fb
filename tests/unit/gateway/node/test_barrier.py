"""A node's own hand over a permitted question: stops, budgets, hidden banks, notices, the grid."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapters.contract import Result
from gateway.access.budgets import Alarms, Budgets, Limit
from gateway.access.policy import Policy, Texts
from gateway.access.stops import Stops, read_stop
from gateway.errors import OverloadedError
from gateway.ledger.kinds import Kind
from gateway.node.bank import Bank, Titles
from gateway.node.controls import Controls
from gateway.node.hidden import Hidden
from gateway.node.node import Node
from gateway.node.replay import read_past, replay
from gateway.node.spending import Spending
from gateway.probe import document
from gateway.recorder import Recorder
from gateway.stopping import StopList
from kalkan.v1 import model_pb2 as model
from tests.unit.gateway.node.conftest import POLICY, Register, make_record

ONE_EACH = Limit(name="one", each="officer", per="day", limit=1)
NOT_SPECIAL = """
@id("kaz.special")
@text("Not here.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource == Kalkan::Bank::"KAZ/special");
"""
RELEASE = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
NOT_SPECIAL_RECORDS = """
@id("kaz.release.special")
forbid (principal, action, resource is Kalkan::Record) when { resource.name == "KAZ/special" };
"""


class Notices(list):
    """Takes notices as a notifier does."""

    tell = list.append


@pytest.fixture
def equip(country):
    """Put the node together again with some controls."""

    def make(policy=POLICY, **controls):
        parts = replace(
            country.node._parts, controls=Controls(**controls), policy=Policy.load(policy, "kaz")
        )
        country.node = Node(parts)

    return make


@pytest.fixture
def books(tmp_path):
    opened = []

    def open_books(**budgets):
        opened.append(Spending(tmp_path / "books.sqlite", b"\x05" * 32, Budgets(**budgets)))
        return opened[-1]

    yield open_books
    for each in opened:
        each.close()


def compose(country, number, **changes):
    changes.setdefault("probes", [document(number=f"N{number * 7_919:08d}")])
    return country.desk.compose(nonce=bytes([number + 1]) * 16, **changes)


def stop(stops, *texts):
    made = [read_stop(text) for text in texts]
    stops.put(Stops({(one.kind, one.value): one for one in made}))


@pytest.mark.parametrize(
    "what", ["officer=KAZ/officer", "member=KAZ", "purpose=terrorism", "bank=KAZ/persons"]
)
async def test_stopped_question_is_refused_by_a_signed_answer(country, equip, what):
    stops = StopList(country.node._parts.federation, "KAZ")
    equip(stops=stops)
    stop(stops, what)
    answer = await country.ask()
    assert answer.state == model.BANK_STATE_REFUSED
    assert answer.refusal.rule == "kaz.stopped"
    assert answer.refusal.contact.office
    assert country.register.limits == []
    (entry,) = country.entries()
    assert (entry.kind, entry.rule) == (Kind.REFUSAL, "kaz.stopped")
    stop(stops)
    again = country.desk.compose(nonce=b"\x02" * 16)
    assert (await country.ask(again)).state == model.BANK_STATE_ANSWERED


@pytest.fixture
def patient(monkeypatch):
    """No deadline ends a search: whatever ends it did so itself."""
    monkeypatch.setattr("gateway.node.look._seconds_for", lambda *_: None)


async def test_running_search_ends_when_it_is_stopped(country, equip, patient):
    stops = StopList(country.node._parts.federation, "KAZ")
    equip(stops=stops)
    country.register.hangs = True
    task = asyncio.create_task(country.ask())
    await country.register.asked.wait()
    stop(stops, "member=TUR")
    await asyncio.sleep(0)
    assert not task.done()
    stop(stops, "officer=KAZ/officer")
    answer = await task
    assert answer.refusal.rule == "kaz.stopped"
    assert country.register.cancelled
    assert [entry.kind for entry in country.entries()] == [Kind.INTENT, Kind.OUTCOME]
    assert country.entries()[-1].states[0].rule == "kaz.stopped"


async def test_caller_that_goes_away_cancels_the_bank(country, equip, patient):
    equip()
    country.register.hangs = True
    task = asyncio.create_task(country.ask())
    await country.register.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert country.register.cancelled


async def test_budget_that_is_used_up_is_refused_with_a_contact(country, equip, books):
    equip(spending=books(limit=(ONE_EACH,)))
    first = await country.ask(compose(country, 0))
    answer = await country.ask(compose(country, 1))
    assert first.state == model.BANK_STATE_NO_HIT
    assert answer.refusal.rule == "kaz.budget.one"
    assert "free again at" in answer.refusal.text
    assert answer.refusal.contact.office
    assert len(country.register.limits) == 1
    again = compose(country, 2, probes=first and [document(number="N00000000")])
    assert (await country.ask(again)).state == model.BANK_STATE_NO_HIT


async def test_owner_is_told_by_which_rule_a_question_was_refused(country, equip):
    notices = Notices()
    equip(notifier=notices)
    await country.ask(country.desk.compose(purpose=model.PURPOSE_ORGANISED_CRIME))
    assert [(notice["state"], notice["rule"]) for notice in notices] == [
        ("refused", "kaz.property")
    ]


async def test_refusal_of_the_policy_costs_nothing(country, equip, books):
    equip(spending=books(limit=(ONE_EACH,)))
    query = compose(country, 0, purpose=model.PURPOSE_ORGANISED_CRIME)
    assert (await country.ask(query)).refusal.rule == "kaz.property"
    assert (await country.ask(compose(country, 1))).state == model.BANK_STATE_NO_HIT


async def test_alarm_reaches_ledger_log_and_notice(country, equip, books, caplog):
    notices = Notices()
    alarms = Alarms(steps=4, block_minutes=5)
    equip(spending=books(alarms=alarms), notifier=notices)
    numbers = [f"N1000000{n}" for n in range(4)]
    for n, number in enumerate(numbers):
        answer = await country.ask(compose(country, n, probes=[document(number=number)]))
    assert answer.refusal.rule == "kaz.alarm.steps"
    (entry,) = [entry for entry in country.entries() if entry.kind is Kind.ADMIN]
    assert (entry.action, entry.rule, entry.count) == ("alarm", "kaz.alarm.steps", 4)
    assert entry.targets == ("officer=KAZ/officer",)
    assert "kaz.alarm.steps by officer KAZ/officer: 4" in caplog.text
    told = [notice for notice in notices if "alarm" in notice]
    assert told[0]["alarm"] == "steps"
    for number in numbers:
        assert number not in repr(country.entries()) + caplog.text + repr(notices)


async def test_books_that_cannot_be_kept_answer_nobody(country, equip, books, monkeypatch):
    spending = books()
    equip(spending=spending)

    def fail(*_):
        raise sqlite3.OperationalError("disk full: secret")

    monkeypatch.setattr(spending, "spend", fail)
    with pytest.raises(OverloadedError):
        await country.ask()
    assert country.register.limits == []


async def test_owner_is_told_who_asked_and_never_what(country, equip):
    notices = Notices()
    equip(notifier=notices)
    await country.ask()
    (notice,) = notices
    assert notice["member"] == "KAZ"
    assert notice["officer"] == "officer"
    assert (notice["purpose"], notice["bank"]) == ("terrorism", "KAZ/persons")
    assert (notice["state"], notice["hits"], notice["rule"]) == ("answered", 1, "")
    for word in ("Рустам", "Каримов", "1984-05"):
        assert word not in repr(notice)


def hide(register):
    bank = Bank("KAZ/special", register, Titles("", "", "", ""), ThreadPoolExecutor(1))
    return {"KAZ/persons": (Hidden(bank, 1.0),)}


async def test_hit_of_a_hidden_bank_is_a_hit_of_the_visible_one(country, equip):
    equip(hidden=hide(Register(Result((make_record("S1", "Рустам Каримов"),)))))
    answer = await country.ask()
    assert [hit.record.reference for hit in answer.hits] == ["R1", "S1"]
    assert {hit.record.bank for hit in answer.hits} == {"KAZ/persons"}
    assert b"special" not in answer.SerializeToString()
    assert "special" not in repr(country.entries())


@pytest.mark.parametrize(
    ("policy", "released", "rule"),
    [(POLICY, True, "kaz.all"), (POLICY + NOT_SPECIAL, False, "kaz.special")],
)
async def test_what_became_of_a_hidden_bank_can_be_decided_again(
    country, equip, policy, released, rule
):
    equip(policy, hidden=hide(Register()))
    call = country.call()
    await country.ask(call=call)
    facts = call.facts["personal"]["KAZ"]["owner"]
    told = {"bank": "KAZ/special", "released": released, "rule": rule}
    assert facts["behind"] == [told]
    past = list(read_past(country.entries(), lambda _: facts))
    assert replay(Policy.load(policy, "kaz"), past) == []
    other = POLICY if not released else POLICY + NOT_SPECIAL
    (flip,) = replay(Policy.load(other, "kaz"), past)
    words = ("withheld", "released")
    assert (flip.before, flip.after) == (words[released], words[not released])
    assert (flip.past.request.bank, flip.references) == ("KAZ/special", ())
    assert flip.rule == ("kaz.special" if released else "kaz.all")


async def test_a_hidden_bank_is_decided_by_the_policy_that_the_question_began_with(
    country, equip, monkeypatch
):
    secret = Register(Result((make_record("S1", "Рустам Каримов"),)))
    equip(POLICY + NOT_SPECIAL, hidden=hide(secret))
    write = Recorder.write

    async def write_and_reload(self, kind, facts):
        country.node._parts.policy = Policy.load(POLICY, "kaz")
        return await write(self, kind, facts)

    monkeypatch.setattr(Recorder, "write", write_and_reload)
    assert [hit.record.reference for hit in (await country.ask()).hits] == ["R1"]


async def test_rule_for_records_may_name_the_hidden_bank(country, equip):
    equip(hidden=hide(Register(Result((make_record("S1", "Рустам Каримов"),)))))
    closed = Policy.build(Texts(POLICY, RELEASE + NOT_SPECIAL_RECORDS), "kaz")
    country.node._parts.policy = closed
    call = country.call()
    assert [hit.record.reference for hit in (await country.ask(call=call)).hits] == ["R1"]
    facts = call.facts["personal"]["KAZ"]["owner"]
    assert facts["withheld"] == ["S1"]
    past = list(read_past(country.entries(), lambda _: facts))
    assert replay(closed, past) == []
    (flip,) = replay(Policy.build(Texts(POLICY, RELEASE), "kaz"), past)
    assert (flip.before, flip.after, flip.references) == ("withheld", "released", ("S1",))


@pytest.mark.parametrize("record", [True, False])
async def test_policy_may_keep_a_hidden_bank_from_a_requester(country, equip, record):
    records = (make_record("S1", "Рустам Каримов"),) if record else ()
    register = Register(Result(records))
    country.register.result = Result(())
    equip(POLICY + NOT_SPECIAL, hidden=hide(register))
    assert (await country.ask()).state == model.BANK_STATE_NO_HIT
    assert len(register.limits) == 1


async def test_hidden_bank_below_the_granularity_of_the_answer_is_withheld(country, equip):
    permit = 'permit (principal, action == Kalkan::Action::"search", resource)'
    special = 'resource == Kalkan::Bank::"KAZ/special"'
    lower = '@id("kaz.lower")\n@granularity("count")\n' + permit.replace("resource", special)
    policy = POLICY.replace(" };", " && " + special.replace("==", "!=") + " };", 1) + lower + ";"
    equip(policy, hidden=hide(Register(Result((make_record("S1", "Рустам Каримов"),)))))
    answer = await country.ask()
    assert [hit.record.reference for hit in answer.hits] == ["R1"]
    counted = country.desk.compose(nonce=b"\x02" * 16, granularity=model.GRANULARITY_COUNT)
    assert (await country.ask(counted)).tallies[0].count == 2


async def test_hidden_bank_cannot_be_named_and_is_not_described(country, equip):
    equip(hidden=hide(Register()))
    described = await country.node.describe(None, country.call())
    assert [bank.bank for bank in described.banks] == ["KAZ/persons"]
    query = country.desk.compose(model.Target(bank="KAZ/special"))
    absent = country.desk.compose(model.Target(bank="KAZ/nothing"), nonce=b"\x02" * 16)
    errors = []
    for each in (query, absent):
        with pytest.raises(Exception, match="does not name this bank") as caught:
            await country.ask(each)
        errors.append((type(caught.value), str(caught.value)))
    assert errors[0] == errors[1]


async def test_answer_leaves_on_the_grid(country, equip):
    equip(grid_s={"KAZ/persons": 0.02})
    answer = await country.ask()
    assert answer.elapsed.ToMilliseconds() == 20
    assert country.entries()[-1].states[0].elapsed_ms == 20


async def test_answer_waits_for_the_grid_and_no_longer(country, equip, monkeypatch):
    equip(grid_s={"KAZ/persons": 0.5})
    search, sleep, pauses = country.register.search, asyncio.sleep, []

    async def take_time(probe, limits):
        country.clock.advance(0.625)
        return await search(probe, limits)

    async def note(seconds):
        pauses.append(seconds)
        await sleep(0)

    country.register.search = take_time
    monkeypatch.setattr(asyncio, "sleep", note)
    answer = await country.ask()
    assert pauses == [0.375]
    assert answer.elapsed.ToMilliseconds() == 1_000


async def test_grid_does_not_outlast_the_call(country, equip):
    equip(grid_s={"KAZ/persons": 1_000.0})
    answer = await country.ask()
    assert answer.state == model.BANK_STATE_ANSWERED
