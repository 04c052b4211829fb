import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from gateway.access.authority import Authority
from gateway.access.errors import FederationFileError
from gateway.access.federation import (
    MAX_FILE,
    Custodian,
    Federation,
    Member,
    read_federation,
    write_federation,
)
from gateway.clock import SystemClock
from gateway.ledger.custody import write_base64, write_point


@pytest.fixture
def path(world, tmp_path):
    path = tmp_path / "federation.toml"
    federation = world.federation.model_copy(update={"ca": tmp_path / "keys" / "ca.pem"})
    write_federation(federation, path)
    return path


def test_federation_comes_back_when_written(world, path):
    again = read_federation(path)
    assert again.model_copy(update={"ca": world.federation.ca}) == world.federation
    assert again.ca == path.parent / "keys" / "ca.pem"
    assert 'ca = "keys/ca.pem"' in path.read_text()


def test_write_federation_keeps_a_ca_elsewhere_absolute(world, tmp_path):
    write_federation(world.federation, tmp_path / "f.toml")
    assert read_federation(tmp_path / "f.toml").ca == world.federation.ca


def test_federation_finds_members_projects_and_issuers(world):
    federation = world.federation
    assert federation.member("KAZ").issuer == "https://tokens.kaz.example"
    assert federation.member("XXX") is None
    assert federation.project("kalkan").members == ("KAZ", "TUR")
    assert federation.project("other") is None
    assert federation.issuer("https://tokens.tur.example").code == "TUR"
    assert federation.issuer("https://tokens.tur.example/") is None
    assert federation.member("KAZ").token_key("kaz-token") == world.token_key.public_key
    assert federation.member("KAZ").token_key("tur-token") is None


def test_federation_cannot_be_changed(world):
    with pytest.raises(ValidationError):
        world.federation.id = "other"


FAULTS = {
    "unknown key": ('title = "Member KAZ"', 'titel = "x"\ntitle = "Member KAZ"', "members.0.titel"),
    "missing key": ('title = "Member KAZ"\n', "", "members.0.title"),
    "code in lower case": ('code = "KAZ"', 'code = "kaz"', "members.0.code"),
    "code twice": ('code = "TUR"', 'code = "KAZ"', "members.1.code"),
    "issuer twice": ("tokens.tur", "tokens.kaz", "members.1.issuer"),
    "issuer over http": ("https://tokens.kaz", "http://tokens.kaz", "members.0.issuer"),
    "wrong type": ('title = "Member KAZ"', "title = 7", "members.0.title"),
    "control in a title": ('"Member KAZ"', '"Member\\u202eKAZ"', "members.0.title"),
    "no port": ("127.0.0.1:7501", "127.0.0.1", "members.0.node"),
    "port too large": ("127.0.0.1:7501", "127.0.0.1:70000", "members.0.node"),
    "port zero": ("127.0.0.1:7501", "127.0.0.1:0", "members.0.node"),
    "private key": ('kid = "kaz-token"', 'kid = "kaz-token"\nd = "AA"', "members.0.token_keys.0"),
    "key without alg": ('alg = "EdDSA"\n', "", "members.0.answer_keys.0"),
    "key without kid": ('kid = "kaz-token"\n', "", "members.0.token_keys.0"),
    "key of another alg": ('alg = "EdDSA"', 'alg = "ES256"', "members.0.answer_keys.0"),
    "key off the curve": ('y = "', 'y = "AAAA', "hub.receipt_keys.0"),
    "project of strangers": (
        'members = ["KAZ", "TUR"]',
        'members = ["KAZ", "XXX"]',
        "projects.0.members",
    ),
    "project counts twice": (
        'members = ["KAZ", "TUR"]',
        'members = ["KAZ", "KAZ"]',
        "projects.0.members",
    ),
    "project of nobody": ('members = ["KAZ", "TUR"]', "members = []", "projects.0.members"),
    "no ledger key": ('code = "TUR"', 'code = "TUR"\nledger_vkey = "x"', "members.1.ledger_vkey"),
    "ledger key with a space": (
        'code = "TUR"',
        f'code = "TUR"\nledger_vkey = "a b+00000000+{"A" * 44}"',
        "members.1.ledger_vkey",
    ),
    "bad id": ('id = "kalkan-test"', 'id = "Kalkan Test"', "id"),
}


@pytest.mark.parametrize(("old", "new", "key"), FAULTS.values(), ids=FAULTS.keys())
def test_read_federation_names_file_line_and_key_when_wrong(path, old, new, key):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(FederationFileError) as caught:
        read_federation(path)
    assert caught.value.key == key
    assert caught.value.line > 0
    assert str(caught.value).startswith(f"federation.toml:{caught.value.line}: {key}: ")


def test_read_federation_names_the_line_itself(path):
    lines = path.read_text().split("\n")
    number = next(i for i, line in enumerate(lines, 1) if line == 'code = "TUR"')
    path.write_text("\n".join(lines).replace('code = "TUR"', 'code = "TURK"'))
    with pytest.raises(FederationFileError) as caught:
        read_federation(path)
    assert caught.value.line == number


@pytest.mark.parametrize(
    ("old", "new"),
    [("tur-token", "kaz-token"), ("tur-answer", "hub-receipt")],
    ids=["other members", "hub and node"],
)
def test_federation_allows_one_kid_in_several_rings(path, old, new):
    path.write_text(path.read_text().replace(old, new))
    assert read_federation(path).id == "kalkan-test"


def _replace_member(world, **update):
    member = world.federation.members[1].model_copy(update=update)
    members = (world.federation.members[0], member)
    return Federation.model_validate({**dict(world.federation), "members": members})


