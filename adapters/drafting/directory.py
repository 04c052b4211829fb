"""Look at a directory: what its schema says, and a bounded sample of entries.

Each object class that entries have is a table, an attribute with several values one inside it. The
sample is read with the driver that the bank itself will be asked with.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from adapters.contract import MappingError
from adapters.drafting.definitions import Attribute, ObjectClass, read_attributes, read_classes
from adapters.drafting.guess import PLAIN
from adapters.drafting.lines import quote
from adapters.drafting.shape import SAMPLE, Column, DraftError, Login, Seen, Table
from adapters.mapping.model import Mapping

if TYPE_CHECKING:
    from adapters.banks.ldap.directory import Directory
    from adapters.banks.ldap.entries import Entry

__all__ = ["look_at_directory"]

_TIMEOUT_S: Final = 30.0
_READ: Final = 5_000
_PAGE: Final = 500
_LOCAL: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_MARKS: Final = ("contextCSN", "highestCommittedUSN")
_NOTE: Final = (
    "Have the directory index the attributes that are searched, for eq, and those of a series "
    "for eq,pres."
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read of a directory."""

    base: str
    entries: tuple[Entry, ...]
    attributes: dict[str, Attribute]
    classes: dict[str, ObjectClass]
    watermark: str


def look_at_directory(url: str, folder: Path, login: Login) -> Seen:
    """Look at a directory.

    Args:
        url: `ldap://host:port/base`; without a base the directory's own first one is taken.
        folder: Where the mapping will be.
        login: The name that is bound with and the files for it; anonymous without a name.

    Raises:
        DraftError: The driver is not installed, or the address or a file is wrong.
        AdapterError: The directory cannot be asked.
    """
    if find_spec("ldap3") is None:
        raise DraftError("a directory needs its driver: pip install 'kalkan[ldap]'")
    parts = urlsplit(url)
    if not parts.hostname:
        raise DraftError("write ldap://host/base, such as ldaps://directory.gov.pk/dc=gov,dc=pk")
    block = _block(f"{parts.scheme}://{parts.netloc}", parts.hostname, login)
    found = asyncio.run(_look(block, folder, unquote(parts.path.strip("/"))))
    lines = ["[ldap]", *(f"{key} = {_write(value)}" for key, value in block.items())]
    lines.append(f"base = {quote(found.base)}" + ("" if parts.path.strip("/") else _GUESS))
    if found.watermark:
        lines.append(f"watermark = {quote(found.watermark)}")
    tables = tuple(table for name in _rank_classes(found) for table in _make_tables(found, name))
    name = found.base.partition(",")[0].partition("=")[2] or parts.hostname
    return Seen(name, "ldap", tuple(lines), tables, (_NOTE,))


_GUESS: Final = "  # guess: the first that the directory names"


def _block(url: str, host: str, login: Login) -> dict[str, str | bool]:
    block: dict[str, str | bool] = {"url": url}
    if login.ca_file:
        block["ca_file"] = login.ca_file
    if login.bind:
        block |= {"bind": login.bind, "password_file": login.password_file}
        if url.startswith("ldap:") and host not in _LOCAL:
            block["start_tls"] = True  # a password does not travel in the clear
    return block


def _write(value: str | bool) -> str:  # noqa: FBT001 - a value of TOML
    return quote(value) if isinstance(value, str) else str(value).lower()


async def _look(block: dict[str, str | bool], folder: Path, base: str) -> _Found:
    from adapters.banks.ldap.address import read_address
    from adapters.banks.ldap.directory import Directory

    try:
        mapping = Mapping.model_validate(_pretend(block, base))
        assert mapping.ldap is not None  # noqa: S101 - it was just given
        address = read_address(mapping, mapping.ldap, folder)
    except (MappingError, ValueError):
        raise DraftError("the address, the name that is bound with or a file is wrong") from None
    directory = Directory(address, 1)
    try:
        return await _read(directory, base)
    finally:
        await directory.close()


def _pretend(block: dict[str, str | bool], base: str) -> dict[str, Any]:
    """Return the smallest mapping of a directory: what reads addresses reads them from one."""
    return {
        "version": 1,
        "bank": {"id": "draft", "title": "draft", "kind": "ldap"},
        "ldap": {**block, "base": base or "draft", "filter": "(objectClass=*)"},
        "record": {"key": "uid"},
        "field": [{"field": "name", "full": "cn"}],
        "kind": {"const": "registered"},
    }


