from contextlib import AsyncExitStack

import pytest

from tests.kit.cosigning import Bench


@pytest.fixture
async def bench(tmp_path):
    async with AsyncExitStack() as stack:
        bench = Bench(tmp_path, stack)
        await bench.open()
        yield bench
