"""The words banks put over their columns, as data: which role does a heading mean."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ROLES: dict[str, tuple[str, ...]] = {
    "date": (
        "取引日 取引年月日 年月日 取引日付 お取引日 日付 利用日 入払日 入出金日 計上日 起算日付 操作日 明細日付 勘定日 照会日 約定日 決済日 利用年月日 支払日 取扱日 お取扱日 取引日時 入金日 処理日",
        "transactiondate postingdate posteddate bookingdate datebooked bookeddate postdate dateposted entrydate date "
        "transdate txndate trandate rundate operationdate processdate completeddate datecompleted settlementdate tradedate dateutc timestamp transactiontime datetime created createdat createddate",
        "buchungstag buchungsdatum buchung datum valutadatumbuchung dateoperation datedoperation datecomptable fecha fechaoperacion fechacontable "
        "dataoperazione datacontabile data datamovimento boekdatum transactiedatum bokföringsdag bokforingsdag bokføringsdato dato bokførtdato dataksięgowania datatransakcji dataoperacji kirjauspäivä könyvelésdátuma datumzaúčtování transaktionsdatum reskontradatum datadelmovimento fechadeoperacion datevaluta",
    ),
    "value_date": (
        "起算日 資金化日 勘定起算日",
        "valuedate valutadatum valuta wertstellung wertstellungstag rentedatum datevaleur datedevaleur fechavalor datavaluta valutadato starteddate effectivedate valuationdate",
    ),
    "amount": (
        "入出金 入出金額 金額 取引金額 取引額 入払金額 差引金額",
        "amount transactionamount amountgbp netamount net amt value sum gross total paidinout moneyinout",
        "betrag umsatz beløb betragineur montant montanteneuros importe importeeur importo bedrag belopp beløp kwota määrä összeg objem částka valor cad$ usd$ montantdelatransaction",
    ),
    "incoming": (
        "入金 入金額 入金金額 預入 預入額 預入金額 預り金額 預り 預かり金額 受入金額 受取金額 受入 預け入れ 預入れ 貸方 貸方金額 預入れ額 入金円 預け入れ金額 預入金",
        "deposit deposits depositamount credit credits creditamount amountcredit moneyin paidin in received inflow amountin creditamt depositsandcredits receipts income payin",
        "haben gutschrift einnahmen credit créditeur créditeuros recettes abono abonos haber accredito entrate avere bij insättning inn inpå beløpinn insättningar uznania wpływy pano",
    ),
    "outgoing": (
        "出金 出金額 出金金額 引出 引出し 引出額 引出金額 引き出し 引落 引落金額 払出金額 支払金額 払出 払戻 払戻額 払戻金額 支払 支払額 借方 借方金額 利用金額 利用額 ご利用代金 支出 支払い金額 支払い お支払金額 引出し額 出金円 払戻し",
        "withdrawal withdrawals withdrawalamount debit debits debitamount amountdebit moneyout paidout out paid outflow amountout debitamt spent payments charge charges expense payout",
        "soll belastung lastschrift ausgaben debit débiteur débiteuros dépenses depenses cargo cargos debe addebito uscite dare af uttag ut beløput uttak obciążenia wydatki otto",
    ),
    "balance": (
        "残高 差引残高 取引後残高 口座残高 現在高 差引残 預金残高 残額 残高金額 取引後の残高",
        "balance runningbalance closingbalance accountbalance balanceafter balanceaftertransaction ledgerbalance runningbal bal availablebalance newbalance endingbalance bookbalance currentbalance",
        "saldo saldonatrn saldonachbuchung kontostand solde soldo saldodisponible saldonatransactie saldocontabile soldeprogressif saldoefter saldopooperacji zůstatek egyenleg saldonamutatie bokfortsaldo bokförtsaldo",
    ),
    "text": (
        "摘要 取引内容 内容 入出金内容 入出金先内容 お取り扱い内容 取扱内容 取り扱い内容 取引区分 明細 取引摘要 摘要内容 適用 詳細 詳細1 詳細2 備考 取引名 商品名 取引種類 種類 取引種別 利用店名 利用先 利用場所 利用内容 利用店名・商品名 利用店名及び商品名 メモ お客さまメモ 支店名 通信欄",
        "description details detail narrative label memo transactiondescription particulars notes note paymentdetails remarks transactiondetails "
        "transactiontype type name reference text purpose narration merchant concept transactionnarrative securitydescription action description1 description2 description3",
        "verwendungszweck buchungstext libellé libelle libelledeloperation concepto descrizione causale omschrijving omschrijving-1 omschrijving1 omschrijving2 mededeling mededelingen tekst descripción descripcion motif avisierungstext rubrik opisoperacji tytuł opis",
    ),
    "counterparty": (
        "取引先 相手先 振込依頼人名 振込依頼人 依頼人名 受取人 受取人名 相手方 相手先名 振込人名",
        "counterparty counterpartyname partnername partner payee payer payeename beneficiary beneficiaryname merchantname otherparty recipient sender toorfrom paidto name/description",
        "begünstigter/zahlungspflichtiger beguenstigter/zahlungspflichtiger auftraggeber/empfänger auftraggeber empfänger beneficiairetireur naamtegenpartij beneficiario ordenante namn nadawca/odbiorca empfängername",
    ),
    "reference": (
        "取引番号 入出金明細id 明細番号 整理番号 取引通番 照会番号 伝票番号 明細id 通番 受付番号",
        "transactionid reference referencenumber ref refno refnum transactionreference id bankreference uniqueid operationnumber checkorslip check cheque checknumber chequenumber fitid entryreference transactionnumber",
        "référence referencia transactiereferentie kundenreferenz volgnr referentie referenz",
    ),
    "currency": (
        "通貨 通貨コード 通貨名",
        "currency ccy curr currencycode accountcurrency",
        "währung waehrung devise moneda divisa munt valutakod muntsoort",
    ),
    "direction": (
        "入払区分 入出金区分 借貸区分 入出区分 貸借",
        "d/c c/d dr/cr cr/dr drcr crdr dc debitcredit debit/credit credit/debit creditdebitindicator indicator debitcreditindicator sign details",
        "sollhaben soll/haben s/h afbij sens",
    ),
    "status": (
        "状態 ステータス 取引状況 処理状況 取引状態",
        "status state transactionstatus",
        "zustand statut estado",
    ),
    "fee": (
        "手数料 支払手数料",
        "fee fees totalfees commission",
        "gebühr gebuehr frais comisión comision",
    ),
    "account": (
        "口座番号",
        "accountnumber accountno ownaccount account",
        "auftragskonto iban/bban kontonummerauftragskonto rekening comptenum cuenta",
    ),
}
"""Role → headings (Japanese, English, other European), without spaces, units and brackets; earlier words weigh more."""

OPENING = (
    "前月繰越 前月残高 前月末残高 前回残高 前日残高 繰越残高 期首残高 前期繰越 繰越 繰越金 期初残高 取引前残高",
    "openingbalance startingbalance balancebroughtforward broughtforward balanceatstartofperiod previousbalance beginningbalance startbalance openingledgerbalance balanceforward",
    "anfangssaldo alterkontostand saldovortrag altersaldo soldeinitial soldeprécédent saldoinicial saldoiniziale beginsaldo anfangsbestand",
)
CLOSING = (
    "期末残高 当月残高 次月繰越 当月末残高 締日残高 最終残高",
    "closingbalance endingbalance endbalance balancecarriedforward carriedforward balanceatendofperiod closingledgerbalance finalbalance",
    "endsaldo neuerkontostand neuersaldo soldefinal saldofinal saldofinale eindsaldo endbestand abschlusssaldo",
)
CURRENT = (
    "現在高 現在残高 口座残高 残高 照会時残高",
    "currentbalance balance ledgerbalance",
    "kontostand saldo solde",
)
COUNT = (
    "明細件数 件数 取引件数 合計件数 総件数",
    "numberoftransactions transactioncount numberofentries transactions entries",
    "anzahlbuchungen nombredoperations",
)
TOTAL = (
    "合計 総計 小計 計 合計金額",
    "total totals grandtotal subtotal sum transactionstotal",
    "summe gesamt totaal totale totaux",
)
LAST = ("", "lastbalance", "letzterkontostand derniersolde")
"""A balance that may stand before the entries or after them: it counts only where the sums say which."""
TOTAL_IN = (
    "入金合計 お預り合計 お預入合計 入金額合計 入金合計額 預入合計",
    "totalcredits totaldeposits totalin totalmoneyin",
    "summehaben totalcredit",
)
TOTAL_OUT = (
    "出金合計 お支払合計 お引出合計 払出合計 出金額合計 出金合計額 支払合計 引出合計",
    "totaldebits totalwithdrawals totalout totalmoneyout",
    "summesoll totaldebit",
)
GRAND_TOTAL = (
    "合計 総計 合計金額",
    "total totals grandtotal transactionstotal",
    "summe gesamt totaal totale totaux",
)
ACCOUNT = (
    "口座番号 お客さま口座番号 お客様口座番号 記号番号",
    "accountnumber accountno account iban",
    "kontonummer numérodecompte compte cuenta rekening konto",
)

_IN_CURRENCY = re.compile(r"\s+(?:in\s+)?(?:eur|usd|gbp|chf|cad|aud|sek|nok|dkk|pln|jpy)\s*$")
"""`Umsatz in EUR`, `Amount USD`."""
_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_LONGEST_HEADING = 120
_NOISE = re.compile(r"[\s_#.:：\"'’\-‐–+*]+")
_POLITE = re.compile(r"^[お御ご]")
_KANJI = re.compile("[\u4e00-\u9fff]")
_KANA_ENDINGS = re.compile("[\u3041-\u3096]")
"""お預け入れ額, お預入額 and 預入れ額 are one word: kana between kanji are a matter of taste."""
_AS_OF = re.compile(r"\s+(?:as of|as at|on|at|am|per|zum|vom|au|al)\s.*\d.*$", re.I)


@lru_cache(maxsize=8192)
def plain(heading: str) -> str:
    """A heading without case, width, spaces, units in brackets and polite prefixes."""
    if len(heading) > _LONGEST_HEADING:
        return heading
    text = _without_accents(unicodedata.normalize("NFKC", heading).casefold())
    bare = _NOISE.sub("", _BRACKETS.sub("", _IN_CURRENCY.sub("", text))) or _NOISE.sub(
        "", text.strip("()[]【】〔〕")
    )
    bare = _POLITE.sub("", bare) if len(bare) > 2 else bare
    return _KANA_ENDINGS.sub("", bare) if _KANJI.search(bare) else bare


def _without_accents(text: str) -> str:
    """Latin letters lose their accents; kana keep their marks, for there they are other sounds."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if letter < "\u0250" else letter for letter in text
    )


