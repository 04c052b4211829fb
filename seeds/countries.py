"""How the banks write the names of countries: everyone in another way.

A bank's own words for the fifteen countries, in the order of ``MEMBERS``. The mappings hold the
same tables the other way round; a test compares the two.
"""

from collections.abc import Mapping
from types import MappingProxyType

MEMBERS = (
    "AFG", "AZE", "BGD", "GEO", "IND", "IRN", "KAZ", "KGZ", "LKA", "MDV", "NPL", "PAK", "TJK",
    "TUR", "UZB",
)  # fmt: skip


def _read(text: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(MEMBERS, text.split(), strict=True)))


ALPHA2 = _read("AF AZ BD GE IN IR KZ KG LK MV NP PK TJ TR UZ")
"""ISO 3166-1 alpha-2."""

NUMERIC = _read("004 031 050 268 356 364 398 417 144 462 524 586 762 792 860")
"""ISO 3166-1 numeric."""

DARI = _read(
    "افغانستان آذربایجان بنگلادش گرجستان هند ایران قزاقستان قرغیزستان سریلانکا مالدیف نیپال "
    "پاکستان تاجیکستان ترکیه ازبکستان"
)
PERSIAN = _read(
    "افغانستان آذربایجان بنگلادش گرجستان هند ایران قزاقستان قرقیزستان سری‌لانکا مالدیو نپال "
    "پاکستان تاجیکستان ترکیه ازبکستان"
)
GEORGIAN = _read(
    "ავღანეთი აზერბაიჯანი ბანგლადეში საქართველო ინდოეთი ირანი ყაზახეთი ყირგიზეთი შრი-ლანკა "
    "მალდივები ნეპალი პაკისტანი ტაჯიკეთი თურქეთი უზბეკეთი"
)
KYRGYZ = _read(
    "Ооганстан Азербайжан Бангладеш Грузия Индия Иран Казакстан Кыргызстан Шри-Ланка Мальдив "
    "Непал Пакистан Тажикстан Түркия Өзбекстан"
)
NEPALI = _read(
    "अफगानिस्तान अजरबैजान बङ्गलादेश जर्जिया भारत इरान कजाकस्तान किर्गिजस्तान श्रीलङ्का माल्दिभ्स "
    "नेपाल पाकिस्तान ताजिकिस्तान टर्की उज्बेकिस्तान"
)
HINDI = _read(
    "अफ़ग़ानिस्तान अज़रबैजान बांग्लादेश जॉर्जिया भारत ईरान कज़ाख़स्तान किर्गिज़स्तान श्रीलंका मालदीव "
    "नेपाल पाकिस्तान ताजिकिस्तान तुर्की उज़्बेकिस्तान"
)
RUSSIAN = _read(
    "Афганистан Азербайджан Бангладеш Грузия Индия Иран Казахстан Киргизия Шри-Ланка Мальдивы "
    "Непал Пакистан Таджикистан Турция Узбекистан"
)
ENGLISH = _read(
    "Afghanistan Azerbaijan Bangladesh Georgia India Iran_(Islamic_Republic_of) Kazakhstan "
    "Kyrgyzstan Sri_Lanka Maldives Nepal Pakistan Tajikistan Türkiye Uzbekistan"
)
"""As the lists of the United Nations write them; an underscore stands for a blank."""


def spell_english(country: str) -> str:
    """Return the English name of a country (ISO 3166-1 alpha-3)."""
    return ENGLISH[country].replace("_", " ")
