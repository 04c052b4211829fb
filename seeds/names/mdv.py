"""Maldives: Thaana, written from right to left.

Given names are Arabic with the dotted letters of Thaana; the last name is the father's name, an
old title (Didi, Maniku, Kaleyfaanu) or the island the house came from.
"""

import random

from seeds.names.model import FullName, NameLists
from seeds.names.pairs import join_parts, read_parts

_MALE = """
Mohamed=މުޙައްމަދު, Ahmed=އަޙްމަދު, Ali=ޢަލީ, Hassan=ޙަސަން, Hussain=ޙުސައިން, Ibrahim=އިބްރާހީމް,
Ismail=އިސްމާޢީލް, Abdulla=ޢަބްދުއްލާ, Umar=ޢުމަރު, Usman=ޢުޘްމާން, Yoosuf=ޔޫސުފް, Yoonus=ޔޫނުސް,
Idrees=އިދްރީސް, Moosa=މޫސާ, Easa=އީސާ, Zakariyya=ޒަކަރިއްޔާ, Yahya=ޔަޙުޔާ, Ishaq=އިސްޙާޤު,
Yaqoob=ޔަޢުޤޫބު, Ayyoob=އައްޔޫބު, Sulaiman=ސުލައިމާން, Dawood=ދާއޫދު, Shuaib=ޝުޢައިބު,
Adam=އާދަމް, Nooh=ނޫޙު, Khalid=ޚާލިދު, Thaariq=ޠާރިޤު, Thalhath=ޠަލްޙަތު, Hamza=ޙަމްޒާ,
Hameed=ޙަމީދު, Mahmood=މަޙްމޫދު, Masood=މަސްޢޫދު, Musthafa=މުޞްޠަފާ, Muneer=މުނީރު,
Muizz=މުޢިއްޒު, Mukhthar=މުޚްތާރު, Mujuthaba=މުޖުތަބާ, Naasir=ނާޞިރު, Naseer=ނަޞީރު, Naeem=ނަޢީމު,
Nazim=ނާޒިމް, Nafiu=ނާފިޢު, Qasim=ޤާސިމް, Faris=ފާރިސް, Fahmy=ފަހުމީ, Faisal=ފައިޞަލް,
Fazil=ފާޟިލު, Fuad=ފުއާދު, Rasheed=ރަޝީދު, Rizwan=ރިޟްވާން, Riyaz=ރިޔާޟު, Raza=ރަޟާ,
Shahid=ޝާހިދު, Shareef=ޝަރީފު, Shameem=ޝަމީމު, Shiyam=ޝިޔާމު, Shafeeq=ޝަފީޤު, Shakir=ޝާކިރު,
Salih=ޞާލިޙު, Salah=ޞަލާޙު, Saleem=ސަލީމު, Saeed=ސަޢީދު, Samih=ސާމިޙު, Thahir=ޠާހިރު,
Thayyib=ޠައްޔިބު, Zahir=ޒާހިރު, Zaki=ޒަކީ, Ziyad=ޒިޔާދު, Aamir=ޢާމިރު, Aathif=ޢާޠިފު,
Azeez=ޢަޒީޒު, Imad=ޢިމާދު, Irfan=ޢިރުފާން, Ameen=އަމީން, Ashraf=އަޝްރަފު, Akram=އަކްރަމް,
Ahsan=އަޙްސަން, Iqbal=އިޤުބާލު, Ihusan=އިޙްސާން, Ilyas=އިލްޔާސް, Anas=އަނަސް, Azhan=އަޒުހާން,
Jameel=ޖަމީލު, Jaufar=ޖަޢުފަރު, Habeeb=ޙަބީބު, Haleem=ޙަލީމު, Haamid=ޙާމިދު, Basheer=ބަޝީރު,
Latheef=ލަޠީފު, Yasir=ޔާސިރު
"""

