"""Looks after what waits for people: ends questions whose time is over, tells people, and lets runs go on that have their answers.

Any number of them may look: each question ends once, each notice goes out once, each run goes on once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from bofbot.engine.order import DESKTOP, Order, needs_of
from bofbot.errors import BofbotError
from bofbot.events import RunStarted
from bofbot.office import Office
from bofbot.plan import HIDDEN
from bofbot.reminding import remind
from bofbot.store.questions import QuestionRow, Settled
from bofbot.store.story import last_of, story_of

LOOK_SECONDS = 1.0
_LOG = logging.getLogger("bofbot.engine")


class Attendant:
    """Looks once a second, in a thread of its own."""

    def __init__(self, office: Office, put: Callable[[str, Order], object]) -> None:
        self._office, self._put = office, put
        self._seen: set[int] = set()
        """Questions whose runs were let go on, or cannot be from here."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bofbot attendant", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.ident:
            self._thread.join(10)

    def look(self, now: datetime | None = None) -> None:
        """One look."""
        office, now = self._office, now or self._office.clock()
        questions = office.store.questions
        questions.expire(now)
        for row in questions.open("approval"):
            self._look_for_yes(row, now)
        for row in questions.ready():
            if row.id not in self._seen and self._go_on(row):
                self._seen.add(row.id)
        if questions.due_to_tell(now):
            asyncio.run(remind(questions, office.settings, office.language, now, office.days_off()))

    def _look_for_yes(self, row: QuestionRow, now: datetime) -> None:
        """Was it approved meanwhile, by somebody who may?"""
        store = self._office.store
        barred = {row.started_by} - {""} if "other" in row.choices else ()
        if approval := store.approvals.find(row.print, barred):
            try:
                store.questions.settle(
                    row.id, "answered", now, value="approved", by=approval.by, why=approval.why
                )
            except Settled:
                pass  # another one was quicker

    def _go_on(self, row: QuestionRow) -> bool:
        """Ask for the rest of the run; False while it is still at its other items, or dead and taken over by nobody yet.
        The order is named for ever: asked for by several, it is played once."""
        store = self._office.store
        run = store.journal.run(row.run)
        state = last_of(store, run)[1].state if run else ""
        if state in ("running", "lost"):
            return False
        if state != "waiting":
            store.questions.gone_on(row.story)
            return True
        try:
            if order := order_to_go_on(self._office, row):
                self._put(f"{row.story} goes on {row.id}", order)
        except BofbotError as error:
            _LOG.warning("run %s cannot go on by itself: %s", row.run, error.message.en)
        return True

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                _LOG.exception("a look after what waits failed; the next one is soon")


def order_to_go_on(office: Office, row: QuestionRow) -> Order | None:
    """The order that goes on with the run of a question, with the robot's text as it stood when it asked. None when a
    person must: an input was hidden, and no record keeps it."""
    store = office.store
    run, texts = store.journal.run(row.run), store.questions.texts(row.robot_sha256, row.robot_file)
    if run is None or texts is None:
        return None
    _, events = story_of(store, run)
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    if started is None or HIDDEN in started.inputs.values():
        return None
    order = Order(row.robot_file, texts, goes_on=row.run, by=row.started_by)
    queue, account = needs_of(order.robot())
    if queue.startswith(DESKTOP):
        queue = DESKTOP + _host_of(office, row.run)
    return Order(row.robot_file, texts, goes_on=row.run, by=row.started_by, queue=queue, account=account)


def _host_of(office: Office, run: str) -> str:
    """Whose screen it used."""
    row = office.store.database.row("SELECT process FROM runs WHERE id = :run", {"run": run})
    return str(row["process"]).partition("/")[0] if row else ""
