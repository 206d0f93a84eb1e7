"""`bofbot backup` and `bofbot restore` at a shell, beside a real `bofbot serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.conftest import Says

ROBOT = "bofbot: 1\nname: 表\nowner: 経理部\npurpose: 試験\nsteps:\n  - set: {x: 1}\n"


def test_a_backup_is_taken_while_serve_runs_and_put_back_when_it_has_ended(
    bofbot: Says, tmp_path: Path
) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "a.yaml").write_text(ROBOT)
    assert bofbot("run", "a").returncode == 0
    serve = subprocess.Popen(
        [sys.executable, "-m", "bofbot.cli", "serve"], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "LANG": "en_US.UTF-8"},
    )  # fmt: skip
    try:
        assert serve.stderr is not None
        assert "ticking" in serve.stderr.readline()
        time.sleep(1.5)  # its first beat
        told = bofbot("backup", "x.backup")
        assert told.returncode == 0, told.stderr
        assert "runs up to 1001" in told.stdout
        refused = bofbot("restore", "x.backup", "--force")
        assert refused.returncode == 6
        assert "something runs" in refused.stderr
    finally:
        serve.send_signal(signal.SIGTERM)
        serve.communicate(timeout=30)
    assert bofbot("run", "a").returncode == 0
    assert bofbot("restore", "x.backup").returncode == 6  # it would forget run 1002
    restored = bofbot("restore", "x.backup", "--force")
    assert restored.returncode == 0, restored.stderr
    assert "unknown to bofbot" in restored.stdout
    assert "left folders in logs: 1002" in restored.stdout
    verified = bofbot("journal", "verify")
    assert verified.returncode == 0, verified.stdout
    assert bofbot("show", "1002").returncode != 0
    assert (
        "1003" in bofbot("run", "a").stdout + bofbot("list", "--runs").stdout
    )  # never the number of a folder that is there
    assert bofbot("restore", "robots/a.yaml").returncode == 6
    assert bofbot("backup", "robots").returncode == 2
