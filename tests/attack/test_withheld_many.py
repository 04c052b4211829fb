"""Withheld equals absent where a bank has more candidates than a node looks at.

The flag `truncated` and the places among the candidates must not tell of records that are withheld:
not one above the limit, and not a thousand. The banks are real ones: a memory bank that cuts off
where it is told to, and its names through the in-country index.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from google.protobuf.duration_pb2 import Duration

from adapters.banks.memory import Memory, MemoryAdapter
from adapters.contract import (
    Document,
    Field,
    FieldName,
    Handling,
    PersonName,
    Record,
    RecordKind,
    Tlp,
)
from gateway.access.policy import Policy, Texts
from gateway.ledger.kinds import Kind
from gateway.node.bank import CANDIDATES, Bank, Titles
from gateway.node.look import MOST_CANDIDATES
from gateway.node.node import Node
from gateway.probe import document, person
from kalkan.v1 import model_pb2 as model
from tests.unit.gateway.conftest import certificates  # noqa: F401 - a fixture
from tests.unit.gateway.node.conftest import BANK, POLICY, country  # noqa: F401 - a fixture

RELEASE = """
@id("kaz.release.red")
forbid (principal, action, resource is Kalkan::Record)
when { resource.tlp == Kalkan::Tlp::"red" };

@id("kaz.release.rest")
permit (principal, action, resource);
"""
FIELDS = (
    Field(FieldName.NAME, PersonName(full="Рустам Каримов")),
    Field(FieldName.DOCUMENT, Document("N10000001")),
)
SEEN = (0, 21, 19, 199, 199, 200, 200, 201, 201, 999, 999, 1_001, 1_300)
"""How many records may be released: about each limit on the way, by turns counted and shown."""
HIDDEN = (1, 50, MOST_CANDIDATES - CANDIDATES - 1)
"""Up to here the answer is that of a bank without them; above, that of a smaller bank."""
GRANULARITIES = (model.GRANULARITY_COUNT, model.GRANULARITY_REFERENCE)
PLACES = ("before", "among", "after")
PROBES = {"document": document(number="N10000001"), "person": person("Рустам Каримов")}


def records(count: int, tlp=Tlp.AMBER, place="among") -> list[Record]:
    """Records that all match, in an order that puts hidden ones before, among or after."""
    mark = {"before": "A", "among": "R", "after": "Z"}[place]
    suffix = "x" if tlp is Tlp.RED else ""
    return [
        Record(f"{mark}{n:05}{suffix}", RecordKind.WANTED, FIELDS, Handling(tlp))
        for n in range(count)
    ]


@pytest.fixture
def owner(country):  # noqa: F811 - pytest takes the fixture by its name
    country.node._parts.policy = Policy.build(Texts(POLICY, RELEASE), "kaz")
    return country


async def ask(owner, tmp_path, held, probe, granularity=model.GRANULARITY_REFERENCE):
    """Ask a node whose bank holds these; return its answer, its size, and its ledger's word."""
    with ThreadPoolExecutor(1) as workers:
        bank = Bank(BANK, MemoryAdapter(Memory(held)), Titles("", "", "", ""), workers)
        index = tmp_path / hashlib.sha256(repr([r.reference for r in held]).encode()).hexdigest()
        await bank.prepare(index, b"\x01" * 32)
        node = Node(replace(owner.node._parts, banks={BANK: bank}))
        how = {"granularity": granularity, "deadline": Duration(seconds=30)}
        query = owner.desk.compose(probes=[PROBES[probe]], **how)
        response = await node.search(owner.request(query), owner.call())
        await bank.close()
    answer = model.Answer.FromString(response.answer)
    answer.ClearField("padding")
    outcome = [e for e in owner.entries() if e.kind is Kind.OUTCOME][-1]
    told = {n: getattr(outcome, n) for n in outcome.__slots__ if n not in {"answer_sha256", "time"}}
    return answer.SerializeToString(), len(response.answer), told


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hidden", HIDDEN)
async def test_hidden_among_many_and_none_are_the_same(owner, tmp_path, hidden, place):
    for number, seen in enumerate(SEEN):
        granularity = GRANULARITIES[number % 2]
        held = records(seen)
        with_ = held + records(hidden, Tlp.RED, place)
        one = await ask(owner, tmp_path, with_, "document", granularity)
        assert one == await ask(owner, tmp_path, held, "document", granularity), seen


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seen", [150, 200, 201, 1_001])
async def test_names_through_the_index_are_the_same_too(owner, tmp_path, seen):
    held = records(seen)
    with_ = held + records(50, Tlp.RED)
    one = await ask(owner, tmp_path, with_, "person")
    assert one == await ask(owner, tmp_path, held, "person")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seen", [0, 150, 1_000])
async def test_more_hidden_ones_than_can_be_read_leave_no_sign(owner, tmp_path, seen, place):
    """Where the node cannot read on, its answer is that of a bank without the rest."""
    held = records(seen)
    with_ = held + records(MOST_CANDIDATES + 500, Tlp.RED, place)
    read = sorted(with_, key=lambda record: record.reference)[:MOST_CANDIDATES]
    left = [record for record in read if record.handling.tlp is not Tlp.RED]
    one = await ask(owner, tmp_path, with_, "document")
    assert one == await ask(owner, tmp_path, left, "document")


async def test_what_may_be_released_is_flagged_where_it_is_cut(owner, tmp_path):
    """So that the tests above can fail: the flag is there, and without the rule it is another."""
    count = model.GRANULARITY_COUNT
    for seen, flagged in ((CANDIDATES, False), (CANDIDATES + 1, True)):
        held = records(seen) + records(1, Tlp.RED, "after")
        answer, _, _ = await ask(owner, tmp_path, held, "document", count)
        assert model.Answer.FromString(answer).truncated == flagged
    owner.node._parts.policy = Policy.load(POLICY, "kaz")
    held = records(CANDIDATES) + records(1, Tlp.RED, "after")
    answer, _, _ = await ask(owner, tmp_path, held, "document", count)
    assert model.Answer.FromString(answer).truncated
