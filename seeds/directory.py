"""Write the Pakistani register as a directory: the same entries, each of them with attributes.

The embedded fall-back is the table of such a directory's export; `--servers` runs the directory
itself. All entries are given to the server before it starts, for it is read-only.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from seeds.banks.bank import Bank
from seeds.banks.registry import find_bank
from seeds.make import Maker
from seeds.planted import make_subjects
from seeds.servers import Directory, ServerError
from seeds.store import Row, batch_rows

__all__ = ["BANK", "make_directory", "point_directory", "require_driver"]

BANK: Final = "PAK/persons"
"""The bank that is a directory with `--servers`."""

_MAPPINGS: Final = Path(__file__).parent / "directories"
_SUFFIX: Final = "dc=gov,dc=pk"
_BASE: Final = f"ou=afrad,{_SUFFIX}"
_INDEXES: Final = ("uid", "cnic", "passport", "mobile")
_ATTRIBUTES: Final = {
    "uid": "uid",
    "naam_urdu": "cn;lang-ur",
    "walad_urdu": "walad;lang-ur",
    "naam": "cn",
    "walad": "walad",
    "jins": "jins",
    "tarikh_paidaish": "tarikhPaidaish",
    "jaye_paidaish": "jayePaidaish",
    "qaumiyat": "qaumiyat",
    "cnic": "cnic",
    "passport": "passport",
    "wajah": "wajah",
    "khatra": "khatra",
    "karwai": "karwai",
    "tarmeem": "tarmeem",
}
"""The columns of the embedded table, to the attributes of an entry."""

_INNER: Final = {"urf": "urf", "mobile": "mobile"}
"""The tables with more rows for each person, to the attributes with more values."""

_STANDARD: Final = frozenset(("uid", "cn", "mobile"))
_ARC: Final = "1.3.6.1.4.1.32473.2"  # an enterprise number that is kept for examples, RFC 5612
_TEXT: Final = "1.3.6.1.4.1.1466.115.121.1.15"
_PLAIN: Final = re.compile(r"[!-9;=-~][ -~]*(?<! )")


def require_driver() -> None:
    """Require that directories can be asked: their driver is an extra.

    Raises:
        ServerError: It is not installed.
    """
    if find_spec("ldap3") is None:
        raise ServerError("pip install 'kalkan[ldap]'")


def make_directory(seed: int, rows: int) -> Directory:
    """Describe the directory with all entries that the bank of these numbers holds.

    Args:
        seed: As for ``build``.
        rows: As for ``build``.
    """
    bank = find_bank(BANK)
    entries = "".join(_write_entries(bank, seed, rows))
    mark = hashlib.sha256(entries.encode()).hexdigest()[:16]
    return Directory(_SUFFIX, _write_schema(), _write_head(mark) + entries, _INDEXES)


def point_directory(url: str) -> str:
    """Return the mapping of the directory at an address."""
    member, _, name = BANK.partition("/")
    text = (_MAPPINGS / f"{member}-{name}.toml").read_text(encoding="utf-8")
    return re.sub(r'(?m)^url = ".*"$', f'url = "{url}"', text, count=1)


def _write_schema() -> str:
    names = {attribute.partition(";")[0] for attribute in (*_ATTRIBUTES.values(), *_INNER.values())}
    own = sorted(names - _STANDARD)
    types = [
        f"attributetype ( {_ARC}.1.{number} NAME '{name}' EQUALITY caseIgnoreMatch SYNTAX {_TEXT} )"
        for number, name in enumerate(own, start=1)
    ]
    may = " $ ".join(sorted(names - {"uid"}))
    types.append(
        f"objectclass ( {_ARC}.2.1 NAME 'fard' SUP top STRUCTURAL MUST uid MAY ( {may} ) )"
    )
    return "\n".join(types)


def _write_head(mark: str) -> str:
    """Write the entries above all persons; the last one has a mark that changes with the data."""
    return (
        f"dn: {_SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: gov\no: gov\n\n"
        f"dn: {_BASE}\nobjectClass: organizationalUnit\nou: afrad\ndescription: {mark}\n\n"
    )


def _write_entries(bank: Bank, seed: int, rows: int) -> Iterator[str]:
    assert bank.layout is not None  # noqa: S101 - this bank is a database where it is embedded
    people: dict[str, list[tuple[str, str]]] = {}
    stream = Maker(seed, rows, 0, make_subjects(seed)).stream(bank)
    for table, batch in batch_rows(bank.layout, stream):
        for row in batch:
            told = _read_row(table.name, [name for name, _ in table.columns], row)
            people.setdefault(str(row[0]), []).extend(told)
    for reference, values in people.items():
        yield _write_entry(reference, values)


def _read_row(table: str, columns: Sequence[str], row: Row) -> Iterable[tuple[str, str]]:
    """Return attributes and values of one row; of the inner tables the last column is the value."""
    if table in _INNER:
        return [(_INNER[table], str(row[-1]))]
    told = zip(columns, row, strict=True)
    return [(_ATTRIBUTES[column], str(value)) for column, value in told if value]


def _write_entry(reference: str, values: Iterable[tuple[str, str]]) -> str:
    lines = [f"dn: uid={reference},{_BASE}", "objectClass: fard"]
    lines += [_write_value(name, value) for name, value in values]
    return "\n".join(lines) + "\n\n"


def _write_value(name: str, value: str) -> str:
    """Write an attribute as LDIF does (RFC 2849): what is not plain ASCII in base 64."""
    if _PLAIN.fullmatch(value):
        return f"{name}: {value}"
    return f"{name}:: {base64.b64encode(value.encode()).decode('ascii')}"
