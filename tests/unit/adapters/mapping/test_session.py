import asyncio
import ssl

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.contract import BankUnavailableError, MappingError
from adapters.mapping.service import Patience, Service
from adapters.mapping.session import open_session
from tests.kit.tls import Authority, write_key


@pytest.mark.parametrize(
    ("more", "content", "said"),
    [
        ('token_file = "token"', None, r":\d+:14: http\.token_file: this file cannot be read"),
        ('token_file = "token"', b"", "one line"),
        ('token_file = "token"', b"a\nb", "one line"),
        ('token_file = "token"', "т".encode(), "not ASCII"),
        ('token_file = "../token"', b"a", "inside the bank's folder"),
        ('ca_file = "token"', b"none", "ca_file"),
        ('ca_file = "missing"', None, "ca_file"),
    ],
)
async def test_open_session_says_what_is_wrong_with_a_file(
    make_mapping, tmp_path, more, content, said
):
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    mapping = make_mapping(more=more)
    with pytest.raises(MappingError, match=said):
        open_session(mapping.http, tmp_path, mapping.origin())


async def test_open_session_takes_no_proxy_and_keeps_no_cookie(make_mapping, tmp_path):
    (tmp_path / "token").write_text("secret\n")
    async with open_session(make_mapping(more='token_file = "token"').http, tmp_path) as session:
        assert session.headers["Authorization"] == "Bearer secret"
        assert session.headers["Accept-Encoding"] == "identity"
        assert session.trust_env is False
        session.cookie_jar.update_cookies({"a": "b"})
        assert list(session.cookie_jar) == []


async def secret_server(authority, demand=ssl.CERT_REQUIRED):
    """A real server over TLS that lets in only whom the authority vouches for, or everybody."""
    pair = authority.issue("server")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pair.certificate, pair.key)
    context.verify_mode = demand
    context.load_verify_locations(authority.file)

    async def tell(request):
        peer = request.transport.get_extra_info("peercert") or {}
        names = [value for part in peer.get("subject", ()) for _, value in part]
        return web.json_response({"name": names})

    service = web.Application()
    service.router.add_get("/who", tell)
    runner = web.AppRunner(service, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    return runner, f"https://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
async def mutual(tmp_path):
    """The address of a server that demands a certificate, and the authority of both ends."""
    authority = Authority(tmp_path)
    runner, url = await secret_server(authority)
    yield url, authority
    await runner.cleanup()


async def ask_who(make_mapping, folder, url, more):
    http = make_mapping(url, more=more).http
    service = Service(open_session(http, folder), http)
    try:
        patience = Patience(asyncio.get_running_loop().time() + 60, 0)
        return await service.ask("/who", {}, patience=patience)
    finally:
        await service.close()


LOGIN = 'ca_file = "ca.pem"\ncertificate = "client.crt"\nkey = "client.key"\n'


async def test_client_logs_in_with_its_certificate(make_mapping, mutual, tmp_path):
    url, authority = mutual
    authority.issue("client")
    assert await ask_who(make_mapping, tmp_path, url, LOGIN) == {"name": ["client"]}


async def test_client_without_a_certificate_is_not_let_in(make_mapping, mutual, tmp_path):
    with pytest.raises(BankUnavailableError):
        await ask_who(make_mapping, tmp_path, mutual[0], 'ca_file = "ca.pem"\n')


async def test_client_of_another_authority_is_not_let_in(make_mapping, mutual, tmp_path):
    Authority(tmp_path, "other").issue("client")
    with pytest.raises(BankUnavailableError):
        await ask_who(make_mapping, tmp_path, mutual[0], LOGIN)


async def test_server_of_another_authority_is_not_spoken_to(make_mapping, mutual, tmp_path):
    url, authority = mutual
    authority.issue("client")
    Authority(tmp_path, "other")
    with pytest.raises(BankUnavailableError):
        await ask_who(make_mapping, tmp_path, url, LOGIN.replace("ca.pem", "other.pem"))


async def test_server_that_nobody_vouches_for_is_not_spoken_to(make_mapping, tmp_path):
    runner, url = await secret_server(Authority(tmp_path), ssl.CERT_NONE)
    try:
        with pytest.raises(BankUnavailableError):
            await ask_who(make_mapping, tmp_path, url, "")
        assert await ask_who(make_mapping, tmp_path, url, 'ca_file = "ca.pem"\n') == {"name": []}
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("missing", r":15:15: http\.certificate: .*cannot be read"),
        ("encrypted", r":15:15: http\.certificate: .*encrypted"),
        ("of another", r":15:15: http\.certificate: .*do not belong together"),
        ("outside", r":16:7: http\.key: write a path inside the bank's folder"),
    ],
)
async def test_key_that_does_not_serve_stops_the_open(make_mapping, tmp_path, fault, told):
    authority, more = Authority(tmp_path), LOGIN
    pair = authority.issue("client")
    if fault == "missing":
        pair.key.unlink()
    elif fault == "encrypted":
        pair.key.write_bytes(write_key(ec.generate_private_key(ec.SECP256R1()), b"secret"))
    elif fault == "of another":
        pair.key.write_bytes(authority.issue("else").key.read_bytes())
    else:
        more = LOGIN.replace('"client.key"', '"../client.key"')
    mapping = make_mapping("https://127.0.0.1:9", more=more)
    with pytest.raises(MappingError, match=told):
        open_session(mapping.http, tmp_path, mapping.origin())


@pytest.mark.parametrize(
    ("url", "more", "told"),
    [
        ("https://127.0.0.1:9", 'certificate = "client.crt"\n', "needs both"),
        ("https://127.0.0.1:9", 'key = "client.key"\n', "needs both"),
        ("http://127.0.0.1:9", LOGIN, "over https:// only"),
    ],
)
def test_half_a_login_is_a_mistake_of_the_mapping(make_mapping, url, more, told):
    with pytest.raises(MappingError, match=told):
        make_mapping(url, more=more)
