"""Which keys are due, which are held, and what goes with a key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.ledger.blobs import BlobFolder
from gateway.ledger.custody import Custodian, KeyFolder, make_key
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.errors import HoldInvalidError, LedgerCorruptError
from gateway.ledger.mark import Mark
from gateway.ledger.retention import (
    Hold,
    find_keys,
    list_before,
    list_due,
    read_hold,
    remove_keys,
)
from gateway.ledger.seal import Place, Sealer, key_id_of
from gateway.ledger.segments import START
from gateway.ledger.writer import Place as Room
from gateway.ledger.writer import Writer
from tests.kit.logs import UnsyncedDisk

CUSTODIAN = Custodian("anna", generate_private_key(SECP256R1()).public_key())


@pytest.fixture
def keys(tmp_path):
    """A key of KAZ and TUR for each of three months."""
    made = [make_key(who, f"2026-{m:02d}") for who in ("KAZ", "TUR") for m in (1, 2, 12)]
    for key in made:
        KeyFolder(tmp_path).store(key, [CUSTODIAN])
    return [(key.authority, key.period, key.id) for key in made]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 2, 23, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 3, tzinfo=UTC), 1),
        (datetime(2026, 3, 30, 23, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 31, tzinfo=UTC), 2),
        (datetime(2027, 1, 30, 23, 59, tzinfo=UTC), 2),
        (datetime(2027, 1, 31, tzinfo=UTC), 3),
    ],
)
def test_key_is_due_when_its_members_days_after_its_month_are_over(tmp_path, keys, now, due):
    assert list_due(tmp_path, {"KAZ": 30}, now) == keys[:due]


def test_keys_before_a_month_are_listed(tmp_path, keys):
    assert list_before(tmp_path, "2026-02") == [keys[0], keys[3]]
    assert list_before(tmp_path, "2027-01", "TUR") == keys[3:]
    for wrong in ("", "2026", "2026-13", "2026-1"):
        with pytest.raises(ValueError, match="month"):
            list_before(tmp_path, wrong)


def test_hold_parts_keys(tmp_path, keys):
    assert Hold().split(tmp_path, keys) == (keys, [])
    assert Hold(periods=frozenset({"2026-01"})).split(tmp_path, keys)[1] == [keys[0], keys[3]]
    assert Hold(authorities=frozenset({"TUR"})).split(tmp_path, keys) == (keys[:3], keys[3:])
    assert Hold(searches=frozenset({"ab" * 16})).split(tmp_path, keys) == (keys, [])


def test_hold_is_read_strictly(tmp_path):
    path = tmp_path / "hold.toml"
    assert read_hold(path) == Hold()
    path.write_text(f'periods = ["2026-01"]\nauthorities = ["KAZ"]\nsearches = ["{"ab" * 16}"]')
    held = read_hold(path)
    assert (held.periods, held.authorities) == ({"2026-01"}, {"KAZ"})
    assert held.searches == {"ab" * 16}
    for wrong in ("=", "more = []", "periods = 1", 'periods = ["2026-13"]', 'searches = ["ab"]'):
        path.write_text(wrong)
        with pytest.raises(HoldInvalidError):
            read_hold(path)


def test_blobs_go_with_their_key_alone(tmp_path, clock):
    part = {"name": "x" * 9_000}
    place = Place("hub", "HUB", "INTENT", "ab" * 16)
    stay, go = (Sealer(tmp_path, {who: [CUSTODIAN]}, clock) for who in ("KAZ", "TUR"))
    kept, gone = stay.seal("KAZ", part, place), go.seal("TUR", part, place)
    (tmp_path / "blobs" / "stray").write_text("not one of ours")
    remove_keys(tmp_path, list(KeyFolder(tmp_path).present("TUR")))
    assert BlobFolder(tmp_path).read(kept)
    assert not (tmp_path / "blobs" / gone.removeprefix("blob:")).exists()
    assert [authority for authority, _, _ in KeyFolder(tmp_path).present()] == ["KAZ"]
    remove_keys(tmp_path, [("TUR", "2026-01", "0" * 16)])  # gone already: no error


class Searches:
    """A ledger with an intent for each search, sealed to KAZ and TUR, each in a month of its own.

    Attributes:
        numbers: The searches.
        parts: What is sealed in each, by authority.
    """

    def __init__(self, folder, clock):
        self.numbers = [f"{number:032x}" for number in range(3)]
        self.parts = []
        entries = [Entry(kind=Kind.START, time=clock.now(), side=Side.HUB, member="HUB").encode()]
        for number in self.numbers:
            clock.set_now(clock.now() + timedelta(days=31))
            sealer = Sealer(folder, {who: [CUSTODIAN] for who in ("KAZ", "TUR")}, clock)
            place = Place("hub", "HUB", "INTENT", number)
            small, large = {"name": "x"}, {"name": "x" * 9_000}
            sealed = {"KAZ": sealer.seal("KAZ", small, place)}
            sealed["TUR"] = sealer.seal("TUR", large, place)
            self.parts.append(sealed)
            facts = {"side": Side.HUB, "member": "HUB", "search_id": number, "sealed": sealed}
            entries.append(Entry(kind=Kind.INTENT, time=clock.now(), **facts).encode())
        disk = UnsyncedDisk()
        writer = Writer(Room(folder, disk, 60_000), START, Mark(folder, disk))
        writer.commit(entries)
        writer.close(clean=True)


@pytest.fixture
def searches(tmp_path, clock):
    return Searches(tmp_path, clock)


def test_keys_of_a_search_are_those_that_its_parts_are_sealed_with(tmp_path, searches):
    keys = sorted(KeyFolder(tmp_path).present(), key=lambda key: key[1])
    months = [{number for _, _, number in keys[at : at + 2]} for at in (0, 2, 4)]
    for number, month in zip(searches.numbers, months, strict=True):
        assert find_keys(tmp_path, frozenset({number})) == month
    assert find_keys(tmp_path, frozenset(searches.numbers[1:])) == months[1] | months[2]
    assert find_keys(tmp_path, frozenset({"ff" * 16})) == frozenset()


def test_held_search_holds_its_keys_and_no_others(tmp_path, searches):
    keys = sorted(KeyFolder(tmp_path).present(), key=lambda key: key[1])
    hold = Hold(searches=frozenset(searches.numbers[1:2]))
    assert hold.split(tmp_path, keys) == (keys[:2] + keys[4:], keys[2:4])


def test_part_that_is_gone_already_needs_no_key(tmp_path, searches):
    gone = searches.parts[1]["TUR"].removeprefix("blob:")
    (tmp_path / "blobs" / gone).unlink()
    kept = key_id_of(searches.parts[1]["KAZ"])
    assert find_keys(tmp_path, frozenset(searches.numbers[1:2])) == {kept}


def test_ledger_that_cannot_be_read_frees_no_key(tmp_path, searches):
    path = tmp_path / "00000000.log"
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    hold = Hold(searches=frozenset(searches.numbers[:1]))
    with pytest.raises(LedgerCorruptError):
        hold.split(tmp_path, KeyFolder(tmp_path).present())
