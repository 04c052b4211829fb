"""Everything that a policy can be asked, and what a new text changes of it.

The words of the schema are finite, so an owner need not guess what a change does: both policies
decide every combination of members, purposes, roles, banks and probes, for records also of kinds
and handling codes, and of units where a text speaks of them. A value that no text names cannot be
told from another such value, so one stands for all of them and counts for all of them; only `like`
could tell them apart, and with it every value is tried.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, TypeAlias

from gateway.access.cases import tell_shown
from gateway.access.evaluate import ROLES
from gateway.access.likely import PROBES, PURPOSES, likely_question
from gateway.access.policy import Policy, asking_name, read_baseline
from gateway.access.request import PolicyRequest, RecordFacts
from gateway.access.shown import FIELDS, RELEASED, Shown

KINDS: Final = (
    "wanted", "suspected_terrorist", "missing", "stolen_document", "lost_document",
    "revoked_document", "stolen_vehicle", "organised_crime", "sanctioned", "discreet_check",
    "registered", "contact_officer", "remains",
)  # fmt: skip
TLPS: Final = ("clear", "green", "amber", "amber_strict", "red")
EUROPOL: Final = ("", "H0", "H1", "H2", "H3")
NO_UNIT: Final = "none"
OTHER_UNIT: Final = "another unit"
SINGLE_NAME: Final = "person by one name"
_TELLS_APART: Final = re.compile(r"\blike\b|\\")
"""What can tell values apart that are not written out: a pattern, or a letter that is escaped."""
_SAID: Final = re.compile(r'@\w+\("(?:\\.|[^"\\])*"\)|//[^\n]*|("(?:\\.|[^"\\])*")')
"""What a text says for people, or a literal, which is kept."""
_UNIT: Final = re.compile(r"\bunit\b")
_LITERAL: Final = re.compile(r'(::)?"((?:\\.|[^"\\])*)"')
"""A literal; after two colons it is the name of an entity."""
_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Space:
    """Who and what there is in the federation.

    Attributes:
        owner: The member whose policies are looked at.
        members: All members.
        banks: All banks, as MEMBER/bank.
    """

    owner: str
    members: tuple[str, ...]
    banks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Combinations of which two policies say different things.

    Attributes:
        before: What the policy in force says.
        after: What the new one says.
        count: How many combinations.
        where: For each thing that is varied, the values that occur, unless all do.
    """

    before: str
    after: str
    count: int
    where: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two policies say of everything: how many combinations there are, and what differs."""

    count: int
    changes: tuple[Change, ...]


_Point: TypeAlias = dict[str, str]
_Axes: TypeAlias = dict[str, dict[str, tuple[str, ...]]]
"""For each thing that is varied: a value to try, and the values that it stands for."""
_Tell: TypeAlias = Callable[[Policy, _Point], str]


def compare_searches(old: Policy, new: Policy, space: Space) -> Comparison:
    """Compare what two policies answer whom."""
    own = tuple(bank for bank in space.banks if bank.startswith(f"{space.owner}/"))
    axes = _search_axes(_text_of(old, new), space, own)

    def tell(policy: Policy, point: _Point) -> str:
        return _tell_search(policy, point, policy.name)

    return _compare(axes, (old, new), tell)


def compare_asking(old: Policy, new: Policy, space: Space) -> Comparison:
    """Compare what two policies let a member's own officers ask of whom."""
    axes = _search_axes(_text_of(old, new), space, space.banks)
    axes["member"] = {space.owner: (space.owner,)}
    own = tuple(bank for bank in space.banks if bank.startswith(f"{space.owner}/"))
    axes["bank"] = _classes(space.banks, _text_of(old, new), keep=own, by_member=True)

    def tell(policy: Policy, point: _Point) -> str:
        told = _tell_search(policy, point, asking_name(space.owner))
        return told if told.startswith("refused") else "permitted"

    return _compare(axes, (old, new), tell)


def compare_releases(old: Policy, new: Policy, space: Space) -> Comparison:
    """Compare what two policies release of which records to whom."""
    texts = [policy.texts.release or "" for policy in (old, new)]
    text = "\n".join(texts)
    own = tuple(bank for bank in space.banks if bank.startswith(f"{space.owner}/"))
    axes = {
        "member": _classes(space.members, text, keep=(space.owner,)),
        "purpose": _classes(tuple(PURPOSES), text),
        "unit": _units(text, space),
        "role": _classes(tuple(sorted(ROLES)), text),
        "bank": _classes(own, text),
        "probe": _classes(tuple(PROBES), text),
        "kind": _classes(KINDS, text),
        "tlp": _classes(TLPS, text),
        "europol": _classes(EUROPOL, text),
        "confirm_first": _truths("confirm_first", text),
        "has_warning": _truths("has_warning", text),
        "age_years": _ages(text),
    }
    return _compare(axes, (old, new), _tell_release)


def _text_of(*policies: Policy) -> str:
    """All texts that decide a search."""
    texts = [read_baseline().text]
    for policy in policies:
        texts += [policy.texts.search, policy.texts.asking or ""]
    return "\n".join(texts)


def _search_axes(text: str, space: Space, banks: tuple[str, ...]) -> _Axes:
    return {
        "member": _classes(space.members, text, keep=(space.owner,)),
        "purpose": _classes(tuple(PURPOSES), text),
        "unit": _units(text, space),
        "role": _classes(tuple(sorted(ROLES)), text),
        "bank": _classes(banks, text, by_member=True),
        "probe": {probe: (probe,) for probe in (*PROBES, SINGLE_NAME)},
    }


