from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.names import score
from gateway.groups import require_groups, strictest
from gateway.hub.merge import SAME_NAME, SURE_NAME, WIDEST_RANGE, merge
from kalkan.v1 import model_pb2 as model

BANKS = ("GEO/persons", "KAZ/persons", "TUR/persons", "UZB/vehicles")
NAMES = ("Рустам Каримов", "Rustam Karimov", "RÜSTEM KERİMOV", "Айгүл Серікова", "Ali", "")
BIRTHS = ((1984, 5, 1), (1984, 1, 5), (1984, 5, 0), (1984, 0, 0), (1990, 2, 3), (9999, 99, 99))


def date_of(year: int, month: int = 0, day: int = 0) -> model.PartialDate:
    return model.PartialDate(year=year, month=month, day=day)


def span_of(first: int, last: int) -> model.DateRange:
    return model.DateRange(first=date_of(first), last=date_of(last))


def phone_of(value: str) -> model.Identifier:
    return model.Identifier(kind=model.IDENTIFIER_KIND_PHONE, value=value)


WRITERS = {
    "name": lambda v: {"field": model.FIELD_NAME_NAME, "name": model.PersonName(full=v)},
    "birth": lambda v: {"field": model.FIELD_NAME_BIRTH_DATE, "date": date_of(*v)},
    "span": lambda v: {"field": model.FIELD_NAME_BIRTH_DATE, "range": span_of(*v)},
    "sex": lambda v: {"field": model.FIELD_NAME_SEX, "sex": v},
    "document": lambda v: {
        "field": model.FIELD_NAME_DOCUMENT,
        "document": model.Document(number=v, issuer="KAZ"),
    },
    "phone": lambda v: {"field": model.FIELD_NAME_IDENTIFIER, "identifier": phone_of(v)},
    "plate": lambda v: {"field": model.FIELD_NAME_PLATE, "text": v},
    "vin": lambda v: {"field": model.FIELD_NAME_VIN, "text": v},
    "country": lambda v: {"field": model.FIELD_NAME_COUNTRY, "text": v},
}


def make_hit(name="", birth=None, *, score=0.9, probe=0, **values) -> model.Hit:
    """A hit with the fields that are given, in the order of the words above."""
    hit = model.Hit(score=score, probe_index=probe)
    hit.record.handling.tlp = model.TLP_GREEN
    for word, value in {"name": name, "birth": birth, **values}.items():
        if value:
            hit.record.fields.add(**WRITERS[word](value)).handling.tlp = model.TLP_GREEN
    return hit


def answers_of(*hits) -> list[model.Answer]:
    """One hit for each bank."""
    return [model.Answer(bank=bank, hits=[hit]) for bank, hit in zip(BANKS, hits, strict=False)]


def groups_of(*hits) -> list[list[str]]:
    """The banks of each group, where each bank has one of the hits."""
    return [sorted(ref.bank for ref in group.hits) for group in merge(answers_of(*hits))]


def joined(*hits) -> bool:
    return len(groups_of(*hits)) == 1


handlings = st.builds(
    model.Handling,
    tlp=st.integers(1, 5),
    europol=st.lists(st.integers(1, 4), unique=True).map(sorted),
    confirm_first=st.booleans(),
)


@st.composite
def any_hits(draw) -> model.Hit:
    hit = make_hit(
        draw(st.sampled_from(NAMES)),
        draw(st.none() | st.sampled_from(BIRTHS)),
        span=draw(st.none() | st.sampled_from([(1983, 1985), (1990, 1991), (0, 4294967295)])),
        sex=draw(st.sampled_from([0, 0, model.SEX_FEMALE, model.SEX_MALE])),
        document=draw(st.sampled_from(["", "", "N1", "n 1", "U2", "-"])),
        phone=draw(st.sampled_from(["", "", "77010000001"])),
        plate=draw(st.sampled_from(["", "", "123 ABC 02"])),
        country=draw(st.sampled_from(["", "KAZ", "TUR"])),
        score=draw(st.sampled_from([0.7, 0.9, 1.0])),
        probe=draw(st.integers(0, 1)),
    )
    hit.record.warnings.extend(draw(st.lists(st.sampled_from([1, 2, 3]), unique=True, max_size=2)))
    hit.record.handling.CopyFrom(draw(handlings))
    for field in hit.record.fields:
        field.handling.CopyFrom(draw(handlings))
    return hit


