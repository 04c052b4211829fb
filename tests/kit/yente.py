"""A small server that speaks as yente does: match by example, entities by id, the catalogue."""

from aiohttp import web


class Small:
    """Answers as yente does: examples by overlap of their values, entities by id, the catalogue."""

    def __init__(self, entities, key):
        self.entities, self.key = entities, key
        self.asked, self.status, self.answer, self.version = [], 200, None, "20260228"

    async def __call__(self, request):
        self.asked.append(request)
        if request.headers.get("Authorization") != f"ApiKey {self.key}":
            return web.json_response({"detail": "no key"}, status=401)
        if self.status != 200:
            return web.json_response({"detail": "Айгуль"}, status=self.status)
        if self.answer is not None:
            return web.json_response(self.answer)
        return await self.route(request, request.path)

    async def route(self, request, path):
        if path == "/catalog":
            about = {"name": "sanctions", "version": "20260301", "index_version": self.version}
            about["last_export"] = "2026-02-28T10:00:00"
            return web.json_response({"datasets": [{"name": "default"}, about]})
        if path.startswith("/entities/"):
            return self.tell(path.removeprefix("/entities/"))
        if request.method == "POST" and path == "/match/sanctions":
            return web.json_response(self.match(await request.json(), request.query))
        return web.json_response({"detail": "No such dataset"}, status=404)

    def tell(self, reference):
        if reference == "NK-merged":
            raise web.HTTPPermanentRedirect("/entities/NK-person")
        found = [e for e in self.entities if e["id"] == reference]
        return web.json_response(found[0]) if found else web.json_response({}, status=404)

    def match(self, body, query):
        limit, threshold = int(query["limit"]), float(query["threshold"])
        responses = {}
        for name, example in body["queries"].items():
            wanted = _values(example["properties"])
            scored = [(len(wanted & _values(e["properties"])) / 2, e) for e in self.entities]
            hits = [
                {**e, "score": min(s, 1.0), "features": {}, "match": s >= threshold}
                for s, e in scored
                if s >= threshold
            ]
            responses[name] = {
                "status": 200,
                "results": hits[:limit],
                "total": {"value": len(hits), "relation": "eq"},
                "query": example,
            }
        return {"responses": responses, "matcher": {}, "limit": limit}


def _values(properties):
    texts = [v for values in properties.values() for v in values if isinstance(v, str)]
    return {word for text in texts for word in text.lower().split()}
