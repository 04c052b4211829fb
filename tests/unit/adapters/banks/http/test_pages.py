import pytest

from adapters.banks.http import pages
from adapters.banks.http.pages import read_pages
from adapters.contract import BankFaultError, MappingError
from adapters.mapping.service import Patience

PATIENCE = Patience(0.0, 0)
NEXT = 'next = { page = "safhe", from = 1, size = "tedad", rows = 2, total = "natayej.total" }'


class Service:
    """Stands for a service: answers are pages of a list, by the parameters of the question."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []

    async def ask(self, path, parameters, patience):
        assert patience is PATIENCE
        self.asked.append((path, dict(parameters)))
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def page(*numbers, total=None):
    answer = {"natayej": {"items": [{"n": number} for number in numbers]}}
    if total is not None:
        answer["natayej"]["total"] = total
    return answer


async def read(mapping, answers):
    service, http = Service(answers), mapping.http
    found = read_pages(
        service, (http, http.listing), parameters={"a": "b"}, patience=lambda: PATIENCE
    )
    return [[row["n"] for row in rows] async for rows in found], service.asked


async def test_read_pages_goes_on_until_the_total(make_mapping):
    answers = [page(1, 2, total=4), page(3, 4, total=4), page(5, total=4)]
    found, asked = await read(make_mapping(), answers)
    assert found == [[1, 2], [3, 4]]
    assert asked[1] == ("/afrad", {"a": "b", "safhe": "2", "tedad": "2"})


@pytest.mark.parametrize("last", [page(3), page()])
async def test_read_pages_goes_on_until_a_short_page_when_no_total_is_told(make_mapping, last):
    found, _ = await read(make_mapping(), [page(1, 2), last, page(9)])
    assert [rows for rows in found if rows] == [[1, 2], *([[3]] if last == page(3) else [])]


async def test_read_pages_goes_on_after_a_page_that_is_shorter_than_asked_for(make_mapping):
    found, _ = await read(make_mapping(), [page(1, total=2), page(2, total=2)])
    assert found == [[1], [2]]


async def test_read_pages_refuses_a_service_that_ignores_the_page(make_mapping):
    with pytest.raises(BankFaultError, match="same page"):
        await read(make_mapping(), [page(1, 2, total=9)])


async def test_read_pages_ends_after_so_many_pages(make_mapping, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_LIMIT", 3)
    with pytest.raises(BankFaultError, match="more than 3 pages"):
        await read(make_mapping(), [page(n, n, total=99) for n in range(9)])


async def test_read_pages_reads_one_page_when_there_is_no_paging(make_mapping):
    mapping = make_mapping(change=("next =", "# next ="))
    found, asked = await read(mapping, [page(1, 2), page(3)])
    assert (found, asked) == ([[1, 2]], [("/afrad", {"a": "b"})])


OTHER_WAYS = {
    "offset": 'next = { offset = "az", size = "tedad", rows = 2 }',
    "cursor": 'next = { cursor = "neshan", after = "natayej.baadi" }',
}


def other(make_mapping, way):
    """The mapping with another way of paging."""
    return make_mapping(change=(NEXT, OTHER_WAYS[way]))


def marked(mark, *numbers):
    answer = page(*numbers)
    answer["natayej"]["baadi"] = mark
    return answer


async def test_read_pages_by_the_rows_before(make_mapping):
    found, asked = await read(other(make_mapping, "offset"), [page(1, 2), page(3)])
    assert found == [[1, 2], [3]]
    assert [query["az"] for _, query in asked] == ["0", "2"]


@pytest.mark.parametrize("last", [None, ""])
async def test_read_pages_by_marks_until_a_page_has_none(make_mapping, last):
    answers = [marked("m1", 1), marked(7, 2), marked(last, 3)]
    found, asked = await read(other(make_mapping, "cursor"), answers)
    assert found == [[1], [2], [3]]
    assert [query.get("neshan") for _, query in asked] == [None, "m1", "7"]


async def test_read_pages_refuses_a_mark_that_comes_again_or_is_none(make_mapping):
    mapping = other(make_mapping, "cursor")
    with pytest.raises(BankFaultError, match="same mark"):
        await read(mapping, [marked("m1", 1), marked("m1", 2)])
    with pytest.raises(BankFaultError, match="same mark"):
        await read(mapping, [marked(mark, n) for n, mark in enumerate(["m1", "m2", "m1", "m3"])])
    with pytest.raises(BankFaultError, match="no text"):
        await read(mapping, [marked({}, 1)])


@pytest.mark.parametrize(
    "text",
    [
        "next = { rows = 2 }",
        'next = { link = true, page = "a" }',
        'next = { page = "a", offset = "b" }',
    ],
)
def test_paging_has_one_way(make_mapping, text):
    with pytest.raises(MappingError, match="write one of page, offset, cursor and link"):
        make_mapping(change=(NEXT, text))
