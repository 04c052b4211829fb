"""Decide whether a search of one bank is permitted, and how much a reply may hold.

The federation's baseline and the owner must both permit; a forbid of either refuses, and is named.
Cedar evaluates, always under the schema. Whatever goes wrong in an evaluation is a refusal: Cedar
leaves out a forbid that it cannot evaluate, and an Allow that comes of that is none.

A decision depends on nothing but the request and the texts that the epoch stands for, so it is
remembered and can be replayed.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

import cedarpy

from gateway.access.rules import GRANULARITIES, Rule, RuleFile, read_rules, read_schema, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLES: Final = frozenset(
    {"investigator", "analyst", "border", "contact_officer", "supervisor", "auditor", "system"}
)
"""The roles of the schema; others in a token grant nothing."""
BASELINE: Final = "baseline"
DEFAULT_TEXT: Final = "no policy permits this"
ERROR_TEXT: Final = "the policy could not be evaluated"
REMEMBERED: Final = 16_384
"""How many decisions of one epoch are remembered."""

_ACTION: Final = {"type": "Kalkan::Action", "id": "search"}
_LOG: Final = logging.getLogger(__name__)


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
    has_justification: bool
    person_category: str
    aim: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policies say.

    Attributes:
        permitted: Whether the search may be made.
        rule: The rule that decided: of a refusal the one that refuses.
        text: Why it is refused, safe to disclose; "" where it is permitted.
        contact: Whom to ask about a refusal; "" where the rule does not say.
        granularity: The most that a reply may hold, "exists" to "record"; "" where refused.
    """

    permitted: bool
    rule: str
    text: str
    contact: str
    granularity: str


class _EvaluationError(Exception):
    """Cedar could not evaluate; the file's name is the text."""


class Policy:
    """An owner's policy on top of the baseline.

    Attributes:
        name: What the owner's rules begin with.
        epoch: 16 hexadecimal digits that change with any text and with the engine.
    """

    def __init__(self, owner: RuleFile, baseline: RuleFile | None, epoch: str) -> None:
        self.name = owner.name
        self.epoch = epoch
        self._owner = owner
        self._baseline = baseline
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._decide)

    @classmethod
    def load(cls, owner_text: str, name: str, *, baseline: bool = True) -> Policy:
        """Check an owner's policy and make it ready.

        Args:
            owner_text: The owner's Cedar text.
            name: What its rules begin with, lower case, as "kaz".
            baseline: Whether the federation's baseline holds too; only tests do without.

        Raises:
            PolicyFileError: The text does not hold; names the file and the line.
        """
        owner = read_rules(owner_text, name)
        base_text = read_text("baseline.cedar") if baseline else ""
        base = read_rules(base_text, BASELINE) if baseline else None
        return cls(owner, base, _epoch(read_text("schema.cedarschema"), base_text, owner_text))

    @classmethod
    def for_hub(cls) -> Policy:
        """Make the hub's policy: the baseline, with what owners can do without left to them."""
        return cls.load(read_text("hub.cedar"), "hub")

    def decide(self, request: PolicyRequest) -> Decision:
        """Decide on a search; any failure refuses."""
        try:
            return self._remembered(request)
        except _EvaluationError as exc:
            name = str(exc)
        except Exception:  # noqa: BLE001 - whatever fails here must refuse, never permit
            name = self.name
        _LOG.error("policy %s of epoch %s could not be evaluated", name, self.epoch)
        return _refusal(f"{name}.error", ERROR_TEXT)

    def _decide(self, request: PolicyRequest) -> Decision:
        entities = _entities(request)
        owner = _evaluate(self._owner, request, entities, frozenset())
        waived = frozenset[str]().union(*(rule.allows for rule in owner))
        found = [(self.name, owner)]
        if self._baseline:
            found.insert(0, (BASELINE, _evaluate(self._baseline, request, entities, waived)))
        for _, rules in found:
            for rule in rules:
                if not rule.permits:
                    return _refusal(rule.id, rule.text, rule.contact)
        for name, rules in found:
            if not rules:
                return _refusal(f"{name}.default", DEFAULT_TEXT)
        granularity = _lowest([request.granularity, *(_highest(rules) for _, rules in found)])
        return Decision(
            permitted=True, rule=owner[0].id, text="", contact="", granularity=granularity
        )


def _refusal(rule: str, text: str, contact: str = "") -> Decision:
    return Decision(permitted=False, rule=rule, text=text, contact=contact, granularity="")


def _evaluate(
    file: RuleFile, request: PolicyRequest, entities: cedarpy.Entities, waived: frozenset[str]
) -> list[Rule]:
    """Return the rules that decide, in the file's order: forbids, or permits, or none.

    Raises:
        _EvaluationError: Cedar reports an error, or decides against the rules that it names.
    """
    result = cedarpy.is_authorized(
        {
            "principal": _principal(request),
            "action": _ACTION,
            "resource": _resource(request),
            "context": _context(request, waived),
        },
        file.policies,
        entities,
        read_schema(),
    )
    if result.diagnostics.errors or result.decision is cedarpy.Decision.NoDecision:
        raise _EvaluationError(file.name)
    rules = [rule for key, rule in file.rules.items() if key in result.diagnostics.reasons]
    if result.allowed != (bool(rules) and all(rule.permits for rule in rules)):
        raise _EvaluationError(file.name)
    return rules


def _principal(request: PolicyRequest) -> dict[str, str]:
    return {"type": "Kalkan::Requester", "id": request.requester_member}


def _resource(request: PolicyRequest) -> dict[str, str]:
    return {"type": "Kalkan::Bank", "id": request.bank}


def _entities(request: PolicyRequest) -> cedarpy.Entities:
    """Parse who asks and what is asked, once for both files.

    Raises:
        ValueError: They do not fit the schema.
    """
    requester = {
        "member": request.requester_member,
        "unit": request.unit,
        "roles": _words("Role", request.roles & ROLES),
    }
    bank = {"owner": request.owner, "name": request.bank}
    entities = [
        {"uid": _principal(request), "attrs": requester, "parents": []},
        {"uid": _resource(request), "attrs": bank, "parents": []},
    ]
    return cedarpy.Entities.from_json_str(json.dumps(entities), read_schema())


def _context(request: PolicyRequest, waived: frozenset[str]) -> dict[str, Any]:
    return {
        "purpose": _word("Purpose", request.purpose),
        "probe": _word("Probe", request.probe),
        "granularity": _word("Granularity", request.granularity),
        "fields": _words("Field", request.fields),
        "has_case": request.has_case,
        "has_justification": request.has_justification,
        "person_category": _word("PersonCategory", request.person_category),
        "aim": _word("Aim", request.aim),
        "waived": _words("Waiver", waived),
    }


def _word(kind: str, value: str) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": f"Kalkan::{kind}", "id": value}}


def _words(kind: str, values: Iterable[str]) -> list[dict[str, dict[str, str]]]:
    return [_word(kind, value) for value in sorted(values)]


def _highest(permits: list[Rule]) -> str:
    """Return the most generous granularity of permits; one that lowers nothing gives all."""
    return max((rule.granularity or GRANULARITIES[-1] for rule in permits), key=GRANULARITIES.index)


def _lowest(granularities: list[str]) -> str:
    return min(granularities, key=GRANULARITIES.index)


def _epoch(*texts: str) -> str:
    """Hash texts, each with its length so that none runs into the next, and the engine."""
    digest = hashlib.sha256()
    for text in (*texts, f"cedarpy {metadata.version('cedarpy')}"):
        data = text.encode("utf-8")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]
