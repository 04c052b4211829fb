"""The JSON service of the Iranian demonstration bank, as a ministry's own programmers built it.

It has its own words, pages its lists, limits the rate of questions, wants a bearer token and has
an error format of its own. The lines of the bank stay bytes in memory; answers are joined from
them.

    GET /afrad?safhe=1&tedad=50      all persons, page by page
    GET /afrad/{shenase}             one person
    GET /asnad?shomare=...           the persons with a document of this number
    GET /hoviyat?kod_melli=...       the persons with this national number, or ?telefon=...
    GET /vaziat                      how many persons, and a mark that changes with the data
    GET /openapi.json                what all of this takes and answers

Run it alone with `python -m seeds.service FILE --port N --token-file F`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import math
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from adapters.matching.documents import normalise_number
from seeds.openapi import DOCUMENT

__all__ = ["Bank", "Rate", "build_service", "read_bank", "serve"]

ROWS_LIMIT: Final = 500
"""Persons on one page at most; 50 where nothing is asked for."""

RATE: Final = 2_000.0
"""Questions a second that are answered; as many again may come at once."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Bank:
    """The persons of the bank, one JSON text each, and where each number occurs."""

    lines: list[bytes] = field(default_factory=list)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    mark: str = ""


def read_bank(records: Path) -> Bank:
    """Read a file of JSON lines.

    Raises:
        ValueError: A line is not a JSON object.
        KeyError: A person has no reference.
    """
    bank, digest = Bank(), hashlib.sha256()
    with records.open("rb") as file:
        for raw in filter(None, map(bytes.strip, file)):
            person = json.loads(raw)
            place = len(bank.lines)
            bank.lines.append(raw)
            bank.by_reference[person["shenase"]] = place
            for key in _list_numbers(person):
                bank.by_number[key].append(place)
            digest.update(raw)
    bank.mark = digest.hexdigest()[:16]
    return bank


def _list_numbers(person: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for paper in person.get("madarek", ()):
        yield "shomare", normalise_number(paper["shomare"])
    for word in ("kod_melli", "telefon"):
        if person.get(word):
            yield word, normalise_number(person[word])


class Rate:
    """Limits questions a second: a bucket that fills with time and gives one away a question.

    Args:
        rate: Questions a second, and the size of the bucket.
        clock: Seconds that only go on.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left, self._last = rate, clock()

    def take(self) -> float:
        """Take one; return 0, or the seconds until there is one again."""
        now = self._clock()
        self._left = min(self._rate, self._left + (now - self._last) * self._rate)
        self._last = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0


def _tell_error(status: int, code: str, text: str, **headers: str) -> web.Response:
    """Tell an error in the service's own format."""
    body = json.dumps({"khata": {"kod": code, "matn": text}}, ensure_ascii=False)
    return web.json_response(text=body, status=status, headers=headers)


def _guard(token: str, rate: Rate) -> Any:  # noqa: ANN401 - aiohttp's own type for a middleware is private
    """Return the middleware that checks the token and the rate."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        told = request.headers.get("Authorization", "").encode()
        if token and not hmac.compare_digest(told, f"Bearer {token}".encode()):
            return _tell_error(401, "DASTRASI", "دسترسی مجاز نیست")
        wait = rate.take()
        if wait:
            after = {"Retry-After": str(math.ceil(wait))}
            return _tell_error(429, "TEDAD_ZIAD", "تعداد درخواست زیاد است", **after)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return _tell_error(404, "YAFT_NASHOD", "یافت نشد")

    return check


class _Desk:
    """Answers the questions."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def list_all(self, request: web.Request) -> web.Response:
        return self._page(request, range(len(self._bank.lines)))

    async def get_one(self, request: web.Request) -> web.Response:
        place = self._bank.by_reference.get(request.match_info["shenase"])
        if place is None:
            raise web.HTTPNotFound
        return web.Response(body=self._bank.lines[place], content_type="application/json")

    async def find_papers(self, request: web.Request) -> web.Response:
        return self._find(request, ("shomare",))

    async def find_identity(self, request: web.Request) -> web.Response:
        return self._find(request, ("kod_melli", "telefon"))

    async def tell_document(self, _request: web.Request) -> web.Response:
        return web.json_response(DOCUMENT)

    async def tell_state(self, _request: web.Request) -> web.Response:
        return web.json_response({"neshan": self._bank.mark, "tedad": len(self._bank.lines)})

    def _find(self, request: web.Request, words: tuple[str, ...]) -> web.Response:
        asked = [(word, normalise_number(request.query.get(word, ""))) for word in words]
        keys = [key for key in asked if key[1]]
        if not keys:
            return _tell_error(400, "PARAMETR", "پارامتر لازم است")
        found = {place for key in keys for place in self._bank.by_number.get(key, ())}
        return self._page(request, sorted(found))

    def _page(self, request: web.Request, places: Sequence[int]) -> web.Response:
        try:
            page = int(request.query.get("safhe", "1"))
            rows = int(request.query.get("tedad", "50"))
        except ValueError:
            page = rows = 0
        if page < 1 or not 1 <= rows <= ROWS_LIMIT:
            return _tell_error(400, "PARAMETR", "پارامتر نادرست است")
        shown = (self._bank.lines[place] for place in places[(page - 1) * rows : page * rows])
        head = f'{{"natayej": {{"total": {len(places)}, "safhe": {page}, "items": ['.encode()
        body = head + b",".join(shown) + b"]}}"
        return web.Response(body=body, content_type="application/json")


def build_service(bank: Bank, *, token: str = "", rate: Rate | None = None) -> web.Application:
    """Build the service; without a token everybody may ask."""
    desk = _Desk(bank)
    service = web.Application(middlewares=[_guard(token, rate or Rate(RATE))])
    service.router.add_get("/afrad", desk.list_all)
    service.router.add_get("/afrad/{shenase}", desk.get_one)
    service.router.add_get("/asnad", desk.find_papers)
    service.router.add_get("/hoviyat", desk.find_identity)
    service.router.add_get("/vaziat", desk.tell_state)
    service.router.add_get("/openapi.json", desk.tell_document)
    return service


async def serve(
    records: Path, port: int, *, token: str = "", host: str = "127.0.0.1"
) -> web.AppRunner:
    """Read the bank and start the service.

    Args:
        records: The file of JSON lines.
        port: The port; 0 for a free one, then `runner.addresses[0][1]` tells it.
        token: The bearer token that is wanted; empty for none.
        host: The address to listen at.

    Returns:
        The running service; `await runner.cleanup()` stops it.
    """
    bank = await asyncio.to_thread(read_bank, records)
    runner = web.AppRunner(build_service(bank, token=token), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


async def _serve_on(records: Path, port: int, token: str) -> None:
    runner = await serve(records, port, token=token)
    print(f"serving {records.name} at port {runner.addresses[0][1]}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Run the service from the command line until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("records", type=Path, help="JSON lines, one person each")
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--token-file", type=Path, help="holds the bearer token that is wanted")
    asked = parser.parse_args()
    token = asked.token_file.read_text("ascii").strip() if asked.token_file else ""
    try:
        asyncio.run(_serve_on(asked.records, asked.port, token))
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
