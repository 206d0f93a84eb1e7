"""Secrets: found in the right order, kept unreadable, never tried again once rejected."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import keyring
import keyring.backend
import pytest

from bofbot.adapters.credentials.age_vault import FILE, AgeFile, key_file
from bofbot.adapters.credentials.keyring_vault import SystemKeyring
from bofbot.adapters.credentials.vault import Vault
from bofbot.errors import NeedsPerson, NotReady
from bofbot.settings import SecretSettings, Settings

PASSWORD = "hunter2-パスワード"
FIELDS = {"user": "yamada", "password": PASSWORD}


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A working keyring of this process, as a keyring's maker would write it."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class BrokenKeyring(keyring.backend.KeyringBackend):
    """What a desktop without D-Bus looks like."""

    priority = 5  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("no D-Bus here")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("no D-Bus here")

    def delete_password(self, service: str, username: str) -> None:
        raise RuntimeError("no D-Bus here")


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def broken_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(BrokenKeyring())
    yield
    keyring.set_keyring(before)


def vault(folder: Path, environ: Mapping[str, str] | None = None, **env: str) -> Vault:
    settings = Settings(secrets={name: SecretSettings(env=prefix) for name, prefix in env.items()})
    return Vault.at(folder, settings, {"XDG_CONFIG_HOME": str(folder / "config"), **(environ or {})})


def test_environment_wins_over_keyring_and_keyring_over_the_file(tmp_path: Path, ring: MemoryKeyring) -> None:
    kept = vault(
        tmp_path, {"KEIHI_USER": "env", "KEIHI_PASSWORD": "e-word", "KEIHI_EMPTY": ""}, 経費システム="KEIHI"
    )
    kept.put("経費システム", {"user": "file"}, "file")
    assert vault(tmp_path).get("経費システム")["user"].reveal() == "file"
    kept.put("経費システム", {"user": "ring"}, "keyring")
    assert vault(tmp_path).get("経費システム")["user"].reveal() == "ring"
    found = kept.get("経費システム")
    assert {field: secret.reveal() for field, secret in found.items()} == {
        "user": "env",
        "password": "e-word",
    }
    assert found["password"].name == "経費システム.password"


def test_a_secret_never_shows_its_value(tmp_path: Path, ring: MemoryKeyring) -> None:
    kept = vault(tmp_path)
    kept.put("銀行", FIELDS)
    assert PASSWORD not in f"{kept.get('銀行')} {kept.kept()}"


def test_without_a_keyring_the_file_is_used_and_holds_no_readable_word(
    tmp_path: Path, broken_ring: None
) -> None:
    assert "no D-Bus here" in SystemKeyring().trouble()
    where = vault(tmp_path).put("銀行", FIELDS)
    assert "secrets.age" in where.en
    assert vault(tmp_path).get("銀行")["password"].reveal() == PASSWORD
    sealed = (tmp_path / FILE).read_bytes()
    assert b"hunter2" not in sealed
    assert b"yamada" not in sealed


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_file_and_key_are_for_their_owner_alone(tmp_path: Path, broken_ring: None) -> None:
    vault(tmp_path).put("銀行", FIELDS)
    key = key_file({"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    with pytest.raises(NotReady) as caught:
        vault(tmp_path).get("銀行")
    assert caught.value.fix is not None
    assert caught.value.fix.en.startswith("chmod 600")


def test_a_secret_that_is_nowhere_says_exactly_how_to_set_it(tmp_path: Path, broken_ring: None) -> None:
    with pytest.raises(NotReady) as caught:
        vault(tmp_path, 経費システム="KEIHI").get("経費システム")
    assert caught.value.exit_code == 6
    assert caught.value.fix is not None
    assert "bofbot secret set 経費システム" in caught.value.fix.ja
    assert "KEIHI_PASSWORD" in caught.value.fix.en


def test_a_passphrase_locks_the_file_and_a_wrong_one_is_told(tmp_path: Path, broken_ring: None) -> None:
    vault(tmp_path, {"BOFBOT_PASSPHRASE": "合言葉"}).put("銀行", FIELDS)
    assert vault(tmp_path, {"BOFBOT_PASSPHRASE": "合言葉"}).has("銀行")
    with pytest.raises(NotReady, match="does not open"):
        vault(tmp_path, {"BOFBOT_PASSPHRASE": "違う"}).get("銀行")
    with pytest.raises(NotReady, match="locked by a passphrase"):
        vault(tmp_path).get("銀行")


def test_a_lost_key_and_a_damaged_file_are_told(tmp_path: Path) -> None:
    age = AgeFile(tmp_path / "secrets.age", tmp_path / "age.key")
    age.write("銀行", FIELDS)
    with pytest.raises(NotReady, match="not on this machine"):
        AgeFile(tmp_path / "secrets.age", tmp_path / "other.key").read("銀行")
    (tmp_path / "secrets.age").write_bytes((tmp_path / "secrets.age").read_bytes()[:-20])
    assert "does not open" in AgeFile(tmp_path / "secrets.age", tmp_path / "age.key").trouble()


def test_a_rejected_version_is_never_tried_again_until_it_changes(
    tmp_path: Path, ring: MemoryKeyring
) -> None:
    kept = vault(tmp_path)
    kept.put("銀行", FIELDS)
    kept.burn("銀行")
    with pytest.raises(NeedsPerson) as caught:
        vault(tmp_path).get("銀行")
    assert caught.value.fix is not None
    assert "bofbot secret set 銀行" in caught.value.fix.en
    assert PASSWORD not in (tmp_path / "logs" / "burnt.json").read_text(encoding="utf-8")
    assert [secret.burnt for secret in kept.kept()] == [True]
    kept.put("銀行", {**FIELDS, "password": "changed"})
    assert vault(tmp_path).get("銀行")["password"].reveal() == "changed"
    kept.put("銀行", FIELDS)  # back to the rejected one: still rejected
    with pytest.raises(NeedsPerson):
        vault(tmp_path).get("銀行")


def test_a_damaged_list_of_rejected_passwords_stops_rather_than_tries(
    tmp_path: Path, ring: MemoryKeyring
) -> None:
    vault(tmp_path).put("銀行", FIELDS)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "burnt.json").write_text("{", encoding="utf-8")
    with pytest.raises(NotReady, match="damaged"):
        vault(tmp_path).get("銀行")


def test_listing_and_removing(tmp_path: Path, ring: MemoryKeyring) -> None:
    kept = vault(tmp_path, {"KEIHI_USER": "u"}, 経費="KEIHI")
    kept.put("銀行", FIELDS, "keyring")
    kept.put("税務", {"totp": "JBSWY3DPEHPK3PXP"}, "file")
    assert [(secret.name, secret.fields) for secret in kept.kept()] == [
        ("税務", ("totp",)),
        ("経費", ("user",)),
        ("銀行", ("user", "password")),
    ]
    assert kept.remove("銀行")
    assert kept.remove("税務")
    assert not kept.remove("銀行")
    assert [secret.name for secret in kept.kept()] == ["経費"]
