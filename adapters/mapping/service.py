"""Ask a JSON service one thing at a time, within a deadline, and never take more than is good.

What goes wrong becomes one of three errors, by what the caller must do next; no text of the
service is in them, and the driver's own error is not kept beside them, for it holds the URL.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import aiohttp
from yarl import URL

from adapters.contract import BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping.objects import Json, find_value
from adapters.mapping.session import POOL
from adapters.mapping.web import Web

__all__ = ["ANSWER_LIMIT", "Call", "Patience", "Service"]

ANSWER_LIMIT: Final = 8 << 20
"""Bytes of one answer at most."""

_INLINE: Final = 64 << 10
"""Bytes of an answer that are decoded at once; larger ones are decoded in a thread."""

_BLOCK: Final = 64 << 10
_DEFAULT_WAIT_S: Final = 0.5
_OK, _BUSY, _REFUSED, _FAILED = 200, frozenset({429, 503}), (401, 403), 500


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on: until this time of the loop, with so many tries after a busy answer."""

    until: float
    retries: int


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        path: The path below the service's address, percent-encoded.
        parameters: The query, not encoded.
        body: Sent as JSON; None for a request without one.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Json] | None = None


class _BusyError(Exception):
    """The service asks to come back after so many seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class Service:
    """One service.

    Args:
        session: The session, which the service closes.
        web: What the mapping says about it.
        missing: Statuses that say that there is no such thing.
        pause: Waits for a number of seconds; tests hand in one that does not wait.
        decode: Makes of an answer's bytes what `ask` and `send` return; by itself it reads JSON.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        web: Web,
        *,
        missing: frozenset[int] = frozenset({404}),
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        decode: Callable[[bytes], Awaitable[Json]] | None = None,
    ) -> None:
        self._session = session
        self._web = web
        self._missing = missing
        self._pause = pause
        self._decode = decode or _decode
        self._places = asyncio.Semaphore(POOL)
        self._quiet_until = 0.0

    async def ask(
        self,
        path: str,
        parameters: Mapping[str, str],
        *,
        patience: Patience,
        body: Mapping[str, Json] | None = None,
    ) -> Json | None:
        """Ask with GET, or with POST where there is a body. All else as `send`."""
        method: Literal["GET", "POST"] = "GET" if body is None else "POST"
        return await self.send(Call(method, path, parameters, body), patience)

    async def send(self, call: Call, patience: Patience) -> Json | None:
        """Send one request and decode the answer.

        Args:
            call: What to send.
            patience: How long to go on.

        Returns:
            The decoded answer; None where the service says that there is no such thing (404).

        Raises:
            BankTimeoutError: The time was over.
            BankUnavailableError: The service cannot be reached, is busy, or failed.
            BankFaultError: The answer is not JSON, too large, a redirect or a refusal.
        """
        said, _ = await self._repeat(self._address(call), call, patience)
        return said

    async def turn(
        self, call: Call, patience: Patience, after: str = ""
    ) -> tuple[Json | None, str]:
        """Send the request for one page, and read where the next one is from the header Link.

        Args:
            call: What to send for the first page.
            patience: How long to go on.
            after: The address of a later page, as the answer before told it.

        Returns:
            The decoded answer, and the address of the next page; empty where there is none.

        Raises:
            AdapterError: As `send`; BankFaultError too where the next page is elsewhere.
        """
        url = URL(after, encoded=True) if after else self._address(call)
        said, response = await self._repeat(url, call, patience)
        return said, "" if said is None else self._find_next(response)

    def _address(self, call: Call) -> URL:
        url = URL(self._web.url.rstrip("/") + call.path, encoded=True)
        return url.update_query(call.parameters)

    def _find_next(self, response: aiohttp.ClientResponse) -> str:
        """Read the link to the next page (RFC 8288); our token goes to no other server."""
        try:
            links = [
                link["url"]
                for relation, link in response.links.items()
                if "next" in relation.lower().split() and "anchor" not in link
            ]
            found = URL(links[0]) if links else None
            same = found is None or found.origin() == URL(self._web.url).origin()
        except ValueError:
            raise BankFaultError("the header Link of an answer cannot be read") from None
        if not same:
            raise BankFaultError("the next page is on another server; check [http] url and next")
        return str(found.origin().join(found.relative().with_fragment(None))) if found else ""

    async def _repeat(
        self, url: URL, call: Call, patience: Patience
    ) -> tuple[Json | None, aiohttp.ClientResponse]:
        """Send a request, and again where the service asks to come back."""
        self.require_open()
        for _ in range(patience.retries + 1):
            await self._keep_quiet(patience)
            try:
                async with self._turn(patience):
                    return await self._send(url, call)
            except _BusyError as busy:
                now = asyncio.get_running_loop().time()
                self._quiet_until = max(self._quiet_until, now + busy.wait_s)
        raise BankUnavailableError("the service is busy and asked to come back later")

    def require_open(self) -> None:
        """Require that the service was not closed.

        Raises:
            BankUnavailableError: It was.
        """
        if self._session.closed:
            raise BankUnavailableError("the bank was closed")

    async def close(self) -> None:
        """Close the session and its connections."""
        await self._session.close()

    async def _keep_quiet(self, patience: Patience) -> None:
        """Wait as long as the service asked for, where that ends before the time is over."""
        wait = self._quiet_until - asyncio.get_running_loop().time()
        if wait <= 0:
            return
        if self._quiet_until >= patience.until:
            raise BankUnavailableError("the service is busy for longer than the time allows")
        await self._pause(wait)

    @asynccontextmanager
    async def _turn(self, patience: Patience) -> AsyncIterator[None]:
        """Take one of the places, and turn what goes wrong into the contract's errors."""
        try:
            async with asyncio.timeout_at(patience.until), self._places:
                async with asyncio.timeout(self._web.timeout_s):
                    yield
        except TimeoutError:
            raise BankTimeoutError("the service did not answer in time") from None
        except (aiohttp.ClientError, OSError):
            raise BankUnavailableError("the service cannot be reached or broke off") from None

    async def _send(self, url: URL, call: Call) -> tuple[Json | None, aiohttp.ClientResponse]:
        async with self._session.request(
            call.method, url, json=call.body, allow_redirects=False
        ) as response:
            if response.status in self._missing:
                return None, response
            _verify_status(response)
            answer = await self._decode(await _read(response))
        self._verify_error(answer)
        return answer, response

    def _verify_error(self, answer: Json) -> None:
        error = self._web.error
        if error is not None and find_value(answer, error.path.split(".")) is not None:
            raise BankUnavailableError("the service told an error of its own")


