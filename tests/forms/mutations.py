"""Fifty ways in which a form changes between two runs; each says what a right run would send now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .mutated_site import PAGE, ROWS

Verdict = Literal["goes on", "stops"]


@dataclass(frozen=True)
class Mutation:
    """`expected`: what bofbot must do; `names`: fields that are sent under other names now; `proposed`: a stop with a patch."""

    name: str
    html: str
    expected: Verdict = "goes on"
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    """Part of the (English) reason of a stop."""
    crossed: bool = False


def _put(*pairs: tuple[str, str], html: str = PAGE) -> str:
    for old, new in pairs:
        assert old in html, old
        html = html.replace(old, new)
    return html


def _row(key: str, new: str, html: str = PAGE) -> str:
    return _put((ROWS[key], new), html=html)


def _relabel(key: str, old: str, new: str, html: str = PAGE) -> str:
    return _row(key, ROWS[key].replace(f">{old}<", f">{new}<"), html)


ENGLISH = {
    "申請番号": "Claim number", "日付": "Date", "支払先": "Payee", "科目": "Category", "金額": "Amount", "件数": "Number of items",
    "摘要": "Description", "電話番号": "Phone", "支払方法": "Payment method", "至急": "Urgent", "銀行名": "Bank", "口座番号": "Account number",
    "申請内容": "Claim", "振込先": "Transfer to", "返金先": "Refund to", "経費申請": "New claim", "内容チェック": "Check",
    "下書きを破棄": "Discard draft", "ホーム": "Home", "申請履歴": "History", "ヘルプ": "Help",
}  # fmt: skip


def _translated() -> str:
    html = PAGE
    for japanese, english in sorted(ENGLISH.items(), key=lambda pair: -len(pair[0])):
        html = html.replace(f">{japanese}<", f">{english}<")
    return html


def _other_names(html: str = PAGE) -> tuple[str, dict[str, str]]:
    names = {key: f"f_{key}_x" for key in (*ROWS, "bank", "account", "back_account")}
    for old, new in names.items():
        html = re.sub(rf'(id|for|name)="{old}"', rf'\1="{new}"', html)
    return html, {old: new for old, new in names.items() if old not in ("bank", "back_account")}


def _without(*keys: str) -> str:
    html = PAGE
    for key in keys:
        html = _row(key, "", html)
    return html


def _divs() -> str:
    rows = re.sub(
        r"<tr><th>(.*?)</th><td>(.*?)</td></tr>", r'<div class="f"><div>\1</div><div>\2</div></div>', PAGE
    )
    return rows.replace("<table>", "<div>").replace("</table>", "</div>")


def _unlabelled(key: str, old: str) -> str:
    return ROWS[key].replace(f'<label for="{key}">{old}</label>', "")


BANNER = '<div style="position:fixed;inset:0;background:#fffd;z-index:9">ただいまお知らせがあります <a href="/news">くわしく</a></div>'
NEWS = '<form method="post" action="/news"><h2>お知らせメール</h2><label>メール <input name="mail"></label><button type="submit">登録</button></form>'
OTHER_NAMES, OTHER_FIELDS = _other_names()
TEL3 = '<tr><th>電話番号</th><td><input name="tel1" size="5">-<input name="tel2" size="5">-<input name="tel3" size="5"></td></tr>'
SPLIT_DAY = '<tr><th>日付</th><td><input name="y" size="4">年<input name="m" size="2">月<input name="d" size="2">日</td></tr>'
WAY_LIST = '<tr><th><label for="way">支払方法</label></th><td><select id="way" name="way"><option value="transfer">振込<option value="cash">現金</select></td></tr>'

MUTATIONS: tuple[Mutation, ...] = (
    # renamed
    Mutation("label with more words", _relabel("amount", "金額", "ご請求金額")),
    Mutation("label renamed", _relabel("payee", "支払先", "お取引先名")),
    Mutation("label shortened", _relabel("tel", "電話番号", "TEL")),
    Mutation("label renamed, id changed", _put(('for="amount">金額', 'for="k1">お支払額'), ('id="amount"', 'id="k1"'))),
    Mutation("two labels renamed at once", _relabel("count", "件数", "点数", _relabel("amount", "金額", "お支払額"))),
    Mutation("radio group renamed", _relabel("way", "支払方法", "お支払いの種類")),
    Mutation("tick box renamed", _relabel("urgent", "至急", "急ぎの申請")),
    Mutation("list renamed", _relabel("subject", "科目", "費目区分")),
    Mutation("heading renamed", _put((">振込先<", ">お支払い口座<"))),
    Mutation("button renamed", _put((">内容チェック<", ">入力内容の確認<"))),
    Mutation("button turned into an icon", _put((">内容チェック<", ' aria-label="チェック"><img alt="" width=16 height=16><'))),
    Mutation("label marked, numbered, with a colon", _relabel("amount", "金額", "④ 金額（円）※必須：")),
    Mutation("label renamed with 税込", _relabel("amount", "金額", "税込金額")),
    # translated
    Mutation("one label translated", _relabel("memo", "摘要", "Description")),
    Mutation("the page translated, buttons too but 登録", _translated()),
    # moved and reordered
    Mutation("field moved to the top", _put((ROWS["amount"], ""), (ROWS["no"], ROWS["amount"] + ROWS["no"]))),
    Mutation("rows reversed", _put(("\n".join(ROWS.values()), "\n".join(reversed(ROWS.values()))))),
    Mutation("two rows exchanged with their labels", _put((ROWS["amount"] + "\n" + ROWS["count"], ROWS["count"] + "\n" + ROWS["amount"]))),
    Mutation("field moved to another part and renamed", _put((ROWS["tel"], ""), ("<h2>返金先</h2>", f'<h2>連絡先</h2><table>{ROWS["tel"].replace("電話番号", "日中のご連絡先")}</table><h2>返金先</h2>'))),
    Mutation("buttons reordered", _put(('<p><button type="button" id="check"', '<p><button type="reset">クリア</button><button type="button" id="check"'))),
    Mutation("wrapped in a new section", _put((ROWS["amount"], f'</table><fieldset><legend>金額欄</legend><table>{ROWS["amount"]}</table></fieldset><table>'))),
    Mutation("table turned into blocks", _divs()),
    Mutation("the form put into a shadow root", _put(("<main>", '<main><div id="host"><template shadowrootmode="open">'), ("</main>", "</template></div></main>"))),
    Mutation("rendered late", _put(("<main>", '<main id="late" hidden>'), ("</body>", "<script>setTimeout(() => { late.hidden = false }, 900)</script></body>"))),
    # written otherwise
    Mutation("id and name changed", _put(('id="amount" name="amount"', 'id="kingaku" name="kingaku"'), ('for="amount"', 'for="kingaku"')), names={"amount": "kingaku"}),
    Mutation("all ids and names changed", OTHER_NAMES, names=OTHER_FIELDS),
    Mutation("label turned into a placeholder", _row("payee", _unlabelled("payee", "支払先").replace('name="payee"', 'name="payee" placeholder="支払先"'))),
    Mutation("label turned into aria-label", _row("payee", _unlabelled("payee", "支払先").replace('name="payee"', 'name="payee" aria-label="支払先"'))),
    Mutation("label gone, placeholder of other words", _row("payee", _unlabelled("payee", "支払先").replace('name="payee"', 'name="payee" placeholder="会社名または氏名"'))),
    Mutation("labels no longer tied", re.sub(r'<label for="\w+">(.*?)</label>', r"\1", PAGE)),
    Mutation("date box in place of text", _put(('id="day" name="day"', 'id="day" name="day" type="date"')), values={"day": "2026-04-01"}),
    Mutation("number box in place of text", _put(('id="count" name="count"', 'id="count" name="count" type="number"'))),
    Mutation("radios turned into a list", _row("way", WAY_LIST)),
    Mutation("split into three boxes", _row("tel", TEL3), names={"tel": "tel1-tel2-tel3"}),
    Mutation("date split into year, month, day", _row("day", SPLIT_DAY), names={"day": "y/m/d"}),
    # decoys and twins
    Mutation("decoy of the same label in another part", _put(("<h2>申請内容</h2>", '<h2>前回の申請</h2><table><tr><th>金額</th><td><input name="last_amount"></td></tr></table><h2>申請内容</h2>'))),
    Mutation("decoy with a longer label", _put((ROWS["amount"], '<tr><th>金額（税抜）</th><td><input name="net"></td></tr>' + ROWS["amount"]))),
    Mutation("renamed, with a decoy of a like label beside it", _put((ROWS["amount"], '<tr><th>前回金額</th><td><input name="before"></td></tr>' + ROWS["amount"].replace(">金額<", ">今回金額<")))),
    Mutation("hidden twin", _put((ROWS["amount"], '<tr style="display:none"><th>金額</th><td><input name="amount_old"></td></tr>' + ROWS["amount"]))),
    Mutation("honeypot off the screen", _put(("<h2>申請内容</h2>", '<div style="position:absolute;left:-9999px"><label>支払先 <input name="website" tabindex="-1"></label></div><h2>申請内容</h2>'))),
    Mutation("a search box in the head of the page", _put(("<header>", '<header><form action="/find"><label>申請番号 <input name="q"></label><button>探す</button></form>'))),
    Mutation("sticky head that covers what scrolls under it", _put(("<header>", '<header style="position:sticky;top:0;height:90px;background:#eee;z-index:5">'), ("<h1>", '<div style="height:600px"></div><h1>'))),
    # what nobody but a person may decide
    Mutation("two labels exchanged", _relabel("amount", "金額", "件数", _relabel("count", "件数", "金額")), "stops", reason="stands at another field", crossed=True),
    Mutation("label given to a new field", _put((ROWS["amount"], '<tr><th>金額</th><td><input name="discount"></td></tr>' + ROWS["amount"].replace(">金額<", ">お支払額<"))), "stops", reason="stands at another field", crossed=True),
    Mutation("two buttons exchanged", _put((">内容チェック<", ">@<"), (">下書きを破棄<", ">内容チェック<"), (">@<", ">下書きを破棄<")), "stops", reason="stands at another", crossed=True),
    Mutation("field replaced by another", _row("count", '<tr><th>単価</th><td><input name="price" inputmode="numeric"></td></tr>'), "stops", reason="件数” is not on the page"),
    Mutation("field removed", _without("count"), "stops", reason="件数"),
    Mutation("renamed to something else: 支払先 is 請求先", _relabel("payee", "支払先", "請求先"), "stops", reason="支払先"),
    Mutation("submit renamed", _put((">登録<", ">申請する<")), "stops", reason="登録"),
    Mutation("submit renamed, a decoy has its words", _put((">登録<", ">申請する<"), ("</main>", NEWS + "</main>")), "stops", reason="stands at another", crossed=True),
    Mutation("covered by a notice", _put(("</body>", BANNER + "</body>")), "stops", reason="covered"),
)  # fmt: skip
