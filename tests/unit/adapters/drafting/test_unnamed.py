"""Names and days of birth are guessed where no column is called so."""

from adapters.drafting.guess import understand
from adapters.drafting.shape import Column, Table
from adapters.drafting.unnamed import find_birth, find_names

FAMILY = Column("a", ("Каримов", "Юсупова", "Асланов") * 4)
GIVEN = Column("b", ("Рустам", "Дана", "Тимур") * 4)
FATHER = Column("c", ("Маратович", "Ерланқызы", "Фаридович") * 4)
BORN = Column("d", tuple(f"{year}-03-14" for year in range(1960, 1972)))
ADDED = Column("e", tuple(f"20{year}-03-14" for year in range(10, 22)))
CODES = Column("f", ("M", "F") * 6)


def test_words_beside_each_other_are_parts_of_a_name():
    found = {meaning: column.name for column, meaning, _ in find_names([FAMILY, GIVEN, FATHER])}
    assert found == {"family": "a", "given": "b", "patronymic": "c"}
    assert list(find_names([FAMILY, BORN, GIVEN])) == []


def test_several_words_are_a_whole_name_and_letters_of_codes_are_none():
    whole = Column("n", ("Рустам Каримов", "Дана Юсупова") * 6)
    assert [(c.name, m) for c, m, _ in find_names([CODES, whole])] == [("n", "full")]
    assert list(find_names([CODES, CODES])) == []


def test_earliest_dates_are_the_days_of_birth_unless_they_are_of_yesterday():
    assert find_birth([ADDED, BORN])[0].name == "d"
    assert find_birth([Column("x", ("2024-01-01", "2025-01-01", "2026-01-01"))]) is None
    assert find_birth([GIVEN]) is None


def test_only_a_table_that_knows_persons_is_filled_up():
    goods = Table("goods", (Column("colour", FAMILY.values), Column("shape", GIVEN.values)))
    assert understand(goods).guesses == ()
    people = Table("rows", (*goods.columns, Column("sex", CODES.values), BORN))
    meanings = {guess.meaning for guess in understand(people).guesses}
    assert meanings == {"family", "given", "sex", "birth"}
