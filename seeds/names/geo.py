"""Georgia: Mkhedruli, which has no capital letters.

A name is a given name and a family name; the ending of the family name tells the region (-shvili
east, -dze west, -ia and -ua Samegrelo, -ani Svaneti), and is the same for men and women. Latin
forms follow the national system of 2002 without its apostrophes, as passports have them.
"""

import random

from seeds.names.model import FullName, NameLists
from seeds.names.pairs import read_parts

_MALE = """
Giorgi=გიორგი, Davit=დავით, Levan=ლევან, Irakli=ირაკლი, Nikoloz=ნიკოლოზ, Zurab=ზურაბ,
Teimuraz=თეიმურაზ, Vakhtang=ვახტანგ, Mamuka=მამუკა, Zaza=ზაზა, Kakha=კახა, Gocha=გოჩა, Gela=გელა,
Gia=გია, Giga=გიგა, Gigi=გიგი, Goga=გოგა, Guram=გურამ, Dato=დათო, Dimitri=დიმიტრი, Elguja=ელგუჯა,
Emzar=ემზარ, Vazha=ვაჟა, Valeri=ვალერი, Vano=ვანო, Vasil=ვასილ, Vako=ვაკო, Zviad=ზვიად,
Tamaz=თამაზ, Tengiz=თენგიზ, Temur=თემურ, Tornike=თორნიკე, Iakob=იაკობ, Ivane=ივანე, Ilia=ილია,
Ioseb=იოსებ, Iuri=იური, Koba=კობა, Konstantine=კონსტანტინე, Lasha=ლაშა, Lado=ლადო, Luka=ლუკა,
Malkhaz=მალხაზ, Merab=მერაბ, Mikheil=მიხეილ, Murman=მურმან, Murtaz=მურთაზ, Nika=ნიკა, Nodar=ნოდარ,
Nugzar=ნუგზარ, Omar=ომარ, Otar=ოთარ, Paata=პაატა, Pavle=პავლე, Petre=პეტრე, Ramaz=რამაზ,
Rati=რატი, Revaz=რევაზ, Rezo=რეზო, Roman=რომან, Ruslan=რუსლან, Sandro=სანდრო, Saba=საბა,
Sergo=სერგო, Simon=სიმონ, Soso=სოსო, Sulkhan=სულხან, Tariel=ტარიელ, Ucha=უჩა, Pridon=ფრიდონ,
Kartlos=ქართლოს, Shalva=შალვა, Shota=შოთა, Jaba=ჯაბა, Jemal=ჯემალ, Joni=ჯონი, Jumber=ჯუმბერ,
Khvicha=ხვიჩა, Besik=ბესიკ, Badri=ბადრი, Beka=ბექა, Aleko=ალეკო, Avtandil=ავთანდილ, Archil=არჩილ,
Anzor=ანზორ, Amiran=ამირან
"""

_FEMALE = """
Nino=ნინო, Tamar=თამარ, Mariam=მარიამ, Ana=ანა, Nana=ნანა, Natela=ნათელა, Nato=ნატო,
Natalia=ნატალია, Ekaterine=ეკატერინე, Elene=ელენე, Eter=ეთერ, Ketevan=ქეთევან, Keti=ქეთი,
Maia=მაია, Maka=მაკა, Manana=მანანა, Marina=მარინა, Marine=მარინე, Maqvala=მაყვალა, Medea=მედეა,
Mzia=მზია, Lali=ლალი, Lana=ლანა, Leila=ლეილა, Lela=ლელა, Lia=ლია, Lika=ლიკა, Lili=ლილი, Lizi=ლიზი,
Irina=ირინა, Irma=ირმა, Izolda=იზოლდა, Iamze=იამზე, Ia=ია, Tatia=თათია, Tea=თეა, Teona=თეონა,
Tina=თინა, Tinatin=თინათინ, Tiko=თიკო, Tekla=თეკლა, Salome=სალომე, Sopio=სოფიო, Sopo=სოფო,
Shorena=შორენა, Rusudan=რუსუდან, Gulnara=გულნარა, Gvantsa=გვანცა, Dali=დალი, Darejan=დარეჯან,
Diana=დიანა, Elza=ელზა, Eliso=ელისო, Veriko=ვერიკო, Venera=ვენერა, Zeinab=ზეინაბ, Naira=ნაირა,
Nestani=ნესტანი, Nona=ნონა, Nunu=ნუნუ, Nutsa=ნუცა, Khatuna=ხათუნა, Khatia=ხატია, Tsira=ცირა,
Tsitsino=ციცინო, Tsiala=ციალა, Zhana=ჟანა, Zhuzhuna=ჟუჟუნა, Barbare=ბარბარე, Ani=ანი,
Anastasia=ანასტასია
"""

