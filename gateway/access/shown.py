"""How a record that may leave is shown: each field whole, masked, or not at all.

An owner says it in one annotation of a permit, `@fields("address:withheld *:released")`. Where
several permits apply the strictest counts, so that a rule that masks is never undone by another
that forgot to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

RELEASED: Final = "released"
MASKED: Final = "masked"
WITHHELD: Final = "withheld"
TREATMENTS: Final = (RELEASED, MASKED, WITHHELD)
"""From open to closed."""
OTHERS: Final = "*"

MASKABLE: Final = frozenset(
    {
        "name", "birth_date", "loss_date", "document", "identifier", "plate", "vin",
        "registration_number",
    }
)  # fmt: skip
"""The fields of which a part can be shown: initials, a year, the end of a number."""
FIELDS: Final = MASKABLE | {
    "birth_place", "sex", "nationality", "vehicle", "organisation", "address", "offence",
    "country", "remark",
}  # fmt: skip
"""The fields of a record, as the contract of adapters names them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What becomes of one record.

    Attributes:
        rule: The rule that decided.
        withheld: Whether it is as if it were not there.
        whole: Whether its fields may be released at all; without, a reference alone is.
        fields: The treatment of fields that are named.
        others: The treatment of all others.
    """

    rule: str = ""
    withheld: bool = False
    whole: bool = True
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    others: str = RELEASED

    def treat(self, name: str) -> str:
        """Return the treatment of a field: released, masked or withheld.

        What has no mask and is not released is withheld.
        """
        treatment = self.fields.get(name, self.others)
        return WITHHELD if treatment == MASKED and name not in MASKABLE else treatment

    @property
    def open(self) -> bool:
        """Whether every field is released as it is."""
        return {self.others, *self.fields.values()} == {RELEASED}


OPEN: Final = Shown()
"""A record that nothing is held back of."""


def read_fields(text: str) -> dict[str, str]:
    """Read an annotation, `"address:withheld *:released"`.

    Raises:
        ValueError: A word is none; the text says what it should be.
    """
    read: dict[str, str] = {}
    for word in text.split():
        name, _, treatment = word.partition(":")
        if name not in FIELDS | {OTHERS}:
            raise ValueError(f"needs * or one of {', '.join(sorted(FIELDS))} before the colon")
        if treatment not in TREATMENTS:
            raise ValueError(f"needs one of {', '.join(TREATMENTS)} after the colon")
        if treatment == MASKED and name not in MASKABLE | {OTHERS}:
            raise ValueError(f"cannot mask {name}: release or withhold it")
        if name in read:
            raise ValueError(f"names {name} twice")
        read[name] = treatment
    if not read:
        raise ValueError("names no field")
    return read


def strictest(rule: str, permits: Iterable[Mapping[str, str]], *, whole: bool) -> Shown:
    """Put the annotations of all permits that apply together: the strictest counts."""
    read = list(permits)
    named = sorted(frozenset[str]().union(*read) - {OTHERS})
    return Shown(
        rule=rule,
        whole=whole,
        fields=MappingProxyType({name: _strictest(name, read) for name in named}),
        others=_strictest(OTHERS, read),
    )


def both(one: Shown, other: Shown) -> Shown:
    """Put two decisions on one record together: it is shown as far as each of them shows it."""
    for decision in (one, other):
        if decision.withheld:
            return decision
    permits = [{**each.fields, OTHERS: each.others} for each in (one, other)]
    return strictest(one.rule, permits, whole=one.whole and other.whole)


def _strictest(name: str, permits: list[Mapping[str, str]]) -> str:
    found = (permit.get(name, permit.get(OTHERS, RELEASED)) for permit in permits)
    return max(found, key=TREATMENTS.index, default=RELEASED)
