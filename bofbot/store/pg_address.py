"""The address of a PostgreSQL database, read: for the driver, and for people without its password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bofbot.errors import NotReady
from bofbot.words import Sentence

SCHEMA = "bofbot"
"""Where the tables are, unless the address says `?schema=…`."""


@dataclass(frozen=True, slots=True)
class Address:
    """A database URL, read."""

    url: str
    """As the driver wants it."""
    schema: str
    where: str
    """For people: without its password."""

    @classmethod
    def read(cls, text: str) -> Address:
        """Raises NotReady for an address that is none."""
        parts = urlsplit(text)
        given = dict(parse_qsl(parts.query))
        schema = given.pop("schema", SCHEMA)
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", schema):
            raise NotReady(
                Sentence(
                    en=f"{schema!r} is no name of a schema: small letters, digits and _",
                    ja=f"スキーマ名 {schema!r} は使えません。英小文字・数字・_ だけで指定してください",
                )
            )
        url = urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(given), ""))
        host = parts.netloc.rpartition("@")[2] or given.get("host", "localhost")
        return cls(url, schema, f"postgresql://{host}{parts.path}")
