"""What a document tells about itself when it is filed: the dealings it is found by, its format, outcome, account and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bofbot.statements.archive_record import Key
from bofbot.statements.model import Proof, Refused, Statement
from bofbot.statements.options import Options
from bofbot.statements.reading import proved, read_bytes
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Described:
    """What a file told about itself."""

    keys: tuple[Key, ...]
    format: str = ""
    outcome: str = "unread"
    account: str = ""
    currency: str = ""
    text: str = ""

    @property
    def day(self) -> date | None:
        return self.keys[0].day


def described(data: bytes, name: str, key: Key | None, options: Options) -> Described:
    """Raises Refused `needs-key` when the file tells no dealing and `key` does not either."""
    try:
        found = proved(read_bytes(data, name=name, options=options))
    except Refused as refusal:
        if key is None:
            raise Refused(
                "needs-key",
                Sentence(
                    en=f"The file does not tell its day, amount and counterparty ({refusal.message.en})",
                    ja=f"取引日・金額・取引先を読み取れません（{refusal.message.ja}）",
                ),
                file=name,
                fix=Sentence(
                    en="Give them: --date --amount --counterparty.",
                    ja="--date --amount --counterparty で指定してください。",
                ),
            ) from None
        return Described((key,), text=name)
    first = found[0][0]
    told = tuple(one for statement, _ in found for one in _keys_of(statement))
    keys = ((_filled(key, told[0]),) if key else ()) + told
    text = " ".join(
        dict.fromkeys(entry.text for statement, _ in found for entry in statement.entries if entry.text)
    )
    return Described(
        keys,
        first.format,
        _outcome(found),
        first.account,
        first.currency,
        f"{name} {first.title} {first.number} {text}",
    )


def _filled(key: Key, told: Key) -> Key:
    """What the caller knows, and for the rest what the file tells."""
    return Key(
        key.day or told.day,
        told.amount if key.amount is None else key.amount,
        key.counterparty or told.counterparty,
    )


def _keys_of(statement: Statement) -> Iterator[Key]:
    """An invoice is one dealing; a statement is known by its last day, closing balance and title, and by each entry."""
    yield Key(statement.last_day, statement.closing, statement.title or statement.account)
    if statement.kind != "invoice":
        yield from (
            Key(entry.date, entry.amount, entry.counterparty or entry.text[:80])
            for entry in statement.entries
        )


def _outcome(found: Sequence[tuple[Statement, Proof]]) -> str:
    outcomes = {proof.outcome for _, proof in found}
    return next(outcome for outcome in ("discrepancy", "unverifiable", "verified") if outcome in outcomes)
