"""Look at a JSON service by its OpenAPI document, and at some of its records where it answers.

A token goes to the service alone that sent the document: where the document names another server,
only what it declares is looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.contract import AdapterError, MappingError
from adapters.drafting.document import read_document, read_file
from adapters.drafting.lines import quote
from adapters.drafting.objects import Spread, spread
from adapters.drafting.openapi import (
    Lists,
    find_get,
    find_lists,
    find_server,
    inner_lists,
    needs_token,
    shape_of,
    table_of,
)
from adapters.drafting.parameters import Paging, Question, find_paging, find_questions
from adapters.drafting.shape import SAMPLE, Column, DraftError, Login, Seen, Table
from adapters.mapping.objects import Json, find_value
from adapters.mapping.service import Call, Patience, Service
from adapters.mapping.session import open_session
from adapters.mapping.web import Web

__all__ = ["look_at_service"]

_PATIENCE_S: Final = 30.0
_TIMEOUT_S: Final = 10.0
_RETRIES: Final = 3
_PAGES: Final = 10


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of object, and all that is known of how the service gives it.

    Attributes:
        lists: The operation that lists all of them.
        paging: How that one is paged; None where it is not.
        questions: What they are searched by.
        declared: The document's word on their single values.
        inner: The document's word on the lists inside them.
        found: What was in some of them; nothing where the service did not answer.
    """

    lists: Lists
    paging: Paging | None
    questions: tuple[Question, ...]
    declared: dict[str, dict[str, Any]]
    inner: dict[str, dict[str, dict[str, Any]]]
    found: Spread


def look_at_service(url: str, folder: Path, login: Login) -> Seen:
    """Look at a service.

    Args:
        url: Of its OpenAPI document, or a file with it.
        folder: Where the mapping will be.
        login: The files with the token and the certificates, if it wants some.

    Raises:
        DraftError: There is no such document, or it lists no objects.
    """
    document = read_file(url) if Path(url).is_file() else None
    return asyncio.run(_look(document, url, folder, login))


async def _look(document: dict[str, Any] | None, url: str, folder: Path, login: Login) -> Seen:
    may_ask = document is not None
    if document is None:
        document = await _read_document(url, folder, login)
    server = find_server(document, url)
    may_ask = may_ask or _is_same(url, server)
    kinds = await _read_kinds(document, (server, folder, login), may_ask=may_ask)
    if not kinds:
        raise DraftError("no operation of the document lists objects without being asked for one")
    block = ["[http]", f"url = {quote(server)}"]
    notes = []
    if login.password_file:
        block.append(f"token_file = {quote(login.password_file)}")
    elif needs_token(document):
        notes.append("The document declares a bearer token: put it into a file beside this one")
        notes.append("and write token_file in [http].")
    if login.ca_file:
        block.append(f"ca_file = {quote(login.ca_file)}")
    if not any(kind.found.count for kind in kinds):
        notes.append("The service sent no records: all guesses are by the document alone.")
    tables = tuple(table for kind in kinds for table in _make_tables(document, kind))
    title = str(table_of(document.get("info")).get("title", ""))
    name = title or urlsplit(server).hostname or "service"
    return Seen(name, "http", tuple(block), tables, tuple(notes))


def _is_same(url: str, server: str) -> bool:
    """Tell whether a service is where its document came from."""
    parts, other = urlsplit(url), urlsplit(server)
    return (parts.scheme, parts.netloc) == (other.scheme, other.netloc)


async def _read_document(url: str, folder: Path, login: Login) -> dict[str, Any]:
    parts = urlsplit(url)
    server = f"{parts.scheme}://{parts.netloc}"
    async with _Open((server, folder, login), decode=_keep) as service:
        try:
            data = await service.ask(url.removeprefix(server) or "/", {}, patience=_patience())
        except AdapterError as exc:
            raise DraftError(f"the document cannot be read: {exc}") from None
    if data is None:
        raise DraftError("the service has no document at this address")
    return read_document(data, url)


async def _keep(data: bytes) -> bytes:
    return data


def _patience() -> Patience:
    return Patience(asyncio.get_running_loop().time() + _PATIENCE_S, _RETRIES)


class _Open:
    """A service that is closed afterwards; `place` is its address, the folder and the login."""

    def __init__(
        self,
        place: tuple[str, Path, Login],
        decode: Callable[[bytes], Awaitable[Json]] | None = None,
    ) -> None:
        self._place = place
        self._decode = decode

    async def __aenter__(self) -> Service:
        server, folder, login = self._place
        told: dict[str, Any] = {"url": server, "timeout_s": _TIMEOUT_S}
        told |= {"token_file": login.password_file} if login.password_file else {}
        told |= {"ca_file": login.ca_file} if login.ca_file else {}
        try:
            web = Web.model_validate(told)
            self._service = Service(open_session(web, folder), web, decode=self._decode)
        except (MappingError, ValueError):
            raise DraftError(
                "the address, the token or the certificates cannot be read; they are files beside "
                "the mapping"
            ) from None
        return self._service

    async def __aexit__(self, *_: object) -> None:
        await self._service.close()


