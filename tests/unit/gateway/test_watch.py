"""A file that changes is seen at the next look, and only then."""

from __future__ import annotations

import asyncio
import os

import pytest

from gateway.watch import Watch


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rules"


def make_watch(path):
    seen = []

    async def note():
        seen.append(path.read_text() if path.exists() else None)

    return Watch([path], note), seen


async def test_change_is_told_once(path):
    path.write_text("one")
    watch, seen = make_watch(path)
    assert not await watch.look()
    path.write_text("three")
    assert await watch.look()
    assert not await watch.look()
    assert seen == ["three"]


async def test_file_that_appears_and_goes_is_told(path):
    watch, seen = make_watch(path)
    path.write_text("new")
    await watch.look()
    path.unlink()
    await watch.look()
    assert seen == ["new", None]


async def test_file_of_the_same_size_that_takes_its_place_is_told(path):
    path.write_text("one")
    os.utime(path, ns=(1, 1))
    watch, seen = make_watch(path)
    other = path.with_suffix(".new")
    other.write_text("two")
    os.utime(other, ns=(1, 1))
    other.replace(path)
    await watch.look()
    assert seen == ["two"]


async def test_error_of_one_change_does_not_hide_the_next(path, caplog):
    async def fail():
        raise ValueError("a secret")

    watch = Watch([path], fail)
    path.write_text("one")
    assert await watch.look()
    path.write_text("other")
    assert await watch.look()
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_running_watch_sees_a_change_by_itself(path):
    told = asyncio.Event()

    async def tell():
        told.set()

    running = asyncio.create_task(Watch([path], tell).run())
    path.write_text("one")
    await told.wait()
    running.cancel()
