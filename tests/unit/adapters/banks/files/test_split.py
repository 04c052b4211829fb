import pytest

from adapters.banks.files.split import TEXT_LIMIT, compile_pattern, split_text
from adapters.contract import BankFaultError, MappingError


def test_split_text_yields_the_groups_of_every_match():
    pattern = compile_pattern(r"Passport (?P<number>\w+)(?: \((?P<country>\w+)\))?")
    text = "DOB 12 Jan 1965; Passport A123 (Iran); alt. Passport B9"
    assert list(split_text(pattern, text)) == [("A123", "Iran"), ("B9", None)]


def test_split_text_yields_nothing_when_nothing_matches():
    assert list(split_text(compile_pattern(r"DOB (?P<value>\d+)"), "none")) == []


def test_split_text_refuses_a_text_that_is_too_long():
    pattern = compile_pattern("(?P<value>x)")
    assert len(list(split_text(pattern, "x" * TEXT_LIMIT))) == TEXT_LIMIT
    with pytest.raises(BankFaultError, match="longer"):
        list(split_text(pattern, "x" * (TEXT_LIMIT + 1)))


@pytest.mark.parametrize("pattern", ["(", "DOB (.*)"])
def test_compile_pattern_refuses_what_takes_nothing(pattern):
    with pytest.raises(MappingError):
        compile_pattern(pattern)
