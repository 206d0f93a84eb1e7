"""Which column of a table is the id, the date, the amount …: recognised in Japanese and English, by heading and by content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.words import Sentence

Role = Literal["id", "date", "amount", "in", "out", "text", "party", "kana", "ref", "currency"]

_HEADINGS: dict[Role, str] = {
    "id": (
        "id|取引番号|請求番号|伝票番号|整理番号|明細番号|入金番号|管理番号|取引id|請求id|transaction id|txn id|trans id|"
        "entry id|invoice no|invoice number|invoice id|invoice|no|no.|番号|document no|key|取引no|請求no|伝票no"
    ),
    "date": (
        "date|取引日|入金日|入金予定日|計上日|日付|勘定日|起算日|支払期日|期日|支払日|請求日|発生日|年月日|取扱日|posting date|"
        "value date|transaction date|booking date|posted|due date|due|invoice date|payment date|value_date|booking_date|転記日|伝票日付"
    ),
    "amount": (
        "amount|金額|請求額|請求金額|税込金額|入金金額|取引金額|合計金額|売掛金額|残高金額|未入金額|未収金額|amt|value|total|"
        "open amount|amount due|gross|gross amount|paid|税込請求額|合計|請求残高|差引金額"
    ),
    "in": "入金額|お預入金額|お預り金額|預入金額|入金|お預入れ|お預り|預入|受入金額|credit|credits|deposit|deposits|money in|paid in|貸方|貸方金額|受取金額",
    "out": "出金額|お引出金額|お支払金額|引出金額|出金|お引出し|お引出|お支払|支払金額|debit|debits|withdrawal|withdrawals|money out|paid out|借方|借方金額",
    "text": "摘要|memo|内容|取引内容|お取引内容|備考|description|text|details|narrative|particulars|取引摘要|摘要内容|remarks|note|振込依頼人名|振込依頼人|依頼人名|narration|message",
    "party": "得意先|得意先名|取引先|取引先名|顧客|顧客名|請求先|請求先名|会社名|相手先|相手先名|仕入先|仕入先名|支払先|party|customer|customer name|vendor|payee|payer|counterparty|name|company|お客様名|名称",
    "kana": "フリガナ|カナ|振込名義|振込名義人|口座名義|口座名義人|カナ名|名義カナ|得意先カナ|カナ名称|名義|kana|読み|ヨミ|取引先カナ|顧客カナ|お客様カナ",
    "ref": "照合番号|振込番号|参照番号|reference|ref|ref no|reference no|payment reference|remittance|edi情報|edi|顧客番号|得意先コード|注文番号|po|order no|end to end id|照会番号",
    "currency": "通貨|通貨コード|currency|ccy|cur",
}
_ROLE_OF = {heading: role for role, headings in _HEADINGS.items() for heading in headings.split("|")}
_RANK = {heading: rank for headings in _HEADINGS.values() for rank, heading in enumerate(headings.split("|"))}
_NEEDS: dict[Role, str] = {"date": "date", "amount": "number", "in": "number", "out": "number"}
_DATE = re.compile(
    r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|[MTSHR明大昭平令]\D{0,2}\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{8})(?:[ T].*)?"
)
_NUMBER = re.compile(r"[-+▲△(]?[¥$€£\\]?[-▲△]?[\d,]*\d(?:\.\d+)?\)?円?")
_KANA = re.compile(r"[\u30a1-\u30ff()\-. ０-９A-Z0-9]+")


def plain(heading: Any) -> str:
    """The heading as it is compared: NFKC, lower case, one kind of space, no bracketed unit."""
    text = unicodedata.normalize("NFKC", str(heading)).strip().lower().replace("_", " ")
    return re.sub(r"\s*[(\[](円|税込|jpy|yen|usd)[)\]]$", "", re.sub(r"\s+", " ", text))


class Columns(Protocol):
    """Cells by column."""

    def __getitem__(self, column: str) -> Sequence[Any]: ...


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
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further names a rule may use in `match` → column."""


_FIELDS: dict[str, str] = {
    "in": "money_in",
    "out": "money_out",
    "money_in": "money_in",
    "money_out": "money_out",
}
_SINGLE = ("id", "date", "amount", "money_in", "money_out", "text", "party", "kana", "currency")


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
    listed = "、".join(str(column) for column in columns[:20])
    raise BusinessError(
        Sentence(en=f"{name}: there is no column “{wanted}”", ja=f"{name}：列「{wanted}」がありません"),
        fix=Sentence(en=f"its columns are: {listed}", ja=f"この表の列：{listed}"),
        sighting=Sighting(looked_for=wanted, cell=source),
    )


def recognise(name: str, columns: Sequence[str], values: Columns) -> tuple[Layout, list[Sentence]]:
    """The layout of a table nobody described, and what was assumed.

    Raises BusinessError when no amount can be recognised, naming the columns there are."""
    looks = {column: _look(values[column]) for column in columns}
    chosen: dict[Role, str] = {}
    for role in ("id", "date", "in", "out", "amount", "currency", "kana", "party", "text", "ref"):
        column = _best(role, columns, looks, set(chosen.values()))
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
        named = [column for column in columns if _ROLE_OF.get(plain(column)) in ("amount", "in", "out")]
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
    layout = Layout(
        **single,  # type: ignore[arg-type]
        refs=(chosen["ref"],) if "ref" in chosen else (),
    )
    said = "、".join(f"{role}={column}" for role, column in chosen.items())
    return layout, [
        Sentence(en=f"{name}: columns read as {said}", ja=f"{name}：列を次のように読みました　{said}")
    ]


def _best(role: Role, columns: Sequence[str], looks: Mapping[str, str], taken: set[str]) -> str:
    """The column whose heading is (or else holds) a word of this role and whose values fit it."""
    found: list[tuple[int, int, int, str]] = []
    for position, column in enumerate(columns):
        heading = plain(column)
        if column in taken or (role in _NEEDS and looks[column] not in (_NEEDS[role], "empty")):
            continue
        if _ROLE_OF.get(heading) == role:
            found.append((0, _RANK[heading], position, column))
            continue
        held = [word for word in _HEADINGS[role].split("|") if len(word) > 2 and word in heading]
        if held and heading not in _ROLE_OF:
            found.append((1, -max(map(len, held)), position, column))
    return min(found)[3] if found else ""


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
    if _DATE.fullmatch(text) and not (text.isdigit() and not "1900" <= text[:4] <= "2100"):
        return "date"
    if _NUMBER.fullmatch(text):
        return "number"
    return "kana" if _KANA.fullmatch(text) else "text"
