"""One-time codes (TOTP): pyotp's one door."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from bofbot.errors import NotReady
from bofbot.secret import Secret
from bofbot.words import Sentence


def code_now(secret: Secret, at: datetime) -> str:
    """The code that an authenticator shows at `at`; the secret is the base32 key or the whole `otpauth://` address.

    Raises NotReady when the key is no key."""
    import pyotp

    written = secret.reveal().strip()
    digits, interval, digest = 6, 30, "sha1"
    if written.startswith("otpauth://"):
        query = {name: values[0] for name, values in parse_qs(urlsplit(written).query).items()}
        written = query.get("secret", "")
        digits, interval = int(query.get("digits", 6)), int(query.get("period", 30))
        digest = query.get("algorithm", "SHA1").lower()
    # pyotp refuses keys below 112 bits, many sites hand out 80: HMAC fills a short key up with zeros, which "A" is.
    key = written.replace(" ", "").replace("-", "").rstrip("=").upper()
    try:
        if not key:
            raise ValueError("empty")
        one = pyotp.TOTP(
            key.ljust(24, "A"), digits=digits, interval=interval, digest=getattr(hashlib, digest)
        )
        return one.at(at)
    except (ValueError, TypeError, AttributeError):
        raise NotReady(
            Sentence(
                en="the secret's `totp` is not a key an authenticator would accept",
                ja="秘密情報の `totp` が認証アプリのキーの形式ではありません",
            )
        ) from None
