"""What a policy decides on: a search of a bank, and a record that it found.

Both are in the words of the schema. Neither holds a value of a query or of a record, so that each
can be remembered, written down and decided again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRequest:
    """One search of one bank, in the schema's words; never a value of the query.

    Attributes:
        requester_member: The requester's member, "KAZ".
        roles: Of the requester; those that the schema does not know are left out.
        unit: The requester's unit, "" where there is none.
        purpose: As "terrorism".
        owner: The bank's member, "TUR".
        bank: As "TUR/persons".
        probe: As "person".
        granularity: What is asked for: "exists", "count", "reference" or "record".
        fields: The names of the probe's fields that are filled in.
        has_case: Whether a case reference is given.
        has_offence: Whether the offence is named.
        has_justification: Whether an offence or a text is given.
        person_category: As "suspect", or "unspecified".
        aim: As "identify", or "unspecified".
    """

    requester_member: str
    roles: frozenset[str]
    unit: str
    purpose: str
    owner: str
    bank: str
    probe: str
    granularity: str
    fields: frozenset[str]
    has_case: bool
    has_offence: bool = False
    has_justification: bool
    person_category: str
    aim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What a policy may know of a record; never a value of it.

    Attributes:
        kind: Why the bank holds it, as "wanted".
        tlp: "clear", "green", "amber", "amber_strict" or "red".
        europol: Of "H0", "H1", "H2", "H3".
        confirm_first: Whether its owner wants to be asked before anybody acts.
        has_warning: Whether it warns of something.
        age_years: Whole years since it was last known to hold, >= 0; None where that is not told.
    """

    kind: str
    tlp: str = "amber"
    europol: frozenset[str] = frozenset()
    confirm_first: bool = False
    has_warning: bool = False
    age_years: int | None = None
