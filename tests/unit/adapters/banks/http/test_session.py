import pytest

from adapters.banks.http.session import open_session
from adapters.contract import MappingError


@pytest.mark.parametrize(
    ("more", "content", "said"),
    [
        ('token_file = "token"', None, "token_file: cannot be read"),
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
    with pytest.raises(MappingError, match=said):
        open_session(make_mapping(more=more).http, tmp_path)


async def test_open_session_takes_no_proxy_and_keeps_no_cookie(make_mapping, tmp_path):
    (tmp_path / "token").write_text("secret\n")
    async with open_session(make_mapping(more='token_file = "token"').http, tmp_path) as session:
        assert session.headers["Authorization"] == "Bearer secret"
        assert session.headers["Accept-Encoding"] == "identity"
        assert session.trust_env is False
        session.cookie_jar.update_cookies({"a": "b"})
        assert list(session.cookie_jar) == []
