"""Log-ins kept between runs: what a browser knows after a log-in, encrypted, bound to account, site, password and age.

A file says nothing by its name; it opens with the key of this user on this machine only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bofbot.adapters.credentials.age_vault import key_file, seal, unseal
from bofbot.errors import NotReady
from bofbot.files import atomic_write
from bofbot.secret import Secret

FOLDER = Path(".bofbot") / "sessions"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a browser needs to be logged in again."""

    landed: str
    """The address that was shown after the log-in; opened again, it proves whether the session still holds."""
    state: Mapping[str, Any]
    """Cookies and local storage, as Playwright's `storage_state` gives them."""
    tabs: Mapping[str, Mapping[str, str]]
    """Session storage by origin."""


class Sessions:
    """The kept log-ins of one project."""

    def __init__(self, folder: Path, key: Path) -> None:
        self._folder = folder
        self._key = key

    @classmethod
    def at(cls, work_folder: Path) -> Sessions:
        return cls(work_folder / FOLDER, key_file())

    def keep(self, account: Account, kept: Kept, at: datetime) -> None:
        """Write it down. Raises NotReady without a usable key, ApplicationError when the file cannot be written."""
        record = {"at": at.isoformat(), "secret": account.fingerprint, **asdict(kept)}
        sealed = seal(json.dumps(record, ensure_ascii=False).encode(), self._key)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(account)
        atomic_write(path, sealed)
        path.chmod(0o600)

    def find(self, account: Account, now: datetime, longest: float) -> Kept | None:
        """The session of the account, unless it is older than `longest` seconds or the secret has changed since.

        One that does not open (another key, a damaged file) is none: the robot just logs in."""
        path = self._path(account)
        try:
            record = json.loads(unseal(path, self._key))
            age = now - datetime.fromisoformat(record["at"])
            fresh = timedelta(0) <= age <= timedelta(seconds=longest)
            if fresh and record["secret"] == account.fingerprint:
                return Kept(record["landed"], record["state"], record["tabs"])
        except (OSError, NotReady, ValueError, KeyError, TypeError):
            pass
        self.forget(account)
        return None

    def forget(self, account: Account) -> None:
        self._path(account).unlink(missing_ok=True)

    def _path(self, account: Account) -> Path:
        return self._folder / f"{account.mark}.age"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose log-in it is: the secret by name and fields, and the site (`https://host:port`)."""

    name: str
    site: str
    fields: Mapping[str, Secret]

    @property
    def mark(self) -> str:
        """One account of one site, as a file name."""
        user = self.fields["user"].reveal() if "user" in self.fields else self.name
        return hashlib.sha256(f"{self.site}\0{user}".encode()).hexdigest()[:32]

    @property
    def fingerprint(self) -> str:
        """Changes with every field of the secret. Only ever written inside the encrypted file."""
        told = json.dumps({name: part.reveal() for name, part in sorted(self.fields.items())})
        return hashlib.sha256(told.encode()).hexdigest()
