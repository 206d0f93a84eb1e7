"""`bofbot fill`: enter every row of a table into a web form, each once, without writing a robot first."""

from __future__ import annotations

import argparse
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.options import as_kept, dry_run_option, in_project, item_range, items_option, project_folder
from bofbot.cli.playing import now, play_options, play_plan
from bofbot.errors import UsageError
from bofbot.words import Sentence

_VALUES: tuple[tuple[str, str, Sentence], ...] = (
    ("--key", "COLUMN", Sentence(
        en="the column that identifies a row for ever: what was entered is never entered again",
        ja="行を永久に識別する列。登録済みの行は二度と登録しない",
    )),
    ("--submit", "WORDS", Sentence(en="the words on the button that registers", ja="登録するボタンの文字")),
    ("--expect", "WORDS", Sentence(
        en="words that appear when it was registered", ja="登録できたときに表示される文字"
    )),
    ("--receipt", "LABEL", Sentence(
        en="the label of the receipt number; it is written into a column of that name",
        ja="受付番号の項目名。同じ名前の列に書き戻す",
    )),
    ("--login", "NAME", Sentence(en="log in first with this secret", ja="最初にこの秘密情報でログインする")),
    ("--login-at", "URL", Sentence(en="the log-in page", ja="ログインページの URL")),
    ("--verify", "URL", Sentence(
        en="where to look when an outcome is unknown, {key} in it; else a person is asked",
        ja="結果が不明なときに調べる URL（{key} を含む）。省略すると担当者に任せる",
    )),
    ("--control", "LABEL", Sentence(
        en="with --verify: the label of that page's own count of rows",
        ja="--verify の画面にある件数の項目名",
    )),
    ("--sheet", "NAME", Sentence(en="the sheet of the workbook", ja="ブックのシート名")),
    ("--write-robot", "FILE", Sentence(
        en="keep the robot here, to play and schedule it later", ja="同じ内容のロボットをこのファイルに残す"
    )),
)  # fmt: skip


def arguments(parser: CommandParser) -> None:
    parser.option(
        "url", metavar="URL", help=Sentence(en="the page with the form", ja="フォームのページの URL")
    )
    parser.option(
        "table",
        type=Path,
        metavar="TABLE",
        help=Sentence(
            en="a workbook or CSV file whose headings are the form's labels",
            ja="見出しがフォームの項目名と同じブックか CSV",
        ),
    )
    for name, word, said in _VALUES:
        parser.option(name, metavar=word, default="", help=said)
    parser.option(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=LABEL",
        help=Sentence(
            en="a column whose field has another label; may be repeated",
            ja="項目名が見出しと違う列（繰り返し指定可）",
        ),
    )
    parser.option(
        "--skip",
        action="append",
        default=[],
        metavar="COLUMN",
        help=Sentence(en="a column that is no field; may be repeated", ja="入力しない列（繰り返し指定可）"),
    )
    items_option(parser)
    dry_run_option(parser)
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    # Here, so that `bofbot fill --help` needs none of it.
    from bofbot.actions import VerbTable
    from bofbot.cli.commands.fill_robot import Form, robot_name, robot_text
    from bofbot.cli.offices import office_for
    from bofbot.files import atomic_write, safe_name
    from bofbot.language.loader import load_robot
    from bofbot.plan import Extent, make_plan
    from bofbot.recorder.rows import first_row

    _demand(options)
    folder = project_folder()
    mapped = _mapped(options.map)
    items = item_range(options.items)
    table = first_row(options.table, in_project(options.table, folder), options.sheet)
    form = Form(
        url=options.url, key=options.key, submit=options.submit, expect=options.expect, receipt=options.receipt,
        login=options.login, login_at=options.login_at, verify=options.verify, control=options.control,
        mapped=mapped, skipped=tuple(options.skip),
    )  # fmt: skip
    with office_for(options, folder) as office:
        kept = folder / office.settings.logs / "fill" / f"{safe_name(robot_name(form.url))}.yaml"
        text = robot_text(form, table, options.language)
        file = Path(options.write_robot) if options.write_robot else kept
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(file, text)
        if file != kept:
            kept.unlink(missing_ok=True)  # from now on the kept file is the robot of this form
        robot = load_robot(as_kept(file, folder), VerbTable())
        extent = Extent(mode="dry-run" if options.dry_run else "run", items=items)
        return play_plan(office, make_plan(robot, {}, now, extent), options)


def _demand(options: argparse.Namespace) -> None:
    """What must be said together. Raises UsageError before anything is touched."""
    if not options.url.startswith(("http://", "https://")):
        raise UsageError(
            Sentence(en=f"{options.url} is no address", ja=f"{options.url} は URL ではありません"),
            fix=Sentence(en="write it whole: https://…", ja="https:// から書いてください"),
        )
    if not options.key:
        raise UsageError(
            Sentence(
                en="--key is needed: without it a second run would enter every row again",
                ja="--key が必要です。指定しないと、もう一度実行したときに全行が二重に登録されます",
            ),
            fix=Sentence(
                en="name the column that identifies a row, e.g. --key 申請番号",
                ja="行を識別する列を指定してください（例 --key 申請番号）",
            ),
        )
    for given, name, needed, other in (
        (not options.dry_run, "", options.submit, "--submit"),
        (not options.dry_run or options.submit, "", options.expect, "--expect"),
        (options.receipt, "--receipt", options.submit, "--submit"),
        (options.login, "--login", options.login_at, "--login-at"),
        (options.login_at, "--login-at", options.login, "--login"),
        (options.control, "--control", options.verify, "--verify"),
    ):
        if given and not needed:
            raise _missing(name, other)
    if options.verify and "{key}" not in options.verify:
        raise UsageError(
            Sentence(
                en="--verify needs {key} in its address", ja="--verify の URL には {key} を含めてください"
            )
        )


def _missing(name: str, other: str) -> UsageError:
    if name:
        return UsageError(Sentence(en=f"{name} needs {other}", ja=f"{name} には {other} が必要です"))
    return UsageError(
        Sentence(
            en=f"{other} is needed: what registers a row, and what proves it",
            ja=f"{other} が必要です（登録するボタンと、登録できた証拠）",
        ),
        fix=Sentence(
            en="e.g. --submit 登録 --expect 登録しました; or --dry-run to fill only",
            ja="例：--submit 登録 --expect 登録しました。入力だけ試すなら --dry-run",
        ),
    )


def _mapped(words: list[str]) -> dict[str, str]:
    """`["金額=税込金額"]` → column to label."""
    mapped: dict[str, str] = {}
    for word in words:
        column, separator, label = word.partition("=")
        if not separator or not column.strip() or not label.strip() or column.strip() in mapped:
            raise UsageError(
                Sentence(
                    en=f'--map is written column=label, each column once, not "{word}"',
                    ja=f"--map は 列=項目名 と、列ごとに1回だけ書きます：「{word}」",
                )
            )
        mapped[column.strip()] = label.strip()
    return mapped
