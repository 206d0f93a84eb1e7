"""Every command: where it lives and what it is for, in English and Japanese.

Plain pairs, not `Sentence`s: importing dataclasses alone takes longer than all of `bofbot --help` may."""

Help = tuple[str, str]
"""One line in English, one in Japanese."""

COMMANDS: dict[str, tuple[str, Help]] = {
    # begin
    "init": (
        "bofbot.cli.commands.init",
        ("make a folder ready for robots", "フォルダーをロボット用に準備する"),
    ),
    "new": (
        "bofbot.cli.commands.new",
        ("write a small working robot to begin with", "動く小さなロボットのひな形を作る"),
    ),
    "demo": (
        "bofbot.cli.commands.demo",
        ("play the practice robots against the practice portal", "練習用サイトでロボットを実演する"),
    ),
    "doctor": (
        "bofbot.cli.commands.doctor",
        ("say what this machine lacks and how to get it", "足りないものと入れ方を調べる"),
    ),
    # play
    "run": ("bofbot.cli.commands.run", ("play a robot", "ロボットを実行する")),
    "plan": (
        "bofbot.cli.commands.plan",
        ("say what a robot would do, touching nothing", "何が行われるかを文章で示す（何も操作しない）"),
    ),
    "validate": ("bofbot.cli.commands.validate", ("check robot files", "ロボットファイルを検査する")),
    "probe": (
        "bofbot.cli.commands.probe",
        (
            "log in and look, downloading nothing: have the pages changed?",
            "ログインして画面の変化だけを確かめる",
        ),
    ),
    "retry": (
        "bofbot.cli.commands.retry",
        ("play only the items that failed in a run", "失敗した件だけをやり直す"),
    ),
    "resume": ("bofbot.cli.commands.resume", ("go on where a run stopped", "止まったところから続ける")),
    "approve": (
        "bofbot.cli.commands.approve",
        ("say yes to what a robot would do", "ロボットの実行内容を承認する"),
    ),
    "waiting": (
        "bofbot.cli.commands.waiting",
        (
            "list what waits for a person, and what to type",
            "担当者を待っているものと、入力するコマンドを一覧する",
        ),
    ),
    "answer": (
        "bofbot.cli.commands.answer",
        ("answer what a robot asks, so that it goes on", "ロボットの質問に回答して、続きを実行させる"),
    ),
    "cancel": (
        "bofbot.cli.commands.cancel",
        ("give up a run that waits for a person", "担当者待ちの実行を取りやめる"),
    ),
    "resolve": (
        "bofbot.cli.commands.resolve",
        ("say what became of an item nobody could prove", "結果の分からない件がどうなったかを登録する"),
    ),
    # on time
    "schedule": (
        "bofbot.cli.commands.schedule",
        ("say when robots play, and see whether they did", "予定を登録し、実行されたかを確かめる"),
    ),
    "serve": (
        "bofbot.cli.commands.serve",
        ("keep running and play what is due", "常駐して予定どおりに実行する"),
    ),
    "queue": ("bofbot.cli.commands.queue", ("ask for a run that a worker plays", "実行を順番待ちに登録する")),
    "worker": (
        "bofbot.cli.commands.worker",
        ("play what is queued, on any number of machines", "順番待ちの実行を引き受ける（複数端末可）"),
    ),
    # look
    "list": (
        "bofbot.cli.commands.list",
        ("list the robots here and how each last went", "ロボットと直近の結果を一覧する"),
    ),
    "show": ("bofbot.cli.commands.show", ("show what happened in a run", "実行の内容を表示する")),
    "logs": ("bofbot.cli.commands.logs", ("print the log of a run", "実行のログを表示する")),
    "report": ("bofbot.cli.commands.report", ("write the report of a run again", "実行の報告書を作り直す")),
    "journal": (
        "bofbot.cli.commands.journal",
        ("prove that the journal was not altered", "記録が改ざんされていないことを確かめる"),
    ),
    # look after
    "health": (
        "bofbot.cli.commands.health",
        ("say whether all is well, for people and monitors", "問題がないかを確かめる（監視用）"),
    ),
    "service": (
        "bofbot.cli.commands.service",
        (
            "write what keeps bofbot running: systemd, Docker",
            "常駐させるための設定を書き出す（systemd・Docker）",
        ),
    ),
    "backup": (
        "bofbot.cli.commands.backup",
        (
            "keep store, queue and key in one file, also while runs play",
            "記録と鍵を1つのファイルに保存する（実行中も可）",
        ),
    ),
    "restore": (
        "bofbot.cli.commands.restore",
        ("put a backup back and prove it", "バックアップから復元し、検証する"),
    ),
    "tidy": (
        "bofbot.cli.commands.tidy",
        ("remove evidence that is older than `keep:` says", "保存期間を過ぎた証跡を削除する"),
    ),
    # tools that need no robot
    "fill": (
        "bofbot.cli.commands.fill",
        ("enter every row of a table into a web form, once", "表の各行をウェブのフォームに1回ずつ入力する"),
    ),
    "statement": (
        "bofbot.cli.commands.statement",
        ("read a bank or card statement into a table", "銀行やカードの明細ファイルを表にする"),
    ),
    "reconcile": (
        "bofbot.cli.commands.reconcile",
        ("match the entries of two tables", "二つの表を突き合わせる"),
    ),
    "archive": (
        "bofbot.cli.commands.archive",
        ("file statements away and find them again", "明細ファイルを保管し、検索する"),
    ),
    "practice": (
        "bofbot.cli.commands.practice",
        ("serve the practice portal on this machine", "練習用サイトをこの端末で開く"),
    ),
    # write robots
    "record": (
        "bofbot.cli.commands.record",
        ("watch you in a browser and write a robot of it", "ブラウザーでの操作を記録してロボットにする"),
    ),
    "heal": (
        "bofbot.cli.commands.heal",
        ("propose how a robot follows a changed page", "画面の変化に合わせたロボットの修正案を示す"),
    ),
    "pick": (
        "bofbot.cli.commands.pick",
        ("show what a label means on a page, and why", "項目名がページのどの欄になるかを調べる"),
    ),
    "secret": (
        "bofbot.cli.commands.secret",
        ("keep a password where robots can find it", "パスワードなどの秘密情報を登録する"),
    ),
    "schema": (
        "bofbot.cli.commands.schema",
        ("write the schema that editors complete robots with", "エディター補完用のスキーマを書き出す"),
    ),
    "explain": (
        "bofbot.cli.commands.explain",
        ("explain an error code or a verb", "エラー番号や動詞を説明する"),
    ),
}

GROUPS: tuple[tuple[Help, tuple[str, ...]], ...] = (
    (("Begin", "はじめに"), ("init", "new", "demo", "doctor")),
    (("Play", "実行"), ("run", "plan", "probe", "validate", "retry", "resume")),
    (("On time", "予定"), ("schedule", "serve", "queue", "worker")),
    (("Decide", "判断"), ("waiting", "answer", "approve", "resolve", "cancel")),
    (("Look", "確認"), ("list", "show", "logs", "report", "journal")),
    (("Look after", "保守"), ("health", "service", "backup", "restore", "tidy")),
    (
        ("Without a robot", "ロボットなしで使う道具"),
        ("fill", "statement", "reconcile", "archive", "practice"),
    ),
    (("Write robots", "ロボットを書く"), ("record", "pick", "heal", "secret", "schema", "explain")),
)
