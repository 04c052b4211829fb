"""What columns and tables are called, in the languages of the members, in their letters and ours.

Only words that people really put into schemas: the guess is a beginning, not a dictionary. A word
that means several things stands where it most often belongs; the table around it decides the rest.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COLUMNS", "TABLES", "VARIANTS"]

COLUMNS: Final = {
    "given": """
        first name, firstname, fname, given name, given names, given, forename, name1,
        ном, nom, имя, имена, imya, ad, adı, adi, aty, аты, есімі, esimi, ism, исм, ismi, исми,
        номи, nomi, სახელი, saxeli, sakheli, نام, nam, naam, isim, първо име, նախանուն
    """,
    "family": """
        фам, fam, lst nm,
        last name, lastname, lname, surname, family name, family, sn, ln, second name, фамилия,
        familiya, soyad, soyadı, soyadi, тегі, tegi, фамилиясы, familiyasi, насаб, nasab,
        gvari, გვარი, نام خانوادگی, nam khanevadegi, تخلص, takhallus, thar, थर, vasagama
    """,
    "patronymic": """
        отч, otch, walid ka naam, valid ka naam, pidar, father husband name,
        middle name, patronymic, father name, fathers name, father, отчество, otchestvo,
        ata adı, ata adi, baba adı, akesinin aty, әкесінің аты, атасынын аты, атасының аты,
        otasining ismi, номи падар, nomi padar, mamis sakheli, მამის სახელი, نام پدر,
        nam pedar, walad, pita, pita nam, babuko nam, बाबुको नाम, father s name, ata ady
    """,
    "full": """
        name, full name, fullname, person name, common name, whole name, name as known,
        display name, фио, fio, полное имя, толук аты, толық аты, srulad, sampurna nama, pura nam,
        पूरा नाम, نام کامل, to liq ismi, tolik ismi, ad soyad, adi soyadi, customer name,
        contact name, нам, nama, නම, ނަން, নাম, नाम, पूर्ण नाम, fish
    """,
    "birth": """
        date birth, bdate, birth dt, д р, др, дата рожд, дата рожден, дата р, data rozhd, data rojd,
        birth, birth date, birthdate, date of birth, dateofbirth, dob, birthday, born, born on,
        дата рождения, data rozhdeniya, doğum tarihi, doğum tarixi, tughan kuni,
        туған күні, туулган күнү, tugilgan, tugilgan sana, tug ilgan sana, рӯзи таваллуд,
        санаи таваллуд, dabadebis tarighi, დაბადების თარიღი, تاریخ تولد, tarikh tavalod,
        tarikh paidaish, تاریخ پیدائش, jonmo tarikh, জন্ম তারিখ, janma miti, जन्म मिति,
        janm tithi, जन्म तिथि, upan dinaya, އުފަންތާރީޚު
    """,
    "birth year": """
        г р, гр, год р, год рожд, god rozhd,
        birth year, year of birth, yob, год рождения, god rozhdeniya, tughan jyly,
        doğum yılı, doğum ili, janm varsh, سال تولد
    """,
    "birth month": "birth month, month of birth, upan masaya",
    "birth day": "birth day of month, day of birth, upan davasa",
    "birth place": """
        место рожд, место рожден, место р, mesto rozhd, birth town,
        birth place, birthplace, place of birth, pob, birth city, место рождения,
        mesto rozhdeniya, doğum yeri, tughan jeri, туған жері, туулган жери, tughan qala,
        tugilgan joy, ҷои таваллуд, dabadebis adgili, დაბადების ადგილი, محل تولد,
        mahal tavalod, jaye paidaish, jonmosthan, জন্মস্থান, janma sthan, janm sthan,
        जन्म स्थान, upan sthanaya, އުފަންތަން
    """,
    "sex": """
        sex, gender, пол, pol, cins, cinsiyet, jynysy, жынысы, jinsi, ҷинс, jins, sqesi,
        სქესი, جنس, جنسیت, jensiat, lingo, লিঙ্গ, linga, ling, लिङ्ग, लिंग, stri purusha,
        ޖިންސް
    """,
    "nationality": """
        гражд, гражд во, гр во, grazhd, grajd, nation, ctzn, citizen country,
        nationality, citizenship, citizen of, гражданство, grazhdanstvo, vətəndaşlıq,
        vatandaşlık, uyruk, uyruğu, azamattyq, азаматтығы, жарандыгы, fuqarolik,
        fuqaroligi, шаҳрвандӣ, mokalakeoba, მოქალაქეობა, تابعیت, tabeiat, qaumiyat,
        nagorikotto, নাগরিকত্ব, rashtriyata, राष्ट्रियता, राष्ट्रीयता, jatikathvaya,
        ޤައުމު
    """,
    "document": """
        document number, document no, doc number, doc no, passport, passport number,
        pasport, pasport no, passport no, passportnumber, passport num, travel document,
        номер документа, nomer dokumenta, паспорт, шиноснома, номер паспорта,
        nomer pasporta, pasaport no,
        sənəd nömrəsi, qujat nomir, құжат нөмірі, pasport raqami, раками шиноснома,
        pasportis nomeri, پاسپورت, گذرنامه, shomare gozarname, rahadani no, राहदानी,
        gaman balapatra, ޕާސްޕޯޓު, tazkira, تذکره, id card no, card number
    """,
    "alias": """
        alias, aka, also known as, nickname, nick, other name, кличка, псевдоним, прозвище, лакап,
        lakap, ləqəb, takma ad, laqab, лақап, urf, zedmetsakheli, upanam, chhadmonam
    """,
    "deleted": """
        deleted, is deleted, deleted at, deleted flag, del flag, del, removed, void, voided,
        удалено, удален, удалён, удалена, признак удал, признак удаления, пр удал, udaleno, udalen,
        silindi, silinmiş, silinib, joyuly, жойылды, жойылған, жокко, ochirilgan, o chirilgan,
        ҳазф, წაშლილი, washlilia, khatam shuda, hazf shuda, حذف شده, mufchhe, hatayeko
    """,
    "series": "series, серия, seria, seriya, seriyası, serija, document series",
    "number": """
        number, num, no, номер, nomer, nomir, nömrə, nomre, numara, raqam, рақам, nomeri,
        ნომერი, شماره, shomare, nombor, nambar, саны, rəqəm, нөмірі
    """,
    "document kind": """
        тип док, вид док, tip dok, vid dok, belge türü, тип удост,
        document type, document kind, doc type, doc kind, тип документа, tip dokumenta,
        вид документа, turi, түрі, türü, növ, növü, тури, tipi, no type, نوع, type
    """,
    "issuer": """
        issuer, issuing country, issued by, issuing state, кем выдан, страна выдачи,
        bergen, verən, veren ülke, country of issue
    """,
    "national number": """
        national id, national number, national identification number, identity number,
        personal number, personal code, personal id, ssn, иин, iin, jsn, жсн, пин, pin,
        инн, fin, tc kimlik no, kimlik no, tckn, pinfl, jshshir, piradi nomeri,
        პირადი ნომერი, کد ملی, kod melli, cnic, nid, এনআইডি, aadhaar, nic, jahaan,
        nagarikta no, އައިޑީކާޑު
    """,
    "phone": """
        phone, phone number, telephone, telephone number, mobile, mobile number, cell,
        mobile telephone number, home telephone number, home phone,
        msisdn, tel, телефон, telefon, телефону, telefon raqami, ტელეფონი, تلفن, phon,
        फोन, মোবাইল, ފޯނު
    """,
    "email": "email, e mail, mail, email address, электронная почта, e posta, почта",
    "plate": """
        plate, plate number, licence plate, license plate, registration plate, plate no,
        госномер, gosnomer, nomir belgi, plaka, davlat raqami, پلاک, pleta
    """,
    "vin": "vin, chassis, chassis number, chasis no, шасси, shanaq, şasi no, вин",
    "vehicle": "make, model, brand, vehicle type, марка, marka, ulgisi, prakar",
    "organisation": """
        company, company name, organisation, organization, organisation name,
        organization name, legal name, firm, наименование, naimenovanie, организация,
        uiym, şirket, kompaniya
    """,
    "registration number": """
        registration number, reg number, reg no, company number, tax number, рег номер,
        reg nomer, огрн, бин, bin, tirkeu, sicil no
    """,
    "address": """
        address, street, address1, addr, адрес, adres, ünvan, unvan, manzil, мекенжай,
        მისამართი, آدرس, thikana, ठेगाना
    """,
    "city": """
        city, town, locality, locality name, город, gorod, qala, şehir, shahar, şəhər, شهر, shahr
    """,
    "region": """
        state, region, province, state or province name, oblast, область, район, il, viloyat
    """,
    "country": """
        country, country name, country code, страна, strana, ölkə, ülke, davlat, el, кишвар,
        کشور, desh
    """,
    "postal code": "postal code, postcode, zip, zip code, postalcode, индекс, posta kodu",
    "reason": """
        reason, basis, category, wanted for, status, kind, основание, osnovanie, sebep,
        səbəb, sabab, себеби, сабаб, safudzveli, دلیل, dalil, karon, karan, कारण, wajah,
        hethuva, ސަބަބު
    """,
    "offence": "offence, offense, crime, charge, преступление, статья, suç, cinayət",
    "remark": """
        remark, remarks, comment, comments, note, notes, примечание, primechanie, прим, примеч,
        izoh
    """,
    "updated": """
        updated, updated at, last updated, last update, modified, modified at, changed,
        last modified, lastmodified, timestamp, обновлено, obnovleno, özgertilgen,
        ozgertilgen, dəyişmə tarixi, güncelleme, adyavadhik, adyatan, hal nagad, tarmeem,
        yavathkalina, تاریخ ثبت
    """,
}
"""What a column may mean, to the words for it."""

TABLES: Final = {
    "person": """
        person, persons, people, individual, individuals, customer, customers, client,
        clients, employee, employees, staff, citizen, citizens, subject, subjects,
        suspect, suspects, member, members, patient, patients, passenger, passengers,
        лицо, лица, lico, человек, люди, tulgha, тұлға, жарандар, şəxs, sexs, kişi, kisi,
        kişiler, shaxs, shaxslar, шахс, kasoni, pirebi, پیرسن, اشخاص, afrad, byakti,
        vyakti, व्यक्ति, pudgala, މީހުން, officers, actor
    """,
    "document": """
        document, documents, passport, passports, travel document, id document, papers,
        doc, docs, id documents, travel documents, identity documents, pasaport, pasaportlar,
        pasport, паспорт, паспорта, удостоверение, удостоверения,
        документ, документы, dokument, qujat, құжат, sənəd, sened, belge, hujjat, ҳуҷҷат,
        sabutebi, документтер, madarek, subject document
    """,
    "phone": "phone, phones, telephone, telefon, телефон, телефондор, mobile, phon, telefonlar",
    "alias": """
        псевдоним, псевдонимы, клички, прозвища, alias names,
        alias, aliases, aka, other name, other names, subject alias, nickname, lakap,
        лақап, ləqəb, lakab, takma ad, klichka, кличка, башка аттары, zedmetsakheli,
        chhadmonam, upanam, urf, laqab, an nam
    """,
    "vehicle": "vehicle, vehicles, car, cars, transport, транспорт, kolik, көлік, araç, sawari",
    "organisation": """
        organisation, organisations, organization, organizations, company, companies,
        supplier, suppliers, организация, organizaciya, uiym, şirket
    """,
    "place": "place, city, cities, town, qala, şehir, город, gorod, location, address, country",
}
"""What the rows of a table may be, to the words for it."""

VARIANTS: Final = frozenset(
    (
        *("lat", "latin", "latn", "en", "eng", "english", "roman", "romanised", "romanized"),
        *("ingreji", "cyr", "cyrl", "native", "local", "original", "bangla", "urdu", "ru", "rus"),
        "translit",
    )
)
"""Words at the end of a column that say in which letters it is."""