answer_lists = st.lists(st.lists(any_hits(), max_size=3), max_size=len(BANKS)).map(
    lambda lists: [
        model.Answer(bank=bank, hits=hits) for bank, hits in zip(BANKS, lists, strict=False)
    ]
)


def hit_of(answers, ref) -> model.Hit:
    return next(a for a in answers if a.bank == ref.bank).hits[ref.hit]


def births_of(hit) -> list[tuple[int, int, int]]:
    return [(f.date.year, f.date.month, f.date.day) for f in hit.record.fields if f.date.year]


def sex_of(hit) -> int:
    return next((f.sex for f in hit.record.fields if f.sex), 0)


@given(answer_lists)
def test_each_hit_is_in_exactly_one_group(answers):
    groups = merge(answers)
    refs = [(ref.bank, ref.hit) for group in groups for ref in group.hits]
    assert sorted(refs) == sorted((a.bank, n) for a in answers for n in range(len(a.hits)))
    assert all(group.hits for group in groups)


@given(answer_lists, st.data())
def test_groups_do_not_depend_on_the_order_of_the_answers(answers, data):
    shuffled = data.draw(st.permutations(answers))
    assert merge(shuffled) == merge(answers)


@given(answer_lists)
def test_labels_never_weaken(answers):
    for group in merge(answers):
        for hit in (hit_of(answers, ref) for ref in group.hits):
            for handling in (hit.record.handling, *(f.handling for f in hit.record.fields)):
                assert group.handling.tlp >= handling.tlp
                assert set(group.handling.europol) >= set(handling.europol)
                assert group.handling.confirm_first >= handling.confirm_first


@given(answer_lists)
def test_every_merge_is_one_that_a_client_believes(answers):
    require_groups(merge(answers), {answer.bank: answer.hits for answer in answers})


@given(answer_lists)
def test_hits_that_contradict_each_other_are_never_in_one_group(answers):
    for group in merge(answers):
        hits = [hit_of(answers, ref) for ref in group.hits]
        assert len({sex_of(hit) for hit in hits} - {0}) <= 1
        assert len({hit.probe_index for hit in hits} | {group.probe_index}) == 1
        for one, other in combinations(hits, 2):
            years = [{year for year, _, _ in births_of(hit)} for hit in (one, other)]
            assert not all(years) or years[0] & years[1]


@given(answer_lists)
def test_group_has_the_best_score_and_all_warnings_of_its_hits(answers):
    for group in merge(answers):
        hits = [hit_of(answers, ref) for ref in group.hits]
        assert group.score == max(hit.score for hit in hits) == hits[0].score
        assert list(group.warnings) == sorted({w for hit in hits for w in hit.record.warnings})


@given(answer_lists)
def test_groups_with_warnings_come_first_and_then_the_best(answers):
    ranks = [(g.probe_index, not g.warnings, -g.score) for g in merge(answers)]
    assert ranks == sorted(ranks)


def test_no_answers_make_no_groups():
    assert merge([]) == []
    assert merge([model.Answer(bank="KAZ/persons")]) == []


def test_hits_without_fields_stay_alone():
    assert groups_of(make_hit(), make_hit()) == [["GEO/persons"], ["KAZ/persons"]]


def test_names_without_a_birth_date_tie_nothing():
    assert not joined(make_hit(NAMES[0]), make_hit(NAMES[0]))


def test_name_and_whole_birth_date_tie_over_scripts():
    hits = [make_hit(name, (1984, 5, 1)) for name in NAMES[:3]]
    (group,) = merge(answers_of(*hits))
    assert len(group.hits) == 3
    (reason,) = group.reasons
    assert reason.field == model.FIELD_NAME_NAME
    assert reason.verdict == model.VERDICT_SPELLING or reason.score > 0.99


