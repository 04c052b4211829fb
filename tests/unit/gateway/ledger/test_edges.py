"""Each at its very edge: the last number, the mode of a folder, what is gone already."""

from __future__ import annotations

import json
import stat
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.backup import back_up, put_back
from gateway.ledger.blobs import BlobFolder
from gateway.ledger.custody import (
    Custodian,
    KeyFolder,
    make_key,
    read_wrapped,
    wrap_key,
    write_base64,
)
from gateway.ledger.disk import Disk
from gateway.ledger.entry import BankOutcome, Entry, Side
from gateway.ledger.errors import (
    EntryRejectedError,
    KeyUnavailableError,
    NoteRejectedError,
    ProofRejectedError,
)
from gateway.ledger.filter import Filter
from gateway.ledger.flusher import Limits
from gateway.ledger.kinds import Kind
from gateway.ledger.log import Ledger
from gateway.ledger.mark import Mark
from gateway.ledger.recovery import recover
from gateway.ledger.retention import find_keys, remove_keys
from gateway.ledger.seal import Place, Sealer, unseal
from gateway.ledger.segments import segment_path
from gateway.ledger.statistics import BankCount, Month, Statistics
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.hashing import hash_leaf
from gateway.ledger.tlog.lines import read_decimal
from gateway.ledger.tlog.merkle import Tree, consistency_path, verify_inclusion
from gateway.ledger.tlog.proof import Proof
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.verify.proof import check_entry
from gateway.ledger.witness.state import Fault, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTODY = {"KAZ": [Custodian("anna", generate_private_key(SECP256R1()).public_key())]}
SIGNER = Signer("kalkan.example/test/HUB", Ed25519PrivateKey.generate())


def test_part_that_is_gone_already_is_removed_without_an_error(tmp_path):
    blobs = BlobFolder(tmp_path)
    name = blobs.store(b"a large part").removeprefix("blob:")
    blobs.remove(name)
    blobs.remove(name)
    assert list((tmp_path / "blobs").iterdir()) == []


async def test_what_is_put_back_is_for_its_owner_alone(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path / "ledger", clock, signer=SIGNER)
    try:
        await ledger.covered(await ledger.append(make_entry()))
    finally:
        await ledger.close()
    back_up(tmp_path / "ledger", SIGNER.vkey, tmp_path / "copy")
    (tmp_path / "copy").chmod(0o755)
    put_back(tmp_path / "copy", tmp_path / "ledger", SIGNER.vkey)
    assert stat.S_IMODE((tmp_path / "ledger").stat().st_mode) == 0o700


async def test_copy_has_the_keys_and_the_large_parts_too(tmp_path, clock, make_entry):
    folder, copy = tmp_path / "ledger", tmp_path / "copy"
    ledger = await Ledger.open(folder, clock, signer=SIGNER)
    try:
        sealer = Sealer(folder, CUSTODY, clock)
        entry = make_entry(0, Kind.INTENT)
        sealed = sealer.seal("KAZ", {"name": "x" * 9_000}, Place.of(entry))
        await ledger.covered(await ledger.append(replace(entry, sealed={"KAZ": sealed})))
    finally:
        await ledger.close()
    back_up(folder, SIGNER.vkey, copy)
    beside = [
        path.relative_to(folder) for path in (*folder.glob("keys/*"), *folder.glob("blobs/*"))
    ]
    assert [path.parts[0] for path in beside] == ["keys", "blobs"]
    assert [(copy / path).read_bytes() for path in beside] == [
        (folder / path).read_bytes() for path in beside
    ]


@pytest.mark.parametrize("rule", ["x", "kaz.open"])
def test_entry_without_a_rule_is_found_by_none(rule):
    stored = {"search_id": "a", "time": "2026", "states": [{"bank": "KAZ/a", "state": "no_hit"}]}
    assert not Filter(rule=rule).keeps(stored)
    assert Filter().keeps(stored)


def test_number_is_as_large_as_it_may_be_and_no_larger():
    assert read_decimal(str(2**63 - 1)) == 2**63 - 1
    with pytest.raises(NoteRejectedError):
        read_decimal(str(2**63))


@pytest.mark.parametrize("old", [-1, 5])
def test_tree_continues_none_that_cannot_be(old):
    with pytest.raises(ValueError, match="does not continue"):
        consistency_path(old, 4, lambda *_: bytes(32))


@pytest.mark.parametrize("index", [-1, 1])
def test_tree_has_no_entry_before_the_first_and_after_the_last(index):
    leaf = hash_leaf(b"entry")
    verify_inclusion(leaf, 0, (), Tree(1, leaf))
    with pytest.raises(ProofRejectedError, match="no such entry"):
        verify_inclusion(leaf, index, (), Tree(1, leaf))


