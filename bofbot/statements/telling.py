"""What `bofbot statement` says of a file: one JSON object, or lines of a table. Pure: nothing is printed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from bofbot.statements.model import Check, Entry, Proof, Refused, Statement
from bofbot.statements.options import NO_OPTIONS, Options
from bofbot.statements.reading import proved, read_file
from bofbot.words import Language, Sentence

FileOutcome = Literal["verified", "unverifiable", "discrepancy", "empty", "refused"]
_WORST = ("discrepancy", "unverifiable", "verified")
_MUST_BE_PROVED = frozenset({"pdf", "ocr"})
"""Formats whose characters are found on a page: what no arithmetic proves is not taken."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file as it was read: its statements with their proofs, or why it was refused."""

    file: str
    found: tuple[tuple[Statement, Proof], ...] = ()
    refusal: Refused | None = None

    @property
    def outcome(self) -> FileOutcome:
        if self.refusal is not None and not self.found:
            return "empty" if self.refusal.reason == "no-statement" else "refused"
        outcomes = {proof.outcome for _, proof in self.found}
        return next(outcome for outcome in _WORST if outcome in outcomes)

    @property
    def fine(self) -> bool:
        """Read, and nothing in it fails to add up."""
        return self.refusal is None and self.outcome in ("verified", "unverifiable")


def read_one(
    path: Path,
    options: Options = NO_OPTIONS,
    require: str = "",
    twin: Callable[[Statement], str] | None = None,
) -> FileReading:
    """Read and prove one file. `require` is `verified`, `readable` or "" (verified for PDF, else readable); `twin` tells
    in which file the same statement came before."""
    try:
        found = tuple(proved(read_file(path, options=options), twin))
    except Refused as refusal:
        return FileReading(str(path), refusal=refusal)
    strict = require == "verified" or (not require and any(s.format in _MUST_BE_PROVED for s, _ in found))
    if strict and any(proof.outcome == "unverifiable" for _, proof in found):
        return FileReading(str(path), found, _not_verified(str(path)))
    return FileReading(str(path), found)


def _not_verified(file: str) -> Refused:
    return Refused(
        "not-verified",
        Sentence(
            en="Nothing in the file proves the amounts that were read.",
            ja="読み取った金額を確かめられる記載がファイルにありません。",
        ),
        file=file,
    )


def statement_json(
    path: Path, options: Options = NO_OPTIONS, summary: bool = False, require: str = ""
) -> dict[str, Any]:
    """The object `bofbot statement --json` prints for a file."""
    return as_json(read_one(path, options, require), summary)


def as_json(reading: FileReading, summary: bool = False, language: Language = "en") -> dict[str, Any]:
    """A reading as plain JSON values; amounts are decimal strings, days are ISO dates."""
    return {
        "file": reading.file,
        "format": reading.found[0][0].format if reading.found else None,
        "outcome": reading.outcome,
        "error": _error(reading.refusal, language) if reading.refusal else None,
        "statements": [_statement(statement, proof, summary, language) for statement, proof in reading.found],
    }


def _error(refusal: Refused, language: Language) -> str:
    """`reason: file:line: sentence`, the reason being a stable name."""
    return f"{refusal.reason}: {refusal.place}: {refusal.message.said_in(language)}"


def _statement(statement: Statement, proof: Proof, summary: bool, language: Language) -> dict[str, Any]:
    told: dict[str, Any] = {
        "account": statement.account,
        "currency": statement.currency,
        "opening": _text(statement.opening),
        "closing": _text(statement.closing),
        "first_day": _text(statement.first_day),
        "last_day": _text(statement.last_day),
        "count": statement.count,
        "sum": _text(statement.sum),
        "outcome": proof.outcome,
        "checks": [
            {"id": check.id, "ok": check.ok, "detail": check.detail.said_in(language)}
            for check in proof.checks
        ],
    }
    if not summary:
        told["entries"] = [_entry(entry) for entry in statement.entries]
    return told


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "date": entry.date.isoformat(),
        "value_date": _text(entry.value_date),
        "amount": _text(entry.amount),
        "balance": _text(entry.balance),
        "text": entry.text,
        "counterparty": entry.counterparty,
        "reference": entry.reference,
        "line": entry.line,
    }