def _ranks(groups: tuple[str, ...]) -> dict[str, int]:
    words = [plain(word) for group in groups for word in group.split()]
    return {word: rank for rank, word in reversed(list(enumerate(words)))}


_BY_ROLE = {role: _ranks(groups) for role, groups in ROLES.items()}
_PHRASES = {
    name: frozenset(plain(word) for group in groups for word in group.split())
    for name, groups in (
        ("opening", OPENING), ("closing", CLOSING), ("current", CURRENT), ("last", LAST),
        ("count", COUNT), ("total", TOTAL), ("grand_total", GRAND_TOTAL), ("total_in", TOTAL_IN), ("total_out", TOTAL_OUT), ("account", ACCOUNT),
    )
}  # fmt: skip


def rank(role: str, heading: str) -> int | None:
    """How well a heading means a role (0 is best), or None."""
    return _BY_ROLE[role].get(plain(heading))


def means(phrase: str, text: str) -> bool:
    """Whether a line's label says `opening`, `closing`, `current`, `count`, `total` or `account`."""
    if len(text) > _LONGEST_LABEL:
        return False
    return plain(_AS_OF.sub("", text) if len(text) > 12 else text) in _PHRASES[phrase]


_LONGEST_LABEL = 80


CREDIT_WORDS = frozenset(
    plain(word)
    for word in [
        "c",
        "cr",
        "credit",
        "credits",
        "h",
        "haben",
        "gutschrift",
        "bij",
        "crédit",
        "entrée",
        "deposit",
        "in",
        "入金",
        "入",
        "貸方",
        "預入",
        "受入",
        "1入金",
        "+",
    ]
)
DEBIT_WORDS = frozenset(
    plain(word)
    for word in [
        "d",
        "dr",
        "debit",
        "debits",
        "s",
        "soll",
        "lastschrift",
        "af",
        "débit",
        "sortie",
        "withdrawal",
        "out",
        "出金",
        "出",
        "借方",
        "引出",
        "払出",
        "支払",
        "払",
        "2出金",
        "-",
    ]
)

NEWEST_FIRST: frozenset[tuple[str, ...]] = frozenset({("取引日", "摘要", "出金金額", "入金金額", "残高")})
"""Heading lines of banks that are known to list the newest entry first (SBI Shinsei), for files that show no order."""

_NEVER_BOOKED = (
    "取消 取消済 キャンセル 失敗 エラー 却下 否決 不成立",
    "reverted reversed failed failure declined denied canceled cancelled voided void expired rejected refused error",
    "storniert abgelehnt fehlgeschlagen annulé refusé échoué anulado rechazado",
)
_NOT_YET_BOOKED = (
    "未確定 処理中 予約 保留",
    "pending processing authorized authorised inprogress",
    "vorgemerkt ausstehend enattente pendiente",
)
NEVER_BOOKED = frozenset(_ranks(_NEVER_BOOKED))
"""What a column of states says of movements that never were."""
NOT_YET_BOOKED = frozenset(_ranks(_NOT_YET_BOOKED))
"""What it says of movements that may still come."""
