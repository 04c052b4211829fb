import asyncio

import pytest

from adapters.banks.sql.pool import Pool


class Maker:
    def __init__(self):
        self.made = 0
        self.fail = False

    async def connect(self):
        if self.fail:
            raise ConnectionRefusedError
        self.made += 1
        return self.made


async def test_connection_that_was_given_back_is_used_again():
    maker = Maker()
    pool = Pool(2, maker.connect)
    first, used = await pool.take()
    assert not used
    pool.give(first)
    assert await pool.take() == (first, True)


async def test_no_more_than_size_are_made():
    maker = Maker()
    pool = Pool(2, maker.connect)
    await pool.take()
    second, _ = await pool.take()
    third = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    assert not third.done()
    pool.give(second)
    assert await third == (second, True)
    assert maker.made == 2


async def test_place_of_a_dropped_connection_is_free():
    maker = Maker()
    pool = Pool(1, maker.connect)
    await pool.take()
    pool.drop()
    assert await pool.take() == (2, False)


async def test_place_is_free_after_a_connection_could_not_be_made():
    maker = Maker()
    maker.fail = True
    pool = Pool(1, maker.connect)
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await pool.take()
    maker.fail = False
    assert await pool.take() == (1, False)


async def test_place_is_free_after_waiting_was_cancelled():
    pool = Pool(1, Maker().connect)
    first, _ = await pool.take()
    waiter = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    pool.give(first)
    assert await pool.take() == (first, True)


async def test_empty_takes_out_those_that_wait():
    pool = Pool(2, Maker().connect)
    first, _ = await pool.take()
    pool.give(first)
    assert pool.empty() == [first]
    assert pool.empty() == []
