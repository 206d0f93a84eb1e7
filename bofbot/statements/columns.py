"""Where the heading line of a table is, and which column means what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bofbot.statements.headings import CREDIT_WORDS, DEBIT_WORDS, ROLES, plain, rank
from bofbot.statements.model import Refused
from bofbot.statements.options import Cell, CsvProfile, GridRow
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
    "status",
    "fee",
    "text",
]
LOOKED_AT = 200
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
    status: int | None = None
    fee: int | None = None
    bare_total: bool = False
    """A line that holds nothing but an amount is the total."""
    text: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()


def as_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)


def best_heading(rows: Sequence[GridRow], profile: CsvProfile | None) -> Columns | None:
    """The heading line that names most roles, below the lines a profile skips. Raises Refused for what it leaves open."""
    start = (profile.skip or 0) if profile else 0
    best: tuple[int, Columns] | None = None
    for index, (line, cells) in enumerate(rows[:LOOKED_AT]):
        if line <= start:
            continue
        if best is not None and index > best[1].body + _NEAR:
            break
        columns = roles_of(tuple(as_text(cell) for cell in cells), index + 1)
        if columns and (best is None or _roles_known(columns) > best[0]):
            best = (_roles_known(columns), columns)
    if best is None:
        return None
    _refuse_twins(rows, best[1])
    return with_direction(rows, best[1])


def _refuse_twins(rows: Sequence[GridRow], columns: Columns) -> None:
    """Two columns of one name and different amounts: which is meant is not guessed."""
    headings = [plain(heading) for heading in columns.headings]
    for index in (columns.amount, columns.incoming, columns.outgoing, columns.balance):
        if index is None or headings.count(headings[index]) == 1:
            continue
        twins = [at for at, heading in enumerate(headings) if heading == headings[index]]
        for line, cells in rows[columns.body : columns.body + LOOKED_AT]:
            if len({cells[at] for at in twins if at < len(cells)} - {""}) > 1:
                raise Refused(
                    "unknown-columns",
                    Sentence(
                        en=f"Two columns are called “{columns.headings[index]}” and differ.",
                        ja=f"「{columns.headings[index]}」という列が2つあり、内容が違います。",
                    ),
                    line=line,
                )


def heading_roles(texts: tuple[str, ...]) -> bool:
    """Whether a line of texts is a heading line: it names a day and money."""
    return roles_of(texts, 1) is not None


def _roles_known(columns: Columns) -> int:
    return sum(getattr(columns, role) not in (None, ()) for role in _ORDER)


def roles_of(headings: tuple[str, ...], body: int) -> Columns | None:
    """What each heading of a line means; None when it names no day or no money."""
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
    if "fee" in by_role and (net := _net_column(headings)) is not None:
        by_role["amount"] = net
        del by_role["fee"]
    text = tuple(sorted(index for index, role in taken.items() if role == "text"))
    return Columns(body=body, headings=headings, text=text, **by_role)  # type: ignore[arg-type]  # roles are numbers of columns


def _net_column(headings: tuple[str, ...]) -> int | None:
    """Beside a column of fees: what was moved less the fee."""
    return next((at for at, heading in enumerate(headings) if plain(heading) in ("net", "netamount")), None)


def with_direction(rows: Sequence[GridRow], columns: Columns) -> Columns:
    """The column that says debit or credit beside unsigned amounts: one that holds such words and nothing else.

    Raises Refused `unknown-direction` when a column says it on some lines only: the others' signs would be guessed."""
    index = columns.direction
    if index is not None:
        columns = replace(columns, direction=None, text=tuple(sorted((*columns.text, index))))
    if columns.amount is None:
        return columns
    body = [
        cells
        for _, cells in rows[columns.body :][:LOOKED_AT]
        if tuple(as_text(cell) for cell in cells) != columns.headings
    ]
    for candidate in _unused(columns, max(map(len, body), default=0), index):
        words = [_word(cells, candidate) for cells in body]
        told = [word in CREDIT_WORDS or word in DEBIT_WORDS for word in words if word]
        if told and all(told) and (candidate == index or not DEBIT_WORDS.isdisjoint(words)):
            text = tuple(one for one in columns.text if one != candidate)
            return replace(columns, direction=candidate, text=text)
        if (
            sum(told) * 2 >= len(told) > 0
            and unsigned(body, columns.amount)
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


def unsigned(body: Sequence[Sequence[Cell]], amount: int) -> bool:
    """Whether no amount of the column carries a sign."""
    return not any(_SIGNED.search(as_text(cells[amount])) for cells in body if amount < len(cells))


def unknown_direction(word: str, line: int) -> Refused:
    return Refused(
        "unknown-direction",
        Sentence(
            en=f"This word does not say debit or credit: {word}", ja=f"入金か出金か分かりません：{word}"
        ),
        line=line,
    )


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
