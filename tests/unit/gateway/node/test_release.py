from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    Action,
    EuropolCode,
    Field,
    FieldName,
    Handling,
    PartialDate,
    PersonName,
    Record,
    RecordKind,
    Tlp,
    Urgency,
    Warn,
)
from adapters.matching.scores import FieldReason
from gateway.node.bank import Bank, Titles
from gateway.node.release import MAX_FIELDS, band_of, fit, release
from gateway.node.scoring import Match
from kalkan.v1 import model_pb2 as model

RECORD_TIME = datetime(2026, 5, 1, tzinfo=UTC)
STRICT = Handling(Tlp.RED, (EuropolCode.H2,), confirm_first=True)
NAME = Field(FieldName.NAME, PersonName(full="Рустам Каримов"))
BIRTH = Field(FieldName.BIRTH_DATE, PartialDate(1984, 5, 1), STRICT)
REASONS = (
    FieldReason("name", "transliterated", 0.97, "Latn to Cyrl"),
    FieldReason("birth", "exact", 1.0, ""),
    FieldReason("sex", "omitted", 0.0, ""),
    FieldReason("nationality", "contradicts", 0.0, ""),
)
BANK = Bank("KAZ/persons", None, Titles("Title", "Office", "+0", "a@b"), ThreadPoolExecutor(1))


def make_match(reference="R1", score=0.9, fields=(NAME, BIRTH), **known) -> Match:
    record = Record(reference, RecordKind.WANTED, tuple(fields), **known)
    return Match(record, score, REASONS)


def released(granularity, *matches, limit=20, probe=0) -> model.Answer:
    answer = model.Answer(state=model.BANK_STATE_NO_HIT, granularity=granularity)
    release(answer, BANK, probe, matches, limit=limit)
    return answer


@pytest.mark.parametrize("granularity", model.Granularity.values())
def test_nothing_is_released_of_nothing(granularity):
    answer = released(granularity)
    assert answer == model.Answer(state=model.BANK_STATE_NO_HIT, granularity=granularity)


def test_existence_says_that_something_matches_and_no_more():
    one = released(model.GRANULARITY_EXISTS, make_match())
    many = released(model.GRANULARITY_EXISTS, *[make_match(f"R{n}") for n in range(30)], limit=1)
    assert one == many
    assert one.state == model.BANK_STATE_ANSWERED
    assert [(t.probe_index, t.count) for t in one.tallies] == [(0, 0)]
    assert not one.hits
    assert not many.truncated


def test_count_says_how_many_match_and_no_more():
    matches = [make_match(f"R{n}") for n in range(30)]
    answer = released(model.GRANULARITY_COUNT, *matches, limit=1, probe=2)
    assert [(t.probe_index, t.count) for t in answer.tallies] == [(2, 30)]
    assert not answer.hits
    assert not answer.truncated


def test_reference_has_no_fields_and_no_reasons():
    match = make_match(warnings=(Warn.ARMED,), action=Action.ARREST, urgency=Urgency.HOUR)
    (hit,) = released(model.GRANULARITY_REFERENCE, match).hits
    assert not hit.record.fields
    assert not hit.reasons
    assert hit.record.reference == "R1"
    assert hit.band == model.SCORE_BAND_LIKELY
    assert list(hit.record.warnings) == [model.WARNING_ARMED]
    assert "Рустам" not in str(hit)


def test_record_has_the_fields_and_the_reasons_of_those_fields():
    (hit,) = released(model.GRANULARITY_RECORD, make_match()).hits
    assert [f.field for f in hit.record.fields] == [
        model.FIELD_NAME_NAME,
        model.FIELD_NAME_BIRTH_DATE,
    ]
    assert [(r.field, r.verdict) for r in hit.reasons] == [
        (model.FIELD_NAME_NAME, model.VERDICT_TRANSLITERATED),
        (model.FIELD_NAME_BIRTH_DATE, model.VERDICT_EXACT),
        (model.FIELD_NAME_SEX, model.VERDICT_OMITTED),
    ]
    assert hit.reasons[0].detail == "Latn to Cyrl"
    assert hit.reasons[0].score == 0.97


def test_reason_of_a_field_that_is_not_released_is_not_given():
    (hit,) = released(model.GRANULARITY_RECORD, make_match(fields=(NAME,))).hits
    assert model.FIELD_NAME_BIRTH_DATE not in {r.field for r in hit.reasons}


def test_record_says_owner_kind_contact_and_what_to_do():
    match = make_match(action=Action.ARREST, urgency=Urgency.HOUR, as_of=RECORD_TIME)
    record = released(model.GRANULARITY_RECORD, match).hits[0].record
    assert (record.owner, record.bank) == ("KAZ", "KAZ/persons")
    assert record.kind == model.RECORD_KIND_WANTED
    assert (record.action, record.urgency) == (model.ACTION_ARREST, model.URGENCY_HOUR)
    assert (record.contact.office, record.contact.phone) == ("Office", "+0")
    assert record.contact.email == "a@b"
    assert record.as_of_time.ToDatetime(tzinfo=UTC) == RECORD_TIME


def test_record_without_a_time_has_that_of_its_bank(monkeypatch):
    assert (
        not released(model.GRANULARITY_RECORD, make_match()).hits[0].record.HasField("as_of_time")
    )
    monkeypatch.setattr(BANK, "_as_of", RECORD_TIME)
    record = released(model.GRANULARITY_RECORD, make_match()).hits[0].record
    assert record.as_of_time.ToDatetime(tzinfo=UTC) == RECORD_TIME


