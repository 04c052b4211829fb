"""The node of KAZ in the small world as the subject of `gateway.conformance`."""

from pathlib import Path

from gateway.access.federation import read_federation
from gateway.clock import SystemClock
from gateway.conformance.subject import Subject, read_caller
from gateway.probe import document, person
from gateway.settings import HubSettings, read_settings
from tests.kit.world import World


def subject_of(world: World, token_key: Path) -> Subject:
    """Ask as the world's hub and officer; the key of KAZ's tokens is written to `token_key`."""
    world.token_keys["KAZ"].save(token_key)
    hub = read_settings(HubSettings, world.home / "hub" / "hub.toml")
    federation = read_federation(world.home / "federation.toml")
    return Subject(
        federation=federation,
        member=federation.member("KAZ"),
        address=federation.member("KAZ").node,
        caller=read_caller(hub, world.settings(), token_key, SystemClock()),
        known=(person("Рустам Каримов"), document(number="N10000001")),
        patience_s=20.0,  # a busy machine is no fault of the node
    )
