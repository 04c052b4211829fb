"""A small server that speaks the part of OpenSearch's REST API that the adapter uses.

It holds one index with declared types and answers by them: a keyword whole, a text by its words,
the objects of a nested list only in a query of their own. What it does not know it refuses, as
OpenSearch does, with errors in OpenSearch's own form.
"""

import base64
import copy
import itertools

from aiohttp import web

from tests.kit.finding import Finder, RefusedError, newest, place_of, rank

_BODY = {
    *("query", "size", "sort", "_source", "track_total_hits"),
    *("timeout", "aggs", "pit", "search_after"),
}
_PARAMETERS = {"cancel_after_time_interval"}


def tell_error(status, kind, reason="Айгүл N1234567", headers=None):
    """An error as OpenSearch writes it; the reason holds what must not leak."""
    cause = {"type": kind, "reason": reason}
    body = {"error": {"root_cause": [cause], **cause}, "status": status}
    return web.json_response(body, status=status, headers=headers)


class SmallOpenSearch:
    """One index of one server.

    Attributes:
        documents: `_id` to the source.
        types: Field to its type; `x.keyword` is another view of `x`.
        asked: The bodies that came, in order.
        trouble: A function that answers instead of the index, or None.
        parts: What an answer tells of its shards and of the time; tests change it.
    """

    def __init__(self, documents, types):
        self.documents, self.types, self.index = documents, types, "persons"
        self.login = "Basic " + base64.b64encode(b"kalkan:open-sesame").decode()
        self.asked, self.seen, self.trouble = [], [], None
        self.timed_out, self.failed = False, 0
        self.points, self._numbers = {}, itertools.count(1)

    async def __call__(self, request):
        self.seen.append((request.method, request.path, dict(request.query), request.headers))
        if request.headers.get("Authorization") != self.login:
            return web.Response(status=401, text="Unauthorized")
        if self.trouble is not None and (answer := self.trouble(request)) is not None:
            return answer
        try:
            return await self._route(request)
        except RefusedError as refused:
            return tell_error(400, refused.kind, str(refused))

    async def _route(self, request):
        method, path = request.method, request.path
        if path == "/_search/point_in_time" and method == "DELETE":
            return self._forget(await request.json())
        if path == "/_search" and method == "POST":
            return self._search_at_point(await request.json())
        if not path.startswith(f"/{self.index}/"):
            return tell_error(404, "index_not_found_exception", "no such index")
        return await self._act(request, method, path.removeprefix(f"/{self.index}/"))

    async def _act(self, request, method, action):
        if action == "_field_caps" and method == "GET":
            return self._tell_types(request.query["fields"].split(","))
        if action == "_search/point_in_time" and method == "POST":
            return await self._open(request)
        if action == "_search" and method == "POST":
            if set(request.query) - _PARAMETERS:
                raise RefusedError("illegal_argument_exception", "unrecognized parameter")
            return self._search(await request.json(), self.documents)
        return tell_error(405, "method_not_allowed")

    def _tell_types(self, fields):
        told = {
            field: {self.types[field]: {"type": self.types[field], "searchable": True}}
            for field in fields
            if field in self.types
        }
        return web.json_response({"indices": [self.index], "fields": told})

    async def _open(self, request):
        if await request.read():
            raise RefusedError("illegal_argument_exception", "does not support having a body")
        if "keep_alive" not in request.query:
            raise RefusedError("illegal_argument_exception", "keep_alive is missing")
        number = f"pit-{next(self._numbers)}"
        self.points[number] = copy.deepcopy(self.documents)
        return web.json_response({"pit_id": number, "_shards": {"failed": 0}, "creation_time": 1})

    def _forget(self, body):
        gone = [n for n in body["pit_id"] if self.points.pop(n, None) is not None]
        return web.json_response({"pits": [{"pit_id": n, "successful": True} for n in gone]})

    def _search_at_point(self, body):
        point = self.points.get(body.get("pit", {}).get("id"))
        if point is None:
            return tell_error(404, "search_context_missing_exception")
        return self._search(body, point)

    def _search(self, body, documents):
        if set(body) - _BODY:
            raise RefusedError("parsing_exception", "unknown key")
        self.asked.append(body)
        finder = Finder(self.types)
        scored = {i: finder.score(body["query"], i, doc) for i, doc in documents.items()}
        found = [(i, score, documents[i]) for i, score in scored.items() if score is not None]
        answer = {
            "took": 1,
            "timed_out": self.timed_out,
            "_shards": {"total": 2, "successful": 2 - self.failed, "failed": self.failed},
            "hits": {"max_score": None, "hits": self._list(body, found)},
        }
        if body.get("track_total_hits"):
            most = body["track_total_hits"]
            relation = "eq" if len(found) <= most else "gte"
            answer["hits"]["total"] = {"value": min(len(found), most), "relation": relation}
        if "aggs" in body:
            about = body["aggs"]["newest"]["max"]["field"]
            answer["aggregations"] = {"newest": newest(self.types, about, found)}
        return web.json_response(answer)

    def _list(self, body, found):
        sort = body.get("sort", [{"_score": "desc"}])
        ranked = rank(sort, found)
        after = body.get("search_after")
        if after is not None:
            ranked = [hit for hit in ranked if place_of(sort, hit) > after]
        return [
            {
                "_index": self.index,
                "_id": hit[0],
                "_score": hit[1],
                "_source": hit[2],
                "sort": place_of(sort, hit),
            }
            for hit in ranked[: body.get("size", 10)]
        ]