def test_field_keeps_its_own_labels_and_else_has_the_records():
    own = Handling(Tlp.GREEN)
    record = released(model.GRANULARITY_RECORD, make_match(handling=own)).hits[0].record
    assert record.handling.tlp == model.TLP_GREEN
    name, birth = record.fields
    assert name.handling == record.handling
    assert birth.handling.tlp == model.TLP_RED
    assert list(birth.handling.europol) == [model.EUROPOL_CODE_H2]
    assert birth.handling.confirm_first


@pytest.mark.parametrize("granularity", [model.GRANULARITY_REFERENCE, model.GRANULARITY_RECORD])
@given(st.integers(0, 8), st.integers(1, 8))
def test_best_are_released_up_to_the_limit_and_the_rest_is_flagged(granularity, found, limit):
    matches = [make_match(f"R{n}") for n in range(found)]
    answer = released(granularity, *matches, limit=limit)
    assert [h.record.reference for h in answer.hits] == [f"R{n}" for n in range(min(found, limit))]
    assert answer.truncated == (found > limit)
    assert (answer.state == model.BANK_STATE_ANSWERED) == (found > 0)


def test_flag_of_one_probe_is_not_taken_back_by_the_next():
    answer = model.Answer(granularity=model.GRANULARITY_RECORD)
    release(answer, BANK, 0, [make_match("R1"), make_match("R2")], limit=1)
    release(answer, BANK, 1, [make_match("R3")], limit=1)
    assert answer.truncated
    assert [hit.probe_index for hit in answer.hits] == [0, 1]


def test_fields_over_the_limit_of_the_contract_are_left_out():
    fields = [Field(FieldName.REMARK, str(n)) for n in range(MAX_FIELDS + 5)]
    (hit,) = released(model.GRANULARITY_RECORD, make_match(fields=fields)).hits
    assert len(hit.record.fields) == MAX_FIELDS


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0.0, "POSSIBLE"),
        (0.7999, "POSSIBLE"),
        (0.8, "LIKELY"),
        (0.9499, "LIKELY"),
        (0.95, "STRONG"),
        (1.0, "STRONG"),
    ],
)
def test_score_is_said_in_words(score, band):
    assert band_of(score) == model.ScoreBand.Value(f"SCORE_BAND_{band}")


@given(st.floats(-0.5, 1.5))
def test_score_on_the_wire_is_a_share_and_fits_its_band(score):
    (hit,) = released(model.GRANULARITY_RECORD, make_match(score=score)).hits
    assert 0.0 <= hit.score <= 1.0
    assert hit.score == pytest.approx(min(max(score, 0.0), 1.0), abs=0.0001)
    assert hit.band == band_of(hit.score)


def test_long_detail_is_cut_to_the_limit_of_the_contract():
    record = Record("R1", RecordKind.WANTED, (NAME,))
    match = Match(record, 1.0, (FieldReason("name", "exact", 1.0, "x" * 200),))
    (hit,) = released(model.GRANULARITY_RECORD, match).hits
    assert len(hit.reasons[0].detail) == 100


def make_answer(hits_of) -> model.Answer:
    """An answer with so many hits for each probe, of different sizes."""
    answer = model.Answer(state=model.BANK_STATE_NO_HIT, granularity=model.GRANULARITY_RECORD)
    for probe, count in enumerate(hits_of):
        matches = [make_match(f"R{n}" * (1 + n % 50), 1 - n / 100) for n in range(count)]
        release(answer, BANK, probe, matches, limit=100)
    return answer


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(800, 20_000))
def test_answer_that_is_too_large_loses_the_worst_hits_of_each_probe(hits_of, most):
    whole = make_answer(hits_of)
    answer = make_answer(hits_of)
    fit(answer, most)
    assert answer.ByteSize() <= most
    assert answer.truncated == (whole.ByteSize() > most)
    kept = [[h for h in answer.hits if h.probe_index == n] for n in range(len(hits_of))]
    for number, hits in enumerate(kept):
        assert hits == [h for h in whole.hits if h.probe_index == number][: len(hits)]
        longest = max(map(len, kept))
        assert len(hits) >= min(longest - 1, hits_of[number])
    assert [h.probe_index for h in answer.hits] == sorted(h.probe_index for h in answer.hits)


@given(st.integers(2, 60))
def test_answer_that_is_too_large_keeps_as_many_hits_as_fit(count):
    whole = make_answer([count])
    answer = make_answer([count])
    fit(answer, whole.ByteSize() - 1)
    lost = whole.hits[len(answer.hits) :]
    assert len(lost) == 1 or sum(hit.ByteSize() for hit in lost[1:]) < 3


@pytest.mark.parametrize("size", [60, 100, 127, 128, 129, 4_096, 5_000, 16_383, 16_384, 20_000])
def test_hits_of_every_size_are_kept_as_long_as_they_fit(size):
    def make(count):
        answer = model.Answer(truncated=True)
        for _ in range(count):
            hit = answer.hits.add()
            hit.record.reference = "r"
            hit.record.reference = "r" * (size + 1 - hit.ByteSize())
        return answer

    two = make(2)
    for room, kept in ((0, 2), (-1, 1)):
        answer = make(3)
        answer.truncated = False
        fit(answer, two.ByteSize() + room)
        assert (len(answer.hits), answer.truncated) == (kept, True)


def test_answer_that_just_fits_is_left_alone():
    answer = make_answer([3])
    whole = model.Answer.FromString(answer.SerializeToString())
    fit(answer, whole.ByteSize())
    assert answer == whole


def test_answer_of_which_not_one_hit_fits_is_left_alone():
    answer = make_answer([2])
    fit(answer, 10)
    assert len(answer.hits) == 2
    assert not answer.truncated
