"""Ask many banks at once and tell each end as it comes, on time.

A bank's fault stays that bank's. At the end of the time, what has not ended is timed out, and its
call is cancelled, which cancels the node's work and the bank's query.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gateway.answers import Expected, read_answer
from gateway.attestations import Signed, require_attestation
from gateway.clock import Clock
from gateway.errors import UntrustedError
from gateway.hub.breaker import Breaker
from gateway.hub.link import Link, LinkError
from gateway.question import state_name
from gateway.trace.spans import bank_span, describe_end
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

PATIENCE_S: Final = 0.8
"""Seconds that a bank must have had before running out of time counts as its failure."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One bank that is to be asked, and the way to it."""

    bank: str
    link: Link


@dataclass(frozen=True, slots=True)
class End:
    """How one bank ended.

    Attributes:
        bank: The bank as MEMBER/bank.
        state: The state.
        elapsed_s: Seconds it took, seen from the hub.
        data: The node's serialised answer, empty where none holds.
        signature: The node's signature over it.
        answer: The same, decoded.
        rule: The rule that refused, where the hub or the call itself says so.
        text: What the rule says, safe to disclose.
        contact: Whom to ask about it.
        attestation: The node's serialised attestation, empty where it made none.
        attestation_signature: The node's signature over that.
    """

    bank: str
    state: model.BankState.ValueType
    elapsed_s: float = 0.0
    data: bytes = b""
    signature: str = ""
    answer: model.Answer | None = None
    rule: str = ""
    text: str = ""
    contact: str = ""
    attestation: bytes = b""
    attestation_signature: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of every bank: the client's bytes, and what an answer must fit."""

    query: bytes
    token: str
    signature: str
    public_key: bytes
    expected: Expected
    notice: bytes = b""
    notice_signature: str = ""

    def request_for(self, bank: str) -> bytes:
        """The serialised request for one bank, with the client's bytes unchanged."""
        return wire.NodeServiceSearchRequest(
            bank=bank,
            query=self.query,
            token=self.token,
            signature=self.signature,
            public_key=self.public_key,
            notice=self.notice,
            notice_signature=self.notice_signature,
        ).SerializeToString()


class FanOut:
    """Asks banks. One for a hub; searches do not share anything but the breaker."""

    def __init__(self, clock: Clock, breaker: Breaker) -> None:
        """Measure by `clock`; skip what `breaker` suspends."""
        self._clock = clock
        self._breaker = breaker

    async def run(self, legs: Sequence[Leg], ask: Ask, ends_at: float) -> AsyncGenerator[End, None]:
        """Yield the end of each bank as it comes, the last by `ends_at` (monotonic seconds).

        Closing the iterator early cancels what still runs.
        """
        began = self._clock.monotonic()
        ended: asyncio.Queue[End] = asyncio.Queue()
        running = {leg.bank: self._start(leg, ask, ends_at, ended) for leg in legs}
        try:
            while running:
                try:
                    async with asyncio.timeout(ends_at - self._clock.monotonic()):
                        end = await ended.get()
                except TimeoutError:
                    break
                del running[end.bank]
                yield end
            for end in self._end_rest(running, ended, self._clock.monotonic() - began):
                yield end
        finally:
            for bank, task in running.items():
                task.cancel()
                self._breaker.release(bank)

    def _end_rest(
        self, running: dict[str, asyncio.Task[None]], ended: asyncio.Queue[End], elapsed: float
    ) -> list[End]:
        """End the rest at once: by what came in the last moment, else as timed out."""
        ends = [ended.get_nowait() for _ in range(ended.qsize())]
        for end in ends:
            del running[end.bank]
        for bank, task in running.items():
            task.cancel()
            self._note(bank, model.BANK_STATE_TIMED_OUT, elapsed)
            ends.append(End(bank, model.BANK_STATE_TIMED_OUT, elapsed))
        running.clear()
        return ends

    def _note(self, bank: str, state: model.BankState.ValueType, seconds: float) -> None:
        """Teach the breaker how a call ended that took so long.

        A bank that was given hardly any time is not to blame: else one requester with short
        deadlines could have it suspended for all.
        """
        if state == model.BANK_STATE_TIMED_OUT and seconds < PATIENCE_S:
            self._breaker.release(bank)
        else:
            self._breaker.note(bank, state)

    def _start(
        self, leg: Leg, ask: Ask, ends_at: float, ended: asyncio.Queue[End]
    ) -> asyncio.Task[None]:
        """Start one call."""

        async def call() -> None:
            ended.put_nowait(await self._ask(leg, ask, ends_at))

        return asyncio.create_task(call(), name=leg.bank)

    async def _ask(self, leg: Leg, ask: Ask, ends_at: float) -> End:
        """Ask one bank; whatever happens becomes its state."""
        if not self._breaker.allows(leg.bank):
            return End(leg.bank, model.BANK_STATE_SUSPENDED)
        started = self._clock.monotonic()
        with bank_span(leg.bank) as span:
            end = await self._call(leg, ask, ends_at - started)
            describe_end(span, state_name(end.state), len(end.answer.hits) if end.answer else 0)
        elapsed = self._clock.monotonic() - started
        self._note(leg.bank, end.state, elapsed)
        return replace(end, elapsed_s=elapsed)

    async def _call(self, leg: Leg, ask: Ask, seconds: float) -> End:
        """Call the node and check what it says."""
        try:
            response = await leg.link.search(ask.request_for(leg.bank), max(seconds, 0.001))
            answer = read_answer(leg.bank, response.answer, response.signature, ask.expected)
            signed = Signed(response.attestation, response.attestation_signature)
            require_attestation(signed, answer, response.answer, ask.expected)
        except LinkError as exc:
            text = "the node does not accept this question" if exc.rule else ""
            return End(leg.bank, exc.state, rule=exc.rule, text=text)
        except UntrustedError:
            return End(leg.bank, model.BANK_STATE_FAULTY)
        except Exception:  # noqa: BLE001 - one bank's fault, whatever it is, stays that bank's
            return End(leg.bank, model.BANK_STATE_FAULTY)
        return End(
            leg.bank,
            answer.state,
            data=response.answer,
            signature=response.signature,
            answer=answer,
            attestation=response.attestation,
            attestation_signature=response.attestation_signature,
        )
