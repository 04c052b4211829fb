"""Numbers have the formats and check digits of their countries."""

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.countries import MEMBERS
from seeds.papers import ISSUERS, fill, make_card, make_lost, make_number, make_passport, make_phone

BIRTHS = st.dates(date(1950, 1, 1), date(2005, 12, 31))
SEEDS = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("country", "pattern"),
    [
        ("KAZ", r"N\d{8}"),
        ("TUR", r"U\d{8}"),
        ("IRN", r"[A-Z]\d{8}"),
        ("PAK", r"[A-Z]{2}\d{7}"),
        ("IND", r"[A-Z]\d{7}"),
        ("UZB", r"(AA|AB|FA)\d{7}"),
        ("TJK", r"40\d{7}"),
        ("GEO", r"\d{2}BB\d{5}"),
        ("AFG", r"P\d{8}"),
        ("MDV", r"LA\d{2}E\d{4}"),
    ],
)
def test_passport_has_its_countrys_format(country: str, pattern: str) -> None:
    papers = [make_passport(country, random.Random(seed)) for seed in range(50)]
    assert all(re.fullmatch(pattern, paper.whole) for paper in papers)
    assert len({paper.whole for paper in papers}) > 40


def test_series_stands_apart_where_the_country_has_one() -> None:
    paper = make_passport("UZB", random.Random(1))
    assert len(paper.series) == 2
    assert paper.number.isdigit()


@pytest.mark.parametrize("issuer", sorted(set(ISSUERS)))
def test_every_issuer_has_documents(issuer: str) -> None:
    paper = make_lost(issuer, random.Random(issuer))
    assert paper.issuer == issuer
    assert len(paper.whole) >= 6


@given(BIRTHS, st.sampled_from("MF"), SEEDS)
def test_kazakh_number_tells_birth_century_and_sex(birth: date, sex: str, seed: int) -> None:
    number = make_number("KAZ", birth, sex, random.Random(seed))
    assert re.fullmatch(r"\d{12}", number)
    assert number.startswith(f"{birth:%y%m%d}")
    assert int(number[6]) == (3 if birth.year < 2000 else 5) + (sex == "F")


@given(BIRTHS, SEEDS)
def test_turkish_number_has_its_check_digits(birth: date, seed: int) -> None:
    digits = [int(digit) for digit in make_number("TUR", birth, "M", random.Random(seed))]
    assert len(digits) == 11
    assert digits[0] != 0
    assert digits[10] == sum(digits[:10]) % 10
    assert digits[9] == (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10


@given(BIRTHS, SEEDS)
def test_iranian_number_has_its_check_digit(birth: date, seed: int) -> None:
    digits = [int(digit) for digit in make_number("IRN", birth, "M", random.Random(seed))]
    assert len(digits) == 10
    rest = sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    assert digits[9] == rest if rest < 2 else digits[9] + rest == 11


@given(BIRTHS, st.sampled_from("MF"), SEEDS)
def test_pakistani_number_ends_odd_for_men(birth: date, sex: str, seed: int) -> None:
    number = make_number("PAK", birth, sex, random.Random(seed))
    assert re.fullmatch(r"3\d{4}-\d{7}-\d", number)
    assert int(number[-1]) % 2 == (sex == "M")


@pytest.mark.parametrize("country", MEMBERS)
def test_telephone_begins_with_a_code_that_no_network_has(country: str) -> None:
    assert re.fullmatch(r"\d{1,3}000\d{6}", make_phone(country, random.Random(country)))


@pytest.mark.parametrize("country", MEMBERS)
def test_plain_card_has_letters_and_digits_only(country: str) -> None:
    paper = make_card(country, random.Random(country))
    assert paper.plain.number.isalnum()
    assert paper.plain.issuer == country


def test_fill_keeps_other_signs_and_leading_zeros() -> None:
    texts = {fill("A##-@", random.Random(seed)) for seed in range(300)}
    assert all(re.fullmatch(r"A\d{2}-[A-Z]", text) for text in texts)
    assert any(text.startswith("A0") for text in texts)
