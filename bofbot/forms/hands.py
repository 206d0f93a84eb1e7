"""The slower ways into a field, one gesture at a time: ticks, options, lists that open, real key strokes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bofbot.errors import ApplicationError, BusinessError, Candidate, Sighting
from bofbot.forms.calendar import confirm
from bofbot.forms.patience import Patience
from bofbot.forms.reader import ask, ask_keeping, kept_element
from bofbot.forms.reasons import reason
from bofbot.words import Sentence

_CHECKED = "el => el.matches('input') ? el.checked : el.getAttribute('aria-checked') === 'true'"
_SHOWN_VALUE = "el => el.matches('input,textarea,select') ? el.value : el.innerText.trim()"
_VISIBLE_STAND_IN = """el => {
  const big = (x) => x && x.getBoundingClientRect().width > 1 && getComputedStyle(x).opacity !== '0' && getComputedStyle(x).visibility === 'visible';
  if (big(el)) return el;
  const labels = [...(el.labels || [])].filter(big);
  const box = el.parentElement.getBoundingClientRect();
  const drawn = big(el.parentElement) && box.width < 160 && box.height < 60;
  return labels.find((label) => label.contains(el)) || (drawn ? el.parentElement : labels[0]) || (big(el.parentElement) ? el.parentElement : el);
}"""
_GESTURE = 3000
_MOST_PRESSES = 1000


async def tick(control: Any, on: bool) -> str:
    """Make a box ticked or not, by clicking what a person would click. Answers "true" or "false"."""
    if await control.evaluate(_CHECKED) != on:
        target = (await control.evaluate_handle(_VISIBLE_STAND_IN)).as_element()
        await target.click(timeout=_GESTURE)
    waiting = Patience(longest=0.5, quiet=0.5).begin()
    while await control.evaluate(_CHECKED) != on:
        if await waiting.more():
            continue
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
    """Open a list (combobox, autocomplete), press the entry or entries, and look at what stands there then."""
    wanted = field["list"] or [field["text"]]
    if len(wanted) == 1:
        return await _pick_each(frame, control, field, wanted)
    for _ in range(3):  # a widget that draws itself anew meanwhile loses what was pressed
        await _pick_each(frame, control, field, wanted)
        await frame.page.keyboard.press("Escape")
        shown = await _all_stand(frame, control, wanted)
        if all(text in shown for text in wanted):
            return shown
    raise changed(field, shown)


async def _pick_each(frame: Any, control: Any, field: Mapping[str, Any], wanted: Sequence[str]) -> str:
    shown = ""
    for n, text in enumerate(wanted):
        shown = str(await ask(frame, "standing", control))
        if _is_among(text, shown, len(wanted) > 1):
            continue
        number, plain = await ask_keeping(frame, "entry", text)
        entry = await kept_element(frame, number, "control") if n else None
        if entry is not None and await _pressed(entry):  # the list stays open for more
            shown = await _stands(frame, control, {**field, "text": text}, str(plain["said"]))
        else:
            shown = await _pick_one(frame, control, {**field, "text": text})
    return shown


async def _all_stand(frame: Any, control: Any, wanted: Sequence[str]) -> str:
    """What the field shows in the end: all that was chosen, or what it shows after a while."""
    waiting = Patience(longest=0.6, quiet=0.6).begin()
    while True:
        shown = str(await ask(frame, "standing", control))
        if all(text in shown for text in wanted) or not await waiting.more():
            return shown


async def _pick_one(frame: Any, control: Any, field: Mapping[str, Any], *, again: bool = True) -> str:
    keyboard = frame.page.keyboard
    typed = await control.evaluate("el => el.matches('input,textarea') && !el.readOnly")
    await (await _grip(frame, control)).click(timeout=_GESTURE, force=True)
    if typed:
        await control.fill("", force=True)
        await keyboard.type(_to_search(field["text"]))
    waiting = Patience(longest=4.0, quiet=2.0).begin()
    searched = typed
    while True:
        number, plain = await ask_keeping(frame, "entry", field["text"])
        entry = await kept_element(frame, number, "control")
        if entry is not None and await _pressed(entry):
            break
        if not searched and not plain["names"] and await _search_box_has_focus(frame, control):
            await keyboard.type(_to_search(field["text"]))
            searched = True
        more = await waiting.more()
        shown = str(await ask(frame, "standing", control))
        if not typed and _is_among(field["text"], shown, bool(field["list"])):
            return shown
        if not more:
            if typed and not plain["names"] and shown == field["text"]:
                return shown  # a list that only suggests: free text is welcome
            await keyboard.press("Escape")
            if again:  # the list of the field before was still closing, or this one was closed by it
                return await _pick_one(frame, control, field, again=False)
            raise _no_option(field["label"], field["text"], plain["names"], "nooption")
    return await _stands(frame, control, field, str(plain["said"]))


def _to_search(text: str) -> str:
    """What to type into a list that narrows: the words, of “Alb…ia” those before the gap."""
    return next((part.strip() for part in text.split("…") if part.strip()), text)


def _is_among(text: str, shown: str, several: bool) -> bool:
    return shown == text or (several and f" {text} " in f" {shown} ")


async def _pressed(entry: Any) -> bool:
    """A click on an entry; False when the list was drawn anew meanwhile."""
    try:
        await entry.click(timeout=700)
    except Exception as error:
        if "attached" not in str(error) and type(error).__name__ != "TimeoutError":
            raise
        return False
    return True


async def _stands(frame: Any, control: Any, field: Mapping[str, Any], said: str) -> str:
    """What the field shows after a choice, once it shows it: what was asked for, or the entry that was pressed (or its name without its code)."""
    waiting = Patience(longest=0.6, quiet=0.6).begin()
    while True:
        shown = str(await ask(frame, "standing", control))
        entry = bool(shown) and shown != _to_search(field["text"]) and f" {shown} " in f" {said} "
        if entry or field["text"] in shown or await ask(frame, "same", [field["text"], shown]):
            return shown
        if not await waiting.more():
            raise changed(field, shown)


async def _grip(frame: Any, control: Any) -> Any:
    number, _ = await ask_keeping(frame, "grip", control)
    return await kept_element(frame, number, "control") or control


async def slide(frame: Any, control: Any, field: Mapping[str, Any]) -> str:
    """Move a slider that is no input by its arrow keys, until the number it shows (or that stands beside it) is the value."""
    before = await ask(frame, "sliderShows", control)
    try:
        goal = float(field["text"])
    except ValueError:
        raise changed(field, _numbers(before)) from None
    if before == [goal]:
        return str(field["text"])
    await control.focus()
    place, step = await _first_move(frame, control, before)
    shown = await ask(frame, "sliderShows", control)
    for _ in range(3):
        if not step or len(shown) <= place or shown[place] == goal:
            break
        presses = min(round(abs(goal - shown[place]) / abs(step)), _MOST_PRESSES)
        for _ in range(presses):
            await frame.page.keyboard.press(
                "ArrowRight" if (goal > shown[place]) == (step > 0) else "ArrowLeft"
            )
        shown = await ask(frame, "sliderShows", control)
    if not step or len(shown) <= place or shown[place] != goal:
        raise changed(field, _numbers(shown[place : place + 1] or shown))
    return str(field["text"])


async def _first_move(frame: Any, control: Any, before: list[float]) -> tuple[int, float]:
    """Which of the numbers is the slider's, and how far one key takes it: the one that follows the key. (0, 0) when none does."""
    for key, way in (("ArrowRight", 1), ("ArrowLeft", -1)):
        await frame.page.keyboard.press(key)
        after = await ask(frame, "sliderShows", control)
        moved = [i for i, (old, new) in enumerate(zip(before, after, strict=False)) if old != new]
        if len(moved) == 1 and len(before) == len(after):
            return moved[0], way * (after[moved[0]] - before[moved[0]])
    return 0, 0


def _numbers(shown: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in shown)


async def type_keys(frame: Any, control: Any, field: Mapping[str, Any]) -> str:
    """Type with real key strokes: for masks and boxes that change what is pasted."""
    keyboard = frame.page.keyboard
    await control.click(timeout=_GESTURE)
    await control.evaluate(
        "el => el.isContentEditable ? getSelection().selectAllChildren(el) : el.select && el.select()"
    )
    await keyboard.press("Delete")
    await keyboard.type(field["text"])
    await confirm(frame)
    await control.evaluate("el => el.blur()")
    shown = str(await control.evaluate(_SHOWN_VALUE))
    if not await ask(frame, "same", [field["text"], shown]):
        raise changed(field, shown)
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


def changed(field: Mapping[str, Any], shown: str) -> BusinessError:
    wrote, read = ("●●●", "●●●") if field["secret"] else (field["text"], shown)
    said = reason({"code": "changed", "value": wrote, "detail": read})
    return BusinessError(
        Sentence(en=f"the field “{field['label']}” {said.en}", ja=f"欄「{field['label']}」：{said.ja}"),
        sighting=Sighting(looked_for=str(field["label"])),
    )
