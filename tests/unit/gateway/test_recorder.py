from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.access.certificates import Peer
from gateway.access.errors import TokenExpiredError
from gateway.errors import MalformedError, OversizedError, PolicyRefusedError
from gateway.ledger.custody import Custodian
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.ledger.seal import Sealer, key_id_of
from gateway.recorder import PERSONAL, Recorder

SEARCH = {"search_id": "0" * 32, "who": "officer"}


@pytest.fixture
def peer(clock):
    der = b"a certificate"
    expires = clock.now() + timedelta(days=1)
    return Peer("f", "client", "KAZ", "officer", der, hashlib.sha256(der).digest(), expires)


@pytest.fixture
async def ledger(tmp_path, clock):
    ledger = await Ledger.open(tmp_path / "ledger", clock)
    yield ledger
    await ledger.close()


@pytest.fixture
def recorder(ledger, clock):
    return Recorder(ledger, Side.NODE, "KAZ", clock)


@pytest.fixture
def entries(tmp_path):
    return lambda: [entry for _, entry in read_entries(tmp_path / "ledger")]


async def test_entry_is_written_in_the_name_of_its_ledger(recorder, entries, clock):
    assert await recorder.write(Kind.INTENT, SEARCH) == 0
    (entry,) = entries()
    assert (entry.kind, entry.side, entry.member) == (Kind.INTENT, Side.NODE, "KAZ")
    assert (entry.time, entry.who) == (clock.now(), "officer")


async def test_several_are_written_in_their_order(recorder, entries):
    assert await recorder.write_all(Kind.OUTCOME, [{**SEARCH, "count": n} for n in range(3)]) == 2
    assert [entry.count for entry in entries()] == [0, 1, 2]


async def test_end_of_a_search_is_one_entry(recorder, entries):
    await recorder.write_probes(Kind.OUTCOME, SEARCH, [4])
    (entry,) = entries()
    assert (entry.count, entry.probe_index) == (4, None)


async def test_end_of_a_batch_is_one_entry_for_each_probe(recorder, entries):
    assert await recorder.write_probes(Kind.OUTCOME, SEARCH, [4, 0, 1]) == 2
    assert [(e.probe_index, e.count) for e in entries()] == [(0, 4), (1, 0), (2, 1)]


@pytest.mark.parametrize(
    ("error", "recorded"),
    [
        (MalformedError("x"), (Kind.MALFORMED, "MALFORMED", "")),
        (OversizedError("x"), (Kind.OVERSIZED, "OVERSIZED", "")),
        (TokenExpiredError("x"), (Kind.REFUSAL, "TOKEN_EXPIRED", "")),
        (PolicyRefusedError("x", rule="kaz.a"), (Kind.REFUSAL, "POLICY_REFUSED", "kaz.a")),
        (RuntimeError("SELECT secret"), (Kind.REFUSAL, "INTERNAL", "")),
    ],
)
async def test_refusal_is_recorded_by_its_reason(recorder, entries, peer, error, recorded):
    await recorder.refused("/a/b", peer, SEARCH, error)
    (entry,) = entries()
    assert (entry.kind, entry.reason, entry.rule) == recorded
    assert entry.method == "/a/b"
    assert entry.certificate_sha256 == peer.sha256.hex()
    assert entry.search_id == SEARCH["search_id"]
    assert "secret" not in repr(entry)


@pytest.mark.parametrize(
    ("method", "facts"),
    [("/a/b", {"who": "a\x00b"}), ("/a/b", {"targets": ("x" * 129,)}), ("/" + "x" * 300, {})],
)
async def test_fact_that_cannot_be_written_does_not_hide_the_refusal(
    recorder, entries, peer, method, facts
):
    await recorder.refused(method, peer, facts, TokenExpiredError("x"))
    (entry,) = entries()
    assert (entry.kind, entry.reason, entry.method) == (
        Kind.REFUSAL,
        "TOKEN_EXPIRED",
        method[:128],
    )


async def test_caller_that_went_away_is_recorded(recorder, entries):
    await recorder.cancelled("/a/b", SEARCH)
    (entry,) = entries()
    assert (entry.kind, entry.reason, entry.who) == (Kind.CANCELLED, "CANCELLED", "officer")


async def test_nothing_is_written_to_a_broken_ledger(recorder, ledger, peer):
    await ledger.close()
    for write in (
        recorder.write(Kind.INTENT, SEARCH),
        recorder.write_probes(Kind.OUTCOME, SEARCH, [0, 1]),
        recorder.refused("/a/b", peer, SEARCH, TokenExpiredError("x")),
        recorder.cancelled("/a/b", SEARCH),
    ):
        with pytest.raises(LedgerUnavailableError):
            await write


async def test_what_is_personal_is_sealed_and_its_key_is_an_entry_before(
    ledger, entries, clock, tmp_path
):
    private = generate_private_key(SECP256R1())
    custody = {"KAZ": (Custodian("anna", private.public_key()),)}
    sealer = Sealer(tmp_path, custody, clock)
    recorder = Recorder(ledger, Side.NODE, "KAZ", clock, sealer)
    personal = {"KAZ": {"case": "A-17"}, "TUR": {"case": "A-17"}}
    for kind in (Kind.INTENT, Kind.OUTCOME):
        await recorder.write(kind, {**SEARCH, PERSONAL: personal})
    made, intent, outcome = entries()
    assert (made.kind, made.action, made.authority) == (Kind.KEY, "made", "KAZ")
    assert made.key_id == key_id_of(intent.sealed["KAZ"]) == key_id_of(outcome.sealed["KAZ"])
    assert set(intent.sealed) == {"KAZ"}  # nobody of TUR could open it, so it is not kept


async def test_without_a_sealer_nothing_personal_is_kept(recorder, entries):
    await recorder.write(Kind.INTENT, {**SEARCH, PERSONAL: {"KAZ": {"case": "A-17"}}})
    (entry,) = entries()
    assert not entry.sealed
    assert b"A-17" not in entry.encode()


async def test_batch_is_sealed_once(ledger, entries, clock, tmp_path):
    private = generate_private_key(SECP256R1())
    custody = {"KAZ": (Custodian("anna", private.public_key()),)}
    recorder = Recorder(ledger, Side.NODE, "KAZ", clock, Sealer(tmp_path, custody, clock))
    await recorder.write_probes(Kind.OUTCOME, {**SEARCH, PERSONAL: {"KAZ": {"a": 1}}}, [1, 0, 2])
    outcomes = [entry for entry in entries() if entry.kind is Kind.OUTCOME]
    assert [bool(entry.sealed) for entry in outcomes] == [True, False, False]
