"""The slower ways into a field, one gesture at a time: ticks, options, lists that open, real key strokes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.errors import ApplicationError, BusinessError, Candidate, Sighting
from bofbot.forms.patience import Patience
from bofbot.forms.reader import ask, ask_keeping, kept_element
from bofbot.forms.reasons import reason
from bofbot.words import Sentence

_CHECKED = "el => el.matches('input') ? el.checked : el.getAttribute('aria-checked') === 'true'"
_SHOWN_VALUE = "el => el.matches('input,textarea,select') ? el.value : el.innerText.trim()"
_VISIBLE_STAND_IN = """el => {
  const big = (x) => x && x.getBoundingClientRect().width > 1 && getComputedStyle(x).opacity !== '0' && getComputedStyle(x).visibility === 'visible';
  if (big(el)) return el;
  return [...(el.labels || [])].find(big) || (big(el.parentElement) ? el.parentElement : el);
}"""
_GESTURE = 3000


async def tick(control: Any, on: bool) -> str:
    """Make a box ticked or not, by clicking what a person would click. Answers "true" or "false"."""
    if await control.evaluate(_CHECKED) != on:
        target = (await control.evaluate_handle(_VISIBLE_STAND_IN)).as_element()
        await target.click(timeout=_GESTURE)
    if await control.evaluate(_CHECKED) != on:
        raise ApplicationError(
            Sentence(en="the box does not change when clicked", ja="チェック欄がクリックしても変わりません")
        )
    return "true" if on else "false"


async def choose(frame: Any, field: Mapping[str, Any]) -> str:
    """Choose one option (or several, for boxes) of a group by its words."""
    wanted = field["list"] or [field["text"]]
    for option in wanted:
        number, plain = await ask_keeping(frame, "member", {"label": field["label"], "option": option})
        control = await kept_element(frame, number, "control")
        if control is None:
            code = "options" if plain["outcome"] == "ambiguous" else "nooption"
            if field["kind"] == "tick":
                code = "boxes"
            raise _no_option(field["label"], option, plain["names"], code)
        await tick(control, True)
    return ", ".join(wanted)


async def pick(frame: Any, control: Any, field: Mapping[str, Any]) -> str:
    """Open a list (combobox, autocomplete), find the entry, click it, and look at what stands there then."""
    keyboard = frame.page.keyboard
    typed = await control.evaluate("el => el.matches('input,textarea')")
    await control.click(timeout=_GESTURE)
    if typed:
        await control.fill("")
        await keyboard.type(field["text"])
    waiting = Patience(longest=4.0, quiet=2.0).begin()
    searched = typed
    while True:
        number, plain = await ask_keeping(frame, "entry", field["text"])
        entry = await kept_element(frame, number, "control")
        if entry is not None:
            await entry.click(timeout=_GESTURE)
            break
        if not searched and not plain["names"] and await _search_box_has_focus(frame, control):
            await keyboard.type(field["text"])
            searched = True
        if not await waiting.more():
            shown = str(await control.evaluate(_SHOWN_VALUE))
            if typed and not plain["names"] and shown == field["text"]:
                return shown  # a list that only suggests: free text is welcome
            await keyboard.press("Escape")
            raise _no_option(field["label"], field["text"], plain["names"], "nooption")
    shown = str(await control.evaluate(_SHOWN_VALUE))
    if field["text"] not in shown and not await ask(frame, "same", [field["text"], shown]):
        raise _changed(field, shown)
    return shown


async def type_keys(frame: Any, control: Any, field: Mapping[str, Any]) -> str:
    """Type with real key strokes: for masks and boxes that change what is pasted."""
    keyboard = frame.page.keyboard
    await control.click(timeout=_GESTURE)
    await control.evaluate(
        "el => el.isContentEditable ? getSelection().selectAllChildren(el) : el.select && el.select()"
    )
    await keyboard.press("Delete")
    await keyboard.type(field["text"])
    await control.evaluate("el => el.blur()")
    shown = str(await control.evaluate(_SHOWN_VALUE))
    if not await ask(frame, "same", [field["text"], shown]):
        raise _changed(field, shown)
    return shown


async def _search_box_has_focus(frame: Any, control: Any) -> bool:
    return bool(
        await frame.evaluate(
            "el => document.activeElement !== el && document.activeElement.matches('input')", control
        )
    )


def _no_option(label: str, wanted: str, names: list[str], code: str) -> BusinessError:
    detail = {"code": code, "value": wanted, "detail": " / ".join(names[:5])}
    said = reason(detail)
    near = tuple(Candidate(name, "option", reason({"code": "other"})) for name in names[:4])
    return BusinessError(
        Sentence(en=f"the field “{label}” {said.en}", ja=f"欄「{label}」：{said.ja}"),
        sighting=Sighting(looked_for=f"{label}: {wanted}", candidates=near),
    )


def _changed(field: Mapping[str, Any], shown: str) -> BusinessError:
    wrote, read = ("●●●", "●●●") if field["secret"] else (field["text"], shown)
    said = reason({"code": "changed", "value": wrote, "detail": read})
    return BusinessError(
        Sentence(en=f"the field “{field['label']}” {said.en}", ja=f"欄「{field['label']}」：{said.ja}"),
        sighting=Sighting(looked_for=str(field["label"])),
    )
