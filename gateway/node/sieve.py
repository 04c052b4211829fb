"""What of the records that were found is there for this requester, as the owner decides.

A record that is withheld is taken out before anything is counted, cut or flagged, and a field that
is withheld is taken out before the record is scored: what is released is what a bank would give
that never had them. A date that is masked is scored by its year. Where a masked number or name had
a part in a match, its score is told as the least of its band.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from adapters.contract import DateSpan, FieldName, PartialDate, Probe, Record
from gateway.access.policy import Policy
from gateway.access.request import PolicyRequest, RecordFacts
from gateway.access.shown import MASKED, WITHHELD, Shown, both
from gateway.node.masking import mask_field
from gateway.node.release import floor_of
from gateway.node.scoring import Match, score_records

OWNER: Final = "owner"
"""Under which name the owner's sealed part of an entry has what `owner_facts` tells."""
_YEAR_DAYS: Final = 365.25
_FIELDS_OF: Final = {"birth": "birth_date", "place": "birth_place"}
"""Where a reason has another word than the field that it is about."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A record that matched, or would have, and what became of it.

    Attributes:
        reference: The bank's own reference.
        facts: What the policy knew of it.
        rule: The rule that decided; "" where there is no policy for records.
        withheld: Whether it was taken out.
        bank: The hidden bank that it is of; "" for one of the bank that was asked.
    """

    reference: str
    facts: RecordFacts
    rule: str
    withheld: bool
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one probe found.

    Attributes:
        found: All that matched, whoever asks: for comparison in the node alone.
        matches: What may be released, best first.
        considered: What became of each record that matched.
        more: Whether the bank has more records that may be released than were looked at.
    """

    found: tuple[Match, ...]
    matches: tuple[Match, ...]
    considered: tuple[Considered, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A record, and how the policy shows it.

    It is never found again by its reference: a bank and one behind it may count alike, and what
    was decided on one of the two says nothing of the other.
    """

    record: Record
    shown: Shown
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Sieve:
    """The owner's policy for records, for one question.

    Attributes:
        policy: The policy that the search began with.
        request: The question, in words of policies.
        now: Of when the age of a record is told.
        strict: The fields that decide in this bank; of a record that is shown in part, what is
            shown of them.
        dated: Whether the bank tells of when each record is: those of hidden banks do as it does.
    """

    policy: Policy
    request: PolicyRequest
    now: datetime
    strict: frozenset[FieldName] = frozenset()
    dated: bool = False

    def judge(
        self,
        probe: Probe,
        own: Sequence[Record],
        most: int,
        behind: Sequence[tuple[str, Record]] = (),
    ) -> Judged:
        """Score records and keep what may be released.

        Of the bank's own records the first `most` that are left are looked at; `behind` are those
        of hidden banks with the names of these, which take none of these places. What the policy
        says of records of the bank that was asked and of the hidden one both holds for them.
        """
        ruled = [_Ruled(record, self._show(record, self.request)) for record in own]
        beside = [_Ruled(record, self._show_behind(record, bank), bank) for bank, record in behind]
        kept = [one for one in ruled if not one.shown.withheld]
        found = score_records(probe, (*own, *(record for _, record in behind)), self.strict)
        left = (*kept[:most], *(one for one in beside if not one.shown.withheld))
        pairs = self._match(probe, left, found)
        there = {id(match.record) for match in found} | {id(record) for record, _ in pairs}
        return Judged(
            found=tuple(found),
            matches=tuple(_in_order(match for _, match in pairs)),
            considered=tuple(
                self._consider(one) for one in (*ruled, *beside) if id(one.record) in there
            ),
            more=len(kept) > most,
        )

    def _match(
        self, probe: Probe, left: Sequence[_Ruled], found: Sequence[Match]
    ) -> list[tuple[Record, Match]]:
        """Score what is left of each record; a record that is whole has its score already."""
        scored = {id(match.record): match for match in found}
        pairs: list[tuple[Record, Match]] = []
        for one in left:
            match = scored.get(id(one.record))
            if not one.shown.open:
                reduced = _reduce(one.record, one.shown)
                match = next(iter(score_records(probe, [reduced], self.strict)), None)
            if match is not None:
                match = _coarsen(match, one.shown)
                undated = one.bank and not self.dated
                pairs.append((one.record, _undate(match) if undated else match))
        return pairs

    def _show(self, record: Record, request: PolicyRequest) -> Shown:
        return self.policy.release(request, facts_of(record, self.now))

    def _show_behind(self, record: Record, bank: str) -> Shown:
        return release_behind(self.policy, self.request, bank, facts_of(record, self.now))

    def _consider(self, one: _Ruled) -> Considered:
        facts = facts_of(one.record, self.now)
        shown = one.shown
        return Considered(one.record.reference, facts, shown.rule, shown.withheld, one.bank)


