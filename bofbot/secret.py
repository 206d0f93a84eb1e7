"""A secret never turns into text by itself, and one redactor stands on every way out."""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

HIDDEN = "●●●"
CHARSETS = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be")
"""Charsets that pages and mails here are written in: a form in one of them encodes what is typed its own way."""
OPEN_FIELDS = frozenset({"imap_host", "imap_port", "imap_from", "imap_folder", "imap_tls"})
"""Fields of a secret that say where to look; they are no secret themselves."""
_SHORTEST = 3
"""A shorter value stands in every second word; it is not looked for."""
_CUT = 38
"""Longer texts may have been cut off in the middle of a secret."""
_STANDS_OUT = frozenset("%\\&=")
"""One of these stands in every text that says a character by its number."""


class Secret:
    """A value that shows as ●●●. `reveal()` is called in fill, login, mail and HTTP authentication only."""

    __slots__ = ("_value", "name")

    def __init__(self, value: str, name: str = "") -> None:
        self._value = value
        self.name = name

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return HIDDEN

    def __repr__(self) -> str:
        return f"Secret({self.name!r})"

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is never pickled")


class Redactor:
    """Replaces every known secret in outgoing text, however it is written there: as it is, percent-encoded in any of
    CHARSETS, in JSON, HTML or quoted-printable, in base64 or hex, or cut off at the end of a long text."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._values: list[str] = []
        self._plain = self._spelled = _NEVER
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Secret) -> None:
        value = secret.reveal().strip()
        if len(value) < _SHORTEST or value in self._values or secret.name.rpartition(".")[2] in OPEN_FIELDS:
            return
        self._values.append(value)
        self._values.sort(key=len, reverse=True)
        self._plain = re.compile("|".join(_longest_first(_as_it_is(one) for one in self._values)))
        self._spelled = re.compile("|".join(map(_spelled_out, self._values)))

    @property
    def knows_any(self) -> bool:
        """False while there is nothing to replace."""
        return bool(self._values)

    @property
    def values(self) -> tuple[str, ...]:
        """What pictures must not show either, the longest first."""
        return tuple(self._values)

    def __call__(self, text: str) -> str:
        if not self._values or not text:
            return text
        if not _STANDS_OUT.isdisjoint(text):
            text = self._spelled.sub(HIDDEN, text)
        text = self._plain.sub(HIDDEN, text)
        return self._without_stump(text) if len(text) >= _CUT else text

    def _without_stump(self, text: str) -> str:
        """A text that was cut may end in the beginning of a secret."""
        for value in self._values:
            for length in range(len(value) - 1, _SHORTEST, -1):
                if text.rstrip("…").endswith(value[:length]):
                    return text.rstrip("…")[:-length] + HIDDEN
        return text


_NEVER = re.compile(r"(?!)")
_SOFT_BREAK = r"(?:=\r?\n)?"
"""Quoted-printable breaks lines wherever it likes."""


def _longest_first(groups: Iterable[Iterable[str]]) -> list[str]:
    return [
        re.escape(one) for one in sorted({one for group in groups for one in group}, key=len, reverse=True)
    ]


def _as_it_is(value: str) -> Iterator[str]:
    """The value itself, as pages and logs fold it, and in the alphabets that carry bytes."""
    yield value
    yield unicodedata.normalize("NFKC", value)
    yield re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value))
    for data in dict.fromkeys(_bytes_of(value)):
        yield data.hex()
        yield data.hex().upper()
        yield data.hex(" ")
        yield from filter(lambda part: len(part) > _SHORTEST, _base64_inside(data))


def _bytes_of(value: str) -> Iterator[bytes]:
    for charset in CHARSETS:
        try:
            yield value.encode(charset)
        except UnicodeEncodeError:
            continue


def _base64_inside(data: bytes) -> Iterator[str]:
    """What base64 makes of the bytes wherever they begin: characters that depend on neighbours are left out."""
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + data).decode("ascii")
        start = (0, 2, 3)[offset]
        end = len(coded) - (0, 3, 2)[(len(data) + offset) % 3]
        inner = coded[start:end]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


def _spelled_out(value: str) -> str:
    """A pattern: each character as it is or said by its number, in any mixture; or the whole in a charset with shifts."""
    shifting = [
        "".join(_byte_by_number(byte) for byte in data)
        for charset in ("iso2022_jp", "utf-16-le", "utf-16-be")
        if (data := _encoded(value, charset))
    ]
    return "|".join([*shifting, "".join(map(_one_spelled, value))])


@cache
def _one_spelled(character: str) -> str:
    """One character: itself, JSON's \\u, HTML's & forms, an escaping backslash, %XX or =XX of its bytes."""
    ways = {re.escape(character), re.escape(json.dumps(character)[1:-1]), re.escape(html.escape(character))}
    ways.add(re.escape(unicodedata.normalize("NFKC", character)) or re.escape(character))
    ways.add(rf"&#0*{ord(character)};|&#[xX]0*(?i:{ord(character):x});")
    ways.add(
        "(?i:" + re.escape(json.dumps(character)[1:-1]) + ")"
        if ord(character) > 127
        else rf"\\u(?i:{ord(character):04x})"
    )
    ways.add(
        r"\\+" if character == "\\" else r"\\*" + re.escape(character)
    )  # JSON in JSON doubles them each time
    if character == " ":
        ways |= {r"\+", "_"}
    for charset in ("utf-8", "cp932", "euc_jp"):
        if data := _encoded(character, charset):
            ways.add("".join(_byte_by_number(byte) for byte in data))
    return rf"{_SOFT_BREAK}(?:" + "|".join(sorted(ways, key=len, reverse=True)) + ")"


def _byte_by_number(byte: int) -> str:
    """%E5, %25E5 (encoded twice), =E5 (quoted-printable, a soft line break before it), \\xe5; or a letter as it is."""
    number = rf"(?:%(?:25)*|=|\\x)(?i:{byte:02x})"
    letters = {re.escape(repr(chr(byte))[1:-1])} if byte < 0x7F else set()  # Python shows 0x5C as two
    letters |= {re.escape(chr(byte))} if 0x20 <= byte < 0x7F else set()
    letters |= {r"\+"} if byte == 0x20 else set()
    return rf"{_SOFT_BREAK}(?:" + "|".join([number, *sorted(letters)]) + ")"


def _encoded(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        return b""
