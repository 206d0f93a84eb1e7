"""`bofbot serve`: keeps ticking, and plays what is due in processes of its own."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.schedule_look import book_of
from bofbot.cli.screen import say
from bofbot.office import Office
from bofbot.schedule.book import FILE, Schedule
from bofbot.schedule.metronome import Metronome
from bofbot.schedule.server import Server
from bofbot.store.slots import SlotRow
from bofbot.words import Sentence

_BEAT_SECONDS = 1
_PAUSE = 0.25
_TELL_SECONDS = 20.0

MORE = Sentence(
    en="SIGTERM lets what is playing end and starts nothing more; a second one stops it, to go on at the next start.",
    ja="SIGTERM を受け取ると新しい実行を始めず、実行中のものが終わるのを待って終了します。もう一度受け取ると中断し、次回の起動時に続きから実行します。",
)


def arguments(parser: CommandParser) -> None:
    parser.option(
        "--at-most",
        type=int,
        default=2,
        metavar="N",
        help=Sentence(en="robots at once, usually 2", ja="同時に実行するロボットの数（通常 2）"),
    )


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        post = _Post(office)
        server = Server(
            office.store.slots,
            _Book(office),
            _Launcher(office),
            post.send,
            lambda: datetime.now(UTC),
            at_most=max(options.at_most, 1),
        )
        say(Sentence(en=f"ticking; schedules: {FILE}", ja=f"起動しました。予定表：{FILE}"), options.language)
        _serve(server, options)
        office.store.slots.leave()
        post.wait()
    return 0


def _serve(server: Server, options: argparse.Namespace) -> None:
    signals: list[int] = []
    woken = threading.Event()
    heard = 0

    def hear(number: int, frame: object) -> None:
        signals.append(number)
        woken.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, hear)

    def wait() -> bool:
        nonlocal heard
        woken.wait(_PAUSE)
        woken.clear()
        if len(signals) > heard:
            _hear(server, len(signals), options)
            heard = len(signals)
        return server.draining and not server.children

    Metronome(_BEAT_SECONDS, server.tick, lambda error: setattr(server, "trouble", str(error))).run(wait)


def _hear(server: Server, times: int, options: argparse.Namespace) -> None:
    if times > 1:
        server.stop_children()
        return
    server.draining = True
    if server.children:
        count = len(server.children)
        say(Sentence(en=f"waiting for {count} that play; nothing new is started", ja=f"実行中の {count} 件が終わるのを待っています。新しい実行は始めません"), options.language)  # fmt: skip


class _Book:
    """The schedules, read again when their file (or a file of days off) may have changed."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._seen: tuple[object, ...] | None = None
        self._book: Sequence[Schedule] = ()

    def __call__(self) -> Sequence[Schedule]:
        seen = self._stamp()
        if seen != self._seen:
            self._book = book_of(self._office.folder, self._office.settings)
            self._seen = seen
        return self._book

    def _stamp(self) -> tuple[object, ...]:
        files = sorted((self._office.folder / FILE.parent).glob("*"))
        days = self._office.settings.company_days
        files += [self._office.folder / days] if days else []
        return tuple(_stamp_of(file) for file in files)


def _stamp_of(file: Path) -> tuple[str, int, int]:
    try:
        stat = file.stat()
    except OSError:
        return (str(file), 0, 0)
    return (str(file), stat.st_mtime_ns, stat.st_size)


class _Launcher:
    """Starts the process of a slot; what it prints is kept in logs/serve until it has ended well."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._logs = office.folder / office.settings.logs / "serve"
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __call__(self, slot: SlotRow, again: bool) -> _Process:
        words = [
            "schedule",
            "play",
            str(slot.id),
            *(["--again"] if again else []),
            "--lang",
            self._office.language,
        ]
        log = self._logs / f"{slot.id}.log"
        with log.open("ab") as kept:
            process = subprocess.Popen(  # noqa: S603 (our own words)
                [sys.executable, "-m", "bofbot.cli", *words],
                cwd=self._office.folder,
                stdin=subprocess.DEVNULL,
                stdout=kept,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C at the terminal is for us, not for them
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        return _Process(process, log)


class _Process:
    """One child; its log goes when it ended well."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process, self._log = process, log

    def poll(self) -> int | None:
        code = self._process.poll()
        if code == 0:
            self._log.unlink(missing_ok=True)
        return code

    def terminate(self) -> None:
        self._process.terminate()


class _Post:
    """Notices to owners, each in a thread: a slow mail server must not stop the clock."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._threads: list[threading.Thread] = []

    def send(self, slot: SlotRow, message: Sentence) -> None:
        said = message.said_in(self._office.language)
        say(Sentence.same(f"{slot.schedule}: {said}"), self._office.language)
        channel = self._office.settings.notify.get(slot.owner)
        if channel is None or not channel.to:
            return
        self._threads = [one for one in self._threads if one.is_alive()]
        thread = threading.Thread(target=self._send, args=(channel.to, slot.schedule, said), daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(_TELL_SECONDS)

    def _send(self, to: tuple[str, ...], schedule: str, said: str) -> None:
        import asyncio

        from bofbot.adapters.notices import send
        from bofbot.errors import BofbotError

        try:
            asyncio.run(send(to, f"bofbot: {schedule}", said))
        except BofbotError as error:
            say(error.message, self._office.language)
