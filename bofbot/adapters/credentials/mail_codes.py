"""One-time codes that a site sends by mail, fetched over IMAP. The mailbox is only read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from bofbot.adapters.mailbox import Mailbox, opened
from bofbot.errors import ApplicationError
from bofbot.secret import Secret
from bofbot.values.text import nfkc
from bofbot.words import Sentence

_CLOCKS_DIFFER = timedelta(seconds=60)
_LOOK_AGAIN = 2.0
_NEWEST = 10
"""So many of the newest messages are looked at."""
_NAMED = re.compile(
    r"(?:コード|パスワード|番号|code|passcode|password|pin)\D{0,40}?(?<![\d,.¥￥-])(\d{4,8}|\d{3}[ -]\d{3})(?![\d,.]?\d|円|年)",
    re.I | re.S,
)
_AHEAD = re.compile(
    r"(?<![\d,.¥￥-])(\d{4,8})(?![\d,.]?\d|円|年)\s*(?:is your|が|は)[^\n]{0,20}(?:code|コード|パスワード)",
    re.I,
)


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
    with opened(mailbox) as inbox:
        for uid in reversed(inbox.uids_since(since - timedelta(days=1), mailbox.sender)[-_NEWEST:]):
            if inbox.head(uid).arrived >= since and (code := _code_of(inbox.message(uid))):
                return code
    return ""


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
