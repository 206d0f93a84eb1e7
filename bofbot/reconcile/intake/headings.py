"""What people call the columns of banks, cards, invoices and ledgers, in Japanese and English: heading → role."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

Role = Literal["id", "date", "amount", "in", "out", "text", "party", "kana", "ref", "currency"]

ROLES: tuple[Role, ...] = (
    "id", "date", "in", "out", "amount", "currency", "kana", "party", "text", "ref"
)  # fmt: skip
"""In the order in which columns are given away."""

_WORDS: dict[Role, str] = {
    "id": (
        "id|取引番号|請求番号|請求書番号|請求書no|インボイス番号|伝票番号|伝票no|整理番号|明細番号|入金番号|支払番号|管理番号|受付番号|取引id|請求id|"
        "transaction id|txn id|trans id|entry id|invoice no|invoice number|invoice id|invoice #|inv no|bill no|document number|document no|"
        "voucher no|voucher|receipt no|receipt|claim|claim no|claim id|doc no|invoice|no|no.|番号|num|key|取引no|請求no"
    ),
    "date": (
        "date|取引日|入金日|入金予定日|回収予定日|入金期日|支払期日|支払期限|お支払期限|支払予定日|振込期限|お振込期限|期日|期限|支払日|決済日|計上日|日付|勘定日|"
        "起算日|発生日|年月日|取扱日|取扱日付|操作日|入出金日|振込日|利用日|ご利用日|posting date|posted date|value date|transaction date|booking date|"
        "posted|posted at|due date|due|payment date|転記日|伝票日付|売上日|請求日|ご請求日|発行日|invoice date|issue date|date of issue|issued|created|buchungstag|valuta"
    ),
    "amount": (
        "amount|金額|請求額|請求金額|ご請求金額|ご請求額|税込金額|税込請求額|入金金額|取引金額|入出金|入出金額|入出金金額|合計金額|売掛金額|残高金額|未入金額|未収金額|利用金額|ご利用金額|"
        "amt|open balance|open amount|amount due|invoice amount due|balance due|outstanding|value|total|grand total|gross|gross amount|paid|合計|請求残高|差引金額|betrag"
    ),
    "in": (
        "入金額|入金金額|お預入金額|お預り金額|お預かり金額|預かり金額|預り金額|預入金額|入金|お預入れ|お預り|お預かり|預入|預入れ|受入金額|受取金額|お受取金額|"
        "credit|credits|credit amount|deposit|deposits|deposit amount|money in|paid in|貸方|貸方金額"
    ),
    "out": (
        "出金額|出金金額|お引出金額|お引出し金額|お支払金額|支払い金額|引出金額|払出金額|払戻金額|出金|お引出し|お引出|お支払|お支払い|支払金額|"
        "debit|debits|debit amount|withdrawal|withdrawals|withdrawal amount|money out|paid out|借方|借方金額"
    ),
    "text": (
        "摘要|摘要内容|内容|取引内容|お取引内容|お取り扱い内容|入出金内容|明細内容|description|transaction description|text|details|narrative|"
        "particulars|取引摘要|remarks|note|notes|振込依頼人名|振込依頼人|依頼人名|narration|message|verwendungszweck|詳細|件名|品名|memo|メモ|備考"
    ),
    "party": (
        "得意先|得意先名|得意先名称|取引先|取引先名|顧客|顧客名|請求先|請求先名|会社名|相手先|相手先名|相手方|仕入先|仕入先名|支払先|支払先名|利用店名|店名|party|customer|customer name|"
        "client|client name|contact|contact name|vendor|vendor name|supplier|supplier name|payee|payer|payer name|counterparty|merchant|name|company|お客様名|宛名|名称"
    ),
    "kana": "フリガナ|カナ|振込名義|振込名義人|口座名義|口座名義人|カナ名|名義カナ|得意先カナ|カナ名称|名義|kana|読み|ヨミ|取引先カナ|顧客カナ|お客様カナ|customer kana|name kana",
    "ref": (
        "照合番号|振込番号|参照番号|reference|ref|ref no|reference no|reference number|payment reference|remittance|edi情報|edi|顧客番号|お客様番号|得意先コード|注文番号|受注番号|"
        "発注番号|po|po number|order|order id|order no|order number|end to end id|照会番号|assignment"
    ),
    "currency": "通貨|通貨コード|currency|currency code|ccy|cur|währung",
}
WORDS: dict[Role, tuple[str, ...]] = {role: tuple(words.split("|")) for role, words in _WORDS.items()}
_RANK: dict[Role, dict[str, int]] = {
    role: {word: rank for rank, word in enumerate(words)} for role, words in WORDS.items()
}
_ENDINGS: tuple[tuple[Role, str, str], ...] = (
    ("id", r"(番号|no\.?|№|ナンバー|(?<![a-z])id| number| #)$", r"口座|電話|店|銀行|郵便|顧客|得意先|取引先|お客様|仕入先|支払先|部門|枝番|登録|行番号|account|phone|branch|bank|customer|vendor|zip|postal|line|registration|tax"),
    ("date", r"(日|日付|期限|期日| date)$", r"登録日|更新日|作成日|生年月日|birth|updated"),
    ("amount", r"(金額|額|代金|合計| amount| total)$", r"手数料|消費税|税額|税抜|値引|源泉|残高|単価|fee|tax|discount|balance|net"),
    ("kana", r"(カナ|フリガナ|ふりがな|ヨミガナ|よみがな|かな| kana)$", r"担当|支店|銀行|口座種別|住所|商品|branch|bank"),
    ("party", r"(先名|先名称|様名|社名|者名| name)$", r"担当|支店|銀行|口座|商品|部門|user|file|bank|branch|account|product"),
)  # fmt: skip
"""Role, what a heading of this role ends in, and words that speak against it."""
_UNIT = re.compile(r"\s*[(\[](円|税込|税込み|jpy|yen|usd|utc)[)\]]$")


def plain(heading: Any) -> str:
    """The heading as it is compared: NFKC, lower case, one kind of space, no bracketed unit."""
    text = unicodedata.normalize("NFKC", str(heading)).strip().lower().replace("_", " ")
    return _UNIT.sub("", re.sub(r"\s+", " ", text))


def likeness(role: Role, heading: Any) -> tuple[int, int] | None:
    """How well a heading names a role, the smaller the better: (0, rank) a known word, (1, …) it holds one, (2, 0) it
    ends like one; None: it does not."""
    text = str(heading)
    spoken = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    for said in (plain(text), spoken):
        if said in _RANK[role]:
            return 0, _RANK[role][said]
    if any(said in words for words in _RANK.values() for said in (plain(text), spoken)):
        return None
    against = next((no for known, _, no in _ENDINGS if known == role), "")
    if against and re.search(against, spoken):
        return None
    held = [len(word) for word in WORDS[role] if len(word) > 2 and _holds(spoken, word)]
    if held:
        return 1, -max(held)
    ending = next((end for known, end, _ in _ENDINGS if known == role), "")
    return (2, 0) if ending and re.search(ending, spoken) else None


def names_role(heading: Any, *roles: Role) -> bool:
    """Whether a heading is a known word of one of these roles."""
    return any((found := likeness(role, heading)) is not None and found[0] == 0 for role in roles)


def _holds(heading: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", heading) is not None
    return word in heading
