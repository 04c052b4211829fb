"""Which hits are one subject. Pure: decoded answers in, groups out.

Two hits are tied by the same document, or by the same name and a birth date that agrees. A group
is only joined where no two of its hits contradict each other, so that a chain of vague records
cannot bind two persons together. A slip in a birth date, as day and month exchanged, contradicts
unless both hold the same number. What carries no fields stays alone: nothing is guessed.

What holds for a group follows from its hits by `gateway.groups`, which a client checks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

from adapters.matching.caches import forget
from adapters.matching.dates import PartialDate, compare_dates
from adapters.matching.documents import normalise_number
from adapters.matching.names import score
from gateway.groups import describe, rank
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

SAME_NAME: Final = 0.72
"""Names of two records that count as one, where the birth dates agree to the day."""
SURE_NAME: Final = 0.86
"""The same where a birth date is only partly known."""
WIDEST_RANGE: Final = 20
"""Years of a range that still says something; a wider one ties nothing and contradicts nothing."""
_LIKELY_FIELDS: Final = (
    model.FIELD_NAME_PLATE,
    model.FIELD_NAME_VIN,
    model.FIELD_NAME_REGISTRATION_NUMBER,
)
_ADDRESSES: Final = frozenset({model.IDENTIFIER_KIND_EMAIL, model.IDENTIFIER_KIND_HANDLE})
"""Kinds of identifier in which dots and dashes tell one from another."""
_DateKey = tuple[int, int, int]
_Names = tuple[str, ...]
_Births = tuple[_DateKey, ...]

_DATES: Final = frozenset({model.FIELD_NAME_BIRTH_DATE, model.FIELD_NAME_LOSS_DATE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a hit says of its subject.

    Attributes:
        ref: Where the hit is.
        hit: The hit.
        names: Its names as released.
        births: Birth dates as (year, month, day), 0 where unknown.
        years: The years in which the subject may have been born.
        keys: Numbers of documents, vehicles and identifiers, with their kind.
        countries: Where a vehicle or an organisation is registered.
        sex: The sex, 0 where unknown.
    """

    ref: tuple[str, int]
    hit: model.Hit
    names: _Names
    births: _Births
    years: frozenset[int]
    keys: frozenset[tuple[int, str, str]]
    countries: frozenset[str]
    sex: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Why two hits are one subject: the field, and how it compares."""

    field: model.FieldName.ValueType
    verdict: model.Verdict.ValueType
    score: float


def merge(answers: Iterable[model.Answer]) -> list[wire.Group]:
    """Put the hits of all answers into groups: those with warnings first, then by score.

    Each hit is in exactly one group. The order does not depend on the order of the answers.
    """
    try:
        return _merge(answers)
    finally:
        # Comparing remembers names and numbers; a hub keeps nothing of a bank between searches.
        forget()


def _merge(answers: Iterable[model.Answer]) -> list[wire.Group]:
    by_probe: dict[int, list[Facts]] = defaultdict(list)
    for answer in answers:
        for index, hit in enumerate(answer.hits):
            by_probe[hit.probe_index].append(_facts_of(answer.bank, index, hit))
    groups = [
        _write_group(cluster, ties)
        for probe in sorted(by_probe)
        for cluster, ties in _cluster(sorted(by_probe[probe], key=lambda f: f.ref))
    ]
    return sorted(groups, key=rank)


def _facts_of(bank: str, index: int, hit: model.Hit) -> Facts:
    fields: dict[int, list[model.Field]] = defaultdict(list)
    for field in hit.record.fields:
        # The end of a number and initials are shared by many: only a year is less of the same.
        if not field.masked or field.field in _DATES:
            fields[field.field].append(field)
    births = tuple(_births(fields[model.FIELD_NAME_BIRTH_DATE]))
    return Facts(
        ref=(bank, index),
        hit=hit,
        names=tuple(_names(fields)),
        births=births,
        years=frozenset(_years(fields[model.FIELD_NAME_BIRTH_DATE])),
        keys=frozenset(key for key in _keys(fields) if key[2]),
        countries=frozenset(f.text for f in fields[model.FIELD_NAME_COUNTRY] if f.text),
        sex=next((f.sex for f in fields[model.FIELD_NAME_SEX]), 0),
    )


def _names(fields: dict[int, list[model.Field]]) -> Iterator[str]:
    for field in fields[model.FIELD_NAME_NAME]:
        name = field.name
        parts = (name.given, name.patronymic, name.family)
        yield name.full or " ".join(part for part in parts if part)
    for field in fields[model.FIELD_NAME_ORGANISATION]:
        yield field.text


def _births(fields: Sequence[model.Field]) -> Iterator[_DateKey]:
    for field in fields:
        if field.WhichOneof("value") == "date":
            yield (field.date.year, field.date.month, field.date.day)


def _years(fields: Sequence[model.Field]) -> Iterator[int]:
    for field in fields:
        if field.WhichOneof("value") == "date":
            yield field.date.year
        elif field.WhichOneof("value") == "range":
            first, last = field.range.first.year, field.range.last.year
            # A node may send any numbers: what it says of one bank must not occupy the hub.
            yield from range(first, last + 1) if last - first < WIDEST_RANGE else ()


def _keys(fields: dict[int, list[model.Field]]) -> Iterator[tuple[int, str, str]]:
    """Numbers that identify: a document with its issuer, the others with their field."""
    for field in fields[model.FIELD_NAME_DOCUMENT]:
        if field.document.issuer:
            number = normalise_number(field.document.number)
            yield (model.FIELD_NAME_DOCUMENT, field.document.issuer, number)
    for field in fields[model.FIELD_NAME_IDENTIFIER]:
        kind, value = field.identifier.kind, field.identifier.value
        text = value.casefold() if kind in _ADDRESSES else normalise_number(value)
        yield (model.FIELD_NAME_IDENTIFIER, str(kind), text)
    for name in _LIKELY_FIELDS:
        for field in fields[name]:
            yield (name, "", normalise_number(field.text))


def _cluster(facts: Sequence[Facts]) -> list[tuple[list[Facts], list[Tie]]]:
    """Join what is tied, strongest ties first, where nothing in both groups contradicts."""
    home = {f.ref: [f] for f in facts}
    ties: dict[int, list[Tie]] = defaultdict(list)
    for tie, one, other in sorted(_ties(facts), key=lambda t: (-t[0].score, t[1].ref, t[2].ref)):
        left, right = home[one.ref], home[other.ref]
        if left is right:
            continue
        if any(_contradict(a, b) for a in left for b in right):
            continue
        left.extend(right)
        ties[id(left)].extend([tie, *ties.pop(id(right), [])])
        for fact in right:
            home[fact.ref] = left
    unique = {id(cluster): cluster for cluster in home.values()}
    return [(cluster, ties.get(key, [])) for key, cluster in unique.items()]


def _ties(facts: Sequence[Facts]) -> Iterator[tuple[Tie, Facts, Facts]]:
    """All pairs that are tied. Only pairs that share a number or a year of birth are compared."""
    # Fifteen banks often hold the same name and date: each two of these are compared once.
    tie_by_name = cache(_tie_by_name)
    for one, other in _pairs(facts):
        if not one.keys.isdisjoint(other.keys):
            field = model.FieldName.ValueType(min(one.keys & other.keys)[0])
            yield Tie(field, model.VERDICT_EXACT, 1.0), one, other
            continue
        tie = tie_by_name(one.names, one.births, other.names, other.births)
        if tie is not None:
            yield tie, one, other


def _pairs(facts: Sequence[Facts]) -> Iterator[tuple[Facts, Facts]]:
    buckets: dict[object, list[int]] = defaultdict(list)
    for index, fact in enumerate(facts):
        for key in (*fact.keys, *fact.years):
            buckets[key].append(index)
    pairs = {pair for bucket in buckets.values() for pair in combinations(bucket, 2)}
    return ((facts[a], facts[b]) for a, b in sorted(pairs))


def _tie_by_name(
    names: _Names, births: _Births, other_names: _Names, other_births: _Births
) -> Tie | None:
    """The tie by name where the birth dates agree."""
    whole = any(a == b and all(a) for a in births for b in other_births)
    best = max((score(a, b) for a in names for b in other_names), default=0.0)
    if best < (SAME_NAME if whole else SURE_NAME):
        return None
    verdict = model.VERDICT_EXACT if best == 1.0 else model.VERDICT_SPELLING
    return Tie(model.FIELD_NAME_NAME, verdict, min(best, 0.999))


def _contradict(one: Facts, other: Facts) -> bool:
    """Whether two hits cannot be one subject."""
    shared = {field for field, _, _ in one.keys & other.keys}
    if one.sex and other.sex and one.sex != other.sex:
        return True
    # A vehicle keeps its VIN where it gets another plate; plates and registers repeat abroad.
    apart = one.countries and other.countries and not one.countries & other.countries
    if apart and model.FIELD_NAME_VIN not in shared:
        return True
    if one.births and other.births:
        agree = _alike if shared else _agree
        return not any(agree(a, b) for a in one.births for b in other.births)
    return bool(one.years and other.years and not one.years & other.years)


def _agree(one: _DateKey, other: _DateKey) -> bool:
    """Whether two dates are equal as far as both are known."""
    return one == other or all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def _alike(one: _DateKey, other: _DateKey) -> bool:
    """Whether two dates agree or differ by a slip."""
    try:
        dates = [PartialDate(year, month or None, day or None) for year, month, day in (one, other)]
    except ValueError:
        return _agree(one, other)
    return compare_dates(*dates)[0] != "contradicts"


def _write_group(cluster: Sequence[Facts], ties: Sequence[Tie]) -> wire.Group:
    ordered = sorted(cluster, key=lambda f: (-f.hit.score, f.ref))
    group = describe([fact.hit for fact in ordered])
    for fact in ordered:
        group.hits.add(bank=fact.ref[0], hit=fact.ref[1])
    strongest: dict[int, Tie] = {}
    for tie in sorted(ties, key=lambda t: -t.score):
        strongest.setdefault(tie.field, tie)
    for field, tie in sorted(strongest.items()):
        group.reasons.add(
            field=model.FieldName.ValueType(field), verdict=tie.verdict, score=round(tie.score, 4)
        )
    return group
