"""The methods over a real ledger; tests/integration/test_auditing.py runs them over the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from gateway.auditing.reader import Readers
from gateway.auditing.service import AuditMethods
from gateway.clock import ManualClock
from gateway.errors import FieldInvalidError, PolicyRefusedError
from gateway.ledger.custody import KeyFolder
from gateway.ledger.entry import parse_entry
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.ledger.seal import sealed_part
from gateway.recorder import Recorder
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.signed import make_federation


@pytest.fixture
async def parts(tmp_path):
    clock, federation = ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC)), make_federation()
    ledger = await Ledger.open(tmp_path, clock)
    recorder = Recorder(ledger, Side.HUB, "HUB", clock)
    methods = AuditMethods(Readers(federation, clock, owner="KAZ"), recorder, tmp_path)
    yield methods, recorder, Desk(federation, clock, roles=("auditor",))
    await ledger.close()


async def read(methods, desk, **request):
    stream = methods.list_entries(wire.ListEntriesRequest(**request), desk.call())
    return [(sent.index, parse_entry(sent.entry)) async for sent in stream]


async def test_access_is_recorded_before_anything_is_given(parts):
    methods, recorder, desk = parts
    await recorder.write(Kind.START, {})
    entries = await read(methods, desk)
    assert [(e.kind, e.action) for _, e in entries] == [("START", ""), ("ADMIN", "list_entries")]


@pytest.mark.parametrize("newest", [False, True])
async def test_entries_are_read_over_chunks_up_to_a_limit(parts, newest, monkeypatch):
    monkeypatch.setattr("gateway.auditing.service._CHUNK", 7)
    methods, recorder, desk = parts
    for number in range(50):
        await recorder.write(Kind.INTENT, {"search_id": f"{number % 2:032x}", "count": number})
    wanted = wire.EntryFilter(search_id=f"{1:032x}")
    entries = await read(methods, desk, filter=wanted, limit=20, newest_first=newest)
    odd = list(range(1, 50, 2))
    assert [index for index, _ in entries] == (odd[::-1] if newest else odd)[:20]


async def test_without_a_limit_a_hundred_are_given(parts):
    methods, recorder, desk = parts
    await recorder.write_all(Kind.START, [{}] * 120)
    assert len(await read(methods, desk)) == 100


async def list_with(methods, call, **request):
    """The numbers of the entries that a request gives, and the token after each."""
    stream = methods.list_entries(wire.ListEntriesRequest(**request), call)
    return [(sent.index, sent.next_page_token) async for sent in stream]


async def get(methods, call, index):
    response = await methods.get_entry(wire.GetEntryRequest(index=index), call)
    return parse_entry(response.entry)


async def test_member_reads_its_own_entries_and_its_own_keys_alone(house):
    await house.recorder.write(Kind.START, {})
    await house.search(1, "KAZ", name="x")  # 1 is the entry of the key, 2 the search
    await house.search(2, "TUR", name="y")
    assert [index for index, _ in await list_with(house.methods(), house.call("KAZ"))][:3] == [
        0,
        1,
        2,
    ]
    assert [index for index, _ in await list_with(house.methods(), house.call("TUR"))][:3] == [
        0,
        3,
        4,
    ]
    overseen = await list_with(house.methods(), house.call("GEO"))
    assert [index for index, _ in overseen] == list(range(8))  # with the three accesses
    named = await house.methods().list_keys(wire.ListKeysRequest(), house.call("TUR"))
    assert [key.authority for key in named.keys] == ["TUR"]
    assert not (await house.methods().list_keys(wire.ListKeysRequest(), house.call("GEO"))).keys


async def test_entry_of_another_member_looks_as_if_it_were_not_there(house):
    foreign = await house.search(1, "TUR", name="y")
    methods, told = house.methods(), set()
    for index in (foreign, 10**6):
        for read in (methods.get_entry, methods.get_part):
            request = wire.GetEntryRequest if read == methods.get_entry else wire.GetPartRequest
            with pytest.raises(FieldInvalidError) as caught:
                await read(request(index=index), house.call("KAZ", "auditor", "custodian"))
            told.add((caught.value.text, *caught.value.metadata.items()))
    assert len(told) == 1
    assert (await get(methods, house.call("TUR"), foreign)).count == 1
    assert (await get(methods, house.call("GEO"), foreign)).count == 1
    with pytest.raises(FieldInvalidError, match="index"):
        await get(methods, house.call("GEO"), 2**60)


@pytest.fixture
async def asked(house):
    """A call of each method that would be answered, with what its entry says."""
    index = await house.search(1, name="x")
    methods = house.methods()
    (key,) = (await methods.list_keys(wire.ListKeysRequest(), house.call())).keys
    return {
        "list_entries": lambda: list_with(methods, house.call()),
        "get_entry": lambda: get(methods, house.call(), index),
        "list_keys": lambda: methods.list_keys(wire.ListKeysRequest(), house.call()),
        "opened": lambda: methods.open_key(
            wire.OpenKeyRequest(key=key, reason="complaint"), house.call("KAZ", "custodian")
        ),
        "get_part": lambda: methods.get_part(wire.GetPartRequest(index=index), house.call()),
    }


async def test_each_access_is_one_entry_of_who_read(house, asked):
    assert len(asked) == len(house.methods().methods())
    for action, ask in asked.items():
        count = len(list(read_entries(house.folder)))
        await ask()
        (entry,) = [entry for _, entry in read_entries(house.folder)][count:]
        assert (entry.action, entry.who, entry.requester_member) == (action, "officer", "KAZ")
        assert entry.kind == (Kind.KEY if action == "opened" else Kind.ADMIN)


async def test_nothing_is_given_where_the_access_cannot_be_recorded(house, asked):
    await house.ledger.close()
    for ask in asked.values():
        with pytest.raises(LedgerUnavailableError):
            await ask()


async def test_who_has_not_the_role_gets_nothing(house, asked):
    methods = house.methods()
    custodian, officer = house.call("KAZ", "custodian"), house.call("KAZ", "investigator")
    for call in (custodian, officer):
        for read in (list_with(methods, call), get(methods, call, 0)):
            with pytest.raises(PolicyRefusedError) as caught:
                await read
            assert caught.value.metadata == {"rule": "ledger.auditor"}
    for read in (
        methods.list_keys(wire.ListKeysRequest(), officer),
        methods.open_key(wire.OpenKeyRequest(reason="curious"), officer),
        methods.get_part(wire.GetPartRequest(index=1), officer),
    ):
        with pytest.raises(PolicyRefusedError):
            await read


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_pages_of_any_size_skip_nothing_and_repeat_nothing(house, newest, size):
    """New entries come between any two pages: each access is one."""
    for number in range(7):
        await house.search(number, "KAZ" if number != 3 else "TUR")
    wanted = {"filter": wire.EntryFilter(kind="INTENT"), "newest_first": newest}
    seen, token = [], ""
    while page := await list_with(
        house.methods(), house.call(), **wanted, limit=size, page_token=token
    ):
        assert len(page) <= size
        seen += [index for index, _ in page]
        token = page[-1][1]
        await house.search(9, "TUR")
    own = [index for index, entry in read_entries(house.folder) if is_asked_by_kaz(entry)]
    assert seen == (own[::-1] if newest else own)


def is_asked_by_kaz(entry):
    return entry.kind is Kind.INTENT and entry.requester_member == "KAZ"


async def test_every_entry_of_a_page_is_a_place_to_go_on_after(house):
    for number in range(5):
        await house.search(number)
    wanted = {"filter": wire.EntryFilter(kind="INTENT")}
    for newest in (False, True):
        page = await list_with(house.methods(), house.call(), **wanted, newest_first=newest)
        for number, (_, token) in enumerate(page, 1):
            rest = await list_with(
                house.methods(), house.call(), **wanted, newest_first=newest, page_token=token
            )
            assert rest == page[number:]


async def test_reader_who_is_revoked_gets_nothing_more(house):
    for number in range(5):
        await house.search(number)
    stream = house.methods().list_entries(wire.ListEntriesRequest(), house.call())
    assert (await anext(stream)).index == 0
    house.revoked.append("officer")
    with pytest.raises(PermissionError):
        await anext(stream)
    with pytest.raises(PermissionError):
        await get(house.methods(), house.call(), 0)


async def test_part_is_given_as_it_is_sealed_to_the_readers_own_member(house):
    sizes = {"small": 10, "large": 9_000}
    for number, size in enumerate(sizes.values()):
        index = await house.search(number, name="x" * size)
        entry = await get(house.methods(), house.call(), index)
        given = await house.methods().get_part(wire.GetPartRequest(index=index), house.call())
        assert given.sealed == sealed_part(entry, "KAZ", house.folder)
    for path in (house.folder / "blobs").iterdir():
        path.unlink()
    for call in (house.call(), house.call("GEO", "auditor")):  # GEO sees it, nothing is GEO's
        with pytest.raises(FieldInvalidError, match="a part of yours"):
            await house.methods().get_part(wire.GetPartRequest(index=index), call)


async def test_key_is_given_wrapped_as_it_lies_after_an_entry_with_its_digest(house):
    await house.search(1, name="x")
    key = await open_key(house, "complaint of the person")
    (held,) = KeyFolder(house.folder).present("KAZ")
    assert key.wrapped == KeyFolder(house.folder).read(*held)
    entry = [entry for _, entry in read_entries(house.folder)][-1]
    assert (entry.kind, entry.action) == (Kind.KEY, "opened")
    assert (entry.authority, entry.period, entry.key_id) == held
    assert entry.key_sha256 == sha256(key.wrapped).hexdigest()
    assert b"complaint" not in entry.encode()
    assert set(entry.sealed) == {"KAZ"}


async def open_key(house, reason, key=None, member="KAZ"):
    authority, period, number = key or next(iter(KeyFolder(house.folder).present("KAZ")))
    named = wire.PeriodKey(authority=authority, period=period, key_id=number)
    request = wire.OpenKeyRequest(key=named, reason=reason)
    return await house.methods().open_key(request, house.call(member, "custodian"))


async def test_key_is_for_its_own_member_with_a_reason_while_it_is_here(house, monkeypatch):
    await house.search(1, name="x")
    (held,) = KeyFolder(house.folder).present("KAZ")
    with pytest.raises(PolicyRefusedError) as caught:
        await open_key(house, "curious", member="GEO")
    assert caught.value.metadata == {"rule": "ledger.own_key"}
    wrong = [("", held, "reason"), ("x" * 201, held, "reason")]
    wrong += [("why", ("KAZ", period, number), "key") for period, number in MADE_UP]
    for reason, key, field in wrong:
        with pytest.raises(FieldInvalidError) as caught:
            await open_key(house, reason, key)
        assert caught.value.metadata["field"] == field
    assert not [e for _, e in read_entries(house.folder) if e.action == "opened"]


MADE_UP = [("2020-01", "0" * 16), ("2026-11", "../../checkpoint"), ("../..", "mark")]


async def test_key_that_is_destroyed_in_the_moment_it_is_read_is_not_here(house, monkeypatch):
    await house.search(1, name="x")
    (held,) = KeyFolder(house.folder).present("KAZ")
    present = KeyFolder.present

    def present_late(folder, authority=""):
        found = list(present(folder, authority))
        KeyFolder(house.folder).remove(*held)
        return iter(found)

    monkeypatch.setattr(KeyFolder, "present", present_late)
    with pytest.raises(FieldInvalidError, match="a key that is here"):
        await open_key(house, "why", held)


async def test_nothing_is_given_where_nothing_is_sealed(parts):
    methods, recorder, desk = parts
    await recorder.write(Kind.START, {})
    with pytest.raises(FieldInvalidError):
        await methods.get_part(wire.GetPartRequest(index=0), desk.call())
    assert not (await methods.list_keys(wire.ListKeysRequest(), desk.call())).keys
    assert {m.name for m in methods.methods()} == {
        "ListEntries",
        "GetEntry",
        "ListKeys",
        "OpenKey",
        "GetPart",
    }
