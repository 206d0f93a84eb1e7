"""The proofs of a statement: what adds up, what does not and by how much, what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from bofbot.statements.model import Check, Control, Entry, Outcome, Proof, Statement
from bofbot.words import Sentence

_ENTRY_FIGURES: dict[str, Callable[[tuple[Entry, ...]], Decimal]] = {
    "entry-count": lambda entries: Decimal(len(entries)),
    "entry-sum": lambda entries: sum((e.amount for e in entries), Decimal(0)),
    "absolute-sum": lambda entries: sum((abs(e.amount) for e in entries), Decimal(0)),
    "credit-count": lambda entries: Decimal(sum(e.amount > 0 for e in entries)),
    "debit-count": lambda entries: Decimal(sum(e.amount < 0 for e in entries)),
    "credit-sum": lambda entries: sum((e.amount for e in entries if e.amount > 0), Decimal(0)),
    "debit-sum": lambda entries: -sum((e.amount for e in entries if e.amount < 0), Decimal(0)),
}
_PROVING_CONTROLS = frozenset({"entry-sum", "absolute-sum"})
"""A total that ignores the signs of BAI2 (`account-total`) is not among them."""
_NAMES = {
    "entry-count": ("number of entries", "明細件数"),
    "entry-sum": ("sum of entries", "明細の合計"),
    "absolute-sum": ("total turnover", "取引総額"),
    "credit-count": ("number of credits", "入金件数"),
    "debit-count": ("number of debits", "出金件数"),
    "credit-sum": ("sum of credits", "入金合計"),
    "debit-sum": ("sum of debits", "出金合計"),
    "record-count": ("number of records", "レコード件数"),
    "closing-balance": ("closing balance", "最終残高"),
    "page-balance": ("balance carried to the next page", "次のページへの繰越残高"),
    "one-currency": ("number of currencies", "通貨の数"),
    "account-total": ("account total", "口座の合計"),
    "account-count": ("number of accounts", "口座数"),
    "group-total": ("group total", "グループの合計"),
    "group-count": ("number of groups", "グループ数"),
    "group-records": ("records of the group", "グループのレコード件数"),
    "file-total": ("file total", "ファイルの合計"),
    "file-records": ("records of the file", "ファイルのレコード件数"),
}


def prove(statement: Statement, previous: Statement | None = None, twin: str = "") -> Proof:
    """Every check that can be made. `twin` names a file in which the same statement came before."""
    checks = [
        *statement.checks,
        *_opening_to_closing(statement),
        *_running_balances(statement, previous),
        *_controls(statement),
        *_one_currency_of_balances(previous, statement),
        *_dates_inside(statement),
        *_continuity(statement, previous),
        *_duplicate(twin),
        *(Check(remark.id, None, remark.sentence, line=remark.line) for remark in statement.remarks),
    ]
    return Proof(_outcome(statement, checks), tuple(checks))


_WARNINGS = frozenset(
    {
        "continuity",
        "dates-inside-period",
        "same-currency",
        "duplicate-file",
        "day-and-month",
        "registration-number",
        "first-amount",
        "pending-entries",
        "not-booked",
        "card-sign",
    }
)
"""Checks that look beyond the statement's own arithmetic: undecided, they are told but take nothing from its proof."""


def _outcome(statement: Statement, checks: list[Check]) -> Outcome:
    if any(check.ok is False for check in checks):
        return "discrepancy"
    if any(check.ok is None and check.id not in _WARNINGS for check in checks):
        return "unverifiable"
    both_sums = {check.id for check in checks} >= {"credit-sum", "debit-sum"}
    return "verified" if both_sums or any(check.proves for check in checks) else "unverifiable"


def _opening_to_closing(statement: Statement) -> list[Check]:
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        return []
    if statement.derived_opening:
        return []  # the running balances are checked one by one
    booked = statement.sum - statement.pending
    difference = closing - opening - booked
    checks = [_compared("balance", opening + booked, closing, difference, _BALANCE, proves=True)]
    if statement.pending:
        detail = Sentence(
            en=f"{statement.pending:f} is announced and in no balance yet: nothing proves it",
            ja=f"未確定の明細 {statement.pending:,f} は残高に含まれていないため、確かめられません",
        )
        checks.append(Check("pending-entries", None, detail))
    return checks


_BALANCE = ("opening balance + entries", "前残高＋明細", "closing balance", "最終残高")


def _compared(
    check: str, found: Decimal, stated: Decimal, difference: Decimal, names: tuple[str, str, str, str],
    *, proves: bool = False, line: int = 0,
) -> Check:  # fmt: skip
    """One figure against another, said the same way everywhere."""
    ok = difference == 0
    left_en, left_ja, right_en, right_ja = names
    if ok:
        detail = Sentence(en=f"{left_en} = {right_en} {stated:f}", ja=f"{left_ja}＝{right_ja} {stated:,f}")
    else:
        detail = Sentence(
            en=f"{left_en} {found:f}, but {right_en} {stated:f}: difference {difference:f}",
            ja=f"{left_ja} {found:,f} に対して{right_ja} {stated:,f}：差額 {difference:,f}",
        )
    return Check(check, ok, detail, None if ok else difference, line, proves)


