"""Names of Azerbaijan, in Azerbaijani Latin.

Papers write family, given name and the father's name with oğlu (son) or qızı (daughter).
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import draw, read_parts
from seeds.names.soviet import inflect_families

_MALE = """
Abbas=Abbas, Adil=Adil, Afgan=Əfqan, Aga=Ağa, Ahmad=Əhməd, Akif=Akif, Akbar=Əkbər,
Alakbar=Ələkbər, Ali=Əli, Aliagha=Əliağa, Alim=Alim, Alisahib=Əlisahib, Anar=Anar, Anvar=Ənvər,
Araz=Araz, Arif=Arif, Asad=Əsəd, Asif=Asif, Aydin=Aydın, Azad=Azad, Azer=Azər, Aziz=Əziz,
Bakhtiyar=Bəxtiyar, Bahram=Bəhram, Bahruz=Bəhruz, Jeyhun=Ceyhun, Elchin=Elçin, Eldar=Eldar,
Elkhan=Elxan, Elman=Elman, Elmar=Elmar, Elnur=Elnur, Elshad=Elşad, Elshan=Elşən, Emin=Emin,
Etibar=Etibar, Fakhri=Fəxri, Farhad=Fərhad, Farid=Fərid, Fariz=Fariz, Fikrat=Fikrət,
Firudin=Firudin, Fuad=Fuad, Habib=Həbib, Hafiz=Hafiz, Hasan=Həsən, Heydar=Heydər, Huseyn=Hüseyn,
Ibrahim=İbrahim, Ilgar=İlqar, Ilham=İlham, Ilkin=İlkin, Imran=İmran, Isa=İsa, Islam=İslam,
Ismayil=İsmayıl, Javad=Cavad, Javid=Cavid, Jafar=Cəfər, Jalal=Cəlal, Jamal=Camal, Kamal=Kamal,
Kamran=Kamran, Karim=Kərim, Khalid=Xalid, Khalil=Xəlil, Khayal=Xəyal, Mahammad=Məhəmməd,
Mahir=Mahir, Mammad=Məmməd, Mehdi=Mehdi, Mirza=Mirzə, Mubariz=Mübariz, Murad=Murad, Musa=Musa,
Namig=Namiq, Natig=Natiq, Nazim=Nazim, Nijat=Nicat, Nizami=Nizami, Novruz=Novruz, Orkhan=Orxan,
Parviz=Pərviz, Rafig=Rafiq, Ramiz=Ramiz, Rashad=Rəşad, Rasim=Rasim, Rauf=Rauf, Rovshan=Rövşən,
Ruslan=Ruslan, Rustam=Rüstəm, Sabir=Sabir, Said=Səid, Samir=Samir, Shahin=Şahin, Tahir=Tahir,
Taleh=Taleh, Tofig=Tofiq, Tural=Tural, Turan=Turan, Vagif=Vaqif, Vugar=Vüqar, Yusif=Yusif,
Zaur=Zaur, Zakir=Zakir
"""

_FEMALE = """
Afag=Afaq, Afsana=Əfsanə, Aida=Aidə, Aygun=Aygün, Aynur=Aynur, Aysel=Aysel, Aytaj=Aytac,
Arzu=Arzu, Aliya=Aliyə, Amina=Əminə, Aziza=Əzizə, Basti=Bəsti, Dilara=Dilarə, Dilbar=Dilbər,
Elmira=Elmira, Elnara=Elnarə, Esmira=Esmira, Farida=Fəridə, Fatima=Fatimə, Fidan=Fidan,
Firuza=Firuzə, Gulnar=Gülnar, Gulnara=Gülnarə, Gulshan=Gülşən, Gulchohra=Gülçöhrə, Gunay=Günay,
Gunel=Günel, Hijran=Hicran, Humay=Humay, Irada=İradə, Jamila=Cəmilə, Jeyran=Ceyran,
Kamala=Kəmalə, Khadija=Xədicə, Khalida=Xalidə, Khatira=Xatirə, Konul=Könül, Kubra=Kübra,
Lala=Lalə, Leyla=Leyla, Lamiya=Lamiyə, Mahbuba=Məhbubə, Malahat=Məlahət, Maryam=Məryəm,
Matanat=Mətanət, Mehriban=Mehriban, Nargiz=Nərgiz, Narmin=Nərmin, Nazakat=Nəzakət, Nazli=Nazlı,
Nigar=Nigar, Nurana=Nuranə, Nushaba=Nüşabə, Parvana=Pərvanə, Rahima=Rəhimə, Rana=Rəna,
Raya=Rayə, Rena=Rena, Roya=Röya, Sabina=Səbinə, Sadagat=Sədaqət, Saida=Səidə, Samira=Samirə,
Sara=Sara, Sevda=Sevda, Sevil=Sevil, Sevinj=Sevinc, Shafiga=Şəfiqə, Shahla=Şəhla,
Shahnaz=Şəhnaz, Solmaz=Solmaz, Sudaba=Südabə, Tahmina=Təhminə, Tarana=Təranə, Tunzala=Tünzalə,
Turkan=Türkan, Ulduz=Ulduz, Ulkar=Ülkər, Vafa=Vəfa, Yegana=Yeganə, Zahra=Zəhra, Zarifa=Zərifə,
Zeynab=Zeynəb, Zulfiya=Zülfiyə
"""

_FAMILY = """
Abbasov=Abbasov, Abdullayev=Abdullayev, Abilov=Əbilov, Adilov=Adilov, Aghayev=Ağayev,
Aghazade=Ağazadə, Ahmadov=Əhmədov, Akbarov=Əkbərov, Alakbarov=Ələkbərov, Alasgarov=Ələsgərov,
Aliyev=Əliyev, Alizade=Əlizadə, Allahverdiyev=Allahverdiyev, Amirov=Əmirov, Aslanov=Aslanov,
Asadov=Əsədov, Asgarov=Əsgərov, Ashrafov=Əşrəfov, Azimov=Əzimov, Azizov=Əzizov, Babayev=Babayev,
Badalov=Bədəlov, Baghirov=Bağırov, Bakhshiyev=Baxşıyev, Bayramov=Bayramov, Dadashov=Dadaşov,
Eyvazov=Eyvazov, Farajov=Fərəcov, Farzaliyev=Fərzəliyev, Fataliyev=Fətəliyev, Gadirov=Qədirov,
Gafarov=Qafarov, Gahramanov=Qəhrəmanov, Garayev=Qarayev, Gasimov=Qasımov, Gasimli=Qasımlı,
Gojayev=Qocayev, Guliyev=Quliyev, Guluzade=Quluzadə, Gurbanov=Qurbanov, Gurbanli=Qurbanlı,
Hajiyev=Hacıyev, Hajizade=Hacızadə, Hamidov=Həmidov, Hasanov=Həsənov, Hasanli=Həsənli,
Hashimov=Haşımov, Heydarov=Heydərov, Humbatov=Hümbətov, Huseynov=Hüseynov, Huseynli=Hüseynli,
Huseynzade=Hüseynzadə, Ibadov=İbadov, Ibrahimov=İbrahimov, Ibrahimli=İbrahimli,
Iskandarov=İskəndərov, Ismayilov=İsmayılov, Ismayilzade=İsmayılzadə, Jabbarov=Cabbarov,
Jafarov=Cəfərov, Jafarli=Cəfərli, Jalilov=Cəlilov, Javadov=Cavadov, Kamalov=Kamalov,
Karimov=Kərimov, Karimli=Kərimli, Kazimov=Kazımov, Khalilov=Xəlilov, Khalilzade=Xəlilzadə,
Khudiyev=Xudiyev, Latifov=Lətifov, Maharramov=Məhərrəmov, Mahmudov=Mahmudov, Majidov=Məcidov,
Mammadov=Məmmədov, Mammadli=Məmmədli, Mammadzade=Məmmədzadə, Mansurov=Mansurov,
Mehdiyev=Mehdiyev, Mikayilov=Mikayılov, Mirzayev=Mirzəyev, Muradov=Muradov, Muradli=Muradlı,
Musayev=Musayev, Mustafayev=Mustafayev, Mutallimov=Mütəllimov, Naghiyev=Nağıyev,
Najafov=Nəcəfov, Nasirov=Nəsirov, Nazarov=Nəzərov, Novruzov=Novruzov, Nuriyev=Nuriyev,
Orujov=Orucov, Osmanov=Osmanov, Panahov=Pənahov, Pashayev=Paşayev, Rahimov=Rəhimov,
Rajabov=Rəcəbov, Ramazanov=Ramazanov, Rasulov=Rəsulov, Rustamov=Rüstəmov, Rzayev=Rzayev,
Sadigov=Sadıqov, Safarov=Səfərov, Salimov=Səlimov, Samadov=Səmədov, Shahbazov=Şahbazov,
Shirinov=Şirinov, Shukurov=Şükürov, Suleymanov=Süleymanov, Sultanov=Sultanov, Taghiyev=Tağıyev,
Tahirov=Tahirov, Valiyev=Vəliyev, Yusifov=Yusifov, Yusifli=Yusifli, Zeynalov=Zeynalov
"""

NAMES = NameLists(
    member="AZE",
    script="Latn",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
    family_female=inflect_families(read_parts(_FAMILY)),
)

_FATHER_WORDS = {"M": Part(" oğlu", " oghlu"), "F": Part(" qızı", " gizi")}


def compose(rng: random.Random, sex: str) -> FullName:
    """Draw family, given name and the father's name with oğlu or qızı."""
    is_male = sex == "M"
    given = draw(rng, NAMES.male if is_male else NAMES.female)
    family = draw(rng, NAMES.family if is_male else NAMES.family_female)
    father = draw(rng, NAMES.male, unlike=given)
    word = _FATHER_WORDS[sex]
    patronymic = Part(father.local + word.local, father.latin + word.latin)
    return FullName(given, patronymic, family, None, NAMES.script, sex, NAMES.member)
