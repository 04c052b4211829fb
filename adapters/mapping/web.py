"""The blocks that say where a service over HTTP is: `[http]`, `[yente]`, `[opensearch]`."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from adapters.contract import ProbeKind
from adapters.mapping.block import HERE, Block, BlockError, Column, Word

__all__ = [
    "Http",
    "HttpError",
    "HttpGet",
    "HttpList",
    "HttpNext",
    "HttpSearch",
    "HttpState",
    "OpenSearch",
    "Web",
    "Yente",
]


class HttpNext(Block):
    """Paging: by number, by place, by a mark or by an address that each answer tells.

    Attributes:
        page: The parameter that holds the page's number.
        offset: The parameter that holds how many rows come before the page.
        cursor: The parameter that holds the mark of the page; `after` is where an answer tells
            the next one, and the page without one is the last.
        link: The header Link of an answer tells the address of the next page (RFC 8288,
            `rel="next"`), and the page without one is the last.
        first: The number of the first page (`from` in the file).
        size: The parameter that holds the size of a page.
        rows: The size asked for, 1 to 1,000.
        total: Path to the number of all rows in an answer.
    """

    page: Word | None = None
    offset: Word | None = None
    cursor: Word | None = None
    after: Word | None = None
    link: bool = False
    first: int = Field(default=1, alias="from", ge=0)
    size: Word | None = None
    rows: int = Field(default=50, ge=1, le=1000)
    total: Word | None = None

    @model_validator(mode="after")
    def _require_way(self) -> Self:
        ways = [way is not None for way in (self.page, self.offset, self.cursor)]
        if sum((*ways, self.link)) != 1:
            raise ValueError("write one of page, offset, cursor and link")
        if (self.cursor is None) != (self.after is None):
            raise ValueError("write both cursor and after, or neither")
        return self


class HttpError(Block):
    """Where the service tells its own errors: a path that holds a value on an error only."""

    path: Word


HttpPath = Annotated[str, StringConstraints(pattern=r"^/\S*$", max_length=500)]


class HttpList(Block):
    """How all records are read, for the in-country index. `fixed` are constant parameters."""

    path: HttpPath
    rows: str | None = None
    fixed: dict[Word, str] = Field(default_factory=dict)


class HttpGet(HttpList):
    """How one record is read: a path with `{reference}`; no `rows`: the answer is it."""

    @field_validator("path")
    @classmethod
    def _require_reference(cls, path: str) -> str:
        if "{reference}" not in path:
            raise ValueError("write {reference} where the record's reference belongs")
        return path


class HttpSearch(HttpList):
    """How the service is searched.

    Attributes:
        probe: Which kind of probe it takes.
        query: The service's parameter to the probe's field: number, issuer, plate, vin, value, ...
    """

    probe: ProbeKind
    query: dict[Word, Word] = Field(min_length=1)


class HttpState(Block):
    """How the service tells of when its data are.

    Attributes:
        watermark: Path to a value that changes when the data change.
        as_of: Path to a point in time, ISO 8601.
    """

    path: HttpPath
    watermark: Word | None = None
    as_of: Word | None = None


class Web(Block):
    """What is said of any service over HTTP.

    Attributes:
        url: Where it is; a path may follow the host.
        timeout_s: Seconds for one request.
        token_file: Holds the token that is sent with each request.
        ca_file: Certificates that the service's own is checked against, instead of the system's.
        certificate: The client certificate that we log in with, in PEM, chain included.
        key: Its key, in PEM, not encrypted.
        error: Where the service tells its own errors.
        retries: After 429 and 503, waiting Retry-After within the deadline.
    """

    section: ClassVar[str] = "http"
    """What the block is called in the mapping."""

    scheme: ClassVar[str] = "Bearer"
    """What stands before the token in the header Authorization."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=500)]
    timeout_s: float = Field(default=2.0, gt=0, le=30)
    headers: dict[Word, str] = Field(default_factory=dict)
    token_file: Word | None = None
    ca_file: Word | None = None
    certificate: Word | None = None
    key: Word | None = None
    error: HttpError | None = None
    retries: int = Field(default=1, ge=0, le=5)

    @model_validator(mode="after")
    def _require_pair(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("a client certificate needs both certificate and key")
        if self.certificate is not None and not self.url.startswith("https://"):
            raise BlockError("a client certificate is shown over https:// only", "url")
        return self

    def authorise(self, secret: str) -> str:
        """Write the header Authorization with what `token_file` holds."""
        return f"{self.scheme} {secret}"


class Http(Web):
    """A JSON service."""

    rows: str = ""
    next: HttpNext | None = None
    listing: HttpList = Field(alias="list")
    get: HttpGet
    state: HttpState | None = None
    searches: tuple[HttpSearch, ...] = Field(alias="search", default=())


class Yente(Web):
    """OpenSanctions' yente, or a service that speaks as it does.

    Attributes:
        dataset: The name of the dataset or collection that is asked.
        algorithm: The scorer that yente picks candidates with; its own default where None.
        threshold: Candidates below this score of yente's are not sent, 0 to 1. The node scores
            them again by its own rules, so it may be low.
        candidates: Candidates of one search at most, 1 to 500.
        token_file: `api_key_file` in the file.
    """

    section: ClassVar[str] = "yente"
    scheme: ClassVar[str] = "ApiKey"

    dataset: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")] = "default"
    algorithm: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")] | None = None
    threshold: float = Field(default=0.5, ge=0, le=1)
    candidates: int = Field(default=50, ge=1, le=500)
    token_file: Word | None = Field(default=None, alias="api_key_file")


class OpenSearch(Web):
    """OpenSearch, or Elasticsearch where it answers the same requests.

    Attributes:
        index: The index, the alias or the data stream that holds the records.
        user: Whom we log in as; `token_file` is then written `password_file`.
        exact: The column to the field of the index that compares it whole, where that is another:
            `number` to `number.keyword`.
        nested: `[[many]]` tables whose objects the index keeps apart (type `nested`).
        only: Records whose field has one of these values; all others are not there for us.
        never: Records whose field has one of these values are not there for us.
        fuzzy: Names are looked for by the index itself, by `match` with fuzziness.
        page: Records in one page when all names are read.
    """

    section: ClassVar[str] = "opensearch"

    index: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,254}$")]
    user: Annotated[str, StringConstraints(pattern=r"^[^:\s]{1,100}$")] | None = None
    token_file: Word | None = Field(default=None, alias="password_file")
    exact: dict[Column, Word] = Field(default_factory=dict)
    nested: tuple[Word, ...] = ()
    only: dict[Word, tuple[Word, ...]] = Field(default_factory=dict)
    never: dict[Word, tuple[Word, ...]] = Field(default_factory=dict)
    fuzzy: bool = False
    page: int = Field(default=500, ge=1, le=1000)

    def authorise(self, secret: str) -> str:
        """Write the name and its password (RFC 7617)."""
        return f"Basic {b64encode(f'{self.user}:{secret}'.encode()).decode()}"

    @model_validator(mode="after")
    def _require_secrecy(self) -> Self:
        if (self.user is None) != (self.token_file is None):
            raise ValueError("write both user and password_file, or neither")
        address = urlsplit(self.url)
        if self.user is not None and address.scheme == "http" and address.hostname not in HERE:
            raise BlockError("the password would travel in the clear; write https://", "url")
        return self

    @model_validator(mode="after")
    def _require_values(self) -> Self:
        for name, values in (("only", self.only), ("never", self.never)):
            for column, words in values.items():
                if not words:
                    raise BlockError("write one value or more", name, column)
        return self
