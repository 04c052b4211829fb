"""The mapping of FollowTheMoney entities, which is the same in every bank that speaks of them.

A mapping of kind yente need not say what `birthDate` means. What it does say stands: a block of
its own takes the place of the one here, `[[field]]` and `[[many]]` blocks of its own the place of
all of them.

Source: the FollowTheMoney schema, https://followthemoney.tech/explorer/.
"""

from __future__ import annotations

import tomllib
from typing import Any, Final

from adapters.mapping.countries import BY_TWO_LETTERS

__all__ = ["ORGANISED", "PERSON", "TOPIC", "TOPICS", "complete_entities"]

PERSON: Final = "person"
"""Where the properties of an entity are that is a person; empty for others."""

ORGANISED: Final = "body"
"""Where the properties of an entity are that is no person; empty for persons."""

TOPIC: Final = "topic"
"""The column of the topic that tells why an entity is in the bank."""

TOPICS: Final = "topics"
"""The code table of topics, the gravest first; `other` is for entities with none of them."""

_MAPPING: Final = """
record = { key = "id", as_of_column = "last_change" }
kind = { column = "topic", codes = "topics" }

[codes.topics]
"wanted" = "wanted"
"crime.terror" = "suspected_terrorist"
"sanction" = "sanctioned"
"sanction.counter" = "sanctioned"
"asset.frozen" = "sanctioned"
"debarment" = "sanctioned"
"crime.boss" = "organised_crime"
"crime.traffick" = "organised_crime"
"other" = "registered"
"""

_LISTS: Final = {
    "name": "person.name",
    "firm": "body.name",
    "birth": "person.birthDate",
    "place": "person.birthPlace",
    "gender": "person.gender",
    "nationality": "person.nationality",
    "citizenship": "person.citizenship",
    "passport": "person.passportNumber",
    "number": "person.idNumber",
    "registration": "body.registrationNumber",
    "country": "body.country",
    "jurisdiction": "body.jurisdiction",
    "alias": "person.alias",
    "trade": "body.alias",
    "weak": "person.weakAlias",
    "phone": "properties.phone",
    "email": "properties.email",
    "address": "properties.address",
    "dataset": "datasets",
}
"""The tables of values, and where each is in an entity."""

_FIELDS: Final[tuple[dict[str, Any], ...]] = (
    {"field": "name", "full": "name.value"},
    {"field": "organisation", "column": "firm.value"},
    {"field": "birth_date", "column": "birth.value"},
    {"field": "birth_place", "column": "place.value"},
    {"field": "sex", "column": "gender.value"},
    {"field": "nationality", "column": "nationality.value", "codes": "countries"},
    {"field": "nationality", "column": "citizenship.value", "codes": "countries"},
    {"field": "document", "number": "passport.value", "document_kind": "passport"},
    {"field": "identifier", "identifier_kind": "national_number", "column": "number.value"},
    {"field": "document", "number": "number.value", "document_kind": "identity_card"},
    {"field": "registration_number", "column": "registration.value"},
    {"field": "country", "column": "country.value", "codes": "countries"},
    {"field": "country", "column": "jurisdiction.value", "codes": "countries"},
    {"field": "name", "full": "alias.value", "kind": "alias"},
    {"field": "organisation", "column": "trade.value"},
    {"field": "name", "full": "weak.value", "kind": "weak_alias"},
    {"field": "identifier", "identifier_kind": "phone", "column": "phone.value"},
    {"field": "identifier", "identifier_kind": "email", "column": "email.value"},
    {"field": "address", "column": "address.value"},
    {"field": "remark", "column": "dataset.value"},
)
"""What a record cannot do without comes first: it has room for a limited number of fields."""


def complete_entities(value: Any) -> Any:  # noqa: ANN401 - whatever TOML held
    """Add to a mapping of kind yente what it does not say itself; others stay as they are."""
    bank = value.get("bank") if isinstance(value, dict) else None
    if not isinstance(bank, dict) or bank.get("kind") != "yente":
        return value
    known = tomllib.loads(_MAPPING)
    many = [{"table": table, "path": path} for table, path in _LISTS.items()]
    known["codes"]["countries"] = BY_TWO_LETTERS
    completed = {**known, "many": many, "field": list(_FIELDS), **value}
    for key in ("codes", "record"):
        own = value.get(key, {})
        completed[key] = {**known[key], **own} if isinstance(own, dict) else own
    return completed
