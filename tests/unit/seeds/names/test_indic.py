import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.indic import to_bengali, to_devanagari, to_sinhala, to_tamil

ORIGINS = ("AFG", "AZE", "BGD", "GEO", "IND", "KAZ", "LKA", "NPL", "PAK", "TUR", "UZB")
BLOCKS = {
    to_devanagari: "\u0900-\u097f",
    to_bengali: "\u0980-\u09ff",
    to_sinhala: "\u0d80-\u0dff\u200d",
    to_tamil: "\u0b80-\u0bff",
}


@pytest.mark.parametrize(
    ("latin", "origin", "written"),
    [
        ("Vladimir Putin", "KAZ", "व्लादिमिर पुतिन"),
        ("Karim Rahmani", "AFG", "करीम रहमानी"),
        ("Abdullah", "PAK", "अब्दुल्लाह"),
        ("Mustafa", "PAK", "मुस्तफ़ा"),
        ("Mansur", "UZB", "मंसूर"),
        ("G'ulom", "UZB", "ग़ुलोम"),
        ("Hussein", "IRN", "हुसैन"),
        ("Daud", "AFG", "दाऊद"),
        ("Shevardnadze", "GEO", "शेवर्दनाद्ज़े"),
        ("K. Bhatti", "PAK", "के भत्ती"),
        ("Thakur-Dhillon", "IND", "ठाकुर-ढिल्लों"),
        ("Qosim", "UZB", "क़ोसीम"),
    ],
)
def test_to_devanagari_writes_as_clerks_do(latin, origin, written):
    assert to_devanagari(latin, origin) == written


def test_to_devanagari_drops_the_nukta_when_told():
    assert to_devanagari("Zafar Khan", "AFG", nukta=False) == "जफर खान"


@pytest.mark.parametrize(
    ("latin", "origin", "written"),
    [
        ("Putin", "KAZ", "পুতিন"),
        ("Nazarbayev", "KAZ", "নাজার্বায়েভ"),
        ("Vladimir", "KAZ", "ভ্লাদিমির"),
        ("Yusufzai", "PAK", "ইউসুফজাই"),
        ("Yasir Nawaz", "PAK", "ইয়াসীর নাওয়াজ"),
        ("Ashwaq", "PAK", "আশোয়াক"),
        ("Tokayeva", "KAZ", "তোকায়েভা"),
        ("Cengiz", "TUR", "জেঙ্গিজ"),
        ("Md. Rahman", "BGD", "মোঃ রহমান"),
        ("Sofia", "GEO", "সোফিয়া"),
        ("Daud", "AFG", "দাঊদ"),
    ],
)
def test_to_bengali_writes_as_clerks_do(latin, origin, written):
    assert to_bengali(latin, origin) == written


@pytest.mark.parametrize(
    ("latin", "origin", "written"),
    [
        ("Putin", "KAZ", "පුටින්"),
        ("Karim", "AFG", "කරීම්"),
        ("Faisal", "MDV", "ෆයිසල්"),
        ("Zhanna", "KAZ", "ෂන්නා"),
        ("Tengiz", "GEO", "ටෙංගිස්"),
        ("Indra", "IND", "ඉන්ද්\u200dර"),
        ("Perera", "LKA", "පෙරේරා"),
        ("Khan", "PAK", "ඛාන්"),
    ],
)
def test_to_sinhala_writes_as_clerks_do(latin, origin, written):
    assert to_sinhala(latin, origin) == written


@pytest.mark.parametrize(
    ("latin", "origin", "written"),
    [
        ("Putin", "KAZ", "புடின்"),
        ("Nazar", "UZB", "நஸர்"),
        ("Faisal", "MDV", "ஃபைஸல்"),
        ("Shahin", "IRN", "ஷஹீன்"),
        ("Manju Sundar", "IND", "மஞ்ஜு ஸுந்தர்"),
        ("Ganga", "NPL", "கங்கா"),
        ("Khan", "PAK", "கான்"),
        ("Murugan", "LKA", "முருகன்"),
    ],
)
def test_to_tamil_writes_as_clerks_do(latin, origin, written):
    assert to_tamil(latin, origin) == written


def test_writing_has_no_anusvara_after_a_bare_consonant():
    assert to_devanagari("Karnga", "KAZ") == "कर्नगा"
    assert to_sinhala("Karnga", "KAZ") == "කර්න්ගා"


@pytest.mark.parametrize("write", BLOCKS, ids=lambda write: write.__name__)
@given(
    latin=st.text("abcdefghijklmnopqrstuvwxyz -'.əşçğıöü"),
    origin=st.sampled_from(ORIGINS),
)
def test_writing_stays_in_its_script(write, latin, origin):
    written = write(latin, origin)
    assert re.fullmatch(f"[{BLOCKS[write]} -]*", written)
    assert bool(written.strip()) == bool(re.search("[^ .'-]", latin))
    assert write(latin, origin) == written


@pytest.mark.parametrize("write", BLOCKS, ids=lambda write: write.__name__)
@given(
    latin=st.text("abcdefghijklmnopqrstuvwxyz", min_size=1),
    origin=st.sampled_from(ORIGINS),
)
def test_writing_never_puts_a_sign_without_its_letter(write, latin, origin):
    signs = "ािीुूेैोौ्" + "ািীুূেৈোৌ্" + "ාිීුූෙේොෝෛෞ්" + "ாிீுூெேொோைௌ்"
    written = write(latin, origin)
    assert written[0] not in signs
    assert not re.search(f"[{signs}]{{2}}", written)
