"""Fill a whole form in one call, read every value back, and take the slower way only for the fields that need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from bofbot.errors import ApplicationError, BusinessError, Sighting
from bofbot.forms import hands
from bofbot.forms.calendar import pick_day
from bofbot.forms.explain import explain
from bofbot.forms.fingerprint import Prints, packed, unpacked
from bofbot.forms.frames import Answer, ask_frames, frames_of
from bofbot.forms.patience import Patience
from bofbot.forms.reader import ask_keeping
from bofbot.forms.reasons import DATA, candidates, reason, with_page
from bofbot.secret import Secret
from bofbot.words import Sentence

Way = Literal["typed", "set", "selected", "boxes", "behind", "ticked", "chosen", "keys", "list", "calendar"]
"""How a value got into its field: typed, set and selected in one call; the others through further gestures."""

_ONE_CALL = frozenset({"typed", "set", "selected", "boxes"})
_MAY_PASS = frozenset(
    {
        "missing",
        "hidden",
        "invisible",
        "tiny",
        "squeezed",
        "nopointer",
        "covered",
        "disabled",
        "readonly",
        "gone",
        "nooption",
        "ambiguous",
        "crossed",
    }
)


@dataclass(frozen=True, slots=True)
class Filled:
    """One field as it stands after filling. `read` is what the page shows now ("" for a secret)."""

    label: str
    way: Way
    read: str

    @property
    def slower(self) -> bool:
        """Did this field need more than the one call?"""
        return self.way not in _ONE_CALL


async def fill(
    page: Any, values: Mapping[str, Any], *, patience: Patience | None = None, prints: Prints | None = None
) -> tuple[Filled, ...]:
    """Fill fields by label, in order. Values: text, Decimal, date, bool, Secret, or a list for multi-selects.

    All labels are resolved and all controls checked before anything is typed (those that an earlier choice may reveal,
    after it). Raises ApplicationError when a field cannot be used, BusinessError when the page does not take the value;
    both name the nearest candidates and what the field shows. `prints` knows how the fields were found before."""
    fields = [_field(label, value) for label, value in values.items()]
    for field in fields:
        if prints and not field["secret"]:
            field["known"] = packed(prints.known(field["label"]))
    done: list[Filled] = []
    waiting = (patience or Patience()).begin()
    while len(done) < len(fields):
        rest = fields[len(done) :]
        answer = await _fill_some(page, rest)
        done.extend(_good(answer.plain, rest, prints))
        if len(done) == len(fields):
            break
        trouble = _trouble(answer.plain)
        if trouble is None:
            continue
        field = next(field for field in rest if field["label"] == trouble["label"])
        if trouble.get("hands"):
            done.append(await _by_hand(answer, field, trouble))
            _tell(prints, field, trouble)
        elif trouble.get("code") in _MAY_PASS and await waiting.more():
            continue
        elif not await _found_again(page, field, trouble, prints):
            raise await _failure(page, field, trouble)
    return tuple(done)


async def _found_again(
    page: Any, field: dict[str, Any], trouble: Mapping[str, Any], prints: Prints | None
) -> bool:
    """The page changed, and what was meant is found under other words: look for those from now on."""
    if prints is None or "known" not in field or "asked" in field:
        return False
    words = await prints.pursue(page, field["label"], trouble)
    if words:
        field["asked"], field["label"] = field["label"], words
    return bool(words)


def _tell(prints: Prints | None, field: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    if prints and "print" in result and "asked" not in field:
        prints.seen(field["label"], unpacked(result["print"]))


async def _fill_some(page: Any, fields: Sequence[dict[str, Any]]) -> Answer:
    frames = frames_of(page)
    frame, some = frames[0], list(fields)
    if len(frames) > 1:
        where = [await ask_frames(page, "resolve", field["label"]) for field in fields]
        if not where[0].number:  # two frames have it
            both = {
                "label": fields[0]["label"],
                "code": "ambiguous",
                "candidates": where[0].plain["candidates"],
            }
            return Answer(frame, {"results": [both]}, 0)
        frame = where[0].frame
        until = next((i for i, at in enumerate(where) if not at.number or at.frame is not frame), len(some))
        some = some[:until]
    number, plain = await ask_keeping(frame, "fill", some)
    return Answer(frame, plain, number)


def _good(plain: Mapping[str, Any], fields: Sequence[dict[str, Any]], prints: Prints | None) -> list[Filled]:
    """The fields that are right, up to the first that is not."""
    good = []
    for result, field in zip(plain["results"], fields, strict=False):
        if not result.get("way"):
            break
        good.append(_filled(field, result["way"], result["read"]))
        _tell(prints, field, result)
    return good


def _filled(field: Mapping[str, Any], way: Way, read: str) -> Filled:
    return Filled(field.get("asked", field["label"]), way, "" if field["secret"] else read)


def _trouble(plain: Mapping[str, Any]) -> dict[str, Any] | None:
    return next((dict(result) for result in plain["results"] if not result.get("way")), None)


async def _by_hand(answer: Answer, field: Mapping[str, Any], trouble: Mapping[str, Any]) -> Filled:
    """The slower ways, one field at a time; what the page refuses to take is raised with what it shows."""
    control, frame = await answer.element(), answer.frame
    role, code = trouble["role"], trouble.get("code")
    way: Way
    if role in ("checkbox", "radio", "switch"):
        if role == "radio" or field["kind"] != "tick":
            way, read = "chosen", await hands.choose(frame, field)
        else:
            way, read = "ticked", await hands.tick(control, bool(field["tick"]))
    elif role == "file":
        raise _refused(field, {"code": "file"})
    elif role == "slider":
        way, read = "keys", await hands.slide(frame, control, field)
    elif trouble.get("day"):
        way, read = await _day_by_hand(frame, control, field, trouble)
    elif role in ("combobox", "listbox", "select") or code not in ("changed", "vetoed", "nofocus"):
        way, read = "list", await hands.pick(frame, control, field)
    else:
        way, read = "keys", await hands.type_keys(frame, control, field)
    return _filled(field, way, read)


async def _day_by_hand(
    frame: Any, control: Any, field: Mapping[str, Any], trouble: Mapping[str, Any]
) -> tuple[Way, str]:
    """From the calendar that the field opens; real key strokes where it opens none."""
    picked = await pick_day(frame, control, tuple(trouble["day"]))
    if "shown" in picked:
        return "calendar", str(picked["shown"])
    if picked["code"] == "optiondisabled":
        raise _refused(field, {"code": "optiondisabled", "detail": field["text"]})
    if trouble.get("code") == "readonly":
        raise await _failure(frame.page, field, trouble)
    if picked["code"] == "changed":
        raise hands.changed(field, str(picked["detail"]))
    return "keys", await hands.type_keys(
        frame, control, {**field, "text": trouble.get("value") or field["text"]}
    )


def _field(label: str, value: Any) -> dict[str, Any]:
    """A value as the reader takes it: {label, text, kind, list, tick, secret}."""
    kind, text, tick, many = "text", "", None, None
    match value:
        case Secret():
            text = value.reveal()
        case bool():
            kind, tick, text = "tick", value, "true" if value else "false"
        case Decimal():
            text = f"{value:f}"
        case datetime():
            text, kind = value.strftime("%Y-%m-%dT%H:%M"), "datetime"
        case date():
            text, kind = value.isoformat(), "date"
        case time():
            text, kind = value.strftime("%H:%M"), "time"
        case list() | tuple():
            each = [_field(label, one) for one in value]
            many = [one["text"] for one in each]
            text, kind = ", ".join(many), each[0]["kind"] if each else "text"
        case None:
            text = ""
        case _:
            text = str(value)
    return {
        "label": label,
        "text": text,
        "kind": kind,
        "list": many,
        "tick": tick,
        "secret": isinstance(value, Secret),
    }


async def _failure(page: Any, field: Mapping[str, Any], trouble: Mapping[str, Any]) -> Exception:
    code = str(trouble.get("code") or "missing")
    if code in DATA:
        return _refused(field, trouble)
    found, says = candidates(trouble) if code != "crossed" else (), None
    if code in ("missing", "ambiguous"):
        known = await explain(page, str(field["label"]))
        found, says = known.candidates or found, known.says if code == "missing" else None
    label, said = field["label"], reason(trouble if trouble.get("code") else {"code": code})
    return ApplicationError(
        with_page(Sentence(en=f"the field “{label}” {said.en}", ja=f"欄「{label}」：{said.ja}"), says),
        fix=_way_out(code),
        sighting=Sighting(looked_for=str(label), candidates=found),
    )


def _refused(field: Mapping[str, Any], trouble: Mapping[str, Any]) -> BusinessError:
    hidden = {"detail": "●●●", "value": "●●●"} if field["secret"] else {}
    said = reason({"value": field["text"], **trouble, **hidden})
    return BusinessError(
        Sentence(en=f"the field “{field['label']}” {said.en}", ja=f"欄「{field['label']}」：{said.ja}"),
        sighting=Sighting(looked_for=str(field["label"]), candidates=candidates(trouble)),
    )


def _way_out(code: str) -> Sentence | None:
    if code == "ambiguous":
        return Sentence(
            en="say which one by its section: `section > label`",
            ja="`見出し > 項目名` のように、どの部分の欄かを書いてください",
        )
    if code == "missing":
        return Sentence(
            en="write the label as it stands on the page; `bofbot` names the nearest ones above",
            ja="画面に表示されている項目名のとおりに書いてください",
        )
    return None
