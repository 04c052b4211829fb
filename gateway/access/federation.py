"""The federation file: who belongs, by which keys each is known, where each is reached.

It is the root of all trust in a running system: token issuers, answer keys and the hub's receipt
keys are pinned here by name. Token keys alone may be published elsewhere (`jwks_url`); what fetches
them is gateway.access.jwks. Hub, nodes and clients read the same file.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.x509 import BasicConstraints, ExtensionNotFound, load_pem_x509_certificates
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    ValidationError,
    model_validator,
)

from gateway.access.errors import FederationFileError
from gateway.access.jwk import MAX_KID, PublicKey, parse_jwk
from gateway.access.strict import decode_base64url, is_plain
from gateway.access.toml import Place, line_of, write_toml
from gateway.access.witnesses import VkeyText, Witnessing

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FILE: Final = 4_194_304
"""Largest federation file in bytes."""

MAX_PORT: Final = 65_535
_POINT_BYTES: Final = 65
_MAX_AUTHORITIES: Final = 4


def _read_pinned(value: object) -> PublicKey:
    """Read a pinned key: unlike a client's it must say its name and its algorithm."""
    if isinstance(value, PublicKey):
        return value
    if isinstance(value, dict) and is_plain(value.get("kid"), MAX_KID) and "alg" in value:
        return parse_jwk(value)
    raise ValueError("must be a table with kid, alg, kty, crv, x (and y)")


def _require_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable, without controls and line breaks")
    return text


def _require_port(address: str) -> str:
    if not 1 <= int(address.rpartition(":")[2]) <= MAX_PORT:
        raise ValueError(f"the port must be 1 to {MAX_PORT}")
    return address


_Key = Annotated[PublicKey, PlainValidator(_read_pinned), PlainSerializer(PublicKey.to_jwk)]
_Text = Annotated[str, StringConstraints(max_length=100), AfterValidator(_require_printable)]
_Title = Annotated[_Text, StringConstraints(min_length=1)]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
_Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
_Bank = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}/[a-z0-9][a-z0-9-]{0,63}$")]
_Address = Annotated[
    str,
    StringConstraints(max_length=260, pattern=r"^[A-Za-z0-9.\[\]:_-]+:[0-9]{1,5}$"),
    AfterValidator(_require_port),
]
_Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,253}$")]
_Issuer = Annotated[str, StringConstraints(max_length=200, pattern=r"^(https://|urn:)[!-~]+$")]
_URL: Final = r"^(https://[A-Za-z0-9.\[\]:-]+/[!-~]*)?$"
_Keys = Annotated[tuple[_Key, ...], Field(min_length=1, max_length=16)]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )


class Office(_Part):
    """Says whom to ask; each text at most 100 characters."""

    office: _Title
    phone: Annotated[_Text, StringConstraints(max_length=40)] = ""
    email: _Text = ""


def _require_point(text: str) -> str:
    """Check a public key of P-256 in the form of its uncompressed point."""
    try:
        point = decode_base64url(text)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        point = b""
    if len(point) != _POINT_BYTES:
        raise ValueError("must be an uncompressed point of P-256 in base64url, 87 characters")
    return text


def _require_ca(text: str) -> str:
    """Check certificates of an authority in PEM."""
    try:
        found = load_pem_x509_certificates(text.encode()) if text else []
        limits = [each.extensions.get_extension_for_class(BasicConstraints) for each in found]
    except (ValueError, ExtensionNotFound):
        raise ValueError("must be certificates in PEM, each of an authority") from None
    if len(found) > _MAX_AUTHORITIES or not all(each.value.ca for each in limits):
        raise ValueError(f"must be 1 to {_MAX_AUTHORITIES} certificates, each of an authority")
    return text


class Custodian(_Part):
    """Somebody who may open what ledgers have sealed to a member.

    Attributes:
        name: As other files name the custodian, "duty-officer".
        key: The public key: an uncompressed point of P-256 in base64url without padding.
    """

    name: _Name
    key: Annotated[str, AfterValidator(_require_point)]