def _in_order(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda m: (-m.score, m.record.reference))


def release_behind(policy: Policy, request: PolicyRequest, bank: str, facts: RecordFacts) -> Shown:
    """Decide on a record of a hidden bank, by its own name and by that of the bank in front."""
    return both(policy.release(request, facts), policy.release(replace(request, bank=bank), facts))


def facts_of(record: Record, now: datetime) -> RecordFacts:
    """What a policy may know of a record."""
    age = None
    if record.as_of is not None:
        age = max(0, int((now - record.as_of).days / _YEAR_DAYS))
    return RecordFacts(
        kind=record.kind.value,
        tlp=record.handling.tlp.value,
        europol=frozenset(code.value for code in record.handling.europol),
        confirm_first=record.handling.confirm_first,
        has_warning=bool(record.warnings),
        age_years=age,
    )


def _undate(match: Match) -> Match:
    return replace(match, record=replace(match.record, as_of=None))


def _reduce(record: Record, shown: Shown) -> Record:
    """Take out what is withheld, and of a masked date all but the year."""
    left = []
    for field in record.fields:
        treatment = shown.treat(field.name.value)
        if treatment == WITHHELD:
            continue
        masked = treatment == MASKED and isinstance(field.value, PartialDate | DateSpan)
        left.append(mask_field(field) if masked else field)
    return replace(record, fields=tuple(left))


def _coarsen(match: Match, shown: Shown) -> Match:
    """Tell a score that a masked value had a part in by its band, and its reason without detail."""
    reasons = tuple(
        replace(reason, verdict="compatible", score=floor_of(reason.score), detail="")
        if _is_masked(reason.field, shown) and reason.verdict != "omitted"
        else reason
        for reason in match.reasons
    )
    score = match.score if reasons == match.reasons else floor_of(match.score)
    return replace(match, score=score, reasons=reasons, shown=shown)


def _is_masked(field: str, shown: Shown) -> bool:
    """Whether a reason is about a value of which only a part is shown; dates were reduced."""
    name = _FIELDS_OF.get(field, field)
    return shown.treat(name) == MASKED and not name.endswith("_date")


def owner_facts(considered: Sequence[Considered]) -> dict[str, object]:
    """What the owner may want to know later, and nobody else: for the sealed part of an entry.

    Records are counted by what the policy knew of them, with their references.
    """
    groups: dict[tuple[RecordFacts, str, bool, str], list[str]] = {}
    for one in considered:
        group = (one.facts, one.rule, one.withheld, one.bank)
        groups.setdefault(group, []).append(one.reference)
    return {
        "candidates": [
            {
                **_told(facts),
                **({"bank": bank} if bank else {}),
                "rule": rule,
                "withheld": withheld,
                "count": len(references),
                "references": sorted(references),
            }
            for (facts, rule, withheld, bank), references in groups.items()
        ],
        "withheld": sorted(one.reference for one in considered if one.withheld),
    }


def _told(facts: RecordFacts) -> dict[str, object]:
    told: dict[str, object] = {
        "kind": facts.kind,
        "tlp": facts.tlp,
        "europol": sorted(facts.europol),
        "confirm_first": facts.confirm_first,
        "has_warning": facts.has_warning,
    }
    return told if facts.age_years is None else {**told, "age_years": facts.age_years}