_FAMILY = """
Beridze=ბერიძე, Kapanadze=კაპანაძე, Gelashvili=გელაშვილი, Maisuradze=მაისურაძე,
Giorgadze=გიორგაძე, Lomidze=ლომიძე, Tsiklauri=წიკლაური, Kvaratskhelia=კვარაცხელია, Nozadze=ნოზაძე,
Khutsishvili=ხუციშვილი, Abashidze=აბაშიძე, Abuladze=აბულაძე, Antadze=ანთაძე, Arabuli=არაბული,
Asatiani=ასათიანი, Bakhtadze=ბახტაძე, Bakradze=ბაქრაძე, Baramidze=ბარამიძე, Bendeliani=ბენდელიანი,
Bolkvadze=ბოლქვაძე, Burduli=ბურდული, Gabunia=გაბუნია, Gagua=გაგუა, Gamqrelidze=გამყრელიძე,
Gaprindashvili=გაფრინდაშვილი, Gvelesiani=გველესიანი, Gogichashvili=გოგიჩაშვილი,
Gogoladze=გოგოლაძე, Guliashvili=გულიაშვილი, Gurgenidze=გურგენიძე, Davitashvili=დავითაშვილი,
Dvali=დვალი, Dolidze=დოლიძე, Eliava=ელიავა, Esebua=ესებუა, Vashakidze=ვაშაკიძე, Zarandia=ზარანდია,
Zoidze=ზოიძე, Tavadze=თავაძე, Tevzadze=თევზაძე, Todua=თოდუა, Iashvili=იაშვილი,
Ioseliani=იოსელიანი, Kakabadze=კაკაბაძე, Kakauridze=კაკაურიძე, Kalandadze=კალანდაძე,
Kandelaki=კანდელაკი, Kvirikadze=კვირიკაძე, Kiknadze=კიკნაძე, Kobaladze=კობალაძე,
Kopaliani=კოპალიანი, Labadze=ლაბაძე, Loria=ლორია, Lursmanashvili=ლურსმანაშვილი,
Mamaladze=მამალაძე, Mamukashvili=მამუკაშვილი, Margiani=მარგიანი, Machavariani=მაჭავარიანი,
Meladze=მელაძე, Meskhi=მესხი, Mikadze=მიქაძე, Mikeladze=მიქელაძე, Mchedlishvili=მჭედლიშვილი,
Nadiradze=ნადირაძე, Nakashidze=ნაკაშიძე, Nikolaishvili=ნიკოლაიშვილი, Oniani=ონიანი,
Okruashvili=ოქრუაშვილი, Pataraia=პატარაია, Papiashvili=პაპიაშვილი, Zhvania=ჟვანია,
Zhorzholiani=ჟორჟოლიანი, Razmadze=რაზმაძე, Ratiani=რატიანი, Rostiashvili=როსტიაშვილი,
Samkharadze=სამხარაძე, Samadashvili=სამადაშვილი, Sulaberidze=სულაბერიძე, Sichinava=სიჭინავა,
Tabatadze=ტაბატაძე, Tqeshelashvili=ტყეშელაშვილი, Ugrekhelidze=უგრეხელიძე, Pipia=ფიფია,
Pirtskhalava=ფირცხალავა, Kavtaradze=ქავთარაძე, Kurdiani=ქურდიანი, Ghviniashvili=ღვინიაშვილი,
Ghonghadze=ღონღაძე, Qipiani=ყიფიანი, Qurashvili=ყურაშვილი, Shengelia=შენგელია,
Sharashidze=შარაშიძე, Shonia=შონია, Chkheidze=ჩხეიძე, Chikovani=ჩიქოვანი, Chkhaidze=ჩხაიძე,
Tsintsadze=ცინცაძე, Tskhadaia=ცხადაია, Dzidziguri=ძიძიგური, Dzamashvili=ძამაშვილი,
Tsereteli=წერეთელი, Tsuladze=წულაძე, Chanturia=ჭანტურია, Chelidze=ჭელიძე, Kharaishvili=ხარაიშვილი,
Khvedelidze=ხვედელიძე, Janelidze=ჯანელიძე, Japaridze=ჯაფარიძე, Janashia=ჯანაშია, Jikia=ჯიქია
"""

NAMES = NameLists(
    member="GEO",
    script="Geor",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name: a given name and a family name."""
    given = rng.choice(NAMES.male if sex == "M" else NAMES.female)
    family = rng.choice(NAMES.family)
    return FullName(given, None, family, None, NAMES.script, sex, NAMES.member)
