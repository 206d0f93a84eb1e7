"""One-time codes that a site sends by mail, fetched over IMAP: the only door to imaplib.

The mailbox is only read: no message is marked, moved or deleted."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import re
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from bofbot.errors import ApplicationError, NotReady
from bofbot.secret import Secret
from bofbot.values.text import nfkc
from bofbot.words import Sentence

_CLOCKS_DIFFER = timedelta(seconds=60)
_LOOK_AGAIN = 2.0
_NEWEST = 10
"""So many of the newest messages are looked at."""
_ON_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_NAMED = re.compile(
    r"(?:コード|パスワード|番号|code|passcode|password|pin)\D{0,40}?(?<![\d,.¥￥-])(\d{4,8}|\d{3}[ -]\d{3})(?![\d,.]?\d|円|年)",
    re.I | re.S,
)
_AHEAD = re.compile(
    r"(?<![\d,.¥￥-])(\d{4,8})(?![\d,.]?\d|円|年)\s*(?:is your|が|は)[^\n]{0,20}(?:code|コード|パスワード)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the codes of an account arrive."""

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
            raise _incomplete()
        said = {name: part.reveal().strip() for name, part in told.items() if name != "password"}
        tls = said.get("tls", "yes").lower() not in ("no", "false", "off")
        if not tls and said["host"] not in _ON_THIS_MACHINE:
            raise _unsafe(said["host"])
        port = said.get("port", "993")
        if not port.isdigit():
            raise _incomplete()
        return cls(said["host"], said["user"], told["password"], int(port), said.get("from", ""), said.get("folder", "INBOX"), tls)  # fmt: skip


async def code_by_mail(
    mailbox: Mailbox, since: datetime, longest: float, sleep: Callable[[float], Awaitable[None]]
) -> Secret:
    """The newest code that arrived after `since` (aware), waited for `longest` seconds.

    Raises NotReady when the mailbox refuses the log-in, ApplicationError when it does not answer or nothing comes."""
    waited = 0.0
    while True:
        code = await asyncio.to_thread(_look, mailbox, since - _CLOCKS_DIFFER)
        if code:
            return Secret(code, "code")
        if waited >= longest:
            raise _nothing_came(mailbox, longest)
        await sleep(_LOOK_AGAIN)
        waited += _LOOK_AGAIN


def code_in(text: str) -> str:
    """The code that a mail tells: 4 to 8 digits near the word for it; "" when there is none."""
    plain = nfkc(text)
    found = _AHEAD.search(plain) or _NAMED.search(plain)
    return re.sub(r"\D", "", found[1]) if found else ""


def _look(mailbox: Mailbox, since: datetime) -> str:
    with _opened(mailbox) as server:
        criteria = [
            "SINCE",
            _day(since - timedelta(days=1)),
        ]  # IMAP knows days only, in the server's own zone
        if mailbox.sender:
            criteria += ["FROM", f'"{mailbox.sender}"']
        _, found = server.uid("SEARCH", *criteria)
        for uid in reversed((found[0] or b"").split()[-_NEWEST:]):
            _, parts = server.uid("FETCH", uid.decode(), "(INTERNALDATE BODY.PEEK[])")
            for part in parts:
                if isinstance(part, tuple) and _arrived(part[0]) >= since and (code := _code_of(part[1])):
                    return code
    return ""


@contextlib.contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """The folder, opened for reading. The password never stands in an error."""
    try:
        if mailbox.tls:
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=15
            )
        else:
            server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=15)
    except (OSError, imaplib.IMAP4.error) as error:
        raise _no_answer(mailbox, error) from None
    try:
        try:
            server.login(mailbox.user, mailbox.password.reveal())
        except imaplib.IMAP4.error:
            raise _refused(mailbox) from None
        server.select(f'"{mailbox.folder}"', readonly=True)
        yield server
    except (OSError, imaplib.IMAP4.error) as error:
        raise _no_answer(mailbox, error) from None
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _day(at: datetime) -> str:
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[at.month - 1]
    return f"{at.day:02d}-{month}-{at.year}"


def _arrived(head: bytes) -> datetime:
    moment = imaplib.Internaldate2tuple(head)
    if moment is None:
        return datetime.min.replace(tzinfo=datetime.now().astimezone().tzinfo)
    return datetime(*moment[:6]).astimezone()


def _code_of(raw: bytes) -> str:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    try:
        text = body.get_content() if body else ""
    except (LookupError, KeyError):
        text = ""  # a charset nobody knows
    said = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", text) if "<" in text else text
    return code_in(said) or code_in(str(message.get("subject", "")))


def _incomplete() -> NotReady:
    return NotReady(
        Sentence(
            en="the secret's mailbox needs `imap_host`, `imap_user` and `imap_password` (and a numeric `imap_port`)",
            ja="シークレットのメール設定には `imap_host`・`imap_user`・`imap_password`（`imap_port` は数字）が必要です",
        )
    )


def _unsafe(host: str) -> NotReady:
    return NotReady(
        Sentence(
            en=f"`imap_tls: no` would send the mailbox's password to {host} in the clear",
            ja=f"`imap_tls: no` では、メールのパスワードが暗号化されずに {host} へ送られます",
        ),
        fix=Sentence(en="leave `imap_tls` out", ja="`imap_tls` を外してください"),
    )


def _refused(mailbox: Mailbox) -> NotReady:
    return NotReady(
        Sentence(
            en=f"the mail server {mailbox.host} refuses the log-in of the mailbox",
            ja=f"メールサーバー {mailbox.host} にログインできません",
        ),
        fix=Sentence(
            en="check `imap_user` and `imap_password` (many providers want an app password)",
            ja="`imap_user` と `imap_password` を確認してください（アプリパスワードが必要な場合があります）",
        ),
    )


def _no_answer(mailbox: Mailbox, error: Exception) -> ApplicationError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return ApplicationError(
        Sentence(
            en=f"the mail server {mailbox.host}:{mailbox.port} cannot be used: {reason}",
            ja=f"メールサーバー {mailbox.host}:{mailbox.port} を利用できません：{reason}",
        )
    )


def _nothing_came(mailbox: Mailbox, longest: float) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"no mail with a code came within {longest:.0f} s",
            ja=f"{longest:.0f} 秒待ちましたが、認証コードのメールが届きませんでした",
        ),
        fix=Sentence(
            en="check `imap_from` and `imap_folder`, and whether the site sent the code",
            ja="`imap_from`・`imap_folder` と、サイトがコードを送信したかを確認してください",
        ),
    )
