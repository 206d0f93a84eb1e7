"""A real PostgreSQL server for tests, started from whatever is installed here; stopped with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql


class NoServer(Exception):
    """No PostgreSQL here that the tests may start."""


class PostgresServer:
    """One server with a database of its own on a free port of 127.0.0.1; commits are on disk as in an office."""

    def __init__(self) -> None:
        self._bin = _programs()
        self._as = _somebody()
        self.folder = Path(tempfile.mkdtemp(prefix="bofbot-pg-"))
        if self._as is not None:
            os.chown(self.folder, *self._as)
        self._run(
            "initdb", "-D", self._data, "-A", "trust", "-U", "bofbot", "--locale=C", "-E", "UTF8", "--no-sync"
        )
        self.port = _free_port()
        self._addresses = "127.0.0.1"
        self.start()
        self._watcher = self._watched()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bofbot", "office")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def url(self, schema: str = "bofbot") -> str:
        return f"postgresql://bofbot@127.0.0.1:{self.port}/office?schema={schema}"

    def empty(self, schema: str) -> None:
        """Whatever earlier tests left in the schema is gone; quicker than a new one."""
        with psycopg.connect(self.url().partition("?")[0], autocommit=True) as connection:
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'schema_version'",
                (schema,),
            ).fetchall()
            connection.execute("SET session_replication_role = replica")  # attempts may go after their items
            for (name,) in found:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema, name)))

    def execute(self, words: str) -> list[tuple[object, ...]]:
        """As an administrator would, from outside."""
        with psycopg.connect(self.url().partition("?")[0], autocommit=True) as connection:
            cursor = connection.execute(words.encode())
            return cursor.fetchall() if cursor.description else []

    def listen(self, where: str) -> None:
        """From now on at these addresses, for whoever comes from a private network of this machine."""
        if self._addresses != where:
            with (Path(self._data) / "pg_hba.conf").open("a") as rules:
                rules.write("host all all 10.199.0.0/16 trust\n")
            self._addresses = where
            self.restart("fast")

    def start(self) -> None:
        said = f"-p {self.port} -c listen_addresses={self._addresses} -c unix_socket_directories={self.folder} -c max_connections=200"
        self._run(
            "pg_ctl", "-D", self._data, "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", said, "start"
        )

    def stop(self, how: str = "fast") -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "60", "-m", how, "stop")

    def restart(self, how: str = "immediate") -> None:
        """As after a crash, unless told otherwise."""
        self.stop(how)
        self.start()

    def close(self) -> None:
        try:
            self.stop("immediate")
        finally:
            self._watcher.kill()
            self._watcher.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _watched(self) -> subprocess.Popen[bytes]:
        """Stops the server when the tests were killed and can no longer do it themselves."""
        stop = f"{self._bin / 'pg_ctl'} -D {self._data} -m immediate stop; rm -rf {self.folder}"
        who = {} if self._as is None else {"user": self._as[0], "group": self._as[1], "extra_groups": []}
        return subprocess.Popen(
            ["sh", "-c", f"while [ -d /proc/{os.getpid()} ]; do sleep 2; done; {stop}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/", start_new_session=True, **who,  # type: ignore[call-overload]
        )  # fmt: skip

    def _run(self, program: str, *words: str) -> None:
        command: Sequence[str] = [str(self._bin / program), *words]
        who = {} if self._as is None else {"user": self._as[0], "group": self._as[1], "extra_groups": []}
        # A file, not a pipe: the server keeps what it inherits open.
        with (self.folder / "words").open("w+") as said:
            done = subprocess.run(
                command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120,
                cwd=self.folder, **who,  # type: ignore[call-overload]
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                raise NoServer(f"{program}: {said.read()[-400:]}")


def _programs() -> Path:
    places = []
    if found := shutil.which("pg_config"):
        told = subprocess.run([found, "--bindir"], capture_output=True, text=True, check=False)
        places.append(Path(told.stdout.strip()))
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: one.parent.name, reverse=True
    )
    for place in [*places, *newest_first]:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    raise NoServer("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")


def _somebody() -> tuple[int, int] | None:
    """The server refuses to run as root: then as `postgres`, or as nobody."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise NoServer("the tests run as root, and there is no other user for the server")


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(what: object, seconds: float = 30) -> None:
    """Until the callable says yes."""
    limit = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < limit
        time.sleep(0.02)
