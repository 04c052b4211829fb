"""A ledger with sealed parts, and the custodians of two members."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.cli.ledgers import Opened
from gateway.cli.opening import Opener
from gateway.clock import ManualClock
from gateway.ledger.custody import Custodian, KeyFolder
from gateway.ledger.entry import parse_entry
from gateway.ledger.filter import scan, scan_back
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_stored
from gateway.ledger.seal import Sealer, sealed_part
from gateway.recorder import PERSONAL, Recorder
from tests.kit.signed import make_federation

KEYS = {member: generate_private_key(SECP256R1()) for member in ("KAZ", "TUR")}
CUSTODY = {who: [Custodian("duty", key.public_key())] for who, key in KEYS.items()}


class Desk:
    """A hub's ledger in a folder: written to, and read as the disk is.

    Attributes:
        reasons: Why keys were opened, one for each.
    """

    def __init__(self, ledger, folder, clock):
        self.folder = folder
        self.recorder = Recorder(ledger, Side.HUB, "HUB", clock, Sealer(folder, CUSTODY, clock))
        self.reasons = []

    async def entries(self, wanted, limit=None, *, newest_first=False):
        read = scan_back if newest_first else scan
        for found in read(self.folder, wanted.keeps):
            if found is not None:
                yield found[:2]

    async def entry(self, index):
        return next(read_stored(self.folder, index))[1]

    async def keys(self):
        return list(KeyFolder(self.folder).present())

    async def wrapped(self, key, reason):
        self.reasons.append(reason)
        return KeyFolder(self.folder).read(*key)

    async def part(self, index, authority):
        return sealed_part(parse_entry(await self.entry(index)), authority, self.folder)

    async def write(self, kind=Kind.INTENT, number=1, **parts):
        """Write an entry of a search with a part for each authority; return its index."""
        facts = {"search_id": f"{number:032x}", PERSONAL: parts}
        return await self.recorder.write(kind, facts)

    def opener(self, member):
        ledger = Opened(self, make_federation(), "HUB")
        return Opener(ledger, member, "duty", KEYS[member], "a complaint")

    async def open(self, index, opener):
        return await opener.open(index, parse_entry(await self.entry(index)))


@pytest.fixture
async def desk(tmp_path):
    clock = ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    ledger = await Ledger.open(tmp_path, clock)
    yield Desk(ledger, tmp_path, clock)
    await ledger.close()
