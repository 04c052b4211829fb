"""A hub that was broken into lies to clients. Whatever it changes, `gateway.client` catches it.

The hub has its real certificate and receipt key, and true answers of real nodes to begin with. What
it can do to nodes is in test_broken_hub_nodes.py; what it can still do is in docs/security.md.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.access.signatures import Domain, SigningKey
from gateway.client import Ended
from gateway.errors import UntrustedError
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.broken_hub import BrokenHub, Events
from tests.kit.world import ask, build_world

Bend = Callable[[BrokenHub, Events], Events]
ATTACKS: dict[str, Bend] = {}
STRANGER = SigningKey.generate(kid="hub-receipt")


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    for member in world.token_keys:
        await world.start_node(member)
    yield world
    await world.stop()


def attack(name: str, *, seals: bool = True) -> Callable:
    """Add an attack: it changes the events in place; `seals` writes a receipt that fits them."""

    def add(change: Callable[[BrokenHub, Events], Events | None]) -> Callable:
        def bend(hub: BrokenHub, events: Events) -> Events:
            bent = change(hub, events) or events
            if seals and bent[-1].HasField("ended"):
                bent[-1] = hub.end(hub.seen[-1][0], bent)
            return bent

        ATTACKS[name] = bend
        return change

    return add


def end_of(events: Events, bank: str) -> wire.BankEnded:
    return next(event.bank_ended for event in events if event.bank_ended.bank == bank)


def rewrite(events: Events, change: Callable[[model.Answer], object]) -> None:
    """Change the answer of KAZ, and leave the signature that was over the true one."""
    end = end_of(events, "KAZ/persons")
    answer = model.Answer.FromString(end.answer)
    change(answer)
    end.answer = answer.SerializeToString()


@attack("drops a hit")
def _(hub, events):
    rewrite(events, lambda answer: answer.hits.pop())


@attack("alters a hit")
def _(hub, events):
    rewrite(events, lambda answer: setattr(answer.hits[0].record, "reference", "R-OTHER"))


@attack("adds a hit")
def _(hub, events):
    rewrite(events, lambda answer: answer.hits.append(answer.hits[0]))


@attack("strips the labels of a record")
def _(hub, events):
    rewrite(events, lambda answer: answer.hits[0].record.ClearField("handling"))


@attack("weakens the label of a field")
def _(hub, events):
    rewrite(
        events,
        lambda answer: setattr(answer.hits[0].record.fields[0].handling, "tlp", model.TLP_CLEAR),
    )


@attack("strips a warning or an action")
def _(hub, events):
    rewrite(events, lambda answer: answer.hits[0].record.ClearField("contact"))


@attack("adds a byte to an answer")
def _(hub, events):
    end_of(events, "KAZ/persons").answer += b"\x40\x01"


@attack("signs an answer itself")
def _(hub, events):
    rewrite(events, lambda answer: answer.hits.pop())
    end = end_of(events, "KAZ/persons")
    end.answer_signature = hub.receipt_key.sign(Domain.ANSWER, end.answer)


@attack("signs an answer with a key of the node's name")
def _(hub, events):
    rewrite(events, lambda answer: answer.hits.pop())
    end = end_of(events, "KAZ/persons")
    end.answer_signature = SigningKey.generate(kid="KAZ-answer").sign(Domain.ANSWER, end.answer)


@attack("strips a signature")
def _(hub, events):
    end_of(events, "KAZ/persons").answer_signature = ""


@attack("swaps the answers of two banks")
def _(hub, events):
    one, other = end_of(events, "KAZ/persons"), end_of(events, "TUR/persons")
    one.answer, other.answer = other.answer, one.answer
    one.answer_signature, other.answer_signature = other.answer_signature, one.answer_signature


@attack("gives one bank's answer as another's too")
def _(hub, events):
    one, other = end_of(events, "KAZ/persons"), end_of(events, "TUR/persons")
    other.answer, other.answer_signature = one.answer, one.answer_signature


@attack("replays the answer to an older question")
def _(hub, events):
    old = end_of(hub.seen[0][1], "KAZ/persons")
    end_of(events, "KAZ/persons").CopyFrom(old)


@attack("says no hit beside an answer with hits")
def _(hub, events):
    end_of(events, "KAZ/persons").state = model.BANK_STATE_NO_HIT


@attack("says no hit in the place of an answer")
def _(hub, events):
    end = end_of(events, "KAZ/persons")
    end.CopyFrom(wire.BankEnded(bank=end.bank, state=model.BANK_STATE_NO_HIT))


@attack("says answered without an answer")
def _(hub, events):
    end = end_of(events, "KAZ/persons")
    end.CopyFrom(wire.BankEnded(bank=end.bank, state=model.BANK_STATE_ANSWERED))


@attack("says that a bank was not asked")
def _(hub, events):
    end = end_of(events, "KAZ/persons")
    end.CopyFrom(wire.BankEnded(bank=end.bank, state=model.BANK_STATE_NOT_ASKED))


@attack("says a state that does not exist")
def _(hub, events):
    end = end_of(events, "KAZ/persons")
    end.CopyFrom(wire.BankEnded(bank=end.bank, state=99))


def without(events: Events, bank: str) -> Events:
    """The events without a bank, in which its hits are in no group."""
    kept = [event for event in events if event.bank_ended.bank != bank]
    for event in kept:
        if event.HasField("groups"):
            groups = event.groups.groups
            for group in list(groups):
                others = [ref for ref in group.hits if ref.bank != bank]
                del group.hits[:]
                group.hits.extend(others)
                if not others:
                    groups.remove(group)
    return kept


@attack("leaves a bank out")
def _(hub, events):
    kept = without(events, "KAZ/persons")
    kept[0].accepted.asked.remove("KAZ/persons")
    return kept


@attack("leaves a bank out that it said it asks")
def _(hub, events):
    return without(events, "KAZ/persons")


@attack("lets a bank end twice")
def _(hub, events):
    return [*events[:2], events[1], *events[2:]]


@attack("adds a bank that is none of the targets")
def _(hub, events):
    extra = wire.BankEnded(bank="UZB/persons", state=model.BANK_STATE_TIMED_OUT)
    return [events[0], wire.SearchEvent(bank_ended=extra), *events[1:]]


@attack("leaves a bank out of the receipt", seals=False)
def _(hub, events):
    events[-1] = hub.end(hub.seen[-1][0], without(events, "KAZ/persons"))


@attack("says in the receipt that a bank did not answer", seals=False)
def _(hub, events):
    receipt = wire.Receipt.FromString(events[-1].ended.receipt)
    receipt.coverage[0].state = model.BANK_STATE_TIMED_OUT
    events[-1] = hub.seal(receipt)


@attack("says in the receipt that a bank was not asked", seals=False)
def _(hub, events):
    receipt = wire.Receipt.FromString(events[-1].ended.receipt)
    receipt.coverage[0].state = model.BANK_STATE_NOT_ASKED
    events[-1] = hub.seal(receipt)


@attack("puts another answer into the receipt", seals=False)
def _(hub, events):
    receipt = wire.Receipt.FromString(events[-1].ended.receipt)
    receipt.coverage[0].answer_sha256 = b"\x01" * 32
    events[-1] = hub.seal(receipt)


@attack("says incomplete where all have searched", seals=False)
def _(hub, events):
    events[-1] = hub.end(hub.seen[-1][0], events, complete=False)


@attack("says complete where a bank is missing", seals=False)
def _(hub, events):
    end = end_of(events, "GEO/persons")
    end.CopyFrom(wire.BankEnded(bank=end.bank, state=model.BANK_STATE_TIMED_OUT))
    kept = without(events, "GEO/persons")
    bent = [kept[0], wire.SearchEvent(bank_ended=end), *kept[1:]]
    bent[-1] = hub.end(hub.seen[-1][0], bent, complete=True)
    return bent


@attack("gives the receipt of an older search", seals=False)
def _(hub, events):
    events[-1] = hub.seen[0][1][-1]


@attack("gives a receipt that a stranger signed", seals=False)
def _(hub, events):
    receipt = wire.Receipt.FromString(events[-1].ended.receipt)
    events[-1] = hub.seal(receipt, STRANGER)


@attack("gives no receipt", seals=False)
def _(hub, events):
    return events[:-1]


@attack("ends before any bank", seals=False)
def _(hub, events):
    return [events[0], wire.SearchEvent(groups=wire.Groups()), hub.end(hub.seen[-1][0], [])]


@attack("accepts another question")
def _(hub, events):
    events[0].accepted.search_id = "0" * 32


@attack("sends groups before the last bank")
def _(hub, events):
    return [*events[:3], events[4], events[3], events[5]]


@attack("sends no groups")
def _(hub, events):
    return [*events[:4], events[5]]


def first_group(events: Events) -> wire.Group:
    return events[-2].groups.groups[0]


@attack("weakens the handling codes of a group")
def _(hub, events):
    first_group(events).handling.tlp = model.TLP_CLEAR


@attack("drops the handling codes of a group")
def _(hub, events):
    first_group(events).ClearField("handling")


@attack("invents a warning")
def _(hub, events):
    first_group(events).warnings.append(model.WARNING_CONTAGIOUS)


@attack("raises the score of a group")
def _(hub, events):
    first_group(events).score += 0.001


@attack("leaves a hit out of the groups")
def _(hub, events):
    first_group(events).hits.pop()


@attack("puts a hit into two groups")
def _(hub, events):
    group = events[-2].groups.groups.add()
    group.CopyFrom(first_group(events))


def test_table_is_long_enough():
    assert len(ATTACKS) >= 40


async def search(hub: BrokenHub, bend: Bend, client) -> None:
    """Ask once honestly, so that the hub has something old, and once bent."""
    hub.bend = bend
    await client.search_once(ask())


async def test_the_hub_is_believed_while_it_tells_the_truth_and_caught_at_every_lie(world):
    caught = {}
    async with BrokenHub(world) as hub:
        client = await world.client()
        events = await client.search_once(ask("Айгүл Нұрланова"))
        assert isinstance(events[-1], Ended)
        truth = await client.search_once(ask())
        hits = [len(e.answer.hits) for e in truth[1:-2]]
        assert all(hits), "the attacks need hits of every bank"
        for name, bend in ATTACKS.items():
            with pytest.raises(UntrustedError) as lie:
                await search(hub, bend, client)
            caught[name] = lie.value.text
            assert "R-OTHER" not in lie.value.text
        hub.bend = lambda _, events: events
        assert isinstance((await client.search_once(ask()))[-1], Ended)
    assert caught.keys() == ATTACKS.keys()