def _verify_status(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status in _BUSY:
        raise _BusyError(_read_wait(response))
    if status in _REFUSED:
        raise BankFaultError("the service refuses the token or the certificate; check their files")
    if status >= _FAILED:
        raise BankUnavailableError("the service failed")
    if status != _OK:
        raise BankFaultError(f"the service answered with status {status}; check path and query")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise BankFaultError("the service sent a compressed answer, which was not asked for")


def _read_wait(response: aiohttp.ClientResponse) -> float:
    """Read Retry-After: seconds, or a date that is compared with the answer's own (RFC 9110)."""
    told = response.headers.get("Retry-After", "")
    if told.isdecimal():
        return float(told[:6])
    later, now = _read_date(told), _read_date(response.headers.get("Date", ""))
    if later is None or now is None:
        return _DEFAULT_WAIT_S
    return max(0.0, (later - now).total_seconds())


def _read_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer block by block and stop where it becomes too large."""
    parts, size = [], 0
    async for part in response.content.iter_chunked(_BLOCK):
        size += len(part)
        if size > ANSWER_LIMIT:
            raise BankFaultError(f"an answer has more than {ANSWER_LIMIT} bytes; ask for less")
        parts.append(part)
    return b"".join(parts)


async def _decode(data: bytes) -> Json:
    try:
        if len(data) <= _INLINE:
            return json.loads(data)
        return await asyncio.to_thread(json.loads, data)
    except (ValueError, RecursionError):
        raise BankFaultError("the answer is not JSON") from None
