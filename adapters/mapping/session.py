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
from adapters.mapping.web import Web

__all__ = ["POOL", "open_session"]

POOL: Final = 8
"""Connections, and requests at one time, at most."""

_TOKEN_LIMIT: Final = 8_192


def open_session(web: Web, folder: Path) -> aiohttp.ClientSession:
    """Open the session; call it inside the event loop that will use it.

    Raises:
        MappingError: The token, the certificates or the key cannot be read.
    """
    headers = {**web.headers, "Accept-Encoding": "identity"}
    if web.token_file is not None:
        headers["Authorization"] = web.authorise(_read_token(_inside(folder, web.token_file)))
    connector = aiohttp.TCPConnector(limit=POOL, ssl=_open_tls(web, folder))
    return aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),  # the service times each request itself
        auto_decompress=False,
        trust_env=False,
    )


def _inside(folder: Path, path: str) -> Path:
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts:
        raise MappingError(f'[http] "{path}": write a path inside the bank\'s folder')
    return folder / relative


def _read_token(path: Path) -> str:
    try:
        token = path.read_bytes()[:_TOKEN_LIMIT].decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise MappingError("[http] token_file: cannot be read, or is not ASCII") from None
    if not token.isprintable() or not token:
        raise MappingError("[http] token_file: write the token in one line")
    return token


def _open_tls(web: Web, folder: Path) -> ssl.SSLContext | bool:
    """Say whose certificates are trusted, the declared or the system's, and log in with ours."""
    if web.ca_file is None and web.certificate is None:
        return True
    context = _trust(web, folder)
    if web.certificate is not None and web.key is not None:
        certificate, key = _inside(folder, web.certificate), _inside(folder, web.key)
        try:
            # Without a password of ours, OpenSSL would ask for one on the terminal.
            context.load_cert_chain(certificate, key, password=lambda: b"")
        except (OSError, ssl.SSLError):
            raise MappingError(
                "[http] certificate, key: cannot be read, do not belong together, or the key is "
                "encrypted"
            ) from None
    return context


def _trust(web: Web, folder: Path) -> ssl.SSLContext:
    if web.ca_file is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=_inside(folder, web.ca_file))
    except (OSError, ssl.SSLError):
        raise MappingError("[http] ca_file: cannot be read, or holds no certificate") from None
