from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    Document,
    DocumentKind,
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    Record,
    RecordKind,
    Sex,
    VehicleProbe,
)
from gateway.node.scoring import (
    ORGANISATION_THRESHOLD,
    PERSON_THRESHOLD,
    score_candidates,
    score_records,
)

PASSPORT, VISA = DocumentKind.PASSPORT, DocumentKind.VISA
NAME = "Рустам Каримов"


def make_record(reference="R1", **values) -> Record:
    """A record with the fields that are named as in FieldName; a list repeats a field."""
    fields = [
        Field(FieldName(name), value)
        for name, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    ]
    return Record(reference, RecordKind.WANTED, tuple(fields))


def score_of(probe, **values) -> float:
    """The score of one record, 0 where it does not match."""
    matches = score_records(probe, [make_record(**values)])
    return matches[0].score if matches else 0.0


def reasons_of(probe, **values) -> list[tuple[str, str]]:
    (match,) = score_records(probe, [make_record(**values)])
    return [(reason.field, reason.verdict) for reason in match.reasons]


def make_person(*names, **known) -> PersonProbe:
    return PersonProbe(tuple(PersonName(full=name) for name in names or (NAME,)), **known)


@given(st.lists(st.sampled_from(["N1", "N2", "n-1"]), max_size=8))
def test_matches_are_the_best_first_and_then_by_reference(numbers):
    kinds = [VISA, PASSPORT]
    records = [
        make_record(f"R{i}", document=Document(number, kinds[i % 2]))
        for i, number in enumerate(numbers)
    ]
    matches = score_records(DocumentProbe("N1", PASSPORT), records)
    assert len(matches) == sum(number != "N2" for number in numbers)
    ranks = [(-match.score, match.record.reference) for match in matches]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("probe", "document", "score"),
    [
        (DocumentProbe("N1"), Document("N1"), 1.0),
        (DocumentProbe("N1"), Document("n-1"), 1.0),
        (DocumentProbe("N1"), Document("N2"), 0.0),
        (DocumentProbe("N1", issuer="KAZ"), Document("N1", issuer="KAZ"), 1.0),
        (DocumentProbe("N1", issuer="KAZ"), Document("N1", issuer="TUR"), 0.0),
        (DocumentProbe("N1", issuer="KAZ"), Document("N1"), 1.0),
        (DocumentProbe("N1"), Document("N1", issuer="TUR"), 1.0),
        (DocumentProbe("N1", PASSPORT), Document("N1", PASSPORT), 1.0),
        (DocumentProbe("N1", PASSPORT), Document("N1", VISA), 0.9),
        (DocumentProbe("N1", PASSPORT), Document("N1"), 1.0),
        (DocumentProbe("N1"), Document("N1", VISA), 1.0),
    ],
)
def test_document_matches_by_number_and_issuer_and_less_by_another_kind(probe, document, score):
    assert score_of(probe, document=document) == score


def test_best_document_of_a_record_counts():
    documents = [Document("N2"), Document("N1", VISA), Document("N1", PASSPORT)]
    assert score_of(DocumentProbe("N1", PASSPORT), document=documents) == 1.0
    assert reasons_of(DocumentProbe("N1", PASSPORT), document=documents) == [("document", "exact")]
    assert reasons_of(DocumentProbe("N1", PASSPORT), document=documents[:2]) == [
        ("document", "compatible")
    ]


def test_record_without_documents_does_not_match_one():
    assert score_of(DocumentProbe("N1"), remark="N1") == 0.0


@pytest.mark.parametrize(
    ("probe", "values", "score"),
    [
        (VehicleProbe(plate="123ABC"), {"plate": "123 abc"}, 1.0),
        (VehicleProbe(plate="123ABC"), {"plate": "124ABC"}, 0.0),
        (VehicleProbe(plate="123ABC"), {"vin": "123ABC"}, 0.0),
        (VehicleProbe(plate="123ABC"), {"plate": ["999", "123-ABC"]}, 1.0),
        (VehicleProbe(vin="WVW1"), {"vin": "wvw1"}, 1.0),
        (VehicleProbe("123ABC", "WVW1"), {"plate": "123ABC", "vin": "WVW1"}, 1.0),
        (VehicleProbe("123ABC", "WVW1"), {"plate": "123ABC", "vin": "WVW2"}, 0.5),
        (VehicleProbe("123ABC", "WVW1"), {"plate": "124ABC", "vin": "WVW2"}, 0.0),
        (VehicleProbe("123ABC", country="KAZ"), {"plate": "123ABC", "country": "KAZ"}, 1.0),
        (VehicleProbe("123ABC", country="KAZ"), {"plate": "123ABC", "country": "UZB"}, 0.0),
        (VehicleProbe("123ABC", country="KAZ"), {"plate": "123ABC"}, 1.0),
        (VehicleProbe("123ABC"), {"plate": "123ABC", "country": "UZB"}, 1.0),
    ],
)
def test_vehicle_matches_by_plate_or_vin_within_its_country(probe, values, score):
    assert score_of(probe, **values) == score