async def _read_kinds(
    document: dict[str, Any], place: tuple[str, Path, Login], *, may_ask: bool
) -> list[_Kind]:
    """Bring operations together that return the same objects, and read some where that is right."""
    groups: dict[tuple[str, ...], list[Lists]] = {}
    for lists in find_lists(document):
        groups.setdefault(tuple(sorted(lists.item["properties"])), []).append(lists)
    kinds: list[_Kind] = []
    async with _Open(place) as service:
        for group in groups.values():
            whole = [each for each in group if not any(p.required for p in each.parameters)]
            if not whole:
                continue
            lists = next((each for each in whole if find_get(document, each.path)), whole[0])
            paging = find_paging(lists, shape_of(document, lists.answer))
            found = await _sample(service, lists, paging) if may_ask else Spread()
            questions = tuple(find_questions(group))
            declared, inner = shape_of(document, lists.item), inner_lists(document, lists.item)
            kinds.append(_Kind(lists, paging, questions, declared, inner, found))
    return kinds


async def _sample(service: Service, lists: Lists, paging: Paging | None) -> Spread:
    """Read the first pages; nothing where the service does not answer as it is declared."""
    items: list[Json] = []
    mark = ""
    for number in range(_PAGES if paging is not None else 1):
        asked = paging.ask(number, len(items), mark) if paging is not None else {}
        try:
            answer, mark = await _ask(service, Call("GET", lists.path, asked), paging, mark)
        except AdapterError:
            break
        page = find_value(answer, lists.rows.split(".")) if lists.rows else answer
        if not isinstance(page, list) or not page:
            break
        items += page
        marked = paging is not None and paging.way in {"cursor", "link"}
        if len(items) >= SAMPLE or (marked and not mark):
            break
    return spread(item for item in items[:SAMPLE] if isinstance(item, dict))


async def _ask(
    service: Service, call: Call, paging: Paging | None, mark: str
) -> tuple[Json | None, str]:
    """Ask for one page; with it comes the mark or the address of the next."""
    if paging is not None and paging.way == "link":
        return await service.turn(call, _patience(), mark)
    answer = await service.send(call, _patience())
    told = paging.told if paging is not None else ""
    return answer, str(find_value(answer, told.split(".")) or "") if told and answer else ""


def _make_tables(document: dict[str, Any], kind: _Kind) -> Iterator[Table]:
    name = kind.lists.path.rstrip("/").rpartition("/")[2] or "records"
    columns = _columns(kind.found, kind.declared)
    get = find_get(document, kind.lists.path)
    key = _find_key(columns, get[1]) if get is not None else None
    yield Table(
        name,
        columns,
        key,
        rows=kind.found.count,
        whole=True,
        source=tuple(_source(kind, get, key)),
        asked=frozenset(question.meaning for question in kind.questions),
    )
    for path in dict.fromkeys((*kind.found.lists, *kind.inner)):
        found = kind.found.lists.get(path, Spread())
        word = path.rpartition(".")[2]
        made = _columns(found, kind.inner.get(path, {}))
        asked = frozenset(question.meaning for question in kind.questions)
        yield Table(word, made, rows=found.count, inside=name, path=path, asked=asked)


def _columns(found: Spread, declared: dict[str, dict[str, Any]]) -> tuple[Column, ...]:
    """Take what was seen together with what is declared; enumerations tell all values."""
    return found.columns(
        {
            path: tuple(str(word) for word in _list(schema.get("enum")) if word is not None)
            for path, schema in declared.items()
        }
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _find_key(columns: tuple[Column, ...], parameter: str) -> str | None:
    """Find the value that the path of one record is made with: it is called so, or ends so."""
    wanted = _plain(parameter)
    names = [column.name for column in columns]
    same = [name for name in names if _plain(name) == wanted]
    like = [n for n in names if wanted.endswith(_plain(n)) or _plain(n).endswith(wanted)]
    return next(iter((*same, *(n for n in like if _plain(n) in {"id", "ref"}), *like)), None)


def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _source(
    kind: _Kind, get: tuple[str, str, dict[str, Any]] | None, key: str | None
) -> Iterator[str]:
    """Write how the service is asked for this kind of object."""
    if kind.lists.rows:
        yield f"rows = {quote(kind.lists.rows)}"
    if kind.paging is not None:
        yield kind.paging.line
    yield from ("", "[http.list]", f"path = {quote(kind.lists.path)}", "", "[http.get]")
    if get is None:
        path = f"{kind.lists.path.rstrip('/')}/{{reference}}"
        yield f"path = {quote(path)}  # guess: EDIT: no operation reads one record"
    else:
        path, parameter, answer = get
        yield f"path = {quote(path.replace(f'{{{parameter}}}', '{reference}'))}"
        yield from _get_rows(answer, key)
    for question in kind.questions:
        yield from ("", "[[http.search]]", f"path = {quote(question.path)}")
        yield f"probe = {quote(question.probe)}"
        why = f"  # guess: its name says {question.meaning!r}"
        yield f"query = {{ {quote(question.parameter)} = {quote(question.field)} }}{why}"
        if question.rows != kind.lists.rows:
            yield f"rows = {quote(question.rows)}"


def _get_rows(answer: dict[str, Any], key: str | None) -> Iterator[str]:
    """Say where in the answer the record is, where it is not the answer itself."""
    first = (key or "").partition(".")[0]
    properties = table_of(answer.get("properties"))
    if not key or first in properties:
        return
    for name, schema in properties.items():
        if first in table_of(table_of(schema).get("properties")) or "$ref" in table_of(schema):
            yield f"rows = {quote(name)}  # guess: the record is there"
            return
