import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.files.text import open_text
from adapters.contract import BankFaultError, MappingError


def read(path, encoding):
    with open_text(path, encoding) as file:
        return file.read()


def test_open_text_reads_a_code_page(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Рӯзӣ".encode())
    assert read(path, "utf-8") == "Рӯзӣ"
    path.write_bytes("Сергей".encode("cp1251"))
    assert read(path, "cp1251") == "Сергей"


def test_open_text_skips_a_byte_order_mark_of_utf_8(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfid")
    assert read(path, "UTF8") == "id"


@pytest.mark.parametrize("before", [0, 1, 9_000])
def test_open_text_names_the_line_that_does_not_decode(tmp_path, before):
    path = tmp_path / "a.txt"
    path.write_bytes("йод; строка\n".encode() * before + b"good\xff\n" + b"more\n" * 9_000)
    with pytest.raises(BankFaultError, match=rf"^line {before + 1}: a byte is not utf-8$"):
        read(path, "utf-8")


def test_open_text_names_the_last_line_when_a_letter_is_cut_off(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\nb\n" + "й".encode()[:1])
    with pytest.raises(BankFaultError, match="line 3"):
        read(path, "utf-8")


def test_open_text_refuses_an_unknown_code_page(tmp_path):
    for name in ("cp99999", "rot13", "base64"):
        with pytest.raises(MappingError, match="no such code page"):
            read(tmp_path / "a.txt", name)


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "cp1251", "cp932", "utf-16", "gb18030"]))
def test_open_text_reads_or_names_a_line(tmp_path_factory, data, encoding):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(data)
    with contextlib.suppress(BankFaultError):
        assert isinstance(read(path, encoding), str)
