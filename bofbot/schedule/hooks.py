"""A signed call of a webhook → one slot of its schedule, or a refusal in words. Knows nothing of sockets."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from bofbot.errors import BofbotError, UsageError
from bofbot.schedule.entry import Schedule
from bofbot.secret import Secret
from bofbot.store.slots import NewSlot, SlotRow, Slots
from bofbot.words import Sentence

TOLERANCE = 300
"""Seconds that the clock of a caller may differ; an older call is refused, whatever its signature."""
SIGNATURE, TIMESTAMP, KEY = "x-bofbot-signature", "x-bofbot-timestamp", "idempotency-key"
_KEYS = ("key", "previous")
"""Fields of the secret that a call may be signed with: both, while a key is changed."""
_SHORTEST_KEY = 16
_ASKED_AGAIN = 30.0
"""Seconds for which a key is remembered: a vault is slow on purpose."""
_ID = re.compile(r"[A-Za-z0-9_:-]{1,100}")


@dataclass(frozen=True, slots=True)
class Call:
    """A POST to /hooks/`name`. Header names are in small letters."""

    name: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller is told: an HTTP status, a sentence, and where the run can be found."""

    status: int
    said: Sentence
    about: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """A call that begins nothing."""

    def __init__(self, status: int, en: str, ja: str) -> None:
        self.answer = Answer(status, Sentence(en=en, ja=ja))
        super().__init__(en)


