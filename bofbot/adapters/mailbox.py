"""Mailboxes over IMAP: the only door to imaplib. Read without a trace, unless somebody asks to mark or to move."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bofbot.adapters.mailbox_faults import (
    cannot_move,
    gone,
    incomplete,
    no_answer,
    no_folder,
    not_proven,
    refused,
    unsafe,
    unwilling,
)
from bofbot.secret import Secret

_ON_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_SECONDS = 15
"""For each answer of the server."""
_HEAD = "FROM SUBJECT DATE MESSAGE-ID AUTHENTICATION-RESULTS"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mails of an account arrive."""

    host: str
    user: str
    password: Secret
    port: int = 993
    sender: str = ""
    """Only messages whose sender contains this; empty: any."""
    folder: str = "INBOX"
    tls: bool = True

    @classmethod
    def of(cls, fields: Mapping[str, Secret]) -> Mailbox | None:
        """From a secret's `imap_host`, `imap_user`, `imap_password` and, if need be, `imap_port`, `imap_from`,
        `imap_folder`, `imap_tls`; None without a host. Raises NotReady for what cannot be used."""
        told = {name.removeprefix("imap_"): part for name, part in fields.items() if name.startswith("imap_")}
        if not told.get("host"):
            return None
        if not told.get("user") or not told.get("password"):
            raise incomplete()
        said = {name: part.reveal().strip() for name, part in told.items() if name != "password"}
        tls = said.get("tls", "yes").lower() not in ("no", "false", "off")
        if not tls and said["host"] not in _ON_THIS_MACHINE:
            raise unsafe(said["host"])
        port = said.get("port", "993")
        if not port.isdigit():
            raise incomplete()
        return cls(said["host"], said["user"], told["password"], int(port), said.get("from", ""), said.get("folder", "INBOX"), tls)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a message before it is fetched."""

    uid: int
    size: int
    """Bytes of the whole message."""
    arrived: datetime
    """When it came into the mailbox: the server's word, not the sender's."""
    raw: bytes
    """Its lines From, Subject, Date, Message-ID and Authentication-Results."""


class Inbox:
    """An open folder. Numbers (UIDs) only grow and are never used again, as long as `validity` is the same."""

    def __init__(self, server: imaplib.IMAP4, name: str) -> None:
        self._server, self._name = server, name
        self.validity = _number(server.response("UIDVALIDITY")[1])
        self.next = _number(server.response("UIDNEXT")[1])
        """The number of the next message; 0 where the server does not tell."""

    def last(self) -> int:
        """The highest number so far."""
        return self.next - 1 if self.next else max(self._search("ALL"), default=0)

    def uids_after(self, uid: int) -> list[int]:
        """Messages with a higher number, in order."""
        return [one for one in self._search("UID", f"{uid + 1}:*") if one > uid]

    def uids_since(self, day: datetime, sender: str = "") -> list[int]:
        """Messages that came on this day or later, in order: IMAP knows days only, in the server's own zone."""
        of = ("FROM", _quoted(sender)) if sender else ()
        return self._search("SINCE", f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}", *of)

    def head(self, uid: int) -> Head:
        """Raises Gone, and ApplicationError when the server does not tell."""
        words, raw = self._fetch(uid, f"(RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS ({_HEAD})])")
        size = re.search(rb"RFC822\.SIZE (\d+)", words)
        return Head(uid, int(size[1]) if size else 0, _arrived(words), raw)

    def message(self, uid: int) -> bytes:
        """The whole of it; it stays unread. Raises Gone, and ApplicationError when the server does not give it."""
        return self._fetch(uid, "(BODY.PEEK[])")[1]

    def demand_movable(self, folder: str) -> None:
        """Raises NotReady where mails cannot be moved in one step, or there is no such folder."""
        if "MOVE" not in self._server.capabilities:
            raise cannot_move(self._name)
        if not any(self._demand(self._server.list('""', _quoted(_utf7(folder))))):
            raise no_folder(self._name, folder, "move")

    def mark_read(self, uid: int) -> None:
        self._demand(self._server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))

    def move(self, uid: int, folder: str) -> None:
        """Into another folder of the mailbox, in one step of the server's."""
        self._demand(self._server.uid("MOVE", str(uid), _quoted(_utf7(folder))))

    def _search(self, *criteria: str) -> list[int]:
        found = self._demand(self._server.uid("SEARCH", *criteria))
        return sorted(int(one) for part in found if part for one in part.split())

    def _fetch(self, uid: int, what: str) -> tuple[bytes, bytes]:
        """What the server says of the message, and the literal it sends."""
        words, literal = b"", None
        for part in self._demand(self._server.uid("FETCH", str(uid), what)):
            if isinstance(part, tuple):
                words, literal = words + part[0], part[1]
            elif part:
                words += part
        if literal is None:
            raise gone(self._name)
        return words, literal

    def _demand(self, answer: tuple[str, list[Any]]) -> list[Any]:
        if answer[0] != "OK":
            said = answer[1][0].decode(errors="replace") if answer[1] and answer[1][0] else answer[0]
            raise unwilling(self._name, said[:200])
        return answer[1]


@contextlib.contextmanager
def opened(mailbox: Mailbox, *, readonly: bool = True) -> Iterator[Inbox]:
    """The folder, opened for reading. The password never stands in an error.

    Raises Refused when the log-in is not taken, ApplicationError when the server or the folder cannot be used."""
    server = _connected(mailbox)
    try:
        _log_in(server, mailbox)
        answer, _ = server.select(_quoted(_utf7(mailbox.folder)), readonly=readonly)
        if answer != "OK":
            raise no_folder(mailbox.host, mailbox.folder, "imap_folder")
        yield Inbox(server, mailbox.host)
    except (OSError, imaplib.IMAP4.error) as error:
        raise no_answer(mailbox.host, mailbox.port, error) from None
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    """TLS with the certificate and the name checked; without TLS on this machine only."""
    try:
        if mailbox.tls:
            return imaplib.IMAP4_SSL(
                mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=_SECONDS
            )
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_SECONDS)
    except ssl.SSLCertVerificationError as error:
        raise not_proven(mailbox.host, error) from None
    except (OSError, imaplib.IMAP4.error) as error:
        raise no_answer(mailbox.host, mailbox.port, error) from None


def _log_in(server: imaplib.IMAP4, mailbox: Mailbox) -> None:
    try:
        server.login(mailbox.user, mailbox.password.reveal())
    except (imaplib.IMAP4.abort, OSError):
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError):
        raise refused(mailbox.host) from None
    if "MOVE" not in server.capabilities:  # many servers tell all they can only now
        answer, said = server.capability()
        if answer == "OK" and said and said[0]:
            server.capabilities = tuple(said[0].decode("ascii", errors="replace").upper().split())


def _quoted(word: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n\0]", "", word)) + '"'


def _utf7(name: str) -> str:
    """A folder's name as IMAP writes it (RFC 3501, 5.1.3): 処理済 → &UaZ0Bm4I-."""

    def packed(found: re.Match[str]) -> str:
        inner = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{inner}-"

    return re.sub(r"[^\x20-\x7e]+", packed, name.replace("&", "&-"))


def _number(told: list[Any]) -> int:
    return int(told[-1]) if told and told[-1] and told[-1].isdigit() else 0


def _arrived(words: bytes) -> datetime:
    moment = imaplib.Internaldate2tuple(words)
    return datetime(*moment[:6]).astimezone() if moment else datetime.min.replace(tzinfo=UTC)
