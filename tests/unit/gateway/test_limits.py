from __future__ import annotations

from datetime import date

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import PartialDate
from adapters.matching.mrz import Mrz, build_td3, check_digit
from gateway.errors import FieldInvalidError, GatewayError, MrzInvalidError
from gateway.limits import check_probe, require_known, require_text
from kalkan.v1 import model_pb2 as model

TODAY = date(2026, 7, 1)


def check(**probe):
    return check_probe("probes[0]", model.Probe(**probe), TODAY)


def person(**fields):
    fields.setdefault("names", [model.PersonName(full="Aigerim Sultanova")])
    return check(person=model.PersonProbe(**fields))


def born(first, last=None):
    """A birth date, or a range of two, from tuples of year, month and day."""
    dates = [
        model.PartialDate(**dict(zip(("year", "month", "day"), d, strict=False)))
        for d in (first, last)
        if d
    ]
    if last is None:
        return person(birth=model.BirthDate(date=dates[0]))
    return person(birth=model.BirthDate(range=model.DateRange(first=dates[0], last=dates[1])))


def field_of(caught):
    assert caught.value.metadata["limit"]
    return caught.value.metadata["field"].removeprefix("probes[0]").removeprefix(".")


@pytest.mark.parametrize("text", ["", "a", "Ақерке", "a" * 10, "نیم\u200cفاصله", "ක්\u200dර"])
def test_require_text_takes_text_of_any_script(text):
    require_text("f", text, 10)


@pytest.mark.parametrize(
    "text",
    [
        *("a\n", "\x00", "\x7f", "\u202ea", "\u2066", "\ufeff", "\u2028", "\ue000", "\u0378"),
        *("a\u00ad", "\u3164"),
    ],
)
def test_require_text_refuses_what_cannot_be_seen(text):
    with pytest.raises(FieldInvalidError) as caught:
        require_text("f", text, 10)
    assert caught.value.metadata["field"] == "f"
    assert text not in str(caught.value)


@pytest.mark.parametrize(("text", "limit", "least"), [("aaa", 2, 0), ("", 2, 1), ("a", 5, 2)])
def test_require_text_refuses_other_lengths(text, limit, least):
    with pytest.raises(FieldInvalidError, match=f"{least} to {limit} characters"):
        require_text("f", text, limit, least)


def test_require_known_refuses_a_number_outside_the_enumeration():
    require_known("f", 1, [0, 1])
    with pytest.raises(FieldInvalidError, match="a value of the contract"):
        require_known("f", 2, [0, 1])


def test_an_empty_probe_is_refused():
    with pytest.raises(FieldInvalidError, match=r"probes\[0\] must be one of"):
        check()


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ({}, {"name", "full_name"}),
        ({"names": [model.PersonName(full="Aigerim")]}, {"name"}),
        ({"names": [model.PersonName(given="Aigerim", family="S")]}, {"name", "full_name"}),
        ({"sex": model.SEX_FEMALE}, {"name", "full_name", "sex"}),
        ({"nationalities": ["KAZ", "D"]}, {"name", "full_name", "nationality"}),
        ({"place": "Алматы"}, {"name", "full_name", "place"}),
        ({"names": [model.PersonName(full="නිමල් කේ. පෙරේරා")]}, {"name", "full_name"}),
        ({"names": [model.PersonName(full="李 明")]}, {"name", "full_name"}),
        ({"names": [model.PersonName(full="أبو علي")]}, {"name", "full_name"}),
        ({"names": [model.PersonName(full="ገብረ ሥላሴ")]}, {"name", "full_name"}),
    ],
)
def test_a_person_tells_the_fields_that_are_used(fields, used):
    assert person(**fields) == used


@pytest.mark.parametrize(
    "name",
    [
        {"full": "Aigerim ."},
        {"full": "Aigerim -"},
        {"full": "Aigerim ʻ"},
        {"full": "Aigerim 7"},
        {"full": "Mr Aigerim"},
        {"full": "Али бин"},
        {"full": "Əli oğlu"},
        {"full": "الحاج علی"},
        {"full": "Aigerim", "given": "Aigerim"},
        {"full": "Aigerim", "given": "Aigerim", "family": "Sultanova"},
        {"given": "Aigerim", "family": "."},
    ],
)
def test_a_name_is_full_by_its_parts_that_are_names(name):
    assert person(names=[model.PersonName(**name)]) == {"name"}


def test_a_single_name_beside_a_full_one_is_a_single_name():
    both = [model.PersonName(full="Aigerim Sultanova"), model.PersonName(full="Aigerim")]
    assert person(names=both) == {"name"}
    assert person(names=both[::-1]) == {"name"}