def test_vehicle_names_what_matched():
    probe = VehicleProbe("123ABC", "WVW1")
    assert reasons_of(probe, plate="123ABC", vin="WVW2") == [("plate", "exact")]
    assert reasons_of(probe, plate="123ABC", vin="WVW1") == [("plate", "exact"), ("vin", "exact")]


@pytest.mark.parametrize(
    ("probe", "values", "score"),
    [
        (OrganisationProbe(number="1234"), {"registration_number": "12-34"}, 1.0),
        (OrganisationProbe(number="1234"), {"registration_number": "1235"}, 0.0),
        (OrganisationProbe("Anything", "1234"), {"registration_number": "1234"}, 1.0),
        (OrganisationProbe("Ansar"), {"registration_number": "1234"}, 0.0),
        (OrganisationProbe(number="1234"), {"organisation": "1234"}, 0.0),
        (OrganisationProbe("Ansar Trading"), {"organisation": "Ansar Trading"}, 1.0),
        (OrganisationProbe("Ansar Trading"), {"organisation": ["Other", "Ansar Trading"]}, 1.0),
        (OrganisationProbe("Ansar Trading"), {"organisation": "Blue Sky Foundation"}, 0.0),
        (
            OrganisationProbe(number="1234", country="KAZ"),
            {"registration_number": "1234", "country": "UZB"},
            0.0,
        ),
        (
            OrganisationProbe(number="1234", country="KAZ"),
            {"registration_number": "1234", "country": "KAZ"},
            1.0,
        ),
    ],
)
def test_organisation_matches_by_number_or_name_within_its_country(probe, values, score):
    assert score_of(probe, **values) == score


def test_organisation_in_another_spelling_matches_by_a_spelling():
    probe = OrganisationProbe("Ansar Trading")
    assert ORGANISATION_THRESHOLD <= score_of(probe, organisation="Ansar Tradin") < 1.0
    assert reasons_of(probe, organisation="Ansar Tradin") == [("organisation", "spelling")]


@pytest.mark.parametrize(
    ("value", "kind", "score"),
    [
        ("+7 701 000-00-01", IdentifierKind.PHONE, 1.0),
        ("77010000001", IdentifierKind.PHONE, 1.0),
        ("77010000002", IdentifierKind.PHONE, 0.0),
        ("77010000001", IdentifierKind.IMEI, 0.0),
    ],
)
def test_identifier_matches_by_kind_and_number(value, kind, score):
    probe = IdentifierProbe(Identifier(IdentifierKind.PHONE, "77010000001"))
    assert score_of(probe, identifier=Identifier(kind, value)) == score


@pytest.mark.parametrize("kind", [IdentifierKind.EMAIL, IdentifierKind.HANDLE])
def test_address_matches_whatever_its_capitals_but_with_its_dots(kind):
    probe = IdentifierProbe(Identifier(kind, "ali.k@post.example"))
    assert score_of(probe, identifier=Identifier(kind, "Ali.K@post.example")) == 1.0
    assert score_of(probe, identifier=Identifier(kind, "alik@post.example")) == 0.0


@pytest.mark.parametrize("name", ["Rustam Karimov", "RÜSTEM KERİMOV", "რუსტამ ქარიმოვი"])
def test_person_matches_over_scripts(name):
    assert score_of(make_person(), name=PersonName(full=name)) >= PERSON_THRESHOLD


@pytest.mark.parametrize("name", ["Айгүл Серікова", "Mehmet Yılmaz", "12345"])
def test_other_person_does_not_match(name):
    assert score_of(make_person(), name=PersonName(full=name)) == 0.0


def test_person_without_a_name_on_record_does_not_match():
    assert score_of(make_person(), birth_date=PartialDate(1984, 5, 1)) == 0.0


