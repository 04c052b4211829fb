"""The OpenAPI document of the Iranian service, as its programmers would write it."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["DOCUMENT"]

_Schema = dict[str, Any]


def _object(**properties: _Schema) -> _Schema:
    return {"type": "object", "properties": properties}


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _refer(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _get(answer: _Schema, *parameters: _Schema) -> _Schema:
    content = {"application/json": {"schema": answer}}
    told = {"description": "pasokh", "content": content}
    return {"get": {"parameters": list(parameters), "responses": {"200": told}}}


def _ask(name: str, **schema: Any) -> _Schema:  # noqa: ANN401 - the values of a JSON schema
    return {"name": name, "in": "query", "schema": {"type": "string", **schema}}


_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
_PAGES: Final = (
    _ask("safhe", type="integer", minimum=1, default=1),
    _ask("tedad", type="integer", minimum=1, maximum=500, default=50),
)
_ONE: Final = {"name": "shenase", "in": "path", "required": True, "schema": _TEXT}
_PERSON: Final = (
    *("shenase", "nam", "nam_khanevadegi", "nam_pedar", "tarikh_tavalod", "mahal_tavalod"),
    *("jensiat", "tabeiat", "kod_melli", "telefon", "dalil", "hoshdar"),
)

DOCUMENT: Final[_Schema] = {
    "openapi": "3.1.0",
    "info": {"title": "Afrad", "version": "1"},
    "security": [{"neshane": []}],
    "paths": {
        "/afrad": _get(_refer("Safhe"), *_PAGES),
        "/afrad/{shenase}": _get(_refer("Fard"), _ONE),
        "/asnad": _get(_refer("Safhe"), _ask("shomare"), *_PAGES),
        "/hoviyat": _get(_refer("Safhe"), _ask("kod_melli"), _ask("telefon"), *_PAGES),
        "/vaziat": _get(_object(neshan=_TEXT, tedad=_NUMBER)),
    },
    "components": {
        "securitySchemes": {"neshane": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Safhe": _object(
                natayej=_object(total=_NUMBER, safhe=_NUMBER, items=_list(_refer("Fard")))
            ),
            "Fard": _object(
                **dict.fromkeys(_PERSON, _TEXT),
                laqab=_list(_object(nam=_TEXT)),
                madarek=_list(_object(noe=_TEXT, shomare=_TEXT, keshvar=_TEXT)),
            ),
        },
    },
}
"""OpenAPI 3.1; it is below the service itself, so it names no server."""
