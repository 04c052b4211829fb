"""A draft is a mapping that can be read, with a reason beside each guess."""

import sqlite3
from dataclasses import replace

import pytest

from adapters.contract import BankUnavailableError
from adapters.drafting.draft import draft, look
from adapters.drafting.shape import Column, DraftError, Seen, Table, Tie
from adapters.mapping.read import read_mapping

BLOCK = ("[sql]", 'engine = "sqlite"', 'url = "sqlite:///a.db"')


def table(called="people", key="id", rows=20, /, **columns):
    made = [Column(column, tuple(values)) for column, values in columns.items()]
    return Table(called, tuple(made), key, rows=rows)


def read(tmp_path, *tables, wanted=""):
    path = tmp_path / "mapping.toml"
    path.write_text(draft(Seen("My Bank", "sql", BLOCK, tables), table=wanted), encoding="utf-8")
    return read_mapping(path), path.read_text(encoding="utf-8")


IDS = [str(number) for number in range(20)]
NAMES = ["Айгүл", "Ерлан"] * 10


def test_second_format_of_dates_is_the_likeliest_that_reads_the_rest(tmp_path):
    born = ["1984-05-03"] * 19 + ["00.00.1984"]
    _, text = read(tmp_path, table(id=IDS, full_name=NAMES, birth_date=born))
    assert 'format = ["iso", "DD.MM.YYYY"]' in text


def test_birth_date_of_two_rows_is_drafted(tmp_path):
    born = ["14.03.1985", "02.11.1990"]
    people = table("people", "id", 2, id=["1", "2"], full_name=["Aibek", "Dana"], birth=born)
    _, text = read(tmp_path, people)
    assert 'column = "people.birth"' in text
    assert 'format = ["DD.MM.YYYY"]' in text


def test_names_in_two_scripts_are_two_blocks(tmp_path):
    people = table(id=IDS, aty=NAMES, tegi=NAMES, aty_lat=["Aigul"] * 20, tegi_lat=["X"] * 20)
    mapping, _ = read(tmp_path, people)
    assert [(f.given, f.family) for f in mapping.fields if f.name == "name"] == [
        ("people.aty", "people.tegi"),
        ("people.aty_lat", "people.tegi_lat"),
    ]
    assert mapping.bank.scripts == ("Cyrl", "Latn")
    assert mapping.bank.id == "my-bank"


def test_hostile_names_and_values_stay_inside_their_quotes(tmp_path):
    nasty = 'x"\n[kind]\nconst = "wanted'
    people = table(id=IDS, full_name=NAMES, sex=[nasty, "M"] * 10)
    people = Table('pe"ople', people.columns, "id", rows=20)
    mapping, _ = read(tmp_path, people)
    assert mapping.kind.const == "registered"
    assert mapping.record.table == 'pe"ople'
    assert nasty in mapping.codes["sexes"]


def test_values_of_a_reason_become_codes_to_be_written(tmp_path):
    mapping, text = read(tmp_path, table(id=IDS, name=NAMES, reason=["A", "B"] * 10))
    assert mapping.kind.column == "people.reason"
    assert mapping.codes["kinds"] == {"A": "registered", "B": "registered"}
    assert text.count("write one of our kinds of records") == 2


def test_number_without_an_index_is_not_searched_in_a_large_table(tmp_path):
    numbers = [f"N{number:07d}" for number in range(20)]
    large, _ = read(tmp_path, table("people", "id", 10_001, id=IDS, name=NAMES, passport=numbers))
    small, _ = read(tmp_path, table(id=IDS, name=NAMES, passport=numbers))
    assert [f.search for f in large.fields] == [True, False]
    assert [f.search for f in small.fields] == [True, True]


def test_numbers_with_signs_get_their_shapes(tmp_path):
    numbers = [f"35202-{number:07d}-1" for number in range(20)]
    mapping, _ = read(tmp_path, table(id=IDS, name=NAMES, cnic=numbers))
    assert mapping.fields[1].shapes == ("#####-#######-#",)


