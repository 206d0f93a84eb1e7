"""The expense claims of the practice month: twenty rows as a clerk would type them, one above the budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REFUSED = "K-0107"
"""The one claim that the portal refuses, by its budget."""


@dataclass(frozen=True, slots=True)
class Expense:
    """One claim. The employee number keeps its leading zeros; the amount is in yen."""

    number: str
    day: date
    employee: str
    subject: str
    payee: str
    note: str
    amount: int


_ROWS: tuple[tuple[int, str, str, str, str, int], ...] = (
    (1, "000123", "旅費交通費", "東都鉄道", "大宮支店 往復", 1_980),
    (2, "000123", "会議費", "喫茶みどり", "取引先打合せ 4名", 3_240),
    (2, "000417", "消耗品費", "文具のさくら", "コピー用紙 A4 5箱", 12_650),
    (5, "000208", "通信費", "あおぞら通信", "携帯電話 9月分", 8_756),
    (6, "000123", "旅費交通費", "中央タクシー", "深夜帰宅", 6_420),
    (7, "001002", "新聞図書費", "丸山書店", "『経理実務の手引き』", 3_300),
    (8, "000417", "交際費", "割烹 花むら", "創立記念会食 8名", 68_000),
    (9, "000208", "旅費交通費", "みなと航空", "福岡出張 往復", 43_180),
    (9, "000208", "旅費交通費", "ホテル博多", "福岡出張 宿泊1泊", 11_800),
    (13, "000033", "消耗品費", "電器のヤマト", "USBメモリ 32GB 10個", 15_400),
    (14, "000033", "支払手数料", "練習銀行", "振込手数料 9月分", 2_640),
    (15, "001002", "会議費", "仕出し田中", "四半期会議 弁当12個", 14_256),
    (16, "000123", "旅費交通費", "東都鉄道", "横浜 顧客訪問", 1_144),
    (19, "000417", "交際費", "和菓子 松風", "お歳暮見本", 5_400),
    (20, "000208", "通信費", "はと郵便局", "郵便切手 84円 100枚", 8_400),
    (21, "000033", "新聞図書費", "日刊商報社", "購読料 10月分", 4_900),
    (22, "001002", "消耗品費", "文具のさくら", "ファイル・付箋", 7_832),
    (26, "000123", "旅費交通費", "つばめバス", "展示会 往復", 1_560),
    (27, "000417", "会議費", "貸会議室Ｎｅｘｔ", "採用説明会 会場費", 33_000),
    (30, "000208", "旅費交通費", "東都鉄道", "仙台出張 往復", 21_620),
)

EXPENSES = tuple(
    Expense(f"K-{101 + place:04d}", date(2026, 10, day), employee, subject, payee, note, amount)
    for place, (day, employee, subject, payee, note, amount) in enumerate(_ROWS)
)
