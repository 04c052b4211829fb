"""Names of Tajikistan, in Tajik Cyrillic.

The older carry a family in -ov/-ova and a patronymic in -ovich/-ovna; the younger a family in
-zoda, -i or the father's bare name, and a patronymic in -zod or -dukht or none.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, read_parts
from seeds.names.soviet import inflect_families, name_father

_MALE = """
Abdullo=Абдулло, Abdurahmon=Абдураҳмон, Abdurahim=Абдураҳим, Abdujabbor=Абдуҷаббор, Akbar=Акбар,
Akmal=Акмал, Alisher=Алишер, Amin=Амин, Amir=Амир, Anvar=Анвар, Asad=Асад, Aziz=Азиз,
Bahodur=Баҳодур, Bahrom=Баҳром, Bakhtiyor=Бахтиёр, Bakhrom=Бахром, Behruz=Беҳрӯз,
Bobojon=Бобоҷон, Daler=Далер, Davlat=Давлат, Davron=Даврон, Dilovar=Диловар, Dilshod=Дилшод,
Ehson=Эҳсон, Farhod=Фарҳод, Farrukh=Фаррух, Faridun=Фаридун, Fayzullo=Файзулло, Firdavs=Фирдавс,
Firuz=Фирӯз, Habib=Ҳабиб, Hafiz=Ҳафиз, Hakim=Ҳаким, Hamid=Ҳамид, Hasan=Ҳасан, Husayn=Ҳусайн,
Homid=Ҳомид, Ibrohim=Иброҳим, Ilhom=Илҳом, Islom=Ислом, Ismoil=Исмоил, Jahongir=Ҷаҳонгир,
Jamshed=Ҷамшед, Javohir=Ҷавоҳир, Jovid=Ҷовид, Jurabek=Ҷӯрабек, Kamol=Камол, Karim=Карим,
Komron=Комрон, Khurshed=Хуршед, Khayrullo=Хайрулло, Latif=Латиф, Mahmud=Маҳмуд,
Manuchehr=Манучеҳр, Mehrob=Меҳроб, Muhammad=Муҳаммад, Murod=Мурод, Muso=Мӯсо, Nazar=Назар,
Nozim=Нозим, Nuriddin=Нуриддин, Orzu=Орзу, Parviz=Парвиз, Qodir=Қодир, Qurbon=Қурбон,
Rahim=Раҳим, Rahmon=Раҳмон, Rajab=Раҷаб, Ravshan=Равшан, Rustam=Рустам, Safar=Сафар, Said=Саид,
Salim=Салим, Saidjon=Саидҷон, Sherali=Шералӣ, Shodi=Шодӣ, Sharif=Шариф, Sino=Сино,
Siyovush=Сиёвуш, Somon=Сомон, Suhrob=Суҳроб, Tohir=Тоҳир, Umed=Умед, Usmon=Усмон, Yusuf=Юсуф,
Zafar=Зафар, Zarif=Зариф, Ghafur=Ғафур, Ghayrat=Ғайрат
"""

_FEMALE = """
Adiba=Адиба, Aziza=Азиза, Anora=Анора, Bahor=Баҳор, Bibigul=Бибигул, Bunafsha=Бунафша,
Dilafruz=Дилафрӯз, Dilbar=Дилбар, Dilnoza=Дилноза, Dilorom=Дилором, Farangis=Фарангис,
Farida=Фарида, Farzona=Фарзона, Firuza=Фирӯза, Fotima=Фотима, Gulandom=Гуландом,
Gulchehra=Гулчеҳра, Gulnora=Гулнора, Gulrukhsor=Гулрухсор, Gulsara=Гулсара, Habiba=Ҳабиба,
Hafiza=Ҳафиза, Halima=Ҳалима, Hanifa=Ҳанифа, Husniya=Ҳусния, Jamila=Ҷамила, Karima=Карима,
Latofat=Латофат, Lola=Лола, Lutfiya=Лутфия, Madina=Мадина, Mahbuba=Маҳбуба, Mahina=Маҳина,
Malika=Малика, Malohat=Малоҳат, Manizha=Манижа, Maryam=Марям, Mavzuna=Мавзуна,
Mehrangez=Меҳрангез, Mijgona=Миҷгона, Mohira=Моҳира, Munira=Мунира, Muhabbat=Муҳаббат,
Nargis=Наргис, Nasiba=Насиба, Nigina=Нигина, Nigora=Нигора, Nilufar=Нилуфар, Nozanin=Нозанин,
Oisha=Оиша, Parvina=Парвина, Rayhon=Райҳон, Rukhshona=Рухшона, Ruzigul=Рӯзигул, Sabohat=Сабоҳат,
Sadbarg=Садбарг, Safiya=Сафия, Saodat=Саодат, Shabnam=Шабнам, Shahlo=Шаҳло, Shahnoza=Шаҳноза,
Shirin=Ширин, Sitora=Ситора, Surayyo=Сурайё, Takhmina=Тахмина, Tahmina=Таҳмина, Zamira=Замира,
Zarina=Зарина, Zebo=Зебо, Zuhro=Зӯҳро, Zulaykho=Зулайхо, Zulfiya=Зулфия
"""

_FAMILY = """
Abdulloev=Абдуллоев, Abdurahmonov=Абдураҳмонов, Ahmadov=Аҳмадов, Alimov=Алимов, Aminov=Аминов,
Amonov=Амонов, Asoev=Асоев, Azimov=Азимов, Azizov=Азизов, Boboev=Бобоев, Bobojonov=Бобоҷонов,
Boqiev=Боқиев, Davlatov=Давлатов, Davlatzoda=Давлатзода, Ergashev=Эргашев,
Fayzulloev=Файзуллоев, Ghafurov=Ғафуров, Ghafurzoda=Ғафурзода, Ghaniev=Ғаниев, Ghoibov=Ғоибов,
Gulov=Гулов, Habibov=Ҳабибов, Habibulloev=Ҳабибуллоев, Haydarov=Ҳайдаров, Hakimov=Ҳакимов,
Hakimi=Ҳакимӣ, Hamidov=Ҳамидов, Hasanov=Ҳасанов, Hasanzoda=Ҳасанзода, Kholmatov=Холматов,
Kholiqov=Холиқов, Husaynov=Ҳусайнов, Husaynzoda=Ҳусайнзода, Ibrohimov=Иброҳимов,
Ibrohimzoda=Иброҳимзода, Islomov=Исломов, Ismoilov=Исмоилов, Jabborov=Ҷабборов, Jalilov=Ҷалилов,
Jalolov=Ҷалолов, Jurabekov=Ҷӯрабеков, Juraev=Ҷӯраев, Kabirov=Кабиров, Kamolov=Камолов,
Karimov=Каримов, Karimi=Каримӣ, Karimzoda=Каримзода, Khojaev=Хоҷаев, Khudoyorov=Худоёров,
Kholov=Холов, Latifov=Латифов, Mahmadov=Маҳмадов, Mahmudov=Маҳмудов, Mahmudzoda=Маҳмудзода,
Mirzoev=Мирзоев, Mirzozoda=Мирзозода, Muhammadiev=Муҳаммадиев, Muminov=Мӯминов, Murodov=Муродов,
Musoev=Мусоев, Nabiev=Набиев, Nazarov=Назаров, Nazarzoda=Назарзода, Nazriev=Назриев,
Nematov=Неъматов, Norov=Норов, Nurov=Нуров, Odinaev=Одинаев, Olimov=Олимов, Oripov=Орипов,
Orzuev=Орзуев, Pirov=Пиров, Pulodov=Пӯлодов, Qodirov=Қодиров, Qodiri=Қодирӣ, Qosimov=Қосимов,
Qosimi=Қосимӣ, Qurbonov=Қурбонов, Qurbonzoda=Қурбонзода, Rahimov=Раҳимов, Rahimi=Раҳимӣ,
Rahimzoda=Раҳимзода, Rahmatov=Раҳматов, Rajabov=Раҷабов, Rajabzoda=Раҷабзода, Rasulov=Расулов,
Rasulzoda=Расулзода, Rustamov=Рустамов, Ruziev=Рӯзиев, Saidov=Саидов, Saidzoda=Саидзода,
Salimov=Салимов, Sangov=Сангов, Sattorov=Сатторов, Sharifov=Шарифов, Sharifzoda=Шарифзода,
Sharipov=Шарипов, Shoev=Шоев, Sodiqov=Содиқов, Solehov=Солеҳов, Sultonov=Султонов,
Toirov=Тоиров, Umarov=Умаров, Usmonov=Усмонов, Valiev=Валиев, Yodgorov=Ёдгоров, Yusufov=Юсуфов,
Zaripov=Зарипов, Zoirov=Зоиров
"""

NAMES = NameLists(
    member="TJK",
    script="Cyrl",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
    family_female=inflect_families(read_parts(_FAMILY)),
)

_YOUNG_SHARE = 0.35
_NO_PATRONYMIC_SHARE = 0.5
_NEW_ENDINGS = {"M": Part("зод", "zod"), "F": Part("духт", "dukht")}
_NEW_FAMILIES = tuple(family for family in NAMES.family if not family.latin.endswith("v"))


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw a name in the older or, for a third of the people, in the newer style."""
    is_male = sex == "M"
    given = draw(rng, NAMES.male if is_male else NAMES.female)
    father = draw(rng, NAMES.male, unlike=given)
    if rng.random() < _YOUNG_SHARE:
        family = draw(rng, NAMES.male if rng.random() < _NO_PATRONYMIC_SHARE else _NEW_FAMILIES)
        patronymic = _name_father_anew(rng, father, sex)
    else:
        family = draw(rng, NAMES.family if is_male else NAMES.family_female)
        patronymic = name_father(father, sex)
    return FullName(given, patronymic, family, None, NAMES.script, sex, NAMES.member)


def _name_father_anew(rng: random.Random, father: Part, sex: str) -> Part | None:
    if rng.random() < _NO_PATRONYMIC_SHARE:
        return None
    ending = _NEW_ENDINGS[sex]
    return Part(father.local + ending.local, father.latin + ending.latin)
