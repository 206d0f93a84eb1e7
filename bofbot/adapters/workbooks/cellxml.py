"""One value as the XML of one cell, and the styles it needs: dates that show as dates, text that stays text.

Rules are those of ISO/IEC 29500-1, 18.3.1.4 (cell), 18.8.10 (cell formats), 22.9.2.19 (escapes in strings).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bofbot.words import Sentence

EXACT_DIGITS = 15
"""Digits of a number that Excel keeps (Microsoft's "Excel specifications and limits")."""
LONGEST_TEXT = 32_767


class CannotPatch(Exception):
    """A change that cannot be made without breaking the workbook; `reason` is for people."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.en)


def cell_xml(prefix: bytes, reference: bytes, style: bytes, value: Any, *, date_1904: bool = False) -> bytes:
    """`<c r="B2" s="3" t="inlineStr">…</c>`. Text is never a formula; None is an empty cell that keeps its style.
    Raises CannotPatch for a value that no cell holds exactly."""
    kind, content = _content(prefix, value, date_1904)
    attributes = b' r="' + reference + b'"' + (b' s="' + style + b'"' if style not in (b"", b"0") else b"")
    if not content:
        return b"<" + prefix + b"c" + attributes + b"/>"
    return b"<" + prefix + b"c" + attributes + kind + b">" + content + b"</" + prefix + b"c>"


def _content(prefix: bytes, value: Any, date_1904: bool) -> tuple[bytes, bytes]:
    if value is None or value == "":
        return b"", b""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise CannotPatch(
                Sentence(
                    en=f"the text has {len(value):,} characters; a cell holds {LONGEST_TEXT:,}",
                    ja=f"文字数が {len(value):,} です（セルの上限は {LONGEST_TEXT:,} 文字）",
                )
            )
        space = b' xml:space="preserve"' if value != value.strip() or "\n" in value else b""
        text = (
            b"<"
            + prefix
            + b"t"
            + space
            + b">"
            + escaped(value).encode("utf-8", "replace")
            + b"</"
            + prefix
            + b"t>"
        )
        return b' t="inlineStr"', b"<" + prefix + b"is>" + text + b"</" + prefix + b"is>"
    if isinstance(value, bool):
        return b' t="b"', _v(prefix, "1" if value else "0")
    if isinstance(value, int | float | Decimal):
        return b"", _v(prefix, _number(value))
    if isinstance(value, date | time):
        return b"", _v(prefix, serial(value, date_1904))
    kind = type(value).__name__
    raise CannotPatch(Sentence(en=f"a cell cannot hold a {kind}", ja=f"{kind} はセルに書き込めません"))


def serial(value: date | time, date_1904: bool = False) -> str:
    """The number Excel keeps for a date or a time of day. Raises CannotPatch before 1900-03-01 (1904-01-01), where
    Excel's calendar has a day that never was."""
    clock = value if isinstance(value, time) else value.time() if isinstance(value, datetime) else time()
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    days = 0 if isinstance(value, time) else _day_number(value, date_1904)
    if not seconds:
        return str(days)
    return format((Decimal(days) + Decimal(seconds) / 86400).quantize(Decimal("1e-10")).normalize(), "f")


def _day_number(value: date, date_1904: bool) -> int:
    day = value.date() if isinstance(value, datetime) else value
    days = (day - (date(1904, 1, 1) if date_1904 else date(1899, 12, 30))).days
    if days < (0 if date_1904 else 61):
        raise CannotPatch(
            Sentence(
                en=f"Excel has no date {day.isoformat()}", ja=f"Excel では日付 {day.isoformat()} を扱えません"
            )
        )
    return days


def escaped(text: str) -> str:
    """Text as it stands in XML; what XML cannot hold as Excel writes it (`_x000D_`)."""
    text = _LITERAL.sub("_x005F_", text)
    text = _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def looks_like_formula(value: Any) -> bool:
    """Text that would become a formula when somebody edits the cell: it gets the quote prefix."""
    return isinstance(value, str) and value[:1] in ("=", "+", "-", "@")


def _v(prefix: bytes, text: str) -> bytes:
    return b"<" + prefix + b"v>" + text.encode() + b"</" + prefix + b"v>"


def _number(value: int | float | Decimal) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise CannotPatch(
            Sentence(en=f"{value} is not a number a cell can hold", ja=f"{value} はセルに書き込めない値です")
        )
    if not isinstance(value, float) and len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        raise CannotPatch(
            Sentence(
                en=f"Excel keeps {EXACT_DIGITS} digits of a number, {value} has more; write it as text",
                ja=f"Excel の数値は {EXACT_DIGITS} 桁までです。{value} は文字として書き込んでください",
            )
        )
    return str(number) if isinstance(value, float) else format(number, "f")


_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\r")
_LITERAL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


_XFS = re.compile(rb"(<(?:\w+:)?cellXfs\b)([^>]*)>(.*?)(</(?:\w+:)?cellXfs>)", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", re.DOTALL)
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])


class Styles:
    """The cell formats of a workbook: asked for a derived one, they add it at the end; all others stay as they are."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        found = _XFS.search(xml)
        self._formats: list[bytes] = _XF.findall(found[3]) if found else []
        self._known = len(self._formats)
        self._codes = {
            _attribute(f[1], b"numFmtId"): _attribute(f[1], b"formatCode") for f in _FORMAT.finditer(xml)
        }

    def for_value(self, style: bytes, value: Any) -> bytes:
        """The style a value needs in a cell that has `style`: the same one wherever it shows the value as it is."""
        if not self._formats or (int(style or 0) >= len(self._formats)):
            return style
        if isinstance(value, date | time) and not self._is_date(style):
            kind = b"22" if isinstance(value, datetime) else b"21" if isinstance(value, time) else b"14"
            return self._derived(style, {b"numFmtId": kind, b"applyNumberFormat": b"1"})
        if looks_like_formula(value) and _attribute(self._format(style), b"quotePrefix") != b"1":
            return self._derived(style, {b"quotePrefix": b"1"})
        return style

    def changed_xml(self) -> bytes | None:
        """styles.xml with the formats that were added, None when none were."""
        added = self._formats[self._known :]
        found = _XFS.search(self._xml)
        if not added or not found:
            return None
        count = re.sub(rb'\bcount="\d+"', b'count="%d"' % len(self._formats), found[2])
        return (
            self._xml[: found.start()]
            + found[1]
            + count
            + b">"
            + found[3]
            + b"".join(added)
            + self._xml[found.start(4) :]
        )

    def _format(self, style: bytes) -> bytes:
        return self._formats[int(style or 0)]

    def _is_date(self, style: bytes) -> bool:
        number = _attribute(self._format(style), b"numFmtId")
        code = re.sub(rb"&quot;.*?&quot;|\\.|\[[^\]]*\]", b"", self._codes.get(number, b"")).lower()
        return (
            int(number or 0) in _DATES
            or re.search(rb"[ymdhs]|e|g", code.replace(b"general", b"")) is not None
        )

    def _derived(self, style: bytes, attributes: dict[bytes, bytes]) -> bytes:
        made = self._format(style)
        for name, value in attributes.items():
            made = re.sub(rb'\s%s="[^"]*"' % name, b"", made, count=1)
            made = re.sub(rb"(<(?:\w+:)?xf\b)", rb'\1 %s="%s"' % (name, value), made, count=1)
        if made not in self._formats:
            self._formats.append(made)
        return b"%d" % self._formats.index(made)


def _attribute(attributes: bytes, name: bytes) -> bytes:
    found = re.search(rb'\b%s="([^"]*)"' % name, attributes)
    return found[1] if found else b""
