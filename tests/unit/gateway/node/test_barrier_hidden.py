"""A node's hand over hidden banks: their hits are the visible one's, or not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapters.contract import Result
from gateway.access.policy import Policy, Texts
from gateway.node.bank import Bank, Titles
from gateway.node.hidden import Hidden
from gateway.node.replay import read_past, replay
from gateway.recorder import Recorder
from gateway.stopping import StopList
from kalkan.v1 import model_pb2 as model
from tests.unit.gateway.node.conftest import AS_OF, POLICY, Register, make_record, stop

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


def hide(register, seconds=20.0):
    bank = Bank("KAZ/special", register, Titles("", "", "", ""), ThreadPoolExecutor(1))
    return {"KAZ/persons": (Hidden(bank, seconds),)}


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


async def test_stopped_hidden_bank_is_searched_and_not_there(country, equip):
    stops = StopList(country.node._parts.federation, "KAZ")
    secret = Register(Result((make_record("S1", "Рустам Каримов"),)))
    equip(stops=stops, hidden=hide(secret))
    stop(stops, "bank=KAZ/special")
    call = country.call()
    answer = await country.ask(call=call)
    assert [hit.record.reference for hit in answer.hits] == ["R1"]
    assert len(secret.limits) == 1
    facts = call.facts["personal"]["KAZ"]["owner"]
    assert facts["behind"] == [{"bank": "KAZ/special", "released": False, "rule": "kaz.stopped"}]
    past = list(read_past(country.entries(), lambda _: facts))
    assert replay(Policy.load(POLICY, "kaz"), past) == []


async def test_hidden_bank_that_is_stopped_while_it_searches_gives_nothing(country, equip):
    stops = StopList(country.node._parts.federation, "KAZ")

    class Stopped(Register):
        async def search(self, probe, limits):
            stop(stops, "bank=KAZ/special")
            return await super().search(probe, limits)

    equip(stops=stops, hidden=hide(Stopped(Result((make_record("S1", "Рустам Каримов"),)))))
    assert [hit.record.reference for hit in (await country.ask()).hits] == ["R1"]


async def test_hidden_bank_that_is_late_costs_the_visible_one_nothing(country, equip):
    for seconds in (1.0, 20.0):  # half of it is left: a busy machine is given more
        equip(hidden=hide(Register(hangs=True), seconds))
        answer = await country.ask(call=country.call(seconds=seconds))
        if answer.state == model.BANK_STATE_ANSWERED:
            break
    assert answer.state == model.BANK_STATE_ANSWERED
    assert [hit.record.reference for hit in answer.hits] == ["R1"]


async def test_hit_of_a_hidden_bank_is_dated_as_those_of_the_visible_one_are(country, equip):
    secret = replace(make_record("S1", "Рустам Каримов"), as_of=country.clock.now())
    equip(hidden=hide(Register(Result((secret,)))))
    of_bank, of_secret = (model.Record().as_of_time for _ in "ab")
    of_bank.FromDatetime(AS_OF)
    of_secret.FromDatetime(country.clock.now())
    (_, hit) = (await country.ask()).hits
    assert hit.record.as_of_time == of_bank
    country.register.result = Result((replace(make_record("R1", "Рустам Каримов"), as_of=AS_OF),))
    (_, hit) = (await country.ask(country.desk.compose(nonce=b"\x02" * 16))).hits
    assert hit.record.as_of_time == of_secret
    country.register.result = Result(())
    (hit,) = (await country.ask(country.desk.compose(nonce=b"\x03" * 16))).hits
    assert hit.record.as_of_time == of_secret
