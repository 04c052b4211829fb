"""Links to nodes in the test's own process: each does one thing when it is asked."""

import asyncio
import hashlib
from dataclasses import dataclass, field

from gateway.hub.link import LinkError
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.signed import make_answer, seal


async def answers(asked, hits=1) -> wire.NodeServiceSearchResponse:
    """Answer the question that was asked, with a hit."""
    digest = hashlib.sha256(asked.query).digest()
    data, signature = seal(make_answer(asked.bank, hits=hits, query_sha256=digest))
    return wire.NodeServiceSearchResponse(answer=data, signature=signature)


async def finds_nothing(asked) -> wire.NodeServiceSearchResponse:
    """Answer without a hit."""
    return await answers(asked, hits=0)


async def is_away(asked) -> wire.NodeServiceSearchResponse:
    """Fail as a node that cannot be reached."""
    raise LinkError(model.BANK_STATE_UNAVAILABLE)


async def hangs(asked) -> wire.NodeServiceSearchResponse:
    """Never answer."""
    await asyncio.Event().wait()


@dataclass
class Node:
    """A link that does one thing and remembers how it was asked."""

    act: object = answers
    description: wire.DescribeResponse | None = None
    requests: list[wire.NodeServiceSearchRequest] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    closed: bool = False

    async def search(self, request: bytes, timeout_s: float) -> wire.NodeServiceSearchResponse:
        asked = wire.NodeServiceSearchRequest.FromString(request)
        self.requests.append(asked)
        self.timeouts.append(timeout_s)
        self.asked.set()
        try:
            return await self.act(asked)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def describe(self, timeout_s: float) -> wire.DescribeResponse:
        del timeout_s
        if self.description is None:
            raise LinkError(model.BANK_STATE_UNAVAILABLE)
        return self.description

    async def close(self) -> None:
        self.closed = True
