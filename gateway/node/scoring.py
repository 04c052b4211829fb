"""How well each candidate matches, and why. Pure: records in, scored records out.

Runs in the country, in a worker thread. What scores below the threshold never leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, TypeVar

from adapters.contract import (
    DateSpan,
    Document,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    Probe,
    Record,
    Sex,
    VehicleProbe,
)
from adapters.matching.dates import rules_out
from adapters.matching.documents import normalise_number
from adapters.matching.names import compare
from adapters.matching.scores import (
    FieldReason,
    PersonFacts,
    PersonQuery,
    Verdict,
    score_person,
)
from gateway.access.shown import OPEN, Shown

_ScoredT = TypeVar("_ScoredT")

PERSON_THRESHOLD: Final = 0.70
"""Candidates below are not the person; see the measurements in tests/bench."""
ORGANISATION_THRESHOLD: Final = 0.75
_KIND_DIFFERS: Final = 0.9
_EXACT: Final = 1.0
_ADDRESSES: Final = frozenset({IdentifierKind.EMAIL, IdentifierKind.HANDLE})
_SEX_LETTERS: Final = {Sex.MALE: "M", Sex.FEMALE: "F"}


@dataclass(frozen=True, slots=True)
class Match:
    """A record with its score, 0 to 1, the reasons, and how it is shown."""

    record: Record
    score: float
    reasons: tuple[FieldReason, ...]
    shown: Shown = OPEN


async def score_candidates(
    workers: Executor,
    probe: Probe,
    records: Sequence[Record],
    score: Callable[[Probe, Sequence[Record]], _ScoredT],
) -> _ScoredT:
    """Score candidates by `score` in a worker thread."""
    return await asyncio.get_running_loop().run_in_executor(workers, score, probe, records)


def score_records(
    probe: Probe, records: Iterable[Record], strict: frozenset[FieldName] = frozenset()
) -> list[Match]:
    """Score candidates and keep those that match, best first, ties by reference.

    Args:
        probe: What is looked for.
        records: What the bank gave.
        strict: Fields that decide by the owner's word: whom they rule out is no match.
    """
    score = _SCORERS[type(probe)]
    if isinstance(probe, PersonProbe) and FieldName.BIRTH_DATE in strict:
        records = [r for r in records if not rules_out(probe.birth, _births_of(r))]
    matches = [m for r in records if (m := score(probe, r) or _told(r)) is not None]
    return sorted(matches, key=lambda m: (-m.score, m.record.reference))


def _told(record: Record) -> Match | None:
    """What the owner's own node found by fields that it did not release; it is no "no hit"."""
    return None if record.score is None else Match(record, record.score, ())


def _score_person(probe: PersonProbe, record: Record) -> Match | None:
    facts = _facts_of(record)
    result = score_person(_query_of(probe, facts), facts)
    if result.score < PERSON_THRESHOLD:
        return None
    return Match(record, result.score, result.reasons)


def _query_of(probe: PersonProbe, facts: PersonFacts) -> PersonQuery:
    # One nationality is compared: of several, one that the record has too.
    shared = [n for n in probe.nationalities if n in facts.nationalities]
    return PersonQuery(
        names=tuple(n.text for n in probe.names),
        birth=probe.birth,
        sex=_SEX_LETTERS.get(probe.sex) if probe.sex else None,
        nationality=next(iter((*shared, *probe.nationalities)), None),
        place=probe.place or None,
    )


def _facts_of(record: Record) -> PersonFacts:
    sexes = [s for s in record.values(FieldName.SEX) if isinstance(s, Sex)]
    return PersonFacts(
        names=tuple(n.text for n in record.values(FieldName.NAME) if isinstance(n, PersonName)),
        births=_births_of(record),
        sex=_SEX_LETTERS.get(sexes[0]) if sexes else None,
        nationalities=tuple(str(n) for n in record.values(FieldName.NATIONALITY)),
        places=tuple(str(p) for p in record.values(FieldName.BIRTH_PLACE)),
    )


def _births_of(record: Record) -> tuple[PartialDate | DateSpan, ...]:
    births = record.values(FieldName.BIRTH_DATE)
    return tuple(b for b in births if isinstance(b, PartialDate | DateSpan))


def _score_document(probe: DocumentProbe, record: Record) -> Match | None:
    best = 0.0
    for document in record.values(FieldName.DOCUMENT):
        assert isinstance(document, Document)  # noqa: S101 - the contract pairs field and type
        if normalise_number(document.number) != probe.number:
            continue
        if probe.issuer and document.issuer and probe.issuer != document.issuer:
            continue
        differs = probe.document and document.kind and probe.document != document.kind
        best = max(best, _KIND_DIFFERS if differs else _EXACT)
    if not best:
        return None
    verdict: Verdict = "exact" if best == _EXACT else "compatible"
    return Match(record, best, (FieldReason("document", verdict, best, "number and issuer"),))


def _score_vehicle(probe: VehicleProbe, record: Record) -> Match | None:
    reasons = [
        FieldReason(name.value, "exact", _EXACT, "")
        for name, wanted in ((FieldName.PLATE, probe.plate), (FieldName.VIN, probe.vin))
        if wanted and wanted in {normalise_number(str(v)) for v in record.values(name)}
    ]
    if not reasons or _is_abroad(probe.country, record):
        return None
    asked = bool(probe.plate) + bool(probe.vin)
    return Match(record, len(reasons) / asked, tuple(reasons))


def _is_abroad(country: str, record: Record) -> bool:
    """Whether a record says that it is of another country than the one that was asked for."""
    countries = record.values(FieldName.COUNTRY)
    return bool(country and countries and country not in countries)


def _score_organisation(probe: OrganisationProbe, record: Record) -> Match | None:
    if _is_abroad(probe.country, record):
        return None
    numbers = {normalise_number(str(n)) for n in record.values(FieldName.REGISTRATION_NUMBER)}
    if probe.number and probe.number in numbers:
        reason = FieldReason("registration_number", "exact", _EXACT, "")
        return Match(record, _EXACT, (reason,))
    names = [str(n) for n in record.values(FieldName.ORGANISATION)]
    if not probe.name or not names:
        return None
    best = max((compare(probe.name, name) for name in names), key=lambda c: c.score)
    if best.score < ORGANISATION_THRESHOLD:
        return None
    verdict: Verdict = "exact" if best.score == _EXACT else "spelling"
    return Match(record, best.score, (FieldReason("organisation", verdict, best.score, ""),))


def _score_identifier(probe: IdentifierProbe, record: Record) -> Match | None:
    wanted = _key_of(probe.identifier)
    for identifier in record.values(FieldName.IDENTIFIER):
        assert isinstance(identifier, Identifier)  # noqa: S101 - the contract pairs field and type
        if _key_of(identifier) == wanted:
            return Match(record, _EXACT, (FieldReason("identifier", "exact", _EXACT, ""),))
    return None


def _key_of(identifier: Identifier) -> tuple[IdentifierKind, str]:
    """What two spellings of one identifier share; dots and dashes tell addresses apart."""
    if identifier.kind in _ADDRESSES:
        return identifier.kind, identifier.value.casefold()
    return identifier.kind, normalise_number(identifier.value)


_SCORERS: Final[dict[type[Probe], Callable[..., Match | None]]] = {
    PersonProbe: _score_person,
    DocumentProbe: _score_document,
    VehicleProbe: _score_vehicle,
    OrganisationProbe: _score_organisation,
    IdentifierProbe: _score_identifier,
}
