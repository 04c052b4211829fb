"""Clauses C25 to C28: whatever is asked is data, and no value turns up where it must not."""

from __future__ import annotations

import asyncio
import io
import logging
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Final

from adapters.conformance.asking import (
    LIMITS,
    Call,
    find,
    is_searched,
    references_of,
    searched,
    settle,
    text_of,
    with_text,
)
from adapters.conformance.clause import Clause, clause
from adapters.conformance.corpus import ABSENT, BEGINNINGS, HOSTILE, MARKER, SAMPLES, make_texts
from adapters.conformance.subject import Subject
from adapters.contract import (
    Adapter,
    Document,
    Limits,
    OrganisationProbe,
    PersonProbe,
    Probe,
    QueryRejectedError,
    Record,
    Result,
)

__all__ = ["HostileClauses"]

_EXAMPLES: Final = 60


class HostileClauses(Subject):
    """A value is a value: never a part of a question, an error or a log."""

    @clause("C25", safety=True)
    async def test_c25_hostile_text_is_data(self) -> None:
        """Each text of the corpus finds nothing, breaks nothing and alters nothing."""
        async with self.open_adapter() as adapter:
            for text in HOSTILE:
                await self._require_data(adapter, text)
            await self._require_whole(adapter)

    @clause("C26", safety=True)
    async def test_c26_any_text_is_data(self) -> None:
        """Whatever a text holds, it is searched for or rejected, and alters nothing."""
        async with self.open_adapter() as adapter:
            loop = asyncio.get_running_loop()

            def ask(text: str) -> None:
                asked = self._require_data(adapter, text)
                asyncio.run_coroutine_threadsafe(asked, loop).result()

            await asyncio.to_thread(_try_texts, ask)
            await self._require_whole(adapter)

    async def _require_data(self, adapter: Adapter, text: str) -> None:
        """Require that a text finds no more than a harmless one, and no error but a rejection."""
        for probe in self._probes(adapter):
            harmless = references_of(await _ask(adapter.search(with_text(probe, ABSENT), LIMITS)))
            for record in await _ask(adapter.search(with_text(probe, text), LIMITS)):
                expected = record.reference in harmless or _holds(record, text)
                assert expected or _is_name(probe), "text became a question"
        found = references_of(await _ask(adapter.fetch([text], LIMITS)))
        assert set(found) <= {text}, "a reference became a question"

    def _probes(self, adapter: Adapter) -> list[Probe]:
        """Return the probes that the bank itself is asked for: those declared, and those known."""
        told = adapter.capability
        declared = [
            probe
            for field, probe in SAMPLES
            if probe.kind in told.probes and field in told.fields and is_searched(adapter, probe)
        ]
        known = [with_text(probe, MARKER) for _, probe in searched(adapter, self.known())]
        return list(dict.fromkeys((*declared, *known)))

    async def _require_whole(self, adapter: Adapter) -> None:
        await self.require_whole()
        for one in self.known():
            for probe in one.probes:
                found = references_of(await find(adapter, probe))
                assert one.reference in found, "a known record is gone"

    @clause("C27", safety=True)
    async def test_c27_no_value_is_in_an_error(self) -> None:
        """No error tells a value of the question: not its text, nor what it was raised from."""
        async with self.open_adapter() as adapter:
            outcomes = await self._trouble(adapter)
        for outcome in outcomes:
            for text in _texts_of(outcome):
                assert MARKER not in text, f"{type(outcome).__name__} tells what was asked"

    @clause("C28", safety=True)
    async def test_c28_no_value_is_in_a_log(self) -> None:
        """Nothing that was asked or found is logged or printed, at any level."""
        async with self.open_adapter() as adapter:
            known = [one for one in self.known() if one.probes]
            with _listening() as heard:
                for _, probe in searched(adapter, known):
                    await adapter.search(probe, LIMITS)
                await self._trouble(adapter)
            values = [MARKER, *(text_of(probe) for _, probe in searched(adapter, known))]
        told = heard.getvalue()
        assert not any(value in told for value in values), "a log tells what was asked"

    async def _trouble(self, adapter: Adapter) -> list[object]:
        """Ask for the marker in all ways that go well or wrong, and collect how they end."""
        asked = _marked(adapter)
        outcomes = [await settle(call(LIMITS), 30) for call in asked]
        if Clause("", needs="slow").is_given(type(self)):
            async with self.slow():
                outcomes += [await _give_up(call, self) for call in asked]
        if Clause("", needs="outage").is_given(type(self)):
            async with self.outage():
                outcomes += [await settle(call(LIMITS), 30) for call in asked]
        return outcomes


async def _give_up(call: Call, subject: Subject) -> object:
    short = Limits(rows=10, timeout_s=subject.deadline_s)
    try:
        return await settle(call(short), subject.deadline_s + subject.patience_s)
    except AssertionError:
        return None  # that it is late is for another clause


def _marked(adapter: Adapter) -> list[Call]:
    """Return a search for each field, declared or not, and two fetches, all for the marker."""
    calls: list[Call] = [
        lambda limits, probe=probe: adapter.search(probe, limits)  # type: ignore[misc]  # bound now
        for _, probe in SAMPLES
    ]
    calls.append(lambda limits: adapter.fetch([MARKER], limits))
    calls.append(lambda limits: adapter.fetch([f"{MARKER}{n}" for n in range(1_001)], limits))
    return calls


async def _ask(work: Awaitable[Result]) -> tuple[Record, ...]:
    """Return the records that a call finds; none where it is rejected, as it may be."""
    outcome = await settle(work, 30)
    if isinstance(outcome, QueryRejectedError):
        return ()
    assert isinstance(outcome, Result), f"{type(outcome).__name__} for a text"
    return outcome.records


def _holds(record: Record, text: str) -> bool:
    """Tell whether a record holds a text, however it is written: then it is rightly found."""
    wanted = _fold(text)
    values = [field.value for field in record.fields]
    texts = [
        value.number if isinstance(value, Document) else getattr(value, "value", value)
        for value in values
    ]
    return bool(wanted) and any(_fold(each) == wanted for each in texts if isinstance(each, str))


def _is_name(probe: Probe) -> bool:
    """Tell whether a probe is for a name, which a bank may find in whatever is like it."""
    return isinstance(probe, PersonProbe) or (
        isinstance(probe, OrganisationProbe) and not probe.number
    )


def _fold(text: str) -> str:
    """Return the letters and digits of a text, in one form."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _try_texts(ask: Callable[[str], None]) -> None:
    from hypothesis import HealthCheck, example, given, settings

    limited = settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    tried = given(make_texts())(ask)
    for text in BEGINNINGS:
        tried = example(text)(tried)
    limited(tried)()


def _texts_of(outcome: object) -> Iterator[str]:
    """Return all texts of an error and of those that a log would show with it."""
    if not isinstance(outcome, BaseException):
        return
    yield from (str(outcome), repr(outcome.args), *getattr(outcome, "__notes__", ()))
    yield from _texts_of(outcome.__cause__)
    if not outcome.__suppress_context__:
        yield from _texts_of(outcome.__context__)


@contextmanager
def _listening() -> Iterator[io.StringIO]:
    """Hear all that is logged or printed in the block."""
    heard = io.StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield heard
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
