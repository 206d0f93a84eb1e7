"""The demo's files, made by code: the workbooks a clerk would have, and the truth about them for tests and teachers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bofbot.files import atomic_write
from bofbot.practice.account import truth
from bofbot.practice.workbooks import write_expenses, write_receivables


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the demo's files stand."""

    expenses: Path
    receivables: Path


def write_demo_files(folder: Path) -> DemoFiles:
    """Write 経費.xlsx and 売掛金.xlsx into `folder` (made if need be), replacing what an earlier demo left there."""
    folder.mkdir(parents=True, exist_ok=True)
    files = DemoFiles(folder / "経費.xlsx", folder / "売掛金.xlsx")
    write_expenses(files.expenses)
    write_receivables(files.receivables)
    return files


def write_truth(path: Path) -> None:
    """Write how invoices and account truly belong together, as JSON."""
    atomic_write(path, json.dumps(truth(), ensure_ascii=False, indent=1).encode())
