"""Secrets in an age-encrypted file of the project, `.bofbot/secrets.age`: the only door to pyrage.

The file is locked by the passphrase in BOFBOT_PASSPHRASE, else by a key in the user's own configuration folder."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bofbot.errors import NotReady
from bofbot.files import atomic_write
from bofbot.words import Sentence

FILE = Path(".bofbot") / "secrets.age"
_BY_PASSPHRASE = b"\n-> scrypt "


def key_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the key of this user lies: outside every project, so that a copied project carries no key."""
    if sys.platform == "win32":
        base = Path(environ.get("APPDATA", "~")).expanduser()
    else:
        base = Path(environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    return base / "bofbot" / "age.key"


class AgeFile:
    """All secrets of a project in one file, decrypted once and kept in memory while the process lives."""

    title = Sentence(en="the encrypted file .bofbot/secrets.age", ja="暗号化ファイル .bofbot/secrets.age")

    def __init__(self, path: Path, key: Path, passphrase: str = "") -> None:
        self._path = path
        self._key = key
        self._passphrase = passphrase
        self._seen: tuple[int, dict[str, dict[str, str]]] | None = None

    def trouble(self) -> str:
        """Why it cannot be used here; "" when it can. An absent file is no trouble: it will be made."""
        try:
            self._all()
        except NotReady as locked:
            return locked.message.en
        return ""

    def read(self, name: str) -> Mapping[str, str] | None:
        """Raises NotReady when the file is there and cannot be opened."""
        return self._all().get(name)

    def write(self, name: str, fields: Mapping[str, str]) -> None:
        self._save({**self._all(), name: dict(fields)})

    def remove(self, name: str) -> bool:
        secrets = dict(self._all())
        if secrets.pop(name, None) is None:
            return False
        self._save(secrets)
        return True

    def names(self) -> tuple[str, ...]:
        return tuple(self._all())

    def _all(self) -> dict[str, dict[str, str]]:
        try:
            stamp = self._path.stat().st_mtime_ns
            if self._seen is None or self._seen[0] != stamp:
                self._seen = (stamp, json.loads(self._decrypt(self._path.read_bytes())))
        except FileNotFoundError:
            return {}
        except OSError as refused:
            raise _unreadable(self._path, refused) from None
        return self._seen[1]

    def _decrypt(self, sealed: bytes) -> bytes:
        pyrage = _pyrage()
        try:
            if _BY_PASSPHRASE in sealed[:200]:
                if not self._passphrase:
                    raise _needs_passphrase(self._path)
                opened: bytes = pyrage.passphrase.decrypt(sealed, self._passphrase)
            else:
                opened = pyrage.decrypt(sealed, [self._identity()])
        except (pyrage.DecryptError, pyrage.IdentityError):
            raise _wrong_key(self._path) from None
        return opened

    def _save(self, secrets: Mapping[str, Mapping[str, str]]) -> None:
        pyrage = _pyrage()
        opened = json.dumps(secrets, ensure_ascii=False).encode()
        by_passphrase = (
            _BY_PASSPHRASE in self._path.read_bytes()[:200] if self._path.exists() else bool(self._passphrase)
        )
        if by_passphrase:
            sealed = pyrage.passphrase.encrypt(opened, self._passphrase)
        else:
            sealed = pyrage.encrypt(opened, [self._identity(make=True).to_public()])
        atomic_write(self._path, sealed)
        self._path.chmod(0o600)
        self._seen = None

    def _identity(self, make: bool = False) -> Any:
        return _identity_in(self._key, self._path, make)


def seal(opened: bytes, key: Path) -> bytes:
    """Encrypt for this user's key, which is made when there is none. Raises NotReady when it cannot be used."""
    try:
        sealed: bytes = _pyrage().encrypt(opened, [_identity_in(key, key, make=True).to_public()])
    except OSError as refused:
        raise _unreadable(key, refused) from None
    return sealed


def unseal(path: Path, key: Path) -> bytes:
    """What `seal` put into a file. Raises NotReady when the key is not the one, FileNotFoundError when there is no file."""
    pyrage = _pyrage()
    try:
        opened: bytes = pyrage.decrypt(path.read_bytes(), [_identity_in(key, path)])
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise _wrong_key(path) from None
    return opened


def _identity_in(key: Path, of: Path, make: bool = False) -> Any:
    pyrage = _pyrage()
    if make and not key.exists():
        _write_key(key, str(pyrage.x25519.Identity.generate()))
    try:
        if os.name == "posix" and key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise _open_to_others(key)
        lines = key.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        raise _no_key(of, key) from None
    except (OSError, UnicodeDecodeError) as refused:
        raise _unreadable(key, refused) from None
    return pyrage.x25519.Identity.from_str(
        next((line for line in lines if line and not line.startswith("#")), "")
    )


def _pyrage() -> Any:
    import pyrage  # a compiled module without types

    return pyrage


def _write_key(path: Path, key: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# bofbot: opens the secrets of your projects. Keep a copy in a safe place.\n{key}\n")


def _needs_passphrase(path: Path) -> NotReady:
    return NotReady(
        Sentence(en=f"{path} is locked by a passphrase", ja=f"{path} はパスフレーズで暗号化されています"),
        fix=Sentence(en="put it into BOFBOT_PASSPHRASE", ja="環境変数 BOFBOT_PASSPHRASE に設定してください"),
    )


def _wrong_key(path: Path) -> NotReady:
    return NotReady(
        Sentence(
            en=f"{path} does not open with this key or passphrase",
            ja=f"{path} をこの鍵またはパスフレーズで開けません",
        ),
        fix=Sentence(
            en="use the key it was made with; if it is lost, delete the file and set the secrets again",
            ja="作成時の鍵を使ってください。失われた場合はファイルを削除し、秘密情報を登録し直してください",
        ),
    )


def _no_key(path: Path, key: Path) -> NotReady:
    return NotReady(
        Sentence(
            en=f"the key that opens {path} is not on this machine",
            ja=f"{path} を開く鍵がこの端末にありません",
        ),
        fix=Sentence(en=f"copy it to {key}", ja=f"鍵を {key} に置いてください"),
    )


def _open_to_others(key: Path) -> NotReady:
    return NotReady(
        Sentence(
            en=f"other users may read the key {key}", ja=f"鍵 {key} をほかの利用者も読める設定になっています"
        ),
        fix=Sentence.same(f"chmod 600 {key}"),
    )


def _unreadable(path: Path, error: Exception) -> NotReady:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return NotReady(
        Sentence(en=f"{path} cannot be read: {reason}", ja=f"{path} を読めません: {reason}"),
        fix=Sentence(en="mend its permissions", ja="ファイルの権限を確認してください"),
    )
