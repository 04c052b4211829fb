"""Read what OpenSearch answered, and take nothing for whole that is a part.

OpenSearch answers with status 200 and what it has when a shard failed or the time was over. A part
of the records would look like a search without the other hits, so both are errors here.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.banks.opensearch.queries import ID
from adapters.contract import BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping.objects import Json, find_value, list_objects

__all__ = ["Answer", "read_answer", "read_newest", "read_types"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        documents: Each document's source, and its `_id`.
        total: How many there are, counted no further than was asked; what was sent where None.
        after: The place of the last document, to ask for the next page.
    """

    documents: tuple[dict[str, Json], ...]
    total: int
    after: list[Json] | None


def read_answer(answer: Json | None) -> Answer:
    """Read the answer of a search.

    Raises:
        BankTimeoutError: OpenSearch ran out of the time that it was given.
        BankUnavailableError: A part of the index did not answer.
        BankFaultError: There is no such index, or the answer is none of a search.
    """
    _verify_whole(answer)
    hits = list_objects(answer, "hits.hits")
    documents = tuple(map(_read_hit, hits))
    total = find_value(answer, ("hits", "total", "value"))
    after = hits[-1].get("sort") if hits else None
    return Answer(
        documents,
        total if isinstance(total, int) else len(documents),
        after if isinstance(after, list) else None,
    )


def read_newest(answer: Json | None) -> Json:
    """Read the largest value of a column: as the index writes it, else the number; else None.

    Raises:
        BankTimeoutError, BankUnavailableError: Not all of the index answered.
        BankFaultError: There is no such index, or the answer holds no such value.
    """
    _verify_whole(answer)
    found = find_value(answer, ("aggregations", "newest"))
    if not isinstance(found, dict):
        raise BankFaultError("the answer holds no largest value; check the column in the mapping")
    text, number = found.get("value_as_string"), found.get("value")
    return None if number is None else text if isinstance(text, str) else number


def read_types(answer: Json | None) -> dict[str, frozenset[str]]:
    """Read of which types the fields of an index are: several where its parts differ.

    Raises:
        BankFaultError: There is no such index, or the answer is none of that kind.
    """
    if answer is None:
        raise BankFaultError("the bank has no such index; check [opensearch] index")
    fields = find_value(answer, ("fields",))
    if not isinstance(fields, dict):
        raise BankFaultError("the answer is none of OpenSearch's; check [opensearch] url")
    return {name: frozenset(types) for name, types in fields.items() if isinstance(types, dict)}


def _verify_whole(answer: Json | None) -> None:
    if answer is None:
        raise BankFaultError("the bank has no such index; check [opensearch] index")
    late, failed = find_value(answer, ("timed_out",)), find_value(answer, ("_shards", "failed"))
    if not isinstance(late, bool) or not isinstance(failed, int):
        raise BankFaultError("the answer is none of OpenSearch's; check [opensearch] url")
    if late:
        raise BankTimeoutError("the bank ran out of time")
    if failed:
        raise BankUnavailableError("a part of the index did not answer")


def _read_hit(hit: dict[str, Json]) -> dict[str, Json]:
    source = hit.get("_source")
    if not isinstance(source, dict):
        raise BankFaultError("the index does not keep its documents (_source)")
    return {**source, ID: hit.get("_id")}
