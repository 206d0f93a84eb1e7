"""How a dialect of a format is written down for a test: its text, and what must be read of it or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.statements.model import Entry, Proof, Refused, Statement
from bofbot.statements.options import Options
from bofbot.statements.reading import proved, read_bytes

TODAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Dialect:
    """`told`: one line a statement, `count sum opening closing outcome [account] [currency] [first entry's day]`, `-` where
    the file is silent and `*` where it does not matter; or `!reason` of a refusal (`!a|b` for either)."""

    name: str
    data: bytes | str
    told: str
    encoding: str = "utf-8"

    @property
    def bytes(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else self.data.encode(self.encoding)


def read(data: bytes) -> list[tuple[Statement, Proof]]:
    return proved(read_bytes(data, name="file", options=Options(sheets=sheet_rows, today=TODAY)))


def outcome(data: bytes) -> list[tuple[Statement, Proof]] | Refused:
    """What is read, or the refusal."""
    try:
        return read(data)
    except Refused as refusal:
        return refusal


def check(dialect: Dialect) -> None:
    """What is read of it, against what it must tell."""
    found = outcome(dialect.bytes)
    if isinstance(found, Refused) or dialect.told.startswith("!"):
        assert isinstance(found, Refused), [_told(statement, proof) for statement, proof in found]
        assert f"!{found.reason}" in [f"!{reason}" for reason in dialect.told.lstrip("!").split("|")], str(
            found
        )
        return
    wanted = [line.split() for line in dialect.told.strip().splitlines()]
    assert len(found) == len(wanted), [_told(statement, proof) for statement, proof in found]
    for words, (statement, proof) in zip(wanted, found, strict=True):
        told = _told(statement, proof)
        for word, said in zip(words, told, strict=False):
            assert word in ("*", said) or _same(word, said), (" ".join(words), " ".join(told), proof.checks)


def _told(statement: Statement, proof: Proof) -> list[str]:
    first: Entry | None = statement.entries[0] if statement.entries else None
    return [
        str(statement.count), str(statement.sum), _or_dash(statement.opening), _or_dash(statement.closing), proof.outcome,
        statement.account or "-", statement.currency or "-", _or_dash(first and first.date),
    ]  # fmt: skip


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)


def _same(word: str, said: str) -> bool:
    try:
        return Decimal(word) == Decimal(said)
    except ArithmeticError:
        return False
