"""The machine-readable zone: adapters/matching/mrz.py."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.dates import PartialDate
from adapters.matching.mrz import Mrz, MrzError, build_td3, check_digit, parse_mrz

TODAY = date(2026, 11, 22)
# The specimens of ICAO Doc 9303: a person and a state that do not exist.
TD3 = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
texts = st.text(LETTERS, min_size=1, max_size=8)
zones = st.builds(
    Mrz,
    document_type=st.just("P"),
    issuer=st.text(LETTERS, min_size=3, max_size=3),
    number=st.text(LETTERS + "0123456789", min_size=1, max_size=9),
    nationality=st.text(LETTERS, min_size=3, max_size=3),
    birth=st.dates(date(1927, 1, 1), TODAY).map(lambda d: PartialDate(d.year, d.month, d.day))
    | st.builds(PartialDate, st.integers(1927, 2026))
    | st.none(),
    sex=st.sampled_from(["M", "F", None]),
    expiry=st.dates(date(2000, 1, 1), date(2060, 1, 1)) | st.none(),
    surname=st.lists(texts, min_size=1, max_size=2).map(" ".join),
    given_names=st.lists(texts, max_size=2).map(" ".join),
    optional=st.text(LETTERS + "0123456789", max_size=14),
)


@pytest.mark.parametrize(("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("", "0")])
def test_check_digit_follows_the_specification(text, digit):
    assert check_digit(text) == digit


@pytest.mark.parametrize("text", ["a", "Ж", " ", "1-2"])
def test_check_digit_refuses_other_characters(text):
    with pytest.raises(ValueError, match="only 0-9, A-Z and <"):
        check_digit(text)


@pytest.mark.parametrize(
    ("lines", "number"), [(TD3, "L898902C3"), (TD2, "D23145890"), (TD1, "D23145890")]
)
def test_parse_mrz_reads_the_specimens(lines, number):
    zone = parse_mrz(lines, today=TODAY)
    assert (zone.surname, zone.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (zone.issuer, zone.nationality, zone.sex) == ("UTO", "UTO", "F")
    assert zone.birth == PartialDate(1974, 8, 12)
    assert zone.expiry == date(2012, 4, 15)
    assert zone.number == number


def test_parse_mrz_reads_optional_data_and_lower_case():
    zone = parse_mrz([f" {line.lower()} " for line in TD3], today=TODAY)
    assert zone.optional == "ZE184226B"
    assert zone.document_type == "P"


def test_parse_mrz_reads_a_long_number_from_the_optional_data():
    number = "D23145890734"
    digit = check_digit(number)
    upper = f"I<UTO{number[:9]}<{number[9:]}{digit}<<<<<<<<<<<"
    lower = "7408122F1204159UTO<<<<<<<<<<<"
    digit = check_digit(upper[5:30] + lower[0:7] + lower[8:15] + lower[18:29])
    zone = parse_mrz((upper, lower + digit, TD1[2]), today=TODAY)
    assert zone.number == number
    assert zone.optional == ""


@given(zones)
def test_parse_mrz_reads_back_what_build_td3_wrote(zone):
    assert parse_mrz(build_td3(zone), today=TODAY) == zone


def test_build_td3_refuses_a_long_number_and_cuts_long_names():
    zone = parse_mrz(TD3, today=TODAY)
    with pytest.raises(ValueError, match="document number must be"):
        build_td3(Mrz(**{f: getattr(zone, f) for f in Mrz.__slots__} | {"number": "1234567890"}))
    long = Mrz(**{f: getattr(zone, f) for f in Mrz.__slots__} | {"given_names": "ANNA " * 20})
    assert [len(line) for line in build_td3(long)] == [44, 44]


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (9, "document number"),
        (19, "date of birth"),
        (27, "date of expiry"),
        (42, "optional data"),
        (43, "composite"),
    ],
)
def test_parse_mrz_names_the_field_whose_check_digit_is_wrong(place, field):
    wrong = str((int(TD3[1][place]) + 1) % 10)
    line = TD3[1][:place] + wrong + TD3[1][place + 1 :]
    with pytest.raises(MrzError) as caught:
        parse_mrz((TD3[0], line), today=TODAY)
    assert (caught.value.line, caught.value.field) == (2, field)
    assert str(caught.value) == f"line 2, {field}: check digit is wrong"
    assert caught.value.reason == "INVALID_MRZ"


@given(st.integers(0, 42))
def test_parse_mrz_finds_neighbours_that_changed_places(place):
    line = TD3[1]
    swapped = line[:place] + line[place + 1] + line[place] + line[place + 2 :]
    checked = place < 27 and not 9 < place < 13 and place != 20
    values = [int(letter, 36) if letter != "<" else 0 for letter in line[place : place + 2]]
    if checked and (values[0] - values[1]) % 5:  # the weights are blind to a difference of 5
        with pytest.raises(MrzError):
            parse_mrz((TD3[0], swapped), today=TODAY)


@pytest.mark.parametrize(
    ("lines", "line", "field"),
    [
        ((), 0, "zone"),
        ((TD3[0],), 0, "zone"),
        ((TD3[0], TD3[1] + "<"), 0, "zone"),
        ((TD3[0], TD3[1][:-1]), 2, "length"),
        (TD1[:2], 0, "zone"),
        ((TD3[0].replace("U", "Ü"), TD3[1]), 1, "characters"),
        ((TD3[0], "\x00" * 44), 2, "characters"),
        ((TD3[0], TD3[1][:20] + "Q" + TD3[1][21:]), 2, "sex"),
    ],
)
def test_parse_mrz_names_line_and_field_of_what_is_malformed(lines, line, field):
    with pytest.raises(MrzError) as caught:
        parse_mrz(lines, today=TODAY)
    assert (caught.value.line, caught.value.field) == (line, field)


def _with_birth(text: str) -> tuple[str, str]:
    zone = parse_mrz(TD3, today=TODAY)
    first, second = build_td3(zone)
    birth = text + check_digit(text)
    composite = check_digit(second[:10] + birth + second[21:43])
    return first, second[:13] + birth + second[20:43] + composite


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("26<<<<", PartialDate(2026)),
        ("27<<<<", PartialDate(1927)),
        ("2611<<", PartialDate(2026, 11)),
        ("261122", PartialDate(2026, 11, 22)),
        ("261123", PartialDate(1926, 11, 23)),
        ("7408<<", PartialDate(1974, 8)),
        ("740000", PartialDate(1974)),
        ("<<<<<<", None),
    ],
)
def test_parse_mrz_chooses_the_century_and_keeps_unknown_parts(text, birth):
    assert parse_mrz(_with_birth(text), today=TODAY).birth == birth


@pytest.mark.parametrize("text", ["741301", "740230", "A40812", "7<0812"])
def test_parse_mrz_refuses_a_date_that_is_none(text):
    with pytest.raises(MrzError) as caught:
        parse_mrz(_with_birth(text), today=TODAY)
    assert caught.value.field == "date of birth"


@given(st.lists(st.text(max_size=46), max_size=4))
def test_parse_mrz_raises_nothing_but_mrz_error(lines):
    with pytest.raises(MrzError):
        parse_mrz(lines, today=TODAY)
