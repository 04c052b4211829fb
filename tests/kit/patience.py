"""Patience of clients and servers in a test's own process: none is what a test measures."""

import pytest

LONG_S = 60.0
PLACES = (
    *("gateway.client.LOOKUP_S", "gateway.client.SLACK_S"),
    *("gateway.inspector.CALL_S", "gateway.inspector.PROOF_S"),
    *("gateway.witnessing.prove.PATIENCE_S", "gateway.node.nonces.PATIENCE_S"),
    *("adapters.banks.node.adapter._DESCRIBE_S", "adapters.banks.ldap.adapter._CHECK_S"),
    "adapters.banks.sql.open._CHECK_S",
)


@pytest.fixture(autouse=True)
def patient():
    """Let what would be given up on a machine that stalls for some seconds be waited for."""
    with pytest.MonkeyPatch.context() as patch:
        for place in PLACES:
            patch.setattr(place, LONG_S)
        yield
