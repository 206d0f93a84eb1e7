"""The screen for real: one of its own, covered where a secret stands, and gone with the run."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from bofbot.actions.desktop.hands import TypeText
from bofbot.adapters.screen import Screen, pictures
from bofbot.adapters.screen.display import missing
from bofbot.secret import Secret
from tests.actions.desktop.form_program import do, on_screen, started
from tests.actions.stage import Stage


@pytest_asyncio.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.delenv("DISPLAY", raising=False)
    stage = Stage(tmp_path, timeout=20.0)
    yield stage
    await stage.close()


@on_screen
async def test_a_secret_is_typed_and_covered_in_pictures(stage: Stage, tmp_path: Path) -> None:
    await started(stage)
    screen = await stage.resource(Screen)
    window = await screen.be_there()
    await do(stage, TypeText(type_text=Secret("秘密のことば")))
    seen = await screen.evidence(tmp_path / "failed")
    with Image.open(tmp_path / "failed.png") as picture:
        field = np.asarray(picture.convert("RGB"))[
            window.y + 25 : window.y + 33, window.x + 24 : window.x + 60
        ]
    assert (field == 0x55).all()
    assert seen.sighting.title == "取引先の登録"
    assert seen.files[0].path == "failed.png"
    assert await screen.copied() == ""
    light = await screen.glimpse(True)
    assert light is not None
    with Image.open(io.BytesIO(light.picture)) as picture:
        assert picture.format == "JPEG"
        field = np.asarray(picture.convert("L"))[window.y + 26 : window.y + 32, window.x + 32 : window.x + 60]
    assert abs(field.astype(int) - 0x55).max() < 12
    assert light.title == "取引先の登録"
    assert not [*stage.scratch.folder.rglob("*.jpg")], "only in memory"


@on_screen
async def test_nothing_stays_behind(stage: Stage) -> None:
    await started(stage)
    screen = await stage.resource(Screen)
    programs = [program.pid for program in screen.display._programs]
    await stage.close()
    assert len(programs) == 3
    for pid in programs:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    if sys.platform.startswith("linux"):
        assert missing({}) == ["Xvfb", "openbox", "xclip"]
        assert missing({"DISPLAY": ":0"}) == ["xclip"]
    else:
        assert missing(dict(os.environ)) == []


def test_a_picture_is_found_by_form_and_colour() -> None:
    dice = np.random.default_rng(7)
    screen = dice.integers(0, 256, (300, 400, 3)).astype(np.uint8)
    part = screen[120:150, 200:260].copy()
    assert [(x, y) for x, y, _ in pictures.find_all(screen, part, 0.95)] == [(200, 120)]
    pale = (part.astype(int) // 3 + 150).astype(np.uint8)
    assert pictures.find_all(screen, pale, 0.95) == []
    screen[10:40, 20:80] = part
    assert sorted((x, y) for x, y, _ in pictures.find_all(screen, part, 0.95)) == [(20, 10), (200, 120)]
    with pytest.raises(ValueError, match="plain"):
        pictures.find_all(screen, np.full((5, 5, 3), 7, np.uint8), 0.95)
    with pytest.raises(ValueError, match="larger"):
        pictures.find_all(part, screen, 0.95)
