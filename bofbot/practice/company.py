"""The facts of the practice company: who works there, what may be claimed, and how one logs in."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import b32decode
from dataclasses import dataclass

from bofbot.words import Sentence

SYSTEM = Sentence(en="Renshu Trading Back Office", ja="練習商事 業務ポータル")
TOTP_SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 the fixed secret of a practice account
MONTH = "2026-10"


@dataclass(frozen=True, slots=True)
class User:
    """A practice account. Its password is no secret: it stands on the login page."""

    name: str
    password: str
    person: Sentence
    totp: str = ""


USERS = {
    user.name: user
    for user in (
        User("yamada", "keiri-2026", Sentence(en="Hanako Yamada", ja="山田 花子")),
        User("sato", "keiri-2026", Sentence(en="Taro Sato", ja="佐藤 太郎"), TOTP_SECRET),
    )
}

SUBJECTS: dict[str, Sentence] = {
    "旅費交通費": Sentence(en="Travel", ja="旅費交通費"),
    "消耗品費": Sentence(en="Supplies", ja="消耗品費"),
    "会議費": Sentence(en="Meetings", ja="会議費"),
    "交際費": Sentence(en="Entertainment", ja="交際費"),
    "通信費": Sentence(en="Communication", ja="通信費"),
    "新聞図書費": Sentence(en="Books and papers", ja="新聞図書費"),
    "支払手数料": Sentence(en="Fees", ja="支払手数料"),
}

BUDGET = {"交際費": 50_000, "会議費": 100_000}
"""Yen left this month. A claim above it is refused; the remainder does not shrink, so that the order of claims never matters."""


def totp_now(secret: str, step: int = 0) -> str:
    """The six digits of RFC 6238 (SHA-1, 30 s) for the present time, `step` steps away."""
    counter = int(time.time() // 30) + step
    digest = hmac.new(b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def totp_fits(secret: str, code: str) -> bool:
    """Whether the code is the present one or a neighbour (clocks differ)."""
    return any(hmac.compare_digest(totp_now(secret, step), code) for step in (-1, 0, 1))
