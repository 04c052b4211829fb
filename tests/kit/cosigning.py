"""A ledger, and witnesses behind real addresses: good ones, liars, and one that nobody runs."""

import asyncio

from aiohttp import web

from gateway.clock import SystemClock
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.ledger.tlog.request import parse_request
from gateway.recorder import Recorder
from gateway.witnessing.collect import Collector
from gateway.witnessing.follow import Follower
from gateway.witnessing.panel import Panel, Seat
from gateway.witnessing.serve import Alarms, HttpWitness
from gateway.witnessing.ways import HttpWay
from seeds.ports import reserve_port
from tests.kit.logs import NOON, SIGNER
from tests.kit.witnesses import make_cosigner, open_witness

CLOCK = SystemClock()
LIMITS = Limits(checkpoint_s=0.01)
LONG_S = 60.0


def entry(number: int = 0) -> Entry:
    return Entry(kind=Kind.ADMIN, time=NOON, side=Side.NODE, member="KAZ", count=number)


class LongWay(HttpWay):
    """A way that waits: a witness on a machine that stalls is not away."""

    async def add(self, body, seconds):
        return await super().add(body, LONG_S)


class Late:
    """A witness that is down until it is started; its address is known before."""

    def __init__(self, bench, name):
        self._bench = bench
        self._witness = open_witness(bench.folder / name, name)
        self._port = reserve_port()
        self.seat = Seat(self._witness.vkey, url=f"http://127.0.0.1:{self._port}")
        bench.stack.callback(self._witness.close)

    async def start(self):
        served = HttpWitness(self._witness, Alarms(self._bench.recorder))
        self._bench.stack.push_async_callback(served.close)
        await served.start("127.0.0.1", self._port)


class Bench:
    """A ledger, and witnesses behind real addresses."""

    def __init__(self, folder, stack):
        self.folder, self.stack = folder, stack
        self.ledger: Ledger
        self.recorder: Recorder

    async def open(self):
        self.ledger = await Ledger.open(self.folder / "ledger", CLOCK, signer=SIGNER, limits=LIMITS)
        self.recorder = Recorder(self.ledger, Side.NODE, "KAZ", CLOCK)
        self.stack.push_async_callback(self.ledger.close)

    async def seat(self, name: str, memory: str = "") -> Seat:
        """A good witness."""
        witness = open_witness(self.folder / (memory or name), name)
        self.stack.callback(witness.close)
        served = HttpWitness(witness, Alarms(self.recorder))
        self.stack.push_async_callback(served.close)
        port = await served.start("127.0.0.1", 0)
        return Seat(witness.vkey, url=f"http://127.0.0.1:{port}")

    async def liar(self, name: str, say) -> Seat:
        """A witness that answers what `say` makes of the request."""

        async def answer(request):
            return web.Response(body=say(parse_request(await request.read())))

        application = web.Application()
        application.router.add_post("/add-checkpoint", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        self.stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return Seat(make_cosigner(name).vkey, url=f"http://127.0.0.1:{runner.addresses[0][1]}")

    def down(self, name: str) -> Seat:
        """A witness that nobody runs."""
        return Seat(make_cosigner(name).vkey, url="http://127.0.0.1:9")

    def late(self, name: str) -> Late:
        """A witness that is not there yet."""
        return Late(self, name)

    def collect(self, *seats: Seat, quorum: int = 2, patience_s: float = 60.0) -> Collector:
        folder = self.folder / "ledger"
        followers = [Follower(seat, LongWay(seat.url), folder) for seat in seats]
        panel = Panel(SIGNER.vkey, seats, quorum, patience_s)
        collector = Collector(
            self.ledger,
            folder,
            panel,
            followers,
            recorder=self.recorder,
            clock=CLOCK,
            interval_s=0.01,
            away_s=0.0,
            alone_s=0.0,
        )
        task = asyncio.create_task(collector.run())

        async def end():
            task.cancel()
            await asyncio.wait([task])
            await collector.close()

        self.stack.push_async_callback(end)
        return collector

    async def alarm(self, action: str) -> Entry:
        """Wait for an entry of this action in the ledger."""
        async with asyncio.timeout(LONG_S):
            while True:
                for _, each in read_entries(self.folder / "ledger"):
                    if each.action == action:
                        return each
                await asyncio.sleep(0.02)
