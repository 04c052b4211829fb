"""Read a Cedar file into rules, and refuse at load what would fail silently in service.

Cedar skips a policy it cannot evaluate, and ignores annotations it does not know. So a file is
checked here against the schema, and against what a rule of Kalkan must say about itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import cedarpy

from gateway.access.errors import PolicyFileError
from gateway.access.shown import read_fields

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GRANULARITIES: Final = ("exists", "count", "reference", "record")
"""From the least to the most that a reply can hold."""
WAIVERS: Final = frozenset({"single_name"})
MAX_TEXT: Final = 300
MAX_CONTACT: Final = 100
MAX_ID: Final = 100
MAX_FILE: Final = 1_048_576

SEARCH: Final = "search"
ASK: Final = "ask"
RELEASE: Final = "release"

BY_HAND: Final = frozenset({"stopped", "budget", "alarm"})
"""What refuses beside the policy, as "kaz.stopped" and "kaz.budget.border"."""
RESERVED: Final = BY_HAND | {"default", "error", "unknown"}
"""Words after the file's name that no rule has: they are Kalkan's own names of refusals."""

_FORBID: Final = frozenset({"id", "text", "contact"})
_ALLOWED: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    (SEARCH, "permit"): frozenset({"id", "granularity", "allows"}),
    (ASK, "permit"): frozenset({"id"}),
    (RELEASE, "permit"): frozenset({"id", "granularity", "fields"}),
    (SEARCH, "forbid"): _FORBID,
    (ASK, "forbid"): _FORBID,
    (RELEASE, "forbid"): _FORBID,
}
_ID: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_CONTEXT: Final = '{"Var": "context"}'
_OTHER_CONTEXT: Final = re.compile(
    r'\{"left": ' + re.escape(_CONTEXT) + r', "attr": "(?!fields")[^"]*"\}'
)
"""How Cedar writes an attribute of the question that is not its fields."""
_MEANS_MORE: Final = re.compile(r"\\u|\blike\b")
"""What can mean a bank without its name in it."""
_TOKEN: Final = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|\S')


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy of a file.

    Attributes:
        id: Its name, "kaz.border".
        permits: True for a permit, False for a forbid.
        text: Why it forbids, safe to disclose.
        contact: Whom to ask about it, "" where the file does not say.
        granularity: What a permit lowers replies to, "" where it lowers nothing.
        allows: What a permit does without.
        line: Where it begins in its file, from 1.
        fields: How a permit to release shows the fields of a record.
    """

    id: str
    permits: bool
    text: str
    contact: str
    granularity: str
    allows: frozenset[str]
    line: int = 0
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file that was checked: its parsed policies, and its rules by Cedar's own ids.

    Attributes:
        name: What its rules' ids begin with.
        policies: As Cedar has parsed them.
        rules: By Cedar's ids, in the order of the file.
        text: The file's text.
        action: What it decides: "search", "ask" or "release".
        looks_at_resource: Whether it can decide otherwise for another bank or record.
        looks_at_fields: Whether it can decide otherwise where other fields are filled in.
    """

    name: str
    policies: cedarpy.PolicySet
    rules: Mapping[str, Rule]
    text: str = ""
    action: str = SEARCH
    looks_at_resource: bool = True
    looks_at_fields: bool = True


def read_text(name: str) -> str:
    """Return a text that comes with Kalkan: the schema, the baseline, the hub's policy."""
    return resources.files("gateway.access").joinpath(name).read_text("utf-8")


@cache
def read_schema() -> cedarpy.Schema:
    """Return the parsed schema."""
    return cedarpy.Schema.from_str(read_text("schema.cedarschema"))