_FEMALE = """
Fathimath=ފާޠިމަތު, Aishath=ޢައިޝަތު, Mariyam=މަރިޔަމް, Khadheeja=ޚަދީޖާ, Aminath=އާމިނަތު,
Asiyath=އާސިޔަތު, Haleemath=ޙަލީމަތު, Hawwa=ހައްވާ, Hafsath=ޙަފްޞަތު, Husna=ޙުސްނާ,
Zainab=ޒައިނަބު, Zulaikha=ޒުލައިޚާ, Zahida=ޒާހިދާ, Zahira=ޒާހިރާ, Zeenath=ޒީނަތު, Zuhura=ޒުހުރާ,
Zubaida=ޒުބައިދާ, Ruqiyya=ރުޤިއްޔާ, Rasheeda=ރަޝީދާ, Raziyya=ރަޟިއްޔާ, Rahma=ރަޙްމާ,
Rifath=ރިފްޢަތު, Rishmy=ރިޝްމީ, Shahida=ޝާހިދާ, Shareefa=ޝަރީފާ, Shafeeqa=ޝަފީޤާ, Shakeela=ޝަކީލާ,
Shameema=ޝަމީމާ, Shifa=ޝިފާ, Shireen=ޝީރީން, Shifna=ޝިފްނާ, Shahnaz=ޝަހުނާޒް, Saeeda=ސަޢީދާ,
Salma=ސަލްމާ, Saleema=ސަލީމާ, Sana=ސަނާ, Sara=ސާރާ, Suad=ސުޢާދު, Sumayya=ސުމައްޔާ, Sajida=ސާޖިދާ,
Safiyya=ޞަފިއްޔާ, Saliha=ޞާލިޙާ, Thahira=ޠާހިރާ, Najeeba=ނަޖީބާ, Najma=ނަޖުމާ, Naseema=ނަސީމާ,
Naeema=ނަޢީމާ, Nabeela=ނަބީލާ, Nadhiya=ނާދިޔާ, Nazeeha=ނަޒީހާ, Nisha=ނިޝާ, Noora=ނޫރާ, Nuha=ނުހާ,
Muneera=މުނީރާ, Mahmooda=މަޙްމޫދާ, Madheeha=މަދީޙާ, Maleeha=މަލީޙާ, Majida=މާޖިދާ, Mishka=މިޝްކާ,
Mausooma=މައުސޫމާ, Fareeha=ފަރީޙާ, Fareeda=ފަރީދާ, Fauziyya=ފައުޒިއްޔާ, Fahmeeda=ފަހްމީދާ,
Aisha=ޢާއިޝާ, Aathifa=ޢާޠިފާ, Azeeza=ޢަޒީޒާ, Afeefa=ޢަފީފާ, Izzath=ޢިއްޒަތު, Amal=އަމަލު,
Asma=އަސްމާ, Ahlam=އަޙްލާމް, Insha=އިންޝާ, Ilham=އިލްހާމް, Inaya=އިނާޔާ, Laila=ލައިލާ, Leena=ލީނާ,
Latheefa=ލަޠީފާ, Liyusha=ލިޔުޝާ, Jameela=ޖަމީލާ, Yumna=ޔުމްނާ
"""