async def _read(directory: Directory, wanted: str) -> _Found:
    base = wanted or await _first(directory, "", "namingContexts")
    if not base:
        raise DraftError("the directory names no base; write it behind the host")
    place = await _first(directory, base, "subschemaSubentry")
    schema = await _at(directory, place, "attributeTypes", "objectClasses") if place else {}
    marks = [mark for mark in _MARKS if await _first(directory, base, mark)]
    return _Found(
        base,
        tuple(await _sample(directory, base)),
        read_attributes(schema.get("attributeTypes", ())),
        read_classes(schema.get("objectClasses", ())),
        next(iter(marks), ""),
    )


async def _first(directory: Directory, base: str, attribute: str) -> str:
    values = (await _at(directory, base, attribute)).get(attribute, ())
    return values[0].decode("utf-8", "replace") if values else ""


async def _at(directory: Directory, base: str, *attributes: str) -> Entry:
    from adapters.banks.ldap.session import Query

    query = Query(base, "BASE", "(objectClass=*)", attributes)
    page = await directory.page(query, 1, _TIMEOUT_S)
    return page.entries[0] if page.entries else {}


async def _sample(directory: Directory, base: str) -> list[Entry]:
    """Read entries page by page, up to a number."""
    from adapters.banks.ldap.session import Query

    entries: list[Entry] = []
    query = Query(base, "SUBTREE", "(objectClass=*)", ("*", "entryDN"))
    async with aclosing(directory.pages(query, _PAGE, _TIMEOUT_S)) as pages:
        async for page in pages:
            entries += page.entries
            if len(entries) >= _READ:
                break
    return entries


def _rank_classes(found: _Found) -> list[str]:
    """Return the object classes of entries, those that say most of an entry first."""
    counts = Counter(name for entry in found.entries for name in _classes_of(entry))
    counts.pop("top", None)
    return sorted(counts, key=lambda name: (-_depth(found, name), -counts[name], name))


def _classes_of(entry: Entry) -> list[str]:
    return [value.decode("utf-8", "replace").lower() for value in entry.get("objectClass", ())]


def _depth(found: _Found, name: str, limit: int = 20) -> int:
    """Count the classes above one."""
    made = found.classes.get(name)
    if made is None or not made.above or not limit:
        return 0
    return 1 + max(_depth(found, above.lower(), limit - 1) for above in made.above)


def _make_tables(found: _Found, name: str) -> Iterator[Table]:
    entries = [entry for entry in found.entries if name in _classes_of(entry)]
    made = found.classes.get(name)
    called = made.names[0] if made is not None and made.names else name
    seen = dict.fromkeys(key for entry in entries for key in entry if _is_readable(found, key))
    many = [key for key in seen if any(len(entry.get(key, ())) > 1 for entry in entries)]
    yield Table(
        called,
        tuple(_column(found, key, entries[:SAMPLE]) for key in seen if key not in many),
        _find_key(entries),
        rows=len(entries),
        whole=True,
        source=(f"filter = {quote(f'(objectClass={called})')}{_WHY}",),
    )
    for key in many:
        values = [_text(value) for entry in entries[:SAMPLE] for value in entry.get(key, ())]
        column = Column(PLAIN, tuple(values), called=_names_of(found, key))
        word = key.replace(";", "_")
        yield Table(word, (column,), rows=len(values), inside=called, path=key)


_WHY: Final = "  # guess: entries of this class know most of what is searched for"


def _is_readable(found: _Found, key: str) -> bool:
    kept = found.attributes.get(key.partition(";")[0].lower())
    return key.lower() not in {"entrydn", "objectclass"} and (kept is None or kept.readable)


def _column(found: _Found, key: str, entries: Sequence[Entry]) -> Column:
    values = tuple(_text(next(iter(entry.get(key, ())), b"")) for entry in entries)
    return Column(key, values, indexed=True, called=_names_of(found, key))


def _names_of(found: _Found, key: str) -> tuple[str, ...]:
    """Return the names of an attribute, each with the options that it stands with here."""
    name, sign, options = key.partition(";")
    kept = found.attributes.get(name.lower())
    names = (name, *(kept.names if kept is not None else ()))
    return tuple(dict.fromkeys(each + sign + options for each in names))


def _text(value: bytes) -> str:
    """Decode a value; a time of the directory's own kind is the date that the bank will read."""
    from adapters.banks.ldap.entries import read_time

    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    time = read_time(text)
    return text if time is None else time.date().isoformat()


def _find_key(entries: Sequence[Entry]) -> str | None:
    """Take the attribute that names the entries below their parent, where all have another."""
    names = Counter(
        _text(dn).partition("=")[0] for entry in entries for dn in entry.get("entryDN", ())
    )
    for name, count in names.most_common(1):
        values = {bytes(value).lower() for entry in entries for value in entry.get(name, ())[:1]}
        if count == len(entries) == len(values):
            return name
    return None