class Member(_Part):
    """A country or organisation of the federation.

    Attributes:
        code: ISO 3166-1 alpha-3 or ICAO code, "KAZ".
        title: The name in English.
        issuer: The `iss` of its tokens, a URI.
        token_keys: The keys of its tokens, each with kid and alg; may be empty beside `jwks_url`.
        answer_keys: The keys with which its node signs answers.
        banks: The banks that the hub may know, as "KAZ/persons"; a hidden bank is not listed.
        jwks_url: Where it publishes further token keys as a JWKS document, "https://..."; "" where
            all are pinned.
        jwks_ca: The certificates that sign that server's; without it those of the federation.
            Relative to this file, absolute after reading.
        ca: An authority of its own in PEM, 1 to 4 certificates: it may sign for this member's
            clients and node, and for nobody else's; "" where the federation's signs for them.
        notices: "required" where its node states every few seconds what the member has revoked;
            "none" for a node that cannot: its tokens then hold until they end.
        node: Where the node listens, "host:port".
        node_name: The DNS name in the node's certificate.
        contact: Whom to ask.
        custodians: Who may open what ledgers have sealed to it; without one nothing personal of
            its questions is kept.
        ledger_vkey: The key of its node's ledger as C2SP writes it, "name+keyid+base64".
        retention_days: How long what is sealed to it can be opened after its month, 31 to 36,525
            days; then each ledger destroys the month's keys. Three years where it is not said.
        witness_vkey: The key with which its node cosigns the ledgers of others.
        witnessing: Who witnesses its ledger, where it is not as for all.
    """

    code: _Code
    title: _Title
    issuer: _Issuer
    node: _Address
    node_name: _Host
    contact: Office
    answer_keys: _Keys
    token_keys: Annotated[tuple[_Key, ...], Field(max_length=16)] = ()
    jwks_url: Annotated[str, StringConstraints(max_length=500, pattern=_URL)] = ""
    jwks_ca: Annotated[Path | None, Field(strict=False)] = None
    ca: Annotated[str, StringConstraints(max_length=16_384), AfterValidator(_require_ca)] = ""
    banks: Annotated[tuple[_Bank, ...], Field(max_length=64)] = ()
    custodians: Annotated[tuple[Custodian, ...], Field(max_length=16)] = ()
    ledger_vkey: VkeyText = ""
    retention_days: Annotated[int, Field(ge=31, le=36_525)] = 1_096
    witness_vkey: VkeyText = ""
    witnessing: Witnessing | None = None
    notices: Literal["required", "none"] = "required"

    @model_validator(mode="after")
    def _require_keys_and_own_banks(self) -> Member:
        if not self.token_keys and not self.jwks_url:
            raise _ContradictionError("needs keys, or jwks_url", ("token_keys",))
        for index, bank in enumerate(self.banks):
            if not bank.startswith(f"{self.code}/"):
                raise _ContradictionError(f"{bank} is another member's", ("banks", index))
        return self

    def token_key(self, kid: str) -> PublicKey | None:
        """Return the token key of this name, None where there is none."""
        return next((key for key in self.token_keys if key.kid == kid), None)


class Project(_Part):
    """A circle of members, the usual target of a question."""

    name: _Name
    title: _Title
    members: Annotated[tuple[_Code, ...], Field(min_length=1)]


class Hub(_Part):
    """The server in the middle: where it listens, its DNS name, its keys of receipts and ledger.

    Members in `oversight` may let their auditors see all entries of its ledger; what is personal
    stays sealed to its authorities.
    """

    address: _Address
    name: _Host
    receipt_keys: _Keys
    ledger_vkey: VkeyText = ""
    oversight: Annotated[tuple[_Code, ...], Field(max_length=16)] = ()
    witnessing: Witnessing | None = None


class Federation(_Part):
    """The whole file.

    Attributes:
        id: The federation's name, the audience of all tokens.
        ca: The certificates that sign those of hub, nodes and clients; absolute after reading.
        hub: The server in the middle.
        members: By code, each once; a federation begins with none.
        projects: By name, each once.
        witnessing: Who witnesses each ledger; nobody without it.
    """

    id: _Name
    ca: Path = Field(strict=False)
    hub: Hub
    members: tuple[Member, ...]
    projects: tuple[Project, ...] = ()
    witnessing: Witnessing | None = None

    def member(self, code: str) -> Member | None:
        """Return the member of this code, None where there is none."""
        return self._members.get(code)

    def project(self, name: str) -> Project | None:
        """Return the project of this name, None where there is none."""
        return self._projects.get(name)

    def issuer(self, iss: str) -> Member | None:
        """Return the member whose tokens carry this `iss`, None where there is none."""
        return self._issuers.get(iss)

    def pinned_keys(self) -> tuple[PublicKey, ...]:
        """All keys that are pinned here, for whatever end."""
        return tuple(key for _, ring in self._key_rings() for key in ring)

    @cached_property
    def _members(self) -> dict[str, Member]:
        return {member.code: member for member in self.members}

    @cached_property
    def _projects(self) -> dict[str, Project]:
        return {project.name: project for project in self.projects}

    @cached_property
    def _issuers(self) -> dict[str, Member]:
        return {member.issuer: member for member in self.members}

    @model_validator(mode="after")
    def _require_consistency(self) -> Federation:
        _require_unique("code", [(m.code, ("members", i)) for i, m in enumerate(self.members)])
        _require_unique("ca", [(m.ca, ("members", i)) for i, m in enumerate(self.members) if m.ca])
        _require_unique("issuer", [(m.issuer, ("members", i)) for i, m in enumerate(self.members)])
        _require_unique("name", [(p.name, ("projects", i)) for i, p in enumerate(self.projects)])
        rings = self._key_rings()
        for place, ring in rings:
            _require_unique("kid", [(key.kid, (*place, i)) for i, key in enumerate(ring)])
        # One key for two ends would let one member speak for another, or a token pass as an answer.
        _require_unique(
            "x", [(k.thumbprint, (*place, i)) for place, ring in rings for i, k in enumerate(ring)]
        )
        self._require_projects()
        for index, member in enumerate(self.members):
            names = [(c.name, ("members", index, "custodians")) for c in member.custodians]
            _require_unique("name", names)
        self._require_members(self.hub.oversight, ("hub", "oversight"))
        return self

    def _require_projects(self) -> None:
        for index, project in enumerate(self.projects):
            place = ("projects", index)
            _require_unique("members", [(code, place) for code in project.members])
            self._require_members(project.members, (*place, "members"))

    def _require_members(self, codes: Iterable[str], place: Place) -> None:
        for code in codes:
            if code not in self._members:
                raise _ContradictionError(f"{code} is no member", place)

    def _key_rings(self) -> list[tuple[Place, tuple[PublicKey, ...]]]:
        rings: list[tuple[Place, tuple[PublicKey, ...]]] = [
            (("hub", "receipt_keys"), self.hub.receipt_keys)
        ]
        for index, member in enumerate(self.members):
            rings.append((("members", index, "token_keys"), member.token_keys))
            rings.append((("members", index, "answer_keys"), member.answer_keys))
        return rings


