"""The bodies that OpenSearch is sent, word for word, and that no value changes their shape."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.banks.opensearch.queries import Found, Queries, exact_columns, named_columns
from adapters.conformance.corpus import HOSTILE
from adapters.contract import (
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PersonName,
    PersonProbe,
    VehicleProbe,
)

GOLDEN = Path(__file__).parent / "golden"
FOUND = Found(rows=20, timeout_s=1.5)
FUZZY = "fuzzy = true"
NUMBER = IdentifierKind.NATIONAL_NUMBER
PROBES = {
    "document": DocumentProbe("N1234567"),
    "vehicle": VehicleProbe(plate="123ABC02"),
    "identifier": IdentifierProbe(Identifier(NUMBER, "820503400123")),
    "organisation": OrganisationProbe(name="Тұлпар", number="990140"),
    "person": PersonProbe((PersonName(full="Айгүл Нұрланова"), PersonName(given="Aigul"))),
}


def write_all(queries):
    """One body of each shape."""
    told = {name: queries.search(probe, FOUND) for name, probe in PROBES.items()}
    pit = {"id": "PIT", "keep_alive": "2m"}
    told["fetch"] = queries.fetch(["1", "2", "3"], FOUND)
    told["names"] = queries.page(pit, None)
    told["names after"] = queries.page(pit, ["2"])
    told["newest"] = queries.newest("ozgertilgen")
    return told


VARIANTS = {
    "plain": ("", ("", "")),
    "fuzzy": (FUZZY, ("", "")),
    "by_id": ("", ('key = "id"', 'key = "_id"')),
}


def write_variant(make_mapping, name):
    more, change = VARIANTS[name]
    mapping = make_mapping(more=more, change=change)
    return write_all(Queries(mapping, mapping.opensearch))


@pytest.mark.parametrize("name", VARIANTS)
def test_bodies_are_word_for_word_as_kept(make_mapping, name):
    told = json.dumps(write_variant(make_mapping, name), indent=1, ensure_ascii=False) + "\n"
    assert told == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def test_name_is_asked_only_of_an_index_that_finds_names(make_mapping):
    assert write_variant(make_mapping, "plain")["person"] is None
    assert write_variant(make_mapping, "fuzzy")["person"] is not None


def shape(value):
    """A body without its values: keys stay, and so do the texts that the mapping wrote."""
    if isinstance(value, dict):
        return {key: _leaf(key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return value


def _leaf(key, value):
    if key == "terms":
        return dict.fromkeys(value, "...")
    return "..." if key == "query" and isinstance(value, str) else shape(value)


def probes_of(text):
    yield DocumentProbe(text)
    yield VehicleProbe(plate=text)
    yield IdentifierProbe(Identifier(NUMBER, text))
    yield OrganisationProbe(number=text)
    yield PersonProbe((PersonName(full=text),))
    yield OrganisationProbe(name=text)


def require_same_shapes(queries, text):
    for harmless, hostile in zip(probes_of("N1234567"), probes_of(text), strict=True):
        body = queries.search(hostile, FOUND)
        if body is not None:
            json.dumps(body, ensure_ascii=False).encode()
            assert shape(body) == shape(queries.search(harmless, FOUND))


def test_shape_tells_bodies_apart(make_mapping):
    told = write_variant(make_mapping, "fuzzy")
    assert shape(told["document"]) != shape(told["vehicle"])
    assert "N1234567" not in json.dumps(shape(told["document"]))


@pytest.mark.parametrize(
    "text", [*HOSTILE, "\ud800 x", '"}}]}, "script": {"source": "1"}', "* OR _exists_:x"]
)
def test_hostile_text_changes_no_shape(make_mapping, text):
    mapping = make_mapping(more=FUZZY)
    require_same_shapes(Queries(mapping, mapping.opensearch), text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_no_text_changes_a_shape(make_mapping, text):
    mapping = make_mapping(more=FUZZY)
    require_same_shapes(Queries(mapping, mapping.opensearch), text)


@given(st.integers(1, 300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_lists_have_the_length_of_a_power_of_two_and_no_other_values(make_mapping, length):
    mapping = make_mapping()
    wanted = [str(number) for number in range(length)]
    body = Queries(mapping, mapping.opensearch).fetch(wanted, FOUND)
    sent = body["query"]["bool"]["must"][0]["terms"]["id"]
    assert len(sent) & (len(sent) - 1) == 0
    assert set(sent) == set(wanted)


def test_long_name_stays_below_the_limit_of_clauses(make_mapping):
    mapping = make_mapping(more=FUZZY)
    probe = PersonProbe(tuple(PersonName(full="а " * 5000) for _ in range(40)))
    clauses = Queries(mapping, mapping.opensearch).search(probe, FOUND)["query"]["bool"]["should"]
    words = sum(len(c["match"][f]["query"].split()) for c in clauses for f in c["match"])
    assert words == 16 * 3 * 32


def test_columns_are_told_by_how_they_are_compared(make_mapping):
    mapping = make_mapping()
    numbers = ["id", "qujat.nomir", "qujat.seria", "jsn", "kolik.nomir", "bsn"]
    assert list(exact_columns(mapping)) == numbers
    assert set(named_columns(mapping)) == {"aty.ozi", "aty.tegi", "laqab.value", "uiym"}
