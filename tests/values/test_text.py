"""Names, nearness and widths."""

from __future__ import annotations

from bofbot.values.text import find_name, fold_name, nearest, nfkc, same_name, width


def test_names_are_the_same_whatever_their_width_and_spaces() -> None:
    assert nfkc("ｶﾅ１　") == "カナ1 "
    assert fold_name("申請 番号＊：") == fold_name("申請番号") == "申請番号"
    assert fold_name("＊") == "*"
    assert same_name("ＮＯ．", "No.")
    assert not same_name("科目", "項目")
    assert find_name("申請番号", ["日付", "申請　番号 "]) == "申請　番号 "
    assert find_name("a", ["A", "Ａ"]) is None
    assert find_name("x", ["A"]) is None


def test_the_nearest_words() -> None:
    assert nearest("clik", ["fill", "click", "check"])[0] == "click"
    assert nearest("口座", ["口座番号", "支店"]) == ("口座番号",)
    assert nearest("zzz", ["fill", "click"]) == ()
    assert nearest("", ["a"]) == ()


def test_columns_on_a_terminal() -> None:
    assert [width(text) for text in ("abc", "登録", "ｶﾞ", "が", "▲", "é", "\u200b")] == [3, 4, 2, 2, 1, 1, 0]
