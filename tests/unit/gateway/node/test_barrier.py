"""A node's own hand over a permitted question: stops, budgets, notices, the grid."""

from __future__ import annotations

import asyncio

import pytest

from gateway.access.budgets import Alarms, Budgets, Limit
from gateway.ledger.kinds import Kind
from gateway.node.spending import Spending
from gateway.probe import document
from gateway.stopping import StopList
from kalkan.v1 import model_pb2 as model
from tests.kit.disks import full_for
from tests.unit.gateway.node.conftest import stop

ONE_EACH = Limit(name="one", each="officer", per="day", limit=1)


class Notices(list):
    """Takes notices as a notifier does."""

    tell = list.append


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


async def test_books_that_cannot_be_kept_make_the_bank_unavailable(
    country, equip, books, tmp_path, caplog
):
    notices = Notices()
    equip(spending=books(limit=(ONE_EACH,)), notifier=notices)
    with full_for(tmp_path / "books.sqlite"):
        answers = [await country.ask(compose(country, n)) for n in range(3)]
    assert {answer.state for answer in answers} == {model.BANK_STATE_UNAVAILABLE}
    assert country.register.limits == []
    kinds = [(entry.kind, entry.action or entry.reason) for entry in country.entries()]
    ended = [(Kind.INTENT, ""), (Kind.OUTCOME, "BUDGETS_AWAY")]
    assert kinds == [(Kind.ADMIN, "budgets_away"), *ended * 3]
    assert [one["alarm"] for one in notices if "alarm" in one] == ["budgets_away"]
    assert caplog.text.count("budgets_away") == 1


async def test_books_that_may_only_be_read_are_not_kept(country, equip, books):
    spending = books()
    equip(spending=spending)
    spending._db.execute("PRAGMA query_only = 1")
    assert (await country.ask()).state == model.BANK_STATE_UNAVAILABLE
    spending._db.execute("PRAGMA query_only = 0")
    assert (await country.ask(compose(country, 1))).state == model.BANK_STATE_NO_HIT


async def test_books_that_can_be_kept_again_count_again(country, equip, books, tmp_path):
    notices = Notices()
    equip(spending=books(limit=(ONE_EACH,)), notifier=notices)
    with full_for(tmp_path / "books.sqlite"):
        await country.ask(compose(country, 0))
    answer = await country.ask(compose(country, 1))
    assert answer.state == model.BANK_STATE_NO_HIT  # what was not answered was not counted
    assert (await country.ask(compose(country, 2))).refusal.rule == "kaz.budget.one"
    actions = [entry.action for entry in country.entries() if entry.kind is Kind.ADMIN]
    told = [one["alarm"] for one in notices if "alarm" in one]
    assert actions == told == ["budgets_away", "budgets_back"]


async def test_what_the_policy_refuses_needs_no_books(country, equip, books, tmp_path):
    equip(spending=books())
    query = compose(country, 0, purpose=model.PURPOSE_ORGANISED_CRIME)
    with full_for(tmp_path / "books.sqlite"):
        assert (await country.ask(query)).refusal.rule == "kaz.property"


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


async def test_answer_leaves_on_the_grid(country, equip):
    equip(grid_s={"KAZ/persons": 0.02})
    answer = await country.ask()
    assert answer.elapsed.ToMilliseconds() == 20
    assert country.entries()[-1].states[0].elapsed_ms == 20


@pytest.fixture
def pauses(monkeypatch):
    """How long was waited, without waiting."""
    sleep, told = asyncio.sleep, []

    async def note(seconds):
        told.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    return told


async def test_answer_waits_for_the_grid_and_no_longer(country, equip, pauses):
    equip(grid_s={"KAZ/persons": 0.5})
    search = country.register.search

    async def take_time(probe, limits):
        country.clock.advance(0.625)
        return await search(probe, limits)

    country.register.search = take_time
    answer = await country.ask()
    assert pauses == [0.375]
    assert answer.elapsed.ToMilliseconds() == 1_000


async def test_answer_that_cannot_wait_for_the_grid_leaves_at_the_end_of_its_time(
    country, equip, pauses
):
    """Whoever leaves little time learns no more of when a bank has ended."""
    equip(grid_s={"KAZ/persons": 1_000.0})
    answer = await country.ask(call=country.call(seconds=20.0))
    assert answer.state == model.BANK_STATE_ANSWERED
    assert pauses == [19.975]
    assert answer.elapsed.ToMilliseconds() == 19_975
    assert country.entries()[-1].states[0].elapsed_ms == 19_975
