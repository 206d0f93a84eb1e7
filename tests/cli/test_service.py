"""The service files: systemd itself finds nothing wrong with the unit, and the compose file says what it promises."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from bofbot.cli.commands.service import task_of, unit_of
from bofbot.cli.table import COMMANDS
from tests.cli.conftest import Says


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_systemd_finds_nothing_wrong(bofbot: Says, tmp_path: Path, command: str) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    told = bofbot("service", command, "--user", "root")
    assert told.returncode == 0, told.stderr
    unit = tmp_path / f"bofbot-{command}.service"
    unit.write_text(told.stdout)
    verified = subprocess.run(
        [program, "verify", "--recursive-errors=no", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert [line for line in verified.stderr.splitlines() if unit.name in line] == []
    assert verified.returncode == 0, verified.stderr
    assert f"-m bofbot.cli {command}" in told.stdout
    assert "@" not in told.stdout


def test_odd_paths_are_written_as_systemd_reads_them() -> None:
    unit = unit_of("serve", Path("/srv/経理 100%"), Path('/opt/a "b" $c%/python'), "keiri")
    assert "WorkingDirectory=/srv/経理 100%%\n" in unit
    assert 'ExecStart="/opt/a \\"b\\" $$c%%/python" -m bofbot.cli serve\n' in unit


def test_compose_has_a_database_a_ticker_and_three_workers_and_is_never_overwritten(
    bofbot: Says, tmp_path: Path
) -> None:
    assert bofbot("service", "docker", "out").returncode == 0
    services = yaml.safe_load((tmp_path / "out" / "compose.yaml").read_text())["services"]
    assert services["worker"]["deploy"]["replicas"] == 3
    for name in ("serve", "worker"):
        assert services[name]["environment"]["BOFBOT_STORE"].startswith("postgresql://bofbot@db/")
        assert services[name]["command"][0] in COMMANDS
        assert services[name]["depends_on"]["db"]["condition"] == "service_healthy"
    lines = (tmp_path / "out" / "Dockerfile").read_text().splitlines()
    root = Path(__file__).parents[2]
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert [word for word in copied if not (root / word).exists()] == []
    assert bofbot("service", "docker", "out").returncode == 2


def test_the_task_for_windows_is_well_formed_and_never_ended_by_windows(bofbot: Says, tmp_path: Path) -> None:
    told = bofbot("service", "windows", "bofbot.xml", "--user", "OFFICE\\keiri")
    assert told.returncode == 0, told.stderr
    raw = (tmp_path / "bofbot.xml").read_bytes()
    assert raw.startswith(b"\xff\xfe")  # as schtasks wants it
    task = ElementTree.fromstring(raw)
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    assert [part.tag.removeprefix(space) for part in task] == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]  # fmt: skip
    said = {one.tag.removeprefix(space): one.text for one in task.iter()}
    assert (said["UserId"], said["ExecutionTimeLimit"]) == ("OFFICE\\keiri", "PT0S")
    assert (said["Command"], said["Arguments"]) == (sys.executable, "-m bofbot.cli serve")
    assert said["WorkingDirectory"] == str(tmp_path)
    assert bofbot("service", "windows", "bofbot.xml").returncode == 2


def test_odd_paths_stay_well_formed() -> None:
    task = task_of("serve", Path("/srv/A & B <経理>"), Path("python"), "keiri")
    assert "<WorkingDirectory>/srv/A &amp; B &lt;経理&gt;</WorkingDirectory>" in task
