"""Read the address of a directory from a mapping, and the password from the bank's folder."""

from __future__ import annotations

import ssl
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from adapters.banks.ldap.session import Address
from adapters.contract import MappingError
from adapters.mapping.model import Mapping
from adapters.mapping.sources import Ldap

__all__ = ["read_address"]

_PORTS = {"ldap": 389, "ldaps": 636}


def read_address(mapping: Mapping, ldap: Ldap, folder: Path) -> Address:
    """Read the `[ldap]` block.

    Raises:
        MappingError: The url is none, or a file it names cannot be read.
    """
    parts = urlsplit(ldap.url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        port = 0
    if not parts.hostname or not port:
        told = mapping.origin().tell(("ldap", "url"))
        raise MappingError(f"{told}: write ldaps://host:port")
    secret = ldap.start_tls or parts.scheme == "ldaps"
    return Address(
        host=parts.hostname,
        port=port,
        tls=_read_tls(mapping, ldap, folder) if secret else None,
        start_tls=ldap.start_tls,
        user=ldap.bind,
        password=_read_password(mapping, ldap, folder),
    )


def _read_password(mapping: Mapping, ldap: Ldap, folder: Path) -> str:
    """Read the password; an empty one would bind as nobody, and seem to be right (RFC 4513)."""
    if ldap.password_file is None:
        return ""
    told = mapping.origin().tell(("ldap", "password_file"))
    try:
        path = _inside(folder, ldap.password_file)
        password = path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, ValueError):
        raise MappingError(f"{told}: this file cannot be read") from None
    if not password or not password.isprintable():
        raise MappingError(f"{told}: write the password into this file, in one line")
    return password


def _read_tls(mapping: Mapping, ldap: Ldap, folder: Path) -> ssl.SSLContext:
    if ldap.ca_file is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=_inside(folder, ldap.ca_file))
    except (OSError, ValueError):
        told = mapping.origin().tell(("ldap", "ca_file"))
        raise MappingError(f"{told}: no certificates can be read from this file") from None


def _inside(folder: Path, path: str) -> Path:
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts:
        raise ValueError("a path outside the bank's folder")
    return folder / relative
