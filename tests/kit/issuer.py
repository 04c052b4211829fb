"""A member's identity provider: a real server over TLS that publishes a JWKS document."""

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from gateway.access.authority import Authority, Issued
from gateway.access.signatures import SigningKey


@dataclass
class Provider:
    """What the server says, and how often it was asked.

    Attributes:
        keys: The public keys that it publishes.
        body: Said instead of the keys, where it is not empty.
        status: The status of its responses.
        asked: The paths of all requests.
        third: Is set by the third.
    """

    keys: list[SigningKey] = field(default_factory=list)
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    third: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def document(self) -> bytes:
        return json.dumps({"keys": [key.public_jwk() for key in self.keys]}).encode()

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if len(self.asked) == 3:
            self.third.set()
        body = self.body or self.document()
        return web.Response(body=body, status=self.status, headers=self.headers)


async def start_provider(stack, folder: Path, authority: Authority) -> Provider:
    """Start the server on a free port, with a certificate of this authority, for the stack."""
    provider = Provider()
    issued: Issued = authority.issue_hub()
    issued.save(folder, "provider")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "provider.pem", folder / "provider.key")
    application = web.Application()
    application.router.add_get("/{path:.*}", provider.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    provider.url = f"https://localhost:{port}/keys"
    return provider
