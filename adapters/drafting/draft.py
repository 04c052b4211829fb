"""Draft the mapping of an unknown bank: look, choose, write down, with a reason for each guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from adapters.contract import RecordKind
from adapters.drafting.choose import Chosen, Hanging, choose
from adapters.drafting.codes import CodeTables
from adapters.drafting.content import list_scripts
from adapters.drafting.database import look_at_database
from adapters.drafting.directory import look_at_directory
from adapters.drafting.fields import draft_fields
from adapters.drafting.folder import look_at_folder
from adapters.drafting.guess import Understood
from adapters.drafting.lines import Block, quote
from adapters.drafting.server import ENGINES, look_at_server
from adapters.drafting.service import look_at_service
from adapters.drafting.shape import DraftError, Login, Seen, Table, find_key
from adapters.mapping.keys import MAX_PARTS

__all__ = ["DOCUMENTS", "draft", "look"]

_BUDGET: Final = 1_000
DOCUMENTS: Final = (".json", ".yaml", ".yml")
"""How files with an OpenAPI document end."""

_SHOWN: Final = 4
_LIVE: Final = {False: "where", True: "filter, or have the service leave it out"}

_NOBODY: Final = Login()


def look(url: str, folder: Path, login: Login = _NOBODY) -> Seen:
    """Look at a bank.

    Args:
        url: The address of a database, of a directory or of a service's OpenAPI document; or a
            folder of files, a file of a bank, a file with an OpenAPI document.
        folder: Where the mapping will be.
        login: Whom a server knows us as.

    Raises:
        DraftError: It is none of these, or cannot be read.
        AdapterError: A server cannot be asked.
    """
    scheme, path = url.partition("://")[0], Path(url)
    if scheme in {"http", "https"} or (path.is_file() and path.suffix.lower() in DOCUMENTS):
        return look_at_service(url, folder, login)
    if scheme in {"ldap", "ldaps"}:
        return look_at_directory(url, folder, login)
    if path.exists():
        return look_at_folder(path)
    return _look_at_database(url, folder, login)


def _look_at_database(url: str, folder: Path, login: Login) -> Seen:
    try:
        address = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise DraftError("write a folder, or an address such as sqlite:///register.db") from None
    if address.get_backend_name() in ENGINES:
        return look_at_server(address, folder, login.password_file)
    return look_at_database(address, folder)


def draft(seen: Seen, *, table: str = "", bank: str = "") -> str:
    """Write the mapping of a bank that was looked at.

    Args:
        seen: What was seen.
        table: The table of the records; guessed where empty.
        bank: The bank's id; made of its name where empty.

    Raises:
        DraftError: No table looks like one of records, or there is none of that name.
    """
    chosen = choose(seen, table)
    codes = CodeTables()
    blocks = [
        _draft_bank(seen, chosen, bank),
        _draft_source(seen, chosen),
        _draft_record(chosen),
        *(_draft_join(join, chosen.record.table.name) for join in chosen.joins),
        *(_draft_many(many) for many in chosen.many),
        *_draft_fields(chosen, codes),
        _draft_kind(chosen, codes),
    ]
    blocks += codes.blocks()
    text = "\n\n".join("\n".join(block.lines) for block in blocks)
    return f"# A draft: read each guess, then run `kalkan bank check`.\nversion = 1\n\n{text}\n"


def _draft_bank(seen: Seen, chosen: Chosen, bank: str) -> Block:
    block = Block("[bank]").put("id", bank or _slug(seen.name), "" if bank else "its name")
    block.put("title", f"{seen.name}: {chosen.record.table.name}", "its names; say what it is")
    block.put("kind", seen.kind)
    scripts = _scripts([chosen.record, *(h.understood for h in chosen.many)])
    if scripts:
        block.put("scripts", scripts, "the letters of its names")
    block.raw("handling", '{ tlp = "amber" }', "nothing tells; say what receivers may do")
    block.note('contact = { office = "whom to ask about a hit", phone = "+", email = "@" }')
    for note in seen.notes:
        block.note(note)
    if chosen.others:
        block.note(f"Other tables that may hold records: {', '.join(chosen.others)}")
    return block


def _slug(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:64] or "bank"


def _scripts(tables: list[Understood]) -> list[str]:
    names = [g for each in tables for g in each.find("full", "given", "family", "organisation")]
    return list(list_scripts([text for guess in names for text in guess.column.texts]))


def _draft_source(seen: Seen, chosen: Chosen) -> Block:
    block = Block(seen.block[0])
    block.lines += [*seen.block[1:], *chosen.record.table.source]
    return block


def _draft_record(chosen: Chosen) -> Block:
    table = chosen.record.table
    block = Block("[record]")
    if not table.whole:
        block.put("table", table.name, "it knows most of what is searched for")
    _draft_key(block, table)
    for guess in chosen.record.find("deleted"):
        seen = " and ".join(sorted({quote(text) for text in guess.column.words})[:_SHOWN])
        block.note(
            f"guess: {guess.column.name} says what is deleted{', by ' if seen else ''}{seen};"
        )
        block.note(f"leave that out by {_LIVE[table.whole]}")
    if table.whole:
        why = "what one query reads at most is its owner's word, for no plan can be seen"
        return block.raw("budget", str(_BUDGET), why)
    for guess in chosen.record.find("updated")[:1]:
        block.put("watermark_column", guess.column.name, guess.why)
    return block


def _draft_key(block: Block, table: Table) -> None:
    if table.joint and len(table.joint) <= MAX_PARTS:
        block.put("key", table.joint)
        return
    if table.joint:
        block.note(f"The primary key has {len(table.joint)} columns; {MAX_PARTS} may be written:")
        block.note("where none is different in each row, let a view make one of them.")
    key = table.key or find_key(table.columns)
    if key:
        block.put("key", key, "" if table.key else "each row that was seen has another value")
        return
    told = 'EDIT: write a column that is different in each row, or ["one", "other"] together'
    block.put("key", table.columns[0].name, told)


def _draft_join(join: Hanging, record: str) -> Block:
    pairs = {f"{join.tie.table}.{b}": f"{record}.{a}" for a, b in join.tie.pairs}
    return _tie(Block("[[join]]"), join, pairs)


def _draft_many(many: Hanging) -> Block:
    table = many.understood.table
    if table.inside and not many.tie.target:
        block = Block("[[many]]").put("table", table.name)
        return block.put("path", table.path) if table.path != table.name else block
    pairs = {f"{table.name}.{a}": f"{many.tie.table}.{b}" for a, b in many.tie.pairs}
    return _tie(Block("[[many]]"), many, pairs)


def _tie(block: Block, hanging: Hanging, pairs: dict[str, str]) -> Block:
    block.put("table", hanging.understood.table.name)
    told = ", ".join(f"{quote(left)} = {quote(right)}" for left, right in pairs.items())
    return block.raw("on", f"{{ {told} }}", hanging.why)


def _draft_fields(chosen: Chosen, codes: CodeTables) -> Iterator[Block]:
    yield from draft_fields(chosen.record, codes, many=False)
    for join in chosen.joins:
        for guess in join.understood.find("full", "city")[:1]:
            block = Block("[[field]]").put("field", "birth_place")
            column = f"{join.understood.table.name}.{guess.column.name}"
            yield block.put("column", column, "the record refers to it")
    for many in chosen.many:
        yield from draft_fields(many.understood, codes, many=True)


def _draft_kind(chosen: Chosen, codes: CodeTables) -> Block:
    block = Block("[kind]")
    block.note(f"our kinds: {', '.join(RecordKind)}")
    for guess in chosen.record.find("reason")[:1]:
        block.put("column", chosen.record.table.full(guess.column.name), guess.why)
        return block.put("codes", codes.add_kinds(guess.column.words))
    return block.put("const", "registered", "nothing tells why; write one of our kinds of records")
