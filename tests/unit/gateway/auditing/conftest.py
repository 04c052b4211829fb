"""A hub's ledger with two searches of two members, and those who read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.access.federation import Federation
from gateway.auditing.reader import Readers, Standing
from gateway.auditing.service import AuditMethods
from gateway.clock import ManualClock
from gateway.ledger.custody import Custodian
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.seal import Sealer
from gateway.recorder import PERSONAL, Recorder
from gateway.serving import Call
from tests.kit.desk import Desk
from tests.kit.signed import make_federation

CUSTODY = {
    member: [Custodian("duty", generate_private_key(SECP256R1()).public_key())]
    for member in ("KAZ", "TUR")
}


@dataclass
class House:
    """The hub's ledger; GEO oversees it.

    Attributes:
        folder: Where it is.
        ledger: The same, open.
        recorder: Writes to it.
        clock: Its time.
        federation: The three members.
        revoked: Subjects that are not let in any more.
    """

    folder: Path
    ledger: Ledger
    recorder: Recorder
    clock: ManualClock
    federation: Federation
    revoked: list[str]

    def methods(self, owner: str = "") -> AuditMethods:
        readers = Readers(self.federation, self.clock, owner, Standing(self.require_standing))
        return AuditMethods(readers, self.recorder, self.folder)

    def require_standing(self, requester) -> None:
        if requester.officer in self.revoked:
            raise PermissionError

    def call(self, member: str = "KAZ", *roles: str) -> Call:
        return Desk(self.federation, self.clock, roles or ("auditor",), member).call()

    async def search(self, number: int, member: str = "KAZ", **part: object) -> int:
        """Write the intent of a search; return its index."""
        facts = {"search_id": f"{number:032x}", "requester_member": member, "count": number}
        return await self.recorder.write(Kind.INTENT, {**facts, PERSONAL: {member: part}})


@pytest.fixture
async def house(tmp_path):
    clock, federation = ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC)), make_federation()
    hub = federation.hub.model_copy(update={"oversight": ("GEO",)})
    ledger = await Ledger.open(tmp_path, clock)
    sealer = Sealer(tmp_path, CUSTODY, clock)
    recorder = Recorder(ledger, Side.HUB, "HUB", clock, sealer)
    overseen = federation.model_copy(update={"hub": hub})
    yield House(tmp_path, ledger, recorder, clock, overseen, [])
    await ledger.close()
