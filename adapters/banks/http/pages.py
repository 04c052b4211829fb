"""Read a list page by page, and stop when a service turns in circles."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Final

from adapters.banks.http.objects import Json, find_value, list_objects
from adapters.banks.http.service import Patience, Service
from adapters.contract import BankFaultError
from adapters.mapping.sources import Http, HttpList

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
    seen, last = 0, None
    for number in range(PAGE_LIMIT):
        query = {**parameters, **_ask_page(http, number)}
        answer = await service.ask(about.path, query, patience=patience())
        if answer is None:
            return
        page = list_objects(answer, http.rows if about.rows is None else about.rows)
        if page and page == last:
            raise BankFaultError("the service sends the same page again; check [http] next")
        seen, last = seen + len(page), page
        yield page
        if _is_last(http, answer, len(page), seen):
            return
    raise BankFaultError(f"the list has more than {PAGE_LIMIT} pages")


def _ask_page(http: Http, number: int) -> dict[str, str]:
    paging = http.next
    if paging is None:
        return {}
    asked = {paging.page: str(paging.first + number)}
    return asked if paging.size is None else {**asked, paging.size: str(paging.rows)}


def _is_last(http: Http, answer: Json, length: int, seen: int) -> bool:
    """Tell whether a page ends the list: by the total where the service tells it, else by size."""
    paging = http.next
    if paging is None or not length:
        return True
    total = find_value(answer, paging.total.split(".")) if paging.total else None
    if isinstance(total, int):
        return seen >= total
    return paging.size is not None and length < paging.rows
