"""Why a control cannot be used, in words: the codes the reader answers with, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.errors import Candidate
from bofbot.words import Sentence

_REASONS = {
    "missing": ("is not on the page", "ページにありません"),
    "ambiguous": ("could mean several controls", "に当てはまる欄が複数あり、どれか決められません"),
    "same": ("fits as well as another", "別の欄と同じ程度に当てはまります"),
    "hidden": ("is hidden (not displayed)", "非表示です"),
    "invisible": ("is invisible", "見えない状態です"),
    "tiny": ("has no visible size", "大きさがなく見えません"),
    "folded": ("is inside “{detail}”, which is folded", "折りたたまれた「{detail}」の中にあります"),
    "tab": ("is on another tab “{detail}”", "別のタブ「{detail}」の中にあります"),
    "disabled": ("is disabled", "使用できない状態（無効）です"),
    "readonly": ("is read-only", "読み取り専用です"),
    "covered": ("is covered by “{detail}”", "「{detail}」に覆われています"),
    "offscreen": ("lies outside the visible page", "画面の外にあります"),
    "crossed": ("stands at another field than in the last good run; that one is called “{detail}” now", "前回うまくいったときと別の欄の名前になっています。前回の欄は今「{detail}」です"),
    "gone": ("disappeared while it was being filled", "入力の途中で消えました"),
    "nofocus": ("does not accept the cursor", "カーソルを受け付けません"),
    "vetoed": ("refuses to be typed into", "入力を受け付けません"),
    "refused": ("does not accept “{value}”", "「{value}」を受け付けません"),
    "nooption": ("has no option “{value}”; nearest: {detail}", "「{value}」という選択肢がありません。近いもの：{detail}"),
    "options": ("has several options like “{value}”: {detail}", "「{value}」に当たる選択肢が複数あります：{detail}"),
    "optiondisabled": ("does not offer “{detail}” now", "「{detail}」は今は選べません"),
    "changed": ("was given “{value}” but shows “{detail}”", "「{value}」を入力しましたが「{detail}」になりました"),
    "boxes": ("consists of {detail} boxes, and the value cannot be split over them", "{detail}個の枠に分かれており、値を分けられません"),
    "role": ("is a {detail}, not a field", "入力欄ではありません（{detail}）"),
    "text": ("is text without a field", "文字だけで、入力欄がありません"),
    "squeezed": ("is in a part of the page that is folded away", "折りたたまれた部分の中にあります"),
    "nopointer": ("does not react to clicks now", "今はクリックを受け付けません"),
    "toolong": ("keeps only “{detail}” of “{value}” (its maximum length)", "「{value}」のうち「{detail}」までしか入りません（最大文字数）"),
    "isfield": ("is a field, not a button", "ボタンではなく入力欄です"),
    "onlytext": ("is text, nothing to press", "文字だけで、押すものではありません"),
    "closed": ("is a component whose inside cannot be seen", "中が見えない部品です"),
    "elsewhere": ("is in another tab or window: “{detail}”", "別のタブまたはウィンドウ「{detail}」にあります"),
    "fits": ("fits", "当てはまります"),
    "other": ("has another name", "名前が違います"),
    "file": ("takes a file: use `upload`", "ファイルの欄です。`upload` を使ってください"),
    "tick": ("is ticked or not: the value must be true or false", "チェックの欄です。値は true か false で書いてください"),
    "frame": ("is in the frame “{detail}”", "フレーム「{detail}」の中にあります"),
}  # fmt: skip

DATA = frozenset({"nooption", "options", "optiondisabled", "changed", "toolong", "refused", "boxes", "tick"})
"""Reasons that lie in the value, not in the page: trying again changes nothing."""


_PAGES = {
    "unloaded": ("the page could not be loaded: “{detail}”", "ページを読み込めていません：「{detail}」"),
    "blank": ("the page is empty", "ページに何も表示されていません"),
    "maintenance": ("the site is under maintenance: “{detail}”", "メンテナンス中のようです：「{detail}」"),
    "expired": ("the session has ended: “{detail}”", "セッションが切れています：「{detail}」"),
    "errorpage": ("this is an error page: “{detail}”", "エラー画面です：「{detail}」"),
    "loginpage": ("this is a log-in page: “{detail}”", "ログイン画面です：「{detail}」"),
    "message": ("the page says: “{detail}”", "画面の表示：「{detail}」"),
}  # fmt: skip


def page_says(found: Mapping[str, Any]) -> Sentence | None:
    """What stands on the page in place of the one that was meant; None when nothing tells."""
    says = found.get("says")
    if not says:
        return None
    en, ja = _PAGES[says["code"]]
    detail = str(says.get("detail") or "")
    return Sentence(en=en.format(detail=detail), ja=ja.format(detail=detail))


def with_page(sentence: Sentence, says: Sentence | None) -> Sentence:
    """A sentence about something missing, and what the page itself says."""
    return Sentence(en=f"{sentence.en}; {says.en}", ja=f"{sentence.ja}。{says.ja}") if says else sentence


def reason(found: Mapping[str, Any]) -> Sentence:
    """The reason of one answer of the reader, e.g. {"code": "covered", "detail": "Cookies"}."""
    en, ja = _REASONS.get(str(found.get("code")), _REASONS["other"])
    words = {"detail": str(found.get("detail") or ""), "value": str(found.get("value") or "")}
    return Sentence(en=en.format(**words), ja=ja.format(**words))


def candidates(found: Mapping[str, Any]) -> tuple[Candidate, ...]:
    """The candidates of one answer of the reader."""
    near = found.get("candidates") or ()
    return tuple(Candidate(one.get("label") or "", one.get("role") or "", reason(one)) for one in near)