@pytest.mark.parametrize("full", ["R", "R K", "R. K.", "Р К", "r-k", "ر ک", "R K . 7 Mr"])
def test_initials_alone_are_no_name(full):
    """They agree with everybody whose names begin so."""
    with pytest.raises(FieldInvalidError) as caught:
        person(names=[model.PersonName(full=full)], birth=model.BirthDate(date={"year": 1985}))
    assert field_of(caught) == "person.names[0]"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"names": []}, "names"),
        ({"names": [model.PersonName(full="A b")] * 9}, "names"),
        ({"names": [model.PersonName()]}, "names[0]"),
        ({"names": [model.PersonName(full="7 .")]}, "names[0]"),
        ({"names": [model.PersonName(full="a" * 201)]}, "names[0].full"),
        ({"names": [model.PersonName(given="a" * 101)]}, "names[0].given"),
        ({"names": [model.PersonName(full="a", script="Cyrl!")]}, "names[0].script"),
        ({"names": [model.PersonName(full="a", kind=9)]}, "names[0].kind"),
        ({"birth": model.BirthDate()}, "birth"),
        ({"sex": 9}, "sex"),
        ({"nationalities": ["KAZ"] * 6}, "nationalities"),
        ({"nationalities": ["KAZ", "kaz"]}, "nationalities[1]"),
        ({"nationalities": ["KAZ\n"]}, "nationalities[0]"),
        ({"place": "a" * 101}, "place"),
    ],
)
def test_a_person_against_the_limits_is_refused_by_field(fields, field):
    with pytest.raises(FieldInvalidError) as caught:
        person(**fields)
    assert field_of(caught) == f"person.{field}"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ((1980,), None),
        ((1980, 2), None),
        ((1980, 2, 29), None),
        ((9999, 12, 31), None),
        ((1980,), (1980,)),
        ((1980, 6), (1980,)),
        ((1979, 12, 31), (1980, 1, 1)),
    ],
)
def test_a_birth_date_may_be_partial_or_a_range(first, last):
    assert "birth_date" in born(first, last)


@pytest.mark.parametrize(
    ("first", "last", "tells"),
    [
        ((1980,), (1989,), True),
        ((1980, 5, 1), (1990, 4, 30), True),
        ((1980, 5, 1), (1990, 5, 1), False),
        ((1980,), (1990,), False),
        ((1,), (9999,), False),
    ],
)
def test_a_range_of_more_than_ten_years_is_no_birth_date(first, last, tells):
    assert ("birth_date" in born(first, last)) is tells


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ((0,), None),
        ((10_000,), None),
        ((4_294_967_295,), None),
        ((1980, 13), None),
        ((1981, 2, 29), None),
        ((1980, 0, 5), None),
        ((1980,), (1979,)),
        ((1980, 6, 2), (1980, 6, 1)),
        ((1980,), (1980, 13)),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(first, last):
    with pytest.raises(FieldInvalidError) as caught:
        born(first, last)
    assert field_of(caught).startswith("person.birth")