def test_numbers_in_more_ways_than_can_be_asked_for_are_not_searched(tmp_path):
    signs = [f"N{'-' * (n % 18 + 1)}{n:03d}/{n}" for n in range(36)]
    people = table(id=[*map(str, range(36))], name=NAMES[:1] * 36, passport=signs)
    mapping, text = read(tmp_path, people)
    assert mapping.fields[1].search is False
    assert "ways; compute a column without signs, or go without" in text
    assert text.count("search = ") == 1


def test_alias_and_document_tables_hang_on_the_record_without_foreign_keys(tmp_path):
    people = table("tulgha", id=IDS, aty=NAMES, tughan_kuni=["1985-03-14"] * 20)
    papers = table("qujat", None, tulgha_id=IDS, nomir=[f"N{n}" for n in IDS])
    other = table("lakap", None, tulgha_id=IDS, aty=NAMES)
    mapping, _ = read(tmp_path, other, papers, people)
    assert mapping.record.table == "tulgha"
    assert {many.table: many.on for many in mapping.children} == {
        "lakap": {"lakap.tulgha_id": "tulgha.id"},
        "qujat": {"qujat.tulgha_id": "tulgha.id"},
    }
    aliases = [f for f in mapping.fields if f.name == "name" and f.kind.const == "alias"]
    assert [f.given for f in aliases] == ["lakap.aty"]


def hang(tmp_path, record, *others):
    mapping, text = read(tmp_path, record, *others, wanted=record.name)
    return {many.table: many.on for many in mapping.children}, mapping, text


PAPERS = {"номер_карты": IDS, "серия": ["AN"] * 20, "номер": [f"{n}00" for n in IDS]}


def test_tables_with_the_name_of_the_key_hang_on_it_but_not_the_views_of_others(tmp_path):
    people = table("картотека", "номер_карты", номер_карты=IDS, фио=NAMES)
    view = table("v_документы", None, **PAPERS)
    papers = table("документы", None, **PAPERS)
    papers = replace(papers, ties=(Tie("номер_карты", "картотека", "номер_карты"),))
    aliases = table("псевдонимы", None, номер_карты=IDS, кличка=NAMES)
    stocks = table("склад", None, номер=IDS, телефон=IDS)
    found, mapping, _ = hang(tmp_path, people, view, papers, aliases, stocks)
    assert found == {
        "документы": {"документы.номер_карты": "картотека.номер_карты"},
        "псевдонимы": {"псевдонимы.номер_карты": "картотека.номер_карты"},
    }
    assert [(f.full, f.kind.const) for f in mapping.fields if f.name == "name"] == [
        ("картотека.фио", "primary"),
        ("псевдонимы.кличка", "alias"),
    ]


def test_tables_hang_on_all_columns_of_a_key_and_the_key_is_told(tmp_path):
    people = table("kisi", None, il=["1", "2"] * 10, kutuk=IDS, adi=NAMES)
    people = replace(people, joint=("il", "kutuk"))
    papers = table("kisi_pasaport", None, il=["1"] * 20, no=IDS, pasaport_no=IDS)
    papers = replace(papers, ties=(Tie("il", "kisi", "il", (("no", "kutuk"),)),))
    cars = table("arac", None, il=["1"] * 20, kutuk=IDS, plaka=IDS)
    half = table("telefon", None, kutuk=IDS, telefon=IDS)
    found, mapping, text = hang(tmp_path, people, papers, cars, half)
    assert found == {
        "kisi_pasaport": {"kisi_pasaport.il": "kisi.il", "kisi_pasaport.no": "kisi.kutuk"},
        "arac": {"arac.il": "kisi.il", "arac.kutuk": "kisi.kutuk"},
    }
    assert 'key = ["il", "kutuk"]\n' in text
    assert mapping.record.key == ("il", "kutuk")


def test_key_of_more_columns_than_may_be_written_is_left_to_a_view(tmp_path):
    names = tuple("abcdefg")
    people = table("kisi", None, no=IDS, adi=NAMES, **dict.fromkeys(names, ["1"] * 20))
    mapping, text = read(tmp_path, replace(people, joint=names))
    assert "# The primary key has 7 columns; 6 may be written:" in text
    assert mapping.record.key == ("no",)


