"""The desktop for real: a screen of its own, a program in Tk, Japanese text, pictures, and what may go wrong."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from bofbot.actions.desktop.programs import Copy, Keys, Point, Program, See, TypeText, WindowVerb
from bofbot.adapters.screen import Screen, pictures
from bofbot.adapters.screen.display import NEEDED, missing
from bofbot.errors import ApplicationError, BusinessError, NotReady
from bofbot.secret import Secret
from tests.actions.stage import Stage

FORM = Path(__file__).parent / "screen_programs" / "form.py"

lacking = [name for name in NEEDED if shutil.which(name) is None]
lacking += [name for name in ("pyautogui", "tkinter") if find_spec(name) is None]
absent = pytest.mark.skipif(bool(lacking), reason=f"no desktop here: {', '.join(lacking)}")


def on_screen(test: Any) -> Any:
    """A test that takes a screen of its own, and some seconds."""
    return pytest.mark.slow(absent(test))


@pytest_asyncio.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.delenv("DISPLAY", raising=False)
    stage = Stage(tmp_path, timeout=20.0)
    yield stage
    await stage.close()


async def started(stage: Stage, *more: str) -> Path:
    """The form in front; the file it saves into."""
    kept = stage.work_folder / "kept.txt"
    program = (sys.executable, str(FORM), str(kept), *more)
    await Program(program=program, window="取引先の登録").run(stage)
    return kept


async def do(stage: Stage, *verbs: Any) -> Any:
    result = None
    for verb in verbs:
        result = await verb.run(stage)
    return result


@on_screen
async def test_text_of_any_letters_is_typed_read_back_and_kept_by_the_program(stage: Stage) -> None:
    kept = await started(stage)
    read = await do(stage, TypeText(type_text="abc山田xyz 123"), Copy(copy="line"))
    assert read.value == "abc山田xyz 123"
    await do(
        stage, Keys(keys="Tab"), TypeText(type_text="~0012|-@{}"), Keys(keys="F2"), See(see="取引先の登録")
    )
    await do(stage, TypeText(type_text="二件目"), Keys(keys=("Tab", "F2")))
    await do(stage, TypeText(type_text="x"))  # comes after the keys before it
    assert kept.read_text("utf-8").splitlines() == ["abc山田xyz 123\t~0012|-@{}", "二件目\t"]
    assert stage.notes == [], "a screen of its own needs no warning, and every text could be read back"


@on_screen
async def test_replacing_empties_the_line_first(stage: Stage) -> None:
    await started(stage)
    await do(stage, TypeText(type_text="古い値"), TypeText(type_text="新しい値", replace=True))
    assert (await do(stage, Copy(copy="line"))).value == "新しい値"


@on_screen
async def test_a_picture_is_clicked_where_it_is_seen_and_nowhere_else(stage: Stage, tmp_path: Path) -> None:
    kept = await started(stage)
    screen = await stage.resource(Screen)
    window = await screen.be_there()
    await screen.picture(tmp_path / "whole.png")
    with Image.open(tmp_path / "whole.png") as whole:
        left, top = window.x + 20, window.y + 120
        whole.crop((left, top, left + 60, top + 30)).save(tmp_path / "保存.png")
        whole.crop((left, top, left + 60, top + 30)).convert("L").save(tmp_path / "灰色.png")
    await do(
        stage,
        See(see="保存.png"),
        TypeText(type_text="甲"),
        Point(point="保存.png"),
        TypeText(type_text="乙"),
    )
    await do(stage, Point(point=(50, 135)), TypeText(type_text="丙"))
    assert kept.read_text("utf-8").splitlines() == ["甲\t", "乙\t"]
    stage.timeout = 1.0
    with pytest.raises(ApplicationError, match=r"灰色\.png is not seen"):
        await do(stage, Point(point="灰色.png"))


@on_screen
async def test_a_window_that_comes_in_front_while_typing_is_noticed(stage: Stage) -> None:
    await started(stage, "--nagging")
    with pytest.raises(ApplicationError, match=r"取引先の登録.* is not in front; in front is “お知らせ”"):
        await do(stage, TypeText(type_text="abcdefghijklmnopqrstuvwxyz" * 8))


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
async def test_what_is_not_there_is_said(stage: Stage) -> None:
    await started(stage)
    stage.timeout = 1.0
    with pytest.raises(ApplicationError, match="no window “取引先登録” appeared") as missed:
        await do(stage, WindowVerb(window="取引先登録"))
    assert "取引先の登録" in str(missed.value.fix)
    with pytest.raises(NotReady, match="no-such-program cannot be started"):
        await do(stage, Program(program="no-such-program"))
    with pytest.raises(ApplicationError, match="the program has ended"):
        await do(stage, Program(program=(sys.executable, "-c", "pass"), window="何か"))
    with pytest.raises(BusinessError, match="no key “nokey”"):
        await do(stage, Keys(keys="Ctrl+nokey"))
    with pytest.raises(ApplicationError, match="nothing could be copied"):
        await do(stage, Copy())


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
