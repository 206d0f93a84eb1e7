"""Which column of a table is the id, the date, the amount …: recognised in Japanese and English, by heading and by content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.reconcile.intake.headings import ROLES, Role, likeness, names_role, plain
from bofbot.reconcile.intake.signs import Columns, mark_column
from bofbot.reconcile.intake.writings import COMMA_AMOUNT, SHORT_DATE
from bofbot.words import Sentence

_NEEDS: dict[Role, str] = {"date": "date", "amount": "number", "in": "number", "out": "number"}
_DATE = re.compile(
    r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|[MTSHR明大昭平令]\D{0,2}\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{8})(?:[ T].*)?"
)
_NUMBER = re.compile(r"[-+▲△(]?[¥$€£\\]?[-▲△]?[\d,]*\d(?:\.\d+)?\)?円?")
_CODE = re.compile(r"(?=\S*\d)#?[A-Za-z0-9][-A-Za-z0-9_/.#]{0,39}")
_KANA = re.compile(r"[\u30a1-\u30ff()\-. ０-９A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column plays which role. `refs` may be several columns; the amount is one column or `money_in` − `money_out`."""

    id: str = ""
    date: str = ""
    amount: str = ""
    money_in: str = ""
    money_out: str = ""
    text: str = ""
    party: str = ""
    kana: str = ""
    refs: tuple[str, ...] = ()
    currency: str = ""
    mark: str = ""
    """A column that says which way money went: DR/CR, 借/貸, 返品."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further names a rule may use in `match` → column."""


_FIELDS: dict[str, str] = {
    "in": "money_in",
    "out": "money_out",
    "money_in": "money_in",
    "money_out": "money_out",
}
_SINGLE = ("id", "date", "amount", "money_in", "money_out", "text", "party", "kana", "currency", "mark")


def layout_of(name: str, columns: Sequence[str], given: Mapping[str, Any], source: Cell) -> Layout:
    """The layout a robot spells out. Raises BusinessError for a column the table lacks or has twice."""
    known: dict[str, list[str]] = {}
    for column in columns:
        known.setdefault(plain(column), []).append(column)
    single: dict[str, str] = {}
    refs: list[str] = []
    extra: dict[str, str] = {}
    for role, wanted in given.items():
        names = wanted if isinstance(wanted, list | tuple) else [wanted]
        found = [_column(name, str(one), known, columns, source) for one in names]
        if role in ("ref", "refs", "reference"):
            refs += found
        elif _FIELDS.get(role, role) in _SINGLE:
            single[_FIELDS.get(role, role)] = found[0]
        else:
            extra[role] = found[0]
    return Layout(refs=tuple(refs), extra=extra, **single)


def _column(
    name: str, wanted: str, known: Mapping[str, list[str]], columns: Sequence[str], source: Cell
) -> str:
    hits = known.get(plain(wanted), [])
    if wanted in columns and sum(column == wanted for column in columns) == 1:
        return wanted
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise BusinessError(
            Sentence(
                en=f"{name}: the column “{wanted}” stands in the table {len(hits)} times",
                ja=f"{name}：列「{wanted}」が表に {len(hits)} 個あります",
            ),
            fix=Sentence(
                en="give each column a heading of its own", ja="見出しが重ならないようにしてください"
            ),
            sighting=Sighting(looked_for=wanted, cell=source),
        )
    listed = [str(column) for column in columns[:20]]
    raise BusinessError(
        Sentence(en=f"{name}: there is no column “{wanted}”", ja=f"{name}：列「{wanted}」がありません"),
        fix=Sentence(en=f"its columns are: {', '.join(listed)}", ja=f"この表の列：{'、'.join(listed)}"),
        sighting=Sighting(looked_for=wanted, cell=source),
    )


def recognise(name: str, columns: Sequence[str], values: Columns) -> tuple[Layout, list[Sentence]]:
    """The layout of a table nobody described, and what was assumed.

    Raises BusinessError when no amount can be recognised, naming the columns there are."""
    looks = {column: _look(values[column]) for column in columns}
    chosen: dict[Role, str] = {}
    for role in ROLES:
        column = _best(role, columns, looks, values, set(chosen.values()))
        if column:
            chosen[role] = column
    if "amount" in chosen:
        if "in" in chosen and "out" in chosen and _both_sides(values[chosen["in"]], values[chosen["out"]]):
            del chosen["amount"]
        else:
            chosen.pop("in", None)
            chosen.pop("out", None)
    _by_content(columns, looks, values, chosen)
    if not {"amount", "in", "out"} & chosen.keys():
        named = [column for column in columns if names_role(column, "amount", "in", "out")]
        chosen.update(dict.fromkeys(("amount",), named[0]) if named else {})
    if not {"amount", "in", "out"} & chosen.keys():
        raise BusinessError(
            Sentence(en=f"{name}: no column looks like an amount", ja=f"{name}：金額の列が見つかりません"),
            fix=Sentence(
                en=f"name it: columns: {{amount: …}}; its columns are {', '.join(columns[:20])}",
                ja=f"columns: {{amount: …}} で指定してください。この表の列：{'、'.join(columns[:20])}",
            ),
        )
    single = {_FIELDS.get(role, role): column for role, column in chosen.items() if role != "ref"}
    if "id" not in single and (number := _numbering(columns, looks, values, chosen)):
        single["id"] = number
    if "amount" in single and (mark := mark_column(columns, values, set(chosen.values()))):
        single["mark"] = mark
    layout = Layout(
        **single,  # type: ignore[arg-type]
        refs=(chosen["ref"],) if "ref" in chosen else (),
    )
    read = [f"{role}={column}" for role, column in (*chosen.items(), ("mark", layout.mark)) if column]
    return layout, [
        Sentence(
            en=f"{name}: columns read as {', '.join(read)}",
            ja=f"{name}：列を次のように読みました　{'、'.join(read)}",
        )
    ]