def test_proof_is_as_large_as_it_may_be_and_no_larger():
    leaf = hash_leaf(b"entry")
    note = SIGNER.sign(str(Checkpoint(SIGNER.vkey.name, 1, leaf))).encode()
    proof = Proof(0, (), note, b"").encode()
    room = (1 << 20) - len(proof) - len(b"extra \n")
    most = proof.replace(b"index", b"extra " + b"A" * room + b"\nindex", 1)
    assert check_entry(b"entry", most, SIGNER.vkey).size == 1
    with pytest.raises(NoteRejectedError):
        check_entry(b"entry", most.replace(b"A", b"AA", 1), SIGNER.vkey)


def test_a_witness_answers_in_the_words_of_the_standard():
    assert {verdict.name: int(verdict) for verdict in Verdict} == {
        "COSIGNED": 200,
        "MALFORMED": 400,
        "UNSIGNED": 403,
        "UNKNOWN": 404,
        "CONFLICT": 409,
        "INCONSISTENT": 422,
    }
    assert [str(fault) for fault in Fault] == ["log_forked", "log_rolled_back", "log_inconsistent"]


def test_entry_of_little_stores_little(clock):
    entry = Entry(kind=Kind.ADMIN, time=clock.now(), side=Side.HUB, member="KAZ")
    assert entry.as_json() == {
        "kind": "ADMIN",
        "time": "2026-11-21T08:00:00.000000Z",
        "side": "hub",
        "member": "KAZ",
        "version": 1,
    }
    assert {name: getattr(entry, name) for name in TEXTS} == dict.fromkeys(TEXTS, "")


TEXTS = (
    "search_id", "query_sha256", "nonce", "answer_sha256", "who", "requester_member", "token_id",
    "certificate_sha256", "unit", "purpose", "person_category", "aim", "granularity", "probe",
    "reason", "rule", "shadow_rule", "shadow_granularity", "policy_epoch", "policy_sha256",
    "method", "action", "authority", "period", "key_id", "key_sha256",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *((name, "f" * 63) for name in TEXTS if name.endswith("sha256")),
        *((name, "f" * 31) for name in ("search_id", "nonce")),
        *((name, "a") for name in ("roles", "has", "probe_fields", "targets", "banks", "states")),
        *((name, "a") for name in ("versions", "sealed")),
        *((name, "1") for name in ("count", "batch", "probe_index", "size_bytes", "elapsed_ms")),
        *((name, "1") for name in ("version", "kind", "side", "time")),
        ("member", ""),
    ],
)
def test_text_in_the_place_of_another_value_is_refused(make_entry, name, wrong):
    with pytest.raises(EntryRejectedError, match=name):
        make_entry(**{name: wrong})


def test_end_of_a_bank_of_little_stores_little():
    end = BankOutcome(bank="KAZ/persons", state="no_hit")
    told = {field.name: getattr(end, field.name) for field in fields(end)}
    assert told == {
        "bank": "KAZ/persons", "state": "no_hit", "hits": 0, "elapsed_ms": 0, "rule": "",
        "truncated": False, "answer_sha256": "", "granularity": "", "policy_epoch": "",
    }  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Filter)])
def test_filter_asks_for_nothing_by_itself(name):
    assert not getattr(Filter(), name)
    assert Filter().names == ()


def test_median_and_slow_end_of_a_bank_are_its_50th_and_95th_centile():
    bank = BankCount()
    bank.times_ms.extend(range(101))
    assert bank.quantiles_ms == (50, 95)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bank", ""), ("state", ""), ("hits", -1), ("elapsed_ms", -1), ("rule", "\n"),
        ("truncated", 1), ("answer_sha256", "a"), ("granularity", "\n"), ("policy_epoch", "\n"),
    ],
)  # fmt: skip
def test_end_of_a_bank_that_does_not_hold_is_told_by_its_field(name, wrong):
    with pytest.raises(EntryRejectedError, match=rf"^states\.{name}: "):
        BankOutcome(**{"bank": "KAZ/persons", "state": "no_hit", name: wrong})


@pytest.mark.parametrize(
    ("states", "incomplete"),
    [
        (("answered",), 0), (("answered", "timed_out"), 1), (("no_hit", "withheld"), 0),
        (("unavailable", "faulty"), 1), ((), 0),
    ],
)  # fmt: skip
def test_search_with_a_gap_is_incomplete_once(make_entry, states, incomplete):
    statistics = Statistics(Month(2026, 11))
    ends = tuple(BankOutcome(bank=f"KAZ/{n}", state=state) for n, state in enumerate(states))
    statistics.add(make_entry(0, Kind.OUTCOME, states=ends))
    assert (statistics.searches, statistics.incomplete) == (1, incomplete)