_FAMILY = """
Manik=މަނިކު, Manikfan=މަނިކުފާނު, Didi=ދީދީ, Thakuru=ތަކުރު, Thakurufaanu=ތަކުރުފާނު,
Kaleygefaanu=ކަލޭގެފާނު, Kaleyfaanu=ކަލޭފާނު, Fulhu=ފުޅު, Dhonfulhu=ދޮންފުޅު,
Manikufulhu=މަނިކުފުޅު, Tuttu=ޓުއްޓު, Dhonmaniku=ދޮންމަނިކު, Dhonbe=ދޮންބެ, Beyfulhu=ބޭފުޅު,
Khatheeb=ޚަޠީބު, Naib=ނައިބު, Gazee=ޤާޟީ, Mudhim=މުއްދިން, Malimi=މާލިމީ, Keyolhu=ކެޔޮޅު,
Kanneli=ކަންނެލި, Rannamaari=ރަންނަމާރި, Moosafulhu=މޫސާފުޅު, Alifulhu=އަލިފުޅު,
Ahmedfulhu=އަޙްމަދުފުޅު, Abdulgadir=ޢަބްދުލްޤާދިރު, Abdulkareem=ޢަބްދުލްކަރީމް,
Abdulazeez=ޢަބްދުލްޢަޒީޒު, Abdurrahman=ޢަބްދުއްރަޙްމާން, Abdurraheem=ޢަބްދުއްރަޙީމް,
Abdurrazzaq=ޢަބްދުއްރައްޒާޤު, Abdussattar=ޢަބްދުއްސައްތާރު, Abdussalam=ޢަބްދުއްސަލާމް,
Abdullatheef=ޢަބްދުއްލަޠީފު, Abdulmajeed=ޢަބްދުލްމަޖީދު, Abduljaleel=ޢަބްދުލްޖަލީލު,
Abdulhameed=ޢަބްދުލްޙަމީދު, Abdulghafoor=ޢަބްދުލްޣަފޫރު, Abdulghanee=ޢަބްދުލްޣަނީ,
Abdulwahid=ޢަބްދުލްވާޙިދު, Naseer=ނަޞީރު, Nazeer=ނަޒީރު, Nazeef=ނަޡީފު, Rashad=ރަޝާދު,
Rafeeu=ރަފީޢު, Rafeeq=ރަފީޤު, Rameez=ރަމީޒު, Raoof=ރައޫފު, Raghib=ރާޣިބު, Labeeb=ލަބީބު,
Luthfee=ލުޠުފީ, Shafeeu=ޝަފީޢު, Shazly=ޝަޒްލީ, Shukuree=ޝުކުރީ, Shauqee=ޝަވްޤީ, Shihab=ޝިހާބު,
Shafiee=ޝާފިޢީ, Mufeed=މުފީދު, Murad=މުރާދު, Mansoor=މަންޞޫރު, Misbah=މިޞްބާޙު, Majdee=މަޖްދީ,
Majid=މާޖިދު, Majeed=މަޖީދު, Fathuhee=ފަތުޙީ, Fikree=ފިކުރީ, Fakhree=ފަޚްރީ, Fazeel=ފަޟީލު,
Fauzee=ފައުޒީ, Sameer=ސަމީރު, Saudee=ސަޢުދީ, Siraj=ސިރާޖު, Sabiq=ސާބިޤު, Siddeeq=ޞިއްދީޤު,
Sabree=ޞަބްރީ, Sadiq=ޞާދިޤު, Jaleel=ޖަލީލު, Jabir=ޖާބިރު, Hilmy=ޙިލްމީ, Hakeem=ޙަކީމު,
Husnee=ޙުސްނީ, Kamal=ކަމާލު, Kamil=ކާމިލު, Kareem=ކަރީމް, Badhuru=ބަދުރު, Bashar=ބަޝާރު,
Zuhair=ޒުހައިރު, Zubair=ޒުބައިރު, Arif=ޢާރިފު, Adhnan=ޢަދުނާން, Naifaru=ނައިފަރު,
Kulhudhuffushi=ކުޅުދުއްފުށި, Hinnavaru=ހިންނަވަރު, Thulusdhoo=ތުލުސްދޫ, Maafushi=މާފުށި,
Dhidhdhoo=ދިއްދޫ, Ihavandhoo=އިހަވަންދޫ, Ungoofaaru=އުނގޫފާރު, Meedhoo=މީދޫ, Hithadhoo=ހިތަދޫ,
Feydhoo=ފޭދޫ, Gadhdhoo=ގައްދޫ, Thinadhoo=ތިނަދޫ, Fuvahmulaku=ފުވައްމުލަކު, Villingili=ވިލިނގިލި,
Mahibadhoo=މަހިބަދޫ, Dhangethi=ދަނގެތި, Komandoo=ކޮމަންޑޫ, Eydhafushi=އޭދަފުށި, Kendhoo=ކެންދޫ
"""

NAMES = NameLists(
    member="MDV",
    script="Thaa",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)
_FATHER = 0.45
_SECOND = 0.2


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name: given name, at times two, then the father's name or a family name."""
    pool = NAMES.male if sex == "M" else NAMES.female
    given = rng.sample(pool, 2 if rng.random() < _SECOND else 1)
    fathers = [part for part in NAMES.male if part not in given]
    family = rng.choice(fathers if rng.random() < _FATHER else NAMES.family)
    return FullName(join_parts(*given), None, family, None, NAMES.script, sex, NAMES.member)