def _best(
    role: Role, columns: Sequence[str], looks: Mapping[str, str], values: Columns, taken: set[str]
) -> str:
    """The column whose heading names this role best and whose values fit it."""
    found: list[tuple[tuple[int, int], int, str]] = []
    for position, column in enumerate(columns):
        if column in taken or (role in _NEEDS and looks[column] not in (_NEEDS[role], "empty")):
            continue
        like = likeness(role, column)
        if like is not None and not (role == "id" and like[0] and _repeats(values[column])):
            found.append((like, position, column))
    if role == "text" and found:
        return _most_telling([column for _, _, column in sorted(found)], values)
    return min(found)[2] if found else ""


def _most_telling(columns: Sequence[str], values: Columns) -> str:
    """The first of these columns, unless another one tells rows apart much better (摘要 says 振込, 摘要内容 says who)."""
    first = columns[0]
    best = max(columns, key=lambda column: _told(values[column]))
    return best if _told(values[best]) > 2 * _told(values[first]) else first


def _told(column: Sequence[Any]) -> int:
    return len({str(value).strip() for value in column[:500] if value is not None} - {""})


def _repeats(column: Sequence[Any]) -> bool:
    """Whether a column names too few rows, or several by one value, to be the number of a row."""
    sample = [str(value).strip() if value is not None else "" for value in column[:500]]
    return len(set(sample) - {""}) * 10 < len(sample) * 9


def _numbering(
    columns: Sequence[str], looks: Mapping[str, str], values: Columns, chosen: Mapping[Role, str]
) -> str:
    """The column that numbers the rows though its heading does not say so: codes, each row its own; a reference may be one."""
    taken = {column for role, column in chosen.items() if role != "ref"}
    for column in columns:
        if column in taken or looks[column] not in ("text", "kana", "number"):
            continue
        if looks[column] == "number" and column != chosen.get("ref"):
            continue
        cells = [str(value).strip() if value is not None else "" for value in values[column]]
        if all(_CODE.fullmatch(cell) for cell in cells) and len(set(cells)) == len(cells) > 1:
            return column
    return ""


def _by_content(
    columns: Sequence[str],
    looks: Mapping[str, str],
    values: Columns,
    chosen: dict[Role, str],
) -> None:
    free = [column for column in columns if column not in chosen.values()]
    if "date" not in chosen:
        for column in free:
            if looks[column] == "date":
                chosen["date"] = column
                break
    if not {"amount", "in", "out"} & chosen.keys():
        numbers = [column for column in free if looks[column] == "number" and column != chosen.get("date")]
        if numbers:
            chosen["amount"] = max(
                numbers, key=lambda column: (_spread(values[column]), -columns.index(column))
            )
    if not {"text", "party", "kana"} & chosen.keys():
        texts = [
            column for column in free if looks[column] in ("text", "kana") and column not in chosen.values()
        ]
        if texts:
            chosen["text"] = max(
                texts, key=lambda column: (len(set(values[column][:500])), -columns.index(column))
            )


def _spread(column: Sequence[Any]) -> int:
    return len(set(column[:500]))


def _both_sides(money_in: Sequence[Any], money_out: Sequence[Any]) -> bool:
    return any(str(v or "").strip() for v in money_in[:500]) and any(
        str(v or "").strip() for v in money_out[:500]
    )


def _look(column: Sequence[Any]) -> str:
    """What most of the first 300 filled values are: date, number, kana, text or empty."""
    filled = [value for value in column[:300] if value is not None and str(value).strip()]
    if not filled:
        return "empty"
    counts = {"date": 0, "number": 0, "kana": 0, "text": 0}
    for value in filled:
        counts[_kind(value)] += 1
    kind = max(counts, key=lambda name: counts[name])
    return kind if counts[kind] >= 0.8 * len(filled) else "text"


def _kind(value: Any) -> str:
    if isinstance(value, date):
        return "date"
    if isinstance(value, int | float | Decimal):
        return "number"
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if SHORT_DATE.fullmatch(text) and text.count(".") != 1:
        return "date"
    if _DATE.fullmatch(text) and not (text.isdigit() and not "1900" <= text[:4] <= "2100"):
        return "date"
    if _NUMBER.fullmatch(text) or COMMA_AMOUNT.fullmatch(text):
        return "number"
    return "kana" if _KANA.fullmatch(text) else "text"
