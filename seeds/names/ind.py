"""India: Devanagari.

Most names are a given name and a family name, with a second given name such as Kumar or Devi in
between now and then; about one person in seven has a single name and no family name at all.
Hindu and Sikh names on the one side and Muslim names on the other do not mix within a person.
"""

import random

from seeds.names.model import FullName, NameLists, Part
from seeds.names.pairs import join_parts, read_parts

_MALE = """
Ram=राम, Shyam=श्याम, Mohan=मोहन, Sohan=सोहन, Rajesh=राजेश, Rakesh=राकेश, Mukesh=मुकेश,
Suresh=सुरेश, Ramesh=रमेश, Mahesh=महेश, Dinesh=दिनेश, Ganesh=गणेश, Naresh=नरेश, Yogesh=योगेश,
Sanjay=संजय, Vijay=विजय, Ajay=अजय, Anil=अनिल, Sunil=सुनील, Sushil=सुशील, Amit=अमित, Sumit=सुमित,
Rohit=रोहित, Mohit=मोहित, Ajit=अजीत, Ranjit=रंजीत, Manoj=मनोज, Vinod=विनोद, Pramod=प्रमोद,
Ashok=अशोक, Alok=आलोक, Vivek=विवेक, Deepak=दीपक, Pankaj=पंकज, Neeraj=नीरज, Suraj=सूरज,
Vikas=विकास, Prakash=प्रकाश, Kailash=कैलाश, Harish=हरीश, Manish=मनीष, Ashish=आशीष, Santosh=संतोष,
Arun=अरुण, Varun=वरुण, Kiran=किरण, Krishna=कृष्ण, Gopal=गोपाल, Govind=गोविंद, Arjun=अर्जुन,
Bharat=भरत, Lakshman=लक्ष्मण, Shankar=शंकर, Shiv=शिव, Dev=देव, Rahul=राहुल, Naveen=नवीन,
Praveen=प्रवीण, Nitin=नितिन, Sachin=सचिन, Gaurav=गौरव, Saurabh=सौरभ, Abhishek=अभिषेक,
Hemant=हेमंत, Vasant=वसंत, Anand=आनंद, Rajendra=राजेंद्र, Surendra=सुरेंद्र, Mahendra=महेंद्र,
Virendra=वीरेंद्र, Jitendra=जितेंद्र, Dharmendra=धर्मेंद्र, Bhupendra=भूपेंद्र, Balwant=बलवंत,
Gurpreet=गुरप्रीत, Harpreet=हरप्रीत, Jaswant=जसवंत, Kuldeep=कुलदीप, Om=ओम
"""

_FEMALE = """
Sita=सीता, Geeta=गीता, Rita=रीता, Neeta=नीता, Sunita=सुनीता, Anita=अनीता, Vinita=विनीता,
Kavita=कविता, Savita=सविता, Mamta=ममता, Sangeeta=संगीता, Preeti=प्रीति, Jyoti=ज्योति, Aarti=आरती,
Bharti=भारती, Parvati=पार्वती, Saraswati=सरस्वती, Lakshmi=लक्ष्मी, Durga=दुर्गा, Radha=राधा,
Meera=मीरा, Usha=उषा, Asha=आशा, Nisha=निशा, Disha=दिशा, Pooja=पूजा, Rekha=रेखा, Sudha=सुधा,
Vidya=विद्या, Sandhya=संध्या, Neha=नेहा, Sneha=स्नेहा, Priya=प्रिया, Supriya=सुप्रिया, Maya=माया,
Chhaya=छाया, Jaya=जया, Vijaya=विजया, Kamla=कमला, Vimla=विमला, Nirmala=निर्मला, Urmila=उर्मिला,
Sheela=शीला, Sushila=सुशीला, Shakuntala=शकुंतला, Manju=मंजू, Anju=अंजू, Ranjana=रंजना,
Vandana=वंदना, Archana=अर्चना, Kalpana=कल्पना, Bhavna=भावना, Sadhna=साधना, Meena=मीना, Reena=रीना,
Beena=बीना, Shobha=शोभा, Prabha=प्रभा, Pushpa=पुष्पा, Chanda=चंदा, Gayatri=गायत्री,
Savitri=सावित्री, Indira=इंदिरा, Manpreet=मनप्रीत, Daljeet=दलजीत
"""

