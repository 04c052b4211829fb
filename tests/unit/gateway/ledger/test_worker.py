import asyncio
import gc
import threading
import weakref
from contextlib import suppress
from pathlib import Path

from gateway.ledger.worker import Worker


def open_ends(pipe):
    """How many descriptors of this process are ends of a pipe, "pipe:[123]"."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # one that another thread has just closed
            found += str(descriptor.readlink()) == pipe
    return found


def pipe_of(worker):
    return str(Path(f"/proc/self/fd/{worker._signs}").readlink())


async def do(worker, run):
    ended = asyncio.get_running_loop().create_future()
    worker.do(run, ended.set_result)
    return await asyncio.wait_for(ended, 60)


async def test_jobs_are_done_in_their_order_in_one_thread_of_their_own():
    worker = Worker("own")
    seen = []

    def job(number):
        seen.append((number, threading.current_thread().name))
        return number

    ended = [do(worker, lambda n=n: job(n)) for n in range(3)]
    assert await asyncio.gather(*ended) == [0, 1, 2]
    assert seen == [(n, "own") for n in range(3)]
    worker.end()


async def test_the_loop_is_told_in_its_own_thread():
    worker = Worker("own")
    told = asyncio.get_running_loop().create_future()
    worker.do(lambda: 1, lambda _: told.set_result(threading.current_thread()))
    assert await told is threading.main_thread()
    worker.end()


async def test_an_error_of_a_job_is_told_and_the_next_is_done():
    worker = Worker("own")
    error = OSError(5, "EIO")

    def fail():
        raise error

    assert await do(worker, fail) is error
    assert await do(worker, lambda: 7) == 7
    worker.end()


async def test_what_it_has_is_done_after_its_end_and_nobody_is_told():
    worker = Worker("own")
    go, done, ends = threading.Event(), threading.Event(), []
    worker.do(lambda: int(go.wait(60)), ends.append)
    worker.do(lambda: done.set() or 0, ends.append)
    worker.end()
    go.set()
    assert await asyncio.to_thread(done.wait, 60)
    assert ends == []


async def test_a_worker_that_nobody_has_gives_back_its_thread_and_its_files():
    worker = Worker("own-and-forgotten")
    pipe = pipe_of(worker)
    assert open_ends(pipe) == 2
    await do(worker, lambda worker=worker: 1 if worker else 0)  # a job knows its worker, as ours do
    (thread,) = [t for t in threading.enumerate() if t.name == "own-and-forgotten"]
    gone = weakref.ref(worker)
    asyncio.get_running_loop().remove_reader(worker._signs)  # as when the loop is no more
    del worker
    async with asyncio.timeout(60):
        while gone() is not None:  # the thread forgets a job after it has told of its end
            await asyncio.sleep(0)
            gc.collect()
    await asyncio.to_thread(thread.join, 60)
    assert not thread.is_alive()
    assert open_ends(pipe) == 0
