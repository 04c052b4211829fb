"""Weigh everything a question and a record say about a person into one score, with reasons.

The name decides; birth date, sex and nationality move its odds up or down. What either side leaves
out moves nothing. A reason names a field and how it agreed, never what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log
from typing import TYPE_CHECKING, Final, Literal

from adapters.matching.dates import DateSpan, PartialDate, compare_dates
from adapters.matching.names import Comparison, compare, score
from adapters.matching.scripts import romanise

if TYPE_CHECKING:
    from adapters.matching.dates import DateVerdict

__all__ = ["FieldReason", "PersonFacts", "PersonQuery", "PersonScore", "Verdict", "score_person"]

Verdict = Literal[
    "exact",
    "transliterated",
    "spelling",
    "partial",
    "compatible",
    "near",
    "omitted",
    "contradicts",
]


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """What is known of the person looked for; all spellings of the name are asked at once.

    Args:
        names: Whole names, in any scripts.
        birth: A date, a partial one, or a span (a year of another calendar).
        sex: "M" or "F".
        nationality: ISO 3166-1 alpha-3.
        place: Place of birth, in any script.
    """

    names: tuple[str, ...]
    birth: PartialDate | DateSpan | None = None
    sex: str | None = None
    nationality: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What a record says of a person; empty where it says nothing."""

    names: tuple[str, ...]
    births: tuple[PartialDate | DateSpan, ...] = ()
    sex: str | None = None
    nationalities: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldReason:
    """How one field agreed: verdict, likeness 0 to 1, and a detail that is never a value."""

    field: str
    verdict: Verdict
    score: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PersonScore:
    """How likely question and record speak of one person, 0 to 1, and why."""

    score: float
    reasons: tuple[FieldReason, ...] = field(default=())


_BOUND: Final = 7.0
"""Log odds beyond which a name neither convinces nor excludes any more."""

_ODDS: Final[dict[str, dict[Verdict, float]]] = {
    "birth": {"exact": 2.5, "compatible": 0.8, "near": 0.2, "contradicts": -4.0},
    "sex": {"exact": 0.1, "contradicts": -3.5},
    "nationality": {"exact": 0.4, "contradicts": -0.5},
    "place": {"exact": 0.6, "transliterated": 0.6, "spelling": 0.5, "contradicts": -0.3},
}
"""What each verdict adds to the log odds of the name; set by hand, the order matters most.

What agrees is counted as far as the name is believed, so that a stranger who shares a birth date
stays one.
"""

_DATE_VERDICTS: Final[dict[DateVerdict, Verdict]] = {
    "equal": "exact",
    "compatible": "compatible",
    "swapped": "near",
    "near": "near",
    "contradicts": "contradicts",
}
_DATE_ORDER: Final[tuple[DateVerdict, ...]] = (
    "equal",
    "compatible",
    "swapped",
    "near",
    "contradicts",
)
_PLACE_ALIKE: Final = 0.5


def score_person(query: PersonQuery, facts: PersonFacts) -> PersonScore:
    """Score a record against a question.

    The best pair of names counts. Without a name in the question the other fields decide alone;
    a record without any name that can be read scores 0 when a name was asked.
    """
    name = _judge_name(query, facts)
    if name.verdict == "omitted" and query.names:
        return PersonScore(0.0, (name,))
    others = (
        _judge_birth(query, facts),
        _judge_code("sex", query.sex, (facts.sex,)),
        _judge_code("nationality", query.nationality, facts.nationalities),
        _judge_place(query, facts),
    )
    asked = tuple(reason for reason in (name, *others) if _was_asked(query, reason))
    odds = [_ODDS[reason.field].get(reason.verdict, 0.0) for reason in others]
    if not query.names:
        return PersonScore(_shift(0.5, sum(odds)) if any(odds) else 0.0, asked)
    believed = sum(change * name.score if change > 0 else change for change in odds)
    return PersonScore(_shift(name.score, believed), asked)


def _shift(score: float, change: float) -> float:
    """Move a score by log odds; what agrees never lowers it."""
    if not change:
        return score
    moved = 1.0 / (1.0 + exp(-_log_odds(score) - change))
    return max(score, moved) if change > 0 else moved


def _was_asked(query: PersonQuery, reason: FieldReason) -> bool:
    given = {
        "name": query.names,
        "birth": query.birth,
        "sex": query.sex,
        "nationality": query.nationality,
        "place": query.place,
    }
    return bool(given[reason.field])


def _log_odds(score: float) -> float:
    if score <= 0.0 or score >= 1.0:
        return _BOUND if score >= 1.0 else -_BOUND
    return max(-_BOUND, min(_BOUND, log(score / (1.0 - score))))


def _judge_name(query: PersonQuery, facts: PersonFacts) -> FieldReason:
    """Compare each name with each and explain the best pair."""
    pairs = [(score(a, b), a, b) for a in query.names for b in facts.names]
    best = max(pairs, default=None, key=lambda pair: pair[0])
    if best is None or not (compared := compare(best[1], best[2])).tokens:
        return FieldReason("name", "omitted", 0.0)
    return FieldReason("name", _name_verdict(compared), compared.score, _name_detail(compared))


def _name_verdict(compared: Comparison) -> Verdict:
    """Sum up the tokens: the weakest way in which any of them agreed."""
    ways = {token.how for token in compared.tokens}
    if compared.score >= 1.0:
        return "exact" if compared.scripts[0] == compared.scripts[1] else "transliterated"
    if ways == {"missing"}:
        return "contradicts"
    if ways & {"missing", "initial"}:
        return "partial"
    return "spelling" if "spelling" in ways else "transliterated"


def _name_detail(compared: Comparison) -> str:
    """Say scripts and counts, never a name."""
    one, other = compared.scripts
    parts = [f"{one} to {other}"] if one != other else []
    found = sum(token.how != "missing" for token in compared.tokens)
    parts.append(f"{found} of {len(compared.tokens)} parts")
    return ", ".join(parts)


def _judge_birth(query: PersonQuery, facts: PersonFacts) -> FieldReason:
    """Compare with each date on record; the best counts."""
    if query.birth is None or not facts.births:
        return FieldReason("birth", "omitted", 0.0)
    judged = [compare_dates(query.birth, birth) for birth in facts.births]
    verdict, factor = min(judged, key=lambda pair: _DATE_ORDER.index(pair[0]))
    detail = "day and month exchanged" if verdict == "swapped" else ""
    return FieldReason("birth", _DATE_VERDICTS[verdict], factor, detail)


def _judge_code(name: str, asked: str | None, known: tuple[str | None, ...]) -> FieldReason:
    """Compare a code with those on record."""
    codes = {code.upper() for code in known if code}
    if not asked or not codes:
        return FieldReason(name, "omitted", 0.0)
    agrees = asked.upper() in codes
    return FieldReason(name, "exact" if agrees else "contradicts", float(agrees))


def _judge_place(query: PersonQuery, facts: PersonFacts) -> FieldReason:
    """Compare places as names are compared."""
    if not query.place or not romanise(query.place) or not any(map(romanise, facts.places)):
        return FieldReason("place", "omitted", 0.0)
    best = max(score(query.place, place) for place in facts.places)
    if best < _PLACE_ALIKE:
        return FieldReason("place", "contradicts", best)
    return FieldReason("place", "exact" if best >= 1.0 else "spelling", best)