def test_parts_of_a_name_are_read_as_a_name():
    hit = make_hit(birth=(1984, 5, 1))
    name = hit.record.fields.add(field=model.FIELD_NAME_NAME).name
    name.given, name.family = "Рустам", "Каримов"
    assert joined(hit, make_hit(NAMES[1], (1984, 5, 1)))


def test_partial_birth_date_needs_a_surer_name():
    assert SAME_NAME < score(NAMES[0], "Rusten Kerim") < SURE_NAME
    whole = make_hit(NAMES[0], (1984, 5, 1))
    assert joined(whole, make_hit("Rusten Kerim", (1984, 5, 1)))
    assert not joined(whole, make_hit("Rusten Kerim", (1984, 5, 0)))
    assert joined(whole, make_hit(NAMES[1], (1984, 0, 0)))


@pytest.mark.parametrize("birth", [(1984, 1, 5), (1984, 6, 0), (1985, 5, 1), (1990, 0, 0)])
def test_other_birth_dates_of_one_name_are_two_persons(birth):
    assert not joined(make_hit(NAMES[0], (1984, 5, 1)), make_hit(NAMES[0], birth))


def test_sexes_that_differ_are_two_persons_whatever_is_shared():
    one = make_hit(NAMES[0], (1984, 5, 1), sex=model.SEX_MALE, document="N1")
    other = make_hit(NAMES[0], (1984, 5, 1), sex=model.SEX_FEMALE, document="N1")
    assert not joined(one, other)
    other.record.fields[2].sex = model.SEX_MALE
    assert joined(one, other)


def test_document_ties_without_a_name():
    (group,) = merge(answers_of(make_hit(document="N 10-1"), make_hit(document="n101")))
    assert [(r.field, r.verdict, r.score) for r in group.reasons] == [
        (model.FIELD_NAME_DOCUMENT, model.VERDICT_EXACT, 1.0)
    ]


def test_document_of_another_issuer_ties_nothing():
    one, other = make_hit(document="N1"), make_hit(document="N1")
    other.record.fields[0].document.issuer = "TUR"
    assert not joined(one, other)
    one.record.fields[0].document.issuer = other.record.fields[0].document.issuer = ""
    assert not joined(one, other)


@pytest.mark.parametrize("number", ["-", " ", "///"])
def test_numbers_without_letters_and_digits_tie_nothing(number):
    assert not joined(make_hit(document=number), make_hit(document=number))
    assert not joined(make_hit(phone=number), make_hit(phone=number))
    assert not joined(make_hit(plate=number), make_hit(plate=number))


def test_addresses_with_other_dots_are_two():
    hits = [make_hit(phone="ali.k@post.example"), make_hit(phone="alik@post.example")]
    assert joined(*hits)
    for hit in hits:
        hit.record.fields[0].identifier.kind = model.IDENTIFIER_KIND_EMAIL
    assert not joined(*hits)
    hits[1].record.fields[0].identifier.value = "ALI.K@post.example"
    assert joined(*hits)


def test_slip_in_a_birth_date_does_not_divide_those_who_share_a_document():
    assert joined(
        make_hit(NAMES[0], (1984, 5, 1), document="N1"), make_hit("", (1984, 1, 5), document="N1")
    )


def test_other_birth_date_divides_those_who_share_a_number():
    one, other = (1984, 5, 1), (1971, 11, 23)
    assert not joined(make_hit("", one, document="N1"), make_hit("", other, document="N1"))
    assert not joined(make_hit("", one, phone="7701"), make_hit("", other, phone="7701"))


def test_chain_of_vague_records_does_not_join_two_persons():
    first = make_hit(NAMES[0], (1984, 5, 1))
    vague = make_hit(NAMES[0], (1984, 0, 0))
    second = make_hit(NAMES[0], (1984, 6, 2))
    groups = groups_of(first, vague, second)
    assert len(groups) == 2
    assert not any({"GEO/persons", "TUR/persons"} <= set(group) for group in groups)


def test_vague_record_goes_to_the_same_person_in_any_order_of_the_answers():
    births = [(1984, 5, 1), (1984, 6, 2), (1984, 0, 0)]
    answers = answers_of(*[make_hit(NAMES[0], birth) for birth in births])
    assert all(merge(order) == merge(answers) for order in permutations(answers))


