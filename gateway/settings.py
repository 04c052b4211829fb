"""Settings: one frozen value for each server and for the client, read once from TOML.

This is the only place that reads settings files and the environment. Unknown keys are errors that
name file and key. Secrets are paths to files, never values. All paths are relative to the folder
of their file.

A home (default `.kalkan`) has this shape:

    federation.toml  ca.pem
    hub/hub.toml  certificate.pem  key.pem  receipt.key  ledger.key  ledger/
    nodes/KAZ/node.toml  certificate.pem  key.pem  answer.key  index.key  policy.cedar
    nodes/KAZ/ledger.key  witness.key
    nodes/KAZ/ledger/  witness/  index/  banks/<bank>/mapping.toml
    clients/<name>/client.toml  certificate.pem  key.pem  query.key  token
"""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.errors import SettingsError

DEFAULT_HOME: Final = Path(".kalkan")
HOME_VARIABLE: Final = "KALKAN_HOME"
_SettingsT = TypeVar("_SettingsT", bound="_Settings")


class _Settings(BaseModel):
    """What all settings have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Path()
    """The folder of the file; set by the reader."""

    def at(self, path: Path) -> Path:
        """A path of the file, relative to its folder."""
        return self.folder / path


class TraceSettings(BaseModel):
    """Where OpenTelemetry goes; nowhere by default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    otlp_endpoint: str = ""
    """Address of an OTLP receiver over gRPC, as "127.0.0.1:4317"; empty exports nothing."""
    file: Path | None = None
    """A local file of spans for `kalkan audit trace`; none by default."""


class HubSettings(_Settings):
    """The hub's settings."""

    listen: str
    """Address to listen on, as "127.0.0.1:7700"; port 0 takes a free one."""
    federation: Path
    """The federation file."""
    certificate: Path
    """The hub's certificate chain in PEM."""
    key: Path
    """The private key of the certificate; readable by its owner alone."""
    receipt_key: Path
    """The private key that signs receipts; readable by its owner alone."""
    ledger: Path
    """The folder of the ledger."""
    ledger_key: Path
    """The Ed25519 key that signs the ledger's checkpoints; readable by its owner alone."""
    hold: Path = Path("hold.toml")
    """A file of legal holds: what of the ledger must not be destroyed; none where it is missing."""
    stops: Path = Path("stops.toml")
    """What is stopped, as `kalkan stop` writes it; nothing where there is no such file."""
    drain_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Seconds that running searches have to end after SIGTERM, more than 0, at most 60."""
    max_searches: Annotated[int, Field(ge=1, le=10_000)] = 512
    """Searches at the same time, 1 to 10,000; more are refused as OVERLOADED."""
    trace: TraceSettings = TraceSettings()
    """OpenTelemetry."""


class ShadowSettings(BaseModel):
    """A bank that is asked beside another one; what it finds is compared and never released."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mapping: Path
    """The mapping of the bank; it moves to `banks` unchanged on the day it is trusted."""
    of: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    """The id of the bank that it is asked beside, as "persons"."""
    deadline_s: Annotated[float, Field(gt=0, le=30)] = 3.0
    """Seconds that it has for a question, more than 0, at most 30."""


class HiddenSettings(BaseModel):
    """A bank that only the node knows; what it finds is released as hits of another one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mapping: Path
    """The mapping of the bank."""
    through: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    """The id of the bank that it answers through, as "persons"."""
    deadline_s: Annotated[float, Field(gt=0, le=30)] = 1.0
    """Seconds that it may keep an answer waiting, more than 0, at most 30."""


class NotifySettings(BaseModel):
    """Who is told of each question: a file, a web service, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Path | None = None
    """A file that gets one JSON object a line."""
    url: Annotated[str, Field(pattern=r"^(https://[!-~]{1,500})?$")] = ""
    """A web service that gets each object by POST, https alone."""
    ca: Path | None = None
    """The certificates that may sign the service's, in PEM; else those of the system."""


