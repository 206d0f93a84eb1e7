"""`bofbot serve`: keeps ticking, puts what is due into the queue, and plays what is queued."""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.schedule_look import book_of
from bofbot.cli.commands.serve_hooks import listener_of
from bofbot.cli.commands.tidy import Daily
from bofbot.cli.commands.worker import capabilities, ending_by_signals, shelver_of, store_option
from bofbot.cli.offices import office_for
from bofbot.cli.options import project_folder, robot_file
from bofbot.cli.screen import say
from bofbot.errors import BofbotError
from bofbot.office import Office
from bofbot.schedule.book import FILE, Schedule
from bofbot.schedule.mailing import Mailing
from bofbot.schedule.mailing import Secrets as MailSecrets
from bofbot.schedule.metronome import Metronome
from bofbot.schedule.server import Server
from bofbot.store.positions import Positions
from bofbot.store.slots import SlotRow, SlotState
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.engine.queue import Queues
    from bofbot.engine.worker import Worker

_BEAT_SECONDS = 1
_MANY = 1_000_000
"""The queue decides how many play at once, and how often a run is tried again."""
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
        metavar="N",
        help=Sentence(en="robots at once, usually 2", ja="同時に実行するロボットの数（通常 2）"),
    )
    store_option(parser)


def run(options: argparse.Namespace) -> int:
    from bofbot.engine.worker import Worker

    folder = project_folder()
    os.chdir(folder)  # robots and a store's relative path are meant from here
    with office_for(options, folder) as office:
        post = _Post(office)
        worker = Worker(office, capabilities(), at_once=options.at_most)
        server = Server(
            office.store.slots,
            _Book(office),
            _Launcher(office, worker.queues),
            post.send,
            lambda: datetime.now(UTC),
            at_most=_MANY,
            dead=office.store.is_dead,
            most_launches=_MANY,
            most_resumes=_MANY,
            mailing=_mailing(office),
            language=office.language,
        )
        listener = listener_of(office, server.book)
        shelver = shelver_of(office, options.language)
        worker.start()
        for one in (listener, shelver):
            if one:
                one.start()
        say(Sentence(en=f"ticking; schedules: {FILE}", ja=f"起動しました。予定表：{FILE}"), options.language)
        _serve(server, worker, Daily(office), options)
        for one in (listener, shelver):
            if one:
                one.stop()
        office.store.slots.leave()
        post.wait()
        worker.end()
    return 0


def _mailing(office: Office) -> Mailing:
    secrets = MailSecrets(office.secrets.get, office.secrets.burn)
    return Mailing(office.store.slots, Positions(office.store.database), secrets, office.folder)


def _serve(server: Server, worker: Worker, daily: Daily, options: argparse.Namespace) -> None:
    woken = threading.Event()

    def first() -> None:
        server.draining = True

    def wait() -> bool:
        woken.wait(_PAUSE)
        woken.clear()
        return worker.wait(0)

    def beat() -> None:
        server.tick()
        daily()

    ending_by_signals(worker, options.language, first, woken)
    Metronome(_BEAT_SECONDS, beat, lambda error: setattr(server, "trouble", str(error))).run(wait)


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
    """Puts a slot into the queue; its order is named for ever by schedule and nominal time, so that twice is once."""

    def __init__(self, office: Office, queues: Queues) -> None:
        self._office, self._queues = office, queues

    def __call__(self, slot: SlotRow, again: bool) -> _Ordered:
        from bofbot.engine.order import order_for
        from bofbot.engine.playing import ELSEWHERE

        order_id = f"{slot.schedule}:{slot.nominal}"
        try:
            order = order_for(robot_file(slot.robot, self._office.folder), slot.inputs, slot=slot.id)
        except BofbotError as wrong:
            self._office.store.slots.end(slot.id, "failed", datetime.now(UTC), wrong.message, tell=True)
            return _Ordered(self._office, self._queues, slot, "")
        result = self._queues.result(order_id)
        if (
            again and result is not None and result["outcome"] == ELSEWHERE
        ):  # who played it then has died since
            order_id = f"{order_id} again {slot.launches}"
        self._queues.put(order_id, order)
        return _Ordered(self._office, self._queues, slot, order_id)


class _Ordered:
    """A slot in the queue: open until its order is over."""

    def __init__(self, office: Office, queues: Queues, slot: SlotRow, order_id: str) -> None:
        self._office, self._queues, self._slot, self._order_id = office, queues, slot, order_id

    def poll(self) -> int | None:
        if not self._order_id:
            return 1
        result = self._queues.result(self._order_id)
        if result is None:
            return None
        from bofbot.engine.playing import ELSEWHERE

        if result["outcome"] == "cancelled":
            self._office.store.slots.end(self._slot.id, "skipped", datetime.now(UTC), _CANCELLED)
        elif result["outcome"] != ELSEWHERE:  # told already, unless the store is younger than the queue
            state: SlotState = "done" if result["outcome"] == "done" else "failed"
            self._office.store.slots.end(self._slot.id, state, datetime.now(UTC), run=str(result["run"]))
        return int(result["exit_code"])

    def terminate(self) -> None:
        """The worker ends what it plays."""


_CANCELLED = Sentence(en="somebody took it out of the queue", ja="順番待ちから取り消されました")


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

        try:
            asyncio.run(send(to, f"bofbot: {schedule}", said))
        except BofbotError as error:
            say(error.message, self._office.language)