def read_rules(text: str, name: str, action: str = SEARCH) -> RuleFile:
    """Check a Cedar file and return its rules.

    Args:
        text: The file's text, at most 1,048,576 characters.
        name: What its rules' ids begin with, and what errors call the file.
        action: What the file decides: "search", "ask" or "release".

    Raises:
        PolicyFileError: It does not parse, does not fit the schema, or a rule says too little.
    """
    if len(text) > MAX_FILE:
        raise PolicyFileError(name, f"is larger than {MAX_FILE} characters")
    lines = _statement_lines(text)
    policies = _parse(text, name)
    _require_schema(text, name, lines)
    rules: dict[str, Rule] = {}
    seen: set[str] = set()
    static = _static_policies(text, name)
    for number, (key, policy) in enumerate(static):
        rule = _read_rule(policy, name, lines[number], action)
        if rule.id in seen:
            raise PolicyFileError(name, "the id occurs twice", line=lines[number], key=rule.id)
        seen.add(rule.id)
        rules[key] = rule
    return RuleFile(
        name,
        policies,
        rules,
        text,
        action,
        looks_at_resource=any(_looks_at_resource(policy) for _, policy in static),
        looks_at_fields=any(_looks_at_fields(policy) for _, policy in static),
    )


def _looks_at_resource(policy: Mapping[str, Any]) -> bool:
    """Whether scope or conditions of a policy speak of the resource."""
    if policy["resource"]["op"] != "All":
        return True
    return '{"Var": "resource"}' in json.dumps(policy["conditions"])


def _looks_at_fields(policy: Mapping[str, Any]) -> bool:
    """Whether conditions of a policy speak of the fields of a question, or of all of a question."""
    return _CONTEXT in _OTHER_CONTEXT.sub("", json.dumps(policy["conditions"]))


def is_by_hand(rule: str, name: str) -> bool:
    """Whether a refusal is a stop or a budget of `name`, and no rule of a policy."""
    return _word_of(rule, name) in BY_HAND


def _word_of(rule_id: str, name: str) -> str:
    """Return the first word after the file's name."""
    return rule_id.removeprefix(f"{name}.").partition(".")[0]


def leave_out_banks(
    text: str, member: str, banks: Collection[str], hidden: Collection[str] = ()
) -> str:
    """Return the rules of a file that speak of no bank of `member` but `banks`, without comments.

    A rule about a hidden bank would tell that there is one. Beside the bank's own name a pattern,
    an escape or the bare word of one of `hidden`, as "TUR/secret", can mean it.
    """
    named = re.compile(rf"\b{re.escape(member)}/[A-Za-z0-9_-]+")
    words = [bank.partition("/")[2].lower() for bank in hidden]
    return "\n".join(
        rule
        for start, end in _statements(text)
        if set(named.findall(rule := text[start:end])) <= set(banks)
        and not (hidden and _MEANS_MORE.search(rule))
        and not any(word in rule.lower() for word in words)
    )


def _parse(text: str, name: str) -> cedarpy.PolicySet:
    try:
        return cedarpy.PolicySet.from_str(text)
    except ValueError as exc:
        raise PolicyFileError(name, str(exc), line=_line_of_fault(text)) from None


def _statement_lines(text: str) -> list[int]:
    """Return the line on which each policy begins."""
    return [text.count("\n", 0, start) + 1 for start, _ in _statements(text)]


def _statements(text: str) -> list[tuple[int, int]]:
    """Return begin and end of each policy, and of a rest without semicolon."""
    found: list[tuple[int, int]] = []
    start = -1
    for token in _TOKEN.finditer(text):
        if token[0].startswith("//"):
            continue
        start = token.start() if start < 0 else start
        if token[0] == ";":
            found.append((start, token.end()))
            start = -1
    return found if start < 0 else [*found, (start, len(text))]


def _line_of_fault(text: str) -> int:
    """Return the line of the first policy that does not parse; Cedar tells none."""
    for start, end in _statements(text):
        try:
            cedarpy.PolicySet.from_str(text[start:end])
        except ValueError:
            return text.count("\n", 0, start) + 1
    return 0


