"""Where the heading line of a table is, and which column means what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bofbot.statements.headings import CREDIT_WORDS, DEBIT_WORDS, ROLES, plain, rank
from bofbot.statements.model import Refused
from bofbot.statements.notation import date_notation
from bofbot.statements.options import Cell, Column, CsvProfile, GridRow
from bofbot.words import Sentence

_ORDER = [
    "date",
    "value_date",
    "balance",
    "incoming",
    "outgoing",
    "amount",
    "currency",
    "account",
    "counterparty",
    "reference",
    "direction",
    "text",
]
_LOOKED_AT = 200
_NEAR = 5
"""A better heading line is looked for so many lines below one that was found."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Column numbers from 0; None where the table has no such column."""

    body: int
    """Index of the first row below the heading."""
    date: int
    value_date: int | None = None
    amount: int | None = None
    incoming: int | None = None
    outgoing: int | None = None
    direction: int | None = None
    balance: int | None = None
    counterparty: int | None = None
    reference: int | None = None
    currency: int | None = None
    account: int | None = None
    text: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()


def as_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)


def find_columns(rows: Sequence[GridRow], profile: CsvProfile | None) -> Columns | None:
    """The meaning of the columns as the caller or the headings tell it; None when they do not."""
    if profile and _names_columns(profile):
        return _by_profile(rows, profile)
    return _best_heading(rows, profile) or (_best_heading(rows, None) if profile and profile.skip else None)


def _names_columns(profile: CsvProfile) -> bool:
    return (
        profile.date is not None
        or profile.amount is not None
        or profile.incoming is not None
        or profile.outgoing is not None
    )


def _best_heading(rows: Sequence[GridRow], profile: CsvProfile | None) -> Columns | None:
    start = (profile.skip or 0) if profile else 0
    best: tuple[int, Columns] | None = None
    for index, (line, cells) in enumerate(rows[:_LOOKED_AT]):
        if line <= start:
            continue
        if best is not None and index > best[1].body + _NEAR:
            break
        columns = _roles(tuple(as_text(cell) for cell in cells), index + 1)
        if columns and (best is None or _roles_known(columns) > best[0]):
            best = (_roles_known(columns), columns)
    return _with_direction(rows, best[1]) if best else None


def heading_roles(texts: tuple[str, ...]) -> bool:
    """Whether a line of texts is a heading line: it names a day and money."""
    return _roles(texts, 1) is not None


def _roles_known(columns: Columns) -> int:
    return sum(getattr(columns, role) not in (None, ()) for role in _ORDER)


def _roles(headings: tuple[str, ...], body: int) -> Columns | None:
    taken: dict[int, str] = {}
    for role in _ORDER:
        ranked = sorted(
            (found, index)
            for index, heading in enumerate(headings)
            if index not in taken and heading and (found := rank(role, heading)) is not None
        )
        for _, index in ranked if role == "text" else ranked[:1]:
            taken[index] = role
    by_role = {role: index for index, role in reversed(taken.items()) if role != "text"}
    if "date" not in by_role and "value_date" in by_role:
        by_role["date"] = by_role["value_date"]
    if "date" not in by_role or not ({"amount", "incoming", "outgoing"} & by_role.keys()):
        return None
    if "amount" in by_role and not {"incoming", "outgoing"} <= by_role.keys():
        by_role.pop("incoming", None)
        by_role.pop("outgoing", None)
    elif "amount" in by_role:
        del by_role["amount"]
    text = tuple(sorted(index for index, role in taken.items() if role == "text"))
    return Columns(body=body, headings=headings, text=text, **by_role)


def _with_direction(rows: Sequence[GridRow], columns: Columns) -> Columns:
    """The column that says debit or credit beside unsigned amounts: one that holds such words and nothing else.

    Raises Refused `unknown-direction` when a column says it on some lines only: the others' signs would be guessed."""
    index = columns.direction
    if index is not None:
        columns = replace(columns, direction=None, text=tuple(sorted((*columns.text, index))))
    if columns.amount is None:
        return columns
    body = [cells for _, cells in rows[columns.body :][:_LOOKED_AT]]
    for candidate in _unused(columns, max(map(len, body), default=0), index):
        words = [_word(cells, candidate) for cells in body]
        told = [word in CREDIT_WORDS or word in DEBIT_WORDS for word in words if word]
        if told and all(told) and (candidate == index or not DEBIT_WORDS.isdisjoint(words)):
            text = tuple(one for one in columns.text if one != candidate)
            return replace(columns, direction=candidate, text=text)
        if (
            sum(told) * 2 >= len(told) > 0
            and _unsigned(body, columns.amount)
            and not DEBIT_WORDS.isdisjoint(words)
        ):
            at = next(n for n, word in enumerate(words) if word and word not in CREDIT_WORDS | DEBIT_WORDS)
            raise unknown_direction(words[at], rows[columns.body + at][0])
    return columns


def _unused(columns: Columns, width: int, first: int | None) -> list[int]:
    """Columns that may hold words for debit and credit, the one whose heading says so first."""
    used = {getattr(columns, role) for role in _ORDER if role not in ("text", "direction")}
    return sorted(set(range(width)) - used, key=lambda index: index != first)


def _word(cells: Sequence[Cell], index: int) -> str:
    """The cell as a word, if it is short enough to be one."""
    text = as_text(cells[index]) if index < len(cells) else ""
    return plain(text) if len(text) <= _LONGEST_WORD else text


