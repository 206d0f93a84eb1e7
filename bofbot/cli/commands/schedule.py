"""`bofbot schedule`: when robots play, looked at and changed; configs/schedules.yaml keeps its comments."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.options import json_option
from bofbot.words import Sentence

MORE = Sentence(
    en="A sentence says when: `monthly 3rd business day 09:00`, `every weekday 8:30`, `last business day 18:00`, `every 15 minutes`, or five fields of cron.",
    ja="いつ実行するかは文で書きます：「毎月 第3営業日 09:00」「毎月25日(休みなら前日) 10:00」「月末最終営業日 18:00」「平日 9:00」「15分ごと」。cron の5項目も使えます。",
)


def arguments(parser: CommandParser) -> None:
    json_option(
        parser.part("list", Sentence(en="all schedules and how each stands", ja="予定と現在の状態を一覧する"))
    )
    added = parser.part("add", Sentence(en="write a new schedule", ja="予定を追加する"))
    _name(added)
    _settings(added, required=True)
    edited = parser.part("edit", Sentence(en="change a schedule", ja="予定を変更する"))
    _name(edited)
    _settings(edited, required=False)
    _pause(
        parser.part("pause", Sentence(en="let a schedule rest, with a reason", ja="理由を付けて予定を止める"))
    )
    _name(parser.part("resume", Sentence(en="end a pause", ja="止めた予定を再開する")))
    _next(parser.part("next", Sentence(en="the next five times", ja="次の5回の日時を表示する")))
    _name(parser.part("run-now", Sentence(en="play it once, now", ja="いますぐ1回実行する")))
    _history(
        parser.part("history", Sentence(en="what became of each time", ja="これまでの各回の結果を一覧する"))
    )
    _play(
        parser.part(
            "play",
            Sentence(
                en="play one noted time (`bofbot serve` calls this)",
                ja="記録された1回を実行する（`bofbot serve` が使う）",
            ),
        )
    )


def run(options: argparse.Namespace) -> int:
    if options.part in ("play", "run-now"):
        from bofbot.cli.commands import schedule_play

        return schedule_play.run(options)
    if options.part in ("add", "edit", "pause", "resume"):
        from bofbot.cli.commands import schedule_edit

        return schedule_edit.run(options)
    from bofbot.cli.commands import schedule_look

    return schedule_look.run(options)


def _name(parser: CommandParser, *, needed: bool = True) -> None:
    parser.option(
        "name",
        metavar="NAME",
        nargs=None if needed else "?",
        help=Sentence(en="the schedule's name", ja="予定の名前"),
    )


def _pause(parser: CommandParser) -> None:
    _name(parser)
    parser.option(
        "--why",
        required=True,
        metavar="…",
        help=Sentence(en="the reason, shown to everybody", ja="理由（一覧に表示される）"),
    )
    parser.option(
        "--until",
        metavar="2026-12-01",
        default="",
        help=Sentence(en="the day on which it plays again", ja="再開する日"),
    )


def _next(parser: CommandParser) -> None:
    _name(parser, needed=False)
    parser.option("--when", metavar="…", help=Sentence(en="a sentence to try out", ja="試してみる文"))
    _where(parser)
    json_option(parser)


def _history(parser: CommandParser) -> None:
    _name(parser, needed=False)
    parser.option(
        "--limit",
        type=int,
        default=20,
        metavar="N",
        help=Sentence(en="at most N, usually 20", ja="最大 N 件（通常 20）"),
    )
    json_option(parser)


def _play(parser: CommandParser) -> None:
    parser.option("slot", type=int, metavar="NUMBER", help=Sentence(en="its number", ja="番号"))
    parser.option(
        "--again",
        action="store_true",
        help=Sentence(en="go on where a dead process stopped", ja="途中で終了したところから続ける"),
    )


def _settings(parser: CommandParser, *, required: bool) -> None:
    parser.option(
        "--robot",
        required=required,
        metavar="ROBOT",
        help=Sentence(en="a robot in robots/", ja="robots/ の中のロボット"),
    )
    parser.option(
        "--when",
        required=required,
        metavar="…",
        help=Sentence(en="a sentence, or cron", ja="いつ（文または cron）"),
    )
    _where(parser)
    parser.option(
        "-i",
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=Sentence(en="an input of the robot", ja="ロボットの入力"),
    )
    _lateness(parser)
    _triggers(parser)
    parser.option(
        "--owner",
        metavar="NAME",
        help=Sentence(en="who is told: a channel under `notify:`", ja="連絡先（`notify:` の名前）"),
    )


def _lateness(parser: CommandParser) -> None:
    """What becomes of times that were missed, that meet the one before, that end too late."""
    parser.option(
        "--catch-up",
        choices=("latest", "all", "none"),
        help=Sentence(en="what to play after a stop, usually latest", ja="停止後に実行する分（通常 latest）"),
    )
    parser.option(
        "--overlap",
        choices=("skip", "queue"),
        help=Sentence(en="when the last one still plays, usually skip", ja="前回が実行中のとき（通常 skip）"),
    )
    parser.option(
        "--deadline",
        metavar="2h",
        help=Sentence(en="late after this, or at this time of day", ja="期限（経過時間または時刻）"),
    )


def _triggers(parser: CommandParser) -> None:
    """What begins a schedule that has no time."""
    parser.option(
        "--mail",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=Sentence(
            en="for `a mail arrives`: mailbox=SECRET, from=, subject=, attachment=, save=",
            ja="「メールが届いたら」の条件：mailbox=秘密情報名、from=、subject=、attachment=、save=",
        ),
    )
    parser.option(
        "--secret",
        metavar="NAME",
        help=Sentence(en="for a webhook: what signs its calls", ja="Webhook の署名に使う秘密情報"),
    )


def _where(parser: CommandParser) -> None:
    parser.option(
        "--calendar",
        metavar="NAME",
        help=Sentence(
            en="japan, bank, company, none, us, … or a CSV file",
            ja="japan、bank、company、none、us など、または CSV ファイル",
        ),
    )
    parser.option("--zone", metavar="Asia/Tokyo", help=Sentence(en="time zone", ja="タイムゾーン"))
