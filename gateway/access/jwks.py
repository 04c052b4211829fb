"""Token keys that a member publishes as a JWKS document (RFC 7517), fetched in the background.

Nothing that a caller sends makes a request: an unknown key name is foreign until the next round. A
key that the federation file pins under the same name wins. When a document cannot be had, the last
good one holds for 12 hours, the longest life of a token.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from gateway.access.jwk import MAX_KID, PublicKey, parse_jwk
from gateway.access.strict import is_plain, read_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.access.federation import Federation, Member
    from gateway.clock import Clock

log = logging.getLogger(__name__)

REFRESH_S: Final = 60.0
"""Seconds between two rounds: a key that a member withdraws holds that much longer."""
FETCH_S: Final = 5.0
"""Seconds that a document may take."""
KEEP: Final = timedelta(hours=12)
"""How long the last good document holds."""
MAX_DOCUMENT: Final = 65_536
"""Largest document in bytes."""
MAX_KEYS: Final = 16
"""Keys of one member at most, as in the federation file."""

_READ: Final = frozenset({"kty", "crv", "x", "y", "kid", "alg", "use"})


class _DocumentError(Exception):
    """A document cannot be had or does not hold; the text says why, with no word of it."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The keys of a good document, by name, and when it was fetched."""

    keys: Mapping[str, PublicKey]
    at: datetime


class KeySets:
    """The published keys of all members that publish any.

    Args:
        federation: Names the documents, and the keys that are pinned for something else.
        clock: Tells the time of day.
    """

    def __init__(self, federation: Federation, clock: Clock) -> None:
        self._federation = federation
        self._clock = clock
        self._sets: dict[str, _Fetched] = {}
        self._pinned = {key.thumbprint for key in federation.pinned_keys()}
        self._epoch = 0

    @property
    def members(self) -> tuple[Member, ...]:
        """The members that publish their keys."""
        return tuple(member for member in self._federation.members if member.jwks_url)

    @property
    def epoch(self) -> int:
        """Grows when a key may have gone; what was verified before is then verified anew."""
        now = self._clock.now()
        for code in [code for code, one in self._sets.items() if now - one.at > KEEP]:
            del self._sets[code]
            self._epoch += 1
        return self._epoch

    def key(self, member: str, kid: str) -> PublicKey | None:
        """A published key of a member; None where it has none of this name, or is too old."""
        return self.keys(member).get(kid)

    def keys(self, member: str) -> Mapping[str, PublicKey]:
        """The published keys of a member by name; none where they are too old."""
        fetched = self._sets.get(member)
        if fetched is None or self._clock.now() - fetched.at > KEEP:
            return {}
        return fetched.keys

    async def refresh(self) -> None:
        """Fetch each document once, all at the same time; what fails keeps what was good."""
        await asyncio.gather(*(self._refresh(member) for member in self.members))

    async def keep_fresh(self) -> None:
        """Fetch again and again, for ever."""
        while True:
            await asyncio.sleep(REFRESH_S)
            await self.refresh()

    async def _refresh(self, member: Member) -> None:
        try:
            document = await _fetch(member.jwks_url, member.jwks_ca or self._federation.ca)
            keys = self._choose(read_jwks(document))
        except (_DocumentError, ValueError) as exc:
            log.warning("the published keys of %s: %s", member.code, exc)
            return
        before = self._sets.get(member.code)
        if before is not None and before.keys != keys:
            self._epoch += 1
        self._sets[member.code] = _Fetched(keys, self._clock.now())

    def _choose(self, keys: Mapping[str, PublicKey]) -> dict[str, PublicKey]:
        """Leave out what is pinned for an end of its own: no token may pass as an answer."""
        return {kid: key for kid, key in keys.items() if key.thumbprint not in self._pinned}


def read_jwks(document: bytes) -> dict[str, PublicKey]:
    """Read the keys that can be used, by name; others (RSA, encryption, nameless) are left out.

    Of two keys with one name neither is used: which of them would be meant?

    Raises:
        ValueError: It is no JWKS document, or has more than 16 keys that can be used.
    """
    entries = read_object(document).get("keys")
    read = map(_read_key, entries) if isinstance(entries, list) else None
    if read is None:
        raise ValueError("it is no JWKS document")
    keys = [key for key in read if key is not None]
    if len(keys) > MAX_KEYS:
        raise ValueError(f"it has more than {MAX_KEYS} keys")
    names = Counter(key.kid for key in keys)
    return {key.kid: key for key in keys if names[key.kid] == 1}


def _read_key(entry: object) -> PublicKey | None:
    """Read one key; None for what tokens are not signed with here.

    A document that shows a private part shows a key that everybody has.
    """
    if not isinstance(entry, dict) or "d" in entry or not is_plain(entry.get("kid"), MAX_KID):
        return None
    members: dict[str, Any] = {name: entry[name] for name in _READ & entry.keys()}
    try:
        return parse_jwk(members)
    except ValueError:
        return None


async def _fetch(url: str, ca: Path) -> bytes:
    """Fetch a document over TLS from a server that `ca` vouches for; no redirects.

    Raises:
        _DocumentError: It cannot be had, or is too large.
    """
    try:
        context = await asyncio.to_thread(ssl.create_default_context, cafile=str(ca))
        timeout = aiohttp.ClientTimeout(total=FETCH_S)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.get(url, ssl=context, allow_redirects=False) as response,
        ):
            if response.status != 200:  # noqa: PLR2004 - HTTP's OK
                raise _DocumentError(f"the server says {response.status}")
            return await _read_body(response.content)
    except TimeoutError:
        raise _DocumentError("the server does not answer in time") from None
    except (aiohttp.ClientError, OSError) as exc:
        raise _DocumentError(f"it cannot be fetched: {type(exc).__name__}") from None


async def _read_body(content: aiohttp.StreamReader) -> bytes:
    """Read no more than a document may have.

    Raises:
        _DocumentError: There is more.
    """
    body = bytearray()
    async for chunk in content.iter_chunked(8192):
        body += chunk
        if len(body) > MAX_DOCUMENT:
            raise _DocumentError(f"it is larger than {MAX_DOCUMENT} bytes")
    return bytes(body)
