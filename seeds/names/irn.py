"""Names of Iran, in Persian.

A given name (often a religious compound) and a family name from a person, trade or place with
an ending such as -i, -pour, -zadeh, -nejad; a part of the families carries a place behind it.
"""

import random

from seeds.names.model import FullName, NameLists
from seeds.names.pairs import draw, join_parts, read_parts

_MALE = """
Mohammad=محمد, Ali=علی, Hossein=حسین, Hassan=حسن, Reza=رضا, Mehdi=مهدی, Amir=امیر, Ahmad=احمد,
Mahmoud=محمود, Abbas=عباس, Akbar=اکبر, Asghar=اصغر, Saeed=سعید, Hamid=حمید, Majid=مجید,
Vahid=وحید, Masoud=مسعود, Davoud=داوود, Yousef=یوسف, Ebrahim=ابراهیم, Esmaeil=اسماعیل,
Eshagh=اسحاق, Yaghoub=یعقوب, Mousa=موسی, Eisa=عیسی, Javad=جواد, Kazem=کاظم, Naser=ناصر,
Nader=نادر, Ghasem=قاسم, Hashem=هاشم, Jafar=جعفر, Sadegh=صادق, Bagher=باقر, Morteza=مرتضی,
Mostafa=مصطفی, Mojtaba=مجتبی, Behrouz=بهروز, Behzad=بهزاد, Bahram=بهرام, Bijan=بیژن,
Siavash=سیاوش, Sohrab=سهراب, Rostam=رستم, Kourosh=کوروش, Dariush=داریوش, Ardeshir=اردشیر,
Farhad=فرهاد, Farid=فرید, Farzad=فرزاد, Faramarz=فرامرز, Jamshid=جمشید, Kamran=کامران,
Kambiz=کامبیز, Kaveh=کاوه, Keyvan=کیوان, Khosrow=خسرو, Mehran=مهران, Mehrdad=مهرداد, Nima=نیما,
Omid=امید, Parviz=پرویز, Payam=پیام, Pouya=پویا, Ramin=رامین, Sasan=ساسان, Shahram=شهرام,
Shahin=شاهین, Soheil=سهیل, Arash=آرش, Babak=بابک, Iraj=ایرج, Houshang=هوشنگ, Manouchehr=منوچهر,
Gholamreza=غلامرضا, Gholamhossein=غلامحسین, Mohammadreza=محمدرضا, Alireza=علیرضا,
Hamidreza=حمیدرضا, Amirhossein=امیرحسین, Abdollah=عبدالله, Rahim=رحیم, Karim=کریم, Aziz=عزیز
"""

_FEMALE = """
Fatemeh=فاطمه, Zahra=زهرا, Maryam=مریم, Zeinab=زینب, Masoumeh=معصومه, Leila=لیلا, Narges=نرگس,
Nasrin=نسرین, Parvin=پروین, Parisa=پریسا, Pari=پری, Shirin=شیرین, Shahla=شهلا, Shahnaz=شهناز,
Shohreh=شهره, Sima=سیما, Simin=سیمین, Soraya=ثریا, Sedigheh=صدیقه, Somayeh=سمیه, Soheila=سهیلا,
Sara=سارا, Samaneh=سمانه, Sanaz=ساناز, Setareh=ستاره, Roya=رویا, Roghayeh=رقیه, Razieh=راضیه,
Marzieh=مرضیه, Mina=مینا, Minoo=مینو, Mahin=مهین, Mahnaz=مهناز, Mojgan=مژگان, Mahsa=مهسا,
Mehri=مهری, Nahid=ناهید, Nazanin=نازنین, Neda=ندا, Niloufar=نیلوفر, Noushin=نوشین,
Khadijeh=خدیجه, Kobra=کبری, Laleh=لاله, Ladan=لادن, Homa=هما, Hoda=هدی, Hamideh=حمیده,
Golnar=گلنار, Golnaz=گلناز, Farzaneh=فرزانه, Farideh=فریده, Fereshteh=فرشته, Forough=فروغ,
Elaheh=الهه, Elham=الهام, Azar=آذر, Azadeh=آزاده, Arezoo=آرزو, Akram=اکرم, Ashraf=اشرف,
Bahareh=بهاره, Behnaz=بهناز, Tahereh=طاهره, Taraneh=ترانه, Yasaman=یاسمن, Zhaleh=ژاله,
Zohreh=زهره
"""

