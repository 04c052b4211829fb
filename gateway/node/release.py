"""What leaves the country: the granularity that the owner allows, with the owner's labels.

Pure: matches in, a part of an Answer out. A record that is withheld is simply not in the list that
comes in here, so nothing below can tell it from one that never was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from adapters.contract import Field, Handling
from adapters.matching.scores import FieldReason
from gateway.access.shown import MASKED, Shown
from gateway.node.bank import Bank
from gateway.node.convert import (
    ACTIONS,
    FIELDS,
    KINDS,
    URGENCIES,
    WARNINGS,
    timestamp,
    write_field,
    write_handling,
)
from gateway.node.masking import mask_field
from gateway.node.scoring import PERSON_THRESHOLD, Match
from gateway.trace.spans import step
from kalkan.v1 import model_pb2 as model

MAX_FIELDS: Final = 64
_FLAG: Final = 2
"""Bytes that `truncated` takes."""
_STRONG: Final = 0.95
_LIKELY: Final = 0.8
_VERDICTS: Final = {
    "exact": model.VERDICT_EXACT,
    "transliterated": model.VERDICT_TRANSLITERATED,
    "spelling": model.VERDICT_SPELLING,
    "partial": model.VERDICT_COMPATIBLE,
    "compatible": model.VERDICT_COMPATIBLE,
    "near": model.VERDICT_NEAR,
    "omitted": model.VERDICT_OMITTED,
    "contradicts": model.VERDICT_CONTRADICTS,
}
_FIELD_NUMBERS: Final = {
    **{name.value: number for name, number in FIELDS.items()},
    "birth": model.FIELD_NAME_BIRTH_DATE,
    "place": model.FIELD_NAME_BIRTH_PLACE,
}


@step("kalkan.release")
def release(
    answer: model.Answer, bank: Bank, probe_index: int, matches: Sequence[Match], *, limit: int
) -> None:
    """Add to `answer` what its granularity lets out of the matches of one probe."""
    if not matches:
        return
    answer.state = model.BANK_STATE_ANSWERED
    if answer.granularity == model.GRANULARITY_EXISTS:
        answer.tallies.add(probe_index=probe_index)
        return
    if answer.granularity == model.GRANULARITY_COUNT:
        answer.tallies.add(probe_index=probe_index, count=len(matches))
        return
    answer.truncated |= len(matches) > limit
    whole = answer.granularity == model.GRANULARITY_RECORD
    for match in matches[:limit]:
        _add_hit(answer.hits.add(probe_index=probe_index), bank, match, whole=whole)


def fit(answer: model.Answer, most: int) -> None:
    """Drop whole hits until the answer has at most `most` bytes; it is then marked truncated.

    The worst hits of each probe go first, so that the best of a probe is not lost to the many of
    another. Where not even one hit fits, the answer stays as it is.
    """
    if answer.ByteSize() <= most:
        return
    sizes = [_size_of(hit) for hit in answer.hits]
    left = most - (answer.ByteSize() - sum(sizes)) - _FLAG
    kept: list[int] = []
    for place in _best_first(answer):
        left -= sizes[place]
        if left < 0:
            break
        kept.append(place)
    if kept:
        hits = [answer.hits[place] for place in sorted(kept)]
        del answer.hits[:]
        answer.hits.extend(hits)
        answer.truncated = True


def _best_first(answer: model.Answer) -> list[int]:
    """The places of all hits: the best of each probe, then the second of each, and so on."""
    ranks: Counter[int] = Counter()
    order: list[tuple[int, int]] = []
    for place, hit in enumerate(answer.hits):
        order.append((ranks[hit.probe_index], place))
        ranks[hit.probe_index] += 1
    return [place for _, place in sorted(order)]


def _size_of(hit: model.Hit) -> int:
    """How many bytes a hit takes in an answer: itself, and before it a tag and its length."""
    size = hit.ByteSize()
    return 1 + max(1, -(-size.bit_length() // 7)) + size


def _add_hit(hit: model.Hit, bank: Bank, match: Match, *, whole: bool) -> None:
    """Fill a hit; without the whole record it has no fields, no reasons, and the least of its band.

    The digits of a score would tell how near a value is that is not released.
    """
    whole = whole and match.shown.whole
    score = min(max(match.score, 0.0), 1.0)
    hit.score = round(score if whole else floor_of(score), 4)
    hit.band = band_of(score)
    _fill_record(hit.record, bank, match)
    if not whole:
        return
    for field in match.record.fields[:MAX_FIELDS]:
        hit.record.fields.append(_show_field(field, match.record.handling, match.shown))
    released = {f.field for f in hit.record.fields}
    for reason in match.reasons:
        number = _FIELD_NUMBERS[reason.field]
        if number in released or reason.verdict == "omitted":
            hit.reasons.append(_write_reason(reason))


def _show_field(field: Field, handling: Handling, shown: Shown) -> model.Field:
    """Write a field as the owner shows it, with its labels."""
    if shown.treat(field.name.value) != MASKED:
        return write_field(field, handling)
    message = write_field(mask_field(field), handling)
    message.masked = True
    return message


def _fill_record(message: model.Record, bank: Bank, match: Match) -> None:
    """Fill what every record carries whatever its granularity."""
    record = match.record
    message.owner, _, _ = bank.name.partition("/")
    message.bank = bank.name
    message.reference = record.reference
    message.kind = KINDS[record.kind]
    message.warnings.extend(WARNINGS[w] for w in record.warnings)
    if record.action is not None:
        message.action = ACTIONS[record.action]
    if record.urgency is not None:
        message.urgency = URGENCIES[record.urgency]
    titles = bank.titles
    message.contact.CopyFrom(
        model.Contact(office=titles.office, phone=titles.phone, email=titles.email)
    )
    message.handling.CopyFrom(write_handling(record.handling))
    as_of = timestamp(record.as_of or bank.as_of)
    if as_of is not None:
        message.as_of_time.CopyFrom(as_of)


def _write_reason(reason: FieldReason) -> model.Reason:
    return model.Reason(
        field=_FIELD_NUMBERS[reason.field],
        verdict=_VERDICTS[reason.verdict],
        score=round(reason.score, 4),
        detail=reason.detail[:100],
    )


def band_of(score: float) -> model.ScoreBand.ValueType:
    """A score in words: likely from 0.8, strong from 0.95."""
    if score >= _STRONG:
        return model.SCORE_BAND_STRONG
    return model.SCORE_BAND_LIKELY if score >= _LIKELY else model.SCORE_BAND_POSSIBLE


def floor_of(score: float) -> float:
    """The least score of the band that a score is in."""
    if score >= _STRONG:
        return _STRONG
    return _LIKELY if score >= _LIKELY else min(score, PERSON_THRESHOLD)
