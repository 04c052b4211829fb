"""Certificates and what opens servers on this machine."""

from __future__ import annotations

from contextlib import AsyncExitStack

import grpc
import pytest

from gateway.access.authority import Authority
from gateway.clock import SystemClock
from gateway.running import channel_credentials
from tests.kit.signed import ID


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A folder with ca.pem, and hub, node and client with a certificate and a key each."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority.create(ID, SystemClock())
    authority.save(folder)
    authority.issue_hub().save(folder, "hub")
    authority.issue_node("KAZ").save(folder, "node")
    authority.issue_client("KAZ", "officer").save(folder, "client")
    return folder


@pytest.fixture(scope="session")
def credentials_of(certificates):
    """Make the credentials of a caller: "hub", "node" or "client"."""

    def make(name: str) -> grpc.ChannelCredentials:
        certificate, key = certificates / f"{name}.pem", certificates / f"{name}.key"
        return channel_credentials(certificate, key, certificates / "ca.pem")

    return make


@pytest.fixture
async def stack():
    """Closes at the end of the test what the test has opened, the last first."""
    async with AsyncExitStack() as stack:
        yield stack