class NodeSettings(_Settings):
    """A node's settings."""

    member: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """The member that runs the node."""
    listen: str
    """Address to listen on."""
    federation: Path
    """The federation file."""
    certificate: Path
    """The node's certificate chain in PEM."""
    key: Path
    """The private key of the certificate; readable by its owner alone."""
    answer_key: Path
    """The private key that signs answers; readable by its owner alone."""
    index_key: Path
    """The secret of the in-country index, 32 bytes; readable by its owner alone."""
    policy: Path
    """The owner's policy for searches; published."""
    release: Path | None = None
    """The owner's policy for records; kept secret; without it each record is released as it is."""
    asking: Path | None = None
    """What this member's officers may ask of whom; published; without it they may ask everybody."""
    policy_shadow: Path | None = None
    """A policy for searches on trial: evaluated beside the live one, compared, never followed."""
    ledger: Path
    """The folder of the ledger."""
    reconcile: bool = True
    """Whether the hub may compare this ledger's entries of searches with its own, all the time."""
    ledger_key: Path
    """The Ed25519 key that signs the ledger's checkpoints; readable by its owner alone."""
    hold: Path = Path("hold.toml")
    """A file of legal holds: what of the ledger must not be destroyed; none where it is missing."""
    index: Path
    """The folder of the in-country indexes."""
    witness_key: Path | None = None
    """The Ed25519 key that cosigns the ledgers of others; without one the node is no witness."""
    witness: Path = Path("witness")
    """The folder in which the witness keeps what it has signed."""
    closed_alarms: Path = Path("closed_alarms.toml")
    """Alarms of the witness that were looked into, as `kalkan audit close` writes them."""
    witness_listen: Annotated[str, Field(pattern=r"^([A-Za-z0-9.\[\]:_-]+:[0-9]{1,5})?$")] = ""
    """Address on which it witnesses over plain HTTP too, as C2SP tlog-witness; off by default."""
    witness_logs: tuple[str, ...] = ()
    """The keys of foreign logs that it witnesses over HTTP, each "name+keyid+base64"."""
    banks: tuple[Path, ...]
    """The mapping of each bank."""
    shadow: tuple[ShadowSettings, ...] = ()
    """Banks on trial: asked beside another bank, compared in the ledger, never released."""
    hidden: tuple[HiddenSettings, ...] = ()
    """Banks that only this node knows; each answers through one of `banks`."""
    grid_ms: dict[str, Annotated[int, Field(ge=1, le=1_000)]] = {}
    """For a bank's id: answers leave at whole multiples of so many milliseconds, 1 to 1,000."""
    stops: Path = Path("stops.toml")
    """What is stopped, as `kalkan stop` writes it; nothing where there is no such file."""
    budgets: Path = Path("budgets.toml")
    """How much may be asked and what raises an alarm; no limit where there is no such file."""
    budget_state: Path = Path("budgets.sqlite")
    """What was asked, as keyed digests; processes of one node share it."""
    notify: NotifySettings | None = None
    """Who is told who asked and when."""
    revocations: Path = Path("revocations.toml")
    """What the member has revoked, as `kalkan revoke` writes it; a missing file revokes nothing."""
    nonces: str = ""
    """Where replicas of this node share which questions were asked; empty where it has none.

    On one machine "sqlite:///nonces.sqlite", else "postgresql://user@host/database": a password by
    `?passfile=PATH`, never in the address.
    """
    plugins: tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")], ...] = ()
    """The plug-ins that may be used, by their names; others are not even imported."""
    drain_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Seconds that running searches have to end after SIGTERM, more than 0, at most 60."""
    trace: TraceSettings = TraceSettings()
    """OpenTelemetry."""


class ClientSettings(_Settings):
    """A client's settings."""

    federation: Path
    """The federation file."""
    certificate: Path
    """The client's certificate chain in PEM."""
    key: Path
    """The private key of the certificate; readable by its owner alone."""
    query_key: Path
    """The private key that signs queries; readable by its owner alone."""
    token: Path
    """The requester's token."""
    hub: str = ""
    """The hub's address where it is not the federation file's."""
    trace: TraceSettings = TraceSettings()
    """OpenTelemetry."""


def home_of(option: Path | None) -> Path:
    """The home: the option, else KALKAN_HOME, else `.kalkan`."""
    if option is not None:
        return option
    named = os.environ.get(HOME_VARIABLE)  # noqa: TID251 - the one place that reads it
    return Path(named) if named else DEFAULT_HOME


def in_ci() -> bool:
    """Whether this runs in continuous integration, where nothing may be skipped."""
    return bool(os.environ.get("CI"))  # noqa: TID251 - the one place that reads it


def read_settings(kind: type[_SettingsT], path: Path) -> _SettingsT:
    """Read a settings file.

    Raises:
        SettingsError: It is missing, not TOML, or has an unknown or wrong key; the text names file
            and key and says what is wrong.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be read: {exc.strerror}") from None
    except ValueError as exc:
        raise SettingsError(f"{path}: is not TOML: {exc}") from None
    if "folder" in data:
        raise SettingsError(f"{path}: folder: {_plain('extra_forbidden', '')}")
    try:
        return kind.model_validate({**data, "folder": path.parent.absolute()})
    except ValidationError as exc:
        raise SettingsError(f"{path}: {_tell(exc, tuple(kind.model_fields))}") from None


def _tell(error: ValidationError, known: tuple[str, ...]) -> str:
    """All that is wrong, each with its key and what to do."""
    told = []
    for fault in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in fault["loc"])
        near = get_close_matches(key, known, 1) if fault["type"] == "extra_forbidden" else []
        hint = f"; did you mean {near[0]}?" if near else ""
        told.append(f"{key}: {_plain(fault['type'], fault['msg'])}{hint}")
    return "\n  ".join(told)


def _plain(kind: str, message: str) -> str:
    """What to do about a wrong key."""
    if kind == "extra_forbidden":
        return "is not a key of this file; remove it or mend its name"
    return "is missing" if kind == "missing" else message
