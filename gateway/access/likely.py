"""A well-made question, before anybody has asked it: what a policy is explained and tried with."""

from __future__ import annotations

from typing import Final

from gateway.access.request import PolicyRequest

PURPOSES: Final = {
    "terrorism": ("suspect", "learn_more"),
    "organised_crime": ("suspect", "learn_more"),
    "serious_crime": ("suspect", "learn_more"),
    "arrest_warrant": ("suspect", "locate"),
    "border_control": ("traveller", "identify"),
    "missing_person": ("missing", "locate"),
    "identification": ("remains", "identify"),
    "stolen_property": ("suspect", "locate"),
}
"""Who is mostly looked for and to what end, for each purpose, as a category and an aim."""
PROBES: Final = {
    "person": frozenset({"name", "full_name", "birth_date"}),
    "document": frozenset({"number", "issuer"}),
    "vehicle": frozenset({"plate"}),
    "organisation": frozenset({"name"}),
    "identifier": frozenset({"identifier"}),
    "biometric": frozenset({"sample"}),
}
"""The fields that are mostly filled in, for each kind of probe."""


def likely_question(  # noqa: PLR0913 - one parameter for each thing that a policy mostly asks about
    member: str,
    *,
    bank: str,
    purpose: str,
    probe: str,
    roles: frozenset[str],
    unit: str = "",
) -> PolicyRequest:
    """A search for a record that says all that is asked for."""
    category, aim = PURPOSES.get(purpose, ("suspect", "identify"))
    return PolicyRequest(
        requester_member=member,
        roles=roles,
        unit=unit,
        purpose=purpose,
        owner=bank.partition("/")[0],
        bank=bank,
        probe=probe,
        granularity="record",
        fields=PROBES.get(probe, frozenset()),
        has_case=True,
        has_offence=True,
        has_justification=True,
        person_category=category,
        aim=aim,
    )
