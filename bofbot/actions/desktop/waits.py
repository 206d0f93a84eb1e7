"""Waiting for what must be seen on a screen: a window, a picture; never for a fixed time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bofbot.action import Context
from bofbot.adapters.screen import Screen, Window
from bofbot.errors import ApplicationError, BusinessError
from bofbot.values.text import nearest
from bofbot.words import Sentence

_SHARE = 0.8
"""Of the step's time, so that the better message comes before the time-out."""


def deadline(context: Context) -> float:
    """When waiting in this step must end, by the loop's clock. Ask before the screen is opened: that takes its share."""
    return asyncio.get_running_loop().time() + context.timeout * _SHARE


async def see_window(
    context: Context,
    screen: Screen,
    title: str,
    until: float,
    *,
    there: bool = True,
    lives: Callable[[], bool] = lambda: True,
) -> Window:
    """The one window of this title. Raises ApplicationError when it does not come, BusinessError when there are several.

    With `there=False`: waits until none is left. `lives` tells whether its program still runs."""
    loop = asyncio.get_running_loop()
    while True:
        ended = not lives()
        found = await screen.titled(title)
        if not there and not found:
            return _NONE
        if there and len(found) == 1:
            return found[0]
        if ended or loop.time() > until:
            break
        await asyncio.sleep(0.05)
    if not there:
        raise ApplicationError(
            Sentence(
                en=f"the window “{title}” is still there", ja=f"ウィンドウ「{title}」がまだ開いています"
            ),
            sighting=await screen.sighting(title),
        )
    if found:
        names = [context.redact(one.title) for one in found]
        raise BusinessError(
            Sentence(
                en=f"several windows fit “{title}”: {', '.join(names)}",
                ja=f"「{title}」に当てはまるウィンドウが複数あります：{'、'.join(names)}",
            ),
            sighting=await screen.sighting(title),
        )
    raise await _no_window(context, screen, title, ended=ended)


_NONE = Window(0, "", active=False, x=0, y=0, width=0, height=0)


async def _no_window(context: Context, screen: Screen, title: str, *, ended: bool) -> ApplicationError:
    titles = [context.redact(one.title) for one in await screen.windows()]
    near = nearest(title, titles)
    why = (
        Sentence(en=" (the program has ended)", ja="（プログラムが終了しました）")
        if ended
        else Sentence.same("")
    )
    return ApplicationError(
        Sentence(en=f"no window “{title}” appeared", ja=f"ウィンドウ「{title}」が現れませんでした") + why,
        fix=Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
        if near
        else None,
        sighting=await screen.sighting(title),
    )


async def see_image(
    context: Context, screen: Screen, name: str, until: float, confidence: float, *, there: bool = True
) -> tuple[int, int]:
    """The middle of the one place where a picture is seen, in pixels of the screen.

    Raises ApplicationError when it is not seen, or at several places: then none is clicked."""
    file = context.path(name)
    if not file.is_file():
        raise BusinessError(Sentence(en=f"the picture {name} does not exist", ja=f"画像 {name} がありません"))
    loop = asyncio.get_running_loop()
    while True:
        found = await screen.locate(file, confidence)
        if (not found) if not there else len(found) == 1:
            return (found[0][0], found[0][1]) if found else (0, 0)
        if loop.time() > until:
            break
        await asyncio.sleep(0.1)
    if not there:
        message = Sentence(en=f"the picture {name} is still seen", ja=f"画像 {name} がまだ見えています")
    elif found:
        message = Sentence(
            en=f"the picture {name} is seen {len(found)} times; cut out more of its surroundings",
            ja=f"画像 {name} が{len(found)}か所に見えます。周りを広めに切り取ってください",
        )
    else:
        message = Sentence(en=f"the picture {name} is not seen", ja=f"画像 {name} が見つかりません")
    raise ApplicationError(message, sighting=await screen.sighting(name))
