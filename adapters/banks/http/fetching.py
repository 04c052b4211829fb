"""Read records one by one: a service has a path for each, several are asked for at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import quote

from adapters.contract import QueryRejectedError, Record, Result
from adapters.mapping.records import MAX_REFERENCE
from adapters.mapping.scalars import can_send

__all__ = ["REFERENCES", "fetch_each", "path_of"]

REFERENCES: Final = 1_000
"""References that may be asked for at a time."""


async def fetch_each(
    references: Sequence[str], get: Callable[[str], Awaitable[Record | None]], rows: int
) -> Result:
    """Read each record that there is, in the order of the references.

    Args:
        references: At most 1,000; one that is there twice is read once.
        get: Reads one record; None where it is unknown. Its first error ends the others.
        rows: Records at most, 1 or more.

    Raises:
        QueryRejectedError: There are more references.
    """
    if len(references) > REFERENCES:
        raise QueryRejectedError(f"ask for at most {REFERENCES} references")

    async def read(reference: str) -> Record | None:
        return await get(reference)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read(each)) for each in dict.fromkeys(references)]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    records = tuple(record for task in tasks if (record := task.result()) is not None)
    return Result(records[:rows], truncated=len(records) > rows)


def path_of(template: str, reference: str) -> str | None:
    """Put a reference into ``/people/{reference}``; None where it can be part of no path."""
    unknown = reference in {"", ".", ".."} or len(reference) > MAX_REFERENCE
    if unknown or not can_send(reference):
        return None
    return template.replace("{reference}", quote(reference, safe=""))
