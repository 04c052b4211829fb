"""Banks behind stored functions keep every clause, on PostgreSQL."""

from typing import ClassVar

import pytest

from tests.conformance import test_sql
from tests.conformance.register import BANK, FIELDS

ROWS = "SELECT * FROM public.person WHERE"
FUNCTIONS = f"""
CREATE SCHEMA api;
CREATE FUNCTION api.by_id(wanted text) RETURNS SETOF person STABLE LANGUAGE sql AS
  '{ROWS} id::text = wanted';
CREATE FUNCTION api.by_document(wanted text) RETURNS SETOF person STABLE LANGUAGE sql AS
  '{ROWS} passport = wanted';
CREATE FUNCTION api.by_phone(wanted text, most int) RETURNS SETOF person STABLE LANGUAGE sql AS
  '{ROWS} phone = wanted ORDER BY id LIMIT most';
CREATE FUNCTION api.by_name(wanted text) RETURNS SETOF person STABLE LANGUAGE sql AS
  '{ROWS} concat_ws($$ $$, given, family) = wanted ORDER BY id'
"""
MAPPING = """
[sql]
engine = "{engine}"
url = "{url}"
pool = 2
[[function]]
answers = "reference"
name = "api.by_id"
takes = ["reference"]
[[function]]
answers = "document"
name = "api.by_document"
takes = ["number"]
[[function]]
answers = "identifier"
name = "api.by_phone"
takes = ["value", "limit"]
[[function]]
answers = "person"
name = "api.by_name"
takes = ["name"]
[record]
key = "id"
"""


@pytest.mark.servers
class TestFunctions(test_sql.TestPostgres):
    """PostgreSQL, where nobody is let at the tables."""

    gaps: ClassVar[dict[str, str]] = {
        "C14": "the functions find names themselves, and list them to nobody",
        "C31": "a function does not tell its newest record",
    }

    def write_mapping(self, engine, url):
        path = self.folder / "bank.toml"
        fields = FIELDS.replace("person.", "")
        text = BANK.format(kind="sql") + MAPPING.format(engine=engine, url=url) + fields
        path.write_text(text, encoding="utf-8")
        return path

    def known(self):
        return test_sql.PERSONS

    def schema(self):
        return (*super().schema(), *FUNCTIONS.split(";\n"))