_FAMILY = """
Sharma=शर्मा, Verma=वर्मा, Gupta=गुप्ता, Singh=सिंह, Yadav=यादव, Mishra=मिश्रा, Tiwari=तिवारी,
Pandey=पांडे, Dubey=दुबे, Chaubey=चौबे, Tripathi=त्रिपाठी, Trivedi=त्रिवेदी, Chaturvedi=चतुर्वेदी,
Dwivedi=द्विवेदी, Shukla=शुक्ला, Awasthi=अवस्थी, Bajpai=बाजपेयी, Dixit=दीक्षित,
Agnihotri=अग्निहोत्री, Upadhyay=उपाध्याय, Joshi=जोशी, Pant=पंत, Bhatt=भट्ट, Negi=नेगी, Rawat=रावत,
Bisht=बिष्ट, Rana=राणा, Thakur=ठाकुर, Chauhan=चौहान, Rathore=राठौर, Parmar=परमार, Solanki=सोलंकी,
Tomar=तोमर, Bhadauria=भदौरिया, Agarwal=अग्रवाल, Goyal=गोयल, Mittal=मित्तल, Bansal=बंसल, Jain=जैन,
Garg=गर्ग, Singhal=सिंघल, Kapoor=कपूर, Khanna=खन्ना, Malhotra=मल्होत्रा, Mehra=मेहरा,
Chopra=चोपड़ा, Arora=अरोड़ा, Bhatia=भाटिया, Sethi=सेठी, Ahuja=आहूजा, Gill=गिल, Sandhu=संधू,
Dhillon=ढिल्लों, Grewal=ग्रेवाल, Brar=बराड़, Patel=पटेल, Shah=शाह, Mehta=मेहता, Desai=देसाई,
Parekh=पारेख, Patil=पाटिल, Deshmukh=देशमुख, Kulkarni=कुलकर्णी, Deshpande=देशपांडे, Jadhav=जाधव,
Pawar=पवार, Shinde=शिंदे, More=मोरे, Gaikwad=गायकवाड़, Kamble=कांबले, Chavan=चव्हाण, Kumar=कुमार,
Prasad=प्रसाद, Lal=लाल, Chand=चंद, Das=दास, Rai=राय, Sinha=सिन्हा, Sahay=सहाय,
Srivastava=श्रीवास्तव, Saxena=सक्सेना, Mathur=माथुर, Bhatnagar=भटनागर, Nigam=निगम,
Kushwaha=कुशवाहा, Maurya=मौर्य, Paswan=पासवान, Manjhi=मांझी, Sahu=साहू, Patnaik=पटनायक,
Mahto=महतो, Meena=मीणा
"""

_MUSLIM_MALE = """
Mohammad=मोहम्मद, Abdul=अब्दुल, Imran=इमरान, Salim=सलीम, Nadeem=नदीम, Wasim=वसीम, Shamim=शमीम,
Zakir=ज़ाकिर, Shakir=शाकिर, Asif=आसिफ़, Arif=आरिफ़, Yusuf=यूसुफ़, Iqbal=इक़बाल, Firoz=फ़िरोज़,
Javed=जावेद, Parvez=परवेज़
"""

_MUSLIM_FEMALE = """
Fatima=फ़ातिमा, Ayesha=आयशा, Shabana=शबाना, Rukhsana=रुख़साना, Naseem=नसीम, Zeenat=ज़ीनत,
Salma=सलमा, Parveen=परवीन, Shaheen=शाहीन, Mumtaz=मुमताज़, Nazneen=नाज़नीन, Rehana=रेहाना
"""

_MUSLIM_FAMILY = """
Khan=ख़ान, Ansari=अंसारी, Qureshi=क़ुरैशी, Siddiqui=सिद्दीक़ी, Shaikh=शेख़, Ahmad=अहमद, Ali=अली,
Hussain=हुसैन, Syed=सैयद, Pathan=पठान, Malik=मलिक, Mansuri=मंसूरी
"""

_HINDU = NameLists(
    member="IND",
    script="Deva",
    male=read_parts(_MALE),
    female=read_parts(_FEMALE),
    family=read_parts(_FAMILY),
)
_MUSLIM = NameLists(
    member="IND",
    script="Deva",
    male=read_parts(_MUSLIM_MALE),
    female=read_parts(_MUSLIM_FEMALE),
    family=read_parts(_MUSLIM_FAMILY),
)
_MIDDLE_MALE = read_parts("Kumar=कुमार, Prasad=प्रसाद, Lal=लाल, Chandra=चंद्र, Nath=नाथ")
_MIDDLE_FEMALE = read_parts("Devi=देवी, Kumari=कुमारी, Rani=रानी, Bai=बाई")

_SINGLE = 0.15
_MIDDLE = 0.25
_MUSLIM_SHARE = 0.15

NAMES = NameLists(
    member="IND",
    script="Deva",
    male=_HINDU.male + _MUSLIM.male,
    female=_HINDU.female + _MUSLIM.female,
    family=_HINDU.family + _MUSLIM.family,
)


def _choose_given(rng: random.Random, sex: str, lists: NameLists) -> Part:
    given = rng.choice(lists.male if sex == "M" else lists.female)
    if lists is _MUSLIM or rng.random() >= _MIDDLE:
        return given
    middle = rng.choice(_MIDDLE_MALE if sex == "M" else _MIDDLE_FEMALE)
    return join_parts(given, middle)


def compose(rng: random.Random, sex: str) -> FullName:
    """Compose one name of one community, without a family name 15 times in a hundred."""
    lists = _MUSLIM if rng.random() < _MUSLIM_SHARE else _HINDU
    given = _choose_given(rng, sex, lists)
    family = None if rng.random() < _SINGLE else rng.choice(lists.family)
    return FullName(given, None, family, None, NAMES.script, sex, NAMES.member)
