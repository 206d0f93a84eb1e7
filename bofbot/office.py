"""An office: the settings, the store, the vault and the channels that the robots of one folder share."""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from bofbot.action import OneMachine
from bofbot.adapters.credentials.vault import Vault
from bofbot.approval import NotApproved, demand_approval, question_of, starter_of, subject_of
from bofbot.desk import Desk
from bofbot.errors import NotReady, UsageError
from bofbot.events import Event, RunFinished
from bofbot.language.settings import load_settings
from bofbot.plan import Plan, hosts_of
from bofbot.reminding import remind
from bofbot.runner import Surroundings, play
from bofbot.runner.play import decline
from bofbot.runner.share import Share
from bofbot.runner.surroundings import Secrets
from bofbot.scratch import RECORDS, Scratch, sweep
from bofbot.secret import Redactor
from bofbot.settings import Settings, private_variables
from bofbot.sinks.journal import JournalSink
from bofbot.sinks.learning import Learning
from bofbot.sinks.library_logs import library_logs_redacted
from bofbot.sinks.redacting import Redacting, Sink, redacted, told_safely
from bofbot.sinks.telemetry import telemetry
from bofbot.store import Store, open_store
from bofbot.store.database import file_of, is_shared
from bofbot.store.names import check_names
from bofbot.store.owner import is_dead, this_person
from bofbot.store.slots import SlotState
from bofbot.turns import turn_on
from bofbot.values.bad_value import BadValue
from bofbot.values.business_days import read_company_holidays
from bofbot.words import Language, Sentence

SETTINGS_FILE = Path("configs/bofbot.yaml")
_SLOT_STATES: dict[str, SlotState] = {"done": "done", "waiting": "waiting"}


