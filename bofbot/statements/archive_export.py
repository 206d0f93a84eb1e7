"""What an auditor is handed: originals under telling names, an index, the chain and a note on how to prove it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bofbot.files import atomic_write, safe_name
from bofbot.statements.archive import Archive
from bofbot.statements.archive_record import Record, canonical

_HEADINGS = (
    "ファイル名 file", "取引年月日 date", "取引先 counterparty", "取引金額 amount", "通貨 currency", "口座 account",
    "形式 format", "検証 outcome", "文書 document", "版 version", "受領日時 received", "受領時の名前 name", "入手元 source",
    "備考 note", "保存期限 keep until", "sha256", "記録番号 record", "記録ハッシュ hash",
)  # fmt: skip

HOW_TO_PROVE = """このフォルダーについて / About this folder
  index.csv    文書の一覧（UTF-8）。/ the list of documents
  chain.ndjson すべての記録。1行の SHA-256 が次の行の "previous" になります。
               / every record; the SHA-256 of a line is the "previous" of the next one
  originals/   受領したままの原本。SHA-256 は index.csv のとおりです。
               / originals as received; their SHA-256 sums stand in index.csv
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    documents: int


def export_for_audit(archive: Archive, folder: Path, records: Sequence[Record]) -> Exported:
    """Write originals as `YYYYMMDD_取引先_金額.ext`, index.csv, the whole chain and how to prove it.

    Raises BusinessError when an original is missing or changed: a damaged archive is not exported as sound."""
    names: set[str] = set()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    shown = [record for record in records if record.event == "added"]
    for record in shown:
        name = _unused(telling_name(record), names)
        atomic_write(folder / "originals" / name, archive.content(record))
        writer.writerow(_row(name, record))
    atomic_write(folder / "index.csv", "\ufeff" + out.getvalue())
    atomic_write(folder / "chain.ndjson", "".join(canonical(record) + "\n" for record in archive.index.all()))
    atomic_write(folder / "README.txt", HOW_TO_PROVE)
    return Exported(folder, len(shown))


def telling_name(record: Record) -> str:
    """`20261031_株式会社サンプル_12345.pdf`: day, counterparty and amount of the document's own key."""
    key = record.key
    day = f"{key.day:%Y%m%d}" if key.day else "00000000"
    amount = f"{key.amount:f}" if key.amount is not None else ""
    suffix = Path(record.name).suffix[:10]
    stem = "_".join(part for part in (day, key.counterparty.replace("_", " ")[:60] or "-", amount) if part)
    return safe_name(f"{stem}{suffix}")


def _unused(name: str, names: set[str]) -> str:
    path, number = Path(name), 2
    while name.casefold() in names:
        name = f"{path.stem}_{number}{path.suffix}"
        number += 1
    names.add(name.casefold())
    return name


def _row(name: str, record: Record) -> tuple[object, ...]:
    key = record.key
    return (
        f"originals/{name}", key.day or "", _text(key.counterparty), "" if key.amount is None else f"{key.amount:f}",
        record.currency, _text(record.account), record.format, record.outcome, record.document, record.version,
        record.received.isoformat(timespec="seconds"), _text(record.name), _text(record.source), _text(record.note),
        record.keep_until or "", record.sha256, record.seq, record.hash,
    )  # fmt: skip


def _text(written: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{written}" if written[:1] in "=+-@" and written else written
