"""A member's own authority signs for this member, and for nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.access.authority import Authority
from gateway.access.certificates import read_peer
from gateway.access.errors import PeerForbiddenError
from gateway.access.issuers import Issuers, node_roots
from gateway.clock import SystemClock
from tests.kit.signed import make_federation

CLOCK = SystemClock()
SHARED, OWN, OTHER, FOREIGN = (Authority.create("kalkan", CLOCK, title) for title in "SKTF")


@pytest.fixture
def federation(tmp_path):
    """KAZ and TUR have authorities of their own, GEO has none."""
    (tmp_path / "ca.pem").write_bytes(SHARED.certificate)
    pinned = {"KAZ": OWN.certificate.decode(), "TUR": OTHER.certificate.decode()}
    whole = make_federation(tmp_path)
    members = tuple(m.model_copy(update={"ca": pinned.get(m.code, "")}) for m in whole.members)
    return whole.model_copy(update={"ca": tmp_path / "ca.pem", "members": members})


def peer(authority, member="KAZ"):
    return read_peer(authority.issue_client(member, "desk").certificate)


@pytest.mark.parametrize("authority", [SHARED, OWN])
def test_federation_and_member_sign_for_the_member(federation, authority):
    issuers = Issuers(federation)
    for _ in range(2):
        issuers.require(peer(authority))
        issuers.require(read_peer(authority.issue_node("KAZ").certificate))


@pytest.mark.parametrize("authority", [OTHER, FOREIGN])
def test_authority_of_somebody_else_signs_for_nobody_here(federation, authority):
    issuers = Issuers(federation)
    for refused in (peer(authority), read_peer(authority.issue_node("KAZ").certificate)):
        for _ in range(2):
            with pytest.raises(PeerForbiddenError, match="somebody else"):
                issuers.require(refused)


def test_own_authority_is_nothing_to_the_hub_or_to_members_without_one(federation):
    issuers = Issuers(federation)
    for refused in (read_peer(OWN.issue_hub().certificate), peer(OWN, "GEO"), peer(OWN, "UZB")):
        with pytest.raises(PeerForbiddenError):
            issuers.require(refused)
    issuers.require(read_peer(SHARED.issue_hub().certificate))


def test_what_is_remembered_of_one_certificate_says_nothing_of_another(federation):
    issuers, good = Issuers(federation), peer(OWN)
    issuers.require(good)
    with pytest.raises(PeerForbiddenError):
        issuers.require(replace(good, member="TUR"))


def test_without_own_authorities_tls_has_said_all(federation):
    members = tuple(m.model_copy(update={"ca": ""}) for m in federation.members)
    issuers = Issuers(federation.model_copy(update={"members": members}))
    issuers.require(peer(FOREIGN))
    assert issuers.roots.strip() == SHARED.certificate.strip()


def test_roots_of_a_node_hold_no_other_members_authority(federation):
    assert OWN.certificate in node_roots(federation, "KAZ")
    assert OTHER.certificate not in node_roots(federation, "KAZ")
    for code in ("GEO", "HUB"):
        assert node_roots(federation, code).strip() == SHARED.certificate.strip()
    roots = Issuers(federation).roots
    assert all(each.certificate in roots for each in (SHARED, OWN, OTHER))
