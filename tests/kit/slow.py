"""A slow way to a server of this machine: the first bytes of each connection take a while."""

import asyncio
from contextlib import asynccontextmanager, suppress

FIRST_S = 0.6


@asynccontextmanager
async def slow_way(port):
    """Stand before the server at `port`, as a far or busy network does; yield another port."""
    under_way = set()

    async def pump(reader, writer):
        wait_s = FIRST_S
        try:
            while data := await reader.read(65_536):
                await asyncio.sleep(wait_s)
                wait_s = 0
                writer.write(data)
        finally:
            writer.close()

    async def carry(reader, writer):
        under_way.add(asyncio.current_task())
        there, here = await asyncio.open_connection("127.0.0.1", port)
        with suppress(OSError):
            await asyncio.gather(pump(reader, here), pump(there, writer))

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
