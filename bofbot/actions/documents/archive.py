"""The verb that files a document away as it was received, and how verbs open the archive."""

from __future__ import annotations

import asyncio
from datetime import date as Day  # noqa: N812 - the field `date` would hide it
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from bofbot.action import Action, Context, Result, Touch
from bofbot.actions.documents.profiles import reading_options
from bofbot.errors import ApplicationError, BusinessError, Place
from bofbot.files import why_refused
from bofbot.records import Row
from bofbot.statements.archive import Archive
from bofbot.statements.archive_record import Key, Record
from bofbot.statements.options import Options
from bofbot.words import Sentence

FOLDER = "archive"


class ArchiveFile(Action):
    """Files a document away as received: found by day, amount and counterparty, and proved untouched ever after.
    受け取ったままの文書を保管庫に保管する。取引年月日・金額・取引先で探せ、改ざんがないことを後から確かめられる。"""

    verb: ClassVar[str] = "archive"
    saves: ClassVar[str] = "its record: document, version, sha256, new"
    rehearsed: ClassVar[bool] = False

    archive: str
    """The file.
    ファイル。"""
    into: str = FOLDER
    """The archive's folder.
    保管庫のフォルダー。"""
    date: Day | None = None
    """Day of the dealing; statements and e-invoices tell their own.
    取引年月日。明細や電子請求書はファイルから読み取る。"""
    amount: Decimal | None = None
    """Amount of the dealing.
    取引金額。"""
    counterparty: str = ""
    """Who it was with.
    取引先。"""
    note: str = ""
    """A remark.
    備考。"""
    replaces: str = ""
    """The document this is a newer version of, e.g. `D000012`.
    新しい版として保管するときの、元の文書番号（例 `D000012`）。"""

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"file {self.archive} away in {self.into}",
            ja=f"{self.archive} を保管庫 {self.into} に保管する",
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("reads", str(self.archive)), Touch("writes", str(self.into)))

    def columns_made(self) -> tuple[str, ...]:
        return ("document", "version", "sha256", "new", "date", "amount", "counterparty")

    async def run(self, context: Context) -> Result:
        path = context.path(self.archive)
        record, new = await asyncio.to_thread(self._add, context, path, reading_options(context))
        said = Sentence(
            en=f"{record.document} {'filed' if new else 'already there'}",
            ja=f"{record.document} {'保管しました' if new else '保管済みです'}",
        )
        value = {
            "document": record.document, "version": record.version, "sha256": record.sha256, "new": new,
            "date": record.key.day, "amount": record.key.amount, "counterparty": record.key.counterparty,
        }  # fmt: skip
        facts = {"document": record.document, "version": record.version, "sha256": record.sha256, "new": new}
        return Result(Row(value), summary=said, facts=facts)

    def _add(self, context: Context, path: Path, options: Options) -> tuple[Record, bool]:
        data = read_whole(path, self.archive)
        source = f"{context.robot_name} · {context.run_id}"
        with Archive(context.path(self.into), context.clock) as archive:
            return archive.add(
                data, name=path.name, source=source, key=self._key(), note=self.note, replaces=self.replaces,
                options=options,
            )  # fmt: skip

    def _key(self) -> Key | None:
        given = (self.date, self.amount, self.counterparty)
        if all(part in (None, "") for part in given):
            return None
        if any(part in (None, "") for part in given):
            raise BusinessError(
                Sentence(
                    en="`date`, `amount` and `counterparty` go together",
                    ja="`date`・`amount`・`counterparty` は揃えて書いてください",
                )
            )
        return Key(self.date, self.amount, self.counterparty)


def read_whole(path: Path, written: str) -> bytes:
    """The bytes of a file a robot names. Raises BusinessError when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BusinessError(
            Sentence(en=f"the file {written} does not exist", ja=f"ファイル {written} がありません"),
            place=Place(str(path)),
        ) from None
    except OSError as error:
        why = why_refused(error)
        raise ApplicationError(
            Sentence(
                en=f"{written} cannot be read: {why.en}",
                ja=f"{written} を読めません：{why.ja}",
            )
        ) from None
