"""Waiting for windows and pictures for real: one, none, or several of them."""

from __future__ import annotations

import asyncio
import sys

import pytest
from PIL import Image

from bofbot.actions.desktop.waits import deadline, see_image, see_window
from bofbot.adapters.screen import Screen
from bofbot.errors import ApplicationError, BusinessError
from tests.actions.desktop.form_program import on_screen, started
from tests.actions.stage import Stage

LIST = """
import tkinter
root = tkinter.Tk()
root.title("得意先の一覧")
root.geometry("300x200+600+300")
for top in (20, 100):
    mark = tkinter.Canvas(root, width=60, height=30, bg="white", highlightthickness=0)
    mark.create_polygon(5, 25, 30, 3, 55, 25, fill="green")
    mark.place(x=20, y=top)
root.mainloop()
"""


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_waiting_ends_before_the_time_of_the_step_does(stage: Stage) -> None:
    stage.timeout = 10.0
    left = deadline(stage) - now()
    assert 7.9 < left <= 8.0


@on_screen
async def test_of_several_that_fit_none_is_taken(stage: Stage) -> None:
    await started(stage)
    screen = await stage.resource(Screen)
    await screen.display.start([sys.executable, "-c", LIST], folder=stage.work_folder)
    window = await see_window(stage, screen, "得意先の一覧", deadline(stage))
    await screen.bring_forward(window)
    with pytest.raises(BusinessError, match="several windows fit “先の”"):
        await see_window(stage, screen, "先の", now())
    await screen.picture(stage.work_folder / "whole.png")
    with Image.open(stage.work_folder / "whole.png") as whole:
        left, top = window.x + 20, window.y + 20
        whole.crop((left, top, left + 60, top + 30)).save(stage.work_folder / "印.png")
    with pytest.raises(ApplicationError, match=r"印\.png is seen 2 times"):
        await see_image(stage, screen, "印.png", now(), 0.95)


async def test_a_picture_that_is_no_file_is_said_at_once(stage: Stage) -> None:
    with pytest.raises(BusinessError, match=r"the picture 保存\.png does not exist"):
        await see_image(stage, Screen.__new__(Screen), "保存.png", deadline(stage), 0.95)
