"""How one column writes amounts: found out from the whole column, never from one value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from bofbot.statements.model import Refused
from bofbot.words import Sentence

_PLAIN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_LONGEST = 80
_SIGN_AFTER = re.compile(r"(?i)\s*(CR|DR|C|D|H|S)$")
_MONEY_WORDS = re.compile(
    r"(?i)(?<![a-z])(JPY|USD|EUR|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|NZD|SGD|HKD|CNY|INR|R\$|kr|円)(?![a-z])"
)
_SYMBOLS = str.maketrans("", "", "¥￥$€£₩₹\u20bd 　\u00a0\u202f'’\\*")
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "▲": "-", "△": "-", "－": "-"})


is_plain_amount = _PLAIN.fullmatch
"""Whether a text is an amount without anything to think about: digits, a dot, a sign."""


def read_amount(text: str, decimal: str = ".") -> Decimal | None:
    """The amount a cell writes, or None when it is not an amount. Knows (1,000) 1000- ▲1,000 ¥1,000 1000円 1000 DR."""
    if _PLAIN.fullmatch(text) and (decimal == "." or "." not in text):
        return Decimal(text)
    return _unusual_amount(text, decimal)


def _unusual_amount(text: str, decimal: str) -> Decimal | None:
    negative, bare = _bare(text)
    if not bare or (not bare[0].isdigit() and bare[0] not in ".,"):
        return None
    grouping = "," if decimal == "." else "."
    whole, _, fraction = bare.partition(decimal)
    if not _well_grouped(whole, grouping) or not (
        fraction == "" or (fraction.isascii() and fraction.isdigit())
    ):
        return None
    digits = whole.replace(grouping, "")
    if not digits and not fraction:
        return None
    try:
        amount = Decimal(f"{digits or '0'}.{fraction or '0'}" if fraction else digits)
    except InvalidOperation:
        return None
    return -amount if negative else amount


def _bare(text: str) -> tuple[bool, str]:
    """(negative, digits and separators) of an amount as written; "" when it holds anything else."""
    if len(text) > _LONGEST:
        return False, ""
    bare = unicodedata.normalize("NFKC", text).strip().translate(_MINUS)
    bare = _MONEY_WORDS.sub("", bare).translate(_SYMBOLS)
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1]
    after = _SIGN_AFTER.search(bare)
    if after and bare[: after.start()][-1:].isdigit():
        negative ^= after[1].upper() in ("DR", "D", "S")
        bare = bare[: after.start()]
    for sign in "+-":
        if bare.startswith(sign) or bare.endswith(sign):
            negative ^= sign == "-"
            bare = bare[1:] if bare.startswith(sign) else bare[:-1]
            break
    return negative, bare if re.fullmatch(r"[\d.,]+", bare, re.ASCII) else ""


def _well_grouped(whole: str, grouping: str) -> bool:
    if grouping not in whole:
        return whole == "" or (whole.isascii() and whole.isdigit())
    head, *groups = whole.split(grouping)
    if not (head.isdigit() and all(group.isdigit() for group in groups)) or head.startswith("0"):
        return False
    thousands = len(head) <= 3 and all(len(group) == 3 for group in groups)
    lakhs = len(head) <= 2 and len(groups[-1]) == 3 and all(len(group) == 2 for group in groups[:-1])
    return thousands or lakhs


_PLAIN_DECIMALS = re.compile(r"[+-]?\d+\.(?:\d\d?|\d{4,9})", re.ASCII)
_ENOUGH = 500
"""So many amounts that agree settle the mark of a file."""


def decimal_mark(texts: Iterable[str]) -> str:
    """ "." or "," as the amounts of a file show it; "" when they do not tell (1.234 alone may be either)."""
    votes = {".": 0, ",": 0}
    for text in texts:
        if text.isdigit():
            continue
        if _PLAIN_DECIMALS.fullmatch(text):
            votes["."] += 1
            if votes["."] >= _ENOUGH and not votes[","]:
                return "."
            continue
        bare = _bare(text)[1]
        mark = _mark_of(bare) if bare else ""
        if mark:
            votes[mark] += 1
    if votes["."] == votes[","]:
        return ""
    return max(votes, key=lambda mark: votes[mark])


def _mark_of(bare: str) -> str:
    dot, comma = bare.rfind("."), bare.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark = "." if dot >= 0 else "," if comma >= 0 else ""
    if not mark:
        return ""
    other = "," if mark == "." else "."
    if bare.count(mark) > 1:
        return other
    after = len(bare) - bare.rfind(mark) - 1
    before = bare.rfind(mark)
    if after != 3 or before == 0 or before > 3 or bare.startswith("0"):
        return mark
    return ""


def bad_amount(text: str, line: int) -> Refused:
    return Refused(
        "bad-amount",
        Sentence(
            en=f"This is not an amount: {text[:40] or '(empty)'}",
            ja=f"金額として読めません：{text[:40] or '（空欄）'}",
        ),
        line=line,
    )
