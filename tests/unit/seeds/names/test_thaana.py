import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.names.thaana import to_thaana

ORIGINS = ("AFG", "AZE", "BGD", "GEO", "IND", "KAZ", "LKA", "TUR", "UZB")


@pytest.mark.parametrize(
    ("latin", "origin", "written"),
    [
        ("Putin", "KAZ", "ޕުޓިން"),
        ("Mustafa", "PAK", "މުސްތަފާ"),
        ("Khan", "AFG", "ޚާން"),
        ("Ghafur", "AFG", "ޣަފޫރު"),
        ("Qodir", "UZB", "ޤޮދީރު"),
        ("Zhanna", "KAZ", "ޜަންނާ"),
        ("Abdullo", "TJK", "އަބްދުއްލޯ"),
        ("Heydar", "AZE", "ހެއިޑަރު"),
        ("Sofia", "GEO", "ސޮފިޔާ"),
        ("Aliyev", "KAZ", "އަލިޔެވް"),
        ("K. Gupta", "IND", "ކޭ ގުޕްތާ"),
        ("Bek-Ali", "KGZ", "ބެކް-ޢަލީ"),
    ],
)
def test_to_thaana_writes_as_clerks_do(latin, origin, written):
    assert to_thaana(latin, origin) == written


def test_to_thaana_writes_dotted_letters_when_the_maldives_has_the_name():
    assert to_thaana("MOHAMED Hassan", "PAK") == "މުޙައްމަދު ޙަސަން"


@given(st.text("abcdefghijklmnopqrstuvwxyz -'.əşçğıöü"), st.sampled_from(ORIGINS))
def test_to_thaana_gives_every_letter_a_fili_or_a_sukun(latin, origin):
    written = to_thaana(latin, origin)
    assert re.fullmatch("([\u0780-\u07a5][\u07a6-\u07b0]|[ -])*", written)
    assert bool(written.strip()) == bool(re.search("[^ .'-]", latin))
