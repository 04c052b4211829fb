"""Private servers: in a folder of their own, on free ports, gone afterwards.

The demonstration's `--servers` and the tests ask real PostgreSQL, MariaDB and OpenLDAP. Nothing is
taken from a server that may already run on the machine, and nothing is left behind.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from seeds.ports import reserve_port

__all__ = [
    "Directory",
    "Server",
    "ServerError",
    "find_ldap",
    "find_mariadb",
    "find_postgres",
    "install",
    "run_ldap",
    "run_mariadb",
    "run_postgres",
]

_START_S: Final = 60
_PLAIN_FILES: Final = ("--innodb-use-native-aio=0",)
"""Several servers on one machine exhaust what the kernel gives for asynchronous files."""
_STOP_S: Final = 20
_INSTALL_S: Final = 600


class ServerError(Exception):
    """A server is not installed or does not start; read its log or install the package."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        engine: `postgres`, `mariadb` or `ldap`.
        port: On 127.0.0.1.
        user: May do everything, without a password; empty for ldap, where nobody needs to bind.
        folder: Its data.
    """

    engine: str
    port: int
    user: str
    folder: Path

    def url(self, database: str) -> str:
        """Return the address of a database as a mapping writes it; ldap has none."""
        if self.engine == "ldap":
            return f"ldap://127.0.0.1:{self.port}"
        return f"{self.engine}://{self.user}@127.0.0.1:{self.port}/{database}"


@dataclass(frozen=True, slots=True)
class Directory:
    """What a private directory holds.

    Attributes:
        suffix: The name above all entries, such as `dc=gov,dc=pk`.
        schema: Attribute types and object classes of its own, as slapd.conf writes them.
        ldif: All entries, the suffix's first.
        indexes: Attributes that are found by equality and presence without a scan.
        access: Who may read, as slapd.conf writes it; nobody may write.
        largest: Entries that the server gives for one search at most.
        tls: Its certificate and key, readable by its user; without them it speaks in the clear.
        ldaps: Begin with TLS, instead of when a client asks for it.
    """

    suffix: str
    schema: str
    ldif: str
    indexes: tuple[str, ...] = ()
    access: str = "access to attrs=userPassword by * auth\naccess to * by * read"
    largest: int = 100_000
    tls: tuple[Path, Path] | None = None
    ldaps: bool = False


def install(packages: Sequence[str]) -> None:
    """Install Debian packages; as root only.

    Raises:
        ServerError: Not root, no apt-get, or the installation failed.
    """
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise ServerError(f"install {' '.join(packages)}")
    environment = {**_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    command = [apt, "install", "-y", "--no-install-recommends", *packages]
    try:
        subprocess.run(  # noqa: S603 - fixed command, package names from this module's callers
            command, check=True, capture_output=True, timeout=_INSTALL_S, env=environment
        )
    except (subprocess.SubprocessError, OSError) as exc:
        raise ServerError(f"apt-get install {' '.join(packages)} failed") from exc


def find_postgres() -> Path | None:
    """Return the folder of PostgreSQL's programs: they are in their version's own."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    newest = sorted(versions, key=lambda path: int(path.parts[-3]), reverse=True)
    if newest:
        return newest[0].parent
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