def test_mark_is_sixteen_bytes(tmp_path):
    mark = Mark(tmp_path, Disk())
    mark.write(7)
    mark.close()
    body = b"KLM1" + (7).to_bytes(8)
    assert (tmp_path / "mark").read_bytes() == body + crc32(body).to_bytes(4)


def test_wrapped_key_is_as_large_as_it_may_be_and_in_one_order():
    data = wrap_key(make_key("KAZ", "2026-11"), CUSTODY["KAZ"])
    assert list(json.loads(data)) == ["authority", "id", "period", "wrapped"]
    assert read_wrapped(data.ljust(65_536)) == json.loads(data)
    with pytest.raises(KeyUnavailableError, match="not a wrapped key"):
        read_wrapped(data.ljust(65_537))


@pytest.mark.parametrize("length", [0, 20])
def test_text_that_is_too_short_is_no_sealed_part(length):
    key, place = make_key("KAZ", "2026-11"), Place("hub", "HUB", "INTENT", "ab" * 16)
    with pytest.raises(KeyUnavailableError, match="no sealed part"):
        unseal(write_base64(bytes(length)), key, place)


def test_part_is_bound_to_its_place_word_by_word():
    bound = Place("hub", "HUB", "INTENT", "ab" * 16).bind("KAZ")
    assert bound == b"kalkan sealed part\nhub\nHUB\nINTENT\n" + b"ab" * 16 + b"\nKAZ"


async def test_held_search_holds_the_keys_of_its_own_parts(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    sealers = [Sealer(tmp_path, CUSTODY, clock) for _ in range(2)]
    try:
        for number, sealer in enumerate(sealers):
            entry = make_entry(number, Kind.INTENT)
            sealed = sealer.seal("KAZ", {"name": "x"}, Place.of(entry))
            await ledger.append(replace(entry, sealed={"KAZ": sealed}))
        await ledger.append(make_entry(2))
    finally:
        await ledger.close()
    first, second = (made.key_id for sealer in sealers for made in sealer.take_made())
    numbers = [f"{number:032x}" for number in range(3)]
    assert find_keys(tmp_path, frozenset(numbers[:1])) == {first}
    assert find_keys(tmp_path, frozenset(numbers)) == {first, second}
    assert find_keys(tmp_path, frozenset(numbers[2:])) == set()


def test_stray_file_keeps_no_part_from_being_destroyed(tmp_path, clock):
    sealer = Sealer(tmp_path, CUSTODY, clock)
    sealer.seal("KAZ", {"name": "x" * 9_000}, Place("hub", "HUB", "INTENT", "ab" * 16))
    (tmp_path / "blobs" / "!first").write_text("not one of ours")
    remove_keys(tmp_path, list(KeyFolder(tmp_path).present()))
    assert [path.name for path in (tmp_path / "blobs").iterdir()] == ["!first"]


async def test_closed_ledger_keeps_no_file_open(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock, limits=Limits(segment_bytes=500))
    for number in range(9):
        await ledger.append(make_entry(number))
    await ledger.close()
    assert list(open_in(tmp_path)) == []


@pytest.mark.parametrize(("side", "open_banks"), [(Side.NODE, ["KAZ/b"]), (Side.HUB, [])])
async def test_end_of_one_bank_of_a_node_ends_no_other(
    tmp_path, clock, make_entry, side, open_banks
):
    ledger = await Ledger.open(tmp_path, clock)
    for kind, bank in ((Kind.INTENT, "a"), (Kind.INTENT, "b"), (Kind.OUTCOME, "a")):
        await ledger.append(make_entry(0, kind, side=side, banks=(f"KAZ/{bank}",)))
    await ledger.close()
    orphans = recover(tmp_path, Disk()).orphans
    assert [bank for entry in orphans for bank in entry.banks] == open_banks


async def test_recovered_ledger_keeps_no_file_open(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.append(make_entry())
    await ledger.close()
    with segment_path(tmp_path, 0).open("ab") as file:
        file.write(b"torn")
    recovered = recover(tmp_path, Disk())
    assert recovered.torn is not None
    assert list(open_in(tmp_path)) == []


def open_in(folder: Path) -> Iterator[Path]:
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one by which the handles are listed
            if handle.readlink().is_relative_to(folder):
                yield handle.readlink()
