"""A node as a witness: over gRPC for the ledgers of its federation, over HTTP for others."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from aiohttp import web

from gateway.access.certificates import HUB as HUB_ROLE
from gateway.access.certificates import NODE, require_current, require_role
from gateway.clock import SystemClock
from gateway.ledger.errors import LedgerError
from gateway.ledger.kinds import Kind
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.request import MAX_BODY_BYTES, SIZE_TYPE
from gateway.ledger.witness.state import Fault, Judgement, Verdict
from gateway.recorder import PERSONAL
from gateway.witnessing.alarm import LedgerAlarm
from gateway.witnessing.memory import Found, Remembered
from gateway.witnessing.panel import HUB
from gateway.witnessing.ways import VERDICTS
from kalkan.v1 import witness_service_pb2 as wire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gateway.access.certificates import Peer
    from gateway.clock import Clock
    from gateway.ledger.witness.witness import Witness
    from gateway.recorder import Recorder
    from gateway.serving import Call
    from gateway.witnessing.closing import Closing
    from gateway.witnessing.memory import Memory

log = logging.getLogger(__name__)

_PATH: Final = "/add-checkpoint"
_REMEMBERED: Final = 1_024
_MAX_ORIGIN: Final = 128


class Alarms:
    """Records what a log has done wrong: each fault once, however often it is sent.

    Attributes:
        found: What was found and is not closed, by origin and fault: when it was found first.
    """

    def __init__(
        self, recorder: Recorder, clock: Clock | None = None, memory: Memory | None = None
    ) -> None:
        """Write to the ledger of `recorder`; go on with what `memory` has kept.

        Raises:
            LedgerCorruptError: That is not what was written.
        """
        self.recorder = recorder
        self.found: dict[tuple[str, Fault], LedgerAlarm] = {}
        self._clock = clock or SystemClock()
        self._told: OrderedDict[str, None] = OrderedDict()
        self._memory = memory
        self._turn = asyncio.Lock()
        kept = memory.read() if memory is not None else Remembered()
        self._told.update(dict.fromkeys(kept.told))
        for one in kept.alarms:
            self._open(one.log, one.fault, one.time)

    async def note(self, judgement: Judgement, *, from_log: bool) -> None:
        """Record a fault.

        A fork proves itself. The rest counts only if the log itself has sent it: others could send
        its old checkpoints, or a wrong proof, to have it accused.

        Raises:
            LedgerError: It cannot be recorded.
        """
        fault, checkpoint = judgement.fault, judgement.checkpoint
        if fault is None or checkpoint is None or not (from_log or fault is Fault.FORKED):
            return
        digest = sha256(f"{fault}\n{checkpoint}".encode()).hexdigest()
        if digest in self._told:
            return
        self._told[digest] = None
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        log.critical("%s: %s at %d entries", checkpoint.origin, fault, checkpoint.size)
        facts = {
            "action": str(fault),
            "targets": (checkpoint.origin[-_MAX_ORIGIN:],),
            "count": checkpoint.size,
        }
        self._open(checkpoint.origin, fault, self._clock.now())
        await self.recorder.write(Kind.ADMIN, facts)
        await self._keep()

    async def close(self, closings: Sequence[Closing]) -> None:
        """Close what was found before somebody has closed it, each with an entry of its own.

        Raises:
            LedgerError: It cannot be recorded: it stays open.
        """
        for closing in closings:
            key = closing.log, Fault(closing.alarm)
            alarm = self.found.get(key)
            if alarm is None or alarm.time > closing.moment:
                continue
            member = self.recorder.member
            facts = {
                "action": "alarm_closed",
                "who": closing.by,
                "requester_member": member,
                "targets": (closing.log[-_MAX_ORIGIN:], closing.alarm),
                PERSONAL: {member: {"reason": closing.reason}},
            }
            await self.recorder.write(Kind.ADMIN, facts)
            del self.found[key]
            await self._keep()

    def of_members(self, origins: Mapping[str, str]) -> list[LedgerAlarm]:
        """What was found of ledgers whose origins are those of members or the hub."""
        return [
            replace(alarm, member=origins[origin])
            for (origin, _), alarm in self.found.items()
            if origin in origins
        ]

    def _open(self, origin: str, fault: Fault, time: datetime) -> None:
        alarm = LedgerAlarm(str(fault), "", self.recorder.member, time)
        self.found.setdefault((origin, fault), alarm)

    async def _keep(self) -> None:
        """Write down what is open. It is in the ledger: a disk that is full stops no witness."""
        if self._memory is None:
            return
        async with self._turn:
            found = (Found(log, fault, one.time) for (log, fault), one in self.found.items())
            kept = Remembered(tuple(found), tuple(self._told))
            try:
                await asyncio.to_thread(self._memory.write, kept)
            except OSError as exc:
                log.critical("alarms are not remembered over a restart: %s", exc.strerror)


class WitnessMethods:
    """WitnessService as the contract has it."""

    def __init__(self, witness: Witness, alarms: Alarms, federation_id: str, clock: Clock) -> None:
        """Serve `witness` to hub and nodes of a federation."""
        self._witness = witness
        self._alarms = alarms
        self._federation_id = federation_id
        self._clock = clock

    async def add_checkpoint(
        self, request: wire.AddCheckpointRequest, call: Call
    ) -> wire.AddCheckpointResponse:
        """Cosign a checkpoint, or say why not.

        Raises:
            PeerForbiddenError: The caller is neither hub nor node of this federation.
            LedgerUnavailableError: The witness cannot remember what it signs.
        """
        self._require_caller(call.peer)
        judgement, body = await self._witness.add(request.body)
        await self._alarms.note(judgement, from_log=self._is_own(judgement, call.peer))
        return wire.AddCheckpointResponse(verdict=VERDICTS[judgement.verdict], body=body)

    def _require_caller(self, peer: Peer) -> None:
        require_current(peer, self._clock)
        role = NODE if peer.role == NODE else HUB_ROLE
        require_role(peer, role, federation_id=self._federation_id)

    def _is_own(self, judgement: Judgement, peer: Peer) -> bool:
        """Whether a checkpoint comes from the log that it is of."""
        origin = origin_of(self._federation_id, peer.member or HUB)
        return judgement.checkpoint is not None and judgement.checkpoint.origin == origin


class HttpWitness:
    """The same over plain HTTP, for logs and tools of others. It signs what any caller may see."""

    def __init__(self, witness: Witness, alarms: Alarms) -> None:
        """Serve `witness`."""
        self._witness = witness
        self._alarms = alarms
        application = web.Application(client_max_size=MAX_BODY_BYTES)
        application.router.add_post(_PATH, self._add)
        self._runner = web.AppRunner(application, access_log=None)

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port.

        Raises:
            OSError: The address is taken.
        """
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _add(self, request: web.Request) -> web.Response:
        try:
            judgement, body = await self._witness.add(await request.read())
            await self._alarms.note(judgement, from_log=False)
        except LedgerError:
            return web.Response(status=503)
        conflict = judgement.verdict is Verdict.CONFLICT
        content_type = SIZE_TYPE if conflict else "text/plain"
        return web.Response(status=judgement.verdict, body=body, content_type=content_type)
