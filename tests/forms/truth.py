"""What each label of the pages in tests/forms/pages means: page → label → selector, "?" for ambiguous, "" for missing."""

TRUTH: dict[str, dict[str, str]] = {
    "definition_list": {
        "取引先コード": "#code", "取引先名": "#name", "支払サイト": "#terms", "郵便番号": "#zip1", "設立日": "#y",
        "取引区分": "#k1", "仕入": "#k1", "両方": "#k3", "備考": "#note", "取引先": "", "登録": "",
    },
    "absolute": {
        "伝票番号": "#no", "計上日": "#day", "金額": "#amount", "部門": "#dept", "担当者": "#person", "承認者": "#approver",
    },
    "groups": {
        "支払方法": "#p1", "口座振替": "#p2", "性別": "#g1", "女性": "#g2", "回答しない": "#g3", "電話": "#c1", "郵送": "#c3",
        "税区分": "#t1", "非課税": "#t2", "規約に同意する": "#agree", "連絡方法": "#c1",
    },
    "lines": {
        "数量": "?", "ボールペン > 数量": "#q1", "ノート > 数量": "#q2", "ノート > 単価": "#u2", "ユーザー": "#user", "合言葉": "#word",
        "開始日": "#from", "終了日": "#to", "件名": "#subject",
    },
    "sections": {
        "住所": "?", "請求先 > 住所": "#b_addr", "送付先 > 住所": "#s_addr", "送付先 > 会社名": "#s_name", "担当者 > 氏名": "#t_name",
        "責任者 > 氏名": "#m_name", "責任者 > 氏名（カナ）": "#m_kana", "氏名": "?",
    },
    "frames": {"件名": "#subject", "明細番号": "#inner", "影の項目": "#shade"},
    "modern": {
        "メールアドレス": "#mail", "電話番号": "#tel", "部署": "#dept", "役職": "#title", "金額": "#amount", "口座名義": "#holder",
        "口座名義カナ": "#kana", "通知を受け取る": "#notify",
    },
    "old": {
        "社員番号": "#emp", "所属": "#sec", "出張先": "#dest", "期間": "#d1", "交通費": "#fare", "宿泊費": "#hotel",
    },
}  # fmt: skip