def test_columns_that_refer_to_tables_of_codes_are_coded(tmp_path):
    codes = {"пол": ["1", "2"] * 10, "гражд": ["398", "31"] * 10, "город": ["1", "2"] * 10}
    people = table("лица", "ид", ид=IDS, фио=NAMES, **codes)
    people = replace(people, ties=tuple(Tie(name, f"спр_{name}", "код") for name in codes))
    mapping, _ = read(tmp_path, people)
    assert {f.name: f.column for f in mapping.fields if f.name != "name"} == {
        "sex": "лица.пол",
        "nationality": "лица.гражд",
    }
    assert mapping.codes["countries"] == {"398": "KAZ", "31": "AZE"}


def test_countries_that_nobody_knows_are_left_to_be_written(tmp_path):
    mapping, text = read(tmp_path, table(id=IDS, name=NAMES, nationality=["KZ", "Qq", "TR"] * 6))
    assert mapping.codes["countries"] == {"KZ": "KAZ", "TR": "TUR"}
    assert '# "Qq" = ""  # EDIT: ' in text
    mapping, text = read(tmp_path, table(id=IDS, name=NAMES, nationality=["Q", "W", "KZ"] * 6))
    assert "# write a code table for its values:" in text


def test_country_of_a_table_of_documents_is_who_issued_them(tmp_path):
    papers = {"passport": [f"N{n}" for n in IDS], "country": ["TR", "KZ"] * 10}
    people = table(id=IDS, name=NAMES)
    mapping, _ = read(tmp_path, people, table("documents", None, people_id=IDS, **papers))
    assert mapping.fields[1].issuer.column == "documents.country"


@pytest.mark.parametrize(("values", "told"), [(["0", "1"] * 10, ' by "0" and "1";'), ([""], ";")])
def test_what_is_deleted_is_told_with_the_way_to_leave_it_out(tmp_path, values, told):
    _, text = read(tmp_path, table(id=IDS, name=NAMES, silindi=values))
    assert f"# guess: silindi says what is deleted{',' if values[1:] else ''}{told}" in text
    assert "# leave that out by where\n" in text


def test_table_without_a_key_of_its_own_says_so(tmp_path):
    people = table("people", None, name=["Ерлан"] * 20, birth_date=["1985-01-01"] * 20)
    _, text = read(tmp_path, people)
    assert "EDIT: write a column that is different in each row" in text


def test_wanted_table_is_taken_or_named_as_missing(tmp_path):
    people, others = table(id=IDS, name=NAMES), table("staff", id=IDS, name=NAMES)
    assert read(tmp_path, people, others, wanted="staff")[0].record.table == "staff"
    with pytest.raises(DraftError, match="there are people"):
        draft(Seen("x", "sql", BLOCK, (people,)), table="nobody")


def test_bank_without_persons_or_documents_is_refused():
    with pytest.raises(DraftError, match="--table"):
        draft(Seen("x", "sql", BLOCK, (table(id=IDS, total=IDS),)))


def test_address_that_is_none_or_is_not_drafted_says_what_to_write(tmp_path):
    for url in (
        "ldap://",
        "nonsense",
        "sqlite:///missing.db",
        "nodb://x/y",
        "http://127.0.0.1:1/a",
    ):
        with pytest.raises(DraftError):
            look(url, tmp_path)
    with pytest.raises(BankUnavailableError):
        look("ldap://127.0.0.1:1/dc=gov", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "a.db").write_text("not a database at all, but a text that is long enough" * 50)
    with pytest.raises(DraftError, match="cannot be read"):
        look(f"sqlite:///{tmp_path}/a.db", tmp_path)


def test_path_of_a_database_is_relative_to_the_mapping(tmp_path):
    sqlite3.connect(tmp_path / "a.db").close()
    assert look(f"sqlite:///{tmp_path}/a.db", tmp_path).block[2] == 'url = "sqlite:///a.db"'
