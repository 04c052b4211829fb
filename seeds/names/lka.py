"""Sri Lanka: two communities, each with its own script, Sinhala and Tamil.

A person belongs to one of them, and all parts of the name with it. Sinhala people often have two
given names; Tamil people of the island mostly write the father's given name where others have a
family name. That the banks shorten given names to initials is the banks' matter, not decided here.
Conjuncts with ra and ya hold a zero-width joiner, as Sinhala spelling wants.
"""

import random

from seeds.names.model import FullName, NameLists
from seeds.names.pairs import join_parts, read_parts

_SINHALA_MALE = """
Sunil=සුනිල්, Nimal=නිමල්, Kamal=කමල්, Amal=අමල්, Wimal=විමල්, Sarath=සරත්, Chaminda=චමින්ද,
Ruwan=රුවන්, Saman=සමන්, Nuwan=නුවන්, Indika=ඉන්දික, Chandana=චන්දන, Jagath=ජගත්, Ajith=අජිත්,
Ranjith=රංජිත්, Lalith=ලලිත්, Upul=උපුල්, Anura=අනුර, Asanka=අසංක, Asela=අසේල, Bandula=බන්දුල,
Buddhika=බුද්ධික, Chathura=චතුර, Damith=දමිත්, Dinesh=දිනේෂ්, Dilan=දිලාන්, Dilshan=දිල්ෂාන්,
Duminda=දුමින්ද, Gamini=ගාමිණී, Gayan=ගයාන්, Hemantha=හේමන්ත, Harsha=හර්ෂ, Isuru=ඉසුරු,
Janaka=ජනක, Jayantha=ජයන්ත, Kapila=කපිල, Kasun=කසුන්, Kosala=කෝසල, Kumara=කුමාර, Lakmal=ලක්මාල්,
Lahiru=ලහිරු, Mahesh=මහේෂ්, Manjula=මංජුල, Nalaka=නාලක, Nishantha=නිශාන්ත, Palitha=පාලිත,
Pathum=පතුම්, Prasanna=ප්‍රසන්න, Pradeep=ප්‍රදීප්, Priyantha=ප්‍රියන්ත, Roshan=රොෂාන්,
Sampath=සම්පත්, Sanjeewa=සංජීව, Sudath=සුදත්, Sugath=සුගත්, Sumith=සුමිත්, Suresh=සුරේෂ්,
Tharindu=තරිඳු, Thilak=තිලක්, Thushara=තුෂාර, Udaya=උදය, Wasantha=වසන්ත, Chanaka=චානක,
Niroshan=නිරෝෂන්, Dhammika=ධම්මික, Ravindra=රවීන්ද්‍ර, Senaka=සේනක, Tudor=ටියුඩර්
"""

_SINHALA_FEMALE = """
Kumari=කුමාරි, Nilmini=නිල්මිණි, Champa=චම්පා, Nirosha=නිරෝෂා, Dilrukshi=දිල්රුක්ෂි, Anoma=අනෝමා,
Chandrika=චන්ද්‍රිකා, Deepika=දීපිකා, Geetha=ගීතා, Hema=හේමා, Indrani=ඉන්ද්‍රාණි, Jayanthi=ජයන්ති,
Kanthi=කාන්ති, Kusum=කුසුම්, Lalitha=ලලිතා, Lakmini=ලක්මිණි, Mallika=මල්ලිකා, Malani=මාලනී,
Mangalika=මංගලිකා, Nadeeka=නදීකා, Nayana=නයනා, Nilanthi=නිලන්ති, Nishanthi=නිශාන්ති, Padma=පද්මා,
Piyaseeli=පියසීලී, Priyanka=ප්‍රියංකා, Pushpa=පුෂ්පා, Ramya=රම්‍යා, Renuka=රේණුකා, Rohini=රෝහිණී,
Ruwanthi=රුවන්ති, Sandamali=සඳමාලි, Samanthi=සමන්ති, Sandhya=සන්ධ්‍යා, Shirani=ශිරානි,
Shiromala=ශිරෝමාලා, Somawathi=සෝමාවතී, Sujatha=සුජාතා, Sunethra=සුනේත්‍රා, Surangi=සුරංගි,
Suwarna=සුවර්ණා, Tharanga=තරංගා, Thilini=තිලිනි, Udeni=උදේනි, Wasanthi=වසන්ති, Vineetha=විනීතා,
Yamuna=යමුනා, Hasini=හසිනි, Imesha=ඉමේෂා, Iresha=ඉරේෂා, Chathurika=චතුරිකා, Buddhika=බුද්ධිකා,
Ayesha=අයේෂා, Niluka=නිලූකා, Dinusha=දිනූෂා, Rangika=රංගිකා
"""

