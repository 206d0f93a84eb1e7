"""Webhooks over real sockets: signed, once each, typed, and deaf to browsers, dripping callers and crowds."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bofbot.errors import UsageError
from bofbot.plan import read_inputs
from bofbot.robot import Input
from bofbot.schedule import hooks as hooks_module
from bofbot.schedule import listener as listener_module
from bofbot.schedule.book import Schedule
from bofbot.schedule.hooks import Hooks, Refusal, read_body, signature, signed_text
from bofbot.schedule.listener import Door, Listener, read_head
from bofbot.schedule.sentences import read_sentence
from bofbot.secret import Secret
from bofbot.store import Store, open_store
from bofbot.words import Sentence

KEY = "0123456789abcdef-key"
INPUTS = {"月": Input("月", "month"), "金額": Input("金額", "yen", required=False), "会社": Input("会社")}


class Office:
    """A listener with two schedules, and a caller who knows the key."""

    def __init__(self, store: Store, hosts: tuple[str, ...] = ()) -> None:
        self.store, self.said, self.asked = store, list[Sentence](), 0
        self.now: datetime | None = None
        self.fields = {"key": KEY}
        rule = read_sentence("Webhook invoices が呼ばれたら")
        self.book = [
            Schedule("請求", "取込", rule, {"会社": "あかね"}, secret="外部"),
            Schedule(
                "他", "取込", read_sentence("the webhook other is called"), {"会社": "x"}, secret="外部"
            ),
        ]
        self.hooks = Hooks(store.slots, lambda: self.book, self._secret, self._check, clock=self._clock)
        self.listener = Listener(self.hooks, Door(0, hosts), self.said.append)
        self.listener.start()
        assert self.listener.listening.wait(20)

    def _clock(self) -> datetime:
        return self.now or datetime.now(UTC)

    def _secret(self, name: str) -> Mapping[str, Secret]:
        self.asked += 1
        return {field: Secret(value, field) for field, value in self.fields.items()}

    @staticmethod
    def _check(_: Schedule, inputs: Mapping[str, str]) -> None:
        read_inputs(INPUTS, inputs, lambda: datetime.now(UTC))

    def call(
        self, body: Any = None, *, name: str = "invoices", key: str = "", stamp: int | None = None, signed: str = "", path: str = "",
        method: str = "POST", **headers: str,
    ) -> tuple[int, dict[str, Any]]:  # fmt: skip
        raw = body if isinstance(body, bytes) else json.dumps(body or {"月": "2026-11"}).encode()
        at = str(int(time.time()) if stamp is None else stamp)
        sent = {
            "Content-Type": "application/json", "X-Bofbot-Timestamp": at, **({"Idempotency-Key": key} if key else {}),
            "X-Bofbot-Signature": signed or f"sha256={signature(KEY.encode(), signed_text(name, at, key, raw))}",
            **{one.replace("_", "-"): value for one, value in headers.items()},
        }  # fmt: skip
        talk = http.client.HTTPConnection("127.0.0.1", self.listener.port, timeout=30)
        try:
            talk.request(
                method, path or f"/hooks/{name}", raw, {one: value for one, value in sent.items() if value}
            )
            answer = talk.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            talk.close()

    def raw(self, text: bytes, seconds: float = 20) -> bytes:
        with socket.create_connection(("127.0.0.1", self.listener.port), seconds) as talk:
            talk.sendall(text)
            return b"".join(iter(lambda: talk.recv(4096), b""))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_store(tmp_path / "bofbot.db") as store:
        made = Office(store, hosts=("hooks.example.co.jp",))
        yield made
        made.listener.stop()


def test_a_signed_call_becomes_a_slot_with_typed_inputs(office: Office) -> None:
    status, told = office.call({"月": "2026-11", "金額": 1200, "会社": None}, key="order-17")
    (slot,) = office.store.slots.open()
    assert (status, told["slot"], told["order"], told["run"]) == (202, slot.id, "請求:hook order-17", "")
    assert (slot.nominal, slot.robot, slot.queued) == ("hook order-17", "取込", True)
    assert slot.inputs == {"会社": "あかね", "月": "2026-11", "金額": "1200"}


def test_the_same_id_is_one_run_and_the_same_call_no_second(office: Office) -> None:
    assert office.call({"月": "2026-11"}, key="k1")[0] == 202
    status, told = office.call({"月": "2026-11"}, key="k1", stamp=int(time.time()) - 7)
    assert (status, told["state"]) == (200, "due")
    status, told = office.call({"月": "2026-12"}, key="k1")
    assert (status, "other contents" in told["message"]) == (409, True)
    now = int(time.time())
    assert [office.call(stamp=now)[0] for _ in range(3)] == [202, 409, 409]  # replayed as it was sent
    assert office.call(key="k1", name="other")[0] == 202  # an id is one of its schedule's
    assert len(office.store.slots.open()) == 3


def test_many_repeats_at_once_are_one_run(office: Office) -> None:
    told: list[int] = []
    threads = [threading.Thread(target=lambda: told.append(office.call(key="once")[0])) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [200] * 11 + [202]
    assert len(office.store.slots.open()) == 1


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ({"signed": "sha256=" + "0" * 64}, 401, "does not fit"),
        ({"signed": "md5=1"}, 401, "needs x-bofbot-timestamp"),
        ({"X_Bofbot_Timestamp": "soon"}, 401, "needs x-bofbot-timestamp"),
        ({"stamp": 1_700_000_000}, 401, "older"),
        ({"stamp": 4_000_000_000}, 401, "older (or newer)"),
        ({"Idempotency_Key": "a.b"}, 400, "at most 100 letters"),
        ({"Idempotency_Key": "swapped"}, 401, "does not fit"),
        ({"path": "/hooks/other"}, 401, "does not fit"),
        ({"path": "/hooks/nothing"}, 404, "no webhook nothing"),
        ({"path": "/hooks/../etc"}, 404, "/hooks/NAME"),
        ({"path": "/"}, 404, "/hooks/NAME"),
        ({"method": "GET"}, 405, "POST"),
        ({"Origin": "http://127.0.0.1:8787"}, 403, "browsers"),
        ({"Origin": "null"}, 403, "browsers"),
        ({"Sec_Fetch_Site": "cross-site"}, 403, "browsers"),
        ({"Host": "rebound.example:80"}, 421, "not rebound.example"),
        ({"Content_Type": "text/plain"}, 415, "application/json"),
        ({"body": b"[1]"}, 400, "no JSON object"),
        ({"body": b"{"}, 400, "no JSON"),
        ({"body": b'{"a": NaN}'}, 400, "no JSON"),
        ({"body": b'{"a": 1, "a": 2}'}, 400, "no JSON"),
        ({"body": b"\xff\xfe{}"}, 400, "no JSON"),
        ({"body": b'{"a":' * 9000}, 400, "no JSON"),
        ({"body": {"月": ["2026-11"]}}, 400, "list or an object"),
        ({"body": {"月": "2026-11", "振込先": "x"}}, 400, 'no input "振込先"'),
        ({"body": {"月": "来月ごろ"}}, 400, "input 月"),
        ({"body": {"金額": "1"}}, 400, "missing"),
        ({"body": {"月": "2026-11", "会社": "べつ"}}, 400, "fixed by the schedule"),
        ({"body": b'{"x": "' + b"a" * 70_000 + b'"}'}, 413, "longer than 65,536"),
    ],
)
def test_what_is_refused_and_why(office: Office, how: dict[str, Any], status: int, said: str) -> None:
    told = office.call(**how)
    assert (told[0], said in told[1]["message"]) == (status, True), told
    assert told[1]["message_ja"]
    assert office.store.slots.open() == []


def test_a_proxy_in_front_may_use_its_own_name(office: Office) -> None:
    assert office.call(Host="Hooks.example.co.jp")[0] == 202


def test_keys_can_be_changed_while_calls_come(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.fields = {"key": "a new key of 20 chars", "previous": KEY}
    assert office.call(key="a")[0] == 202
    assert office.call(key="b")[0] == 202
    assert office.asked == 1  # a vault is slow: asked once in a while
    monkeypatch.setattr(hooks_module, "_ASKED_AGAIN", -1.0)
    office.fields = {"key": "a new key of 20 chars"}
    assert office.call(key="c")[0] == 401
    office.fields = {"key": "short"}
    assert office.call(key="d")[0] == 503


def test_a_paused_schedule_says_why(office: Office) -> None:
    office.book = [replace(office.book[0], pause_why="監査中")]
    status, told = office.call()
    assert (status, "監査中" in told["message"]) == (409, True)


def test_who_asks_to_wait_is_told_the_run(office: Office) -> None:
    def play() -> None:
        while not (found := office.store.slots.open()):
            time.sleep(0.02)
        office.store.slots.start(found[0].id, datetime.now(UTC))
        office.store.slots.end(found[0].id, "done", datetime.now(UTC), run="1044")

    player = threading.Thread(target=play)
    player.start()
    status, told = office.call(key="w", Prefer="wait=10")
    player.join()
    assert (status, told["run"], told["state"]) == (202, "1044", "done")
    assert office.call(key="w")[1]["run"] == "1044"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST /hooks/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: x\r\n\r\n", b"400"),
        (b"POST /hooks/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\n folded: x\r\n\r\n", b"400"),
        (b"POST /hooks/invoices HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", b"400"),
        (b"POST http://x/hooks/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"400"),
        (b"POST /hooks/invoices HTTP/1.1\r\n\r\n", b"421"),
        (b"POST /hooks/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\r\n", b"411"),
        (b"POST /hooks/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", b"411"),
        (b"POST /hooks/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
    ],
)  # fmt: skip
def test_strange_requests(office: Office, text: bytes, status: bytes) -> None:
    assert office.raw(text).startswith(b"HTTP/1.1 " + status)


def test_slow_and_many_callers_block_nobody_for_long(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "_SECONDS", 1.0)
    slow = [socket.create_connection(("127.0.0.1", office.listener.port), 20) for _ in range(16)]
    try:
        for talk in slow:
            talk.sendall(b"POST /hooks/invoices HTTP/1.1\r\n")
        status, told = 0, {}
        while status != 503:  # until all sixteen have been let in
            status, told = office.call(key=f"crowd-{time.time_ns()}")
        assert "too many callers" in told["message"]
        for talk in slow:
            assert talk.recv(4096).startswith(b"HTTP/1.1 408")
    finally:
        for talk in slow:
            talk.close()
    while office.call(key="after")[0] == 503:
        time.sleep(0.05)
    assert office.call(key="after")[0] == 200


def test_it_listens_to_this_machine_only_and_waits_for_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener_module, "_BIND_AGAIN", 0.1)
    with open_store(tmp_path / "bofbot.db") as store, socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        said: list[Sentence] = []
        hooks = Hooks(store.slots, list, lambda _: {}, lambda *_: None)
        second = Listener(hooks, Door(port), said.append)
        second.start()
        assert not second.listening.wait(0.5)
        assert "cannot be used" in said[0].en
        holder.close()
        assert second.listening.wait(20)
        assert len(said) == 2
        second.stop()
        second.stop()


@given(st.binary(max_size=300))
def test_no_body_and_no_head_break_it(junk: bytes) -> None:
    for read in (read_body, read_head):
        with suppress(Refusal):
            read(junk)


def test_a_fault_inside_is_a_500_and_the_next_call_is_answered(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(office.hooks, "_check", lambda *_: 1 / 0)
        assert office.call(key="a")[0] == 500
    assert "ZeroDivisionError" in caplog.text
    with monkeypatch.context() as patch:
        patch.setattr(office.hooks, "_check", _secret_input)
        assert office.call(key="b")[0] == 400
    assert office.call(key="c")[0] == 202


def _secret_input(*_: object) -> None:
    raise UsageError("no queue keeps it")
