"""Sealed parts: open with their key at their place, and nowhere else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.custody import (
    Custodian,
    KeyFolder,
    make_key,
    read_base64,
    unwrap_key,
    write_base64,
)
from gateway.ledger.entry import Entry
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.seal import AESGCM, Place, Sealer, _Present, key_id_of, sealed_part, unseal

PRIVATE = generate_private_key(SECP256R1())
CUSTODY = {"KAZ": (Custodian("anna", PRIVATE.public_key()),), "TUR": ()}
PLACE = Place("hub", "HUB", "INTENT", "a" * 32)
PART = {"case": "2026-17", "name": "Рустам Каримов"}


@pytest.fixture
def sealer(tmp_path, clock):
    return Sealer(tmp_path, CUSTODY, clock)


@pytest.fixture
def key(sealer, tmp_path):
    """Opens the key of the first sealed part as its custodian does."""

    def unwrap():
        folder = KeyFolder(tmp_path)
        (named,) = folder.present("KAZ")
        return unwrap_key(folder.read(*named), "anna", PRIVATE)

    return unwrap


def test_part_opens_with_the_key_that_a_custodian_unwraps(sealer, key):
    sealed = sealer.seal("KAZ", PART, PLACE)
    assert key_id_of(sealed) == key().id
    assert unseal(sealed, key(), PLACE) == PART


def test_made_keys_are_told_once_with_the_digest_of_their_file(sealer, tmp_path, clock):
    sealer.seal("KAZ", PART, PLACE)
    (made,) = sealer.take_made()
    stored = KeyFolder(tmp_path).read(made.authority, made.period, made.key_id)
    assert made.key_sha256 == hashlib.sha256(stored).hexdigest()
    assert made.period == f"{clock.now():%Y-%m}"
    sealer.seal("KAZ", PART, PLACE)
    assert sealer.take_made() == []


def test_large_part_lies_beside_the_ledger(sealer, key, tmp_path, clock):
    large = {"query": "x" * 100_000}
    text = sealer.seal("KAZ", large, PLACE)
    assert text.startswith("blob:")
    facts = {"kind": Kind.INTENT, "search_id": "a" * 32, "sealed": {"KAZ": text}}
    entry = Entry(side=Side.HUB, member="HUB", time=clock.now(), **facts)
    assert Place.of(entry) == PLACE
    part = sealed_part(entry, "KAZ", tmp_path)
    assert unseal(part, key(), PLACE) == large
    with pytest.raises(KeyUnavailableError, match="sealed to TUR"):
        sealed_part(entry, "TUR", tmp_path)


def test_small_part_is_in_the_entry(sealer, key, tmp_path, clock):
    text = sealer.seal("KAZ", PART, PLACE)
    facts = {"kind": Kind.INTENT, "search_id": "a" * 32, "sealed": {"KAZ": text}}
    entry = Entry(side=Side.HUB, member="HUB", time=clock.now(), **facts)
    assert sealed_part(entry, "KAZ", tmp_path) == text
    assert not (tmp_path / "blobs").exists()
    assert unseal(text, key(), Place.of(entry)) == PART


def test_nothing_of_the_part_is_in_the_text_and_no_two_are_alike(sealer):
    texts = {sealer.seal("KAZ", PART, PLACE) for _ in range(50)}
    assert len(texts) == 50
    assert not any(value.encode() in read_base64(t) for t in texts for value in PART.values())


LONGEST = 1_024 - len(json.dumps({"name": "", "salt": "0" * 32}, separators=(",", ":")))
"""The longest name that is still in the smallest part."""


@pytest.mark.parametrize(
    ("length", "plain"),
    [(0, 1_024), (LONGEST, 1_024), (LONGEST + 1, 2_048), (1_900, 2_048), (2_049, 4_096)],
)
def test_length_tells_nothing_of_what_is_inside(sealer, key, length, plain):
    part = {"name": "x" * length}
    sealed = sealer.seal("KAZ", part, PLACE)
    head_and_tag = 8 + 12 + 16
    assert len(read_base64(sealed)) == head_and_tag + plain
    assert unseal(sealed, key(), PLACE) == part


@pytest.mark.parametrize(
    "change", [{"side": "node"}, {"member": "KAZ"}, {"kind": "OUTCOME"}, {"search_id": "b" * 32}]
)
def test_part_that_was_moved_does_not_open(sealer, key, change):
    sealed = sealer.seal("KAZ", PART, PLACE)
    with pytest.raises(KeyUnavailableError):
        unseal(sealed, key(), PLACE._replace(**change))


def test_part_of_another_authority_does_not_open(sealer, key):
    sealed = sealer.seal("KAZ", PART, PLACE)
    with pytest.raises(KeyUnavailableError):
        unseal(sealed, replace(key(), authority="TUR"), PLACE)


@given(st.data())
def test_any_changed_byte_is_found(data):
    key = make_key("KAZ", "2026-11")
    sealer = Sealer(Path("unused"), CUSTODY, _November())
    sealer._present["KAZ"] = _Present(key, (2026, 11), AESGCM(key.secret))
    sealed = bytearray(read_base64(sealer.seal("KAZ", PART, PLACE)))
    at = data.draw(st.integers(8, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(KeyUnavailableError):
        unseal(write_base64(bytes(sealed)), key, PLACE)


class _November:
    def now(self):
        return datetime(2026, 11, 3, tzinfo=UTC)


@given(st.text(max_size=60))
def test_what_is_no_sealed_part_is_refused(text):
    key = make_key("KAZ", "2026-11")
    with pytest.raises(KeyUnavailableError):
        unseal(text, key, PLACE)


def test_a_new_month_has_a_new_key(sealer, clock):
    sealer.seal("KAZ", PART, PLACE)
    sealer.seal("KAZ", PART, PLACE)
    clock.advance(32 * 86_400)
    sealer.seal("KAZ", PART, PLACE)
    first, second = sealer.take_made()
    assert first.period < second.period


def test_another_process_has_another_key(tmp_path, clock):
    texts = {Sealer(tmp_path, CUSTODY, clock).seal("KAZ", PART, PLACE) for _ in range(2)}
    assert len(set(map(key_id_of, texts))) == 2
    assert len(list(KeyFolder(tmp_path).present("KAZ"))) == 2


def test_authority_without_custodians_cannot_be_sealed_to(sealer):
    assert sealer.can("KAZ")
    assert not sealer.can("TUR")
    assert not sealer.can("GEO")


def test_key_that_cannot_be_stored_seals_nothing(clock, tmp_path):
    (tmp_path / "keys").write_text("a file where the folder should be")
    sealer = Sealer(tmp_path, CUSTODY, clock)
    with pytest.raises(LedgerUnavailableError):
        sealer.seal("KAZ", PART, PLACE)