_SINHALA_FAMILY = """
Perera=පෙරේරා, Silva=සිල්වා, De Silva=ද සිල්වා, Fernando=ප්‍රනාන්දු, Bandara=බණ්ඩාර,
Dissanayake=දිසානායක, Jayasuriya=ජයසූරිය, Jayawardena=ජයවර්ධන, Gunawardena=ගුණවර්ධන,
Gunasekara=ගුණසේකර, Gunathilaka=ගුණතිලක, Gunaratne=ගුණරත්න, Herath=හේරත්, Karunaratne=කරුණාරත්න,
Karunathilaka=කරුණාතිලක, Kulatunga=කුලතුංග, Kulasekara=කුලසේකර, Liyanage=ලියනගේ, Mendis=මෙන්ඩිස්,
De Mel=ද මෙල්, Peiris=පීරිස්, Ranasinghe=රණසිංහ, Ranatunga=රණතුංග, Ratnayake=රත්නායක,
Samaraweera=සමරවීර, Samarasinghe=සමරසිංහ, Seneviratne=සෙනෙවිරත්න, Sirisena=සිරිසේන,
Thilakaratne=තිලකරත්න, Wijesinghe=විජේසිංහ, Wijesekara=විජේසේකර, Wijeratne=විජේරත්න,
Weerasinghe=වීරසිංහ, Weerakoon=වීරකෝන්, Weerasekara=වීරසේකර, Abeysinghe=අබේසිංහ,
Abeysekara=අබේසේකර, Abeywardena=අබේවර්ධන, Amarasinghe=අමරසිංහ, Amarasekara=අමරසේකර,
Athapaththu=අතපත්තු, Balasuriya=බාලසූරිය, Basnayake=බස්නායක, Chandrasekara=චන්ද්‍රසේකර,
Dharmadasa=ධර්මදාස, Dharmasena=ධර්මසේන, Edirisinghe=එදිරිසිංහ, Ekanayake=එකනායක, Gamage=ගමගේ,
Hettiarachchi=හෙට්ටිආරච්චි, Hettige=හෙට්ටිගේ, Jayalath=ජයලත්, Jayamanne=ජයමාන්න,
Jayasekara=ජයසේකර, Jayasinghe=ජයසිංහ, Jayathilaka=ජයතිලක, Jayawickrama=ජයවික්‍රම,
Kodithuwakku=කොඩිතුවක්කු, Kumarasinghe=කුමාරසිංහ, Munasinghe=මුණසිංහ, Nanayakkara=නානායක්කාර,
Nawaratne=නවරත්න, Pathirana=පතිරණ, Pathiraja=පතිරාජ, Premadasa=ප්‍රේමදාස, Premaratne=ප්‍රේමරත්න,
Rajakaruna=රාජකරුණා, Ranaweera=රණවීර, Rupasinghe=රූපසිංහ, Soysa=සොයිසා, Subasinghe=සුබසිංහ,
Tennakoon=තෙන්නකෝන්, Udugama=උඩුගම, Wanniarachchi=වන්නිආරච්චි, Wickramasekara=වික්‍රමසේකර,
Vitharana=විතාරණ, Yapa=යාපා
"""

_TAMIL_MALE = """
Kumar=குமார், Raja=ராஜா, Rajan=ராஜன், Ravi=ரவி, Siva=சிவா, Sivakumar=சிவகுமார், Selvan=செல்வன்,
Selvarajah=செல்வராஜா, Ganeshan=கணேசன், Ganesh=கணேஷ், Murugan=முருகன், Murugesu=முருகேசு,
Kandasamy=கந்தசாமி, Kandiah=கந்தையா, Krishnan=கிருஷ்ணன், Nadarajah=நடராஜா, Nadesan=நடேசன்,
Nagarajah=நாகராஜா, Nagalingam=நாகலிங்கம், Balasingham=பாலசிங்கம்,
Balasubramaniam=பாலசுப்பிரமணியம், Balakrishnan=பாலகிருஷ்ணன், Parameswaran=பரமேஸ்வரன்,
Ponnambalam=பொன்னம்பலம், Ponniah=பொன்னையா, Pathmanathan=பத்மநாதன், Yogarajah=யோகராஜா,
Yoganathan=யோகநாதன், Dharmalingam=தர்மலிங்கம், Dharmarajah=தர்மராஜா, Thangarajah=தங்கராஜா,
Thiagarajah=தியாகராஜா, Thillainathan=தில்லைநாதன், Thurairajah=துரைராஜா, Thuraisingam=துரைசிங்கம்,
Shanmugam=சண்முகம், Shanmuganathan=சண்முகநாதன், Chandran=சந்திரன், Chandrakumar=சந்திரகுமார்,
Sabaratnam=சபாரத்தினம், Sathasivam=சதாசிவம், Sinnathamby=சின்னத்தம்பி, Sinniah=சின்னையா,
Sivapalan=சிவபாலன், Sivalingam=சிவலிங்கம், Sivanathan=சிவநாதன், Somasundaram=சோமசுந்தரம்,
Sundaralingam=சுந்தரலிங்கம், Subramaniam=சுப்பிரமணியம், Suresh=சுரேஷ், Ramesh=ரமேஷ்,
Rajeevan=ரஜீவன், Vigneswaran=விக்னேஸ்வரன், Vijayakumar=விஜயகுமார், Velupillai=வேலுப்பிள்ளை,
Velautham=வேலாயுதம், Vaithilingam=வைத்திலிங்கம், Vadivelu=வடிவேலு, Arunachalam=அருணாசலம்,
Amirthalingam=அமிர்தலிங்கம், Ananthan=ஆனந்தன், Rasiah=இராசையா, Ilango=இளங்கோ, Eswaran=ஈஸ்வரன்,
Gopal=கோபால், Jeyarajah=ஜெயராஜா, Mahendran=மகேந்திரன், Mohan=மோகன், Loganathan=லோகநாதன்,
Uthayan=உதயன்
"""

