"""The hub's methods: wire in, search, wire out. No decisions."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from gateway.hub.receipt import bank_ended, is_complete
from gateway.hub.search import Search, Searcher
from gateway.serving import Call
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire


class SearchMethods:
    """SearchService as the contract has it."""

    def __init__(self, searcher: Searcher) -> None:
        """Search by `searcher`."""
        self._searcher = searcher

    async def search(
        self, request: wire.SearchRequest, call: Call
    ) -> AsyncGenerator[wire.SearchEvent, None]:
        """Stream a search: accepted, each bank's end, groups, the end."""
        search = await self._searcher.begin(request, call, batch=False)
        yield wire.SearchEvent(accepted=self._searcher.accepted(search))
        ends = self._searcher.run(request, search)
        try:
            async for end in ends:
                yield wire.SearchEvent(bank_ended=bank_ended(end))
        finally:
            await ends.aclose()
        ended = await self._searcher.finish(search, call)
        yield wire.SearchEvent(groups=wire.Groups(groups=self._searcher.groups(search)))
        yield wire.SearchEvent(ended=ended)

    async def search_once(
        self, request: wire.SearchOnceRequest, call: Call
    ) -> wire.SearchOnceResponse:
        """Run a search and return all at its end, decoded."""
        search = await self._run_whole(request.request, call, batch=False)
        ended = await self._searcher.finish(search, call)
        return wire.SearchOnceResponse(
            search_id=search.question.search_id,
            answers=[e.answer or model.Answer(bank=e.bank, state=e.state) for e in search.ends],
            groups=self._searcher.groups(search),
            receipt=wire.Receipt.FromString(ended.receipt),
            signed_receipt=ended,
        )

    async def check_documents(
        self, request: wire.CheckDocumentsRequest, call: Call
    ) -> wire.CheckDocumentsResponse:
        """Check 1 to 200 documents of one border post."""
        search = await self._run_whole(request.request, call, batch=True)
        response = wire.CheckDocumentsResponse(
            search_id=search.question.search_id,
            outcomes=_outcomes(search),
            banks=[bank_ended(end) for end in search.ends],
        )
        response.ended.CopyFrom(await self._searcher.finish(search, call))
        return response

    async def _run_whole(self, request: wire.SearchRequest, call: Call, *, batch: bool) -> Search:
        """Run a search to the end of its last bank."""
        search = await self._searcher.begin(request, call, batch=batch)
        async for _ in self._searcher.run(request, search):
            pass
        return search


def _outcomes(search: Search) -> list[wire.DocumentOutcome]:
    """One outcome for each document, in their order."""
    complete = is_complete(search.ends)
    outcomes = [
        wire.DocumentOutcome(probe_index=index, complete=complete)
        for index in range(len(search.question.query.probes))
    ]
    for end in search.ends:
        for number, hit in enumerate(end.answer.hits if end.answer is not None else ()):
            outcomes[hit.probe_index].hits.add(bank=end.bank, hit=number)
    return outcomes