def _running_balances(statement: Statement, previous: Statement | None) -> list[Check]:
    """Each stated balance must follow from the one before and the entries between them."""
    known = [entry for entry in statement.entries if entry.balance is not None]
    if not known:
        return []
    balance = None if statement.derived_opening else statement.opening
    breaks: list[tuple[Entry, Decimal]] = []
    linked = 0
    for entry in statement.entries:
        balance = None if balance is None else balance + entry.amount
        if entry.balance is None:
            continue
        if balance is not None:
            linked += 1
            if balance != entry.balance:
                breaks.append((entry, entry.balance - balance))
        balance = entry.balance
    if breaks:
        return [_broken_chain(breaks)]
    if not linked:
        return []
    missing = len(statement.entries) - len(known)
    detail = Sentence(
        en=f"{linked} running balances follow from the entries"
        + (f"; {missing} entries state none" if missing else ""),
        ja=f"残高 {linked} 件が明細どおりにつながっています"
        + (f"（残高のない明細 {missing} 件）" if missing else ""),
    )
    proved = Check("running-balance", True, detail, proves=statement.entries[-1].balance is not None)
    follows = previous is not None and previous.closing is not None and previous.closing == statement.opening
    return [proved] if follows else [proved, *_first_amount(statement)]


def _first_amount(statement: Statement) -> list[Check]:
    """Where no opening balance is stated, the running balances prove every amount but the first."""
    if not statement.derived_opening:
        return []
    first = statement.entries[0]
    detail = Sentence(
        en=f"line {first.line}: no balance before it is stated, so nothing proves the first amount {first.amount:f}",
        ja=f"{first.line} 行目：直前の残高の記載がないため、最初の金額 {first.amount:,f} は確かめられません",
    )
    return [Check("first-amount", None, detail, line=first.line)]


def _broken_chain(breaks: list[tuple[Entry, Decimal]]) -> Check:
    entry, difference = breaks[0]
    more = len(breaks) - 1
    detail = Sentence(
        en=f"line {entry.line}: the balance {entry.balance:f} does not follow, difference {difference:f}"
        + (f"; {more} more" if more else ""),
        ja=f"{entry.line} 行目：残高 {entry.balance:,f} が前の残高とつながりません。差額 {difference:,f}"
        + (f"（ほか {more} 件）" if more else ""),
    )
    return Check("running-balance", False, detail, difference, entry.line)


def _controls(statement: Statement) -> list[Check]:
    checks = []
    for control in statement.controls:
        if control.id == "one-currency" and control.found != control.stated:
            checks.append(_several_currencies(control))
            continue
        found = control.found
        if found is None:
            found = _ENTRY_FIGURES[control.id](statement.entries)
        name_en, name_ja = _NAMES.get(control.id, (control.id.replace("-", " "), control.id))
        names = (f"{name_en} found", f"{name_ja}（実際）", "stated", "ファイルの記載")
        proves = control.id in _PROVING_CONTROLS
        checks.append(
            _compared(
                control.id,
                found,
                control.stated,
                control.stated - found,
                names,
                proves=proves,
                line=control.line,
            )
        )
    return checks


def _several_currencies(control: Control) -> Check:
    """Amounts of several currencies in one statement: their sum means nothing."""
    detail = Sentence(
        en=f"amounts in {control.found} currencies stand in one statement",
        ja=f"1つの明細に {control.found} 種類の通貨が混ざっています",
    )
    return Check(control.id, False, detail, line=control.line)


def _one_currency_of_balances(previous: Statement | None, statement: Statement) -> list[Check]:
    if (
        previous is None
        or not previous.currency
        or not statement.currency
        or previous.currency == statement.currency
    ):
        return []
    detail = Sentence(
        en=f"the account was in {previous.currency} before and is in {statement.currency} now",
        ja=f"口座の通貨が前回の {previous.currency} から {statement.currency} に変わっています",
    )
    return [Check("same-currency", None, detail)]


def _dates_inside(statement: Statement) -> list[Check]:
    """Entries must lie in the stated period. Booking days a little outside are common, so it is never a discrepancy
    of money: it is reported as undecided."""
    first, last = statement.first_day, statement.last_day
    outside = [
        entry for entry in statement.entries
        if (first and entry.date < first) or (last and entry.date > last)
    ]  # fmt: skip
    if not outside:
        return []
    entry = outside[0]
    detail = Sentence(
        en=f"{len(outside)} entries lie outside {first} – {last}, the first on {entry.date} (line {entry.line})",
        ja=f"期間 {first}～{last} の外の明細が {len(outside)} 件あります（最初は {entry.line} 行目、{entry.date}）",
    )
    return [Check("dates-inside-period", None, detail, line=entry.line)]


def _continuity(statement: Statement, previous: Statement | None) -> list[Check]:
    """The previous statement's closing balance is this one's opening, and no day lies between them."""
    if previous is None or previous.closing is None or statement.opening is None:
        return []
    difference = statement.opening - previous.closing
    gap = bool(
        previous.last_day
        and statement.first_day
        and statement.first_day > previous.last_day + timedelta(days=1)
    )
    if difference == 0:
        return [
            Check(
                "continuity",
                True,
                Sentence(en="opens where the last one closed", ja="前回の最終残高から続いています"),
            )
        ]
    detail = Sentence(
        en=f"opens at {statement.opening:f}, but the last one closed at {previous.closing:f}: difference {difference:f}"
        + (f"; days are missing after {previous.last_day}" if gap else ""),
        ja=f"前残高 {statement.opening:,f} が前回の最終残高 {previous.closing:,f} と違います。差額 {difference:,f}"
        + (f"（{previous.last_day} の後の日が抜けています）" if gap else ""),
    )
    return [Check("continuity", None, detail, difference)]


def _duplicate(twin: str) -> list[Check]:
    if not twin:
        return []
    return [
        Check(
            "duplicate-file",
            None,
            Sentence(
                en=f"the same statement came before: {twin}", ja=f"同じ明細を以前に受け取っています：{twin}"
            ),
        )
    ]
