"""Record layouts of 全銀 files as data: field names and widths.

Source: 全銀協 AP-I-12 別冊「適用業務およびレコード・フォーマット」(令和元年12月), as banks and open readers of it publish it.
残高通知 (04), the wide 振込入金通知 and time deposits were found in one such reader only; its other layouts are those of
the banks, each of its records is exactly 200 characters, and what a file of type 04 states of itself is checked."""

from __future__ import annotations

from typing import Literal

RecordKind = Literal["header", "data", "wide", "time", "trailer", "end"]
"""`wide` and `time` are data records of another layout: amounts of twelve digits, and time deposits."""
KINDS: dict[str, RecordKind] = {"1": "header", "2": "data", "8": "trailer", "9": "end"}
"""データ区分, the first character of a record."""

_HEAD = "kind:1 type:2 code:1 made:6 from:6 to:6 bank:4 bank_name:15 branch:3 branch_name:15"
_PAYER = "kind:1 type:2 code:1 customer:10 owner:40 month_day:4 bank:4 bank_name:15 branch:3 branch_name:15"

_FIELDS: dict[str, dict[RecordKind, str]] = {
    "01": {  # 振込入金通知（フォーマットA、wide はB）
        "header": f"{_HEAD} deposit:1 account:7 owner:40 -:93",
        "data": "kind:1 number:6 day:6 value_day:6 amount:10 other_cheques:10 payer_code:10 payer:48 from_bank:15 "
        "from_branch:15 cancelled:1 edi:20 -:52",
        "wide": "kind:1 number:6 day:6 value_day:6 amount:10 other_cheques:10 payer_code:10 payer:48 from_bank:15 "
        "from_branch:15 cancelled:1 wide_amount:12 wide_cheques:12 edi:20 -:28",
        "trailer": "kind:1 credits:6 credit_sum:12 cancels:6 cancel_sum:12 -:163",
        "end": "kind:1 -:199",
    },
    "03": {  # 入出金取引明細（普通・当座・貯蓄、time は通知・定期・積立定期）
        "header": f"{_HEAD} -:3 deposit:1 account:10 owner:40 overdraft:1 passbook:1 balance:14 -:71",
        "data": "kind:1 number:8 day:6 value_day:6 direction:1 reason:2 amount:12 other_cheques:12 presented:6 "
        "returned:6 bill:1 bill_number:7 branch:3 payer_code:10 payer:48 from_bank:15 from_branch:15 text:20 edi:20 -:1",
        "time": "kind:1 number:8 day:6 value_day:6 direction:1 reason:2 amount:12 other_cheques:12 presented:6 "
        "returned:6 bill:1 bill_number:7 branch:3 deposited:6 rate:6 matures:6 term:7 interest:11 interim_rate:6 interim:1 "
        "days_after:4 rate_after:6 interest_after:9 interest_sum:11 tax_kind:1 tax_rate:4 tax:10 net_interest:11 text:20 "
        "term_2:5 interest_sign:1 -:4",
        "trailer": "kind:1 credits:6 credit_sum:13 debits:6 debit_sum:13 overdraft:1 balance:14 records:7 -:139",
        "end": "kind:1 total:10 accounts:5 -:184",
    },
    "04": {  # 残高通知（預金）
        "header": "kind:1 type:2 notice:1 code:1 made:6 customer:10 owner:40 bank:4 bank_name:15 branch:3 branch_name:15 -:102",
        "data": "kind:1 day:6 time:4 branch:3 -:3 deposit:1 account:10 deposits:4 owner:40 overdraft:1 balance:14 "
        "other_cheques:14 limit:14 payable_overdraft:1 payable:14 before_overdraft:1 before:14 last_movement:6 -:49",
        "trailer": "kind:1 records:7 -:192",
        "end": "kind:1 total:10 -:189",
    },
    "21": {  # 総合振込・給与振込・賞与振込
        "header": f"{_PAYER} deposit:1 account:7 -:17",
        "data": "kind:1 to_bank:4 to_bank_name:15 to_branch:3 to_branch_name:15 clearing:4 deposit:1 to_account:7 "
        "payee:30 amount:10 new:1 customer_1:10 customer_2:10 how:1 mark:1 -:7",
        "trailer": "kind:1 count:6 sum:12 -:101",
        "end": "kind:1 -:119",
    },
    "91": {  # 預金口座振替（依頼と結果）
        "header": f"{_PAYER} deposit:1 account:7 -:17",
        "data": "kind:1 to_bank:4 to_bank_name:15 to_branch:3 to_branch_name:15 -:4 deposit:1 to_account:7 "
        "payee:30 amount:10 new:1 customer:20 result:1 -:8",
        "trailer": "kind:1 count:6 sum:12 paid:6 paid_sum:12 unpaid:6 unpaid_sum:12 -:65",
        "end": "kind:1 -:119",
    },
}
LENGTH = {"01": 200, "03": 200, "04": 200, "21": 120, "91": 120}
"""Characters of a record by layout."""

SAME_AS = {"11": "21", "12": "21", "71": "21", "72": "21"}
"""Business types that share a layout: salaries and bonuses are laid out like 総合振込."""

OTHER_TYPES = {
    "02": "取立入金通知", "09": "外貨預金入出金取引明細", "41": "株式配当金振込",
    "93": "預金口座振替変更通知", "98": "振込口座照会依頼", "99": "振込口座照会結果",
}  # fmt: skip
"""Types that are known by name and refused: they state no movements, or their layout is not public enough to prove."""

NAMES = {
    "01": "振込入金通知",
    "03": "入出金取引明細",
    "04": "残高通知",
    "21": "総合振込",
    "11": "給与振込",
    "12": "賞与振込",
    "71": "給与振込",
    "72": "賞与振込",
    "91": "預金口座振替",
}

Slices = dict[str, slice]


def slices(layout: str, record: RecordKind) -> Slices:
    """Field name → slice of the record."""
    found: Slices = {}
    at = 0
    for field in _FIELDS[layout][record].split():
        name, _, width = field.partition(":")
        found[name] = slice(at, at + int(width))
        at += int(width)
    assert at == LENGTH[layout], (layout, record, at)
    found.pop("-", None)
    return found


SLICES: dict[str, dict[RecordKind, Slices]] = {
    layout: {record: slices(layout, record) for record in records} for layout, records in _FIELDS.items()
}

TRANSACTIONS = {
    "10": "現金", "11": "振込", "12": "他店券入金", "13": "交換", "14": "振替", "15": "継続", "18": "その他", "19": "訂正",
}  # fmt: skip
"""取引区分."""

TIME_DEPOSITS = frozenset("567")
"""預金種目 whose movements are laid out as `time`: 通知預金, 定期預金, 積立定期預金."""
