"""Plays one order in an office: the unit of durability is the run, and the ledger and the journal say where it goes on.

Every item is safe by itself (its effect is leased, armed and settled in the ledger), so a second try of an order is a
`resume` of the run that the first try came to: items that are done are told as such, steps that have told the outside
something are left out, the others only look and read.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bofbot.engine.order import Order
from bofbot.engine.sharing import SharedLoop, spread_of
from bofbot.errors import BofbotError, Interrupted
from bofbot.events import Event, RunFinished, RunStarted, StepFinished, StepStarted
from bofbot.office import Office
from bofbot.plan import Extent, Plan, make_plan
from bofbot.robot import Robot
from bofbot.runner.earlier import finished_for_good, inputs_kept, unrepeatable
from bofbot.sinks.log import LogFile
from bofbot.sinks.redacting import Sink
from bofbot.sinks.report import write_report
from bofbot.store import Store
from bofbot.store.orders import Begun
from bofbot.store.slots import SlotRow, SlotState
from bofbot.store.story import last_of, story_of
from bofbot.words import Sentence

MOST_TRIES = 5
"""A run whose process died so often waits for a person: it may be what kills it."""

ELSEWHERE = "elsewhere"
"""The outcome of an order whose slot somebody else plays, or that is over."""

_LOG = logging.getLogger("bofbot.engine")
_ENDED = {"done", "failed", "partial", "waiting"}
_SLOT_STATES: dict[str, SlotState] = {"done": "done", "waiting": "waiting"}


PutOrder = Callable[[str, Order], object]


class Player:
    """Plays orders in one office, each in the thread that asks; several at once."""

    def __init__(self, office: Office, *, reports: bool = True, put: PutOrder | None = None) -> None:
        """`put` puts orders in queues; without it nobody is asked to help."""
        self._office = office
        self._reports = reports
        self._put = put
        self._guard = threading.Lock()
        self._tasks: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Task[RunFinished]]] = {}
        self._stopping = False
        self._never = threading.Event()

    @property
    def playing(self) -> int:
        """How many runs play at this moment."""
        return len(self._tasks)

    def stop(self) -> None:
        """End what plays, as Ctrl-C would. Their orders stay open: whoever comes next goes on."""
        with self._guard:
            self._stopping = True
            for loop, task in self._tasks.values():
                loop.call_soon_threadsafe(task.cancel)

    def play(self, order_id: str, kept: dict[str, Any]) -> dict[str, Any]:
        """Play an order to its end. What comes back is small and holds no value of the robot: run, outcome, exit code."""
        office, order = self._office, Order.from_json(kept)
        office.store.check_lease()
        try:
            robot = order.robot()
            if order.helps:
                return self._helped(order_id, order, robot)
            begun = office.store.orders.begin(order_id, office.store.owner, _now())
            if order.goes_on:
                return self._gone_on(order_id, order, robot, begun)
            slot = office.store.slots.find(order.slot) if order.slot else None
            if slot is not None and not self._takes(slot):
                return {"run": begun.run, "outcome": ELSEWHERE, "exit_code": 0}
            run = begun.run
            if slot is not None and slot.state == "started" and begun.tries == 1:
                run = office.store.slots.run_of(
                    slot.process
                )  # begun outside the queue, by a process that died
            earlier = office.store.journal.run(run) if run else None
            if earlier is not None and earlier.state in _ENDED:
                return self._told(order, earlier.id, earlier.state, earlier.exit_code, earlier.why)
            if begun.tries > MOST_TRIES:
                return self._told(order, begun.run, "waiting", 5, _DIED_OFTEN)
            first, events = story_of(office.store, earlier) if earlier else ("", [])
            extent = Extent(
                mode="resume" if earlier else "run",
                of_run=first,
                finished_steps=finished_for_good(robot, events),
            )
            plan = make_plan(robot, {**inputs_kept(events), **order.inputs}, _local, extent)
            finished = self._played(
                order_id, order, plan, self._share_of(order_id, order, robot, begun.tries)
            )
        except BofbotError as error:
            return self._told(order, "", "failed", error.exit_code, error.message)
        except Exception as fault:
            _LOG.exception("a fault of bofbot in order %s", order_id)
            return self._told(order, "", "failed", 70, _fault(fault))
        if finished.exit_code == Interrupted.exit_code and self._stopping:
            self._never.wait()  # the process ends without a word to the queue: the order stays open
        why = finished.failure.message if finished.failure else None
        return self._told(order, finished.run, finished.outcome, finished.exit_code, why)

    def _share_of(self, order_id: str, order: Order, robot: Robot, tries: int) -> SharedLoop | None:
        """The loop of the robot that other workers help with; their orders are named for ever, too."""
        step, many = spread_of(order, robot, self._office.settings)
        put = self._put
        if many < 2 or put is None:
            return None
        again = f".{tries}" if tries > 1 else ""

        def call(most: int) -> None:
            for seat in range(1, min(many, most + 1)):
                _apart(put, f"{order_id}:{seat + 1}{again}", order.helper(order_id, seat))

        return SharedLoop(self._office.store, order_id, step, helping=False, call=call)

    def _gone_on(self, order_id: str, order: Order, robot: Robot, begun: Begun) -> dict[str, Any]:
        """Go on with a run that waited for a person, unless somebody has done so meanwhile."""
        store = self._office.store
        waited = store.journal.run(order.goes_on)
        if waited is None:
            return {"run": "", "outcome": ELSEWHERE, "exit_code": 0}
        _, last = last_of(store, waited)
        if begun.run and last.state in _ENDED:
            return self._told(order, last.id, last.state, last.exit_code, last.why)
        if not begun.run and last.state != "waiting":
            return {"run": last.id, "outcome": ELSEWHERE, "exit_code": 0}
        if begun.tries > MOST_TRIES:
            return self._told(order, begun.run, "waiting", 5, _DIED_OFTEN)
        first, events = story_of(store, last)
        extent = Extent(mode="resume", of_run=first, finished_steps=finished_for_good(robot, events))
        plan = make_plan(robot, {**inputs_kept(events), **order.inputs}, _local, extent)
        finished = self._played(order_id, order, plan)
        if finished.exit_code == Interrupted.exit_code and self._stopping:
            self._never.wait()
        why = finished.failure.message if finished.failure else None
        return self._told(order, finished.run, finished.outcome, finished.exit_code, why)

    def _helped(self, order_id: str, order: Order, robot: Robot) -> dict[str, Any]:
        """Play items of another order's loop, as long as there are some."""
        store = self._office.store
        there = store.shares.of_order(order.helps)
        main = store.journal.run(there[0].run) if there else None
        if main is None:
            return {"run": "", "outcome": ELSEWHERE, "exit_code": 0}
        first, events = story_of(store, main)
        extent = Extent(mode="help", of_run=first, finished_steps=unrepeatable(robot))
        plan = make_plan(robot, {**order.inputs, **inputs_kept(events)}, _local, extent)
        share = SharedLoop(store, order.helps, there[0].step, helping=True)
        store.orders.begin(order_id, store.owner, _now())
        finished = self._played(order_id, order, plan, share)
        if finished.exit_code == Interrupted.exit_code and self._stopping:
            self._never.wait()
        return self._told(order, finished.run, finished.outcome, finished.exit_code, None)

    def _played(
        self, order_id: str, order: Order, plan: Plan, share: SharedLoop | None = None
    ) -> RunFinished:
        office = self._office
        log = LogFile(office.folder / office.settings.logs / "bofbot.log", office.language)
        try:
            watch = _Watch(office.store, order_id, plan)
            finished = asyncio.run(self._in_loop(order_id, order, plan, (watch, log), share))
        finally:
            log.close()
        if self._reports:
            try:
                write_report(
                    office.store.journal.events_of(finished.run),
                    office.run_folder(finished.run),
                    office.language,
                )
            except BofbotError as unwritten:
                _LOG.warning("%s", unwritten.message.en)
        return finished

    async def _in_loop(
        self, order_id: str, order: Order, plan: Plan, sinks: Sequence[Sink], share: SharedLoop | None
    ) -> RunFinished:
        task = asyncio.ensure_future(self._office.play(plan, sinks, share, order.by, park=True))
        with self._guard:
            self._tasks[order_id] = (asyncio.get_running_loop(), task)
            if self._stopping:
                task.cancel()
        try:
            return await task
        finally:
            with self._guard:
                del self._tasks[order_id]

    # The slot of a schedule ---------------------------------------------------------------------------------------

    def _takes(self, slot: SlotRow) -> bool:
        """This process plays the slot from now on; False when it is over, or somebody alive plays it."""
        store = self._office.store
        if slot.state != "started":
            return store.slots.start(slot.id, datetime.now(UTC)) is not None
        if slot.process == store.owner:
            return True
        return store.is_dead(slot.process) and store.slots.start_again(slot)

    def _told(
        self, order: Order, run: str, outcome: str, exit_code: int, why: Sentence | None
    ) -> dict[str, Any]:
        if order.slot:
            state = _SLOT_STATES.get(outcome, "failed")
            told = (outcome == "failed" and not run) or why is _DIED_OFTEN
            self._office.store.slots.end(order.slot, state, datetime.now(UTC), why, run=run, tell=told)
        said = {"en": why.en, "ja": why.ja} if why else {}
        return {"run": run, "outcome": outcome, "exit_code": exit_code, "why": said}


