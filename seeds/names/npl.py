"""Nepal: Devanagari.

A given name, very often a middle name that belongs to it (Bahadur, Kumar, Prasad for men; Maya,
Kumari, Devi for women), then the family name.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import join_parts, read_parts

_MALE = """
Ram=राम, Shyam=श्याम, Hari=हरि, Krishna=कृष्ण, Gopal=गोपाल, Govinda=गोविन्द, Bishnu=विष्णु,
Shiva=शिव, Ganesh=गणेश, Mahesh=महेश, Dinesh=दिनेश, Suresh=सुरेश, Ramesh=रमेश, Rajesh=राजेश,
Mukesh=मुकेश, Naresh=नरेश, Yogesh=योगेश, Umesh=उमेश, Rupesh=रूपेश, Dipesh=दिपेश, Rajan=राजन,
Raju=राजु, Sanjay=सञ्जय, Bijay=विजय, Ajay=अजय, Arjun=अर्जुन, Bhim=भीम, Nakul=नकुल, Sahadev=सहदेव,
Laxman=लक्ष्मण, Bharat=भरत, Shankar=शंकर, Narayan=नारायण, Madhav=माधव, Keshav=केशव, Mohan=मोहन,
Som=सोम, Mangal=मंगल, Buddhi=बुद्धि, Tek=टेक, Tej=तेज, Dhan=धन, Man=मान, Prem=प्रेम, Purna=पूर्ण,
Padam=पदम, Bir=वीर, Sher=शेर, Jit=जित, Indra=इन्द्र, Chandra=चन्द्र, Surya=सूर्य, Gyan=ज्ञान,
Dil=दिल, Lok=लोक, Nar=नर, Kul=कुल, Khadga=खड्ग, Dambar=डम्बर, Ganga=गंगा, Yam=यम, Anil=अनिल,
Sunil=सुनिल, Prakash=प्रकाश, Bikash=विकास, Santosh=सन्तोष, Manoj=मनोज, Deepak=दीपक, Bibek=विवेक,
Sandip=सन्दीप, Pradip=प्रदीप, Sudip=सुदीप, Niraj=निरज, Sagar=सागर, Suman=सुमन, Roshan=रोशन,
Milan=मिलन, Kiran=किरण, Arpan=अर्पण, Bishal=विशाल, Saroj=सरोज, Pasang=पासाङ, Dawa=दावा, Nima=निमा,
Phurba=फुर्बा, Tenzing=तेन्जिङ
"""

_FEMALE = """
Sita=सीता, Gita=गीता, Rita=रीता, Mina=मीना, Laxmi=लक्ष्मी, Saraswati=सरस्वती, Parbati=पार्वती,
Durga=दुर्गा, Kali=काली, Radha=राधा, Rukmini=रुक्मिणी, Devaki=देवकी, Yashoda=यशोदा,
Ambika=अम्बिका, Chandra=चन्द्रा, Indira=इन्दिरा, Kamala=कमला, Bimala=विमला, Nirmala=निर्मला,
Sharmila=शर्मिला, Urmila=उर्मिला, Sushila=सुशीला, Shova=शोभा, Prabha=प्रभा, Usha=उषा, Asha=आशा,
Nisha=निशा, Puja=पूजा, Sunita=सुनिता, Anita=अनिता, Sabita=सविता, Kabita=कविता, Sarita=सरिता,
Mamata=ममता, Sangita=संगीता, Pramila=प्रमिला, Bhagawati=भगवती, Maiya=मैया, Maya=माया,
Sumitra=सुमित्रा, Janaki=जानकी, Manju=मञ्जु, Anju=अञ्जु, Sanju=सञ्जु, Ranjana=रञ्जना,
Bandana=वन्दना, Archana=अर्चना, Kalpana=कल्पना, Sirjana=सिर्जना, Bipana=विपना, Sapana=सपना,
Rojina=रोजिना, Srijana=सृजना, Pratima=प्रतिमा, Goma=गोमा, Tika=टिका, Dilli=डिल्ली,
Dhanmaya=धनमाया, Manmaya=मनमाया, Balkumari=बालकुमारी, Pabitra=पवित्रा, Tulasi=तुलसी, Yamuna=यमुना,
Ganga=गंगा, Lhamu=ल्हामु, Dolma=डोल्मा, Pema=पेमा, Yangji=याङ्जी, Mandira=मन्दिरा, Rama=रमा
"""

_FAMILY = """
Shrestha=श्रेष्ठ, Maharjan=महर्जन, Shakya=शाक्य, Bajracharya=बज्राचार्य, Tuladhar=तुलाधर,
Joshi=जोशी, Amatya=अमात्य, Pradhan=प्रधान, Manandhar=मानन्धर, Dangol=डंगोल, Shilpakar=शिल्पकार,
Chitrakar=चित्रकार, Ranjit=रञ्जित, Nakarmi=नकर्मी, Tamang=तामाङ, Gurung=गुरुङ, Magar=मगर,
Thapa=थापा, Rana=राना, Pun=पुन, Gharti=घर्ती, Budhathoki=बुढाथोकी, Ale=आले, Rai=राई, Limbu=लिम्बु,
Sherpa=शेर्पा, Lama=लामा, Ghale=घले, Moktan=मोक्तान, Yonjan=योन्जन, Thokar=थोकर, Sunuwar=सुनुवार,
Thami=थामी, Majhi=माझी, Danuwar=दनुवार, Tharu=थारू, Chaudhary=चौधरी, Yadav=यादव, Mahato=महतो,
Mandal=मण्डल, Sah=साह, Gupta=गुप्ता, Jha=झा, Mishra=मिश्र, Thakur=ठाकुर, Karna=कर्ण,
Paswan=पासवान, Singh=सिंह, Adhikari=अधिकारी, Bhattarai=भट्टराई, Poudel=पौडेल, Acharya=आचार्य,
Sharma=शर्मा, Upadhyaya=उपाध्याय, Subedi=सुवेदी, Ghimire=घिमिरे, Dhakal=ढकाल, Koirala=कोइराला,
Pokharel=पोखरेल, Rijal=रिजाल, Khanal=खनाल, Aryal=अर्याल, Gyawali=ज्ञवाली, Panthi=पन्थी,
Pandey=पाण्डे, Tiwari=तिवारी, Bhatta=भट्ट, Panta=पन्त, Ojha=ओझा, Awasthi=अवस्थी,
Lamichhane=लामिछाने, Timilsina=तिमिल्सिना, Regmi=रेग्मी, Sapkota=सापकोटा, Neupane=नेउपाने,
Gautam=गौतम, Baral=बराल, Lohani=लोहनी, Parajuli=पराजुली, Chapagain=चापागाईं, Kafle=काफ्ले,
Devkota=देवकोटा, Gauli=गौली, Sigdel=सिग्देल, Mainali=मैनाली, Dahal=दाहाल, Kattel=कट्टेल,
Lamsal=लम्साल, Baskota=बास्कोटा, Karki=कार्की, Basnet=बस्नेत, Khadka=खड्का, Khatri=खत्री,
Chhetri=क्षेत्री, Bhandari=भण्डारी, Rawal=रावल, Bohara=बोहरा, Bista=बिष्ट, Mahara=महरा,
Dhami=धामी, Air=ऐर, Saud=साउद, Shahi=शाही, Bishwakarma=विश्वकर्मा, Pariyar=परियार, Nepali=नेपाली,
Darji=दर्जी, Sarki=सार्की
"""

_MIDDLE_MALE = read_parts(
    "Bahadur=बहादुर, Kumar=कुमार, Prasad=प्रसाद, Raj=राज, Nath=नाथ, Man=मान, Lal=लाल"
)
_MIDDLE_FEMALE = read_parts("Maya=माया, Kumari=कुमारी, Devi=देवी, Laxmi=लक्ष्मी, Shova=शोभा")
_MIDDLE = 0.65

NAMES = NameLists(
    member="NPL",
    script="Deva",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)


def _choose_given(rng: random.Random, sex: str) -> Part:
    given = rng.choice(NAMES.male if sex == "M" else NAMES.female)
    middle = rng.choice(_MIDDLE_MALE if sex == "M" else _MIDDLE_FEMALE)
    if rng.random() >= _MIDDLE or middle.local in given.local:
        return given
    return join_parts(given, middle)


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name: two in three with a middle name, which is written with the given name."""
    given = _choose_given(rng, sex)
    family = rng.choice(NAMES.family)
    return FullName(given, None, family, None, NAMES.script, sex, NAMES.member)
