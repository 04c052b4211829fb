"""A door in front of a server, in the test's own loop, that can be shut."""

import asyncio
from contextlib import asynccontextmanager, suppress

from seeds.ports import release, reserve_port


class Proxy:
    """Passes bytes on to a port of this machine until it is shut."""

    def __init__(self, target):
        self._target = target
        self._pipes = set()
        self._server = None
        self._well = asyncio.Event()
        self._well.set()
        self.port = reserve_port()

    async def open(self):
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def shut(self):
        """Listen no more and cut every connection."""
        self._server.close()
        pipes = tuple(self._pipes)
        for pipe in pipes:
            pipe.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)

    @asynccontextmanager
    async def hold(self):
        """Pass nothing on until the block ends."""
        self._well.clear()
        try:
            yield
        finally:
            self._well.set()

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._pipes.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(
                self._pass_on(reader, far_writer), self._pass_on(far_reader, writer)
            )
        except (OSError, asyncio.CancelledError):
            pass  # the task belongs to this proxy alone
        finally:
            self._pipes.discard(task)
            for each in (writer, locals().get("far_writer")):
                if each is not None:
                    each.transport.abort()

    async def _pass_on(self, reader, writer):
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                await self._well.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def run_proxy(target):
    """Run a proxy until the block ends."""
    proxy = Proxy(target)
    try:
        await proxy.open()
        try:
            yield proxy
        finally:
            await proxy.shut()
    finally:
        release((proxy.port,))


@asynccontextmanager
async def shut_all(proxies):
    """Keep doors shut until the block ends."""
    for proxy in proxies:
        await proxy.shut()
    try:
        yield
    finally:
        for proxy in proxies:
            await proxy.open()
