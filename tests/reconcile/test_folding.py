"""Japanese names as banks write them."""

from __future__ import annotations

import pytest

from bofbot.reconcile.evidence.folding import core, fold, loose_cores, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾆﾂｼﾝﾃﾞﾝｷ", "ニッシンデンキ"),
        ("ﾎ-ﾙﾃﾞｲﾝｸﾞｽ", "ホールディングス"),
        ("ﾎｰﾙﾃﾞｨﾝｸﾞｽ", "ホールディングス"),
        ("ｻ-ﾋﾞｽ", "サ－ビス"),
        ("ヤマト　システム", "ﾔﾏﾄｼｽﾃﾑ"),
        ("やまとしすてむ", "ﾔﾏﾄｼｽﾃﾑ"),
        ("ＡＢＣ商事", "ABC商事"),
    ],
)
def test_both_ways_of_writing_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "written",
    [
        "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ", "ﾆﾂｼﾝﾃﾞﾝｷ(ｶ", "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ", "2600255 ﾌﾘｺﾐ ﾆﾂｼﾝﾃﾞﾝｷ(ｶ", "ﾕ)ﾆﾂｼﾝﾃﾞﾝｷ", "ﾄﾞ)ﾆﾂｼﾝﾃﾞﾝｷ",
        "ｼﾔ)ﾆﾂｼﾝﾃﾞﾝｷ", "ｺﾞｳﾄﾞｳｶﾞｲｼﾔ ﾆﾂｼﾝﾃﾞﾝｷ", "カブシキガイシャニッシンデンキ", "株式会社ニッシンデンキ", "ﾌﾘｺﾐ ﾆﾂｼﾝﾃﾞﾝｷ(",
    ],
)  # fmt: skip
def test_company_forms_and_transfer_words_are_taken_off(written: str) -> None:
    assert core(written) == core("ニッシンデンキ")


def test_a_name_cut_inside_a_voiced_kana_is_still_a_beginning() -> None:
    assert core("ﾊﾔｼﾔﾏﾀﾞﾎ-ﾙﾃﾞｲﾝｸﾞｽ").startswith(core("ﾌﾘｺﾐ ﾊﾔｼﾔﾏﾀﾞﾎ-ﾙﾃﾞｲﾝｸ"))


def test_a_form_that_lost_its_bracket_is_one_reading_among_others() -> None:
    assert core("ニッシンデンキ") in loose_cores("ﾌﾘｺﾐ ｶﾆﾂｼﾝﾃﾞﾝｷ")
    assert core("ニッシンデンキ") in loose_cores("ﾆﾂｼﾝﾃﾞﾝｷｶ")


def test_english_forms_are_taken_off_too() -> None:
    assert core("Acme Co., Ltd.") == core("ACME")


def test_tokens_hold_digits() -> None:
    assert tokens("2600255 ｶ)ﾔﾏﾄ INV-2026-0042") == ("2600255", "INV-2026-0042", "2026", "0042")
    assert tokens("ﾌﾘｺﾐ ﾔﾏﾄ 12") == ()
