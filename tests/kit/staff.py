"""An unknown JSON service of a ministry's staff with an OpenAPI document, for `draft`."""

import yaml
from aiohttp import web

GIVEN = ("Aylin", "Timur", "Dana", "Rustam", "Leyla", "Arman", "Nino", "Farid")
FAMILY = ("Aslanov", "Karimova", "Beridze", "Yilmaz", "Sultanov", "Ismailova", "Guler")
TOKEN = "a-token-of-the-service"
SEXES = ("male", "female")


def make_staff(number):
    return {
        "staffId": f"S{number:05d}",
        "name": {"first": GIVEN[number % 8], "last": FAMILY[number % 7]},
        "dateOfBirth": f"{1950 + number % 50}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "gender": SEXES[number % 2],
        "citizenship": ("KZ", "UZ", "GE")[number % 3],
        "phones": [f"+7701{number:07d}"] * (number % 3),
        "passports": [{"number": f"N{number:08d}", "issuedBy": "KAZ"}],
        "status": ("active", "left")[number % 2],
        "photo": {"width": 5},
    }


STAFF = [make_staff(number) for number in range(130)]

STAFF_SCHEMA = {
    "type": "object",
    "required": ["staffId"],
    "properties": {
        "staffId": {"type": "string"},
        "name": {"$ref": "#/components/schemas/Name"},
        "dateOfBirth": {"type": "string", "format": "date"},
        "gender": {"type": "string", "enum": ["male", "female", "unknown"]},
        "citizenship": {"type": ["string", "null"]},
        "phones": {"type": "array", "items": {"type": "string"}},
        "passports": {"type": "array", "items": {"$ref": "#/components/schemas/Passport"}},
        "status": {"type": "string", "enum": ["active", "left", "wanted"]},
        "photo": {"type": "object", "properties": {"width": {"type": "integer"}}},
    },
}
WAYS = {
    "page": [("page", {"type": "integer", "minimum": 1}), ("per_page", {"maximum": 50})],
    "offset": [("offset", {"type": "integer"}), ("limit", {"type": "integer", "maximum": 40})],
    "cursor": [("cursor", {"type": "string"}), ("limit", {"type": "integer", "maximum": 30})],
    "link": [("fields", {"type": "string"}), ("limit", {"type": "integer", "maximum": 25})],
}


def describe(way, version="3.1.0", servers=None):
    """The OpenAPI document of the service with one way of paging."""
    paging = [{"name": name, "in": "query", "schema": schema} for name, schema in WAYS[way]]
    number = {"name": "passportNumber", "in": "query", "required": True, "schema": {}}
    answer = {
        "type": "object",
        "properties": {
            "result": {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Staff"}},
                    "total": {"type": "integer"},
                    "nextCursor": {"type": ["string", "null"]},
                },
            }
        },
    }

    headers = {"link": {"schema": {"type": "string"}}} if way == "link" else {}
    if way == "link":
        del answer["properties"]["result"]["properties"]["total"]

    def get(schema, parameters):
        body = {"200": {"headers": headers, "content": {"application/json": {"schema": schema}}}}
        return {"get": {"parameters": parameters, "responses": body}}

    one = {"name": "staffId", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": version,
        "info": {"title": "Staff register", "version": "1"},
        **({"servers": servers} if servers else {}),
        "security": [{"token": []}],
        "paths": {
            "/v1/buildings": get(
                {"type": "array", "items": {"properties": {"street": {"type": "string"}}}}, []
            ),
            "/v1/staff": get(answer, paging),
            "/v1/staff/{staffId}": get({"$ref": "#/components/schemas/Staff"}, [one]),
            "/v1/passports": get(answer, [number, *paging]),
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Name": {
                    "type": "object",
                    "properties": {"first": {"type": "string"}, "last": {"type": "string"}},
                },
                "Passport": {
                    "type": "object",
                    "properties": {"number": {"type": "string"}, "issuedBy": {"type": "string"}},
                },
                "Staff": {"allOf": [STAFF_SCHEMA]},
            },
        },
    }


def write_yaml(document):
    """Write a document as people do: statuses without quotes."""
    return yaml.safe_dump(document, allow_unicode=True).replace("'200':", "200:")


class StaffService:
    """The running service; `asked` holds the paths that were asked for."""

    def __init__(self, way, document=None):
        self.way = way
        self.document = document or describe(way)
        self.asked = []
        self._runner = None

    async def __aenter__(self):
        service = web.Application(middlewares=[self._guard])
        service.router.add_get("/openapi.json", self._tell)
        service.router.add_get("/openapi.yaml", self._tell_yaml)
        service.router.add_get("/v1/buildings", self._list_buildings)
        service.router.add_get("/v1/staff", self._list)
        service.router.add_get("/v1/passports", self._find)
        service.router.add_get("/v1/staff/{id}", self._get)
        self._runner = web.AppRunner(service, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @web.middleware
    async def _guard(self, request, handler):
        self.asked.append(request.path)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({}, status=401)
        return await handler(request)

    async def _tell(self, _):
        return web.json_response(self.document)

    async def _tell_yaml(self, _):
        return web.Response(text=write_yaml(self.document), content_type="application/yaml")

    async def _list_buildings(self, _):
        return web.json_response([{"street": "Main street"}] * 3)

    async def _list(self, request):
        return self._page(request, STAFF)

    async def _find(self, request):
        wanted = request.query["passportNumber"]
        return self._page(request, [s for s in STAFF if s["passports"][0]["number"] == wanted])

    async def _get(self, request):
        found = [s for s in STAFF if s["staffId"] == request.match_info["id"]]
        return web.json_response(found[0]) if found else web.Response(status=404)

    def _page(self, request, found):
        query = request.query
        if self.way == "page":
            size = int(query.get("per_page", 50))
            start = (int(query.get("page", 1)) - 1) * size
        else:
            size = int(query.get("limit", 30))
            start = int(query.get(self.way) or 0)
        if size > int(WAYS[self.way][1][1]["maximum"]):
            return web.json_response({}, status=400)
        result, headers = {"items": found[start : start + size]}, {}
        more = start + size < len(found)
        if self.way == "link":
            first, after = request.rel_url, request.rel_url.update_query(link=start + size)
            links = [f'<{first}>; rel="first"', *([f'<{after}>; rel="next"'] if more else [])]
            headers["Link"] = ", ".join(links)
        elif self.way != "cursor":
            result["total"] = len(found)
        elif more:
            result["nextCursor"] = str(start + size)
        return web.json_response({"result": result}, headers=headers)
