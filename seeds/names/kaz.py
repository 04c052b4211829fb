"""Names of Kazakhstan, in Kazakh Cyrillic.

Families are inflected (-ov/-ova) or, among the young, a bare name; patronymics are in
-ovich/-ovna or in -uly/-kyzy, and missing for a part of the people.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, read_parts
from seeds.names.soviet import inflect_families, name_father

_MALE = """
Nursultan=Нұрсұлтан, Yerlan=Ерлан, Serik=Серік, Berik=Берік, Daulet=Дәулет, Dauren=Дәурен,
Nurlan=Нұрлан, Nurzhan=Нұржан, Marat=Марат, Askar=Асқар, Askhat=Асхат, Aidar=Айдар, Aidos=Айдос,
Aibek=Айбек, Almas=Алмас, Alibek=Әлібек, Alikhan=Әлихан, Aliaskar=Әлиасқар, Anuar=Әнуар,
Arman=Арман, Asan=Асан, Azamat=Азамат, Abai=Абай, Bakhyt=Бақыт, Bakytzhan=Бақытжан,
Bauyrzhan=Бауыржан, Baurzhan=Бауржан, Beibit=Бейбіт, Bolat=Болат, Kanat=Қанат, Kairat=Қайрат,
Kazybek=Қазыбек, Kuanysh=Қуаныш, Karim=Кәрім, Medet=Медет, Murat=Мұрат, Mukhtar=Мұхтар,
Mukhamed=Мұхамед, Madi=Мәди, Maksat=Мақсат, Nurbol=Нұрбол, Nurtas=Нұртас, Olzhas=Олжас,
Oraz=Ораз, Ramazan=Рамазан, Rustem=Рүстем, Rakhat=Рахат, Rauan=Рауан, Ruslan=Руслан,
Sabit=Сәбит, Saken=Сәкен, Samat=Самат, Sanzhar=Санжар, Sultan=Сұлтан, Syrym=Сырым,
Talgat=Талғат, Timur=Тимур, Temirlan=Темірлан, Tolegen=Төлеген, Turar=Тұрар, Yerbol=Ербол,
Yermek=Ермек, Yerzhan=Ержан, Yerkin=Еркін, Yeldos=Елдос, Zhandos=Жандос, Zhanibek=Жәнібек,
Zhasulan=Жасұлан, Zhomart=Жомарт, Shyngys=Шыңғыс, Shokan=Шоқан, Galym=Ғалым, Gabit=Ғабит,
Dastan=Дастан, Dias=Диас, Ilyas=Ілияс, Isa=Иса, Kassym=Қасым, Meirzhan=Мейіржан, Adil=Әділ,
Amir=Әмір, Ablai=Абылай, Islam=Ислам, Oral=Орал
"""

_FEMALE = """
Aigul=Айгүл, Ainur=Айнұр, Aizhan=Айжан, Aida=Аида, Aigerim=Айгерім, Ainagul=Айнагүл, Aliya=Әлия,
Alma=Алма, Altynai=Алтынай, Aruzhan=Аружан, Asem=Әсем, Assel=Әсел, Aisulu=Айсұлу, Ayazhan=Аяжан,
Akbota=Ақбота, Akmaral=Ақмарал, Akerke=Ақерке, Bakhytgul=Бақытгүл, Balzhan=Балжан, Bayan=Баян,
Bibigul=Бибігүл, Botagoz=Ботагөз, Dana=Дана, Dinara=Динара, Diana=Диана, Gaukhar=Гауһар,
Gulnar=Гүлнар, Gulnara=Гүлнара, Gulmira=Гүлмира, Gulzhan=Гүлжан, Gulsim=Гүлсім, Gulshat=Гүлшат,
Indira=Индира, Kamila=Камила, Kamshat=Қамшат, Karlygash=Қарлығаш, Kuralai=Құралай,
Kunsulu=Күнсұлу, Laura=Лаура, Leila=Ләйла, Lyazzat=Ләззат, Madina=Мадина, Maira=Майра,
Makpal=Мақпал, Manshuk=Мәншүк, Mariyam=Мәриям, Meruert=Меруерт, Moldir=Мөлдір, Nazgul=Назгүл,
Nazym=Назым, Nurgul=Нұргүл, Nurila=Нұрила, Perizat=Перизат, Raushan=Раушан, Roza=Роза,
Sabina=Сабина, Saltanat=Салтанат, Samal=Самал, Saule=Сәуле, Saya=Сая, Sholpan=Шолпан,
Shynar=Шынар, Symbat=Сымбат, Togzhan=Тоғжан, Tolganai=Толғанай, Ulbolsyn=Ұлболсын, Umit=Үміт,
Zarina=Зарина, Zhanar=Жанар, Zhanna=Жанна, Zhansaya=Жансая, Zhibek=Жібек, Zhuldyz=Жұлдыз,
Zere=Зере
"""

_FAMILY = """
Abdrakhmanov=Абдрахманов, Abdullayev=Абдуллаев, Abenov=Әбенов, Abishev=Әбішев, Akhmetov=Ахметов,
Aitbayev=Айтбаев, Aliyev=Әлиев, Alimbekov=Әлімбеков, Alpysbayev=Алпысбаев,
Altynbekov=Алтынбеков, Amanzholov=Аманжолов, Amangeldiyev=Амангелдиев, Askarov=Асқаров,
Aubakirov=Әубәкіров, Baimukhanov=Баймұханов, Baizhanov=Байжанов, Baigaliyev=Байғалиев,
Baitursynov=Байтұрсынов, Bekmukhambetov=Бекмұхамбетов, Bektemirov=Бектеміров, Bekturov=Бектұров,
Bekzhanov=Бекжанов, Berdibekov=Бердібеков, Bolatov=Болатов, Daribayev=Дәрібаев,
Dauletov=Дәулетов, Dosanov=Досанов, Doszhanov=Досжанов, Duisenov=Дүйсенов,
Dzhumabekov=Джумабеков, Dzhaksybekov=Джаксыбеков, Galiyev=Ғалиев, Ibrayev=Ибраев,
Ibragimov=Ибрагимов, Iskakov=Ысқақов, Ismailov=Исмаилов, Kabdolov=Қабдолов, Kaliyev=Қалиев,
Kassenov=Қасенов, Kassymov=Қасымов, Kenzhebekov=Кенжебеков, Kenzhegaliyev=Кенжеғалиев,
Khamitov=Хамитов, Khassenov=Хасенов, Konysbayev=Қонысбаев, Kozhakhmetov=Қожахметов,
Kudaibergenov=Құдайбергенов, Kulmagambetov=Құлмағамбетов, Kurmangaliyev=Құрманғалиев,
Kussainov=Құсайынов, Mamyrov=Мамыров, Mukanov=Мұқанов, Mukhamediyarov=Мұхамедияров,
Mukashev=Мұқашев, Muratov=Мұратов, Mussin=Мусин, Mustafin=Мұстафин, Myrzakhmetov=Мырзахметов,
Myrzabekov=Мырзабеков, Nurgaliyev=Нұрғалиев, Nurmagambetov=Нұрмағамбетов,
Nurmukhamedov=Нұрмұхамедов, Nurpeisov=Нұрпейісов, Nurtayev=Нұртаев, Nurzhanov=Нұржанов,
Omarov=Омаров, Ongarov=Оңғаров, Orazbayev=Оразбаев, Ospanov=Оспанов, Rakhimov=Рахимов,
Rakhmetov=Рахметов, Rakishev=Рақышев, Sabitov=Сәбитов, Sadykov=Садықов, Sagyndykov=Сағындықов,
Saparov=Сапаров, Sarsenov=Сәрсенов, Sarsembayev=Сәрсембаев, Satybaldiyev=Сатыбалдиев,
Seitov=Сейітов, Seitkaliyev=Сейітқалиев, Serikbayev=Серікбаев, Shaimerdenov=Шаймерденов,
Shakirov=Шәкіров, Suleimenov=Сүлейменов, Sultanov=Сұлтанов, Sultanbekov=Сұлтанбеков,
Suyunbayev=Сүйінбаев, Tasmagambetov=Тасмағамбетов, Temirbekov=Темірбеков, Tleubayev=Тілеубаев,
Togzhanov=Тоғжанов, Toktarov=Тоқтаров, Tulegenov=Төлегенов, Tursunov=Тұрсынов, Umarov=Умаров,
Utegenov=Өтегенов, Utepov=Өтепов, Yermekov=Ермеков, Yessenov=Есенов, Yesimov=Есімов,
Zhakupov=Жақыпов, Zhanuzakov=Жаңұзақов, Zhumabayev=Жұмабаев, Zhumagulov=Жұмағұлов,
Zhunusov=Жүнісов, Zhussupov=Жүсіпов, Zhylkaidarov=Жылқайдаров
"""

NAMES = NameLists(
    member="KAZ",
    script="Cyrl",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
    family_female=inflect_families(read_parts(_FAMILY)),
)

_NO_PATRONYMIC_SHARE = 0.2
_KAZAKH_STYLE_SHARE = 0.35
_BARE_FAMILY_SHARE = 0.15
_KAZAKH_ENDINGS = {"M": Part("ұлы", "uly"), "F": Part("қызы", "kyzy")}


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw family, given name and, for most of the people, a patronymic."""
    is_male = sex == "M"
    given = draw(rng, NAMES.male if is_male else NAMES.female)
    if rng.random() < _BARE_FAMILY_SHARE:
        family = draw(rng, NAMES.male, unlike=given)
    else:
        family = draw(rng, NAMES.family if is_male else NAMES.family_female)
    patronymic = _draw_patronymic(rng, sex)
    return FullName(given, patronymic, family, None, NAMES.script, sex, NAMES.member)


def _draw_patronymic(rng: random.Random, sex: str) -> Part | None:
    if rng.random() < _NO_PATRONYMIC_SHARE:
        return None
    father = draw(rng, NAMES.male)
    if rng.random() >= _KAZAKH_STYLE_SHARE:
        return name_father(father, sex)
    ending = _KAZAKH_ENDINGS[sex]
    return Part(father.local + ending.local, father.latin + ending.latin)