def test_best_of_all_names_and_dates_counts():
    probe = make_person("Somebody Else", NAME, birth=PartialDate(1984, 5, 1))
    names = [PersonName(full="Mehmet Yılmaz"), PersonName(given="Рустам", family="Каримов")]
    births = [PartialDate(1970), PartialDate(1984, 5, 1)]
    assert score_of(probe, name=names, birth_date=births) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("known", "agrees", "contradicts"),
    [
        (
            {"birth": PartialDate(1984, 5, 1)},
            {"birth_date": PartialDate(1984, 5, 1)},
            {"birth_date": PartialDate(1951, 11, 28)},
        ),
        ({"sex": Sex.MALE}, {"sex": Sex.MALE}, {"sex": Sex.FEMALE}),
        ({"nationalities": ("KAZ",)}, {"nationality": "KAZ"}, {"nationality": "TUR"}),
        ({"place": "Almaty"}, {"birth_place": "Алматы"}, {"birth_place": "Bishkek"}),
    ],
)
def test_what_is_known_moves_the_score_and_what_is_omitted_does_not(known, agrees, contradicts):
    name = PersonName(full="Rustem Kerim")
    probe = make_person(**known)
    alone = score_of(make_person(), name=name)
    assert score_of(probe, name=name) == alone
    assert score_of(probe, name=name, **agrees) > alone
    assert score_of(probe, name=name, **contradicts) < alone


def test_any_of_the_nationalities_agrees():
    name = PersonName(full=NAME)
    reasons = reasons_of(make_person(nationalities=("KAZ", "TUR")), name=name, nationality="TUR")
    assert ("nationality", "exact") in reasons
    reasons = reasons_of(make_person(nationalities=("KAZ", "TUR")), name=name, nationality="UZB")
    assert ("nationality", "contradicts") in reasons


def test_reasons_hold_no_value():
    probe = make_person(birth=PartialDate(1984, 5, 1), place="Almaty")
    name = PersonName(full="Rustam Karimov")
    (match,) = score_records(probe, [make_record(name=name, birth_place="Алматы")])
    assert not any(value in repr(match.reasons) for value in ("Rustam", "Рустам", "1984", "lmaty"))


def test_nothing_matches_where_nothing_is_found():
    assert score_records(make_person(), []) == []


class Counting(ThreadPoolExecutor):
    """A real pool that counts what it is given."""

    given = 0

    def submit(self, *arguments, **named):
        self.given += 1
        return super().submit(*arguments, **named)


@pytest.mark.parametrize("count", [0, 1, 200])
@pytest.mark.parametrize(
    "probe", [DocumentProbe("N1"), make_person(), OrganisationProbe(name=NAME)]
)
async def test_candidates_are_scored_in_a_thread(probe, count):
    values = {"document": Document("n-1"), "name": PersonName(full=NAME)}
    records = [make_record(f"R{n}", **values) for n in range(count)]
    with Counting(1) as workers:
        scored = await score_candidates(workers, probe, records, score_records)
        assert scored == score_records(probe, records)
        assert workers.given == 1


DAY = PartialDate(1984, 5, 3)
STRICT = frozenset({FieldName.BIRTH_DATE})


@pytest.mark.parametrize(
    ("births", "kept"),
    [
        ([DAY], True),
        ([PartialDate(1984, 5, 4)], False),
        ([PartialDate(1975)], True),
        ([], True),
        ([PartialDate(1975, 1, 2), DAY], True),
        ([PartialDate(1975, 1, 2), PartialDate(1984, 3, 5)], False),
    ],
)
def test_whole_date_decides_where_the_owner_says_so(births, kept):
    told = replace(make_record(name=PersonName(full=NAME), birth_date=births), score=0.9)
    probe = make_person(birth=DAY)
    assert score_records(probe, [told])
    assert bool(score_records(probe, [told], STRICT)) is kept
    assert score_records(make_person(), [told], STRICT)


def test_date_decides_on_persons_alone():
    lost = make_record(document=Document("N1"), birth_date=PartialDate(1975, 1, 2))
    assert score_records(DocumentProbe("N1"), [lost], STRICT)


def test_match_that_the_owner_s_node_found_by_what_it_keeps_is_no_silent_miss():
    told = replace(make_record(remark="seen"), score=0.9)
    (match,) = score_records(make_person(), [told, make_record("R2", remark="seen")])
    assert (match.record, match.score, match.reasons) == (told, 0.9, ())


def test_score_of_ones_own_stands_where_the_fields_show_the_match():
    told = replace(make_record(name=PersonName(full=NAME)), score=0.75)
    (match,) = score_records(make_person(), [told])
    assert match.score == 1.0
    assert match.reasons
