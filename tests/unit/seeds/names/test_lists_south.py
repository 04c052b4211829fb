"""The lists of Bangladesh, Georgia, India, Maldives, Nepal, Sri Lanka and Türkiye."""

import random
import re
import unicodedata

import pytest

from seeds.names import bgd, geo, ind, lka, mdv, npl, tur

LETTERS = {
    "Beng": re.compile("[\u0980-\u09ff]+"),
    "Deva": re.compile("[\u0900-\u097f]+"),
    "Geor": re.compile("[\u10d0-\u10f0]+"),
    "Latn": re.compile("[A-Za-zÇĞİÖŞÜçğıöşü]+"),
    "Sinh": re.compile("[\u0d80-\u0dff\u200d]+"),
    "Taml": re.compile("[\u0b80-\u0bff]+"),
    "Thaa": re.compile("[\u0780-\u07b1]+"),
}
MODULES = (bgd, geo, ind, lka, mdv, npl, tur)
LISTS = (*(module.NAMES for module in MODULES if module is not lka), lka.SINHALA, lka.TAMIL)


def each_list():
    return [
        pytest.param(lists, kind, id=f"{lists.member}-{lists.script}-{kind}")
        for lists in LISTS
        for kind in ("male", "female", "family")
    ]


def compose_many(module, sex, count=400):
    rng = random.Random(7)
    return [module.compose(rng, sex) for _ in range(count)]


@pytest.mark.parametrize(("lists", "kind"), each_list())
def test_list_is_long_enough(lists, kind):
    least = {"male": 70, "female": 60, "family": 90}
    if lists.member == "LKA":
        least = {"male": 60, "female": 50, "family": 70}
    assert len(getattr(lists, kind)) >= least[kind]


@pytest.mark.parametrize(("lists", "kind"), each_list())
def test_list_holds_nothing_twice(lists, kind):
    parts = getattr(lists, kind)
    assert len({part.local for part in parts}) == len(parts)
    assert len({part.latin for part in parts}) == len(parts)


@pytest.mark.parametrize(("lists", "kind"), each_list())
def test_list_is_written_in_its_script(lists, kind):
    for part in getattr(lists, kind):
        for word in part.local.split():
            assert LETTERS[lists.script].fullmatch(word), part
            assert unicodedata.category(word[0]).startswith("L"), part
        assert part.local == unicodedata.normalize("NFC", part.local), part


@pytest.mark.parametrize(("lists", "kind"), each_list())
def test_list_has_passport_letters_only(lists, kind):
    for part in getattr(lists, kind):
        assert re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+)*", part.latin), part


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.NAMES.member)
@pytest.mark.parametrize("sex", ["M", "F"])
def test_compose_repeats_itself_when_the_seed_is_the_same(module, sex):
    assert compose_many(module, sex) == compose_many(module, sex)
    assert len(set(compose_many(module, sex))) > 200


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.NAMES.member)
@pytest.mark.parametrize("sex", ["M", "F"])
def test_compose_says_what_it_made(module, sex):
    for name in compose_many(module, sex):
        assert (name.sex, name.origin) == (sex, module.NAMES.member)
        for word in name.local().split():
            assert LETTERS[name.script].fullmatch(word), name


def test_compose_keeps_communities_apart_in_sri_lanka():
    scripts = [name.script for name in compose_many(lka, "F")]
    assert set(scripts) == {"Sinh", "Taml"}
    assert 80 < scripts.count("Taml") < 160


def test_lka_names_hold_both_communities():
    assert set(lka.NAMES.male) == set(lka.SINHALA.male) | set(lka.TAMIL.male)


def test_compose_opens_with_md_in_bangladesh():
    men = [name.latin().split()[0] for name in compose_many(bgd, "M")]
    women = [name.latin().split()[0] for name in compose_many(bgd, "F")]
    assert 180 < men.count("Md.") < 300
    assert 180 < women.count("Mst.") < 300
    assert "Md." not in women


def test_compose_gives_women_honorifics_in_bangladesh():
    last = [name.family.latin for name in compose_many(bgd, "F")]
    assert last.count("Begum") > 5
    assert "Begum" not in [name.family.latin for name in compose_many(bgd, "M")]


def test_compose_leaves_the_family_out_for_one_in_seven_in_india():
    single = sum(name.family is None for name in compose_many(ind, "M", 2000))
    assert 0.12 < single / 2000 < 0.18


def test_compose_keeps_communities_apart_in_india():
    given = {part.local for part in ind._MUSLIM.male}
    family = {part.local for part in ind._MUSLIM.family}
    sides = {
        (name.given.local in given, name.family.local in family)
        for name in compose_many(ind, "M")
        if name.family
    }
    assert sides == {(True, True), (False, False)}


def test_compose_writes_middle_names_in_nepal():
    men = [name.given.latin for name in compose_many(npl, "M")]
    women = [name.given.latin for name in compose_many(npl, "F")]
    assert sum(given.endswith(" Bahadur") for given in men) > 10
    assert sum(given.endswith(" Kumari") for given in women) > 10
    assert not any(given.endswith(" Bahadur") for given in women)


def test_family_names_end_as_their_regions_do_in_georgia():
    families = [part.local for part in geo.NAMES.family]
    for ending in ("შვილი", "ძე", "ია", "ანი"):
        assert sum(family.endswith(ending) for family in families) >= 5


def test_passport_form_is_folded_in_turkey():
    pairs = {part.local: part.latin for part in tur.NAMES.male + tur.NAMES.family}
    assert pairs["İbrahim"] == "Ibrahim"
    assert pairs["Çalışkan"] == "Caliskan"
    assert pairs["Öztürk"] == "Ozturk"
    assert pairs["Doğan"] == "Dogan"


def test_every_letter_carries_a_fili_or_a_sukun_in_thaana():
    syllable = re.compile("([\u0780-\u07a5\u07b1][\u07a6-\u07b0]|ނ(?=[ދގބޑޅ]))+")
    for part in mdv.NAMES.male + mdv.NAMES.female + mdv.NAMES.family:
        assert syllable.fullmatch(part.local), part