class Hooks:
    """All webhooks of an office. `check(schedule, inputs)` raises what is wrong with the inputs of a robot."""

    def __init__(
        self,
        slots: Slots,
        book: Callable[[], Sequence[Schedule]],
        secret: Callable[[str], Mapping[str, Secret]],
        check: Callable[[Schedule, Mapping[str, str]], None],
        run_of: Callable[[str], str] = lambda _: "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._slots, self._book, self._secret, self._check = slots, book, secret, check
        self._run_of, self._clock = run_of, clock
        self._known: dict[str, tuple[float, tuple[bytes, ...]]] = {}

    def answer(self, call: Call) -> Answer:
        """202: a run will begin · 200: it had begun before by this very call · 4xx: why not. Raises nothing foreign."""
        try:
            schedule = self._schedule(call.name)
            stamp, key = self._signed(schedule, call)
            inputs = self._inputs(schedule, call.body)
            if why := schedule.pause_at(self._clock()):
                _refuse(409, f"the schedule is paused: {why}", f"予定を停止中です：{why}")
            return self._noted(schedule, stamp, key, call, inputs)
        except Refusal as refused:
            return refused.answer
        except BofbotError as wrong:
            return Answer(400 if isinstance(wrong, UsageError) else 503, wrong.message)

    def where(self, call: Call) -> Mapping[str, Any]:
        """How a call that was taken stands now."""
        schedule = self._schedule(call.name)
        stamp, key = call.headers.get(TIMESTAMP, ""), call.headers.get(KEY, "")
        slot = self._slots.at(schedule.name, _nominal(schedule, stamp, key, call))
        return self._about(slot) if slot else {}

    def _schedule(self, name: str) -> Schedule:
        named = [
            one
            for one in self._book()
            if (trigger := one.rule.trigger) and trigger.kind == "webhook" and trigger.what == name
        ]
        if not named:
            _refuse(404, f"there is no webhook {name}", f"{name} という Webhook はありません")
        return named[0]

    def _signed(self, schedule: Schedule, call: Call) -> tuple[str, str]:
        """(timestamp, key) of a call that its sender has signed just now."""
        stamp, key = call.headers.get(TIMESTAMP, ""), call.headers.get(KEY, "")
        given = call.headers.get(SIGNATURE, "")
        if not re.fullmatch(r"\d{1,12}", stamp) or not re.fullmatch(r"sha256=[0-9a-f]{64}", given):
            _refuse(401, f"the call needs {TIMESTAMP} (seconds since 1970) and {SIGNATURE}: sha256=…", f"{TIMESTAMP}（1970年からの秒数）と {SIGNATURE}: sha256=… が必要です")  # fmt: skip
        if key and not _ID.fullmatch(key):
            _refuse(400, f"{KEY} is at most 100 letters, digits, - _ :", f"{KEY} は半角英数字と - _ : で100字までです")  # fmt: skip
        signed = signed_text(call.name, stamp, key, call.body)
        keys = self._keys(schedule.secret)
        fitting = [hmac.compare_digest(f"sha256={signature(one, signed)}", given) for one in keys]
        if not any(fitting):
            _refuse(401, "the signature does not fit", "署名が合いません")
        if abs(self._clock().timestamp() - int(stamp)) > TOLERANCE:
            _refuse(401, f"the call is older (or newer) than {TOLERANCE} seconds; here it is {int(self._clock().timestamp())}", f"呼び出しの時刻が {TOLERANCE} 秒以上ずれています（こちらの時刻は {int(self._clock().timestamp())}）")  # fmt: skip
        return stamp, key

    def _keys(self, name: str) -> tuple[bytes, ...]:
        known = self._known.get(name)
        if known is None or time.monotonic() - known[0] > _ASKED_AGAIN:
            fields = self._secret(name)
            keys = tuple(fields[one].reveal().encode() for one in _KEYS if one in fields)
            if not keys or any(len(key) < _SHORTEST_KEY for key in keys):
                _refuse(503, f'the secret "{name}" needs a field `key` of {_SHORTEST_KEY} characters or more', f"秘密情報「{name}」に {_SHORTEST_KEY} 文字以上の項目 `key` が必要です")  # fmt: skip
            known = self._known[name] = (time.monotonic(), keys)
        return known[1]

    def _inputs(self, schedule: Schedule, body: bytes) -> dict[str, str]:
        """What the schedule says and, besides, the fields of the body: inputs that the robot declares, as it types them."""
        given = read_body(body)
        fixed = next((name for name in given if name in schedule.inputs), None)
        if fixed is not None:
            _refuse(
                400, f'input "{fixed}" is fixed by the schedule', f"入力「{fixed}」は予定で決められています"
            )
        inputs = {**schedule.inputs, **given}
        self._check(schedule, inputs)
        return inputs

    def _noted(
        self, schedule: Schedule, stamp: str, key: str, call: Call, inputs: Mapping[str, str]
    ) -> Answer:
        now = self._clock()
        new = NewSlot(
            schedule.name, _nominal(schedule, stamp, key, call), now, schedule.robot, inputs,
            queued=True, deadline_at=schedule.deadline_of(now), owner=schedule.owner,
        )  # fmt: skip
        written = None
        while written is None:  # another call was noted at this moment
            since = self._slots.ticked_until(schedule.name)
            written = self._slots.note(schedule.name, since, max(now, since or now), [new])
        slot = self._slots.at(schedule.name, new.nominal)
        assert slot is not None
        if written:
            return Answer(202, Sentence(en="taken", ja="受け付けました"), self._about(slot))
        if not key:
            _refuse(409, "this very call was taken before", "同じ呼び出しをすでに受け付けています")
        if dict(slot.inputs) != dict(inputs):
            _refuse(409, f"{KEY} {key} was used before, with other contents", f"{KEY} {key} は別の内容ですでに使われています")  # fmt: skip
        return Answer(200, Sentence(en="taken before", ja="すでに受け付けています"), self._about(slot))

    def _about(self, slot: SlotRow) -> dict[str, Any]:
        order = f"{slot.schedule}:{slot.nominal}"
        return {"slot": slot.id, "order": order, "state": slot.state, "run": slot.run or self._run_of(order)}


def signed_text(name: str, stamp: str, key: str, body: bytes) -> bytes:
    """What is signed: `TIMESTAMP.NAME.IDEMPOTENCY-KEY.BODY`, so that no part can be changed or used for another hook."""
    return f"{stamp}.{name}.{key}.".encode() + body


def signature(key: bytes, signed: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) in hexadecimal."""
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def read_body(body: bytes) -> dict[str, str]:
    """A flat JSON object → texts as they were typed (0.10 stays 0.10); `null` is not given. Raises Refusal."""

    def flat(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name twice")
        return dict(pairs)

    def no_number(text: str) -> NoReturn:
        raise ValueError(text)

    try:
        read = json.loads(body.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=no_number, object_pairs_hook=flat) if body.strip() else {}  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"the body is no JSON: {str(error)[:100]}", f"本文を JSON として読めません：{str(error)[:100]}") from None  # fmt: skip
    if not isinstance(read, dict):
        _refuse(400, "the body is no JSON object", "本文は JSON のオブジェクトで送ってください")
    given = {}
    for name, value in read.items():
        if isinstance(value, bool):
            given[name] = "true" if value else "false"
        elif isinstance(value, str):
            given[name] = value
        elif value is not None:
            _refuse(400, f'"{name}" is a list or an object; an input is one value', f"「{name}」が配列またはオブジェクトです。入力は一つの値で送ってください")  # fmt: skip
    return given


def _nominal(schedule: Schedule, stamp: str, key: str, call: Call) -> str:
    """Unique for ever: the caller's own id, else what was sent and when."""
    if key:
        return f"hook {key}"
    return f"hook #{hashlib.sha256(signed_text(call.name, stamp, key, call.body)).hexdigest()[:32]}"


def _refuse(status: int, en: str, ja: str) -> NoReturn:
    raise Refusal(status, en, ja)
