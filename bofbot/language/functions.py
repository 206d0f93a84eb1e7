"""The functions of expressions: one table with signature, meaning and limits; what they need of the run comes in `Names`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bofbot.computed import CLOCK, HOLIDAYS
from bofbot.language import calendar_functions as days
from bofbot.language import list_functions as lists
from bofbot.language import text_functions as texts
from bofbot.language.arguments import BadCall as BadCall
from bofbot.language.arguments import as_number as as_number
from bofbot.language.arguments import kind_word as kind_word
from bofbot.language.arguments import within_bounds as within_bounds
from bofbot.words import Sentence

CONSTANTS: dict[str, Any] = {"true": True, "false": False, "none": None}


class Names:
    """What functions may ask of the run."""

    __slots__ = ("_names",)

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def now(self) -> datetime:
        clock = self._names.get(CLOCK)
        return clock() if clock else datetime.now().astimezone()

    def company_holidays(self) -> Collection[date]:
        holidays: Collection[date] = self._names.get(HOLIDAYS) or ()
        return holidays


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how it is written, what it means, what kind of value it gives."""

    signature: str
    meaning: Sentence
    gives: str
    """text, number, date, bool, list, rows, record or any."""
    call: Callable[..., Any]

    name: str = field(init=False)
    least: int = field(init=False)
    """Arguments that must be given; `most` may be."""
    most: int = field(init=False)

    def __post_init__(self) -> None:
        name, _, inner = self.signature.partition("(")
        arguments = [one.strip() for one in inner.removesuffix(")").split(",") if one.strip()]
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "least", sum(1 for one in arguments if "=" not in one and "…" not in one))
        object.__setattr__(self, "most", 20 if "…" in inner else len(arguments))


def _f(signature: str, gives: str, call: Callable[..., Any], en: str, ja: str) -> Function:
    return Function(signature, Sentence(en=en, ja=ja), gives, call)


