"""Bangladesh: Bengali script.

A man's name often opens with মোঃ (Md.), a woman's with মোছাঃ (Mst.); the name proper is one or
two given names and a last name, and a woman's last name is often an honorific of her own (Begum,
Khatun) and not her father's.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import join_parts, read_parts

_MALE = """
Abdul=আব্দুল, Rahim=রহিম, Karim=করিম, Hasan=হাসান, Hossain=হোসাইন, Kamal=কামাল, Jamal=জামাল,
Rafiq=রফিক, Shafiq=শফিক, Anwar=আনোয়ার, Monir=মনির, Zahid=জাহিদ, Saiful=সাইফুল, Nurul=নুরুল,
Aminul=আমিনুল, Shahidul=শহিদুল, Rafiqul=রফিকুল, Shafiqul=শফিকুল, Zahirul=জহিরুল, Mahbub=মাহবুব,
Mahmud=মাহমুদ, Tanvir=তানভীর, Imran=ইমরান, Arif=আরিফ, Ashraf=আশরাফ, Akram=আকরাম, Alamgir=আলমগীর,
Jahangir=জাহাঙ্গীর, Humayun=হুমায়ুন, Shahjahan=শাহজাহান, Anisur=আনিসুর, Mizanur=মিজানুর,
Mostafizur=মোস্তাফিজুর, Habibur=হাবিবুর, Moshiur=মশিউর, Atiqur=আতিকুর, Fazlur=ফজলুর, Lutfor=লুৎফর,
Saidur=সাইদুর, Mamun=মামুন, Sohel=সোহেল, Rasel=রাসেল, Rubel=রুবেল, Jewel=জুয়েল, Sumon=সুমন,
Sohag=সোহাগ, Masud=মাসুদ, Masum=মাসুম, Nasir=নাসির, Nayeem=নাঈম, Rakib=রাকিব, Sakib=সাকিব,
Tareq=তারেক, Touhid=তৌহিদ, Toufiq=তৌফিক, Faruk=ফারুক, Faisal=ফয়সাল, Firoz=ফিরোজ, Bashir=বশির,
Belal=বেলাল, Ibrahim=ইব্রাহিম, Ismail=ইসমাইল, Yusuf=ইউসুফ, Elias=ইলিয়াস, Selim=সেলিম,
Shamim=শামীম, Shahin=শাহীন, Kabir=কবির, Motaleb=মোতালেব, Mosharraf=মোশাররফ, Azizul=আজিজুল,
Sirajul=সিরাজুল, Nazrul=নজরুল, Tajul=তাজুল, Khorshed=খোরশেদ, Delwar=দেলোয়ার
"""

_FEMALE = """
Fatema=ফাতেমা, Ayesha=আয়েশা, Khadija=খাদিজা, Rahima=রহিমা, Karima=করিমা, Salma=সালমা,
Nazma=নাজমা, Shirin=শিরীন, Rokeya=রোকেয়া, Sufia=সুফিয়া, Jahanara=জাহানারা, Hasina=হাসিনা,
Nasrin=নাসরিন, Naznin=নাজনীন, Shahnaz=শাহনাজ, Rehana=রেহানা, Rabeya=রাবেয়া, Mariam=মরিয়ম,
Mahmuda=মাহমুদা, Mahfuza=মাহফুজা, Momtaz=মমতাজ, Monowara=মনোয়ারা, Anwara=আনোয়ারা,
Delwara=দেলোয়ারা, Sabina=সাবিনা, Shamima=শামীমা, Sharmin=শারমিন, Taslima=তাসলিমা,
Tahmina=তাহমিনা, Tania=তানিয়া, Farhana=ফারহানা, Farida=ফরিদা, Firoza=ফিরোজা, Farzana=ফারজানা,
Rumana=রুমানা, Rubina=রুবিনা, Rozina=রোজিনা, Mousumi=মৌসুমী, Lovely=লাভলী, Shiuli=শিউলি,
Shapla=শাপলা, Bilkis=বিলকিস, Halima=হালিমা, Hamida=হামিদা, Hafsa=হাফসা, Jesmin=জেসমিন,
Johra=জোহরা, Josna=জোসনা, Laila=লাইলা, Layla=লায়লা, Majeda=মাজেদা, Munni=মুন্নী, Nargis=নার্গিস,
Nurjahan=নুরজাহান, Parul=পারুল, Sadia=সাদিয়া, Selina=সেলিনা, Sanjida=সানজিদা, Sumaiya=সুমাইয়া,
Suraiya=সুরাইয়া, Tamanna=তামান্না, Umme=উম্মে, Jannatul=জান্নাতুল, Khaleda=খালেদা, Afroza=আফরোজা,
Asma=আসমা, Amena=আমেনা
"""

_FAMILY = """
Rahman=রহমান, Islam=ইসলাম, Ahmed=আহমেদ, Hossen=হোসেন, Khan=খান, Chowdhury=চৌধুরী, Miah=মিয়া,
Uddin=উদ্দিন, Ali=আলী, Alam=আলম, Haque=হক, Sarkar=সরকার, Mondal=মন্ডল, Sheikh=শেখ,
Talukder=তালুকদার, Sikder=শিকদার, Bhuiyan=ভূঁইয়া, Mollah=মোল্লা, Howlader=হাওলাদার,
Majumder=মজুমদার, Syed=সৈয়দ, Kazi=কাজী, Mir=মীর, Mirza=মির্জা, Munshi=মুন্সী, Mridha=মৃধা,
Matubbar=মাতুব্বর, Matbar=মাতবর, Mallick=মল্লিক, Pramanik=প্রামাণিক, Prodhan=প্রধান, Fakir=ফকির,
Farazi=ফরাজী, Gazi=গাজী, Khandaker=খন্দকার, Khalifa=খলিফা, Kha=খাঁ, Laskar=লস্কর, Naskar=নস্কর,
Patwary=পাটোয়ারী, Pathan=পাঠান, Paik=পাইক, Kabiraj=কবিরাজ, Karigar=কারিগর, Dewan=দেওয়ান,
Dafadar=দফাদার, Dhali=ঢালী, Bepari=বেপারী, Biswas=বিশ্বাস, Bakhtiar=বখতিয়ার, Jamadar=জমাদার,
Joarder=জোয়ার্দার, Joardar=জোয়ারদার, Hazari=হাজারী, Hazi=হাজী, Sardar=সরদার, Sawdagar=সওদাগর,
Shah=শাহ, Sharif=শরীফ, Siddiqui=সিদ্দিকী, Siddique=সিদ্দিক, Ansari=আনসারী, Akand=আকন্দ, Akon=আকন,
Akhand=আখন্দ, Amin=আমিন, Azad=আজাদ, Aziz=আজিজ, Abbasi=আব্বাসী, Iqbal=ইকবাল, Osmani=ওসমানী,
Kader=কাদের, Kaiser=কায়সার, Kibria=কিবরিয়া, Quraishi=কোরাইশী, Gani=গণি, Goldar=গোলদার,
Chakladar=চাকলাদার, Jalil=জলিল, Jabbar=জব্বার, Tarafdar=তরফদার, Nabi=নবী, Bari=বারী, Bashar=বাশার,
Matin=মতিন, Mannan=মান্নান, Malek=মালেক, Mia=মিঞা, Rashid=রশিদ, Razzaque=রাজ্জাক, Latif=লতিফ,
Sattar=সাত্তার, Salam=সালাম, Sobhan=সোবহান, Hye=হাই, Hamid=হামিদ, Haldar=হালদার, Haider=হায়দার
"""

# The honorifics that stand where a man has his last name.
_HONORIFICS = read_parts(
    "Begum=বেগম, Akter=আক্তার, Khatun=খাতুন, Sultana=সুলতানা, Parvin=পারভীন, Nahar=নাহার, "
    "Ara=আরা, Banu=বানু, Yasmin=ইয়াসমিন, Jahan=জাহান, Khanam=খানম, Bibi=বিবি"
)
_MD = Part(local="মোঃ", latin="Md.")
_MST = Part(local="মোছাঃ", latin="Mst.")

NAMES = NameLists(
    member="BGD",
    script="Beng",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name: three in five with Md. or Mst., every third with a second given name."""
    pool = NAMES.male if sex == "M" else NAMES.female
    given = rng.sample(pool, 2 if rng.random() < 1 / 3 else 1)
    if rng.random() < 3 / 5:
        given.insert(0, _MD if sex == "M" else _MST)
    honoured = sex == "F" and rng.random() < 2 / 3
    family = rng.choice(_HONORIFICS if honoured else NAMES.family)
    return FullName(join_parts(*given), None, family, None, NAMES.script, sex, NAMES.member)