def test_federation_refuses_one_kid_twice_in_a_ring(world):
    key = world.federation.members[1].token_keys[0]
    other = world.query_key.public_key.__class__(
        key.kid, "ES256", world.query_key.public_key.key, world.query_key.thumbprint
    )
    with pytest.raises(ValidationError, match="occurs twice"):
        _replace_member(world, token_keys=(key, other))


@pytest.mark.parametrize("ring", ["token_keys", "answer_keys"])
@pytest.mark.parametrize("whose", ["token_key", "answer_key", "receipt_key"])
def test_federation_refuses_one_key_at_two_ends(world, ring, whose):
    with pytest.raises(ValidationError, match="occurs twice"):
        _replace_member(world, **{ring: (getattr(world, whose).public_key,)})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'id = "a', "federation.toml:1"),
        (b"id = 1\nid = 2", "federation.toml:2"),
        (b"\xff", "UTF-8"),
        (b"#" * (MAX_FILE + 1), "larger"),
        (b"token_keys = 1", "id: Field required"),
    ],
    ids=["cut off", "key twice", "not UTF-8", "too large", "wrong file"],
)
def test_read_federation_refuses_when_not_such_a_file(path, data, said):
    path.write_bytes(data)
    with pytest.raises(FederationFileError, match=said):
        read_federation(path)


def test_read_federation_refuses_when_missing(tmp_path):
    with pytest.raises(FederationFileError, match="cannot be read"):
        read_federation(tmp_path / "none.toml")


@pytest.mark.parametrize("keys", ["7", "[7]", '["text"]'])
def test_read_federation_refuses_when_a_key_is_no_table(path, keys):
    text = path.read_text().replace("[hub]\n", f"[hub]\nreceipt_keys = {keys}\n")
    begin, end = text.index("[[hub.receipt_keys]]"), text.index("[[members]]")
    path.write_text(text[:begin] + text[end:])
    with pytest.raises(FederationFileError, match=r"hub\.receipt_keys"):
        read_federation(path)


@pytest.mark.parametrize(
    "url", ["http://id.kaz.example/keys", "https://id.kaz.example", "https://a b/", "file:///keys"]
)
def test_published_keys_are_fetched_over_tls_alone(world, url):
    member = dict(world.federation.members[0])
    with pytest.raises(ValidationError, match="jwks_url"):
        Member.model_validate({**member, "jwks_url": url})


def test_member_without_pinned_keys_publishes_them(world):
    member = {**dict(world.federation.members[0]), "token_keys": ()}
    with pytest.raises(ValidationError, match="needs keys"):
        Member.model_validate(member)
    assert Member.model_validate({**member, "jwks_url": "https://id.kaz.example/keys"})


def test_address_of_published_keys_and_notices_are_written_and_read(world, tmp_path):
    kaz, tur = world.federation.members
    kaz = kaz.model_copy(
        update={
            "token_keys": (),
            "jwks_url": "https://id.kaz.example/keys",
            "jwks_ca": tmp_path / "kaz-ca.pem",
            "notices": "none",
        }
    )
    federation = world.federation.model_copy(
        update={"members": (kaz, tur), "ca": tmp_path / "ca.pem"}
    )
    write_federation(federation, tmp_path / "federation.toml")
    text = (tmp_path / "federation.toml").read_text(encoding="utf-8")
    assert 'jwks_ca = "kaz-ca.pem"' in text
    assert text.count("notices") == 1
    assert read_federation(tmp_path / "federation.toml") == federation


@pytest.mark.parametrize("kind", ["point", "curve", "short", "base64"])
def test_a_custodian_has_a_point_of_p256(kind):
    point = generate_private_key(SECP256R1()).public_key()
    good = write_point(point)
    assert Custodian(name="duty", key=good).key == good
    compressed = write_base64(point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    bad = {
        "point": write_base64(b"\x04" + bytes(64)),
        "curve": write_base64(b"\x05" + bytes(64)),
        "short": compressed,
        "base64": good + "=",
    }
    with pytest.raises(ValidationError, match="uncompressed point of P-256"):
        Custodian(name="duty", key=bad[kind])


def test_a_text_has_at_most_a_hundred_characters(world):
    member = dict(world.federation.member("KAZ"))
    assert Member(**{**member, "title": "x" * 100}).title == "x" * 100
    with pytest.raises(ValidationError, match="at most 100 characters"):
        Member(**{**member, "title": "x" * 101})


AUTHORITY = Authority.create("kalkan", SystemClock(), "Kazakhstan")


def test_authority_of_a_member_is_written_and_read(world, tmp_path):
    text = AUTHORITY.certificate.decode()
    kaz, tur = world.federation.members
    members = (kaz.model_copy(update={"ca": text}), tur)
    path = tmp_path / "federation.toml"
    write_federation(world.federation.model_copy(update={"members": members}), path)
    assert [member.ca for member in read_federation(path).members] == [text, ""]


@pytest.mark.parametrize(
    "text",
    [
        "none",
        AUTHORITY.issue_node("KAZ").certificate.decode(),
        AUTHORITY.certificate.decode() * 5,
        AUTHORITY.certificate.decode() + AUTHORITY.issue_node("KAZ").certificate.decode(),
    ],
    ids=["no certificate", "a node's", "too many", "a node's beside"],
)
def test_what_is_no_authority_is_refused(world, text):
    with pytest.raises(ValidationError, match="of an authority"):
        Member.model_validate({**dict(world.federation.members[0]), "ca": text})


def test_two_members_have_two_authorities(world):
    text = AUTHORITY.certificate.decode()
    members = tuple(m.model_copy(update={"ca": text}) for m in world.federation.members)
    with pytest.raises(ValidationError, match="occurs twice"):
        Federation.model_validate({**dict(world.federation), "members": members})
