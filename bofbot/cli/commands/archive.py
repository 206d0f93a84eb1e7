"""`bofbot archive add | search | show | export | verify`: file documents away, find them, prove them untouched."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.cli.commands.archive_options import arguments as arguments
from bofbot.cli.screen import columns, put, put_json, say
from bofbot.errors import UsageError
from bofbot.files import atomic_write
from bofbot.statements.archive import Archive
from bofbot.statements.archive_described import described
from bofbot.statements.archive_export import export_for_audit
from bofbot.statements.archive_record import Key, Record
from bofbot.statements.archive_search import Search
from bofbot.statements.archive_verify import verify
from bofbot.statements.day_notation import unambiguous_date
from bofbot.statements.model import Refused
from bofbot.statements.notation import read_amount
from bofbot.statements.options import Options
from bofbot.statements.reading import not_opened
from bofbot.statements.telling import OUTCOMES, money
from bofbot.words import Sentence


def run(options: argparse.Namespace) -> int:
    if options.part != "add" and not (options.archive / "index.db").is_file():
        raise UsageError(
            Sentence(
                en=f"there is no archive in {options.archive}", ja=f"{options.archive} に保管庫がありません"
            ),
            fix=Sentence(
                en="`bofbot archive add FILE` begins one", ja="`bofbot archive add FILE` で作られます"
            ),
        )
    parts: dict[str, Callable[[Archive, Any], int]] = {
        "add": _add,
        "search": _search,
        "show": _show,
        "export": _export,
        "verify": _verify,
    }
    with Archive(options.archive, lambda: datetime.now().astimezone()) as archive:
        return parts[options.part](archive, options)


def _add(archive: Archive, options: Any) -> int:
    key, reading = _key(options), Options(sheets=sheet_rows)
    code = 0
    for name in options.files:
        path = Path(name)
        try:
            data = path.read_bytes()
            if key and not (key.day and key.amount is not None and key.counterparty):
                described(data, path.name, None, reading)  # the file must tell the rest
            record, new = archive.add(
                data, name=path.name, source=options.source or str(path), key=key, note=options.note,
                replaces=options.replaces, keep_until=_day(options.keep_until), options=reading,
            )  # fmt: skip
        except (OSError, Refused) as error:
            refusal = not_opened(error, name) if isinstance(error, OSError) else error
            gap = Sentence(en=" ", ja="")
            said = Sentence(en=f"{name}: ", ja=f"{name}：") + refusal.message
            say(said + (gap + refusal.fix if refusal.fix else Sentence.same("")), options.language)
            code = 4
            continue
        put(f"{record.document}  {path.name}  {_kept(record, new).said_in(options.language)}")
    return code


def _kept(record: Record, new: bool) -> Sentence:
    """That it is filed; and what a person should know of it."""
    said = Sentence(en="filed" if new else "already there", ja="保管しました" if new else "保管済みです")
    if record.outcome == "discrepancy":
        said += Sentence(en="; it does not add up", ja="（計算が合いません）")
    if not record.key.counterparty:
        said += Sentence(
            en=f"; it names no counterparty: add it again with --counterparty NAME --replaces {record.document}",
            ja=f"（取引先がありません。--counterparty 名前 --replaces {record.document} を付けてもう一度保管してください）",
        )
    return said


def _key(options: Any) -> Key | None:
    given = (options.date, options.amount, options.counterparty)
    return Key(_day(options.date), _amount(options.amount), options.counterparty) if any(given) else None


def _search(archive: Archive, options: Any) -> int:
    found = archive.search(_wanted(options))
    if options.json:
        put_json({"documents": [_told(record) for record in found]})
        return 0
    rows = [tuple(heading.said_in(options.language) for heading in _HEADINGS)]
    rows += [_cells(record) for record in found]
    for line in columns(rows, right=(2,)) if found else [_NOTHING.said_in(options.language)]:
        put(line)
    return 0


_NOTHING = Sentence(en="no document fits", ja="条件に合う文書はありません")
_HEADINGS = (
    Sentence(en="document", ja="文書"), Sentence(en="date", ja="取引年月日"), Sentence(en="amount", ja="取引金額"),
    Sentence(en="counterparty", ja="取引先"), Sentence(en="file", ja="ファイル"),
)  # fmt: skip


def _cells(record: Record) -> tuple[str, ...]:
    key = record.key
    return (
        f"{record.document} v{record.version}",
        str(key.day or ""),
        money(key.amount),
        key.counterparty,
        record.name,
    )


def _told(record: Record) -> dict[str, Any]:
    key = record.key
    return {
        "document": record.document, "version": record.version, "date": key.day, "amount": None if key.amount is None else f"{key.amount:f}",
        "counterparty": key.counterparty, "currency": record.currency, "account": record.account, "name": record.name,
        "format": record.format, "outcome": record.outcome, "received": record.received.isoformat(timespec="seconds"), "sha256": record.sha256,
        "keep_until": record.keep_until, "note": record.note,
    }  # fmt: skip


def _show(archive: Archive, options: Any) -> int:
    versions = archive.show(options.document)
    for record in versions:
        shown = _told(record)
        if record.outcome in OUTCOMES:
            shown["outcome"] = OUTCOMES[record.outcome].said_in(options.language)
        told = [
            (_NAMES[name].said_in(options.language), str(value))
            for name, value in shown.items()
            if value not in (None, "")
        ]
        for line in columns(told):
            put(line)
        put("")
    if options.output:
        atomic_write(Path(options.output), archive.content(versions[-1]))
    return 0


_NAMES = {
    "document": Sentence(en="document", ja="文書"), "version": Sentence(en="version", ja="版"),
    "date": Sentence(en="date", ja="取引年月日"), "amount": Sentence(en="amount", ja="取引金額"),
    "counterparty": Sentence(en="counterparty", ja="取引先"), "currency": Sentence(en="currency", ja="通貨"),
    "account": Sentence(en="account", ja="口座・登録番号"), "name": Sentence(en="file", ja="ファイル"),
    "format": Sentence(en="format", ja="形式"), "outcome": Sentence(en="outcome", ja="結果"),
    "received": Sentence(en="received", ja="受領日時"), "sha256": Sentence.same("SHA-256"),
    "keep_until": Sentence(en="keep until", ja="保存期限"), "note": Sentence(en="note", ja="備考"),
}  # fmt: skip


def _export(archive: Archive, options: Any) -> int:
    done = export_for_audit(archive, Path(options.for_audit), archive.search(_wanted(options)))
    put(
        Sentence(
            en=f"{done.documents} documents in {done.folder}",
            ja=f"{done.folder} に {done.documents} 件を書き出しました",
        ).said_in(options.language)
    )
    return 0


def _wanted(options: Any) -> Search:
    first, last = _day(getattr(options, "from")), _day(options.to)
    if first and last and last < first:
        raise UsageError(
            Sentence(
                en=f"--to {last} is before --from {first}", ja=f"--to {last} が --from {first} より前です"
            )
        )
    return Search(
        day_from=first, day_to=last, amount_from=_amount(options.min), amount_to=_amount(options.max),
        counterparty=options.counterparty, text=options.text, all_versions=options.all_versions, limit=100_000,
    )  # fmt: skip


def _verify(archive: Archive, options: Any) -> int:
    roots = None
    if options.roots:
        with Path(options.roots).open(encoding="utf-8") as file:
            roots = {
                date.fromisoformat(day): (int(seq), digest) for day, seq, digest in list(csv.reader(file))[1:]
            }
    result = verify(archive, roots, _counting if sys.stderr.isatty() else None)
    for touched in result.touched:
        put("✗ " + touched.sentence.said_in(options.language))
    put(
        Sentence(
            en=f"{result.records} records and {result.objects} originals proved, {len(result.touched)} touched",
            ja=f"記録 {result.records} 件、原本 {result.objects} 件を確かめました。問題 {len(result.touched)} 件",
        ).said_in(options.language)
    )
    if options.write_roots and not result.touched:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([("day", "record", "hash"), *archive.roots()])
        atomic_write(Path(options.write_roots), out.getvalue())
    return 4 if result.touched else 0


def _counting(count: int) -> None:
    sys.stderr.write(f"\r{count:,}")
    sys.stderr.flush()


def _day(written: str | None) -> date | None:
    if not written:
        return None
    day = unambiguous_date(written)
    if day is None:
        raise UsageError(
            Sentence(
                en=f"not a day: {written} (e.g. 2026-10-31)",
                ja=f"日付ではありません：{written}（例 2026-10-31）",
            )
        )
    return day


def _amount(written: str | None) -> Decimal | None:
    if not written:
        return None
    amount = read_amount(written)
    if amount is None:
        raise UsageError(Sentence(en=f"not an amount: {written}", ja=f"金額ではありません：{written}"))
    return amount