def find_mariadb() -> Path | None:
    """Return MariaDB's server program."""
    found = shutil.which("mariadbd", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")
    return Path(found) if found else None


@contextmanager
def run_postgres(folder: Path, *, port: int | None = None) -> Iterator[Server]:
    """Run PostgreSQL until the block ends.

    Args:
        folder: Its data; made and filled where empty, kept afterwards.
        port: Where to listen; a free one where None.

    Raises:
        ServerError: It is not installed or does not start.
    """
    programs = find_postgres()
    if programs is None:
        raise ServerError("install postgresql")
    data = _prepare(folder, "postgres")
    if not (data / "PG_VERSION").exists():
        options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([str(programs / "initdb"), "-D", str(data), *options], "postgres")
    listen = port or reserve_port()
    told = f"-p {listen} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    start = [*control, "-t", str(_START_S), "-l", str(data / "log"), "-o", told, "start"]
    _run(start, "postgres")
    try:
        yield Server("postgres", listen, "postgres", data)
    finally:
        with suppress(ServerError):
            _run([*control, "-m", "immediate", "stop"], "postgres")


@contextmanager
def run_mariadb(folder: Path, *, port: int | None = None) -> Iterator[Server]:
    """Run MariaDB until the block ends; arguments as for PostgreSQL.

    Raises:
        ServerError: It is not installed or does not start.
    """
    program = find_mariadb()
    setup = shutil.which("mariadb-install-db")
    if program is None or setup is None:
        raise ServerError("install mariadb-server")
    data = _prepare(folder, "mysql")
    if not (data / "mysql").exists():
        _set_up_mariadb(setup, data)
    listen = port or reserve_port()
    process = _start_mariadb(program, data, listen)
    try:
        _wait_for(process, listen, greets=True)
        yield Server("mariadb", listen, "root", data)
    finally:
        _stop(process)


def find_ldap() -> Path | None:
    """Return OpenLDAP's server program."""
    found = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/libexec")
    return Path(found) if found else None


@contextmanager
def run_ldap(folder: Path, directory: Directory, *, port: int | None = None) -> Iterator[Server]:
    """Run OpenLDAP until the block ends.

    Args:
        folder: Its data; made and filled where empty, kept afterwards.
        directory: What it holds.
        port: Where to listen; a free one where None.

    Raises:
        ServerError: It is not installed or does not start.
    """
    program = find_ldap()
    if program is None:
        raise ServerError("install slapd")
    data = _prepare(folder, "openldap")
    told = data / "slapd.conf"
    told.write_text(_write_ldap(data, directory), encoding="utf-8")
    if not (data / "data.mdb").exists():
        entries = data / "entries.ldif"
        entries.write_text(directory.ldif, encoding="utf-8")
        fill = [str(program), "-T", "add", "-q", "-f", str(told), "-l", str(entries)]
        _run(fill, "openldap")
    listen = port or reserve_port()
    url = f"{'ldaps' if directory.ldaps else 'ldap'}://127.0.0.1:{listen}/"
    process = _start([str(program), "-f", str(told), "-h", url, "-d", "0"], data, "openldap")
    try:
        _wait_for(process, listen, greets=False)
        yield Server("ldap", listen, "", data)
    finally:
        _stop(process)


def _write_ldap(data: Path, directory: Directory) -> str:
    schemas = "\n".join(
        f"include /etc/ldap/schema/{name}.schema" for name in ("core", "cosine", "inetorgperson")
    )
    indexes = ",".join(("objectClass", *directory.indexes))
    tls = "TLSCertificateFile {}\nTLSCertificateKeyFile {}".format(*directory.tls or ("", ""))
    return f"""{schemas}
{directory.schema}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {data}/pid
{tls if directory.tls else ""}
sizelimit size={directory.largest} size.prtotal={directory.largest}
database mdb
suffix "{directory.suffix}"
directory {data}
maxsize 1073741824
dbnosync
readonly on
index {indexes} eq,pres
{directory.access}
"""


def _set_up_mariadb(setup: str, data: Path) -> None:
    """Make the system tables; once more from nothing where a busy machine broke it off."""
    options = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
    command = [setup, *options, *_PLAIN_FILES, f"--datadir={data}"]
    try:
        _run(command, "mysql")
    except ServerError:
        for part in data.iterdir():
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        _run(command, "mysql")


def _start_mariadb(program: Path, data: Path, port: int) -> subprocess.Popen[bytes]:
    command = [
        *(str(program), "--no-defaults", f"--datadir={data}", f"--port={port}"),
        *("--bind-address=127.0.0.1", f"--socket={data}/s", f"--pid-file={data}/pid"),
        *(f"--log-error={data}/log", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"),
        *("--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"),
        *("--innodb-buffer-pool-size=32M", "--skip-name-resolve", *_PLAIN_FILES),
    ]
    return _start(command, data, "mysql")


def _start(command: Sequence[str], data: Path, owner: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - programs found in Debian's folders
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=data,
        env=_environment(),
        **_identity(owner),
    )


def _prepare(folder: Path, owner: str) -> Path:
    """Make the folder, owned by the user that the server runs as: neither server runs as root."""
    data = folder.resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    user = _owner(owner)
    if user is not None:
        _require_way(data, user)
        os.chown(data, user.pw_uid, user.pw_gid)
    return data


def _require_way(folder: Path, user: pwd.struct_passwd) -> None:
    """Raise where the server's user cannot pass through the folders above."""
    for above in folder.parents:
        found = above.stat()
        if found.st_uid != user.pw_uid and not found.st_mode & 0o001:
            raise ServerError(f"{user.pw_name} cannot reach {folder}; choose another folder")


def _owner(name: str) -> pwd.struct_passwd | None:
    """Return the user that a server runs as; None where we are not root and run it ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name)
    except KeyError as exc:
        raise ServerError(f"there is no user {name}; install its package") from exc


def _identity(name: str) -> dict[str, Any]:
    """Return what a process needs to run as a user."""
    user = _owner(name)
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(command: Sequence[str], owner: str) -> None:
    try:
        subprocess.run(  # noqa: S603 - programs found in Debian's folders
            list(command),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_START_S,
            cwd="/",
            env=_environment(),
            **_identity(owner),
        )
    except (subprocess.SubprocessError, OSError) as exc:
        raise ServerError(f"{Path(command[0]).name} failed; read the log in its folder") from exc


def _environment() -> dict[str, str]:
    """Nothing of ours reaches a server but where programs are."""
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def _wait_for(process: subprocess.Popen[bytes], port: int, *, greets: bool) -> None:
    """Wait until a server takes connections; MariaDB speaks first, and only then it is ready."""
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as greeting:
            if not greets or greeting.recv(1):
                return
        time.sleep(0.05)
    raise ServerError("a server does not start; look into its folder")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
