import re
import tomllib
from pathlib import Path

import pytest

from adapters.contract import MappingError
from adapters.mapping.read import read_mapping

PAGE = Path(__file__).parents[4] / "docs" / "mapping.md"


def test_mapping_of_the_documentation_is_read(read, example):
    mapping = read(example)
    assert mapping.bank.id == "persons"
    assert [block.field for block in mapping.fields][:3] == ["name", "birth_date", "sex"]


def take_block(kind):
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = (block for block in blocks if block.startswith(f"[{kind}]"))
    return block


@pytest.mark.parametrize("kind", ["files", "http", "ldap", "opensearch"])
def test_other_kinds_of_the_documentation_are_read(read, example, kind):
    head, rest = example.split("[sql]")[0], "[record]" + example.split("[record]")[1]
    text = head.replace('kind = "sql"', f'kind = "{kind}"') + take_block(kind)
    if kind == "files":
        text += rest.replace("tulgha", "kasoni")
        for table in ("qala", "qujat"):
            text += f'\n[[files.table]]\ntable = "{table}"\npath = "x"\n'
    else:
        without = re.sub(r"\[\[join\]\].*?(?=\n\[)", "", rest, flags=re.DOTALL)
        text += re.sub(r"^(where|on) = .*", "", without, flags=re.MULTILINE)
    assert getattr(read(text), kind) is not None


def test_yente_of_the_documentation_needs_no_fields(read, example):
    head = example.split("[sql]")[0].replace('kind = "sql"', 'kind = "yente"')
    mapping = read(head + take_block("yente"))
    assert mapping.yente.token_file == "yente.key"
    assert len(mapping.fields) > 10


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[record]\nkey = "id"\nwhere = "live"', "no where; take it out"),
        ('[[join]]\ntable = "t"\non = { "t.a" = "b" }', "no tables to join"),
        ('[[many]]\ntable = "t"\non = { "t.a" = "b" }', "write table and path alone"),
        ('[[many]]\ntable = "t"\nwhere = "a = 1"', "write table and path alone"),
    ],
)
def test_bank_without_tables_says_nothing_of_tables(read, example, more, told):
    head = example.split("[sql]")[0].replace('kind = "sql"', 'kind = "yente"')
    with pytest.raises(MappingError, match=told):
        read(head + '[yente]\nurl = "http://127.0.0.1:8000"\n' + more)


DOCUMENT = '[[field]]\nfield = "document"'
TULGHA = '"tulgha"\non = '

WRONG = {
    "no text in a key": ('"id"  ', '["id", 5]', "record.key.2: write a text in quotes", "5]"),
    "key without a column": ('"id"  ', "[]", "record.key: write a column, or up to 6", "[]"),
    "key that is no text": ('"id"  ', "5", "record.key: write a column, or up to 6", "5  "),
    "unknown key": ("scripts =", "script =", "bank.script: unknown key; did you mean", "script ="),
    "unknown key of a field": ("given =", "givn =", "givn: unknown key; did you mean", "givn ="),
    "key of another field": (
        'series = "qujat.seria"',
        'given = "qujat.x"',
        "given: unknown key",
        'given = "qujat',
    ),
    "unknown word": ('"amber"', '"orange"', "write 'clear', 'green', 'amber'", '"orange"'),
    "unknown field": ('"sex"', '"sx"', "write one of 'name', 'birth_date'", '"sx"'),
    "missing key": ('number = "qujat.nomir"', "", "number: is missing; write it", DOCUMENT),
    "out of range": ("pool = 4", "pool = 65", "sql.pool: write less than or equal to 64", "65"),
    "version": ("version = 1", "version = 2", "version: write 1", "2"),
    "date format": ('"DD.MM.YYYY"', '"DD.MM.YY"', "write one or more of", '"DD.MM.YY"'),
    "one date format of several": (
        '"DD.MM.YYYY"',
        '["iso", "DD.MM.YY"]',
        "format.2: write one or more of",
        '"DD.MM.YY"',
    ),
    "two ways of a date": (
        'format = "DD',
        'year = "tulgha.x"\nformat = "DD',
        "write one of column",
        '[[field]]\nfield = "birth_date"',
    ),
    "calendar": ('"gregorian"', '"lunar"', "write 'gregorian', 'solar_hijri'", '"lunar"'),
    "table": (
        '"tulgha.aty"',
        '"tulga.aty"',
        "no table 'tulga' in this mapping; did",
        '"tulga.aty"',
    ),
    "no table": ('"tulgha.aty"', '"aty"', "write 'aty' as table.column", '"aty"'),
    "code table": ('codes = "sex"', 'codes = "sexes"', "no [codes.sexes] in this mapp", '"sexes"'),
    "codes of a constant": (
        'const = "hour"',
        'const = "hour"\ncodes = "x"',
        "codes needs column",
        'codes = "x"',
    ),
    "word of a code table": ('"male"', '"man"', "write one of female, male, other", '"man"'),
    "country": ('"KZ" = "KAZ"', '"KZ" = "Kaz"', "three capital letters", '"Kaz"'),
    "constant": ('const = "hour"', 'const = "hours"', "did you mean hour?", '"hours"'),
    "kind from many": ('"tulgha.sebep"', '"qujat.x"', "may have many rows", '"qujat.x"'),
    "password": (
        'url = "sqlite://',
        'url = "sqlite://u:p@h',
        "take the password out",
        '"sqlite://u',
    ),
    "scheme": ('url = "sqlite://', 'url = "mysql://', "url must begin with sql", '"mysql'),
    "section": ("[sql]", "[files]", "files.engine: unknown key", "engine"),
    "another section": (
        "[record]",
        '[yente]\nurl = "http://127.0.0.1:8000"\n[record]',
        "yente: kind is 'sql': take this block out",
        "yente]",
    ),
    "kind without its block": (
        'kind = "sql" ',
        'kind = "http" ',
        "bank.kind: write a [http] block, or another kind",
        '"http"',
    ),
    "handling": ('tlp = "red"', 'tpl = "red"', "did you mean 'tlp'?", 'tpl = "red"'),
    "tie": (
        '{ "qujat.tulgha_id"',
        '{ "qala.kod"',
        "write a column of 'qujat' on the left",
        '"qala.kod" = "tulgha.id"',
    ),
    "tie to nothing": ('= "tulgha.id" }', '= "qujat.id" }', "on the right", '"qujat.id"'),
    "tie with blanks": ('"qujat.tulgha_id"', '" qujat"', "write a text of the form", '" qujat"'),
    "same table twice": ('table = "qala"', 'table = "tulgha"', "is named twice", TULGHA),
    "computed without a table": (
        "[kind]",
        '[computed]\n"x" = "a"\n[kind]',
        'write it as "table.column" with a table of this mapping: tulgha, qala, qujat',
        '"x" = ',
    ),
    "series elsewhere": (
        'series = "qujat.s',
        'series = "tulgha.s',
        "series and number of one table",
        '"tulgha.seria"',
    ),
    "list": ('["Cyrl", "Latn"]', '"Cyrl"', 'scripts: write a list, such as ["', '"Cyrl"'),
    "script": ('"Latn"]', '"latin"]', "bank.scripts.2: write ISO 15924 codes of scr", '"latin"'),
    "id": ('"persons"', '"My Bank"', "bank.id: write 1 to 64 of a-z, 0-9 and -", '"My Bank"'),
    "whole number": ("pool = 4", 'pool = "four"', "sql.pool: write a whole number, w", '"four"'),
    "truth": ("search = true", 'search = "if"', "write true or false, without quotes", '"if"'),
    "text": ('const = "hour"', "const = 5", "urgency.const: write a text in quotes", "5\n"),
    "inner table": ('{ tlp = "red" }', '"red"', "write { tlp = ..., europol", '"red"'),
    "shape": ('["## #######"]', '["99 9999999"]', "shapes", '"99 9999999"'),
}
"""What is wrong, what is written instead, what is said, and the text that the place is before."""


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_mistake_names_file_line_column_and_what_to_write(tmp_path, example, name, newline):
    before, after, said, at = WRONG[name]
    assert example.count(before) >= 1
    text = example.replace(before, after, 1)
    path = tmp_path / "bank.toml"
    path.write_bytes(text.replace("\n", newline).encode())
    with pytest.raises(MappingError) as caught:
        read_mapping(path)
    lines = [line for line in str(caught.value).splitlines() if said in line]
    assert lines, str(caught.value)
    ahead = text[: text.index(at)].split("\n")
    assert lines[0].startswith(f"bank.toml:{len(ahead)}:{len(ahead[-1]) + 1}: ")


