"""Check what a service found: a service may compare loosely, or ignore a parameter it is new to."""

from __future__ import annotations

from adapters.contract import OrganisationProbe, PersonProbe, Probe, Record
from adapters.mapping.lookups import matches
from adapters.matching.documents import normalise_number

__all__ = ["is_match"]


def is_match(probe: Probe, record: Record) -> bool:
    """Tell whether a record holds the number that was asked for; names are left to the scorer."""
    if isinstance(probe, PersonProbe):
        return True
    if isinstance(probe, OrganisationProbe) and not normalise_number(probe.number):
        return True
    return matches(record, probe)
