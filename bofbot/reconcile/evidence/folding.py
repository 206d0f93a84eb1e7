"""Names as banks write them: folded onto the 全銀 alphabet, company forms and transfer words taken off.

Rules: 全国銀行協会 全銀プロトコル character set (half-width kana, capitals, `-` for ー, large kana for small, voiced marks as
characters of their own), and its list of abbreviated company forms: `ｶ)` before, `(ｶ` after, `(ｶ)` inside a name.
Everything here works on one text; callers fold distinct texts once.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_DASHES = dict.fromkeys(map(ord, "ー−‐‑‒–—―－〜~ｰ"), "-")
_SMALL = str.maketrans("ァィゥェォャュョッヮヵヶ", "アイウエオヤユヨツワカケ")
_HIRAGANA = {code: chr(code + 0x60) for code in range(0x3041, 0x3097)}
_PLAIN: dict[int, str | int] = {
    **_DASHES,
    **_SMALL,
    **{code: kana.translate(_SMALL) for code, kana in _HIRAGANA.items()},
}
"""Hiragana to katakana, small kana to large, every dash to one, in one pass."""
_VOICED = {0x3099: "ﾞ", 0x309A: "ﾟ", 0x309B: "ﾞ", 0x309C: "ﾟ"}
_DROPPED = re.compile(r"[\s・･.,，、。'\"`*/\\:;+&_\u0300-\u036f「」『』\[\]{}<>]+")
_TRANSFER = (
    "フリコミニュウキン",
    "ゴフリコミ",
    "フリコミ",
    "デンシンフリコミ",
    "ソウキン",
    "フリカエ",
    "ニュウキン",
    "振込入金",
    "振込",
    "送金",
    "入金",
    "電信振込",
)
_NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z]{0,4}-?\d{4,}(?:-\d+)*(?![A-Z0-9])")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The text on the 全銀 alphabet, spaces and punctuation gone, brackets and dashes kept: `㈱ニッシン電機` → `(株)ﾆﾂｼﾝ電機`.

    Voiced marks become characters of their own, so a name that the bank cut in the middle of `ｸﾞ` is still a prefix."""
    if text.isascii():
        return _DROPPED.sub("", text.upper())
    wide = unicodedata.normalize("NFKC", text).translate(_PLAIN).upper()
    apart = unicodedata.normalize("NFD", wide).translate(_VOICED)
    return _DROPPED.sub("", apart)


@dataclass(frozen=True, slots=True)
class _Forms:
    transfer: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    inside: re.Pattern[str]
    english: re.Pattern[str]
    mark_of: dict[str, str]
    """A form as it is written or abbreviated → its abbreviation."""
    marks: tuple[str, ...]


@lru_cache(maxsize=1)
def _forms() -> _Forms:
    table = files("bofbot.reconcile").joinpath("data/forms.csv").read_text(encoding="utf-8")
    written: set[str] = set()
    short: set[str] = set()
    english: set[str] = set()
    mark_of = dict(zip("株有同医社財", map(fold, ("ｶ", "ﾕ", "ﾄﾞ", "ｲ", "ｼﾔ", "ｻﾞｲ")), strict=True))
    for row in csv.DictReader(table.splitlines()):
        if row["form"].isascii():
            english.add(row["form"])
            continue
        written |= {fold(row["form"]), fold(row["kana"])}
        mark_of.update(
            dict.fromkeys((fold(row["form"]), fold(row["kana"]), fold(row["short"])), fold(row["short"]))
        )
        short.add(fold(row["short"]))
    words = "|".join(sorted(written, key=len, reverse=True))
    marks = "|".join(sorted(short | {"株", "有", "同", "医", "社", "財"}, key=len, reverse=True))
    return _Forms(
        transfer=re.compile(
            "^(?:" + "|".join(sorted(map(fold, _TRANSFER), key=len, reverse=True)) + r")\d?-?"
        ),
        before=re.compile(rf"^(?:\(?(?:{marks})\)|(?:{words}))"),
        after=re.compile(rf"(?:\((?:{marks})\)?|(?:{words})|\()$"),
        inside=re.compile(rf"\((?:{marks})\)"),
        english=re.compile(rf"(?:[\s.,]|^)(?:{'|'.join(sorted(english))})\b\.?", re.IGNORECASE),
        mark_of=mark_of,
        marks=tuple(sorted(short, key=len, reverse=True)),
    )


@lru_cache(maxsize=65536)
def core(text: str) -> str:
    """What names the party: no transfer words, no numbers, no company form. `ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ` → `ﾆﾂｼﾝﾃﾞﾝｷ`."""
    forms = _forms()
    if text.isascii():
        return fold(forms.english.sub(" ", text)) or fold(text)
    folded = _without_transfer_words(text)
    bare = forms.after.sub("", forms.before.sub("", folded, count=1), count=1)
    return forms.inside.sub("", bare) or folded or fold(text)


@lru_cache(maxsize=65536)
def _without_transfer_words(text: str) -> str:
    spaced = _NUMBER.sub(" ", unicodedata.normalize("NFKC", text).upper())
    return _forms().transfer.sub("", fold(spaced))


@lru_cache(maxsize=65536)
def form_of(text: str) -> tuple[str, int] | None:
    """The company form a name bears, abbreviated, and its place: 0 before the name, 1 behind it; None when none is written."""
    if text.isascii():
        return None
    forms = _forms()
    folded = _without_transfer_words(text)
    for place, found in ((0, forms.before.match(folded)), (1, forms.after.search(folded))):
        mark = forms.mark_of.get(found[0].strip("()"), "") if found else ""
        if mark:
            return mark, place
    return None


@lru_cache(maxsize=65536)
def loose_cores(text: str) -> tuple[str, ...]:
    """Further readings of a name whose form lost its bracket: `ｶｷﾖｳﾘﾂｺｳﾑﾃﾝ` → `ｷﾖｳﾘﾂｺｳﾑﾃﾝ`. Only good where such a name is known."""
    name, marks = core(text), _forms().marks
    if not name.startswith(marks) and not name.endswith(marks):
        return ()
    found = []
    for mark in marks:
        if name.startswith(mark) and len(name) - len(mark) >= 3:
            found.append(name[len(mark) :])
        if name.endswith(mark) and len(name) - len(mark) >= 3:
            found.append(name[: -len(mark)])
    return tuple(dict.fromkeys(found))


_TOKEN = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """The tokens of a free text that may be a reference: at least four letters and digits, one digit among them."""
    plain = unicodedata.normalize("NFKC", text).upper() if not text.isascii() else text.upper()
    found = [token for token in _TOKEN.findall(plain) if len(token) >= 4 and any(c.isdigit() for c in token)]
    parts = [
        part
        for token in found
        if "-" in token
        for part in token.split("-")
        if len(part) >= 4 and part.isdigit()
    ]
    return tuple(dict.fromkeys(found + parts))
