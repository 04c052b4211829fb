"""Türkiye: Turkish Latin.

One or two given names and a family name. Passports drop the marks of the six letters that ICAO's
machine-readable zone does not have, and that is the only difference between the two forms, so
the lists are written once and the passport form is read off by rule.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import join_parts

_FOLD = str.maketrans("çğıöşüâîÇĞİÖŞÜ", "cgiosuaiCGIOSU")

_MALE = """
Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Murat Ömer Ramazan Halil Süleyman
Abdullah Mahmut Recep Salih Fatih Kadir Emre Hakan Adem Kemal Yaşar Bekir Musa Metin Orhan
Bayram Serkan Furkan Gökhan Burak Cengiz Çetin Erdal Erkan Ercan Ertuğrul Faruk Ferhat Fikret
Güven Haluk Hamza Harun İlhan İlker İrfan Kaan Kenan Koray Levent Mert Necati Nihat Nuri Oğuz
Onur Özgür Polat Rıza Sedat Selçuk Selim Serdar Sinan Şahin Şükrü Tahir Tamer Taner Tolga Tuncay
Turgut Uğur Ümit Vedat Veysel Volkan Yakup Yasin Yavuz Yılmaz Yiğit Yunus Yusuf Zafer Zeki
"""

_FEMALE = """
Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Havva Zeliha Esra
Fadime Özlem Hacer Yasemin Hülya Cemile Sevim Gülsüm Leyla Dilek Büşra Aysel Songül Kübra Halime
Esma Aynur Hayriye Kadriye Tuğba Rabia Sevgi Rukiye Hatun Asiye Derya Filiz Gamze Gönül Gülay
Gülşen Gülten Hande İpek Jale Melek Melike Mine Nazlı Nermin Nesrin Nilgün Nuray Nurcan Özge
Pınar Selma Sema Serpil Sevda Sibel Şengül Şule Türkan Ülkü Yıldız Ceren Çiğdem Damla Ebru
"""

_FAMILY = """
Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin
Kara Koç Kurt Özkan Şimşek Polat Korkmaz Özcan Çakır Erdoğdu Yavuz Can Acar Güler Güneş Aktaş Keskin
Bulut Turan Güngör Işık Ateş Köse Taş Aksoy Avcı Bozkurt Coşkun Çınar Dağ Deniz Dinç Duman Duran
Durmaz Ekinci Elmas Er Ercan Erdem Ergin Eroğlu Ersoy Esen Gök Gökçe Gül Gültekin Gümüş Gündoğdu
Güven Karaca Karakaya Karataş Kaplan Kılınç Kocaman Kökçü Özer Özgür Özmen Öner Sarı Sezer Soylu
Sönmez Şen Şentürk Tekin Toprak Topal Tuncer Tunç Türkmen Uçar Uğurlu Uysal Uzun Ünal Ünlü Yalçın
Yaman Yazıcı Yiğit Yüksel Zengin Akın Aktürk Albayrak Altun Ayhan Balcı Başaran Bayraktar Bilgin
Bingöl Boz Budak Ceylan Çalışkan Çiftçi Değirmenci Demirci Demirtaş
"""


def _read_words(text: str) -> tuple[Part, ...]:
    return tuple(Part(local=word, latin=word.translate(_FOLD)) for word in text.split())


NAMES = NameLists(
    member="TUR",
    script="Latn",
    male=_read_words(_MALE),
    female=_read_words(_FEMALE),
    family=_read_words(_FAMILY),
)


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name: every fourth with two given names, then the family name."""
    pool = NAMES.male if sex == "M" else NAMES.female
    given = rng.sample(pool, 2 if rng.random() < 1 / 4 else 1)
    family = rng.choice(NAMES.family)
    return FullName(join_parts(*given), None, family, None, NAMES.script, sex, NAMES.member)
