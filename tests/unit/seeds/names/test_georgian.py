import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.georgian import to_georgian

ORIGINS = ("AFG", "AZE", "BGD", "GEO", "IND", "KAZ", "LKA", "TUR", "UZB")


@pytest.mark.parametrize(
    ("latin", "origin", "written"),
    [
        ("Nazarbayev", "KAZ", "ნაზარბაევ"),
        ("Zhaksylyk", "KAZ", "ჟაკსილიკ"),
        ("Bakhtiyor G'aniyev", "UZB", "ბახტიორ ღანიევ"),
        ("Erdoğan", "TUR", "ერდოღან"),
        ("Cevdet Şimşek", "TUR", "ჯევდეთ შიმშექ"),
        ("Yilmaz", "TUR", "ილმაზ"),
        ("Qasim Əhmədov", "AZE", "გასიმ აჰმადოვ"),
        ("Qodir", "UZB", "ყოდირ"),
        ("Siddiqui", "IND", "სიდიკუი"),
        ("Karimi", "IRN", "ქარიმი"),
        ("Pervez Musharraf", "PAK", "პერვეზ მუშარაფ"),
        ("Tsoy", "KAZ", "ცოი"),
        ("Shevardnadze", "GEO", "შევარდნაძე"),
        ("Khvicha Chkheidze", "GEO", "ხვიჩა ჩხეიძე"),
        ("Abdul-Rahman", "AFG", "აბდულ-რაჰმან"),
        ("Yusuf", "TJK", "იუსუფ"),
        ("Bhutto", "PAK", "ბჰუტო"),
    ],
)
def test_to_georgian_writes_as_clerks_do(latin, origin, written):
    assert to_georgian(latin, origin) == written


def test_to_georgian_knows_its_own_names_when_georgia_has_them():
    assert to_georgian("Tamaz QIPIANI", "TUR") == "თამაზ ყიფიანი"


@given(st.text("abcdefghijklmnopqrstuvwxyz -'.əşçğıöü"), st.sampled_from(ORIGINS))
def test_to_georgian_stays_in_its_script(latin, origin):
    written = to_georgian(latin, origin)
    assert re.fullmatch("[\u10d0-\u10f0 -]*", written)
    assert bool(written.strip()) == bool(re.search("[^ .'-]", latin))