def _apart(put: PutOrder, order_id: str, order: Order) -> None:
    """In a thread of its own: to the library this is no part of the order that is being played."""
    thread = threading.Thread(target=put, args=(order_id, order))
    thread.start()
    thread.join()


class _Watch:
    """Keeps which run an order came to, before its first step; what has been told to the outside, before the next one;
    and stops a process that has lost its lease."""

    def __init__(self, store: Store, order_id: str, plan: Plan) -> None:
        self._store, self._order = store, order_id
        self._for_good = unrepeatable(plan.robot)

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._store.orders.came_to(self._order, event.run)
        elif isinstance(event, StepStarted):
            self._store.check_lease()
        elif isinstance(event, StepFinished) and not event.item and event.step in self._for_good:
            self._store.journal.flush()

    def close(self) -> None:
        """Nothing is kept open."""


def _now() -> datetime:
    return datetime.now(UTC)


def _local() -> datetime:
    return datetime.now().astimezone()


def _fault(fault: Exception) -> Sentence:
    said = type(fault).__name__
    return Sentence(en=f"a fault of bofbot: {said}", ja=f"bofbot の不具合です（{said}）")


_DIED_OFTEN = Sentence(
    en=f"its process died {MOST_TRIES} times while it was played; a person must look at it",
    ja=f"実行中にプロセスが{MOST_TRIES}回終了しました。担当者の確認が必要です",
)