class _ContradictionError(ValueError):
    """Two parts of the file contradict each other; `place` says where the second is."""

    def __init__(self, text: str, place: Place) -> None:
        super().__init__(text)
        self.place = place


def _require_unique(key: str, values: Iterable[tuple[str, Place]]) -> None:
    seen: set[str] = set()
    for value, place in values:
        if value in seen:
            raise _ContradictionError(f"{value} occurs twice", (*place, key))
        seen.add(value)


def read_federation(path: Path) -> Federation:
    """Read the federation file.

    Raises:
        FederationFileError: It cannot be read or does not hold; names file, line and key.
    """
    text = _read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        found = re.search(r"at line (\d+)", str(exc))
        line = int(found[1]) if found else text.count("\n") + 1
        raise FederationFileError(path.name, str(exc), line=line) from None
    try:
        federation = Federation.model_validate(as_tuples(data))
    except ValidationError as exc:
        raise file_error(path.name, text, exc) from None
    folder = path.parent.absolute()
    members = tuple(
        member.model_copy(update={"jwks_ca": folder / member.jwks_ca}) if member.jwks_ca else member
        for member in federation.members
    )
    return federation.model_copy(update={"ca": folder / federation.ca, "members": members})


def write_federation(federation: Federation, path: Path) -> None:
    """Write the federation file; a `ca` below its folder is written relative to it."""
    data = federation.model_dump(mode="python", exclude_defaults=True)
    folder = path.parent.absolute()
    data["ca"] = _below(folder, federation.ca)
    for member in data["members"]:
        if "jwks_ca" in member:
            member["jwks_ca"] = _below(folder, member["jwks_ca"])
    path.write_text(write_toml(as_lists(data)), encoding="utf-8")


def _below(folder: Path, path: Path) -> str:
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if len(data) > MAX_FILE:
            raise FederationFileError(path.name, f"is larger than {MAX_FILE} bytes")
        return data.decode("utf-8")
    except OSError as exc:
        raise FederationFileError(path.name, f"cannot be read: {exc.strerror}") from None
    except UnicodeDecodeError:
        raise FederationFileError(path.name, "is not UTF-8") from None


def file_error(name: str, text: str, error: ValidationError) -> FederationFileError:
    """Name the first fault with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    fault = first.get("ctx", {}).get("error")
    place = (*first["loc"], *getattr(fault, "place", ()))
    key = ".".join(str(part) for part in place)
    said = str(fault) if isinstance(fault, ValueError) else first["msg"]
    return FederationFileError(name, said, line=line_of(text, place), key=key)


def as_tuples(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """Turn the lists of a TOML table into the tuples of the models."""
    if isinstance(value, dict):
        return {key: as_tuples(each) for key, each in value.items()}
    return tuple(as_tuples(each) for each in value) if isinstance(value, list) else value


def as_lists(value: Any) -> Any:  # noqa: ANN401 - whatever the model holds
    """Turn the tuples of a model's dump into lists, as TOML is written of them."""
    if isinstance(value, dict):
        return {key: as_lists(each) for key, each in value.items()}
    return [as_lists(each) for each in value] if isinstance(value, tuple | list) else value