@dataclass(slots=True)
class Office:
    """Open it at a folder, play plans in it, close it.

    with Office.at(Path.cwd()) as office:
        finished = asyncio.run(office.play(plan))
    """

    folder: Path
    settings: Settings
    store: Store
    secrets: Secrets
    language: Language = "ja"
    attended: bool = True
    """Somebody may be asked at this terminal, if it is one; else every question waits in the store."""
    ahead: Scratch | None = None
    """The scratch folder of the next run, when something was started in it while the office was still being opened."""

    @classmethod
    def at(cls, folder: Path, *, settings: Settings | None = None, language: Language = "ja") -> Self:
        """The office of a folder. Raises InvalidRobot for wrong settings, NotReady when the store does not open."""
        file = folder / SETTINGS_FILE
        settings = settings or load_settings(file if file.exists() else None)
        logs = folder / settings.logs
        store = store_of(folder, settings)
        sweep(logs / RECORDS, is_dead)
        store.ledger.sweep(cls.clock())
        return cls(folder, settings, store, Vault.at(folder, settings), settings.language or language)

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def play(
        self,
        plan: Plan,
        sinks: Sequence[Sink] = (),
        share: Share | None = None,
        started_by: str | None = None,
        *,
        park: bool = False,
    ) -> RunFinished:
        """Play a plan; the journal listens always, `sinks` besides. All hear redacted events only. `share`: the loop whose
        items other runs play too. `started_by` asked for the run: whoever is logged in unless it is said, "" for a schedule.

        Raises NotApproved for a robot with `approval: required` whose plan nobody has approved; with `park` such a run
        waits in the store until somebody does."""
        by = starter_of(self.store, plan, this_person() if started_by is None else started_by)
        around: dict[str, Any] = {"share": share, "started_by": by}
        lacking = self._approve(plan, by, around)
        if lacking and not park:
            raise lacking
        check_names(plan.robot, self.folder, self.store)
        self.store.appear()
        with self._alone(plan):
            finished = await self._play(plan, sinks, around, lacking)
            if lacking:
                asked = question_of(plan, self.settings, self.folder, finished.run, by)
                self.store.questions.put(asked, self.clock())
            self._close_story(plan, finished)
        if finished.outcome == "waiting" and not plan.dry_run:
            await remind(self.store.questions, self.settings, self.language, self.clock(), self.days_off())
        return finished

    async def _play(
        self, plan: Plan, sinks: Sequence[Sink], more: Mapping[str, Any], lacking: NotApproved | None
    ) -> RunFinished:
        redact = Redactor(plan.hidden_values())
        learning = Learning(self.folder / self.settings.logs, plan.robot.name)
        everyone: list[Sink] = [JournalSink(self.store.journal), learning, *telemetry(), *sinks]
        hosts = (*hosts_of(plan), *self.settings.browser.allow)
        around = self._surroundings(redact, Redacting(_Everyone(everyone), redact), hosts, plan)
        subject = subject_of(plan, self.settings, self.folder).fingerprint if plan.dry_run else ""
        around = replace(around, learning=learning, subject=subject, **more)
        if lacking:
            try:
                fix = Sentence.same(f"bofbot approve {around.run_id} --why …")
                return redacted(decline(plan, around, NotApproved(lacking.message, fix=fix)), redact)
            finally:
                around.scratch.remove()
        loop = asyncio.get_running_loop()
        if (
            loop.get_exception_handler() is None
        ):  # stays after the run: some strays are only found at the very end
            loop.set_exception_handler(lambda _, stray: _tell_stray(stray, redact))
        try:
            turn = turn_on(hosts, self.settings.sites, self.store.database)
            with library_logs_redacted(redact):
                async with turn:
                    return redacted(await play(plan, around), redact)
        except Exception as error:
            raise told_safely(error, redact) from None
        finally:
            around.scratch.remove()

    def _approve(self, plan: Plan, by: str, around: dict[str, Any]) -> NotApproved | None:
        """Put what was approved into `around`; what is lacking, if a person must say yes first."""
        if not plan.robot.needs_approval or plan.dry_run:
            return None
        try:
            around["approved"] = demand_approval(self.store, self.settings, self.folder, plan, by).totals
        except NotApproved as lacking:
            return lacking
        return None

    def _close_story(self, plan: Plan, finished: RunFinished) -> None:
        """A slot of a schedule may have waited with the run that went on here; what it asked and needed no more waits no longer."""
        if plan.mode != "resume" or finished.outcome == "interrupted":
            return
        if finished.outcome in ("done", "partial"):
            self.store.questions.cancel(plan.of_run, "", "the run went on without it", self.clock())
        why = finished.failure.message if finished.failure else None
        state: SlotState = _SLOT_STATES.get(finished.outcome, "failed")
        self.store.slots.end_waiting(plan.of_run, state, self.clock(), why, run=finished.run)

    @contextmanager
    def _alone(self, plan: Plan) -> Iterator[None]:
        """One process at a time goes on with a run; what was answered so far is taken up by it. Raises UsageError."""
        if plan.mode != "resume":
            yield
            return
        lock = f"run {plan.of_run} goes on"
        if not self.store.database.take(lock):
            raise UsageError(
                Sentence(
                    en=f"run {plan.of_run} is being gone on with at this moment",
                    ja=f"実行 {plan.of_run} は、いま別のプロセスが続きを実行しています",
                )
            )
        try:
            self.store.questions.gone_on(plan.of_run)
            yield
        finally:
            self.store.database.give_back(lock)

    @staticmethod
    def clock() -> datetime:
        """Aware local time."""
        return datetime.now().astimezone()

    def run_folder(self, run_id: str) -> Path:
        """Where pictures and the report of a run are kept."""
        return self.folder / self.settings.logs / run_id

    def _surroundings(
        self, redact: Redactor, emit: Callable[[Event], None], hosts: tuple[str, ...], plan: Plan
    ) -> Surroundings:
        run_id = self.store.journal.new_run_id(
            self.clock(), taken=lambda number: self.run_folder(number).exists()
        )
        folder = self.run_folder(run_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Surroundings(
            run_id=run_id,
            folder=folder,
            work_folder=self.folder,
            scratch=self._scratch(run_id),
            settings=self.settings,
            ledger=self.store.ledger,
            emit=emit,
            secrets=self.secrets,
            tell=self._tell,
            ask=Desk(
                self.store.questions, self.language, self.clock, dry_run=plan.dry_run, here=self.attended
            ),
            redact=redact,
            owner=self.store.owner,
            hosts=hosts,
            holidays=self.days_off(),
            locks=self.store.database if self.store.shared else OneMachine(),
            language=self.language,
        )

    def _scratch(self, run_id: str) -> Scratch:
        ahead, self.ahead = self.ahead, None
        if ahead is not None:
            return ahead
        private = private_variables(self.settings, os.environ)
        return Scratch.make(self.folder / self.settings.logs / RECORDS, run_id, self.store.owner, private)

    def days_off(self) -> frozenset[date]:
        file = self.settings.company_days
        if file is None:
            return frozenset()
        path = self.folder / file
        try:
            return read_company_holidays(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise NotReady(
                Sentence(
                    en=f"the company's days off cannot be read: {path}",
                    ja=f"会社の休日ファイルを読めません：{path}",
                ),
                fix=Sentence(
                    en="mend `company_days` in the settings", ja="設定の `company_days` を直してください"
                ),
            ) from error
        except BadValue as bad:
            raise NotReady(Sentence(en=f"{path}: ", ja=f"{path}：") + bad.message) from None

    async def _tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...]) -> None:
        from bofbot.adapters import notices

        known = self.settings.notify.get(channel)
        if known is None or not known.to:
            raise NotReady(
                Sentence(
                    en=f'no channel "{channel}" in {SETTINGS_FILE}',
                    ja=f"{SETTINGS_FILE} に連絡先「{channel}」がありません",
                ),
                fix=Sentence(
                    en=f"add it:  notify: {{{channel}: {{to: [mailto://…]}}}}",
                    ja=f"追加してください：  notify: {{{channel}: {{to: [mailto://…]}}}}",
                ),
            )
        await notices.send(known.to, title, body, attachments)


def _tell_stray(stray: Mapping[str, Any], redact: Redactor) -> None:
    """What nobody waited for (an answer to a step that timed out) and asyncio would print: addresses, values and all."""
    error = stray.get("exception")
    story = "".join(traceback.format_exception(error)) if isinstance(error, BaseException) else ""
    logging.getLogger("bofbot").debug("%s", redact(f"{stray.get('message', '')} {story}"))


def store_of(folder: Path, settings: Settings) -> Store:
    """The store of a project, without the rest of the office. Raises NotReady."""
    logs = folder / settings.logs
    logs.mkdir(parents=True, exist_ok=True)
    return open_store(settings.store or logs / "bofbot.db", key=key_file(folder, settings))


def store_file(folder: Path, settings: Settings) -> Path | None:
    """The file of a project's store; None when it is a server's."""
    address = settings.store or folder / settings.logs / "bofbot.db"
    return None if is_shared(address) else file_of(address)


def key_file(folder: Path, settings: Settings) -> Path:
    """The file of its journal's key."""
    file = store_file(folder, settings)
    if file is None:
        return folder / (settings.journal_key or settings.logs / "journal.key")
    return file.with_name(file.name + ".key")


class _Everyone:
    """All sinks as one; one that breaks is told about on the log and does not stop the run."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        self._sinks = sinks

    def __call__(self, event: Event) -> None:
        for sink in self._sinks:
            try:
                sink(event)
            except Exception:
                logging.getLogger("bofbot").exception("a sink broke on %s", type(event).__name__)

    def close(self) -> None:
        for sink in self._sinks:
            sink.close()
