"""Every code of a diagnostic, explained in both languages with a wrong and a right example: `bofbot explain E110`."""

from __future__ import annotations

from dataclasses import dataclass

from bofbot.values.text import nearest
from bofbot.words import Language, Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. `wrong` and `right` are lines of a robot."""

    code: str
    title: Sentence
    explanation: Sentence
    wrong: str
    right: str


def explain(code: str, language: Language = "en") -> str | None:
    """The page of a code, as text; None when there is no such code (`nearest_codes` offers others)."""
    entry = CATALOG.get(code.strip().upper())
    if entry is None:
        return None
    wrong, right = ("wrong", "right") if language == "en" else ("誤り", "正しい例")
    return (
        f"{entry.code}: {entry.title.said_in(language)}\n\n{entry.explanation.said_in(language)}\n\n"
        f"{wrong}:\n{_indented(entry.wrong)}\n\n{right}:\n{_indented(entry.right)}\n"
    )


def nearest_codes(code: str) -> tuple[str, ...]:
    """Codes that somebody may have meant."""
    return nearest(code.upper(), CATALOG)


def _indented(lines: str) -> str:
    return "\n".join(f"    {line}" for line in lines.splitlines())


def _e(code: str, en: str, ja: str, why_en: str, why_ja: str, wrong: str, right: str) -> Entry:
    return Entry(code, Sentence(en=en, ja=ja), Sentence(en=why_en, ja=why_ja), wrong, right)


_ENTRIES = (
    _e("E101", "the file cannot be read", "ファイルを読めません",
       "The path is wrong, it is a folder, permission is missing, or the text is not UTF-8.",
       "パスの間違い、フォルダーの指定、権限の不足、またはUTF-8以外の文字コードが原因です。",
       "bofbot run robots/keihi.yml", "bofbot run robots/keihi.yaml"),
    _e("E102", "not valid YAML", "YAMLとして読めません",
       "YAML is a matter of indentation, colons and quotes. The caret stands where reading became impossible; the cause may be a line above.",
       "YAMLは字下げとコロンと引用符でできています。記号は読めなくなった位置を指します。原因は一つ上の行のこともあります。",
       "- open: https://example.jp/: top", '- open: "https://example.jp/: top"'),
    _e("E103", "a tab", "タブがあります",
       "YAML forbids tabs in indentation, because editors show them in different widths.",
       "タブの幅はエディターごとに違うため、YAMLの字下げにタブは使えません。",
       "steps:\n\t- open: /login", "steps:\n  - open: /login"),
    _e("E104", "the same key twice", "同じキーが二度あります",
       "YAML readers silently keep the last one. bofbot shows both and lets you decide.",
       "一般のYAMLでは後の方だけが残ります。bofbotは両方を示しますので、どちらかを選んでください。",
       "- fill:\n    金額: 100\n    金額: 200", "- fill:\n    金額: 200"),
    _e("E105", "anchors, aliases and merge keys", "アンカー・エイリアス・マージキー",
       "They make a text that nobody can read from top to bottom, and errors that point nowhere. Shared steps go into a part.",
       "上から下へ読めなくなり、エラーの位置も分からなくなるため使えません。共通の手順は部品にします。",
       "- fill: &common {部門: 経理}\n- fill: *common", "- use: parts/部門.yaml\n  with: {部門: 経理}"),
    _e("E106", "a tag", "タグがあります",
       "Types come from the verb's options and from `type:` of inputs and columns, never from YAML.",
       "型は動詞の項目や、入力・列の `type:` で決まります。YAMLのタグは使いません。",
       "- open: !!str /login", "- open: /login"),
    _e("E107", "more than one document, or a directive", "複数の文書、またはディレクティブ",
       "A file holds one robot. `---` between two robots and lines that begin with % are refused.",
       "1ファイルに書けるロボットは一つです。`---` で区切った二つ目や、% で始まる行は使えません。",
       "bofbot: 1\nname: a\n---\nbofbot: 1\nname: b", "bofbot: 1\nname: a"),
    _e("E108", "too large or too deep", "大きすぎるか、入れ子が深すぎます",
       "A robot has at most 1 MB of text and 32 levels. More is a table or a program, and belongs into a file of its own.",
       "ロボットは1MB、入れ子32段までです。それ以上のものは表やプログラムとして別のファイルに置いてください。",
       "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "a: [1]"),
    _e("E109", "a full-width mark", "全角の記号",
       "With an input method on, `：`, `　`, `＃` and quotes come out full-width. YAML and expressions know only the half-width ones. Texts may hold them when they are in quotes.",
       "日本語入力のままでは「：」「　」「＃」や引用符が全角になります。YAMLや式で意味を持つのは半角だけです。文章の中なら引用符で囲めば使えます。",
       "- open：/login", "- open: /login"),
    _e("E110", "no such verb", "その動詞はありません",
       "A step is one verb and its options. `bofbot list --verbs` and the reference name all verbs; third-party packages may add some.",
       "手順は一つの動詞とその項目でできています。使える動詞は一覧で確かめられます。追加パッケージで増えることもあります。",
       "- clik: 登録", "- click: 登録"),
    _e("E111", "two verbs in one step", "一つの手順に動詞が二つあります",
       "Each step does one thing, so that it can be repeated, skipped and shown by itself.",
       "手順ごとにやり直し・省略・表示ができるよう、一つの手順では一つのことだけを行います。",
       "- open: /login\n  click: 次へ", "- open: /login\n- click: 次へ"),
    _e("E112", "a step without a verb", "動詞のない手順",
       "Names and conditions alone do nothing.", "名前や条件だけでは何も行いません。",
       "- name: 登録する", "- name: 登録する\n  submit: 登録"),
    _e("E113", "an unknown option", "知らない項目",
       "Unknown keys are refused rather than ignored: a misspelt option would otherwise be silently without effect.",
       "書き間違えた項目が黙って無視されないよう、知らないキーはエラーになります。",
       "- submit: 登録\n  expct: 登録しました", "- submit: 登録\n  expect: 登録しました"),
    _e("E114", "an option of another verb", "別の動詞の項目",
       "The option exists, but not for this verb.", "その項目は、この動詞では使えません。",
       "- open: /login\n  sheet: 経費", "- read_table: 経費.xlsx\n  sheet: 経費"),
    _e("E115", "a missing option", "足りない項目",
       "The verb cannot do its work without it.", "この動詞に欠かせない項目がありません。",
       "- notify: 経理チャット", "- notify: 経理チャット\n  message: 終わりました"),
    _e("E116", "a value that does not fit", "合わない値",
       "The option expects another kind of value: a number, true or false, a list, a mapping, or one of a few words.",
       "項目が求める種類（数値、true / false、一覧、「名前: 値」、決まった語のいずれか）と合いません。",
       "- read_table: 経費.xlsx\n  header: 三", "- read_table: 経費.xlsx\n  header: 3"),
    _e("E117", "a unit left out", "単位がありません",
       "30 may be seconds or minutes. Durations are 30s, 5m, 2h, 3d, 200ms; sizes are 10KB, 5MB.",
       "30だけでは秒か分か分かりません。時間は 30s、5m、2h、3d、200ms、大きさは 10KB、5MB のように書きます。",
       "- wait: 30", "- wait: 30s"),
    _e("E118", "no value", "値がありません",
       'After the colon there is nothing. An empty text is written "".', 'コロンの後に何もありません。空の文字は "" と書きます。',
       "- fill:\n    備考:", '- fill:\n    備考: ""'),
    _e("E119", "the wrong shape", "形が違います",
       "A mapping, a list or a single value was expected here and something else stands there.",
       "ここには「キー: 値」・一覧・単独の値のいずれかが必要ですが、別の形になっています。",
       "retry: 3", "retry: {times: 3, wait: 1s}"),
    _e("E120", "an unknown key", "知らないキー",
       "At the top of a robot (or in configs/bofbot.yaml) only the keys of the reference are known.",
       "ロボットの最上位（または configs/bofbot.yaml）では、決まったキーだけが使えます。",
       "bofbot: 1\nname: 経費\nstep: []", "bofbot: 1\nname: 経費\nsteps:\n  - open: /"),
    _e("E121", "a missing key", "必要なキーがありません",
       "Every robot says `bofbot: 1`, its `name` and its `steps`.", "ロボットには `bofbot: 1`、`name`、`steps` が必要です。",
       "name: 経費", "bofbot: 1\nname: 経費\nsteps:\n  - open: /"),
    _e("E122", "an unknown version of the language", "知らない版",
       "`bofbot: 1` is the version of the language, not of the program.", "`bofbot: 1` はプログラムではなくロボット言語の版です。",
       "bofbot: 2", "bofbot: 1"),
    _e("E123", "an input that cannot be", "成り立たない入力の定義",
       "The type does not exist, the default does not fit it, `choices` are missing or superfluous, or a secret has a default.",
       "型がない、`default` が型に合わない、`choices` の過不足、秘密の値に `default` がある、のいずれかです。",
       "inputs:\n  month: {type: month, default: 13月}", 'inputs:\n  month: {type: month, default: "2026-10"}'),
    _e("E124", "not a name", "名前にできません",
       "Names that expressions use have letters (Japanese too), digits and _, and begin with a letter. A hyphen would be a minus. inputs, secrets, run, done and index are taken.",
       "式で使う名前は文字（日本語可）・数字・_ で、数字では始められません。ハイフンは引き算になります。inputs、secrets、run、done、index は使用済みです。",
       "- read_table: a.xlsx\n  save_as: expense-rows", "- read_table: a.xlsx\n  save_as: expense_rows"),
    _e("E125", "no such part", "部品がありません",
       "The path of a part is taken from the folder of the robot that uses it.", "部品のパスは、使う側のロボットのフォルダーから数えます。",
       "- use: part/login.yaml", "- use: parts/login.yaml"),
    _e("E126", "parts in a circle", "部品が循環しています",
       "A part uses, directly or through others, itself.", "部品が、直接または別の部品を通して自分自身を使っています。",
       "# parts/a.yaml\n- use: a.yaml", "# parts/a.yaml\n- use: b.yaml"),
    _e("E127", "a part's inputs", "部品の入力が合いません",
       "`with:` must give what the part's `inputs:` ask for, in the right type, and nothing else.",
       "`with:` には、部品の `inputs:` が求める値を正しい型で過不足なく書きます。",
       "- use: parts/login.yaml\n  with: {usr: 山田}", "- use: parts/login.yaml\n  with: {user: 山田}"),
    _e("E130", "a backslash in double quotes", "二重引用符の中の「\\」",
       "In double quotes \\ begins a code such as \\n. Windows paths go into single quotes.",
       "二重引用符の中では「\\」は \\n のような記号の始まりです。Windowsのパスは単一引用符で囲みます。",
       '- read_table: "C:\\data\\経費.xlsx"', "- read_table: 'C:\\data\\経費.xlsx'"),
    _e("E131", "an unquoted ${} inside { } or [ ]", "{ } や [ ] の中の引用符のない ${}",
       "Inside braces and brackets YAML takes the brace of ${ for its own.", "波括弧や角括弧の中では、${ の括弧がYAMLの記号とみなされます。",
       "- fill: {金額: ${row.金額}}", '- fill: {金額: "${row.金額}"}'),
    _e("E132", "{{ }} computes nothing", "{{ }} は計算されません",
       "bofbot has one marker for computed values: ${ }.", "計算する値の印は ${ } だけです。",
       '- open: "/claims/{{ id }}"', "- open: /claims/${id}"),
    _e("E133", "${{ }} has a brace too many", "${{ }} は括弧が多すぎます",
       "GitHub Actions writes ${{ }}; bofbot writes ${ }.", "GitHub Actionsでは ${{ }} ですが、bofbotでは ${ } です。",
       "- open: /claims/${{ id }}", "- open: /claims/${id}"),
    _e("E134", "a key cannot be computed", "キーは計算できません",
       "Keys are labels and columns; they must be readable before the run.", "キーは欄や列の名前なので、実行前に決まっている必要があります。",
       '- fill: {"${label}": 100}', "- fill: {金額: 100}"),
    _e("E135", "must be known before the run", "実行前に決まっている必要があります",
       "Names, times and files of parts are needed to check and plan the robot.", "名前・時間・部品のファイルなどは、検査と計画のために必要です。",
       "- use: ${inputs.part}", "- use: parts/login.yaml"),
    _e("E140", "an expression that cannot be understood", "解釈できない式",
       "Inside ${ } stands one expression: names, numbers, texts in quotes, + - * / // %, comparisons, and or not in, a if c else b, and functions.",
       "${ } の中には式を一つ書きます。使えるのは名前、数、引用符で囲んだ文字、+ - * / // %、比較、and or not in、a if c else b、関数です。",
       "- check: ${row.金額 = 0}", "- check: ${row.金額 == 0}"),
    _e("E141", "not in this language", "この言語にはありません",
       "Expressions are a small part of Python. Loops are `for_each`, assignments are `set`; more than that belongs into a verb of your own.",
       "式はPythonの小さな一部です。繰り返しは `for_each`、代入は `set` を使います。それ以上は自作の動詞にしてください。",
       "- set: {n: \"${[r.金額 for r in rows]}\"}", '- set: {n: "${column(rows, \'金額\')}"}'),
    _e("E142", "no such function", "その関数はありません",
       "Only the functions of the reference can be called, as f(x), never x.f().", "呼べるのは一覧の関数だけで、x.f() ではなく f(x) と書きます。",
       "- check: ${row.科目.upper() == \"A\"}", "- check: ${upper(row.科目) == \"A\"}"),
    _e("E143", "the wrong arguments", "引数が合いません",
       "The message shows how the function is written; arguments with = may be left out.", "関数の書き方を示します。= の付いた引数は省略できます。",
       "- check: ${contains(\"a\")}", "- check: ${contains(row.摘要, \"a\")}"),
    _e("E144", "an expression too long or too deep", "長すぎる式、深すぎる式",
       "At most 2,000 characters and 32 levels. Name the steps of a calculation with `set`.", "2,000文字、32段までです。途中の値に `set` で名前を付けてください。",
       "- check: ${((((((((((((((((((((((((((((((((1))))))))))) …}", "- set: {total: \"${sum(rows, '金額')}\"}\n- check: ${total > 0}"),
    _e("E145", "${ is never closed", "${ が閉じられていません",
       "The closing brace is missing. A literal ${ is written $${.", "閉じる } がありません。文字としての ${ は $${ と書きます。",
       "- open: /claims/${row.番号", "- open: /claims/${row.番号}"),
    _e("E150", "an unknown name", "知らない名前",
       "A name is known after the step that makes it: save_as, set, the `as` of a loop. Names made inside a loop end with it. Inputs are inputs.x, secrets are secrets.x.",
       "名前は、それを作る手順（save_as、set、ループの as）より後で使えます。ループの中の名前はループの中だけです。入力は inputs.x、秘密は secrets.x と書きます。",
       "- open: /claims/${row.番号}", "- for_each: ${rows}\n  as: row\n  steps:\n    - open: /claims/${row.番号}"),
    _e("E151", "an unknown input", "知らない入力",
       "`inputs.x` must be declared under `inputs:`.", "`inputs.x` は `inputs:` で宣言します。",
       "- read_table: ${inputs.fiel}", "- read_table: ${inputs.file}"),
    _e("E152", "an undeclared secret", "宣言されていない秘密",
       "Every secret a robot uses is named at its top, so that an owner sees what it may reach.", "使う秘密は先頭の `secrets:` にすべて書きます。何に触れるかが一目で分かるようにするためです。",
       "- login: 経費システム", "secrets: [経費システム]\nsteps:\n  - login: 経費システム"),
    _e("E153", "an unknown column or field", "知らない列・項目",
       "The table was read with `columns:`, and this one is not among them. Headings are compared without regard to width and spaces.",
       "`columns:` で読んだ表に、この列はありません。見出しの全角・半角や空白の違いは問いません。",
       '- check: ${sum(rows, "金かく") > 0}', '- check: ${sum(rows, "金額") > 0}'),
    _e("E154", "a secret where none may be", "秘密の値を使えない場所",
       "Secrets go into fill, login, mail and HTTP authentication only. Anywhere else they would end up in logs, files or addresses.",
       "秘密の値を使えるのは fill、login、メール、HTTP認証だけです。ほかではログやファイル、アドレスに残ってしまいます。",
       "- open: /?token=${secrets.api.token}", "- fill: {トークン: \"${secrets.api.token}\"}"),
    _e("E155", "true or false is needed", "真偽値が必要です",
       "`if` and `check` take nothing for true but true: a text or a number there is a mistake.", "`if` と `check` は真偽値だけを受け取ります。文字や数を書くのは誤りです。",
       "- wait: 1s\n  if: ${sum(rows, \"金額\")}", "- wait: 1s\n  if: ${sum(rows, \"金額\") > 0}"),
    _e("E156", "a registration without a key", "キーのない登録",
       "The key is what makes sure that no item is registered twice, whatever crashes and however often the robot is started.",
       "キーがあるからこそ、途中で落ちても何度実行しても、同じ件を二重に登録しません。",
       "- for_each: ${rows}\n  as: row\n  steps:\n    - submit: 登録\n      expect: 登録しました\n      on_unknown: ask",
       "- for_each: ${rows}\n  as: row\n  key: ${row.申請番号}\n  steps:\n    - submit: 登録\n      expect: 登録しました\n      on_unknown: ask"),
    _e("W201", "nobody answers for this robot", "責任者がいません",
       "Robots without an owner are the ones an office fears: nobody knows who may change or stop them.", "責任者のないロボットは、誰が直し誰が止めてよいか分からなくなります（野良ロボット）。",
       "bofbot: 1\nname: 経費", "bofbot: 1\nname: 経費\nowner: 経理部"),
    _e("W202", "nobody knows what it is for", "目的が書かれていません",
       "One sentence is enough.", "一文で十分です。",
       "bofbot: 1\nname: 経費", "bofbot: 1\nname: 経費\npurpose: 経費.xlsx の各行を経費システムに登録する"),
    _e("W203", "the review is overdue", "見直しの期限が過ぎています",
       "Somebody promised to look at the robot by that day.", "その日までに見直す約束でした。",
       "review_by: 2024-03-31", "review_by: 2027-03-31"),
    _e("W204", "a registration that each run repeats", "実行のたびに行われる登録",
       "Outside of a loop a `submit` belongs to its run: the next run registers it anew. With a `key` it is done once for ever.",
       "ループの外の `submit` は実行ごとに行われます。`key` を書くと、同じキーでは一度しか行いません。",
       "- submit: 登録\n  expect: 登録しました\n  on_unknown: ask",
       "- submit: 登録\n  key: ${inputs.month}\n  expect: 登録しました\n  on_unknown: ask"),
)  # fmt: skip

CATALOG: dict[str, Entry] = {entry.code: entry for entry in _ENTRIES}
"""Every code, in order."""