def test_chain_of_documents_does_not_join_two_persons():
    first = make_hit(NAMES[0], (1984, 5, 1), document="N1")
    between = make_hit(document="N1", phone="7701")
    second = make_hit(NAMES[3], (1971, 11, 23), phone="7701")
    groups = groups_of(first, between, second)
    assert sorted(map(len, groups)) == [1, 2]


def test_plate_ties_within_one_country():
    assert joined(make_hit(plate="123 ABC", country="KAZ"), make_hit(plate="123abc"))
    assert not joined(
        make_hit(plate="123ABC", country="KAZ"), make_hit(plate="123ABC", country="UZB")
    )


def test_vin_ties_over_countries():
    vin = "WVWZZZ1JZXW000001"
    assert joined(make_hit(vin=vin, country="KAZ"), make_hit(vin=vin, country="UZB"))


def test_organisation_is_tied_by_its_number():
    hits = [make_hit(), make_hit()]
    for hit, text in zip(hits, ("12-34", "1234"), strict=True):
        hit.record.fields.add(field=model.FIELD_NAME_REGISTRATION_NUMBER, text=text)
        hit.record.fields.add(field=model.FIELD_NAME_ORGANISATION, text="Ansar")
    assert joined(*hits)


def test_range_of_another_calendar_ties_and_contradicts_by_its_years():
    ranged = make_hit(NAMES[0], span=(1983, 1984))
    assert joined(make_hit(NAMES[0], (1984, 0, 0)), ranged)
    assert not joined(make_hit(NAMES[0], (1990, 0, 0)), ranged)
    assert not joined(
        make_hit(document="N1", span=(1970, 1971)), make_hit(document="N1", span=(1983, 1984))
    )


def test_range_that_is_too_wide_says_nothing():
    wide = make_hit(NAMES[0], span=(0, 4_294_967_295))
    assert not joined(make_hit(NAMES[0], (1984, 0, 0)), wide)
    first = 1984 - WIDEST_RANGE
    assert not joined(make_hit(NAMES[0], (1984, 0, 0)), make_hit(NAMES[0], span=(first, 1984)))
    assert joined(make_hit(NAMES[0], (1984, 0, 0)), make_hit(NAMES[0], span=(first + 1, 1984)))


def test_hits_of_two_probes_are_never_one_subject():
    assert not joined(make_hit(document="N1"), make_hit(document="N1", probe=1))


def test_reason_of_a_group_is_its_strongest_tie():
    hits = [
        make_hit("Rusten Kerim", (1984, 5, 1)),
        make_hit(NAMES[0], (1984, 5, 1)),
        make_hit(NAMES[0], (1984, 5, 1)),
    ]
    (group,) = merge(answers_of(*hits))
    assert group.reasons[0].verdict == model.VERDICT_EXACT


@given(st.lists(handlings, max_size=6))
def test_strictest_holds_all_codes_and_nothing_else(all_of):
    result = strictest(all_of)
    assert result.tlp == max((h.tlp for h in all_of), default=0)
    assert result.confirm_first == any(h.confirm_first for h in all_of)
    assert list(result.europol) == sorted({code for h in all_of for code in h.europol})


@given(st.lists(handlings, min_size=1, max_size=6), st.data())
def test_strictest_does_not_depend_on_order_or_repetition(all_of, data):
    shuffled = data.draw(st.permutations(all_of))
    assert strictest([*shuffled, *all_of]) == strictest(all_of)


def test_what_masks_show_of_two_records_is_not_the_same_number():
    hits = [
        make_hit("A B", document="…58", phone="…01"),
        make_hit("C D", document="…58", phone="…01"),
    ]
    assert joined(*hits)
    for hit in hits:
        for field in hit.record.fields:
            field.masked = field.field != model.FIELD_NAME_NAME
    assert not joined(*hits)


def test_year_that_a_mask_leaves_of_a_date_is_a_year():
    hits = [make_hit("Рустам Каримов", (1984, 0, 0)), make_hit("Рустам Каримов", (1990, 5, 1))]
    hits[0].record.fields[1].masked = True
    assert not joined(*hits)