def _text(value: Decimal | date | None) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


@dataclass(frozen=True, slots=True)
class Lines:
    """A table for people: rows of cells (the first is the heading) and remarks below it."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


_HEADINGS = (
    Sentence(en="file", ja="ファイル"), Sentence(en="format", ja="形式"), Sentence(en="account", ja="口座"),
    Sentence(en="opening", ja="前残高"), Sentence(en="entries", ja="件数"), Sentence(en="sum", ja="合計"),
    Sentence(en="closing", ja="残高"), Sentence(en="outcome", ja="結果"),
)  # fmt: skip
FIGURES = (3, 4, 5, 6)
"""The columns of `table` that hold figures."""
OUTCOMES = {
    "verified": Sentence(en="verified", ja="計算一致"),
    "unverifiable": Sentence(en="unverifiable", ja="検証材料なし"),
    "discrepancy": Sentence(en="does not add up", ja="計算不一致"),
    "empty": Sentence(en="no statement", ja="明細なし"),
    "refused": Sentence(en="refused", ja="読み取り不可"),
}


def table(readings: Sequence[FileReading], language: Language) -> Lines:
    """One row per statement, and below it what did not add up or why a file was refused."""
    lines = Lines([tuple(heading.said_in(language) for heading in _HEADINGS)])
    for reading in readings:
        name = Path(reading.file).name
        if not reading.found:
            lines.rows.append((name, "", "", "", "", "", "", OUTCOMES[reading.outcome].said_in(language)))
        for statement, proof in reading.found:
            lines.rows.append(
                (
                    name, statement.format, " ".join(filter(None, (statement.account, statement.currency))),
                    money(statement.opening), str(statement.count), money(statement.sum), money(statement.closing),
                    OUTCOMES[proof.outcome].said_in(language),
                )
            )  # fmt: skip
            lines.remarks.extend(_remarks(name, proof.checks, language))
        if reading.refusal is not None:
            lines.remarks.append(_refusal(name, reading.refusal, language))
    return lines


def _remarks(name: str, checks: Sequence[Check], language: Language) -> list[str]:
    marks = {False: "✗", None: "?"}
    return [
        f"{marks[check.ok]} {name}: {check.detail.said_in(language)}"
        for check in checks
        if check.ok is not True
    ]


def _refusal(name: str, refusal: Refused, language: Language) -> str:
    where = f"{name}:{refusal.line}" if refusal.line else name
    gap = "" if language == "ja" else " "
    fix = f"{gap}{refusal.fix.said_in(language)}" if refusal.fix else ""
    return f"✗ {where}: {refusal.message.said_in(language)}{fix}"


def money(amount: Decimal | None) -> str:
    """An amount as people write it: 1,234.50; "" when there is none."""
    return "" if amount is None else f"{amount:,f}"


ENTRY_FIGURES = (1, 2)
"""The columns of `entry_rows` that hold figures."""


def entry_rows(statement: Statement, language: Language) -> list[tuple[str, ...]]:
    """The entries of one statement as cells, heading first."""
    headings = (
        Sentence(en="date", ja="日付"), Sentence(en="amount", ja="金額"), Sentence(en="balance", ja="残高"),
        Sentence(en="counterparty", ja="相手先"), Sentence(en="text", ja="内容"),
    )  # fmt: skip
    rows = [tuple(heading.said_in(language) for heading in headings)]
    for entry in statement.entries:
        rows.append(
            (
                entry.date.isoformat(),
                money(entry.amount),
                money(entry.balance),
                entry.counterparty,
                " ".join(entry.text.split())[:60],
            )
        )
    return rows
