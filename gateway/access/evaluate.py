"""Ask Cedar: one request and one file in, the rules that decide out.

Cedar leaves out a forbid that it cannot evaluate, and an Allow that comes of that is none: so it
always gets the schema, and whatever it reports as an error is raised.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

import cedarpy

from gateway.access.errors import AccessError
from gateway.access.rules import RELEASE, Rule, RuleFile, read_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.access.request import PolicyRequest, RecordFacts

ROLES: Final = frozenset(
    {"investigator", "analyst", "border", "contact_officer", "supervisor", "auditor", "system"}
)
"""The roles of the schema; others in a token grant nothing."""
_RECORD: Final = {"type": "Kalkan::Record", "id": "found"}


class EvaluationError(AccessError):
    """Cedar could not evaluate; the file's name is the text. Whoever asked is refused."""

    reason: ClassVar[str] = "INTERNAL"


def evaluate(
    file: RuleFile,
    request: PolicyRequest,
    entities: cedarpy.Entities,
    waived: frozenset[str] = frozenset(),
) -> list[Rule]:
    """Return the rules that decide, in the file's order: forbids, or permits, or none.

    Raises:
        EvaluationError: Cedar reports an error, or decides against the rules that it names.
    """
    result = cedarpy.is_authorized(
        {
            "principal": _principal(request),
            "action": {"type": "Kalkan::Action", "id": file.action},
            "resource": _RECORD if file.action == RELEASE else _resource(request),
            "context": _context(request, waived),
        },
        file.policies,
        entities,
        read_schema(),
    )
    if result.diagnostics.errors or result.decision is cedarpy.Decision.NoDecision:
        raise EvaluationError(file.name)
    rules = [rule for key, rule in file.rules.items() if key in result.diagnostics.reasons]
    if result.allowed != (bool(rules) and all(rule.permits for rule in rules)):
        raise EvaluationError(file.name)
    return rules


def read_entities(request: PolicyRequest, record: RecordFacts | None = None) -> cedarpy.Entities:
    """Parse who asks and what is asked, once for all files.

    Raises:
        ValueError: They do not fit the schema.
    """
    requester = {
        "member": request.requester_member,
        "unit": request.unit,
        "roles": _words("Role", request.roles & ROLES),
    }
    bank = {"owner": request.owner, "name": request.bank}
    what = _entity(_resource(request), bank)
    if record is not None:
        what = _entity(_RECORD, {**bank, **_record(record)})
    entities = [_entity(_principal(request), requester), what]
    return cedarpy.Entities.from_json_str(json.dumps(entities), read_schema())


def _entity(uid: dict[str, str], attributes: dict[str, Any]) -> dict[str, Any]:
    return {"uid": uid, "attrs": attributes, "parents": []}


def _record(record: RecordFacts) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": _word("RecordKind", record.kind),
        "tlp": _word("Tlp", record.tlp),
        "europol": _words("Europol", record.europol),
        "confirm_first": record.confirm_first,
        "has_warning": record.has_warning,
    }
    if record.age_years is not None:
        told["age_years"] = record.age_years
    return told


def _principal(request: PolicyRequest) -> dict[str, str]:
    return {"type": "Kalkan::Requester", "id": request.requester_member}


def _resource(request: PolicyRequest) -> dict[str, str]:
    return {"type": "Kalkan::Bank", "id": request.bank}


def _context(request: PolicyRequest, waived: frozenset[str]) -> dict[str, Any]:
    return {
        "purpose": _word("Purpose", request.purpose),
        "probe": _word("Probe", request.probe),
        "granularity": _word("Granularity", request.granularity),
        "fields": _words("Field", request.fields),
        "has_case": request.has_case,
        "has_offence": request.has_offence,
        "has_justification": request.has_justification,
        "person_category": _word("PersonCategory", request.person_category),
        "aim": _word("Aim", request.aim),
        "waived": _words("Waiver", waived),
    }


def _word(kind: str, value: str) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": f"Kalkan::{kind}", "id": value}}


def _words(kind: str, values: Iterable[str]) -> list[dict[str, dict[str, str]]]:
    return [_word(kind, value) for value in sorted(values)]
