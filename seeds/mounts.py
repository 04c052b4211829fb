"""Put each bank's mapping into a home, changed where the bank runs elsewhere than usual.

The committed mappings speak of embedded engines and usual ports. A bank on a server, the service
on another port, and a public list in place of the made-up one differ in a line or two.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.access.keys import write_secret
from seeds.banks.bank import Bank
from seeds.banks.registry import BANKS
from seeds.directory import BANK as DIRECTORY
from seeds.directory import point_directory
from seeds.engines import point_mapping
from seeds.make import find_folder, find_mapping

_LISTS = Path(__file__).parent / "lists"
_LIST_BANK = "RCC/counter"
_SERVICE_BANK = "IRN/persons"


class ListError(Exception):
    """The file is no list that is known; give the UN's XML, or OFAC's sdn.csv with its alt.csv."""


@dataclass(frozen=True, slots=True)
class Mounts:
    """What runs elsewhere than usual.

    Attributes:
        servers: Addresses of servers by engine, as ``postgres://postgres@127.0.0.1:5433`` and
            ``ldap://127.0.0.1:3890``.
        list_file: The list in place of the made-up one.
        service_port: The port of the Iranian bank's service.
    """

    servers: Mapping[str, str]
    list_file: Path | None
    service_port: int


def write_mappings(home: Path, mounts: Mounts) -> bool:
    """Write the mapping of each bank; return whether one points to other data than before."""
    changed = False
    for bank in BANKS:
        path = find_folder(home, bank) / "mapping.toml"
        text = _write_mapping(home, bank, mounts)
        before = path.read_text("utf-8") if path.is_file() else ""
        if text != before:
            path.write_text(text, encoding="utf-8")
            changed = changed or bank.name != _SERVICE_BANK
    return changed


def _write_mapping(home: Path, bank: Bank, mounts: Mounts) -> str:
    if bank.name == _LIST_BANK and mounts.list_file is not None:
        return _mount_list(find_folder(home, bank), bank, mounts.list_file)
    text = find_mapping(bank).read_text("utf-8")
    if bank.name == _SERVICE_BANK:
        return _mount_service(find_folder(home, bank), text, mounts.service_port)
    if bank.name == DIRECTORY and bank.engine in mounts.servers:
        return point_directory(mounts.servers[bank.engine])
    if bank.engine in mounts.servers:
        return point_mapping(bank, database_url(mounts.servers[bank.engine], bank.member))
    return text


def database_url(server: str, member: str) -> str:
    """Return the address of a member's database on a server."""
    return f"{server}/kalkan_{member.lower()}"


def _mount_service(folder: Path, text: str, port: int) -> str:
    """Point to the service's port, and give both ends a token of their own."""
    token = folder / "token"
    if not token.exists():
        write_secret(token, os.urandom(16).hex().encode())
    lines = f'url = "http://127.0.0.1:{port}"\ntoken_file = "token"'
    return re.sub(r'(?m)^url = ".*"$', lines, text, count=1)


def _mount_list(folder: Path, bank: Bank, file: Path) -> str:
    """Put a public list beside its mapping, and call the bank as it was called."""
    name, sources = _recognise(file)
    for target, source in sources.items():
        if not source.is_file():
            raise ListError(f"{source}: is missing; it belongs beside {file.name}")
        shutil.copyfile(source, folder / target)
    text = (_LISTS / f"{name}.toml").read_text("utf-8")
    return re.sub(r'(?m)^id = ".*"$', f'id = "{bank.id}"', text, count=1)


def _recognise(file: Path) -> tuple[str, Mapping[str, Path]]:
    """Tell which list a file is, by its beginning; name its files as the mapping does."""
    try:
        with file.open("rb") as opened:
            start = opened.read(4096)
    except OSError as exc:
        raise ListError(f"{file}: cannot be read: {exc.strerror}") from None
    if b"CONSOLIDATED_LIST" in start:
        return "un", {"un_consolidated.xml": file}
    if re.match(rb'"?\d+"?\s*,\s*"', start) and "sdn" in file.name.lower():
        alias = file.with_name(re.sub("(?i)sdn", "alt", file.name))
        return "ofac", {"ofac_sdn.csv": file, "ofac_alt.csv": alias}
    raise ListError(f"{file}: is neither the UN's XML nor OFAC's sdn.csv")
