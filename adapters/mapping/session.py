"""Open the one session of a bank: a bounded pool that goes to this service and nowhere else.

No redirect is followed, no proxy taken from the environment, no cookie kept, and answers come
uncompressed, so that their size is known while they are read.
"""

from __future__ import annotations

import ssl
from pathlib import Path, PurePosixPath
from typing import Final

import aiohttp

from adapters.contract import MappingError
from adapters.mapping.block import BlockError
from adapters.mapping.locate import Origin
from adapters.mapping.web import Web

__all__ = ["POOL", "open_session"]

POOL: Final = 8
"""Connections, and requests at one time, at most."""

_TOKEN_LIMIT: Final = 8_192
_NOWHERE: Final = Origin()


def open_session(web: Web, folder: Path, origin: Origin = _NOWHERE) -> aiohttp.ClientSession:
    """Open the session; call it inside the event loop that will use it.

    Args:
        web: What the mapping says of the service.
        folder: The bank's folder, which the files are relative to.
        origin: Where the mapping came from.

    Raises:
        MappingError: The token, the certificates or the key cannot be read.
    """
    headers = {**web.headers, "Accept-Encoding": "identity"}
    try:
        if web.token_file is not None:
            headers["Authorization"] = web.authorise(_read_token(web, folder))
        tls = _open_tls(web, folder)
    except BlockError as exc:
        raise MappingError(f"{origin.tell((web.section, *exc.place))}: {exc}") from None
    connector = aiohttp.TCPConnector(limit=POOL, ssl=tls)
    return aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),  # the service times each request itself
        auto_decompress=False,
        trust_env=False,
    )


def _inside(folder: Path, path: str, key: str) -> Path:
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts:
        raise BlockError("write a path inside the bank's folder", key)
    return folder / relative


def _read_token(web: Web, folder: Path) -> str:
    key = type(web).model_fields["token_file"].alias or "token_file"
    path = _inside(folder, web.token_file or "", key)
    try:
        token = path.read_bytes()[:_TOKEN_LIMIT].decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BlockError("this file cannot be read, or is not ASCII", key) from None
    if not token.isprintable() or not token:
        raise BlockError("write the token into this file, in one line", key)
    return token


def _open_tls(web: Web, folder: Path) -> ssl.SSLContext | bool:
    """Say whose certificates are trusted, the declared or the system's, and log in with ours."""
    if web.ca_file is None and web.certificate is None:
        return True
    context = _trust(web, folder)
    if web.certificate is not None and web.key is not None:
        certificate = _inside(folder, web.certificate, "certificate")
        key = _inside(folder, web.key, "key")
        try:
            # Without a password of ours, OpenSSL would ask for one on the terminal.
            context.load_cert_chain(certificate, key, password=lambda: b"")
        except (OSError, ssl.SSLError):
            told = "this or key cannot be read, they do not belong together, or key is encrypted"
            raise BlockError(told, "certificate") from None
    return context


def _trust(web: Web, folder: Path) -> ssl.SSLContext:
    if web.ca_file is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=_inside(folder, web.ca_file, "ca_file"))
    except (OSError, ssl.SSLError):
        raise BlockError("this file cannot be read, or holds no certificate", "ca_file") from None
