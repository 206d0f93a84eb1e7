"""The example package brings a verb by its entry point, installed as anybody would install it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "examples" / "bofbot-greeting"
ROBOT = PACKAGE / "robots" / "greeting.yaml"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
    ]
    source = tmp_path_factory.mktemp("source") / PACKAGE.name
    source.mkdir()
    for file in PACKAGE.rglob("*"):  # a copy: building leaves nothing in the checkout
        if file.is_file() and "__pycache__" not in file.parts:
            (source / file.relative_to(PACKAGE)).parent.mkdir(parents=True, exist_ok=True)
            (source / file.relative_to(PACKAGE)).write_bytes(file.read_bytes())
    subprocess.run([*pip, "--no-index", "--target", str(target), str(source)], check=True, timeout=120)
    return target


def bofbot(folder: Path, site: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "BOFBOT_LANG": "en", "PYTHONPATH": str(site) if site else ""}
    command = [sys.executable, "-m", "bofbot.cli", *words]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=60
    )


def test_a_robot_plays_the_verb(installed: Path, tmp_path: Path) -> None:
    told = bofbot(tmp_path, installed, "run", str(ROBOT), "-i", "name=佐藤")
    assert told.returncode == 0, told.stderr
    assert "words: 佐藤様、" in told.stdout


def test_plan_and_explain_and_schema_know_the_verb(installed: Path, tmp_path: Path) -> None:
    assert "greet 山田" in bofbot(tmp_path, installed, "plan", str(ROBOT)).stdout
    assert "Whom to greet." in bofbot(tmp_path, installed, "explain", "greet").stdout
    assert '"greet"' in bofbot(tmp_path, installed, "schema").stdout


def test_its_own_failures_are_failures_of_the_data(installed: Path, tmp_path: Path) -> None:
    told = bofbot(tmp_path, installed, "run", str(ROBOT), "-i", "name= ")
    assert told.returncode == 4
    assert "nobody to greet" in told.stderr


def test_without_the_package_the_verb_is_unknown(tmp_path: Path) -> None:
    told = bofbot(tmp_path, None, "validate", str(ROBOT))
    assert told.returncode == 3
    assert "greet" in told.stdout