def test_what_ties_rows_together_is_not_computed(read, example):
    text = example.replace("[kind]", '[computed]\n"tulgha.id" = "a"\n[kind]')
    with pytest.raises(MappingError, match=r"record\.key: 'tulgha.id' is computed; write a column"):
        read(text)


def test_bank_without_sql_computes_nothing(read, example):
    head = example.split("[sql]")[0].replace('kind = "sql"', 'kind = "yente"')
    with pytest.raises(MappingError, match=r"computed\.person\.x: this bank is not asked in SQL"):
        read(f'{head}[yente]\nurl = "http://127.0.0.1:8000"\n[computed]\n"person.x" = "a"')


def test_broken_toml_names_the_line(read):
    with pytest.raises(MappingError, match=r"^bank\.toml:2:6: not TOML: "):
        read("version = 1\n[bank\n")


def test_text_without_quotes_is_told_with_line_and_column(read):
    with pytest.raises(MappingError, match=r"^bank\.toml:3:9: not TOML: write texts in"):
        read("version = 1\n[bank]\ntitle = Shop\n")


def test_single_brackets_are_told(read, example):
    with pytest.raises(MappingError, match=r": join: write \[\[join\]\] with two brackets"):
        read(example.replace("[[join]]", "[join]"))


def test_all_mistakes_are_told_in_the_order_of_lines(read, example):
    text = example.replace('"1" = "male"', '"1" = "man"').replace(
        '"P" = "passport"', '"P" = "pass"'
    )
    with pytest.raises(MappingError) as caught:
        read(text)
    lines = [int(line.split(":")[1]) for line in str(caught.value).splitlines()]
    assert len(lines) == 2
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe", r"^bank\.toml:1:1: write the mapping in UTF-8"),
        ("version = 1\nx = 'é".encode() + b"\xff'", r"^bank\.toml:2:7: write the mapping in UTF-8"),
        (b"x" * (1 << 21), r"^bank\.toml: a mapping has at most"),
    ],
)
def test_file_that_is_no_text_is_a_mapping_error(tmp_path, data, told):
    path = tmp_path / "bank.toml"
    path.write_bytes(data)
    with pytest.raises(MappingError, match=told):
        read_mapping(path)


def test_missing_file_is_a_mapping_error(tmp_path):
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


def test_every_word_of_the_example_is_toml(example):
    assert tomllib.loads(example)["version"] == 1


def test_field_handling_keeps_what_it_leaves_out(read, example):
    mapping = read(example)
    place = mapping.fields[-1]
    codes = place.handling.over(mapping.bank.codes)
    assert (codes.tlp, codes.europol, codes.confirm_first) == ("red", ("H1",), True)
