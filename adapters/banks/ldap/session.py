"""One connection to a directory: it searches, one thing at a time, and can be stopped from outside.

ldap3 blocks, so a session is used in a worker thread. It never writes: the driver's own switch for
that is on, and nothing here asks for anything but a search.
"""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.banks.ldap.entries import Entry
from adapters.contract import AdapterError, BankFaultError, BankTimeoutError, BankUnavailableError

with warnings.catch_warnings():
    # ldap3 imports names that a newer pyasn1 has under another name and calls deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPException
    from ldap3.operation import search

__all__ = ["Address", "Page", "Query", "Session", "is_filter"]

_PAGES: Final = "1.2.840.113556.1.4.319"
_GOOD, _LATE = 0, 3
_LIMITED: Final = frozenset((4, 11))
_BIND: Final = frozenset((7, 8, 13, 14, 48, 49, 50, 53))
_AWAY: Final = frozenset((51, 52, 80))
_FAULTS: Final = {
    10: "the directory refers to another server; write that one's url",
    32: "the directory has no such entry; check base",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a directory is, and as whom it is asked."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    start_tls: bool = False
    user: str | None = None
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: below which entry, how deep (`BASE`, `LEVEL`, `SUBTREE`), for what."""

    base: str
    scope: str
    filter: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What was found; `more` is the directory's word for the next page, empty after the last."""

    entries: tuple[Entry, ...]
    more: bytes = b""
    cut: bool = False


def is_filter(text: str) -> bool:
    """Tell whether this is one filter as RFC 4515 writes it."""
    reader: Any = search
    rules = {"auto_escape": False, "auto_encode": False, "validator": None, "check_names": False}
    try:
        parsed = reader.parse_filter(text, None, **rules)
        reader.compile_filter(parsed.elements[0])
    except (LDAPException, IndexError, ValueError):
        return False
    return len(parsed.elements) == 1


class Session:
    """One connection. Only `stop` may be called from another thread.

    Args:
        address: Where the directory is.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: Any = None
        self._bound = self._running = self._stopped = False
        self._lock = threading.Lock()

    @property
    def used(self) -> bool:
        """Whether it was used before: then the other side may have gone in the meantime."""
        return self._bound

    def search(self, query: Query, size: int, until: float, *, after: bytes = b"") -> Page:
        """Find one page of entries.

        Args:
            query: What is searched.
            size: Entries in the page at most.
            until: When to give up, by the monotonic clock.
            after: `more` of the page before.

        Raises:
            BankTimeoutError: The time was over.
            BankUnavailableError: The directory cannot be reached or does not serve now.
            BankFaultError: It refused us or the search.
        """
        self._running = True
        try:
            if not self._bound:
                self._connect(until)
            return self._search(query, size, until, after)
        except (LDAPException, OSError, ValueError):
            self._left(until)
            raise BankUnavailableError("the directory cannot be reached or broke off") from None
        finally:
            with self._lock:
                self._running = False
                if self._stopped:
                    self._hang_up()

    def _search(self, query: Query, size: int, until: float, after: bytes) -> Page:
        self._connection.socket.settimeout(self._left(until))
        self._connection.search(
            query.base,
            query.filter,
            search_scope=query.scope,
            dereference_aliases=ldap3.DEREF_NEVER,
            attributes=list(query.attributes),
            time_limit=math.ceil(self._left(until)),
            paged_size=size,
            paged_cookie=after or None,
        )
        result = self._connection.result
        _verify_code(result["result"])
        entries = _read_entries(self._connection.response or ())
        control = (result.get("controls") or {}).get(_PAGES)
        more = bytes(control["value"]["cookie"] or b"") if control else b""
        return Page(entries, more, cut=result["result"] in _LIMITED)

    def _connect(self, until: float) -> None:
        """Connect, begin TLS where it is wished, and bind."""
        left, address = self._left(until), self._address
        tls = _Tls(address.tls, address.host) if address.tls is not None else None
        server = ldap3.Server(
            address.host,
            address.port,
            use_ssl=tls is not None and not address.start_tls,
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=left,
        )
        connection = ldap3.Connection(
            server,
            user=address.user,
            password=address.password or None,
            client_strategy=ldap3.SYNC,
            authentication=ldap3.SIMPLE if address.user else ldap3.ANONYMOUS,
            auto_referrals=False,
            read_only=True,
            check_names=False,
            receive_timeout=math.ceil(left),
            fast_decoder=True,
        )
        self._connection = connection
        connection.open(read_server_info=False)
        if address.start_tls and not connection.start_tls(read_server_info=False):
            raise BankUnavailableError("the directory does not begin TLS")
        connection.socket.settimeout(self._left(until))
        connection.bind(read_server_info=False)
        _verify_code(connection.result["result"])
        self._bound = True

    def _left(self, until: float) -> float:
        left = until - time.monotonic()
        if left <= 0 or self._stopped:
            raise BankTimeoutError("the directory did not answer in time")
        return left

    def stop(self) -> None:
        """End what runs: a directory gives up a search whose connection is gone."""
        with self._lock:
            self._stopped = True
            if not self._running:
                self._hang_up()
                return
            found = getattr(self._connection, "socket", None)
            if found is not None:
                with suppress(OSError):
                    # Not the method of an SSLSocket: it is not made for another thread.
                    socket.socket.shutdown(found, socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        found = getattr(self._connection, "socket", None)
        if found is not None:
            found.close()

    def close(self) -> None:
        """Say goodbye, then close; in a worker thread."""
        with suppress(LDAPException, OSError):
            self._connection.unbind()


class _Tls(ldap3.Tls):
    """TLS by a context of the standard library, which checks the name of the server too."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = context
        self._host = host

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002, ANN401 - as ldap3 declares it
        """Put TLS around the socket of a connection."""
        connection.socket = self._context.wrap_socket(
            connection.socket,
            server_hostname=self._host,
            do_handshake_on_connect=do_handshake,
        )


def _read_entries(response: Sequence[dict[str, Any]]) -> tuple[Entry, ...]:
    """Take the entries; a directory that keeps a part elsewhere would leave a silent gap."""
    if any(item["type"] == "searchResRef" for item in response):
        raise BankFaultError("the directory refers to another server; write that one's base")
    return tuple(i["raw_attributes"] for i in response if i["type"] == "searchResEntry")


def _verify_code(code: int) -> None:
    """Turn a result code of RFC 4511 into an error, by what has to be done."""
    error = _judge(code)
    if error is not None:
        raise error


def _judge(code: int) -> AdapterError | None:
    if code == _GOOD or code in _LIMITED:
        return None
    if code == _LATE:
        return BankTimeoutError("the directory did not answer in time")
    if code in _AWAY:
        return BankUnavailableError("the directory does not serve now")
    if code in _BIND:
        return BankFaultError("the directory refuses us; check bind, password_file and its rights")
    return BankFaultError(_FAULTS.get(code, f"the directory refused a search with code {code}"))
