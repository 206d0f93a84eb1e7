"""The figures of a step as people read them: names in both languages, amounts grouped, codes left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bofbot.words import Language, Sentence

_NUMBER = re.compile(r"(-?)(0|[1-9]\d*)(\.\d+)?")
_AMOUNT = re.compile(
    r"total|sum|amount|balance|difference|opening|closing|合計|金額|残高|差額", re.IGNORECASE
)
"""Text is grouped only where its name says that it is an amount: an account number is made of digits as well."""

_LABELS = {
    name: Sentence(en=en, ja=ja)
    for name, en, ja in (
        ("rows", "rows", "行数"), ("count", "count", "件数"), ("file", "file", "ファイル"), ("sha256", "SHA-256", "SHA-256"),
        ("matched", "matched", "一致"), ("suggested", "suggested", "候補あり"), ("ambiguous", "ambiguous", "要確認"),
        ("left_only", "only on the left", "左のみ"), ("right_only", "only on the right", "右のみ"),
        ("left_total", "total on the left", "左の合計"), ("right_total", "total on the right", "右の合計"),
        ("difference", "difference", "差額"), ("total", "total", "合計"), ("sum", "sum", "合計"),
        ("account", "account", "口座"), ("currency", "currency", "通貨"), ("format", "format", "形式"),
        ("opening", "opening balance", "開始残高"), ("closing", "closing balance", "終了残高"),
        ("first_day", "first day", "最初の日"), ("last_day", "last day", "最後の日"),
        ("outcome", "proof", "検証"), ("checks", "checks", "検算"), ("fields", "entered", "入力した値"),
        ("path", "saved as", "保存先"), ("size", "bytes", "バイト数"), ("original_name", "name at the site", "元のファイル名"),
        ("would_send", "would have been sent", "送信されるはずの内容"), ("request", "request", "送信先"), ("status", "answer", "応答"),
    )
}  # fmt: skip
_WORDS = {
    "verified": Sentence(en="verified", ja="検証済み"),
    "discrepancy": Sentence(en="does not add up", ja="不一致"),
    "unverifiable": Sentence(en="cannot be proved", ja="検証できません"),
    "True": Sentence(en="yes", ja="はい"),
    "False": Sentence(en="no", ja="いいえ"),
}


def label(name: str) -> Sentence:
    """What a figure is called; names of robot authors stay as they wrote them."""
    return _LABELS.get(name.replace(" ", "_").lower(), Sentence.same(name))


def figure(value: Any, name: str = "", language: Language = "en") -> str:
    """1234567 → 1,234,567; "1234.50" only under the name of an amount; a known word in its language; else as it is."""
    if value is None:
        return ""
    text = str(value)
    counted = isinstance(value, int | float) and not isinstance(value, bool)
    found = _NUMBER.fullmatch(text) if counted or _AMOUNT.search(name) else None
    if found:
        return f"{found[1]}{int(found[2]):,}{found[3] or ''}"
    return _WORDS[text].said_in(language) if text in _WORDS else text


def is_figure(value: Any, name: str = "") -> bool:
    """Does it stand to the right, digit below digit?"""
    return (
        not isinstance(value, bool)
        and bool(_NUMBER.fullmatch(str(value)))
        and (not isinstance(value, str) or bool(_AMOUNT.search(name)))
    )


def said_twice(value: Any) -> Sentence | None:
    """A sentence kept as plain JSON: {"en": …, "ja": …}."""
    if isinstance(value, Mapping) and set(value) == {"en", "ja"}:
        return Sentence(en=str(value["en"]), ja=str(value["ja"]))
    return None


def checks_of(value: Any) -> list[tuple[bool | None, Sentence]]:
    """Proofs that were tried: [{"ok": true, "detail": {…}}, …] → what came of each; [] for anything else."""
    if not isinstance(value, list | tuple) or not all(
        isinstance(one, Mapping) and "ok" in one for one in value
    ):
        return []
    return [
        (one["ok"], said_twice(one.get("detail")) or Sentence.same(str(one.get("detail", ""))))
        for one in value
    ]


def balance_of(facts: Mapping[str, Any]) -> list[tuple[str, Any, Any, Any, Any]]:
    """The two sides of a reconciliation: name, total, matched, open, open items; [] for other figures."""
    if facts.get("kind") != "reconciliation" or facts.get("left_total") is None:
        return []
    return [
        (
            str(facts.get(side) or side),
            facts.get(f"{side}_total"),
            facts.get(f"{side}_matched_total"),
            facts.get(f"{side}_open_total"),
            facts.get(f"{side}_open"),
        )
        for side in ("left", "right")
    ]


def differences_of(facts: Mapping[str, Any]) -> tuple[str, str, str]:
    """Left less right of the totals, of what matched and of what is open: each column of the two sides, subtracted."""
    sides = balance_of(facts)
    (_, *left, _), (_, *right, _) = sides
    total, matched, still_open = (
        str(Decimal(str(mine or 0)) - Decimal(str(other or 0)))
        for mine, other in zip(left, right, strict=True)
    )
    return total, matched, still_open


def repeats_summary(facts: Mapping[str, Any], summary: Sentence | None) -> bool:
    """Is all of it a number that the step's own words hold already: 42 of "42 rows"?"""
    plain = [value for value in facts.values() if isinstance(value, int) and not isinstance(value, bool)]
    said = summary.en if summary else ""
    return len(plain) == len(facts) and all(re.search(rf"(?<!\d){value}(?!\d)", said) for value in plain)


def one_line(facts: Mapping[str, Any], language: Language) -> str:
    """The figures for a text screen; lists and tables are left to the report."""
    sides = balance_of(facts)
    if sides:
        counts = {name: facts.get(name) for name in ("matched", "suggested", "ambiguous")}
        difference = differences_of(facts)[0]
        facts = {name: total for name, total, *_ in sides} | {"difference": difference} | counts
        return "  ".join(
            f"{label(name).said_in(language)} {figure(value, 'total', language)}"
            for name, value in facts.items()
            if value
        )
    shown: Sequence[tuple[str, Any]] = [
        (name, value)
        for name, value in facts.items()
        if not isinstance(value, Mapping | list | tuple) and value is not None and name != "kind"
    ]
    return "  ".join(
        f"{label(name).said_in(language)} {figure(value, name, language)}" for name, value in shown
    )
