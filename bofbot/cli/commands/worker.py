"""`bofbot worker`: plays what is queued, on any number of machines; and looks after the workers there are."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option, project_folder
from bofbot.cli.screen import columns, put, put_json, say
from bofbot.errors import UsageError
from bofbot.words import Language, Sentence

if TYPE_CHECKING:
    from bofbot.engine.worker import Worker
    from bofbot.office import Office
    from bofbot.shelving import Shelver
    from bofbot.store import Store
    from bofbot.store.workers import WorkerRow

MORE = Sentence(
    en="Without a word it plays; `list`, `drain WORKER` and `evict WORKER` look after the workers of the store."
    " SIGTERM lets what is playing end; a second one stops it, to go on elsewhere.",
    ja="何も付けなければ実行を始めます。`list`・`drain ワーカー`・`evict ワーカー` で稼働中のワーカーを管理します。"
    "SIGTERM を受け取ると実行中のものが終わるのを待ち、もう一度受け取ると中断して別の端末に任せます。",
)


def arguments(parser: CommandParser) -> None:
    parser.option(
        "what",
        nargs="?",
        choices=("list", "drain", "evict"),
        help=Sentence(
            en="list, drain or evict; nothing: play", ja="list・drain・evict。省略すると実行を始める"
        ),
    )
    parser.option(
        "worker",
        nargs="?",
        default="",
        metavar="WORKER",
        help=Sentence(en="its name, or a beginning of it", ja="ワーカーの名前（先頭だけでもよい）"),
    )
    store_option(parser)
    parser.option(
        "--can",
        default="",
        metavar="browser,sheet",
        help=Sentence(
            en="what it plays: browser, sheet, desktop; usually all that this machine can",
            ja="実行できる種類：browser・sheet・desktop（省略時はこの端末でできるすべて）",
        ),
    )
    parser.option(
        "--at-most",
        type=int,
        metavar="N",
        help=Sentence(
            en="robots of one kind at once, usually 2; the same for all workers",
            ja="種類ごとの同時実行数（通常 2。全ワーカー共通）",
        ),
    )
    json_option(parser)


def store_option(parser: CommandParser) -> None:
    """`--store` of `serve` and `worker`."""
    parser.option(
        "--store",
        metavar="postgresql://…",
        help=Sentence(en="the store, in place of the settings'", ja="記録の接続先（設定より優先）"),
    )


def run(options: argparse.Namespace) -> int:
    if options.what:
        return _look_after(options)
    from bofbot.engine.worker import Worker

    can = capabilities(options.can)
    folder = project_folder()
    os.chdir(folder)  # robots and a store's relative path are meant from here
    with office_for(options, folder) as office:
        worker = Worker(office, can, at_once=options.at_most)
        worker.start()
        ending_by_signals(worker, options.language, lambda: None, threading.Event())
        said = ", ".join(can)
        say(
            Sentence(
                en=f"{office.store.owner} plays {said}", ja=f"{office.store.owner} を開始しました（{said}）"
            ),
            options.language,
        )
        shelver = shelver_of(office, options.language)
        if shelver:
            shelver.start()
        while not worker.wait(0.5):
            pass
        if shelver:
            shelver.stop()
        worker.end()
    return 0


def shelver_of(office: Office, language: Language) -> Shelver | None:
    """Who copies evidence beside the runs; None when the settings name no place for it."""
    from bofbot.shelving import Shelver, shelving_of

    shelving = shelving_of(office)
    return Shelver(shelving, lambda said: say(said, language)) if shelving else None


def capabilities(asked: str = "") -> tuple[str, ...]:
    """What this machine plays: what is asked for, else pages and tables, and its screen where there is one.
    Raises UsageError."""
    host = socket.gethostname()
    if not asked:
        screen = sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY"))
        return ("browser", "sheet", *((f"desktop@{host}",) if screen else ()))
    known = {"browser": "browser", "sheet": "sheet", "desktop": f"desktop@{host}"}
    words = [word.strip() for word in asked.split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise UsageError(
                Sentence(en=f"a worker cannot be {word!r}", ja=f"「{word}」という種類はありません"),
                fix=Sentence(en="browser, sheet or desktop", ja="browser・sheet・desktop から選んでください"),
            )
    return tuple(known[word] for word in words)


def ending_by_signals(
    worker: Worker, language: Language, first: Callable[[], None], woken: threading.Event
) -> None:
    """SIGTERM or Ctrl-C drains; a second one stops."""
    times = 0

    def hear(number: int, frame: object) -> None:
        nonlocal times
        times += 1
        if times == 1:
            first()
            count = worker.playing
            worker.drain()
            if count:
                said = Sentence(
                    en=f"waiting for {count} that play; nothing new is started",
                    ja=f"実行中の {count} 件が終わるのを待っています。新しい実行は始めません",
                )
                say(said, language)
        else:
            worker.stop()
        woken.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, hear)


# Looking after workers --------------------------------------------------------------------------------------------


def _look_after(options: argparse.Namespace) -> int:
    from bofbot.cli.offices import settings_of
    from bofbot.office import store_of

    folder = project_folder()
    settings = settings_of(folder)
    if options.store:
        settings = settings.model_copy(update={"store": options.store})
    with store_of(folder, settings) as store:
        if options.what == "list":
            return _list(store, options)
        row = _meant(store, options.worker)
        if options.what == "drain":
            store.workers.ask_to_drain(row.process)
            say(
                Sentence(
                    en=f"{row.process} takes nothing more", ja=f"{row.process} は新しい実行を始めません"
                ),
                options.language,
            )
            return 0
        return _evict(store, row, options)


def _evict(store: Store, row: WorkerRow, options: argparse.Namespace) -> int:
    """End its lease by force: it stops itself as soon as it can do anything, and others go on at once."""
    if row.alive and not store.evict(row.process):
        raise UsageError(
            Sentence(
                en=f"{row.process} runs on another machine and its lease cannot be ended from here",
                ja=f"{row.process} は別の端末で動いているため、ここからは終了できません",
            ),
            fix=Sentence(en="end the process there", ja="その端末でプロセスを終了してください"),
        )
    store.workers.leave(row.process)
    say(
        Sentence(
            en=f"{row.process} is out; its work goes on elsewhere",
            ja=f"{row.process} を外しました。実行は別のワーカーが引き継ぎます",
        ),
        options.language,
    )
    return 0


def _meant(store: Store, word: str) -> WorkerRow:
    found = [
        row for row in store.workers.all() if word and (row.process == word or row.process.startswith(word))
    ]
    exact = [row for row in found if row.process == word] or found
    if len(exact) == 1:
        return exact[0]
    raise UsageError(
        Sentence(en=f"which worker is {word!r}?", ja=f"どのワーカーか分かりません：{word!r}"),
        fix=Sentence(
            en="`bofbot worker list` names them", ja="`bofbot worker list` で名前を確認してください"
        ),
    )


def _list(store: Store, options: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    rows = store.workers.all()
    if options.json:
        put_json([_as_json(row, now) for row in rows])
        return 0
    japanese = options.language == "ja"
    lines = [
        (row.process, _state(row, now).said_in(options.language), " ".join(row.can), str(row.playing), row.seen.astimezone().strftime("%m-%d %H:%M:%S"))
        for row in rows
    ]  # fmt: skip
    head = (
        ("ワーカー", "状態", "実行できる種類", "実行中", "最終確認")
        if japanese
        else ("worker", "state", "plays", "now", "seen")
    )
    for line in columns([head, *lines]):
        put(line)
    return 0


def _as_json(row: WorkerRow, now: datetime) -> dict[str, object]:
    return {
        "worker": row.process, "state": _state(row, now).en, "can": row.can, "playing": row.playing,
        "since": row.since.isoformat(), "seen": row.seen.isoformat(),
    }  # fmt: skip


def _state(row: WorkerRow, now: datetime) -> Sentence:
    if not row.alive:
        return Sentence(en="dead", ja="終了済み")
    if row.is_hung(now):
        return Sentence(en="stands still", ja="応答なし")
    if row.wanted == "drain":
        return Sentence(en="ending", ja="終了待ち")
    return Sentence(en="well", ja="稼働中")
