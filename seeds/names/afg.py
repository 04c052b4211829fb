"""Names of Afghanistan, in Dari.

A person has a given name, often a double one, and is told apart by the father's name. Papers
have no family name. The list ``family`` therefore holds names of the fathers' generation.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, join_parts, read_parts

_MALE = """
Ahmad=احمد, Mahmood=محمود, Karim=کریم, Rahim=رحیم, Najib=نجیب, Farid=فرید, Hamid=حمید,
Jawad=جواد, Reza=رضا, Ali=علی, Hussain=حسین, Hassan=حسن, Naser=ناصر, Bashir=بشیر, Wahid=وحید,
Nasir=نصیر, Zaher=ظاهر, Daud=داوود, Yusuf=یوسف, Ibrahim=ابراهیم, Ismail=اسماعیل, Ishaq=اسحاق,
Yaqub=یعقوب, Idris=ادریس, Elyas=الیاس, Musa=موسی, Haroon=هارون, Omid=امید, Arash=آرش,
Jamshid=جمشید, Farhad=فرهاد, Khalid=خالد, Tariq=طارق, Zubair=زبیر, Omar=عمر, Osman=عثمان,
Sediq=صدیق, Faruq=فاروق, Latif=لطیف, Sharif=شریف, Aziz=عزیز, Habib=حبیب, Shafiq=شفیق, Rafi=رفیع,
Sami=سمیع, Haris=حارث, Salim=سلیم, Nadir=نادر, Akbar=اکبر, Asghar=اصغر, Anwar=انور, Afzal=افضل,
Akram=اکرم, Aslam=اسلم, Ashraf=اشرف, Emal=ایمل, Mirwais=میرویس, Baryalai=بریالی, Zalmai=زلمی,
Wais=ویس, Mustafa=مصطفی, Murtaza=مرتضی, Mujtaba=مجتبی, Sulaiman=سلیمان, Noor=نور, Qasim=قاسم,
Masood=مسعود, Qais=قیس, Shakib=شکیب, Siddiqullah=صدیق‌الله, Hamidullah=حمیدالله,
Najibullah=نجیب‌الله, Esmatullah=عصمت‌الله, Asadullah=اسدالله, Habibullah=حبیب‌الله,
Rahmatullah=رحمت‌الله, Nematullah=نعمت‌الله, Zabihullah=ذبیح‌الله, Khalilullah=خلیل‌الله,
Abdullah=عبدالله
"""

_FEMALE = """
Fatima=فاطمه, Zahra=زهرا, Maryam=مریم, Zainab=زینب, Laila=لیلا, Nasrin=نسرین, Parwin=پروین,
Shirin=شیرین, Shukria=شکریه, Farida=فریده, Najiba=نجیبه, Hamida=حمیده, Karima=کریمه,
Latifa=لطیفه, Nafisa=نفیسه, Aziza=عزیزه, Habiba=حبیبه, Sharifa=شریفه, Jamila=جمیله,
Salima=سلیمه, Halima=حلیمه, Rahima=رحیمه, Rabia=رابعه, Aisha=عایشه, Khadija=خدیجه, Soraya=ثریا,
Shabnam=شبنم, Shaima=شیما, Shakila=شکیله, Sima=سیما, Mina=مینا, Mahnaz=مهناز, Gulnaz=گلناز,
Nargis=نرگس, Nilofar=نیلوفر, Yasamin=یاسمین, Freshta=فرشته, Frozan=فروزان, Fawzia=فوزیه,
Masooma=معصومه, Marzia=مرضیه, Hosna=حسنا, Huma=هما, Hawa=حوا, Sahar=سحر, Sadaf=صدف,
Setara=ستاره, Roya=رویا, Rukhshana=رخشانه, Razia=راضیه, Wahida=وحیده, Wazhma=وژمه,
Palwasha=پلوشه, Malalai=ملالی, Zarmina=زرمینه, Zohra=زهره, Zarghona=زرغونه, Tahera=طاهره,
Tamana=تمنا, Arezo=آرزو, Anahita=آناهیتا, Belqis=بلقیس, Benafsha=بنفشه, Diba=دیبا, Elaha=الهه,
Homaira=حمیرا
"""

_FATHERS = """
Abdul Rahman=عبدالرحمن, Abdul Rahim=عبدالرحیم, Abdul Karim=عبدالکریم, Abdul Ghafar=عبدالغفار,
Abdul Ghani=عبدالغنی, Abdul Hai=عبدالحی, Abdul Hakim=عبدالحکیم, Abdul Hamid=عبدالحمید,
Abdul Haq=عبدالحق, Abdul Jabar=عبدالجبار, Abdul Jalil=عبدالجلیل, Abdul Khaliq=عبدالخالق,
Abdul Latif=عبداللطیف, Abdul Majid=عبدالمجید, Abdul Malik=عبدالمالک, Abdul Manan=عبدالمنان,
Abdul Nasir=عبدالنصیر, Abdul Qadir=عبدالقادر, Abdul Qayum=عبدالقیوم, Abdul Rashid=عبدالرشید,
Abdul Rauf=عبدالرؤوف, Abdul Razaq=عبدالرزاق, Abdul Sabur=عبدالصبور, Abdul Salam=عبدالسلام,
Abdul Samad=عبدالصمد, Abdul Satar=عبدالستار, Abdul Shukur=عبدالشکور, Abdul Wahab=عبدالوهاب,
Abdul Wahid=عبدالواحد, Abdul Wakil=عبدالوکیل, Abdul Zaher=عبدالظاهر, Ghulam Ali=غلام‌علی,
Ghulam Haidar=غلام‌حیدر, Ghulam Hassan=غلام‌حسن, Ghulam Hussain=غلام‌حسین, Ghulam Nabi=غلام‌نبی,
Ghulam Rasul=غلام‌رسول, Ghulam Sakhi=غلام‌سخی, Ghulam Farooq=غلام‌فاروق,
Ghulam Mohammad=غلام‌محمد, Mohammad Akbar=محمداکبر, Mohammad Akram=محمداکرم,
Mohammad Ali=محمدعلی, Mohammad Amin=محمدامین, Mohammad Anwar=محمدانور, Mohammad Asif=محمدآصف,
Mohammad Aslam=محمداسلم, Mohammad Ayub=محمدایوب, Mohammad Azim=محمدعظیم,
Mohammad Daud=محمدداوود, Mohammad Essa=محمدعیسی, Mohammad Gul=محمدگل, Mohammad Hashim=محمدهاشم,
Mohammad Ibrahim=محمدابراهیم, Mohammad Ismail=محمداسماعیل, Mohammad Jan=محمدجان,
Mohammad Kabir=محمدکبیر, Mohammad Karim=محمدکریم, Mohammad Musa=محمدموسی,
Mohammad Naim=محمدنعیم, Mohammad Nasim=محمدنسیم, Mohammad Omar=محمدعمر, Mohammad Qasim=محمدقاسم,
Mohammad Rafiq=محمدرفیق, Mohammad Rahim=محمدرحیم, Mohammad Sadiq=محمدصادق,
Mohammad Salim=محمدسلیم, Mohammad Sharif=محمدشریف, Mohammad Tahir=محمدطاهر,
Mohammad Usman=محمدعثمان, Mohammad Yaqub=محمدیعقوب, Mohammad Yunus=محمدیونس,
Mohammad Yusuf=محمدیوسف, Mohammad Zaman=محمدزمان, Mohammad Zahir=محمدظاهر, Aminullah=امین‌الله,
Amanullah=امان‌الله, Azizullah=عزیزالله, Enayatullah=عنایت‌الله, Faizullah=فیض‌الله,
Fazal Ahmad=فضل‌احمد, Gul Ahmad=گل‌احمد, Gul Mohammad=گل‌محمد, Haji Mohammad=حاجی‌محمد,
Hayatullah=حیات‌الله, Inamullah=انعام‌الله, Khan Mohammad=خان‌محمد, Khair Mohammad=خیرمحمد,
Mir Ahmad=میراحمد, Nasrullah=نصرالله, Nazar Mohammad=نظرمحمد, Noor Ahmad=نوراحمد,
Noor Mohammad=نورمحمد, Sakhi Dad=سخی‌داد, Shah Mahmood=شاه‌محمود, Shah Wali=شاه‌ولی,
Shir Mohammad=شیرمحمد, Sifatullah=صفت‌الله, Taj Mohammad=تاج‌محمد, Wali Mohammad=ولی‌محمد
"""

NAMES = NameLists(
    member="AFG",
    script="Arab",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FATHERS),
)

_MALE_FIRST = read_parts("Mohammad=محمد, Sayed=سید, Ghulam=غلام, Gul=گل, Shah=شاه, Mir=میر")
_MALE_SECOND = read_parts("Khan=خان, Jan=جان, Gul=گل, Shah=شاه, Agha=آغا")
_FEMALE_FIRST = read_parts("Bibi=بی‌بی, Gul=گل, Mah=ماه")
_FEMALE_SECOND = read_parts("Jan=جان, Gul=گل, Bano=بانو, Begum=بیگم")

_DOUBLE_SHARE = 0.55
_FIRST_SHARE = 0.6
_COMPOUND_FATHER_SHARE = 0.7


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw a given name, double for about half of the people, and the father's name."""
    is_male = sex == "M"
    given = draw(rng, NAMES.male if is_male else NAMES.female)
    if rng.random() < _DOUBLE_SHARE:
        first, second = (_MALE_FIRST, _MALE_SECOND) if is_male else (_FEMALE_FIRST, _FEMALE_SECOND)
        given = _double(rng, given, first, second)
    compound = rng.random() < _COMPOUND_FATHER_SHARE
    father = draw(rng, NAMES.family if compound else NAMES.male, unlike=given)
    return FullName(given, None, None, father, NAMES.script, sex, NAMES.member)


def _double(
    rng: random.Random, given: Part, first: tuple[Part, ...], second: tuple[Part, ...]
) -> Part:
    if rng.random() < _FIRST_SHARE:
        return join_parts(draw(rng, first), given)
    return join_parts(given, draw(rng, second))