@pytest.mark.parametrize(
    ("probe", "used"),
    [
        ({"document": model.DocumentProbe(number="N 123-456")}, {"number"}),
        (
            {"document": model.DocumentProbe(number="N123", kind=1, issuer="KAZ")},
            {"number", "kind", "issuer"},
        ),
        ({"vehicle": model.VehicleProbe(plate="০১ ABC", country="BGD")}, {"plate", "country"}),
        ({"vehicle": model.VehicleProbe(vin="VIN12")}, {"vin"}),
        ({"organisation": model.OrganisationProbe(name="ООО Ромашка")}, {"name"}),
        ({"organisation": model.OrganisationProbe(number="7")}, {"number"}),
        ({"identifier": model.IdentifierProbe(kind=1, value="+7 701")}, {"identifier"}),
        (
            {"identifier": model.IdentifierProbe(kind=5, value="123", country="KAZ")},
            {"identifier", "country"},
        ),
        (
            {"biometric": model.BiometricProbe(kind=2, media_type="image/png", sample=b"x")},
            {"sample"},
        ),
    ],
)
def test_a_thing_tells_the_fields_that_are_used(probe, used):
    assert check(**probe) == used


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("document", {}, "number"),
        ("document", {"number": "123"}, "number"),
        ("document", {"number": "1" * 31}, "number"),
        ("document", {"number": "----"}, "number"),
        ("document", {"number": "N1234", "kind": 9}, "kind"),
        ("document", {"number": "N1234", "issuer": "KAZA"}, "issuer"),
        ("vehicle", {}, ""),
        ("vehicle", {"country": "KAZ"}, ""),
        ("vehicle", {"plate": "1"}, "plate"),
        ("vehicle", {"plate": "- -"}, "plate"),
        ("vehicle", {"vin": "1234"}, "vin"),
        ("vehicle", {"vin": "-----"}, "vin"),
        ("vehicle", {"vin": "1" * 18}, "vin"),
        ("vehicle", {"plate": "123", "country": "kaz"}, "country"),
        ("organisation", {}, ""),
        ("organisation", {"name": "123"}, "name"),
        ("organisation", {"name": "a" * 201}, "name"),
        ("organisation", {"number": "--"}, "number"),
        ("organisation", {"number": "1" * 41}, "number"),
        ("organisation", {"name": "a", "country": "1"}, "country"),
        ("identifier", {"value": "12345"}, "kind"),
        ("identifier", {"value": "12345", "kind": 9}, "kind"),
        ("identifier", {"kind": 1, "value": "12"}, "value"),
        ("identifier", {"kind": 1, "value": "+-()"}, "value"),
        ("identifier", {"kind": 1, "value": "123", "country": "?"}, "country"),
        ("biometric", {"media_type": "image/png", "sample": b"x"}, "kind"),
        ("biometric", {"kind": 1, "sample": b"x"}, "media_type"),
        ("biometric", {"kind": 1, "media_type": "a"}, "sample"),
        ("biometric", {"kind": 1, "media_type": "a", "sample": b"x" * 131_073}, "sample"),
    ],
)
def test_a_thing_against_the_limits_is_refused_by_field(kind, fields, field):
    probe = model.Probe()
    message = getattr(probe, kind)
    message.SetInParent()
    message.MergeFrom(type(message)(**fields))
    with pytest.raises(FieldInvalidError) as caught:
        check_probe("probes[0]", probe, TODAY)
    assert field_of(caught) == ".".join(part for part in (kind, field) if part)


@pytest.fixture
def zone():
    return list(ZONE)


ZONE = build_td3(
    Mrz(
        document_type="P",
        issuer="KAZ",
        surname="SULTANOVA",
        given_names="AIGERIM",
        number="N12345678",
        nationality="KAZ",
        birth=PartialDate(1980, 2, 29),
        sex="F",
        expiry=date(2030, 1, 1),
    )
)


def test_a_machine_readable_zone_is_a_number_and_an_issuer(zone):
    assert check(document=model.DocumentProbe(mrz=zone)) == {"mrz", "number", "issuer"}


def test_a_machine_readable_zone_is_refused_when_a_check_digit_is_wrong(zone):
    digit = zone[1][9]
    zone[1] = zone[1][:9] + str((int(digit) + 1) % 10) + zone[1][10:]
    with pytest.raises(MrzInvalidError) as caught:
        check(document=model.DocumentProbe(mrz=zone))
    assert "N12345678" not in str(caught.value)
    assert caught.value.metadata == {"field": "probes[0].document.mrz"}


def test_a_machine_readable_zone_without_a_number_is_refused(zone):
    """Its check digits are right, and it would look for a document that has no number."""
    zone[1] = "<" * 9 + "0" + zone[1][10:43]
    zone[1] += check_digit(zone[1][:10] + zone[1][13:20] + zone[1][21:43])
    with pytest.raises(MrzInvalidError, match="holds no number"):
        check(document=model.DocumentProbe(mrz=zone))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": "N12345678"}, ""),
        ({"issuer": "kaz"}, "issuer"),
        ({"issuer": "\x00" * 1000}, "issuer"),
        ({"kind": 9}, "kind"),
    ],
)
def test_a_machine_readable_zone_comes_with_nothing_unchecked(zone, fields, field):
    with pytest.raises(FieldInvalidError) as caught:
        check(document=model.DocumentProbe(mrz=zone, **fields))
    assert field_of(caught) == ".".join(part for part in ("document", field) if part)


@pytest.mark.parametrize("lines", [["P<KAZ"], ["<" * 44] * 5, ["\n" * 44] * 2])
def test_lines_that_are_no_zone_are_refused(lines):
    with pytest.raises((MrzInvalidError, FieldInvalidError)):
        check(document=model.DocumentProbe(mrz=lines))


@given(st.binary(max_size=300), st.sampled_from(sorted(model.Probe.DESCRIPTOR.fields_by_name)))
def test_any_probe_that_can_be_decoded_is_checked_or_refused(data, kind):
    probe = model.Probe()
    message = getattr(probe, kind)
    message.SetInParent()
    try:
        message.MergeFromString(data)
    except DecodeError:
        return
    try:
        said = check_probe("probes[0]", probe, TODAY)
    except GatewayError as error:
        said = error.metadata["field"]
    assert said
