"""Verbs of strangers as pip would leave them: a module beside a note that tells of its entry points."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent


def installed(folder: Path, module: str, verbs: str) -> Path:
    """`module.py` of this folder, installed in `folder` (put it on PYTHONPATH). `verbs`: lines like `claim = m:Claim`."""
    note = folder / f"{module}-1.0.dist-info"
    note.mkdir(parents=True)
    (note / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.0\n")
    (note / "entry_points.txt").write_text(f"[bofbot.actions]\n{verbs}\n")
    shutil.copy(HERE / f"{module}.py", folder)
    return folder
