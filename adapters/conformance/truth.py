"""Clauses C06 to C08: what is declared is true, in both directions, and no predicate is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.conformance.asking import (
    LIMITS,
    find,
    is_searched,
    searched,
    settle,
    text_of,
    with_text,
)
from adapters.conformance.clause import clause
from adapters.conformance.corpus import SAMPLES
from adapters.conformance.subject import Subject
from adapters.contract import OrganisationProbe, PersonProbe, Probe, QueryRejectedError

__all__ = ["TruthClauses"]


class TruthClauses(Subject):
    """What is declared works; what is not is rejected."""

    @clause("C06")
    async def test_c06_every_declared_probe_finds_its_known_record(self) -> None:
        """Each probe of a known record finds it, and each declared kind of probe has one."""
        async with self.open_adapter() as adapter:
            tried = {probe.kind for one in self.known() for probe in one.probes}
            missing = sorted(adapter.capability.probes - tried)
            assert not missing, f"known() has no probe for {', '.join(missing)}"
            for one in self.known():
                for probe in one.probes:
                    found = [record.reference for record in await find(adapter, probe)]
                    assert one.reference in found, f"not found by its {probe.kind} probe"

    @clause("C07", safety=True)
    async def test_c07_what_is_not_declared_is_rejected(self) -> None:
        """A probe of a kind, or for a field, that is not declared raises QueryRejectedError."""
        async with self.open_adapter() as adapter:
            told = adapter.capability
            for field, probe in SAMPLES:
                if probe.kind in told.probes and field in told.fields:
                    continue
                outcome = await settle(adapter.search(probe, LIMITS), self.patience_s + 20)
                assert isinstance(outcome, QueryRejectedError), (
                    f"a {probe.kind} probe for {field} is not declared and was not rejected"
                )

    @clause("C08", safety=True)
    async def test_c08_a_value_that_a_record_does_not_hold_does_not_find_it(self) -> None:
        """A search by a value that is longer, shorter or otherwise another finds other records."""
        async with self.open_adapter() as adapter:
            for one, probe in searched(adapter, self.known()):
                for other in _spoil(probe):
                    assert is_searched(adapter, other)
                    outcome = await settle(adapter.search(other, LIMITS), self.patience_s + 20)
                    if isinstance(outcome, QueryRejectedError):
                        continue
                    found = [record.reference for record in outcome.records]
                    assert one.reference not in found, f"{probe.kind}: the value was not compared"


def _spoil(probe: Probe) -> Iterator[Probe]:
    """Return the probe with other values; none of a name, which may be found across spellings."""
    named = isinstance(probe, PersonProbe) or (isinstance(probe, OrganisationProbe) and probe.name)
    if not named:
        text = text_of(probe)
        last = "7" if text[-1] != "7" else "8"
        for other in (f"{text}7", f"7{text}", text[:-1], text[:-1] + last):
            if other:
                yield with_text(probe, other)
