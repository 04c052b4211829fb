"""Withheld equals absent: the same question where a record is hidden and where there is none.

The bytes that leave a node with a hidden record, with a hidden bank that has none, with one that
is away, and without a hidden bank at all are compared, under a clock that stands still. What an
answer is filled up with is random in each.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from google.protobuf.duration_pb2 import Duration

from adapters.contract import BankFaultError, Handling, Result, Tlp
from gateway.access.policy import Policy, Texts
from gateway.access.signatures import verify_answer
from gateway.ledger.kinds import Kind
from gateway.node.bank import Bank, Titles
from gateway.node.controls import Controls
from gateway.node.hidden import Hidden
from gateway.node.node import Node
from gateway.probe import person
from kalkan.v1 import model_pb2 as model
from tests.kit.signed import key_of
from tests.unit.gateway.conftest import certificates  # noqa: F401 - a fixture
from tests.unit.gateway.node.conftest import BANK, POLICY, Register, country, make_record  # noqa: F401 - a fixture among them

PAIRS = 200
"""Pairs of a hidden record and none; the bench takes many more, and times."""
RELEASE_PAIRS = 1_000
RELEASE = """
@id("kaz.release.red")
forbid (principal, action, resource is Kalkan::Record)
when { resource.tlp == Kalkan::Tlp::"red" };

@id("kaz.release.rest")
permit (principal, action, resource);
"""
WITHHOLDS = (
    POLICY
    + """
@id("kaz.special")
@text("Not here.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource == Kalkan::Bank::"KAZ/special");
"""
)
NAMES = ("Рустам Каримов", "Rustam Karimov", "Айгүл Серікова", "X Æ", "محمد رضا")
GRANULARITIES = (
    model.GRANULARITY_EXISTS,
    model.GRANULARITY_COUNT,
    model.GRANULARITY_REFERENCE,
    model.GRANULARITY_RECORD,
)


@pytest.fixture
def parts(country):  # noqa: F811 - pytest takes the fixture by its name
    return replace(country.node._parts, policy=Policy.load(WITHHOLDS, "kaz"))


def node_with(parts, register=None):
    """A node whose bank has another behind it, that the policy shows to nobody, or has none."""
    hidden = {}
    if register is not None:
        bank = Bank("KAZ/special", register, Titles("", "", "", ""), ThreadPoolExecutor(1))
        hidden = {BANK: (Hidden(bank, 30.0),)}
    return Node(replace(parts, controls=Controls(hidden=hidden, grid_s={BANK: 0.001})))


def compose(country, number):  # noqa: F811 - the fixture's value
    name = NAMES[number % len(NAMES)]
    return country.desk.compose(
        nonce=number.to_bytes(16, "big"),
        probes=[person(name, birth="1984-05-01")],
        granularity=GRANULARITIES[number % len(GRANULARITIES)],
        deadline=Duration(seconds=30),
    )


async def ask(country, node, query):  # noqa: F811 - the fixture's value
    """Ask, and return the answer as it left, without what it was filled up with, and its size."""
    request = country.request(query)
    response = await node.search(request, country.call())
    verify_answer(response.answer, response.signature, (key_of("KAZ").public_key,))
    answer = model.Answer.FromString(response.answer)
    assert answer.query_sha256 == hashlib.sha256(request.query).digest()
    assert len(response.answer) in {1_024, 2_048, 4_096}
    assert len(answer.padding) >= 16
    answer.ClearField("padding")
    return answer, len(response.answer)


def told(entry):
    """What an entry says, but for the digest of an answer with something random in it."""
    return {n: getattr(entry, n) for n in entry.__slots__ if n != "answer_sha256"}


async def test_hidden_and_absent_are_the_same(country, parts):  # noqa: F811 - a fixture
    country.register.result = Result(())
    for number in range(PAIRS):
        record = make_record(f"S{number}", NAMES[number % len(NAMES)])
        query = compose(country, number)
        nodes = [
            node_with(parts, Register(Result((record,) * (1 + number % 30)))),
            node_with(parts, Register(Result(()))),
            node_with(parts),
            node_with(parts, Register(error=BankFaultError("away"))),
        ]
        answers = [await ask(country, node, query) for node in nodes]
        assert len({(answer.SerializeToString(), size) for answer, size in answers}) == 1
    outcomes = [told(entry) for entry in country.entries() if entry.kind is Kind.OUTCOME]
    assert len(outcomes) == 4 * PAIRS
    for n in range(0, len(outcomes), 4):
        assert all(outcome == outcomes[n] for outcome in outcomes[n : n + 4])


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_withheld_record_and_none_are_the_same(country, parts):  # noqa: F811 - a fixture
    """By rules for records: among others that are released, and alone."""
    parts.policy = Policy.build(Texts(POLICY, RELEASE), "kaz")
    node = node_with(parts)
    shown = country.register.result.records
    for number in range(RELEASE_PAIRS):
        others = shown if number % 2 else ()
        secret = replace(make_record(f"S{number}", NAMES[number % 3]), handling=Handling(Tlp.RED))
        query = compose(country, number)
        answers = []
        for records in ((*others, *(secret,) * (1 + number % 3)), others):
            country.register.result = Result(records)
            answers.append(await ask(country, node, query))
        assert len({(answer.SerializeToString(), size) for answer, size in answers}) == 1
    outcomes = [told(entry) for entry in country.entries() if entry.kind is Kind.OUTCOME]
    assert len(outcomes) == 2 * RELEASE_PAIRS
    assert all(outcomes[n] == outcomes[n + 1] for n in range(0, len(outcomes), 2))
    assert {outcome["states"][0].state for outcome in outcomes} == {"answered", "no_hit"}


async def test_the_hidden_record_was_there_to_be_found(country, parts):  # noqa: F811 - a fixture
    """Without the rule that withholds it the same record is a hit: so the test above can fail."""
    country.register.result = Result(())
    shown = replace(parts, policy=Policy.load(POLICY, "kaz"))
    node = node_with(shown, Register(Result((make_record("S1", NAMES[0]),))))
    answer, _ = await ask(country, node, compose(country, 3 * len(NAMES) + 0))
    assert answer.state == model.BANK_STATE_ANSWERED
    assert [hit.record.reference for hit in answer.hits] == ["S1"]


async def test_no_byte_names_a_hidden_bank(country, parts):  # noqa: F811 - a fixture
    node = node_with(parts, Register(Result((make_record("S1", NAMES[0]),))))
    described = await node.describe(None, country.call())
    answer, _ = await ask(country, node, compose(country, 0))
    for data in (described.SerializeToString(), answer.SerializeToString()):
        assert b"special" not in data
    assert "special" not in repr(country.entries())
