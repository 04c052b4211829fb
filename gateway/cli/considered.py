"""Open what only the owner knows of past searches: which records were found, and withheld."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gateway.cli.ledgers import open_source
from gateway.cli.opening import need_opener
from gateway.cli.options import Opening
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import Kind
from gateway.ledger.read import read_entries
from gateway.node.replay import OwnerFacts
from gateway.node.sieve import OWNER

if TYPE_CHECKING:
    from gateway.cli.policy import Replay
    from gateway.settings import NodeSettings

_Key = tuple[str, tuple[str, ...]]


def open_facts(options: Replay, settings: NodeSettings) -> OwnerFacts:
    """Open the owner's parts of a node's own ledger with a custodian's key.

    Raises:
        CommandError: The key is no custodian's, the reason is missing, or the node still runs:
            opening a key is an entry of its ledger.
    """
    opening = Opening(
        node=settings.member, home=options.home, key=options.key, reason=options.reason
    )
    known = asyncio.run(_open_all(opening, settings))
    return lambda entry: known.get(_key_of(entry))


def _key_of(entry: Entry) -> _Key:
    return entry.search_id, entry.banks


async def _open_all(opening: Opening, settings: NodeSettings) -> dict[_Key, Mapping[str, Any]]:
    known: dict[_Key, Mapping[str, Any]] = {}
    async with open_source(opening) as ledger:
        opener = need_opener(opening, ledger)
        for index, entry in read_entries(settings.at(settings.ledger)):
            if entry.kind is Kind.OUTCOME and entry.sealed:
                part: Mapping[str, Any] = await opener.open(index, entry) or {}
                if OWNER in part:
                    known[_key_of(entry)] = part[OWNER]
    return known
