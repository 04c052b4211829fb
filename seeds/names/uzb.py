"""Names of Uzbekistan, in Uzbek Latin, with the Cyrillic form of the same names.

Families are inflected (-ov/-ova); patronymics are in -ovich/-ovna for the older, with oʻgʻli or
qizi for the younger, and missing for some. Passports print a plain apostrophe in O' and G'.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, read_parts
from seeds.names.respell import compile_rules, respell
from seeds.names.soviet import inflect_families, name_father_latin

_MALE = """
Abdulla, Abdurahmon, Abdurashid, Abdulaziz, Abror, Adham, Akbar, Akmal, Akrom, Alisher, Anvar,
Asad, Asror, Aziz, Azamat, Bahodir, Bahrom, Baxtiyor, Bekzod, Behzod, Botir, Bobur, Davron,
Davlat, Dilmurod, Dilshod, Doniyor, Elyor, Erkin, Farhod, Farrux, Fayzulla, Firdavs, Furqat,
Gʻayrat, Gʻani, Gʻofur, Hamid, Hasan, Husan, Hikmat, Ibrohim, Ikrom, Ilhom, Islom, Ismoil,
Jahongir, Jamshid, Jasur, Javlon, Joʻrabek, Kamol, Karim, Komil, Laziz, Lutfulla, Mahmud,
Mansur, Mirzo, Muhammad, Murod, Muzaffar, Nodir, Nosir, Odil, Olim, Otabek, Oybek, Oʻktam,
Oʻtkir, Qahramon, Qodir, Rahim, Rahmat, Ravshan, Rustam, Sanjar, Sardor, Sarvar, Shavkat,
Sherzod, Shuhrat, Sobir, Sodiq, Sultonbek, Tohir, Toʻlqin, Turgʻun, Ulugʻbek, Umid, Usmon,
Vohid, Xurshid, Yoʻldosh, Yusuf, Zafar, Ziyod, Zokir
"""

_FEMALE = """
Adiba, Aziza, Barno, Charos, Dilafroʻz, Dilbar, Dildora, Dilfuza, Dilnoza, Dilorom, Dilshoda,
Durdona, Farangiz, Farida, Feruza, Gavhar, Gulbahor, Gulchehra, Gulnora, Gulnoza, Gulsanam,
Hafiza, Halima, Hilola, Hulkar, Iroda, Kamola, Karima, Kumush, Lobar, Lola, Madina, Mahliyo,
Malika, Malohat, Manzura, Maftuna, Mavluda, Mohira, Mohinur, Muhabbat, Munira, Munisa, Muqaddas,
Muslima, Nafisa, Nargiza, Nasiba, Nigora, Nilufar, Nodira, Nozima, Oydin, Oygul, Oʻgʻiloy,
Ozoda, Rayhon, Raʼno, Robiya, Ruxsora, Sabohat, Saida, Saodat, Sevara, Shahlo, Shahnoza,
Shahzoda, Shoira, Surayyo, Tursunoy, Umida, Xadicha, Xurshida, Yulduz, Zarina, Zebo, Zilola,
Ziyoda, Zuhra, Zulfiya
"""

_FAMILY = """
Abdullayev, Abdurahmonov, Abduvaliyev, Ahmedov, Aliyev, Alimov, Aminov, Azimov, Boboyev,
Bozorov, Boʻriyev, Botirov, Choriyev, Davronov, Doniyorov, Egamberdiyev, Ergashev, Eshmatov,
Fayziyev, Fozilov, Gʻaniyev, Gʻofurov, Gʻulomov, Hakimov, Hamidov, Hamroyev, Hasanov, Haydarov,
Ibrohimov, Islomov, Ismoilov, Isroilov, Joʻrayev, Jabborov, Jalilov, Kamolov, Karimov, Kenjayev,
Komilov, Latipov, Mahmudov, Mamatov, Mansurov, Mirzayev, Moʻminov, Muhammadiyev, Murodov,
Musayev, Nabiyev, Nazarov, Nematov, Normatov, Normurodov, Nosirov, Nurmatov, Olimov, Ortiqov,
Otajonov, Oripov, Ochilov, Oʻrinov, Oʻroqov, Pardayev, Poʻlatov, Qodirov, Qosimov, Qurbonov,
Quvondiqov, Rahimov, Rahmatov, Rahmonov, Rajabov, Rasulov, Roʻziyev, Rustamov, Sattorov, Saidov,
Salimov, Sharipov, Shodiyev, Sobirov, Sodiqov, Soliyev, Sultonov, Tojiyev, Toʻrayev, Toshmatov,
Toʻxtayev, Turgʻunov, Tursunov, Umarov, Usmonov, Valiyev, Vohidov, Xasanov, Xoliqov, Xolmatov,
Xoʻjayev, Xudoyberdiyev, Yoʻldoshev, Yoqubov, Yunusov, Yusupov, Zokirov, Ziyodullayev
"""

# Letter table of the Uzbek Latin alphabet of 1995 against the Cyrillic one of 1940.
_LETTERS = """
yo'→йў shch→шч s'h→сҳ sh→ш ch→ч o'→ў g'→ғ ya→я ye→е yo→ё yu→ю ts→ц '→ъ
^e→э (?<=[V])e→э a→а b→б c→ц d→д e→е f→ф g→г h→ҳ i→и j→ж k→к l→л m→м n→н o→о p→п q→қ r→р s→с
t→т u→у v→в w→в x→х y→й z→з
"""
_RULES = compile_rules(_LETTERS)

_PLAIN = str.maketrans({"ʻ": "'", "ʼ": "'"})


def _read(text: str) -> tuple[Part, ...]:
    names = (name.strip() for name in text.split(","))
    return read_parts(",".join(f"{name.translate(_PLAIN)}={name}" for name in names))


NAMES = NameLists(
    member="UZB",
    script="Latn",
    male=_read(_MALE),
    female=_read(_FEMALE),
    family=_read(_FAMILY),
    family_female=inflect_families(_read(_FAMILY)),
)

_NO_PATRONYMIC_SHARE = 0.12
_UZBEK_STYLE_SHARE = 0.5
_UZBEK_WORDS = {"M": Part(" oʻgʻli", " o'g'li"), "F": Part(" qizi", " qizi")}


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw family, given name and, for most of the people, a patronymic."""
    is_male = sex == "M"
    given = draw(rng, NAMES.male if is_male else NAMES.female)
    family = draw(rng, NAMES.family if is_male else NAMES.family_female)
    patronymic = _draw_patronymic(rng, sex)
    return FullName(given, patronymic, family, None, NAMES.script, sex, NAMES.member)


def to_cyrillic(latin: str) -> str:
    """Write an Uzbek name, in local or passport Latin, in Uzbek Cyrillic letter by letter."""
    return respell(latin, _RULES)


def _draw_patronymic(rng: random.Random, sex: str) -> Part | None:
    if rng.random() < _NO_PATRONYMIC_SHARE:
        return None
    father = draw(rng, NAMES.male)
    if rng.random() >= _UZBEK_STYLE_SHARE:
        return name_father_latin(father, sex)
    word = _UZBEK_WORDS[sex]
    return Part(father.local + word.local, father.latin + word.latin)