_LONGEST_WORD = 16
_SIGNED = re.compile(r"[-−–△▲(]\s*[\d¥$€£.]|\d\s*-\s*$|\d\s*(?:cr|dr)\s*$", re.I)


def _unsigned(body: Sequence[Sequence[Cell]], amount: int) -> bool:
    return not any(_SIGNED.search(as_text(cells[amount])) for cells in body if amount < len(cells))


def unknown_direction(word: str, line: int) -> Refused:
    return Refused(
        "unknown-direction",
        Sentence(
            en=f"This word does not say debit or credit: {word}", ja=f"入金か出金か分かりません：{word}"
        ),
        line=line,
    )


def _by_profile(rows: Sequence[GridRow], profile: CsvProfile) -> Columns:
    """What the caller names, and for the rest what the headings or the days themselves tell."""
    found = _headings_beside(rows, profile)
    headings = found.headings if found else ()
    named = any(isinstance(column, str) and column for column in _profile_columns(profile))
    body = found.body if found and (named or profile.skip is None) else _first_after(rows, profile.skip or 0)
    given: dict[str, int] = {}
    for role, column in zip(_PROFILE_ROLES, _profile_columns(profile), strict=True):
        if column is not None and column != "":
            given[role] = _column_index(column, headings)
    base = found or Columns(body=body, date=-1)
    if given.keys() & {"amount", "incoming", "outgoing"}:
        base = replace(base, amount=None, incoming=None, outgoing=None)
    if "date" not in given and base.date < 0:
        given["date"] = _day_column(rows[body:])
    text = (given.pop("text"),) if "text" in given else tuple(i for i in base.text if i not in given.values())
    return _with_direction(rows, replace(base, body=body, text=text, **given))  # type: ignore[arg-type]


def _headings_beside(rows: Sequence[GridRow], profile: CsvProfile) -> Columns | None:
    """The heading line that holds every heading the caller names; with numbers only, the one that can be told."""
    if profile.header is False:
        return None
    wanted = {plain(column) for column in _profile_columns(profile) if isinstance(column, str) and column}
    if not wanted:
        return _best_heading(rows, replace(profile, skip=None))
    at = _heading_row(rows, profile, wanted)
    headings = tuple(as_text(cell) for cell in rows[at][1])
    return _roles(headings, at + 1) or Columns(body=at + 1, date=-1, headings=headings)


def _day_column(rows: Sequence[GridRow]) -> int:
    """The first column that holds nothing but days. Raises Refused when none does."""
    sample = [cells for _, cells in rows if any(cell != "" for cell in cells)]
    for index in range(max((len(cells) for cells in sample), default=0)):
        values = [as_text(cells[index]).strip() if index < len(cells) else "" for cells in sample]
        read = date_notation(values).read
        if sum(read(value) is not None for value in values if value) * 10 >= len(values) * 9 > 0:
            return index
    raise unknown_columns(rows, "date")


_PROFILE_ROLES = (
    "date", "value_date", "amount", "incoming", "outgoing", "direction", "balance", "text", "counterparty", "reference", "currency",
)  # fmt: skip


def _profile_columns(profile: CsvProfile) -> tuple[Column, ...]:
    return (
        profile.date, profile.value_date, profile.amount, profile.incoming, profile.outgoing, profile.direction,
        profile.balance, profile.text, profile.counterparty, profile.reference, profile.currency_column,
    )  # fmt: skip


def _heading_row(rows: Sequence[GridRow], profile: CsvProfile, wanted: set[str]) -> int:
    """The first line with all these headings below the skipped ones; else any: people also skip the heading itself."""
    fitting = [
        index
        for index, (_, cells) in enumerate(rows[:_LOOKED_AT])
        if wanted <= {plain(as_text(cell)) for cell in cells}
    ]
    below = [index for index in fitting if rows[index][0] > (profile.skip or 0)]
    if fitting:
        return below[0] if below else fitting[0]
    raise Refused(
        "unknown-columns",
        Sentence(
            en=f"No line has the headings {', '.join(str(c) for c in _profile_columns(profile) if isinstance(c, str) and c)}.",
            ja=f"見出し {'、'.join(str(c) for c in _profile_columns(profile) if isinstance(c, str) and c)} のある行がありません。",
        ),
    )


def _column_index(column: Column, headings: tuple[str, ...]) -> int:
    if isinstance(column, int):
        if column < 1:
            raise Refused(
                "unknown-columns",
                Sentence(en="Columns are counted from 1.", ja="列の番号は1から数えます。"),
            )
        return column - 1
    return [plain(heading) for heading in headings].index(plain(str(column)))


def _first_after(rows: Sequence[GridRow], skip: int) -> int:
    return next((index for index, (line, _) in enumerate(rows) if line > skip), len(rows))


def unknown_columns(rows: Sequence[GridRow], role: str) -> Refused:
    words = ", ".join(ROLES[role][1].split()[:3]), "、".join(ROLES[role][0].split()[:3])
    return Refused(
        "unknown-columns",
        Sentence(
            en=f"It cannot be told which column holds the {role} (known headings: {words[0]} …).",
            ja=f"{'日付' if role == 'date' else '金額'}の列が分かりません（見出しの例：{words[1]}）。",
        ),
        line=rows[0][0] if rows else 0,
        fix=Sentence(
            en="Name the columns: --date 1 --in 4 --out 5 (or --amount 3), by heading or by number from 1.",
            ja="列を指定してください：--date 1 --in 4 --out 5（または --amount 3）。見出しの名前か、1から数えた番号で書けます。",
        ),
    )
