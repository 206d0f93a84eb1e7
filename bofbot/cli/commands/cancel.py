"""`bofbot cancel`: a run that waits for a person is given up; its questions wait no longer."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.past import past_run
from bofbot.cli.screen import put
from bofbot.errors import Interrupted, UsageError
from bofbot.events import Failure, RunFinished
from bofbot.office import Office
from bofbot.store import RunRow
from bofbot.store.owner import this_person
from bofbot.store.story import last_of
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    parser.option("run", metavar="RUN", help=Sentence(en="the run that waits", ja="待っている実行の番号"))
    parser.option(
        "--why",
        required=True,
        metavar="…",
        help=Sentence(en="the reason, kept with the run", ja="理由（記録に残る）"),
    )


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        first, row = last_of(office.store, past_run(office, options.run))
        if row.state != "waiting":
            raise UsageError(
                Sentence(en=f"run {row.id} does not wait for a person", ja=f"実行 {row.id} は担当者待ちではありません"),
                fix=Sentence(
                    en="`bofbot waiting` lists what does; `bofbot queue cancel` takes back what is queued",
                    ja="`bofbot waiting` で一覧を、`bofbot queue cancel` で順番待ちの取り消しができます",
                ),
            )  # fmt: skip
        me, now = this_person(), office.clock()
        ended = office.store.questions.cancel(first, me, options.why, now)
        _end(office, first, row, me, options.why)
        said = Sentence(
            en=f"run {row.id} is given up; {ended} questions wait no longer",
            ja=f"実行 {row.id} を取りやめました（質問 {ended} 件を終了）",
        )
        put(said.said_in(office.language))
    return 0


def _end(office: Office, first: str, row: RunRow, by: str, why: str) -> None:
    """The run's new end is an event like its first one; the slot that it played is told."""
    journal = office.store.journal
    last = next(event for event in reversed(journal.events_of(row.id)) if isinstance(event, RunFinished))
    said = Sentence(en=f"given up by {by}: {why}", ja=f"{by} が取りやめました：{why}")
    journal.append(
        replace(
            last,
            at=office.clock(),
            outcome="interrupted",
            exit_code=Interrupted.exit_code,
            failure=Failure("person", said),
        )
    )
    office.store.slots.end_waiting(first, "skipped", datetime.now(UTC), said)