_TABLE = (
    # numbers and lists
    _f("sum(rows, column=)", "number", lists.total, 'the sum of a column, or of a list of numbers; blanks count 0: sum(rows, "金額")', '列の合計、または数の一覧の合計。空欄は0：sum(rows, "金額")'),
    _f("len(value)", "number", lists.length, "how many rows, items or characters", "件数、または文字数"),
    _f("min(values, column=, …)", "any", lists.least, "the smallest of a column, a list, or the values given", "列・一覧・並べた値のうち最小のもの"),
    _f("max(values, column=, …)", "any", lists.greatest, "the greatest of a column, a list, or the values given", "列・一覧・並べた値のうち最大のもの"),
    _f("round(number, digits=)", "number", lists.rounded, "rounded half away from zero (四捨五入); digits may be negative", "四捨五入。桁は負でもよい"),
    _f("round_down(number, digits=)", "number", lists.rounded_down, "cut off towards zero (切り捨て)", "切り捨て"),
    _f("round_up(number, digits=)", "number", lists.rounded_up, "up, away from zero (切り上げ)", "切り上げ"),
    _f("abs(number)", "number", lists.absolute, "without its sign", "絶対値"),
    _f("column(rows, column)", "list", lists.column, 'the values of one column as a list: column(rows, "金額")', '一つの列の値の一覧：column(rows, "金額")'),
    _f("where(rows, column, value)", "rows", lists.where, 'the rows whose column has this value: where(rows, "科目", "交通費")', '列がその値の行：where(rows, "科目", "交通費")'),
    _f("keys(record)", "list", lists.keys, "the names of a record's fields", "項目名の一覧"),
    _f("record(names, values, …)", "record", lists.record, 'a record whose names are computed: record(label, value, label, value), or record(labels, values) with two lists', '名前を計算で決めるレコード：record(名前, 値, 名前, 値)、または一覧二つで record(名前の一覧, 値の一覧)'),
    _f("first(list)", "any", lists.first, "the first of a list; none when it is empty", "先頭の一つ。空なら none"),
    _f("last(list)", "any", lists.last, "the last of a list; none when it is empty", "末尾の一つ。空なら none"),
    _f("default(value, other)", "any", lists.default, "the value, or the other one when it is empty", "値。空のときは二つ目の値"),
    _f("is_empty(value)", "bool", lists.is_empty, "whether there is nothing: none, blank text, an empty list", "空かどうか（none、空白だけの文字、空の一覧）"),
    # texts
    _f("text(value)", "text", texts.text, "the value as it is typed into a form", "フォームに入力するときの文字"),
    _f("number(value)", "number", texts.number, "the number that a text means: ¥1,234, ▲1,234, １２", "文字が表す数：¥1,234、▲1,234、１２"),
    _f("format(value, pattern)", "text", texts.format_value, 'format(1234.5, ",.2") → 1,234.50; format(date, "%Y/%m/%d"); format(7, "03") → 007', 'format(1234.5, ",.2") → 1,234.50、format(date, "%Y/%m/%d")、format(7, "03") → 007'),
    _f("upper(text)", "text", texts.upper, "in capitals", "大文字にする"),
    _f("lower(text)", "text", texts.lower, "in small letters", "小文字にする"),
    _f("nfkc(text)", "text", texts.normal, "full-width letters and digits made plain, ｶﾅ made カナ", "全角英数字を半角に、半角カナを全角にする"),
    _f("trim(text)", "text", texts.trim, "without spaces at both ends", "前後の空白を除く"),
    _f("replace(text, old, new)", "text", texts.replace, "every `old` replaced by `new`", "old をすべて new に置き換える"),
    _f("contains(text, part)", "bool", texts.contains, "whether the part is in the text", "文字を含むかどうか"),
    _f("starts_with(text, part)", "bool", texts.starts_with, "whether the text begins so", "その文字で始まるかどうか"),
    _f("ends_with(text, part)", "bool", texts.ends_with, "whether the text ends so", "その文字で終わるかどうか"),
    _f("left(text, count)", "text", texts.left, "the first characters", "左から count 文字"),
    _f("right(text, count)", "text", texts.right, "the last characters", "右から count 文字"),
    _f("pad(value, width)", "text", texts.pad, "zeros put before it: pad(7, 3) → 007", "左を0で埋める：pad(7, 3) → 007"),
    _f("split(text, separator)", "list", texts.split, "cut into a list", "区切って一覧にする"),
    _f("join(list, separator=)", "text", texts.join, 'one text: join(column(rows, "科目"), "、")', '一つの文字につなぐ：join(column(rows, "科目"), "、")'),
    # dates
    _f("today()", "date", days.today, "the day of the run", "実行日"),
    _f("now()", "date", days.now, "date and time of the run", "実行日時"),
    _f("date(value, month=, day=)", "date", days.to_date, "the date a text means, or date(2026, 11, 22)", "文字が表す日付、または date(2026, 11, 22)"),
    _f("month(value)", "date", days.to_month, "the month a text means or a day lies in; shows as 2026-10", "文字が表す年月、または日付の年月。2026-10 と表示"),
    _f("year(date)", "number", days.year, "the year of a date", "日付の年"),
    _f("day(date)", "number", days.day, "the day of the month", "日付の日"),
    _f("weekday(date)", "text", days.weekday, "月 火 水 木 金 土 日", "曜日（月〜日）"),
    _f("add_days(date, days)", "date", days.add_days, "so many days later (earlier when negative)", "日数を足す（負なら引く）"),
    _f("add_months(date, months)", "date", days.add_months, "so many months later; the 31st becomes the last day", "月数を足す。31日は月末になる"),
    _f("month_start(date)", "date", days.month_start, "the first day of its month", "月初の日"),
    _f("month_end(date)", "date", days.month_end, "the last day of its month", "月末の日"),
    _f("business_day(date, n=)", "date", days.business_day, "the n-th business day after (before: negative); 0: that day or the next business day", "n 営業日後（負なら前）。0 はその日か次の営業日"),
    _f("is_business_day(date)", "bool", days.is_business_day, "no weekend, no public holiday of Japan, no company holiday", "営業日かどうか（土日・祝日・会社休日を除く）"),
    _f("era(date)", "text", days.era, "令和8年11月22日", "和暦の日付（令和8年11月22日）"),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
"""Every function by its name."""
