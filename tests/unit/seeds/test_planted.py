"""What the demonstration promises about its planted subjects."""

import random
from collections import Counter

import pytest

from adapters.contract import RecordKind, Warn
from seeds.banks.registry import BANKS, find_bank
from seeds.entry import Entry, Loss, Vehicle
from seeds.make import Maker
from seeds.people import Avoided, make_entries
from seeds.planted import SUBJECTS, gather_avoided, make_subjects
from seeds.truth import find_script


def entries_of(subject):
    return [(s.bank, s.record) for s in subject.sightings if isinstance(s.record, Entry)]


def test_subjects_are_180_and_known_to_2_to_6_banks(subjects) -> None:
    assert len(subjects) == SUBJECTS == 180
    for subject in subjects[1:]:
        banks = [sighting.bank for sighting in subject.sightings]
        assert 2 <= len(banks) <= 6
        assert len(set(banks)) == len(banks)


def test_subjects_are_equal_when_the_seed_is_equal(subjects) -> None:
    assert make_subjects(1) == subjects
    assert make_subjects(2)[1:] != subjects[1:]


def test_subjects_are_mostly_suspected_terrorists(subjects) -> None:
    natures = Counter(subject.nature for subject in subjects)
    assert natures[RecordKind.SUSPECTED_TERRORIST] > SUBJECTS * 0.6
    assert len(natures) >= 3


def test_subjects_are_written_in_different_scripts(subjects) -> None:
    scripts = [{record.name.script for _, record in entries_of(subject)} for subject in subjects]
    assert sum(len(found) >= 2 for found in scripts) > SUBJECTS * 0.6
    assert set().union(*scripts) >= {
        "Arab", "Beng", "Cyrl", "Deva", "Geor", "Latn", "Sinh", "Thaa",
    }  # fmt: skip


def test_subjects_have_slips_of_every_kind(subjects) -> None:
    records = [(subject, record) for subject in subjects for _, record in entries_of(subject)]
    named = [(s, r) for s, r in records if s.person.name.patronymic]
    assert sum(not record.name.patronymic for _, record in named) > 20
    assert sum(record.birth.known == "year" for _, record in records) > 50
    assert sum(record.birth.date != subject.person.birth for subject, record in records) > 10
    assert sum(bool(record.aliases) for _, record in records) > 50
    assert sum(sighting.by_alias for subject in subjects for sighting in subject.sightings) >= 5


def test_subjects_show_different_documents_in_different_banks(subjects) -> None:
    shown = [
        {tuple(p.plain.whole for p in record.papers) for _, record in entries_of(subject)}
        for subject in subjects
    ]
    assert sum(len(found) >= 2 for found in shown) > SUBJECTS / 2


def test_every_bank_of_persons_documents_and_vehicles_has_planted_records(subjects) -> None:
    found = Counter(sighting.bank for subject in subjects for sighting in subject.sightings)
    assert set(found) == {bank.name for bank in BANKS} - {"RCC/officers"}
    assert min(found.values()) >= 3


def test_planted_records_fit_the_codes_of_their_banks(subjects) -> None:
    for subject in subjects:
        for sighting in subject.sightings:
            assert sighting.record.kind in find_bank(sighting.bank).kinds


def test_star_is_an_armed_suspect_in_five_banks_and_four_scripts(subjects) -> None:
    star = subjects[0]
    seen = entries_of(star)
    assert star.person.name.origin == "TJK"
    assert set(star.warnings) == {Warn.ARMED, Warn.EXPLOSIVES}
    assert len(seen) >= 5
    assert {record.name.script for _, record in seen} >= {"Cyrl", "Arab", "Latn", "Geor", "Deva"}
    for _, record in seen:
        assert record.kind is RecordKind.SUSPECTED_TERRORIST
        assert record.warnings == star.warnings


def test_star_has_its_passport_among_the_lost_documents(subjects) -> None:
    star = subjects[0]
    losses = [s.record for s in star.sightings if isinstance(s.record, Loss)]
    assert [loss.paper for loss in losses] == [star.person.papers[0]]


def test_no_two_subjects_share_a_document_or_a_name_with_a_birth_date(subjects) -> None:
    numbers = Counter(p.plain.whole for s in subjects for p in s.person.papers)
    people = Counter((s.person.name.latin(), s.person.birth) for s in subjects)
    assert max(numbers.values()) == 1
    assert max(people.values()) == 1


def test_no_ordinary_entry_has_a_planted_number_or_identity(subjects) -> None:
    avoided = gather_avoided(subjects)
    maker = Maker(1, 500, 2_000, subjects)
    for bank in BANKS:
        planted = {id(s.record) for subject in subjects for s in subject.sightings}
        for item in maker.stream(bank):
            if id(item) in planted or isinstance(item, Vehicle) or not hasattr(item, "kind"):
                continue
            papers = [item.paper] if isinstance(item, Loss) else getattr(item, "papers", ())
            assert not avoided.numbers.intersection(paper.whole for paper in papers)


def test_ordinary_people_are_drawn_again_when_they_meet_a_planted_one() -> None:
    bank = find_bank("TJK/persons")
    nobody = Avoided(frozenset(), frozenset())
    first = next(iter(make_entries(bank, 1, random.Random("x"), nobody)))
    avoided = Avoided(frozenset(), frozenset(p.whole for p in first.papers) | {first.number})
    second = next(iter(make_entries(bank, 1, random.Random("x"), avoided)))
    assert first.papers or first.number
    assert second.name != first.name


def test_ordinary_people_never_share_birth_date_and_a_word_of_the_name() -> None:
    bank = find_bank("KAZ/persons")
    first = next(iter(make_entries(bank, 1, random.Random("y"), Avoided(frozenset(), frozenset()))))
    assert first.second is not None
    avoided = Avoided(frozenset({(first.second.family.upper(), first.birth.date)}), frozenset())
    second = next(iter(make_entries(bank, 1, random.Random("y"), avoided)))
    assert second.birth.date != first.birth.date


@pytest.mark.parametrize(
    ("text", "script"),
    [("Қаҳҳор", "Cyrl"), ("İbrahim", "Latn"), ("قهار", "Arab"), ("ყაჰორ", "Geor"), ("މޫސާ", "Thaa")],
)
def test_script_of_a_text_is_told_by_its_first_letter(text: str, script: str) -> None:
    assert find_script(text) == script
