"""Foreign names in Russian, Kazakh, Kyrgyz and Tajik, by hand-checked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.cyrillic import to_kazakh, to_kyrgyz, to_russian, to_tajik
from seeds.names.registry import MEMBERS, lists_for

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {
    to_russian: RUSSIAN,
    to_kazakh: RUSSIAN + "әғқңөұүһі",
    to_kyrgyz: RUSSIAN + "ңөү",
    to_tajik: "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
}
texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
latin = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABIYZçşğıöüəİ'ʻ -", max_size=30)
origins = st.sampled_from([*MEMBERS, "XXX"])


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Yerlan Zhumabayev", "KAZ", "Ерлан Жумабаев"),
        ("Kassym", "KAZ", "Касым"),
        ("Kubanychbek Zheenaliyev", "KGZ", "Кубанычбек Жээналиев"),
        ("Erkin", "KGZ", "Эркин"),
        ("Jamshed Qodirov", "TJK", "Джамшед Кодиров"),
        ("O'tkir Yo'ldoshev", "UZB", "Уткир Юлдошев"),
        ("Xurshid Gʻaniyev", "UZB", "Хуршид Ганиев"),
        ("Əliyev Hüseyn", "AZE", "Алиев Гусейн"),
        ("Elchin Khalilov", "AZE", "Эльчин Халилов"),
        ("Qarayev Cavid", "AZE", "Караев Джавид"),
        ("Çağlar Yılmaz", "TUR", "Чаглар Йылмаз"),
        ("Özgür Ünal", "TUR", "Озгюр Юнал"),
        ("Recep İlker Işık", "TUR", "Реджеп Илькер Ышык"),
        ("Fatemeh Rezaei", "IRN", "Фатеме Резаи"),
        ("Najibullah Wardak", "AFG", "Наджибулла Вардак"),
        ("Zeeshan Khan", "PAK", "Зишан Хан"),
        ("Bhushan Lakhani", "IND", "Бхушан Лакхани"),
        ("Vidya", "IND", "Видья"),
        ("Tsereteli", "GEO", "Церетели"),
        ("Gabunia", "GEO", "Габуния"),
        ("Gokhan", "TUR", "Гокхан"),
        ("Yoosuf", "MDV", "Юсуф"),
        ("GULIYEVA", "AZE", "ГУЛИЕВА"),
        ("Ali-Reza", "IRN", "Али-Реза"),
    ],
)
def test_to_russian_follows_the_practical_transcription(name, origin, expected):
    assert to_russian(name, origin) == expected


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Turg'unov", "UZB", "Турғунов"),
        ("Qodirov", "TJK", "Қодиров"),
        ("Özgür", "TUR", "Өзгүр"),
        ("Əkbər", "AZE", "Әкбәр"),
        ("Lakshmi Singh", "IND", "Лакшми Сингх"),
    ],
)
def test_to_kazakh_uses_its_own_letters(name, origin, expected):
    assert to_kazakh(name, origin) == expected


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Özgür Gül", "TUR", "Өзгүр Гүл"),
        ("Jasur", "UZB", "Жасур"),
        ("Oʻrinov", "UZB", "Өринов"),
        ("Shyngys", "KAZ", "Шынгыс"),
        ("Tang", "XXX", "Таң"),
    ],
)
def test_to_kyrgyz_uses_its_own_letters(name, origin, expected):
    assert to_kyrgyz(name, origin) == expected


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Husayni", "IRN", "Ҳусайнӣ"),
        ("Ghulam Qasim", "AFG", "Ғулам Қасим"),
        ("Jafarov", "AZE", "Ҷафаров"),
        ("JAFAROV", "AZE", "ҶАФАРОВ"),
        ("Shcherbak", "KAZ", "Шчербак"),
        ("Oʻktam Yoʻldoshev", "UZB", "Ӯктам Йӯлдошев"),
        ("Yılmaz", "TUR", "Йилмаз"),
        ("Tsereteli", "GEO", "Тсеретелӣ"),
        ("Khalid", "PAK", "Халид"),
    ],
)
def test_to_tajik_uses_the_alphabet_of_1998(name, origin, expected):
    assert to_tajik(name, origin) == expected


@pytest.mark.parametrize("write", ALPHABETS)
@given(text=st.one_of(texts, latin), origin=origins)
def test_output_has_only_letters_of_the_target(write, text, origin):
    assert set(write(text, origin).lower()) <= set(ALPHABETS[write]) | set(" -")


@pytest.mark.parametrize("write", ALPHABETS)
@pytest.mark.parametrize("member", MEMBERS)
def test_every_listed_name_gets_written(write, member):
    lists = lists_for(member)
    for part in (*lists.male, *lists.female, *lists.family):
        assert len(write(part.latin, member)) >= 2
