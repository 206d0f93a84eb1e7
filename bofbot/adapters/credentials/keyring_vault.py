"""Secrets in the system's keyring (Windows Credential Manager, macOS Keychain, Secret Service): the only door to keyring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bofbot.errors import NotReady
from bofbot.words import Sentence

SERVICE = "bofbot"
_NAMES = "bofbot: names"
"""A keyring cannot be listed, so one more entry holds the names."""


class SystemKeyring:
    """One entry a secret, its fields as JSON. A keyring that is missing, locked or broken is simply not `ready`."""

    title = Sentence(en="the system keyring", ja="システムのキーリング")

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service

    def trouble(self) -> str:
        """Why it cannot be used here; "" when it can."""
        import keyring

        try:
            backend = keyring.get_keyring()
            if backend.priority <= 0:
                return "no keyring is installed"
            backend.get_password(self._service, _NAMES)
        except Exception as broken:  # backends raise what they like: D-Bus, Win32, RuntimeError
            return f"{type(broken).__name__}: {broken}"
        return ""

    def backend(self) -> str:
        """The name of the keyring, for `bofbot doctor`."""
        import keyring

        return str(getattr(keyring.get_keyring(), "name", "keyring"))

    def read(self, name: str) -> Mapping[str, str] | None:
        text = self._ask(name)
        if text is None:
            return None
        fields = json.loads(text)
        return {str(field): str(value) for field, value in fields.items()}

    def write(self, name: str, fields: Mapping[str, str]) -> None:
        """Raises NotReady when the keyring refuses."""
        self._put(name, json.dumps(dict(fields), ensure_ascii=False))
        self._put(_NAMES, json.dumps(sorted({*self.names(), name}), ensure_ascii=False))

    def remove(self, name: str) -> bool:
        if self._ask(name) is None:
            return False
        import keyring

        try:
            keyring.delete_password(self._service, name)
        except Exception as refused:
            raise _refused(refused) from None
        self._put(_NAMES, json.dumps([kept for kept in self.names() if kept != name], ensure_ascii=False))
        return True

    def names(self) -> tuple[str, ...]:
        text = self._ask(_NAMES)
        names: list[Any] = json.loads(text) if text else []
        return tuple(str(name) for name in names)

    def _ask(self, name: str) -> str | None:
        import keyring

        try:
            return keyring.get_password(self._service, name)
        except Exception:
            return None  # the next keeper is asked; `trouble` says why, where somebody wants to know

    def _put(self, name: str, text: str) -> None:
        import keyring

        try:
            keyring.set_password(self._service, name, text)
        except Exception as refused:
            raise _refused(refused) from None


def _refused(error: Exception) -> NotReady:
    return NotReady(
        Sentence(en="the system keyring refused", ja="システムのキーリングに書き込めませんでした")
        + f" ({type(error).__name__})",
        fix=Sentence(
            en="unlock the keyring, or keep the secret in a file: bofbot secret set NAME --in file",
            ja="キーリングのロックを解除するか、ファイルに保管してください: bofbot secret set 名前 --in file",
        ),
    )