_FAMILY = """
Mohammadi=محمدی, Hosseini=حسینی, Ahmadi=احمدی, Karimi=کریمی, Rahimi=رحیمی, Rezaei=رضایی,
Moradi=مرادی, Jafari=جعفری, Hashemi=هاشمی, Mousavi=موسوی, Kazemi=کاظمی, Ghasemi=قاسمی,
Heidari=حیدری, Ebrahimi=ابراهیمی, Esmaeili=اسماعیلی, Akbari=اکبری, Asghari=اصغری, Salehi=صالحی,
Sadeghi=صادقی, Bagheri=باقری, Abbasi=عباسی, Amiri=امیری, Amini=امینی, Azizi=عزیزی, Nazari=نظری,
Norouzi=نوروزی, Mahmoudi=محمودی, Yousefi=یوسفی, Soleimani=سلیمانی, Davoudi=داوودی,
Rostami=رستمی, Bahrami=بهرامی, Jamshidi=جمشیدی, Farhadi=فرهادی, Rashidi=رشیدی, Saeedi=سعیدی,
Hamidi=حمیدی, Majidi=مجیدی, Rafiei=رفیعی, Shafiei=شفیعی, Sharifi=شریفی, Habibi=حبیبی,
Najafi=نجفی, Taheri=طاهری, Zare=زارع, Zarei=زارعی, Bakhshi=بخشی, Ghorbani=قربانی, Gholami=غلامی,
Eskandari=اسکندری, Khosravi=خسروی, Parvizi=پرویزی, Maleki=ملکی, Mirzaei=میرزایی,
Shahbazi=شهبازی, Shirazi=شیرازی, Tehrani=تهرانی, Tabrizi=تبریزی, Kermani=کرمانی, Kashani=کاشانی,
Esfahani=اصفهانی, Khorasani=خراسانی, Gilani=گیلانی, Lotfi=لطفی, Fathi=فتحی, Vahidi=وحیدی,
Ansari=انصاری, Fallah=فلاح, Najjar=نجار, Haddad=حداد, Sayyad=صیاد, Attar=عطار,
Jafarzadeh=جعفرزاده, Akbarzadeh=اکبرزاده, Hosseinzadeh=حسین‌زاده, Gholizadeh=قلی‌زاده,
Hassanzadeh=حسن‌زاده, Rajabzadeh=رجب‌زاده, Mehdizadeh=مهدی‌زاده, Alizadeh=علیزاده,
Gholipour=قلی‌پور, Hosseinpour=حسین‌پور, Rahimpour=رحیم‌پور, Aminpour=امین‌پور,
Abbaspour=عباس‌پور, Mohammadpour=محمدپور, Alipour=علی‌پور, Mahmoudpour=محمودپور,
Hosseinnejad=حسین‌نژاد, Alinejad=علی‌نژاد, Hashemnejad=هاشم‌نژاد, Mohammadnejad=محمدنژاد,
Rezanejad=رضانژاد, Hosseinnia=حسین‌نیا, Salehnia=صالح‌نیا, Kamalinia=کمالی‌نیا,
Karimian=کریمیان, Rahimian=رحیمیان, Salehian=صالحیان, Akbarian=اکبریان, Saberifar=صابری‌فر,
Ahmadifar=احمدی‌فر, Amirkhani=امیرخانی, Alikhani=علیخانی, Mohammadkhani=محمدخانی,
Vatandoust=وطن‌دوست, Haghdoust=حق‌دوست, Yazdanparast=یزدان‌پرست, Rangraz=رنگرز, Zargar=زرگر,
Kaviani=کاویانی, Dehghan=دهقان, Dehghani=دهقانی
"""

NAMES = NameLists(
    member="IRN",
    script="Arab",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)

_PLACES = read_parts(
    """
Tabatabaei=طباطبایی, Asl=اصل, Far=فر, Nia=نیا, Moghaddam=مقدم, Arani=آرانی, Ardabili=اردبیلی,
Hamedani=همدانی, Kermanshahi=کرمانشاهی, Lahijani=لاهیجانی, Mashhadi=مشهدی, Qomi=قمی,
Rashti=رشتی, Sabzevari=سبزواری, Semnani=سمنانی, Yazdi=یزدی, Zanjani=زنجانی
"""
)
_PLACE_SHARE = 0.12


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw a given name and a family name, sometimes with a place or epithet behind it."""
    given = draw(rng, NAMES.male if sex == "M" else NAMES.female)
    family = draw(rng, NAMES.family)
    if rng.random() < _PLACE_SHARE:
        family = join_parts(family, draw(rng, _PLACES))
    return FullName(given, None, family, None, NAMES.script, sex, NAMES.member)
