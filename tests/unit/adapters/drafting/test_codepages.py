"""The code page of a text is the one in which its letters stand among their like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.drafting.codepages import guess_codepage

RUSSIAN = "Каримов Рустам Маратович\nЮсупова Дилноза\nАСЛАНОВ ТИМУР\n" * 3
PERSIAN = "محمد کريمي\nزهرا احمدي\nفاطمه حسيني\n" * 3
TURKISH = "Ayşe Yıldız\nOğuz Güneş\nİbrahim Çağlar\n" * 3
GERMAN = "Jürgen Müller\nAndré Größe\nBjörn Sjöström\n" * 3


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN.upper(), "cp1251"),
        (PERSIAN, "cp1256"),
        (TURKISH, "cp1254"),
        (GERMAN, "cp1252"),
        (RUSSIAN, "utf-8"),
        (PERSIAN, "utf-16"),
        ("plain text", "utf-8"),
        ("", "utf-8"),
    ],
)
def test_page_is_guessed_by_its_letters(text, page):
    assert guess_codepage(text.encode(page)) == page


def test_letter_that_is_cut_off_at_the_end_is_still_utf_8():
    assert guess_codepage("Айгүл".encode()[:-1]) == "utf-8"
    assert guess_codepage("Айгүл".encode() + b"\xff\n") != "utf-8"


@given(st.binary(max_size=300))
def test_any_bytes_decode_in_what_is_guessed(data):
    data.decode(guess_codepage(data), "replace")
