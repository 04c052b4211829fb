"""Make another node of the same member searchable, with the officer's own signed question.

The node in front never asks in its own name. It hands on the question as the officer signed it, so
that the owner behind checks the officer, decides by its own policy, records and signs as if the hub
had called. The signature over the answer is checked here; the records come out as the owner
released them.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

from adapters.banks.node.answer import (
    read_answer,
    read_wanted,
    require_searched,
    require_whole,
)
from adapters.banks.node.channel import Channel, open_channel
from adapters.banks.node.proof import Keys
from adapters.banks.node.records import read_capability, read_hit, read_instant
from adapters.contract import (
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    Capability,
    FieldName,
    Limits,
    MappingError,
    Named,
    Probe,
    ProbeKind,
    QueryRejectedError,
    Record,
    RecordKind,
    Result,
    SignedQuestion,
)
from adapters.mapping.block import BlockError
from adapters.mapping.model import Mapping
from adapters.mapping.relay import Node
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

__all__ = ["NodeAdapter", "open_node"]

log = logging.getLogger(__name__)

_REFERENCES: Final = 1_000
_MOST_VIA: Final = 8
_DESCRIBE_S: Final = 5.0
_ANYTHING: Final = Capability(
    probes=frozenset(ProbeKind) - {ProbeKind.BIOMETRIC},
    kinds=frozenset(RecordKind),
    fields=frozenset(FieldName),
    fuzzy=True,
    engine="node",
)
"""What a node is taken to be able to do that was away at the start: it says itself what not."""


async def open_node(mapping: Mapping, folder: Path) -> NodeAdapter:
    """Open a bank of kind node, and ask what it can do where it can be asked now.

    Args:
        mapping: Its mapping.
        folder: The bank's folder, which the paths of the mapping are relative to.

    Raises:
        MappingError: A file cannot be read, a key is none, or the node does not take us or has no
            such bank.
    """
    node = mapping.node
    if node is None:
        raise MappingError(f"{mapping.origin().tell(('bank', 'kind'))}: write a [node] block")
    adapter = _connect(mapping, node, folder)
    try:
        with suppress(BankUnavailableError, BankTimeoutError):
            await adapter.learn()
    except (BankFaultError, BankRefusedError) as exc:
        await adapter.close()
        raise MappingError(f"{mapping.origin().tell(('node',))}: {exc}") from None
    except BaseException:
        await adapter.close()
        raise
    return adapter


def _connect(mapping: Mapping, node: Node, folder: Path) -> NodeAdapter:
    try:
        return NodeAdapter(mapping, Keys(node.answer_keys), open_channel(node, folder))
    except BlockError as exc:
        raise MappingError(f"{mapping.origin().tell(('node', *exc.place))}: {exc}") from None


class NodeAdapter:
    """One bank of another node.

    Args:
        mapping: The bank's mapping.
        keys: The keys that its node signs with.
        channel: The way to it; the adapter closes it.
    """

    def __init__(self, mapping: Mapping, keys: Keys, channel: Channel) -> None:
        self._id = mapping.bank.id
        self._contact = mapping.bank.contact.office if mapping.bank.contact else ""
        self._keys = keys
        self._channel = channel
        self._capability = _ANYTHING
        self._mark = secrets.token_hex(16)
        # An answer to a batch, for as long as its question is alive: one call for all its probes.
        self._answers: WeakKeyDictionary[SignedQuestion, model.Answer] = WeakKeyDictionary()

    @property
    def capability(self) -> Capability:
        """What the node said at the start; it finds names across spellings itself."""
        return self._capability

    async def learn(self) -> None:
        """Take the capability from the node; called once, before anybody has read it.

        Raises:
            AdapterError: As `describe`.
        """
        self._capability = read_capability((await self.describe())[1])

    async def describe(self) -> tuple[wire.DescribeResponse, wire.BankDescription]:
        """Ask what the node is, and what its bank of this name is.

        Raises:
            BankFaultError: The node has no such bank, or does not take our certificate.
            AdapterError: It cannot be asked now.
        """
        told = await self._channel.describe(_DESCRIBE_S)
        for bank in told.banks:
            if bank.bank == f"{told.member}/{self._id}":
                return told, bank
        raise BankFaultError(f"the node has no bank {self._id}; check [bank] id")

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Hand the officer's question on, and read what the owner releases to this officer.

        Raises:
            BankRefusedError: The owner refuses this officer; in the owner's words.
            QueryRejectedError: No officer asks, or the owner's bank cannot be searched for this.
            BankFaultError: The answer does not verify.
            AdapterError: As the contract says.
        """
        self._channel.require_open()
        if probe.kind not in self._capability.probes:
            raise QueryRejectedError("the owner's bank cannot be searched for this")
        answer = await self._answer(limits)
        return _cut(_records_of(answer, limits.index), limits.rows, more=answer.truncated)

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read, of the records that the officer's question finds, those with these references.

        A reference is no question: the owner releases nothing for it alone. Raises as search.
        """
        self._channel.require_open()
        if len(references) > _REFERENCES:
            raise QueryRejectedError(f"ask for at most {_REFERENCES} references")
        if not references:
            return Result(())
        wanted = set(references)
        records = _records_of(await self._answer(limits), limits.index)
        found = [record for record in records if record.reference in wanted]
        return _cut(found, limits.rows, more=False)

    async def _answer(self, limits: Limits) -> model.Answer:
        question = limits.question
        if question is None:
            raise QueryRejectedError(
                "this bank is another node, which answers an officer's own signed question alone; "
                "here nobody signed one"
            )
        kept = self._answers.get(question)
        if kept is not None:
            return kept
        answer = await self._ask(question, limits.timeout_s)
        self._answers[question] = answer
        return answer

    async def _ask(self, question: SignedQuestion, timeout_s: float) -> model.Answer:
        wanted = read_wanted(question)
        if wanted.bank.partition("/")[2] != self._id:
            raise QueryRejectedError("the question is to another bank")
        require_whole(wanted.granularity, self._contact)
        self._require_ahead(question)
        request = wire.NodeServiceSearchRequest(
            bank=question.bank,
            query=question.query,
            token=question.token,
            signature=question.signature,
            public_key=question.public_key,
            notice=question.notice[0],
            notice_signature=question.notice[1],
            via=(*question.via, self._mark),
        )
        response = await self._channel.search(request, timeout_s)
        answer = read_answer(response, self._keys, wanted)
        require_searched(answer)
        require_whole(answer.granularity, self._contact)
        return answer

    def _require_ahead(self, question: SignedQuestion) -> None:
        """Require that the question was not handed on by this very bank before.

        Raises:
            BankFaultError: It was, or by more nodes than anybody has one behind another.
        """
        if self._mark in question.via or len(question.via) >= _MOST_VIA:
            log.error("bank %s: the node behind it is itself: check [node] address", self._id)
            raise BankFaultError("the node stands in front of itself; check [node] address")

    async def names(self) -> AsyncIterator[Named]:
        """Yield nothing: the node finds names itself, and lists them to nobody."""
        self._channel.require_open()
        nothing: tuple[Named, ...] = ()
        for named in nothing:
            yield named

    async def watermark(self) -> str:
        """Empty: a node does not tell that its data have changed, and nobody keeps an index."""
        return ""

    async def as_of(self) -> datetime | None:
        """Of when the owner's data are, as its node tells.

        Raises:
            BankUnavailableError: The node cannot be reached, or says that its bank cannot.
            AdapterError: As `describe`.
        """
        _, bank = await self.describe()
        if not bank.available:
            raise BankUnavailableError("the owner's bank cannot be reached")
        try:
            return read_instant(bank.as_of_time) if bank.HasField("as_of_time") else None
        except (ValueError, OverflowError):
            raise BankFaultError("the node tells a time that is none") from None

    async def close(self) -> None:
        """Close the connection. Safe to call twice."""
        await self._channel.close()


def _records_of(answer: model.Answer, index: int) -> list[Record]:
    """Return the records of one probe, each once, in the owner's order."""
    hits = (hit for hit in answer.hits if hit.probe_index == index)
    return list({record.reference: record for record in map(read_hit, hits)}.values())


def _cut(records: Sequence[Record], rows: int, *, more: bool) -> Result:
    return Result(tuple(records[:rows]), more or len(records) > rows)