_TAMIL_FEMALE = """
Lakshmi=லட்சுமி, Saraswathy=சரஸ்வதி, Parvathy=பார்வதி, Meenakshi=மீனாட்சி, Kamakshi=காமாட்சி,
Malliga=மல்லிகா, Malar=மலர், Malathy=மாலதி, Malini=மாலினி, Manjula=மஞ்சுளா, Mangai=மங்கை,
Mangaleswary=மங்களேஸ்வரி, Maheswary=மகேஸ்வரி, Parameswary=பரமேஸ்வரி, Yogeswary=யோகேஸ்வரி,
Rajeswary=ராஜேஸ்வரி, Puvaneswary=புவனேஸ்வரி, Jegatheeswary=ஜெகதீஸ்வரி, Thanaluxmy=தனலட்சுமி,
Vijayaluxmy=விஜயலட்சுமி, Jeyaluxmy=ஜெயலட்சுமி, Nageswary=நாகேஸ்வரி, Nagamma=நாகம்மா,
Sellamma=செல்லம்மா, Thangamma=தங்கம்மா, Ponnamma=பொன்னம்மா, Annaluxmy=அன்னலட்சுமி, Kamala=கமலா,
Kamalini=கமலினி, Vimala=விமலா, Nirmala=நிர்மலா, Shanthi=சாந்தி, Vasanthi=வசந்தி, Jeyanthi=ஜெயந்தி,
Suganthy=சுகந்தி, Rajani=ரஜனி, Radhika=ராதிகா, Renuka=ரேணுகா, Sumathy=சுமதி, Sutha=சுதா,
Sujatha=சுஜாதா, Kavitha=கவிதா, Sangeetha=சங்கீதா, Tharshini=தர்ஷினி, Priya=பிரியா,
Priyatharshini=பிரியதர்ஷினி, Nila=நிலா, Nalini=நளினி, Vani=வாணி, Valli=வள்ளி, Thevika=தேவிகா,
Durga=துர்கா, Kala=கலா, Gowri=கௌரி, Uma=உமா, Indira=இந்திரா, Abirami=அபிராமி, Ananthy=ஆனந்தி,
Pathma=பத்மா
"""

