"""The wire's words as people say them; numbers that are not known are shown as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kalkan.v1 import directory_service_pb2 as directory
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as node

if TYPE_CHECKING:
    from google.protobuf.internal.enum_type_wrapper import _EnumTypeWrapper as EnumTypeWrapper

_PREFIXES: Final[dict[str, tuple[EnumTypeWrapper[Any], str]]] = {
    "action": (model.Action, "ACTION_"),
    "aim": (model.Aim, "AIM_"),
    "category": (model.PersonCategory, "PERSON_CATEGORY_"),
    "condition": (directory.Condition, "CONDITION_"),
    "document": (model.DocumentKind, "DOCUMENT_KIND_"),
    "field": (model.FieldName, "FIELD_NAME_"),
    "granularity": (model.Granularity, "GRANULARITY_"),
    "identifier": (model.IdentifierKind, "IDENTIFIER_KIND_"),
    "kind": (model.RecordKind, "RECORD_KIND_"),
    "probe": (node.ProbeKind, "PROBE_KIND_"),
    "purpose": (model.Purpose, "PURPOSE_"),
    "sex": (model.Sex, "SEX_"),
    "state": (model.BankState, "BANK_STATE_"),
    "tlp": (model.Tlp, "TLP_"),
    "europol": (model.EuropolCode, "EUROPOL_CODE_"),
    "warning": (model.Warning, "WARNING_"),
    "band": (model.ScoreBand, "SCORE_BAND_"),
}
_VERDICTS: Final = {
    model.VERDICT_EXACT: "the same",
    model.VERDICT_TRANSLITERATED: "the same across scripts",
    model.VERDICT_SPELLING: "a spelling variant",
    model.VERDICT_COMPATIBLE: "agrees as far as both are known",
    model.VERDICT_NEAR: "differs by a likely slip",
    model.VERDICT_OMITTED: "not in the record or not released",
    model.VERDICT_CONTRADICTS: "contradicts",
}
_URGENCIES: Final[dict[int, str]] = {
    model.URGENCY_IMMEDIATE: "confirms within 10 minutes",
    model.URGENCY_HOUR: "confirms within 1 hour",
    model.URGENCY_DAY: "confirms within 12 hours",
    model.URGENCY_ROUTINE: "confirms within 48 hours",
}
_ACTIONS: Final[dict[int, str]] = {
    model.ACTION_ARREST: "arrest",
    model.ACTION_DISCREET_CHECK: "discreet check: inform the owner, the person must not notice",
    model.ACTION_SPECIFIC_CHECK: "question and search as national law permits",
    model.ACTION_SEIZE: "seize it",
    model.ACTION_PROTECT: "protect the person and inform the owner",
    model.ACTION_INFORM_OWNER: "inform the owner",
    model.ACTION_REFUSE_ENTRY: "refuse entry",
}


def word_of(kind: str, number: int) -> str:
    """Return a value of an enumeration in words, as "suspected terrorist"; "" for unspecified."""
    numbers, prefix = _PREFIXES[kind]
    if not number:
        return ""
    try:
        name = numbers.Name(number)
    except ValueError:
        return f"unknown ({number})"
    return name.removeprefix(prefix).replace("_", " ").lower()


def list_words(kind: str) -> tuple[str, ...]:
    """Return the words of an enumeration as options take them, as "organised_crime"."""
    numbers, prefix = _PREFIXES[kind]
    return tuple(name.removeprefix(prefix).lower() for name, n in numbers.items() if n)


def tell_action(action: int) -> str:
    """Return what the owner asks to be done."""
    return _ACTIONS.get(action) or word_of("action", action)


def tell_urgency(urgency: int) -> str:
    """Return how fast the owner confirms, "" where it is not stated."""
    return _URGENCIES.get(urgency, "")


def tell_reason(reason: model.Reason) -> str:
    """Return why a field matched, as "name: the same across scripts (Cyrl to Latn)"."""
    verdict = _VERDICTS.get(reason.verdict, "unknown")
    detail = f" ({reason.detail})" if reason.detail else ""
    return f"{word_of('field', reason.field)}: {verdict}{detail}"


def tell_handling(handling: model.Handling) -> str:
    """Return handling codes, as "TLP:AMBER H1 H2, confirm with the owner before acting"."""
    tlp = word_of("tlp", handling.tlp).upper().replace("AMBER STRICT", "AMBER+STRICT")
    codes = [word_of("europol", code).upper() for code in handling.europol]
    labels = " ".join([f"TLP:{tlp or 'NONE'}", *codes])
    return f"{labels}, confirm with the owner before acting" if handling.confirm_first else labels


def tell_contact(contact: model.Contact) -> str:
    """Return how to reach an owner."""
    return ", ".join(part for part in (contact.office, contact.phone, contact.email) if part)


def tell_date(date: model.PartialDate) -> str:
    """Return as much of a date as is known: 1985, 1985-03 or 1985-03-14."""
    parts = [f"{date.year:04d}"] + [f"{part:02d}" for part in (date.month, date.day) if part]
    return "-".join(parts)


def tell_field(field: model.Field) -> str:
    """Return the value of a field."""
    kind = field.WhichOneof("value")
    told = _TELLERS[kind](field) if kind else ""
    return f"{told} (masked)" if field.masked else told


def _tell_name(field: model.Field) -> str:
    name = field.name
    whole = name.full or " ".join(p for p in (name.given, name.patronymic, name.family) if p)
    is_alias = name.kind in {model.NAME_KIND_ALIAS, model.NAME_KIND_WEAK_ALIAS}
    return f"{whole} (alias)" if is_alias else whole


def _tell_document(field: model.Field) -> str:
    document = field.document
    kind = word_of("document", document.kind)
    return " ".join(part for part in (kind, document.number, document.issuer) if part)


def _tell_identifier(field: model.Field) -> str:
    kind = word_of("identifier", field.identifier.kind)
    return f"{kind} {field.identifier.value}".strip()


_TELLERS: Final = {
    "text": lambda f: f.text,
    "name": _tell_name,
    "date": lambda f: tell_date(f.date),
    "range": lambda f: f"{tell_date(f.range.first)} to {tell_date(f.range.last)}",
    "sex": lambda f: word_of("sex", f.sex),
    "document": _tell_document,
    "identifier": _tell_identifier,
}
