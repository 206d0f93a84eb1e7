"""Which column means what, as the caller names them; what is not named, the headings or the days themselves tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bofbot.statements.columns import (
    LOOKED_AT,
    Columns,
    as_text,
    best_heading,
    roles_of,
    unknown_columns,
    with_direction,
)
from bofbot.statements.day_notation import date_notation
from bofbot.statements.headings import plain
from bofbot.statements.model import Refused
from bofbot.statements.options import Column, CsvProfile, GridRow
from bofbot.words import Sentence


def find_columns(rows: Sequence[GridRow], profile: CsvProfile | None) -> Columns | None:
    """The meaning of the columns as the caller or the headings tell it; None when they do not."""
    if profile and _names_columns(profile):
        return _by_profile(rows, profile)
    return best_heading(rows, profile) or (best_heading(rows, None) if profile and profile.skip else None)


def _names_columns(profile: CsvProfile) -> bool:
    return (
        profile.date is not None
        or profile.amount is not None
        or profile.incoming is not None
        or profile.outgoing is not None
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
    return with_direction(rows, replace(base, body=body, text=text, **given))  # type: ignore[arg-type]


def _headings_beside(rows: Sequence[GridRow], profile: CsvProfile) -> Columns | None:
    """The heading line that holds every heading the caller names; with numbers only, the one that can be told."""
    if profile.header is False:
        return None
    wanted = {plain(column) for column in _profile_columns(profile) if isinstance(column, str) and column}
    if not wanted:
        return best_heading(rows, replace(profile, skip=None))
    at = _heading_row(rows, profile, wanted)
    headings = tuple(as_text(cell) for cell in rows[at][1])
    return roles_of(headings, at + 1) or Columns(body=at + 1, date=-1, headings=headings)


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
        for index, (_, cells) in enumerate(rows[:LOOKED_AT])
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
