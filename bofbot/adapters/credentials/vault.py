"""Where the secrets of robots are found: environment, system keyring, encrypted file, in that order; and which are burnt."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from bofbot.adapters.credentials.age_vault import FILE, AgeFile, key_file
from bofbot.adapters.credentials.keyring_vault import SystemKeyring
from bofbot.errors import NeedsPerson, NotReady
from bofbot.files import atomic_write
from bofbot.secret import Secret
from bofbot.settings import Settings
from bofbot.words import Sentence

Where = Literal["keyring", "file"]


class Keeper(Protocol):
    """A place that keeps secrets: name → fields."""

    @property
    def title(self) -> Sentence: ...
    def trouble(self) -> str: ...
    def read(self, name: str) -> Mapping[str, str] | None: ...
    def write(self, name: str, fields: Mapping[str, str]) -> None: ...
    def remove(self, name: str) -> bool: ...
    def names(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret as `bofbot secret list` shows it: never a value."""

    name: str
    fields: tuple[str, ...]
    where: Sentence
    burnt: bool = False


class Vault:
    """The secrets of one project."""

    def __init__(
        self,
        prefixes: Mapping[str, str],
        keepers: Mapping[Where, Keeper],
        burnt_file: Path,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._prefixes = prefixes
        self._keepers = keepers
        self._burnt_file = burnt_file
        self._environ = environ

    @classmethod
    def at(cls, folder: Path, settings: Settings, environ: Mapping[str, str] = os.environ) -> Vault:
        """The vault of the project in `folder`, as its settings say."""
        age = AgeFile(folder / FILE, key_file(environ), environ.get("BOFBOT_PASSPHRASE", ""))
        prefixes = {name: secret.env for name, secret in settings.secrets.items() if secret.env}
        return cls(
            prefixes,
            {"keyring": SystemKeyring(), "file": age},
            folder / settings.logs / "burnt.json",
            environ,
        )

    def get(self, name: str) -> Mapping[str, Secret]:
        """The fields of a secret, e.g. user, password, totp. Raises NotReady when it is kept nowhere, NeedsPerson when
        this very version was rejected by the site before: accounts lock after two or three wrong passwords."""
        fields = self._find(name)
        if fields is None:
            raise self._missing(name)
        if self._is_burnt(name, fields):
            raise _rejected(name)
        return {field: Secret(value, f"{name}.{field}") for field, value in fields.items()}

    def has(self, name: str) -> bool:
        """Whether `get` would find it, burnt or not. Raises NotReady when the encrypted file does not open."""
        return self._find(name) is not None

    def put(self, name: str, fields: Mapping[str, str], where: Where | None = None) -> Sentence:
        """Keep a secret in the system keyring, else in the encrypted file; says where. Raises NotReady."""
        chosen = where or ("file" if self._keepers["keyring"].trouble() else "keyring")
        self._keepers[chosen].write(name, fields)
        return self._keepers[chosen].title

    def remove(self, name: str) -> bool:
        """Forget it in every place but the environment; False when it was nowhere."""
        found = [keeper.remove(name) for keeper in self._keepers.values()]
        burnt = self._burnt()
        if burnt.pop(name, None) is not None:
            self._write_burnt(burnt)
        return any(found)

    def kept(self) -> tuple[Kept, ...]:
        """Every secret that is known here, by name, in the place where `get` would find it."""
        names = {*self._prefixes, *(name for keeper in self._keepers.values() for name in keeper.names())}
        kept = ((name, self._find(name)) for name in sorted(names))
        return tuple(
            Kept(n, tuple(f), self._where(n), self._is_burnt(n, f)) for n, f in kept if f is not None
        )

    def burn(self, name: str) -> None:
        """The site rejected the present version: no robot tries it again until one of its fields is changed."""
        fields = self._find(name)
        if fields is not None:
            salt = secrets.token_hex(16)
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            self._write_burnt(
                {**self._burnt(), name: {"salt": salt, "hash": _print_of(fields, salt), "at": now}}
            )

    def _find(self, name: str) -> Mapping[str, str] | None:
        found = self._from_environment(name)
        if found:
            return found
        return next(
            (fields for keeper in self._keepers.values() if (fields := keeper.read(name)) is not None), None
        )

    def _from_environment(self, name: str) -> Mapping[str, str]:
        prefix = self._prefixes.get(name, "")
        if not prefix:
            return {}
        start = f"{prefix}_"
        return {
            k.removeprefix(start).lower(): v for k, v in self._environ.items() if k.startswith(start) and v
        }

    def _where(self, name: str) -> Sentence:
        if self._from_environment(name):
            return Sentence(
                en=f"environment {self._prefixes[name]}_…", ja=f"環境変数 {self._prefixes[name]}_…"
            )
        return next(keeper.title for keeper in self._keepers.values() if keeper.read(name) is not None)

    def _missing(self, name: str) -> NotReady:
        fix = Sentence(en=f"bofbot secret set {name}", ja=f"bofbot secret set {name} で登録してください")
        if prefix := self._prefixes.get(name, ""):
            fix = fix + Sentence(
                en=f", or set {prefix}_USER and {prefix}_PASSWORD",
                ja=f"（または環境変数 {prefix}_USER と {prefix}_PASSWORD を設定）",
            )
        return NotReady(
            Sentence(en=f"the secret 「{name}」 is not set", ja=f"秘密情報「{name}」が登録されていません"),
            fix=fix,
        )

    def _is_burnt(self, name: str, fields: Mapping[str, str]) -> bool:
        mark = self._burnt().get(name)
        return mark is not None and mark["hash"] == _print_of(fields, mark["salt"])

    def _burnt(self) -> dict[str, dict[str, str]]:
        try:
            marks: dict[str, dict[str, str]] = json.loads(self._burnt_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            raise _damaged(self._burnt_file) from None
        return marks

    def _write_burnt(self, marks: Mapping[str, Mapping[str, str]]) -> None:
        atomic_write(self._burnt_file, json.dumps(marks, ensure_ascii=False, indent=1))
        self._burnt_file.chmod(0o600)


def _print_of(fields: Mapping[str, str], salt: str) -> str:
    """A fingerprint that tells nothing of the password: scrypt, 16 MB, about 50 ms."""
    text = json.dumps(dict(fields), sort_keys=True, ensure_ascii=False).encode()
    return hashlib.scrypt(text, salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _damaged(path: Path) -> NotReady:
    return NotReady(
        Sentence(
            en=f"{path}, the list of rejected passwords, is damaged",
            ja=f"拒否されたパスワードの記録 {path} が壊れています",
        ),
        fix=Sentence(
            en="make sure that the passwords are right, then delete the file",
            ja="パスワードが正しいことを確かめてから、このファイルを削除してください",
        ),
    )


def _rejected(name: str) -> NeedsPerson:
    return NeedsPerson(
        Sentence(
            en=f"the site rejected the password of 「{name}」 before, so it is not tried again",
            ja=f"「{name}」のパスワードは以前サイトに拒否されたため、再試行しません",
        ),
        fix=Sentence(
            en=f"log in by hand, mend the password if need be, then: bofbot secret set {name}",
            ja=f"手作業でログインできるか確認し、正しいパスワードを bofbot secret set {name} で登録してください",
        ),
    )
