"""Numbers with a check digit: the Japanese invoice registration number (T and 13 digits)."""

from __future__ import annotations

import re
import unicodedata

from bofbot.statements.model import Check
from bofbot.words import Sentence

_NUMBER = re.compile(r"T?(\d{13})", re.ASCII)


def registration_check(written: str) -> Check | None:
    """The check of a qualified invoice issuer's number; None when there is no such number.

    Companies: d1 = 9 − (Σ Pn·Qn mod 9), Pn the nth of the other twelve digits from the right, Qn 1 for odd n, else 2
    (法人番号の指定等に関する省令). Sole traders' numbers follow no public rule, so a mismatch is only pointed out."""
    bare = unicodedata.normalize("NFKC", written).replace("-", "").replace(" ", "").upper()
    found = _NUMBER.fullmatch(bare)
    if not found:
        if bare.startswith("T") and bare[1:2].isdigit():
            return Check(
                "registration-number", False,
                Sentence(en=f"{written} is not T and 13 digits", ja=f"登録番号 {written} は「T＋13桁の数字」ではありません"),
            )  # fmt: skip
        return None
    if check_digit(found[1][1:]) == int(found[1][0]):
        return Check(
            "registration-number",
            True,
            Sentence(en=f"T{found[1]}: the check digit is right", ja=f"T{found[1]}：検査数字が合っています"),
        )
    return Check(
        "registration-number", None,
        Sentence(
            en=f"T{found[1]}: the check digit is not that of a company; right only for a sole trader",
            ja=f"T{found[1]}：法人番号の検査数字と合いません（個人事業者の番号であれば問題ありません）",
        ),
    )  # fmt: skip


def check_digit(twelve: str) -> int:
    """The first digit that belongs before twelve digits of a corporate number."""
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(twelve), 1))
    return 9 - total % 9
