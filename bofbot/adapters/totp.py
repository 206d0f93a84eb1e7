"""One-time codes (TOTP): pyotp's one door."""

from __future__ import annotations

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
    try:
        if written.startswith("otpauth://"):
            key = parse_qs(urlsplit(written).query).get("secret", [""])[0]
            one = pyotp.parse_uri(written) if key else None
            if isinstance(one, pyotp.TOTP):
                return one.at(at)
        return pyotp.TOTP(written.replace(" ", "").upper()).at(at)
    except (ValueError, TypeError):
        raise NotReady(
            Sentence(
                en="the secret's `totp` is not a key an authenticator would accept",
                ja="シークレットの `totp` が認証アプリのキーの形式ではありません",
            )
        ) from None
