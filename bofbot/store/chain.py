"""The seal of the journal: an HMAC chain over its records, so that any change made outside bofbot can be found."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bofbot.errors import NotReady
from bofbot.files import sync_folder
from bofbot.words import Sentence

EMPTY = "0" * 64
"""What stands before the first record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the journal as it is kept."""

    seq: int
    body: str
    sealed_by: str
    mac: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain. Kept elsewhere (paper, mail, another machine) it also proves that no older copy was put back."""

    seq: int
    mac: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.mac}"

    @classmethod
    def read(cls, text: str) -> Head:
        """Raises ValueError unless text is `<number>:<64 hex digits>`."""
        seq, _, mac = text.strip().partition(":")
        if not seq.isdigit() or len(mac) != 64 or set(mac) - set("0123456789abcdef"):
            raise ValueError("a head of the journal reads <number>:<64 hex digits>")
        return cls(int(seq), mac)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found."""

    ok: bool
    records: int
    head: Head
    wrong: int = 0
    """The number of the first wrong or missing record, 0 when there is none."""
    why: Sentence | None = None


class Key:
    """The key of the seal; it never enters the store."""

    def __init__(self, value: bytes) -> None:
        self._value = value
        self.name = hashlib.sha256(b"bofbot journal key" + value).hexdigest()[:16]

    @classmethod
    def fresh(cls) -> Key:
        return cls(secrets.token_bytes(32))

    @classmethod
    def at(cls, path: Path) -> Key:
        """The key in this file, made (0600) when there is none. Raises NotReady."""
        try:
            return cls(_read_or_make(path))
        except (OSError, ValueError) as error:
            raise NotReady(
                Sentence(
                    en=f"the key of the journal {path} cannot be used: {error}",
                    ja=f"ジャーナルの鍵 {path} を使えません（{error}）",
                ),
                fix=Sentence(
                    en="put the file back from your backup, or move it away: then a new key is made and `journal verify` says so",
                    ja="バックアップから戻すか、別の場所へ移してください。移すと新しい鍵が作られ、`journal verify` がそのことを知らせます",
                ),
            ) from error

    def seal(self, before: str, seq: int, body: str) -> str:
        """The mac of record `seq`, given the mac of the record before it."""
        return hmac.digest(self._value, f"{before}\n{seq}\n{body}".encode(), "sha256").hex()

    def seal_head(self, head: Head) -> str:
        """Without the key nobody can move the head back to an earlier record."""
        return hmac.digest(self._value, f"head\n{head}".encode(), "sha256").hex()


def verify(
    records: Iterable[Record], key: Key, kept: Head, seal: str, exported: Head | None = None
) -> Verdict:
    """Walk the chain. `kept` and `seal` are what the store says of its own end, `exported` a head kept elsewhere."""
    seq, mac = 0, EMPTY
    for record in records:
        why = _fault(record, key, seq, mac)
        if why is None and exported and record.seq == exported.seq and record.mac != exported.mac:
            why = Sentence(
                en="it is not the record that the exported head names",
                ja="控えておいた末尾の記録と一致しません",
            )
        if why is not None:
            return Verdict(False, seq, Head(seq, mac), min(seq + 1, record.seq), why)
        seq, mac = record.seq, record.mac
    head = Head(seq, mac)
    if head != kept or (seq and not hmac.compare_digest(seal, key.seal_head(head))):
        why = Sentence(en="records after this one were removed", ja="これより後の記録が削除されています")
        return Verdict(False, seq, head, seq + 1, why)
    if exported and exported.seq > seq:
        why = Sentence(
            en="the exported head names a later record: an older copy was put back",
            ja="控えた末尾より古い写しに戻されています",
        )
        return Verdict(False, seq, head, seq + 1, why)
    return Verdict(True, seq, head)


def _fault(record: Record, key: Key, seq: int, before: str) -> Sentence | None:
    if record.seq != seq + 1:
        return Sentence(en="a record is missing here", ja="ここにあった記録がありません")
    if record.sealed_by != key.name:
        return Sentence(
            en="it was sealed with another key; put that key file back to check it",
            ja="別の鍵で封印されています。その鍵ファイルを戻すと確認できます",
        )
    if not hmac.compare_digest(record.mac, key.seal(before, record.seq, record.body)):
        return Sentence(en="it was changed after it was written", ja="書き込まれた後に変更されています")
    return None


def _read_or_make(path: Path) -> bytes:
    # Written aside, then linked: two processes that start together agree on one key, and none reads half of it.
    if not path.exists():
        aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            aside.rename(path) if os.name == "nt" else os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(
            path.parent
        )  # before the first seal: a key lost in a power cut leaves records nobody can check
    value = bytes.fromhex(path.read_text().strip())
    if len(value) != 32:
        raise ValueError("it does not hold 64 hex digits")
    return value
