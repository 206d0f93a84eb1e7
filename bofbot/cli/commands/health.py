"""`bofbot health`: is everything well? For people, and for monitors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.health_look import Health, health_of
from bofbot.cli.commands.health_metrics import metrics_of
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option
from bofbot.cli.screen import put, put_json
from bofbot.files import atomic_write
from bofbot.words import Language, Sentence

MORE = Sentence(
    en="Ends with 0 when all is well, 1 when something is wrong, 6 when the store cannot be opened. What only wants a look (people who are waited for, a robot whose last run failed) is told, and counts with --strict.",
    ja="問題がなければ 0、問題があれば 1、記録を開けなければ 6 で終わります。担当者待ちや直近の失敗は表示だけで、--strict を付けると問題として数えます。",
)


def arguments(parser: CommandParser) -> None:
    json_option(parser)
    parser.option(
        "--metrics",
        nargs="?",
        const="-",
        metavar="FILE",
        help=Sentence(
            en="print the figures for Prometheus, or write them into FILE (whole, for node_exporter's textfile collector)",
            ja="Prometheus 形式で表示する。FILE を付けるとファイルに書き出す（node_exporter の textfile 用）",
        ),
    )
    parser.option(
        "--strict",
        action="store_true",
        help=Sentence(
            en="what wants a look counts as wrong too", ja="確認が必要なだけのものも問題として数える"
        ),
    )


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        health = health_of(office)
    if options.metrics == "-":
        put(metrics_of(health).rstrip("\n"))
    elif options.metrics:
        atomic_write(Path(options.metrics), metrics_of(health))
    elif options.json:
        put_json(_as_json(health, options.language))
    else:
        put("\n".join(_lines(health, options.language)))
    return int(any(one.wrong or options.strict for one in health.findings()))


def _lines(health: Health, language: Language) -> list[str]:
    alive = sum(beat.alive for beat in health.beats)
    workers = sum(one.alive for one in health.workers)
    figures = Sentence(
        en=f"serve {alive}, workers {workers}, playing {health.running}, queued {health.queued}, schedules {len(health.standings)}, disk {health.free / 1e9:,.1f} GB free, journal {health.records} records",
        ja=f"serve {alive}、worker {workers}、実行中 {health.running}、順番待ち {health.queued}、予定 {len(health.standings)}、ディスク空き {health.free / 1e9:,.1f} GB、ジャーナル {health.records} 件",
    )
    findings = health.findings()
    well = (
        []
        if any(one.wrong for one in findings)
        else [(_NOTHING_WRONG if findings else _WELL).said_in(language)]
    )
    marks = [("✗ " if one.wrong else "! ") + one.said.said_in(language) for one in findings]
    return [*well, *marks, figures.said_in(language)]


def _as_json(health: Health, language: Language) -> dict[str, Any]:
    return {
        "ok": not any(one.wrong for one in health.findings()),
        "at": health.at.isoformat(),
        "findings": [{"wrong": one.wrong, "name": one.name, "said": one.said.said_in(language)} for one in health.findings()],
        "serve": [{"process": one.process, "at": one.at.isoformat(), "alive": one.alive} for one in health.beats],
        "workers": [
            {"process": one.process, "seen": one.seen.isoformat(), "alive": one.alive, "playing": one.playing} for one in health.workers
        ],
        "schedules": [
            {
                "name": one.schedule.name,
                "state": one.key,
                "succeeded": health.succeeded[one.schedule.name].isoformat() if one.schedule.name in health.succeeded else None,
                "next": one.next.at.isoformat() if one.next else None,
            }
            for one in health.standings
        ],
        "waiting": {
            "items": health.items_waiting, "runs": health.runs_waiting, "questions": len(health.questions), "late": health.questions_late,
        },
        "runs": {"running": health.running, "lost": health.lost, "late": health.late},
        "queue": {"waiting": health.queued, "playing": health.playing},
        "evidence": {"uncopied": health.uncopied},
        "disk": {"free": health.free, "size": health.size},
        "journal": {"records": health.records, "head_ok": health.head_ok},
    }  # fmt: skip


_WELL = Sentence(en="✓ all is well", ja="✓ 問題はありません")
_NOTHING_WRONG = Sentence(
    en="✓ nothing is wrong; these want a look:", ja="✓ 異常はありません。次の点を確認してください："
)
