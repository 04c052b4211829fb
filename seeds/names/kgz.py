"""Names of Kyrgyzstan, in Kyrgyz Cyrillic.

Families are inflected (-ov/-ova), patronymics are in -ovich/-ovna. A part of the people has the
father's name with uulu (son) or kyzy (daughter) in the family field and no patronymic.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, join_parts, read_parts
from seeds.names.soviet import inflect_families, name_father

_MALE = """
Azamat=Азамат, Aibek=Айбек, Akyl=Акыл, Almaz=Алмаз, Almazbek=Алмазбек, Altynbek=Алтынбек,
Anarbek=Анарбек, Arstan=Арстан, Asan=Асан, Askar=Аскар, Asylbek=Асылбек, Atai=Атай, Bakyt=Бакыт,
Bakytbek=Бакытбек, Baktybek=Бактыбек, Beishen=Бейшен, Bekbolot=Бекболот, Bolot=Болот,
Bolotbek=Болотбек, Chyngyz=Чыңгыз, Daniyar=Данияр, Dastan=Дастан, Doolot=Дөөлөт, Emil=Эмил,
Erkin=Эркин, Ermek=Эрмек, Erlan=Эрлан, Esen=Эсен, Ilyas=Илияс, Islam=Ислам, Iskender=Искендер,
Zhakyp=Жакып, Zhanybek=Жаныбек, Zhenish=Жеңиш, Zhoomart=Жоомарт, Zholdosh=Жолдош,
Zhumabek=Жумабек, Zhyrgal=Жыргал, Kadyr=Кадыр, Kairat=Кайрат, Kanat=Канат, Kanybek=Каныбек,
Keldibek=Келдибек, Kubanych=Кубаныч, Kubat=Кубат, Kurman=Курман, Maksat=Максат, Manas=Манас,
Marat=Марат, Medet=Медет, Melis=Мелис, Mirlan=Мирлан, Murat=Мурат, Myktybek=Мыктыбек,
Nurbek=Нурбек, Nurlan=Нурлан, Nursultan=Нурсултан, Nurzhan=Нуржан, Omurbek=Өмүрбек,
Orozbek=Орозбек, Osmon=Осмон, Ravshan=Равшан, Rysbek=Рысбек, Sagyn=Сагын, Samat=Самат,
Sanzhar=Санжар, Sharshen=Шаршен, Semetei=Семетей, Suyun=Сүйүн, Syimyk=Сыймык, Taalai=Таалай,
Talant=Талант, Talas=Талас, Temir=Темир, Temirlan=Темирлан, Tilek=Тилек, Toktogul=Токтогул,
Tolon=Төлөн, Turat=Турат, Tynchtyk=Тынчтык, Ulan=Улан, Ulukbek=Улукбек, Urmat=Урмат, Uson=Үсөн,
Ybrai=Ыбрай
"""

_FEMALE = """
Aigul=Айгүл, Aida=Аида, Aigerim=Айгерим, Aizada=Айзада, Aizhan=Айжан, Ainura=Айнура,
Ainagul=Айнагүл, Aisuluu=Айсулуу, Akylai=Акылай, Altynai=Алтынай, Anara=Анара, Asel=Асел,
Asyl=Асыл, Aichurok=Айчүрөк, Baktygul=Бактыгүл, Begimai=Бегимай, Bermet=Бермет, Burul=Бурул,
Burulai=Бурулай, Cholpon=Чолпон, Chynara=Чынара, Damira=Дамира, Dinara=Динара, Elmira=Элмира,
Elnura=Элнура, Elvira=Эльвира, Erkingul=Эркингүл, Gulbarchyn=Гүлбарчын, Gulmira=Гүлмира,
Gulnara=Гүлнара, Gulnaz=Гүлназ, Gulsaira=Гүлсайра, Gulzat=Гүлзат, Gulzhamal=Гүлжамал,
Indira=Индира, Zhamilya=Жамийла, Zhanyl=Жаңыл, Zhazgul=Жазгүл, Zhibek=Жибек, Zhyldyz=Жылдыз,
Kalima=Калима, Kanykei=Каныкей, Kunduz=Кундуз, Kymbat=Кымбат, Maral=Марал, Mairam=Майрам,
Meerim=Мээрим, Nazgul=Назгүл, Nazira=Назира, Nargiza=Наргиза, Nurgul=Нургүл, Nurzat=Нурзат,
Nuraiym=Нурайым, Perizat=Перизат, Rahat=Рахат, Roza=Роза, Saikal=Сайкал, Saltanat=Салтанат,
Samara=Самара, Syrga=Сырга, Tolgonai=Толгонай, Totugul=Тотугүл, Toktobubu=Токтобүбү, Umut=Үмүт,
Uulzhan=Уулжан, Venera=Венера, Zamira=Замира, Zarina=Зарина, Zeinep=Зейнеп
"""

_FAMILY = """
Abakirov=Абакиров, Abdrakhmanov=Абдрахманов, Abdyldayev=Абдылдаев, Abdykadyrov=Абдыкадыров,
Abdykerimov=Абдыкеримов, Abylgaziyev=Абылгазиев, Aidaraliyev=Айдаралиев, Aitbayev=Айтбаев,
Akmatov=Акматов, Aliyev=Алиев, Alymbekov=Алымбеков, Alymkulov=Алымкулов, Amanbayev=Аманбаев,
Asanov=Асанов, Asanbekov=Асанбеков, Asanaliyev=Асаналиев, Askarov=Аскаров, Atambekov=Атамбеков,
Baialinov=Баялинов, Baigaziyev=Байгазиев, Bakirov=Бакиров, Baltabayev=Балтабаев, Bapayev=Бапаев,
Bazarbayev=Базарбаев, Beishenaliyev=Бейшеналиев, Beishenov=Бейшенов, Bekbolotov=Бекболотов,
Beknazarov=Бекназаров, Boronov=Боронов, Chodurov=Чодуров, Chokoyev=Чокоев, Chynybayev=Чыныбаев,
Duishenaliyev=Дүйшөналиев, Duishenbiyev=Дүйшөнбиев, Duisheyev=Дүйшеев, Eshimkanov=Эшимканов,
Esenaliyev=Эсеналиев, Esenkulov=Эсенкулов, Ibraimov=Ибраимов, Imanaliyev=Иманалиев,
Isakov=Исаков, Ismailov=Исмаилов, Zhakypov=Жакыпов, Zhanaliyev=Жаналиев, Zheenaliyev=Жээналиев,
Zholdoshev=Жолдошев, Zhoroyev=Жороев, Zhumabayev=Жумабаев, Zhumagulov=Жумагулов,
Zhumakadyrov=Жумакадыров, Zhusupov=Жусупов, Kadyrov=Кадыров, Kadyraliyev=Кадыралиев,
Kalmatov=Калматов, Karypov=Карыпов, Kasymov=Касымов, Kasymaliyev=Касымалиев,
Kenenbayev=Кененбаев, Kerimov=Керимов, Kerimbekov=Керимбеков, Kozhobekov=Кожобеков,
Kozhoshev=Кожошев, Kulmatov=Кулматов, Kurmanov=Курманов, Kurmanbekov=Курманбеков,
Kydyrov=Кыдыров, Kydyraliyev=Кыдыралиев, Mamatov=Маматов, Mamytov=Мамытов, Mamyrov=Мамыров,
Matkarimov=Маткаримов, Moldobayev=Молдобаев, Moldokulov=Молдокулов, Murataliyev=Мураталиев,
Mambetov=Мамбетов, Mambetaliyev=Мамбеталиев, Nazarov=Назаров, Nurmatov=Нурматов,
Omurbekov=Өмүрбеков, Omuraliyev=Өмүралиев, Orozaliyev=Орозалиев, Orozbekov=Орозбеков,
Osmonov=Осмонов, Osmonaliyev=Осмоналиев, Rakhmanov=Рахманов, Ryskulov=Рыскулов,
Sagynbayev=Сагынбаев, Saparbayev=Сапарбаев, Sarygulov=Сарыгулов, Satybaldiyev=Сатыбалдиев,
Shamshiyev=Шамшиев, Sultanaliyev=Султаналиев, Sydykov=Сыдыков, Sydygaliyev=Сыдыгалиев,
Temiraliyev=Темиралиев, Temirbekov=Темирбеков, Toktobekov=Токтобеков, Toktogulov=Токтогулов,
Toktosunov=Токтосунов, Toktomushev=Токтомушев, Turdubayev=Турдубаев, Tursunov=Турсунов,
Usenov=Үсөнов, Usubaliyev=Үсүбалиев, Ysmanov=Ысманов
"""

NAMES = NameLists(
    member="KGZ",
    script="Cyrl",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
    family_female=inflect_families(read_parts(_FAMILY)),
)

_FATHER_FAMILY_SHARE = 0.22
_NO_PATRONYMIC_SHARE = 0.15
_FATHER_WORDS = {"M": Part("уулу", "uulu"), "F": Part("кызы", "kyzy")}


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw family, given name and patronymic, or the father's name with uulu or kyzy."""
    is_male = sex == "M"
    given = draw(rng, NAMES.male if is_male else NAMES.female)
    father = draw(rng, NAMES.male, unlike=given)
    family = draw(rng, NAMES.family if is_male else NAMES.family_female)
    patronymic = name_father(father, sex) if rng.random() >= _NO_PATRONYMIC_SHARE else None
    if rng.random() < _FATHER_FAMILY_SHARE:
        family, patronymic = join_parts(father, _FATHER_WORDS[sex]), None
    return FullName(given, patronymic, family, None, NAMES.script, sex, NAMES.member)
