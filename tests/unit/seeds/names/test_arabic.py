"""Foreign names in Persian, Dari and Urdu, by hand-checked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.arabic import to_dari, to_persian, to_urdu
from seeds.names.registry import MEMBERS, lists_for

PERSIAN = "آاأبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤ\u200c"
ALPHABETS = {
    to_persian: PERSIAN,
    to_dari: PERSIAN,
    to_urdu: PERSIAN.replace("ه", "") + "ہھےٹڈڑں",
}
texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
latin = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABIYZçşğıöüəİ'ʻ -", max_size=30)
origins = st.sampled_from([*MEMBERS, "XXX"])


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Karimov", "UZB", "کریموف"),
        ("Mohammad", "AFG", "محمد"),
        ("Mukhamed", "KAZ", "محمد"),
        ("Rahmon", "TJK", "رحمان"),
        ("Abdul Ghani", "AFG", "عبدالغنی"),
        ("Jamshed", "TJK", "جمشید"),
        ("Baxtiyor", "UZB", "بختیار"),
        ("O'tkir", "UZB", "اوتکیر"),
        ("Shodi", "TJK", "شادی"),
        ("Çağlar", "TUR", "چاغلار"),
        ("Cemal", "TUR", "جمال"),
        ("Şahin", "TUR", "شاهین"),
        ("Aliyev", "AZE", "علی‌اف"),
        ("Huseynov", "AZE", "حسینوف"),
        ("Bakhtadze", "GEO", "باختادزه"),
        ("Zheenaliyev", "KGZ", "ژینالیف"),
        ("Bilal", "PAK", "بلال"),
        ("Zeeshan", "PAK", "زیشان"),
        ("Kumar", "IND", "کمار"),
        ("Ibrohimovich", "TJK", "ابراهیموویچ"),
        ("Md. Bilal", "BGD", "محمد بلال"),
        ("Ilgar", "AZE", "ایلگار"),
        ("Erkin", "KGZ", "ارکین"),
        ("Aigerim", "KAZ", "ایگریم"),
    ],
)
def test_to_persian_writes_long_vowels_and_drops_short_ones(name, origin, expected):
    assert to_persian(name, origin) == expected


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Erkin", "KGZ", "ایرکین"),
        ("Wasim", "PAK", "وسیم"),
        ("Hosseinzadeh", "IRN", "حسین‌زاده"),
        ("Nurgul", "KAZ", "نورگول"),
    ],
)
def test_to_dari_writes_the_initial_e_long(name, origin, expected):
    assert to_dari(name, origin) == expected


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Fatemeh", "IRN", "فاطمہ"),
        ("Najibullah", "AFG", "نجیب‌اللہ"),
        ("Bhushan", "IND", "بھشان"),
        ("Lakhan", "IND", "لکھان"),
        ("Thapa", "NPL", "تھپا"),
        ("Mahin", "IRN", "مہین"),
        ("Bakhtadze", "GEO", "باختادزہ"),
        ("Khalilov", "AZE", "خلیلوف"),
    ],
)
def test_to_urdu_uses_its_own_letters(name, origin, expected):
    assert to_urdu(name, origin) == expected


@pytest.mark.parametrize("write", ALPHABETS)
@given(text=st.one_of(texts, latin), origin=origins)
def test_output_has_only_letters_of_the_target(write, text, origin):
    assert set(write(text, origin)) <= set(ALPHABETS[write]) | {" "}


@pytest.mark.parametrize("write", ALPHABETS)
@pytest.mark.parametrize("member", MEMBERS)
def test_every_listed_name_gets_written(write, member):
    lists = lists_for(member)
    for part in (*lists.male, *lists.female, *lists.family):
        assert len(write(part.latin, member)) >= 2
