"""The mapping of entities that need not be written, and what of it can be."""

from adapters.contract import FieldName
from adapters.mapping.entities import complete_entities
from adapters.mapping.model import Mapping

BANK = {"id": "lists", "title": "Lists", "kind": "yente"}
WHOLE = {"version": 1, "bank": BANK, "yente": {"url": "http://127.0.0.1:8000"}}


def test_mapping_is_whole_with_what_is_known():
    mapping = Mapping.model_validate(WHOLE)
    assert mapping.key == "id"
    tables = {child.table for child in mapping.children}
    used = {use.column.partition(".")[0] for use in mapping.columns() if "." in use.column}
    assert used == tables, "each table is read by a field, and each field has its table"


def test_own_blocks_stand():
    own = {"record": {"key": "other"}, "codes": {"topics": {"other": "wanted"}}}
    mapping = Mapping.model_validate({**WHOLE, **own})
    assert mapping.key == "other"
    assert mapping.codes["topics"] == {"other": "wanted"}
    assert mapping.codes["countries"]["kz"] == "KAZ"


def test_what_a_record_is_stands_beside_what_is_known():
    mapping = Mapping.model_validate({**WHOLE, "record": {"strict": ["birth_date"]}})
    assert (mapping.key, mapping.record.as_of_column) == ("id", "last_change")
    assert mapping.strict == {FieldName.BIRTH_DATE}


def test_other_kinds_stay_as_they_are():
    for value in ({"bank": {"kind": "sql"}}, {"bank": 1}, {}, [], None):
        assert complete_entities(value) is value
