"""Know the words inside names that are not names: titles, particles, relations; and few names.

Written by hand from how registers of the region write people. Keys are romanised words, as
`romanise` returns them.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "EQUIVALENTS",
    "GLUED_AFTER",
    "GLUED_BEFORE",
    "LETTER_NAMES",
    "MIDDLE_PARTICLES",
    "PARTICLES",
    "RELATIONS",
    "TITLES",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES: Final = _words("""
    dr doctor mr mrs ms miss mister prof professor sir madam madame hon honourable honorable
    general gen major maj colonel col captain capt lieutenant lt brigadier brig commander admiral
    marshal sergeant inspector president minister governor ambassador eng engineer advocate adv
    haji hajji hoji haj hajj alhaj alhaji hajja mullah mulla molla mullo maulvi molvi maulana
    mawlana mawlawi mavlavi qari kari hafiz ustad ustaz ayatollah ayatullah hojatoleslam shri sri
    smt srimati shrimati kumari janab jenab agha aqa aghaye khanum khanom doktar daktar gospodin
    the late mst musammat jr sr junior senior ii iii iv datuk dato
    """)
"""Words that go when something else is left."""

PARTICLES: Final = _words("""
    al el ul as ash an ar at az ad bin ibn bint bn abn bnt binti
    oglu oghlu ogly oghly ogli oghli ugli ughli uly uulu ulu qizi kizi kyzy gyzy qyzy gizi
    kyz qiz vald vld walad valad pesar psr dukhtar dkhtr
    """)
"""Words between names: of, son of, daughter of, and articles."""

MIDDLE_PARTICLES: Final = _words(
    "ben van von der den de da do dos das di del della la le du y e i and"
)
"""Those that are also names; at either end they stay."""

RELATIONS: Final = re.compile(
    r"\b(?:[sdwc]\s*/\s*o\.?|(?:son|daughter|wife|child)\s+of)(?=\W|$)", re.IGNORECASE
)
"""English and Urdu ways to give the father's or husband's name, in the raw text."""

GLUED_BEFORE: Final = _words(
    "abd abdul abdal abdel abdol abdur abdus abdun abdud abdu abu abou ebu umm"
)
"""Words that belong to the word after them: Abdul Rahman is one name."""

GLUED_AFTER: Final = _words("""
    ullah allah ollah olla ulla uddin eddin addin aldin eldin uldin addine eddine
    zadeh zade zoda zada zadah
    """)
"""Words that belong to the word before them: Rahim Ullah is one name."""

_GROUPS: Final = """
    muhammad mohammad mohammed mohamed mohamad muhammed muhamed mukhammad mukhammed magomed
      magomet mahomed mohd md mehmet mehmed mamed mammad mahammad makhamad mukhamad mhmd mo moh
      muhammet mohammod mahammed mukhamed mukhamet muhamad muhammadu;
    ahmad ahmed akhmad akhmed ahmet akhmet axmad ahamed ahmd;
    husayn hussein husain hussain hossein hosein husein huseyn khusain khusein gusein hossain hsin
      hussin khusayn;
    yusuf yousuf yousef yusif yusef youssef yusup yosef yusof yoosuf yusf;
    osman usman uthman othman usmon asman;
    umar omar omer umer umor;
    ibrahim ebrahim ibragim ibrohim ibraheem abrahym abrahim;
    sayyid sayed sayyed seyed seyyed syed said sayid saiyid seyid saiid;
    nikolay nikolai mykola mikola mikalai mikalay nikolaj;
    evgeny yevgeny evgeni evgeniy yevgeniy evgenii yevgeni yevhen evhen yauhen jevgeni eugene
      yauhien evgenij ievgen yaugen;
    dmitry dmitri dmitriy dmytro dzmitry dimitri dmitrii zmitser dzmitri dmitro dmitrij;
    elena yelena olena alena helena jelena aliena;
    aleksandr alexander aleksander oleksandr aliaksandr alexandr olexandr oleksander aliaxandr
      alyaksandr iskandar;
    aleksandra oleksandra aliaksandra alexandra;
    aleksey aleksei alexey alexei oleksiy oleksii aliaksei aleksej alexi alyaksey olexiy;
    sergey sergei serhiy serhii siarhei sergiy syarhey sergej serhij;
    vladimir volodymyr uladzimir volodimir vladymyr wladimir;
    mikhail mykhailo mikhailo mykhaylo mihail mihailo mixail michail;
    petr pyotr petro piotr pyatro piatro;
    grigory grigoriy hryhoriy hryhorii ryhor grigori grigorii rygor hryhir;
    oleg oleh aleh alieh;
    igor ihor ihar;
    konstantin kostiantyn kanstantsin kostyantyn kostantin;
    georgy georgiy georgi heorhiy heorhii giorgi yury yuri yuriy yurii iurii iuri jurij george;
    svetlana svitlana sviatlana svyatlana;
    ekaterina yekaterina kateryna katsiaryna katerina katsyaryna jekaterina;
    tatyana tatiana tetiana tetyana tatsiana tatsyana tatjana;
    olga olha volha volga;
    nikita mykyta mikita;
    kirill kyrylo kiryl kirilo kyryl;
    fedor fyodor fedir fiodar teodor;
    anatoly anatoliy anatolii anatol anatolij;
    vasily vasiliy vasyl vasil vasilii vasilij;
    pavel pavlo paval;
    andrey andrei andriy andrii andrej;
    natalya natalia nataliya natalja nataliia;
    gennady gennadiy hennadiy hennadii henadz genadi;
    michael maykl maikl maykel mikael majkl;
    joseph jozef yosef josef;
    stepan stsiapan stiepan;
    lyudmila ludmila liudmyla lyudmyla liudmila ludmilla;
    galina halyna halina galyna;
    anna hanna ganna;
    iosif yosyp yosip iosip;
    ilya illya illia ilia;
    semen semyon simeon siamion;
    artem artyom artsiom artiom;
    filipp pylyp filip;
    timofey tymofiy tsimafei;
    viktor victor viktar;
    oksana aksana;
    ruslan rslan;
"""


def _read_groups() -> dict[str, str]:
    groups = (group.split() for group in _GROUPS.split(";") if group.strip())
    return {word: group[0] for group in groups for word in group}


EQUIVALENTS: Final = _read_groups()
"""Spellings of one name that differ too much for sounds alone, each with its group."""

LETTER_NAMES: Final[dict[str, str]] = {
    word: letter
    for letter, words in {
        "a": "e", "b": "bi be", "c": "si", "d": "di de", "f": "ef eph aph", "g": "ji",
        "h": "ech eich", "i": "ai", "j": "je jey jay", "k": "ke kay key", "l": "el al",
        "m": "em am im", "n": "en an in", "p": "pi", "q": "kiu kyu", "r": "ar", "s": "es as is",
        "t": "ti", "u": "yu iu", "v": "vi bhi", "w": "dabliu dbliu dablyu", "x": "eks aks",
        "z": "jed zed",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Latin initials as other scripts spell them; S. is "es" in Tamil."""
