"""Cities of the members, as their own people and as passports write them.

Five large cities a member: a birth place is a weak field, it only has to be plausible.
"""

from collections.abc import Mapping
from types import MappingProxyType

from seeds.names.model import Part
from seeds.names.pairs import read_parts

_CITIES = {
    "AFG": "Kabul=کابل, Herat=هرات, Kandahar=قندهار, Mazar-i-Sharif=مزارشریف, Kunduz=کندز",
    "AZE": "Baku=Bakı, Ganja=Gəncə, Sumgait=Sumqayıt, Lankaran=Lənkəran, Shaki=Şəki",
    "BGD": "Dhaka=ঢাকা, Chattogram=চট্টগ্রাম, Khulna=খুলনা, Sylhet=সিলেট, Rajshahi=রাজশাহী",
    "GEO": "Tbilisi=თბილისი, Batumi=ბათუმი, Kutaisi=ქუთაისი, Rustavi=რუსთავი, Gori=გორი",
    "IND": "Delhi=दिल्ली, Mumbai=मुंबई, Lucknow=लखनऊ, Jaipur=जयपुर, Patna=पटना",
    "IRN": "Tehran=تهران, Mashhad=مشهد, Tabriz=تبریز, Shiraz=شیراز, Zahedan=زاهدان",
    "KAZ": "Astana=Астана, Almaty=Алматы, Shymkent=Шымкент, Aktobe=Ақтөбе, Atyrau=Атырау",
    "KGZ": "Bishkek=Бишкек, Osh=Ош, Jalal-Abad=Жалал-Абад, Karakol=Каракол, Naryn=Нарын",
    "LKA": "Colombo=කොළඹ, Kandy=මහනුවර, Galle=ගාල්ල, Jaffna=යාපනය, Matara=මාතර",
    "MDV": "Male=މާލެ, Addu=އައްޑޫ, Fuvahmulah=ފުވައްމުލައް, Kulhudhuffushi=ކުޅުދުއްފުށި, Hulhumale=ހުޅުމާލެ",
    "NPL": "Kathmandu=काठमाडौं, Pokhara=पोखरा, Lalitpur=ललितपुर, Biratnagar=विराटनगर, Birgunj=वीरगञ्ज",
    "PAK": "Karachi=کراچی, Lahore=لاہور, Peshawar=پشاور, Quetta=کوئٹہ, Multan=ملتان",
    "TJK": "Dushanbe=Душанбе, Khujand=Хуҷанд, Kulob=Кӯлоб, Bokhtar=Бохтар, Khorugh=Хоруғ",
    "TUR": "Ankara=Ankara, Istanbul=İstanbul, Izmir=İzmir, Gaziantep=Gaziantep, Adana=Adana",
    "UZB": "Tashkent=Toshkent, Samarkand=Samarqand, Bukhara=Buxoro, Nukus=Nukus, Fergana=Fargʻona",
}  # fmt: skip

CITIES: Mapping[str, tuple[Part, ...]] = MappingProxyType(
    {member: read_parts(text) for member, text in _CITIES.items()}
)


def find_city(member: str, number: int) -> Part:
    """Return one of a member's cities; any number is taken modulo their count."""
    cities = CITIES[member]
    return cities[number % len(cities)]