def _require_schema(text: str, name: str, lines: list[int]) -> None:
    result = cedarpy.validate_policies(text, read_schema())
    if result.validation_passed:
        return
    first = min(result.errors, key=lambda error: _number(error.policy_id))
    named = result.id_annotations_by_policy_id.get(first.policy_id, "")
    raise PolicyFileError(name, first.error, line=lines[_number(first.policy_id)], key=named)


def _static_policies(text: str, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Return Cedar's id and JSON form of each policy, in the order of the file."""
    data = json.loads(cedarpy.policies_to_json_str(text))
    if data["templates"]:
        raise PolicyFileError(name, "templates are not used here: write the policies out")
    return sorted(data["staticPolicies"].items(), key=lambda item: _number(item[0]))


def _number(policy_id: str) -> int:
    """Return the place of a policy in its file, from 0: Cedar calls them policy0, policy1."""
    return int(policy_id.removeprefix("policy"))


def _read_rule(policy: dict[str, Any], name: str, line: int, action: str) -> Rule:
    effect: str = policy["effect"]
    notes: dict[str, str] = policy.get("annotations", {})
    rule_id = notes.get("id") or ""
    if not _ID.fullmatch(rule_id) or not rule_id.startswith(f"{name}.") or len(rule_id) > MAX_ID:
        raise PolicyFileError(name, f'needs @id("{name}....") in lower case', line=line, key="@id")
    if _word_of(rule_id, name) in RESERVED:
        raise PolicyFileError(name, "is an id of Kalkan's own refusals", line=line, key=rule_id)
    if action not in _actions_of(policy["action"]):
        raise PolicyFileError(
            name, f"speaks of another action than {action}", line=line, key=rule_id
        )
    unknown = sorted(notes.keys() - _ALLOWED[action, effect])
    if unknown:
        raise PolicyFileError(
            name, f"is no annotation of a {effect} to {action}", line=line, key=f"@{unknown[0]}"
        )
    if fault := _fault_of(effect, notes, action):
        raise PolicyFileError(name, fault[1], line=line, key=f"{rule_id} @{fault[0]}")
    return Rule(
        id=rule_id,
        permits=effect == "permit",
        text=notes.get("text", ""),
        contact=notes.get("contact", ""),
        granularity=notes.get("granularity", ""),
        allows=frozenset(notes.get("allows", "").split()),
        line=line,
        fields=read_fields(notes["fields"]) if "fields" in notes else {},
    )


def _actions_of(scope: Mapping[str, Any]) -> frozenset[str]:
    """Return the actions that a policy's scope lets in; all where it leaves the action open."""
    if scope["op"] == "All":
        return frozenset({SEARCH, ASK, RELEASE})
    entities = scope.get("entities") or [scope.get("entity", {})]
    return frozenset(entity.get("id", "") for entity in entities)


def _fault_of(effect: str, notes: Mapping[str, str], action: str) -> tuple[str, str] | None:
    """Name the annotation that does not hold, and what it should be."""
    text, contact = notes.get("text", ""), notes.get("contact", "")
    least = 0 if action == RELEASE else 1  # nobody is told why a record is withheld
    if effect == "forbid" and not (least <= len(text) <= MAX_TEXT and text.isprintable()):
        return "text", f"must be {least} to {MAX_TEXT} printable characters"
    if len(contact) > MAX_CONTACT or not contact.isprintable():
        return "contact", f"must be at most {MAX_CONTACT} printable characters"
    return _fault_of_permit(notes, action)


def _fault_of_permit(notes: Mapping[str, str], action: str) -> tuple[str, str] | None:
    """The same for what only permits have."""
    known = GRANULARITIES[2:] if action == RELEASE else GRANULARITIES
    if notes.get("granularity", "record") not in known:
        return "granularity", f"must be {', '.join(known[:-1])} or {known[-1]}"
    try:
        if "fields" in notes:
            read_fields(notes["fields"])
    except ValueError as exc:
        return "fields", str(exc)
    if not set(notes.get("allows", "").split()) <= WAIVERS:
        return "allows", f"must be words of {', '.join(sorted(WAIVERS))}"
    return None