_TAMIL_FAMILY = """
Ambalavanar=அம்பலவாணர், Appadurai=அப்பாத்துரை, Arumugam=ஆறுமுகம், Arulanantham=அருளானந்தம்,
Arulnesan=அருள்நேசன், Ramanathan=இராமநாதன், Rajaratnam=இராஜரத்தினம், Rajadurai=இராஜதுரை,
Ratnasingham=இரத்தினசிங்கம், Rasanayagam=இராசநாயகம், Ilayathamby=இளையதம்பி, Erambu=ஏரம்பு,
Kanagasabai=கனகசபை, Kanagaratnam=கனகரத்தினம், Kanagasundaram=கனகசுந்தரம்,
Kanapathipillai=கணபதிப்பிள்ளை, Kathiravelu=கதிரவேலு, Kathirgamanathan=கதிர்காமநாதன்,
Kandapillai=கந்தப்பிள்ளை, Karthigesu=கார்த்திகேசு, Kasipillai=காசிப்பிள்ளை, Kumaraswamy=குமாரசாமி,
Kumaravelu=குமாரவேலு, Kulasingam=குலசிங்கம், Kulendran=குலேந்திரன், Gunaratnam=குணரத்தினம்,
Gunasingam=குணசிங்கம், Kailasapillai=கைலாசபிள்ளை, Kailayanathan=கைலாயநாதன்,
Saravanamuttu=சரவணமுத்து, Sabapathy=சபாபதி, Sabanathan=சபாநாதன், Sathananthan=சதாநந்தன்,
Shanmugarajah=சண்முகராஜா, Selladurai=செல்லத்துரை, Chelliah=செல்லையா, Selvanayagam=செல்வநாயகம்,
Selvaratnam=செல்வரத்தினம், Senthilnathan=செந்தில்நாதன், Senathirajah=சேனாதிராஜா,
Chidambaranathan=சிதம்பரநாதன், Sittampalam=சிற்றம்பலம், Sinnappu=சின்னப்பு, Sinnarasa=சின்னராசா,
Sivagnanam=சிவஞானம், Sivasubramaniam=சிவசுப்பிரமணியம், Sivarajah=சிவராஜா,
Sundarampillai=சுந்தரம்பிள்ளை, Suppiah=சுப்பையா, Sothilingam=சோதிலிங்கம், Gnanasekaran=ஞானசேகரன்,
Gnanapragasam=ஞானப்பிரகாசம், Thambipillai=தம்பிப்பிள்ளை, Thambirajah=தம்பிராஜா, Thambiah=தம்பையா,
Thanigasalam=தணிகாசலம், Thamotharampillai=தாமோதரம்பிள்ளை, Tiruchelvam=திருச்செல்வம்,
Thirunavukarasu=திருநாவுக்கரசு, Duraiappah=துரையப்பா, Nallathamby=நல்லதம்பி, Nalliah=நல்லையா,
Navaratnam=நவரத்தினம், Nadesapillai=நடேசபிள்ளை, Panchalingam=பஞ்சலிங்கம்,
Pararajasingham=பரராஜசிங்கம், Pasupathy=பசுபதி, Perampalam=பேரம்பலம், Ponnuthurai=பொன்னுத்துரை,
Mahalingam=மகாலிங்கம், Mahadevan=மகாதேவன், Manickavasagar=மாணிக்கவாசகர், Manickam=மாணிக்கம்,
Muthucumaru=முத்துக்குமாரு, Muthiah=முத்தையா, Mylvaganam=மயில்வாகனம், Vallipuram=வல்லிபுரம்,
Vanniasingham=வன்னியசிங்கம், Viswanathan=விசுவநாதன், Vinayagamoorthy=விநாயகமூர்த்தி,
Veluswamy=வேலுச்சாமி, Vairavanathan=வைரவநாதன், Yogendra=யோகேந்திரா
"""

SINHALA = NameLists(
    member="LKA",
    script="Sinh",
    male=read_parts(_SINHALA_MALE),
    female=read_parts(_SINHALA_FEMALE),
    family=read_parts(_SINHALA_FAMILY),
)
TAMIL = NameLists(
    member="LKA",
    script="Taml",
    male=read_parts(_TAMIL_MALE),
    female=read_parts(_TAMIL_FEMALE),
    family=read_parts(_TAMIL_FAMILY),
)

# Both communities in one; `script` is that of the larger one. Whoever needs one script at a time
# takes SINHALA or TAMIL.
NAMES = NameLists(
    member="LKA",
    script="Sinh",
    male=SINHALA.male + TAMIL.male,
    female=SINHALA.female + TAMIL.female,
    family=SINHALA.family + TAMIL.family,
)

_TAMIL_SHARE = 0.3
_SECOND = 0.5
_FATHER = 0.6


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name of one community; ``script`` of the result tells which."""
    if rng.random() < _TAMIL_SHARE:
        return _compose_tamil(rng, sex)
    return _compose_sinhala(rng, sex)


def _compose_sinhala(rng: random.Random, sex: str) -> FullName:
    pool = SINHALA.male if sex == "M" else SINHALA.female
    given = rng.sample(pool, 2 if rng.random() < _SECOND else 1)
    family = rng.choice(SINHALA.family)
    return FullName(join_parts(*given), None, family, None, SINHALA.script, sex, SINHALA.member)


def _compose_tamil(rng: random.Random, sex: str) -> FullName:
    given = rng.choice(TAMIL.male if sex == "M" else TAMIL.female)
    fathers = [part for part in TAMIL.male if part != given]
    family = rng.choice(fathers if rng.random() < _FATHER else TAMIL.family)
    return FullName(given, None, family, None, TAMIL.script, sex, TAMIL.member)
