"""Names of Pakistan, in Urdu.

Papers write the person's name and, after S/O or D/O, the father's. Many men carry Muhammad or
Syed in front; the last part may be a tribe, an occupation or an honorific, or be missing. Women
often have a second part such as Bibi or Bano instead of a family name.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, join_parts, read_parts

_MALE = """
Ahmed=احمد, Ali=علی, Hassan=حسن, Hussain=حسین, Bilal=بلال, Usman=عثمان, Umar=عمر,
Abubakar=ابوبکر, Hamza=حمزہ, Imran=عمران, Irfan=عرفان, Asif=آصف, Arif=عارف, Kashif=کاشف,
Tariq=طارق, Khalid=خالد, Nasir=ناصر, Nadeem=ندیم, Naeem=نعیم, Saleem=سلیم, Kaleem=کلیم,
Waseem=وسیم, Naveed=نوید, Junaid=جنید, Saeed=سعید, Rashid=راشد, Rasheed=رشید, Shahid=شاہد,
Sajid=ساجد, Majid=ماجد, Zahid=زاہد, Abid=عابد, Javed=جاوید, Pervez=پرویز, Iqbal=اقبال,
Ashraf=اشرف, Akram=اکرم, Aslam=اسلم, Afzal=افضل, Ajmal=اجمل, Akbar=اکبر, Azhar=اظہر,
Mazhar=مظہر, Zafar=ظفر, Muzaffar=مظفر, Anwar=انور, Sarwar=سرور, Rafiq=رفیق, Shafiq=شفیق,
Sadiq=صادق, Farooq=فاروق, Ishaq=اسحاق, Yousaf=یوسف, Yaqoob=یعقوب, Younas=یونس, Ilyas=الیاس,
Idrees=ادریس, Ismail=اسماعیل, Ibrahim=ابراہیم, Musa=موسیٰ, Haroon=ہارون, Suleman=سلیمان,
Dawood=داؤد, Faisal=فیصل, Fahad=فہد, Adnan=عدنان, Kamran=کامران, Rizwan=رضوان, Farhan=فرحان,
Zeeshan=ذیشان, Noman=نعمان, Salman=سلمان, Shoaib=شعیب, Sohail=سہیل, Waqar=وقار, Waqas=وقاص,
Yasir=یاسر, Zubair=زبیر, Tahir=طاہر, Mubashir=مبشر, Gulzar=گلزار, Latif=لطیف
"""

_FEMALE = """
Fatima=فاطمہ, Ayesha=عائشہ, Khadija=خدیجہ, Zainab=زینب, Maryam=مریم, Amina=آمنہ, Asma=اسماء,
Sana=ثناء, Hina=حنا, Saima=صائمہ, Sadia=سعدیہ, Nadia=نادیہ, Rabia=رابعہ, Razia=رضیہ,
Shazia=شازیہ, Nazia=نازیہ, Fozia=فوزیہ, Rukhsana=رخسانہ, Farzana=فرزانہ, Shabana=شبانہ,
Rehana=ریحانہ, Sultana=سلطانہ, Tahira=طاہرہ, Zahida=زاہدہ, Sajida=ساجدہ, Shahida=شاہدہ,
Khalida=خالدہ, Naseem=نسیم, Nasreen=نسرین, Parveen=پروین, Yasmeen=یاسمین, Shaheen=شاہین,
Samina=ثمینہ, Sakina=سکینہ, Salma=سلمیٰ, Uzma=عظمیٰ, Bushra=بشریٰ, Lubna=لبنیٰ, Huma=ہما,
Iqra=اقراء, Kiran=کرن, Mehwish=مہوش, Misbah=مصباح, Naila=نائلہ, Nargis=نرگس, Noreen=نورین,
Rubina=روبینہ, Saba=صبا, Sobia=ثوبیہ, Sumaira=سمیرا, Tayyaba=طیبہ, Tehmina=تہمینہ,
Zubaida=زبیدہ, Zarina=زرینہ, Gulnaz=گلناز, Farah=فرح, Erum=ارم, Anila=انیلہ, Aqsa=اقصیٰ,
Hafsa=حفصہ, Javeria=جویریہ, Kausar=کوثر, Mumtaz=ممتاز, Robina=رابینہ, Shaista=شائستہ
"""

_FAMILY = """
Khan=خان, Malik=ملک, Butt=بٹ, Chaudhry=چوہدری, Mughal=مغل, Qureshi=قریشی, Siddiqui=صدیقی,
Ansari=انصاری, Hashmi=ہاشمی, Abbasi=عباسی, Alvi=علوی, Farooqi=فاروقی, Usmani=عثمانی,
Gilani=گیلانی, Bukhari=بخاری, Kazmi=کاظمی, Naqvi=نقوی, Rizvi=رضوی, Zaidi=زیدی, Jafri=جعفری,
Shirazi=شیرازی, Hamdani=ہمدانی, Gardezi=گردیزی, Shah=شاہ, Mirza=مرزا, Baig=بیگ, Sheikh=شیخ,
Khawaja=خواجہ, Dar=ڈار, Lone=لون, Mir=میر, Rana=رانا, Raja=راجہ, Rao=راؤ, Bhatti=بھٹی,
Khokhar=کھوکھر, Gondal=گوندل, Cheema=چیمہ, Bajwa=باجوہ, Warraich=وڑائچ, Tarar=تارڑ,
Sandhu=سندھو, Gill=گل, Virk=ورک, Sial=سیال, Kharal=کھرل, Wattoo=وٹو, Tiwana=ٹوانہ, Noon=نون,
Janjua=جنجوعہ, Minhas=منہاس, Awan=اعوان, Kayani=کیانی, Satti=ستی, Gujjar=گجر, Arain=آرائیں,
Kamboh=کمبوہ, Dogar=ڈوگر, Rajput=راجپوت, Bhutta=بھٹہ, Bhutto=بھٹو, Soomro=سومرو, Memon=میمن,
Junejo=جونیجو, Jatoi=جتوئی, Chandio=چانڈیو, Mahar=مہر, Panhwar=پنہور, Palijo=پلیجو,
Talpur=تالپور, Leghari=لغاری, Mazari=مزاری, Khosa=کھوسہ, Buzdar=بزدار, Rind=رند, Bugti=بگٹی,
Marri=مری, Mengal=مینگل, Raisani=رئیسانی, Zehri=زہری, Baloch=بلوچ, Achakzai=اچکزئی,
Yousafzai=یوسفزئی, Afridi=آفریدی, Khattak=خٹک, Bangash=بنگش, Orakzai=اورکزئی, Wazir=وزیر,
Mehsud=محسود, Shinwari=شنواری, Mohmand=مہمند, Durrani=درانی, Tareen=ترین, Kakar=کاکڑ,
Lodhi=لودھی, Niazi=نیازی, Swati=سواتی, Tanoli=تنولی, Jadoon=جدون
"""

NAMES = NameLists(
    member="PAK",
    script="Arab",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)

_MALE_FIRST = read_parts("Muhammad=محمد, Syed=سید, Ghulam=غلام, Mian=میاں, Malik=ملک")
_FIRST_WEIGHTS = (12, 2, 2, 1, 1)
_FEMALE_SECOND = read_parts("Bibi=بی بی, Bano=بانو, Begum=بیگم, Akhtar=اختر, Kausar=کوثر, Mai=مائی")

_FIRST_SHARE = 0.6
_FAMILY_SHARE = 0.55
_SECOND_SHARE = 0.5


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw a name and the father's name; a family part stands for about half of the people."""
    family = draw(rng, NAMES.family) if rng.random() < _FAMILY_SHARE else None
    given = _draw_man(rng) if sex == "M" else _draw_woman(rng, family)
    father = _draw_man(rng)
    return FullName(given, None, family, father, NAMES.script, sex, NAMES.member)


def _draw_man(rng: random.Random) -> Part:
    name = draw(rng, NAMES.male)
    if rng.random() >= _FIRST_SHARE:
        return name
    return join_parts(rng.choices(_MALE_FIRST, _FIRST_WEIGHTS)[0], name)


def _draw_woman(rng: random.Random, family: Part | None) -> Part:
    name = draw(rng, NAMES.female)
    if family is not None or rng.random() >= _SECOND_SHARE:
        return name
    return join_parts(name, draw(rng, _FEMALE_SECOND, unlike=name))
