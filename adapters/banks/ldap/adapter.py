"""Make a directory searchable through its mapping alone.

The directory compares exact values only, by its own rules for each attribute. Names are found by
the node's in-country index, which reads `names` and comes back with references for `fetch`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from adapters.banks.ldap.address import read_address
from adapters.banks.ldap.directory import Directory
from adapters.banks.ldap.entries import Entry, Shape
from adapters.banks.ldap.filters import all_of, any_of, is_attribute, is_value, missing
from adapters.banks.ldap.schema import read_names, require_attributes
from adapters.banks.ldap.session import Page, Query, is_filter
from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
    Capability,
    FieldName,
    Limits,
    MappingError,
    Named,
    Probe,
    QueryRejectedError,
    Record,
    Result,
)
from adapters.mapping.lookups import Question, ask, find_lookups, find_probes, list_kinds, matches
from adapters.mapping.model import Mapping
from adapters.mapping.records import MAX_REFERENCE, RecordBuilder
from adapters.mapping.sources import Ldap

__all__ = ["LdapAdapter", "open_ldap"]

_REFERENCES: Final = 1_000
_CHUNK: Final = 200
_PAGE_S: Final = 30.0
_CHECK_S: Final = 5.0
_NAMES: Final = frozenset((FieldName.NAME, FieldName.ORGANISATION))


async def open_ldap(mapping: Mapping, folder: Path) -> LdapAdapter:
    """Open a bank of kind ldap, and check its base where the directory can be asked now.

    Args:
        mapping: Its mapping.
        folder: The bank's folder, which the paths of the mapping are relative to.

    Raises:
        MappingError: The filter is none, a column is no attribute, a file cannot be read, or the
            directory has no such base.
    """
    ldap = mapping.ldap
    if ldap is None:
        raise MappingError(f"{mapping.origin().tell(('bank', 'kind'))}: write an [ldap] block")
    _require_words(mapping, ldap)
    adapter = LdapAdapter(mapping, ldap, Directory(read_address(mapping, ldap, folder), ldap.pool))
    try:
        with suppress(BankUnavailableError, BankTimeoutError):
            await adapter.check(_CHECK_S)
    except BankFaultError as exc:
        await adapter.close()
        raise MappingError(f"{mapping.origin().tell(('ldap',))}: {exc}") from None
    except BaseException:
        await adapter.close()
        raise
    return adapter


def _require_words(mapping: Mapping, ldap: Ldap) -> None:
    if not is_filter(ldap.filter):
        told = mapping.origin().tell(("ldap", "filter"))
        raise MappingError(f"{told}: write a filter as RFC 4515 does, (objectClass=person)")
    if ldap.watermark is not None and not is_attribute(ldap.watermark):
        told = mapping.origin().tell(("ldap", "watermark"))
        raise MappingError(f"{told}: write the name of an attribute")


class LdapAdapter:
    """One directory.

    Args:
        mapping: The bank's mapping.
        ldap: Its `[ldap]` block.
        directory: The directory; the adapter closes it.

    Raises:
        MappingError: A column of the mapping is not an attribute.
    """

    def __init__(self, mapping: Mapping, ldap: Ldap, directory: Directory) -> None:
        self._mapping = mapping
        self._ldap = ldap
        self._directory = directory
        self._shape = Shape(mapping)
        self._lookups = find_lookups(mapping)
        self._builder = RecordBuilder(mapping)
        self._namer = RecordBuilder(mapping, _NAMES)
        self._capability = Capability(
            probes=find_probes(mapping),
            kinds=list_kinds(mapping),
            fields=frozenset(block.name for block in mapping.fields),
            scripts=mapping.bank.scripts,
            engine="ldap",
            strict=mapping.strict,
        )

    @property
    def capability(self) -> Capability:
        """What the mapping makes of the directory."""
        return self._capability

    @property
    def faults(self) -> Counter[str]:
        """How many broken or surplus values each column had so far."""
        return self._builder.faults + self._namer.faults

    async def check(self, timeout_s: float) -> None:
        """Ask for the entry at the base, and for the attributes that the directory knows.

        Raises:
            MappingError: The directory knows no such attribute.
            BankFaultError: The base is not there, or may not be read.
            AdapterError: The directory cannot be asked now.
        """
        page = await self._directory.page(self._at_base("subschemaSubentry"), 1, timeout_s)
        if not page.entries:
            raise BankFaultError("the entry at base may not be read; check bind and its rights")
        for place in page.entries[0].get("subschemaSubentry", ()):
            about = Query(place.decode(), "BASE", "(objectClass=subschema)", ("attributeTypes",))
            schema = await self._directory.page(about, 1, timeout_s)
            types = [t for entry in schema.entries for t in entry.get("attributeTypes", ())]
            if types:
                require_attributes(self._mapping, self._shape.attributes, read_names(types))

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find records by document, plate, VIN, registration number or identifier."""
        questions = ask(probe, self._lookups, self._mapping.bank.scripts)
        if not questions:
            raise QueryRejectedError("this bank cannot be searched for this")
        until = asyncio.get_running_loop().time() + limits.timeout_s
        found: dict[str, Record] = {}
        more = False
        for question in questions:
            filter_ = self._write_question(question)
            if filter_ is None:
                continue
            page = await self._find(filter_, limits.rows + 1, until)
            more = more or len(page.entries) > limits.rows or page.cut
            found |= {record.reference: record for record in self._build(page.entries)}
        same = [found[reference] for reference in sorted(found) if matches(found[reference], probe)]
        return Result(tuple(same[: limits.rows]), more or len(same) > limits.rows)

    def _write_question(self, question: Question) -> str | None:
        """Write a question as a filter; None where no attribute can hold what is asked."""
        lookup = question.lookup
        values = [value for value in question.values if is_value(value)]
        if not values:
            return None
        asked = any_of(self._shape.attribute_of(lookup.column), values)
        if lookup.series is None:
            return asked
        series = self._shape.attribute_of(lookup.series)
        heads = [value for value in question.series if is_value(value)]
        told = any_of(series, heads) if heads else ""
        return all_of(asked, f"(|{told}{missing(series)})")

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference; unknown references are left out. Raises as search."""
        if len(references) > _REFERENCES:
            raise QueryRejectedError(f"at most {_REFERENCES} references in one call")
        until = asyncio.get_running_loop().time() + limits.timeout_s
        keys = [k for k in dict.fromkeys(references) if is_value(k) and len(k) <= MAX_REFERENCE]
        entries: list[Entry] = []
        more = False
        for start in range(0, len(keys), _CHUNK):
            part = any_of(self._mapping.key, keys[start : start + _CHUNK])
            page = await self._find(part, limits.rows + 1, until)
            entries += page.entries
            more = more or page.cut or bool(page.more)
            if len(entries) > limits.rows:
                break
        asked = set(keys)
        records = {r.reference: r for r in self._build(entries) if r.reference in asked}
        ordered = tuple(records[reference] for reference in sorted(records))
        return Result(ordered[: limits.rows], more or len(ordered) > limits.rows)

    async def _find(self, filter_: str, size: int, until: float) -> Page:
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            raise BankTimeoutError("the directory did not answer in time")
        return await self._directory.page(self._below_base(filter_), size, left)

    def _build(self, entries: Iterable[Entry]) -> list[Record]:
        rows = (self._shape.read(entry, self._builder.faults) for entry in entries)
        built = (self._builder.build(*row) for row in rows)
        return [record for record in built if record is not None]

    async def names(self) -> AsyncIterator[Named]:
        """Read the names of all records, page by page. Raises as search."""
        pages = self._directory.pages(self._below_base(""), self._ldap.page, _PAGE_S)
        async with aclosing(pages) as opened:
            async for page in opened:
                if page.cut:
                    raise BankFaultError(
                        "the directory's own limit of entries cuts the list of names; have it "
                        "raised for the name that we bind with"
                    )
                for named in await asyncio.to_thread(self._name, page.entries):
                    yield named

    def _name(self, entries: Iterable[Entry]) -> list[Named]:
        found: list[Named] = []
        for entry in entries:
            base, children = self._shape.read(entry, self._namer.faults)
            reference = self._namer.reference(base)
            names = self._namer.names(base, children) if reference else ()
            if names:
                found.append(Named(reference, names))
        return found

    async def watermark(self) -> str:
        """The declared attribute of the base entry; empty where none is."""
        attribute = self._ldap.watermark
        if attribute is None:
            return ""
        page = await self._directory.page(self._at_base(attribute), 1, _PAGE_S)
        values = [v for entry in page.entries for v in entry.get(attribute, ())]
        if not values:
            raise BankFaultError("the base entry has no such attribute; check [ldap] watermark")
        return " ".join(sorted(value.decode("utf-8", "replace") for value in values))

    async def as_of(self) -> datetime | None:
        """Of when the data are, by the mapping's own word."""
        return self._mapping.as_of

    async def close(self) -> None:
        """Close all connections. Safe to call twice."""
        await self._directory.close()

    def _below_base(self, filter_: str) -> Query:
        ldap = self._ldap
        scope = "SUBTREE" if ldap.scope == "subtree" else "LEVEL"
        wanted = all_of(ldap.filter, filter_) if filter_ else ldap.filter
        return Query(ldap.base, scope, wanted, self._shape.attributes)

    def _at_base(self, attribute: str) -> Query:
        return Query(self._ldap.base, "BASE", "(objectClass=*)", (attribute,))
