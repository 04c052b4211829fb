"""Read a list page by page, and stop when a service turns in circles."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Final

from adapters.contract import BankFaultError
from adapters.mapping.objects import Json, find_value, list_objects
from adapters.mapping.service import Call, Patience, Service
from adapters.mapping.web import Http, HttpList

__all__ = ["PAGE_LIMIT", "read_pages"]

PAGE_LIMIT: Final = 1_000_000
"""Pages of one list at most."""

Page = list[dict[str, Json]]


async def read_pages(
    service: Service,
    call: tuple[Http, HttpList],
    *,
    parameters: Mapping[str, str],
    patience: Callable[[], Patience],
) -> AsyncGenerator[Page, None]:
    """Yield the pages of a list; a service without paging sends one.

    Args:
        service: The service.
        call: What the mapping says about the service and about this list.
        parameters: The query without the paging.
        patience: Asked before each page.

    Raises:
        BankFaultError: An answer has no list, or the service sends one page again and again.
        AdapterError: As `Service.ask` raises.
    """
    http, about = call
    seen, last, mark, told = 0, None, "", set[int]()
    for number in range(PAGE_LIMIT):
        query = {**parameters, **_ask_page(http, number, seen, mark)}
        answer, mark = await _read_page(service, http, about.path, query, (mark, patience()))
        if answer is None:
            return
        page = list_objects(answer, http.rows if about.rows is None else about.rows)
        if page and page == last:
            raise BankFaultError("the service sends the same page again; check [http] next")
        seen, last = seen + len(page), page
        yield page
        if _is_last(http, answer, len(page), seen, mark=mark):
            return
        if hash(mark) in told:
            raise BankFaultError("the service tells the same mark again; check [http] next")
        told |= {hash(mark)} if mark else set()
    raise BankFaultError(f"the list has more than {PAGE_LIMIT} pages")


async def _read_page(
    service: Service, http: Http, path: str, query: Mapping[str, str], way: tuple[str, Patience]
) -> tuple[Json | None, str]:
    """Read one page, and the mark or the address of the next."""
    after, patience = way
    if http.next is not None and http.next.link:
        return await service.turn(Call("GET", path, query), patience, after)
    answer = await service.ask(path, query, patience=patience)
    return answer, "" if answer is None else _read_mark(http, answer)


def _ask_page(http: Http, number: int, seen: int, mark: str) -> dict[str, str]:
    """Ask for a page by its number, by the rows before it, or by the mark that leads to it."""
    paging = http.next
    if paging is None:
        return {}
    ways = (
        (paging.page, str(paging.first + number)),
        (paging.offset, str(seen)),
        (paging.cursor, mark),
        (paging.size, str(paging.rows)),
    )
    return {name: value for name, value in ways if name is not None and value}


def _read_mark(http: Http, answer: Json) -> str:
    """Read the mark of the next page; a page without one is the last."""
    after = http.next.after if http.next is not None else None
    found = find_value(answer, after.split(".")) if after is not None else None
    if found is not None and (isinstance(found, bool) or not isinstance(found, str | int)):
        raise BankFaultError("the mark of the next page is no text; check [http] next")
    return str(found or "")


def _is_last(http: Http, answer: Json, length: int, seen: int, *, mark: str) -> bool:
    """Tell whether a page ends the list: by its mark, by the total that is told, else by size."""
    paging = http.next
    if paging is not None and (paging.cursor is not None or paging.link):
        return not mark
    if paging is None or not length:
        return True
    total = find_value(answer, paging.total.split(".")) if paging.total else None
    if isinstance(total, int):
        return seen >= total
    return paging.size is not None and length < paging.rows
