"""Sealed parts: open with their key at their place, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

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
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError
from gateway.ledger.seal import Place, Sealer, key_id_of, unseal

PRIVATE = generate_private_key(SECP256R1())
CUSTODY = {"KAZ": (Custodian("anna", PRIVATE.public_key()),), "TUR": ()}
PLACE = Place("hub", "HUB", "INTENT", "a" * 32)
PART = {"case": "2026-17", "name": "Рустам Каримов"}


@pytest.fixture
def made():
    return []


@pytest.fixture
def sealer(tmp_path, clock, made):
    folder = KeyFolder(tmp_path)
    return Sealer(folder, CUSTODY, clock, lambda key, data: made.append((key, data)))


def test_part_opens_with_the_key_that_a_custodian_unwraps(sealer, made):
    sealed = sealer.seal("KAZ", PART, PLACE)
    ((key, data),) = made
    opened = unwrap_key(data, "anna", PRIVATE)
    assert key_id_of(sealed) == key.id
    assert unseal(sealed, opened, PLACE) == PART


def test_nothing_of_the_part_is_in_the_text_and_no_two_are_alike(sealer):
    texts = {sealer.seal("KAZ", PART, PLACE) for _ in range(50)}
    assert len(texts) == 50
    assert not any(value.encode() in read_base64(t) for t in texts for value in PART.values())


@pytest.mark.parametrize(
    "change", [{"side": "node"}, {"member": "KAZ"}, {"kind": "OUTCOME"}, {"search_id": "b" * 32}]
)
def test_part_that_was_moved_does_not_open(sealer, made, change):
    sealed = sealer.seal("KAZ", PART, PLACE)
    with pytest.raises(KeyUnavailableError):
        unseal(sealed, made[0][0], replace(PLACE, **change))


def test_part_of_another_authority_does_not_open(sealer, made):
    sealed = sealer.seal("KAZ", PART, PLACE)
    with pytest.raises(KeyUnavailableError):
        unseal(sealed, replace(made[0][0], authority="TUR"), PLACE)


@given(st.data())
def test_any_changed_byte_is_found(data):
    key = make_key("KAZ", "2026-11")

    class Fixed:
        def __getattr__(self, name):
            raise AssertionError(name)

    from gateway.ledger.seal import AESGCM, _Present

    sealer = Sealer(Fixed(), CUSTODY, _November(), lambda *_: None)
    sealer._present["KAZ"] = _Present(key, AESGCM(key.secret))
    sealed = bytearray(read_base64(sealer.seal("KAZ", PART, PLACE)))
    at = data.draw(st.integers(8, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(KeyUnavailableError):
        unseal(write_base64(bytes(sealed)), key, PLACE)


class _November:
    def now(self):
        from datetime import UTC, datetime

        return datetime(2026, 11, 3, tzinfo=UTC)


@given(st.text(max_size=60))
def test_what_is_no_sealed_part_is_refused(text):
    key = make_key("KAZ", "2026-11")
    with pytest.raises(KeyUnavailableError):
        unseal(text, key, PLACE)


def test_a_new_month_has_a_new_key(sealer, made, clock):
    sealer.seal("KAZ", PART, PLACE)
    sealer.seal("KAZ", PART, PLACE)
    clock.advance(32 * 86_400)
    sealer.seal("KAZ", PART, PLACE)
    assert len(made) == 2
    assert made[0][0].period < made[1][0].period


def test_another_process_has_another_key(tmp_path, clock):
    made = []
    for _ in range(2):
        folder = KeyFolder(tmp_path)
        sealer = Sealer(folder, CUSTODY, clock, lambda key, _: made.append(key))
        sealer.seal("KAZ", PART, PLACE)
    assert made[0].secret != made[1].secret
    assert len(list(KeyFolder(tmp_path).present("KAZ"))) == 2


def test_authority_without_custodians_cannot_be_sealed_to(sealer):
    assert sealer.can("KAZ")
    assert not sealer.can("TUR")
    assert not sealer.can("GEO")


def test_key_that_cannot_be_stored_seals_nothing(clock, tmp_path):
    (tmp_path / "keys").write_text("a file where the folder should be")
    sealer = Sealer(KeyFolder(tmp_path), CUSTODY, clock, lambda *_: None)
    with pytest.raises(LedgerUnavailableError):
        sealer.seal("KAZ", PART, PLACE)
