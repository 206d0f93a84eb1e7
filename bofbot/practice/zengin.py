"""A month of the account as a 全銀 file: 入出金取引明細, records of 200 bytes, kana of half width."""

from __future__ import annotations

from datetime import date

from bofbot.practice.account import HOLDER, BankMonth

_REIWA = 2018
"""Year of the Reiwa era = year − 2018."""


def as_zengin(month: BankMonth) -> bytes:
    """全銀 入出金取引明細 (種別 03) in cp932, CRLF, 0x1A at the end. Layout: JBA AP-I-12."""
    records = [_header(month), *_data(month), _trailer(month)]
    records.append(_record(("9", 1), (len(records) + 1, 10), (1, 5), ("", 184)))
    return "".join(f"{record}\r\n" for record in records).encode("cp932") + b"\x1a"


def _header(month: BankMonth) -> str:
    first, last = _era(month.first_day), _era(month.last_day)
    return _record(
        ("1", 1), ("03", 2), ("0", 1), (last, 6), (first, 6), (last, 6),  # kind, code set, made, from, to
        ("9999", 4), ("ﾚﾝｼﾕｳ", 15), ("001", 3), ("ﾎﾝﾃﾝ", 15), ("", 3),  # bank, branch
        ("1", 1), (int(month.account), 10), (_half(HOLDER), 40), ("1", 1), ("1", 1), (month.opening, 14), ("", 71),
    )  # fmt: skip


def _data(month: BankMonth) -> list[str]:
    kinds = {"振込": "11", "手数料": "19", "ＡＴＭ": "10"}
    return [
        _record(
            ("2", 1), (number, 8), (_era(line.day), 6), (_era(line.day), 6),
            ("1" if line.paid_in else "2", 1), (kinds.get(line.kind, "14"), 2), (line.paid_in or line.paid_out, 12),
            (0, 12), (0, 6), (0, 6), (0, 1), (0, 7), (1, 3), (0, 10),  # cheques, branch, sender's code
            (_half(_KANA.get(line.content, line.content)), 48), ("", 15), ("", 15), ("", 20), ("", 20), ("", 1),
        )
        for number, line in enumerate(month.lines, start=1)
    ]  # fmt: skip


def _trailer(month: BankMonth) -> str:
    credits = sum(line.paid_in > 0 for line in month.lines)
    return _record(
        ("8", 1), (credits, 6), (month.paid_in, 13), (len(month.lines) - credits, 6), (month.paid_out, 13),
        ("1", 1), (month.closing, 14), (len(month.lines), 7), ("", 139),
    )  # fmt: skip


def _record(*fields: tuple[str | int, int]) -> str:
    """Fields and their widths put together: numbers with zeros before them, text with blanks behind it."""
    return "".join(
        f"{value:0{width}d}" if isinstance(value, int) else f"{value:{width}}"[:width]
        for value, width in fields
    )


def _era(day: date) -> str:
    """YYMMDD in the years of Reiwa."""
    return f"{day.year - _REIWA:02d}{day:%m%d}"


def _half(text: str) -> str:
    """Full-width kana, letters and marks as the half-width ones banks send."""
    return text.translate(_HALF)


_KANA = {"現金": "ゲンキン", "振込手数料": "フリコミテスウリヨウ"}
"""What the bank says in kana where a file has room for nothing else."""
_FULL_KANA = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
_HALF_KANA = "".join(chr(code) for code in range(0xFF61, 0xFFA0))
_VOICED = dict(zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ", strict=True))
_POPPED = dict(zip("パピプペポ", "ﾊﾋﾌﾍﾎ", strict=True))
_HALF = str.maketrans(
    {
        **dict(zip(_FULL_KANA, _HALF_KANA, strict=True)),
        **{full: f"{half}ﾞ" for full, half in _VOICED.items()},
        **{full: f"{half}ﾟ" for full, half in _POPPED.items()},
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        "　": " ",
    }
)
