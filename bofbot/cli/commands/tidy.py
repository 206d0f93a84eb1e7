"""`bofbot tidy`: removes what the settings say is old enough; what a waiting item needs stays."""

from __future__ import annotations

import argparse
import logging
import threading
from datetime import datetime, timedelta

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option
from bofbot.cli.screen import put, put_json
from bofbot.errors import BofbotError
from bofbot.office import Office
from bofbot.shelving import Shelved, shelving_of
from bofbot.store.retention import Old, find_old, tidy
from bofbot.words import Sentence

MORE = Sentence(
    en="`keep:` in configs/bofbot.yaml says how long, e.g. keep: {evidence: 90d, history: 400d}; without it nothing is removed. `bofbot serve` does it once a day.",
    ja="期間は configs/bofbot.yaml の `keep:` で決めます（例 keep: {evidence: 90d, history: 400d}）。指定がなければ何も削除しません。`bofbot serve` は1日に1回、自動で行います。",
)


def arguments(parser: CommandParser) -> None:
    parser.option(
        "--dry-run",
        action="store_true",
        help=Sentence(en="only say what would go", ja="削除せずに対象だけを表示する"),
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        keep, logs = office.settings.keep, office.folder / office.settings.logs
        copied = None if options.dry_run else _copied(office)
        old = (find_old if options.dry_run else tidy)(office.store, logs, keep, office.clock())
    if options.json:
        copies = {"made": copied.made, "left": copied.left} if copied else {}
        put_json(
            {
                "dry_run": options.dry_run,
                "runs": old.runs,
                "bytes": old.size,
                "slots": old.slots,
                "copies": copies,
            }
        )
    else:
        put(_in_words(old, options.dry_run).said_in(options.language))
        if copied and (copied.made or copied.left or copied.trouble):
            put(_copied_in_words(copied).said_in(options.language))
    return 0


def _copied(office: Office) -> Shelved | None:
    """Before anything is removed: what is still to be copied stays."""
    shelving = shelving_of(office)
    try:
        return shelving.round(timedelta(0)) if shelving else None
    except BofbotError as wrong:
        return Shelved(trouble=wrong.message)


class Daily:
    """Tidies once a day beside `bofbot serve`, in a thread of its own: a slow disk must not stop the clock."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._next: datetime | None = None

    def __call__(self) -> None:
        now = self._office.clock()
        if self._next is None or now >= self._next or self._next - now > _DAY:
            self._next = now + _DAY
            threading.Thread(target=self._tidy, args=(now,), name="bofbot tidy", daemon=True).start()

    def _tidy(self, now: datetime) -> None:
        office = self._office
        try:
            tidy(office.store, office.folder / office.settings.logs, office.settings.keep, now)
        except BofbotError as error:
            logging.getLogger("bofbot").warning("tidying failed: %s", error)


_DAY = timedelta(days=1)


def _in_words(old: Old, dry_run: bool) -> Sentence:
    size = f"{old.size / 1_000_000:,.1f} MB"
    how = (
        Sentence(en="would be removed", ja="を削除の対象とします")
        if dry_run
        else Sentence(en="removed", ja="を削除しました")
    )
    named = ", ".join(old.runs[:20]) + (" …" if len(old.runs) > 20 else "")
    return Sentence(
        en=f"evidence of {len(old.runs)} runs ({size}) and {old.slots} past times of schedules {how.en}",
        ja=f"{len(old.runs)} 件の実行の証跡（{size}）と、過去の予定の履歴 {old.slots} 件{how.ja}",
    ) + (f"\n{named}" if named else "")


def _copied_in_words(copied: Shelved) -> Sentence:
    said = Sentence(
        en=f"{copied.made} files of evidence copied, {copied.left} still to be copied",
        ja=f"証跡の写し：{copied.made} 件を作成、残り {copied.left} 件",
    )
    return said + "\n" + copied.trouble if copied.trouble else said
