"""PostgreSQL's own programs for dumps: the one place that starts `pg_dump` and `pg_restore`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from bofbot.errors import NotReady
from bofbot.words import Sentence


def dump(url: str, schema: str, file: Path) -> None:
    """The tables of store and queue as they stood at one moment. Raises NotReady."""
    both = [word for name in (schema, f"{schema}_engine") for word in ("--schema", name)]
    _run("pg_dump", url, ["--format=custom", "--no-owner", "--no-privileges", *both, "--file", str(file)])


def restore(url: str, file: Path) -> None:
    """Replace the tables of store and queue by those of a dump, all or none. Raises NotReady."""
    words = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(file)]
    _run("pg_restore", url, words)


def _run(name: str, url: str, words: Sequence[str]) -> None:
    program = shutil.which(name)
    if program is None:
        raise NotReady(
            Sentence(en=f"{name} is not installed on this machine", ja=f"この端末に {name} がありません"),
            fix=Sentence(
                en="install the PostgreSQL client (Debian: apt install postgresql-client), or back the database up with your server's own means",
                ja="PostgreSQL のクライアントを入れる（Debian では apt install postgresql-client）か、サーバー側でバックアップしてください",
            ),
        )
    plain, password = _without_password(url)
    command = [program, "--dbname", plain, "--no-password", *words]
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 (our own words)
    if told.returncode:
        why = told.stderr.strip().splitlines()[0] if told.stderr.strip() else f"exit code {told.returncode}"
        raise NotReady(Sentence(en=f"{name} failed: {why}", ja=f"{name} が失敗しました（{why}）"))


def _without_password(url: str) -> tuple[str, str]:
    """A password on a command line is seen by every user of the machine."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{at}{host}")), unquote(password)
