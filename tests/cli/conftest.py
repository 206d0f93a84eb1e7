"""What tests of the command line share: bofbot as a process of its own, and a project to play in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Says = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bofbot(tmp_path: Path) -> Says:
    """`bofbot("run", "x.yaml", LANG=…)`: the finished process, run in `tmp_path`, in English unless told otherwise,
    with a configuration folder of its own and no keyring."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BOFBOT_", "LC_", "LANG"))}
    own = {
        "LANG": "en_US.UTF-8",
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }

    def says(
        *words: str, stdin: str = "", folder: Path = tmp_path, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bofbot.cli", *words],
            cwd=folder,
            env={**inherited, **own, **environ},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return says