def _classes(
    values: Sequence[str], text: str, *, keep: tuple[str, ...] = (), by_member: bool = False
) -> dict[str, tuple[str, ...]]:
    """Put together the values that no text can tell apart."""
    told_apart = _TELLS_APART.search(text) is not None
    named = [v for v in values if told_apart or v in keep or _is_named(v, text, by_member)]
    rest = tuple(value for value in values if value not in named)
    classes: dict[str, tuple[str, ...]] = {value: (value,) for value in named}
    if rest:
        classes[rest[0]] = rest
    return classes


def _is_named(value: str, text: str, by_member: bool) -> bool:  # noqa: FBT001 - a bank can be told by its owner's code too
    return f'"{value}"' in text or (by_member and f'"{value.partition("/")[0]}"' in text)


def _units(text: str, space: Space) -> dict[str, tuple[str, ...]]:
    """Units that a text can tell apart: each that it writes out, none, and another.

    There is no list of units, so every text in it may be one, but for names of members and banks.
    Of a pattern what is left without its stars is tried.
    """
    plain = _SAID.sub(r"\1", text)
    if _UNIT.search(plain) is None:
        return {"": (NO_UNIT,)}
    written = {text.replace("*", "") for entity, text in _LITERAL.findall(plain) if not entity}
    named = sorted(written - {"", *space.members, *space.banks})
    return {"": (NO_UNIT,), **{unit: (unit,) for unit in named}, OTHER_UNIT: (OTHER_UNIT,)}


def _truths(name: str, text: str) -> dict[str, tuple[str, ...]]:
    return {"no": ("no",), "yes": ("yes",)} if name in text else {"no": ("no", "yes")}


def _ages(text: str) -> dict[str, tuple[str, ...]]:
    """Ages around each number that a text names; the empty one where a bank tells none."""
    if "age_years" not in text:
        return {"": ("",)}
    numbers = {int(number) for number in _NUMBER.findall(text) if len(number) < 4}  # noqa: PLR2004 - years of a record, not of a date
    ages = sorted({0, *numbers, *(n + 1 for n in numbers), *(max(0, n - 1) for n in numbers)})
    told: tuple[str, ...] = ("", *map(str, ages))
    return {age: (age,) for age in told}


def _compare(axes: _Axes, policies: tuple[Policy, Policy], tell: _Tell) -> Comparison:
    """Let both policies decide every combination, and group what differs."""
    groups: dict[tuple[str, str], list[_Point]] = defaultdict(list)
    for point in _points(axes):
        before, after = (tell(policy, point) for policy in policies)
        if before != after:
            groups[before, after].append(point)
    total = 1
    for classes in axes.values():
        total *= _size(classes)
    changes = (_change(axes, pair, points) for pair, points in groups.items())
    return Comparison(total, tuple(sorted(changes, key=lambda c: (-c.count, c.before, c.after))))


def _points(axes: _Axes) -> Iterator[_Point]:
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def _change(axes: _Axes, pair: tuple[str, str], points: list[_Point]) -> Change:
    count = 0
    for point in points:
        size = 1
        for axis, value in point.items():
            size *= len(axes[axis][value])
        count += size
    where = {axis: _values(axes[axis], [point[axis] for point in points]) for axis in axes}
    told = {axis: values for axis, values in where.items() if len(values) < _size(axes[axis])}
    return Change(*pair, count, told)


def _size(classes: Mapping[str, tuple[str, ...]]) -> int:
    return sum(map(len, classes.values()))


def _values(classes: Mapping[str, tuple[str, ...]], used: list[str]) -> tuple[str, ...]:
    return tuple(value for key in dict.fromkeys(used) for value in classes[key])


def _request_of(point: _Point) -> PolicyRequest:
    probe = "person" if point["probe"] == SINGLE_NAME else point["probe"]
    request = likely_question(
        point["member"],
        bank=point["bank"],
        purpose=point["purpose"],
        probe=probe,
        roles=frozenset({point["role"]}),
        unit=point["unit"],
    )
    single = point["probe"] == SINGLE_NAME
    return replace(request, fields=frozenset({"name"})) if single else request


def _tell_search(policy: Policy, point: _Point, layer: str) -> str:
    """What one layer says; that of the baseline is the same before and after."""
    told = dict(policy.explain(_request_of(point)))
    if layer not in told:
        return "permitted"
    decision = told[layer]
    return decision.granularity if decision.permitted else f"refused: {decision.rule}"


def _tell_release(policy: Policy, point: _Point) -> str:
    record = RecordFacts(
        kind=point["kind"],
        tlp=point["tlp"],
        europol=frozenset({point["europol"]} - {""}),
        confirm_first=point["confirm_first"] == "yes",
        has_warning=point["has_warning"] == "yes",
        age_years=int(point["age_years"]) if point["age_years"] else None,
    )
    shown = policy.release(_request_of(point), record)
    return " ".join([tell_shown(shown), *_tell_fields(shown)])


def _tell_fields(shown: Shown) -> list[str]:
    if shown.withheld or not shown.whole:
        return []
    treated = {name: shown.treat(name) for name in sorted(FIELDS)}
    return [f"{name}:{how}" for name, how in treated.items() if how != RELEASED]
