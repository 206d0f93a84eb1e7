"""What good runs teach about pages: kept with the item or run that proved it, trusted as far as it stays the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from bofbot.errors import Place
from bofbot.events import Failure, ItemFinished, RunFinished, RunStarted, StepFailed
from bofbot.sinks.learning import Learning, forget, path_of, read
from bofbot.words import Sentence

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = ("a.yaml", "2", "金額", "http://x/claims/new")
SIGNALS = {"id": "amount", "name": "amount", "place": "5/13"}


def _start(mode: Literal["run", "dry-run"] = "run") -> RunStarted:
    return RunStarted(run="1", at=AT, robot="経費", robot_file="a.yaml", robot_sha256="0", mode=mode)


def _end(outcome: Any = "done") -> RunFinished:
    return RunFinished(run="1", at=AT, robot="経費", outcome=outcome, exit_code=0, seconds=1)


def _item(key: str, state: Any, index: int = 1) -> ItemFinished:
    return ItemFinished(
        run="1", at=AT, step="3", name="", verb="for_each", place=Place("a.yaml", 9), item=key, index=index, state=state, seconds=1
    )  # fmt: skip


def _after(logs: Path, *events: Any) -> dict[Any, Any]:
    learning = Learning(logs, "経費")
    for event in events:
        if isinstance(event, tuple):
            learning.seen(*event)
        else:
            learning(event)
    return read(path_of(logs, "経費"))


def test_a_good_run_is_learned_from_and_known_in_the_next(tmp_path: Path) -> None:
    assert list(_after(tmp_path, _start(), (KEY, "", SIGNALS), _end())) == [KEY]
    known = Learning(tmp_path, "経費").known(KEY)
    assert known == {
        "signals": SIGNALS,
        "trust": dict.fromkeys(SIGNALS, 1.0),
        "age": dict.fromkeys(SIGNALS, 1),
    }
    assert Learning(tmp_path, "経費").labels(KEY[3]) == ("金額",)
    assert Learning(tmp_path, "経費").known((*KEY[:3], "http://x/other")) is None


@pytest.mark.parametrize(
    "events",
    [
        (_start(), (KEY, "", SIGNALS), _end("failed")),
        (_start(), (KEY, "", SIGNALS), _end("interrupted")),
        (_start("dry-run"), (KEY, "", SIGNALS), _end()),
        (_start(), (KEY, "K-1", SIGNALS), _item("K-1", "failed"), _end("partial")),
        (_start(), (KEY, "K-1", SIGNALS), _item("K-1", "waiting"), _end("waiting")),
        (_start(), (KEY, "#2", SIGNALS), _item("", "failed", 2), _end("partial")),
        (_start(), (KEY, "K-1", SIGNALS)),
    ],
)
def test_what_did_not_go_well_teaches_nothing(tmp_path: Path, events: tuple[Any, ...]) -> None:
    assert _after(tmp_path, *events) == {}


def test_a_done_item_teaches_even_in_a_run_that_fails_later(tmp_path: Path) -> None:
    kept = _after(tmp_path, _start(), (KEY, "K-1", SIGNALS), _item("K-1", "done"), (KEY, "K-2", {"id": "x"}), _item("K-2", "failed", 2), _end("failed"))  # fmt: skip
    assert kept[KEY]["signals"] == SIGNALS


def test_a_tolerated_failure_teaches_nothing(tmp_path: Path) -> None:
    failure = Failure("application", Sentence.same("x"))
    failed = StepFailed(run="1", at=AT, step="2", name="", verb="fill", place=Place("a.yaml", 4), seconds=1, attempts=1, failure=failure, tolerated=True)  # fmt: skip
    assert _after(tmp_path, _start(), (KEY, "", SIGNALS), failed, _end()) == {}


def test_what_changes_each_time_is_trusted_less_and_less(tmp_path: Path) -> None:
    for n in range(4):
        _after(tmp_path, _start(), (KEY, "", {**SIGNALS, "place": f"{n}/13"}), _end())
    known = Learning(tmp_path, "経費").known(KEY)
    assert known is not None
    assert known["trust"] == {"id": 1.0, "name": 1.0, "place": 0.25}
    _after(tmp_path, _start(), (KEY, "", None), _end())  # all as known
    known = Learning(tmp_path, "経費").known(KEY)
    assert known is not None
    assert (known["age"]["id"], known["trust"]["place"]) == (5, 0.4)


def test_a_step_put_in_before_it_does_not_make_a_stranger_of_it(tmp_path: Path) -> None:
    _after(tmp_path, _start(), (KEY, "", SIGNALS), _end())
    assert Learning(tmp_path, "経費").known(("a.yaml", "3", *KEY[2:])) is not None
    _after(tmp_path, _start(), (("a.yaml", "7", *KEY[2:]), "", {"id": "other"}), _end())
    assert (
        Learning(tmp_path, "経費").known(("a.yaml", "4", *KEY[2:])) is None
    )  # two steps: nobody knows which


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"v": 9, "fields": []}', '{"v": 1, "fields": [{"file": 1}]}', "\x00"]
)
def test_a_file_that_nobody_can_read_is_learned_anew(tmp_path: Path, text: str) -> None:
    path = path_of(tmp_path, "経費")
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    assert Learning(tmp_path, "経費").known(KEY) is None
    assert list(_after(tmp_path, _start(), (KEY, "", SIGNALS), _end())) == [KEY]


def test_forgetting(tmp_path: Path) -> None:
    other = ("a.yaml", "2", "件数", KEY[3])
    _after(tmp_path, _start(), (KEY, "", SIGNALS), (other, "", SIGNALS), _end())
    path = path_of(tmp_path, "経費")
    assert forget(path, "経費", ["金額"]) == 1
    assert list(read(path)) == [other]
    assert forget(path, "経費") == 1
    assert json.loads(path.read_text("utf-8"))["fields"] == []
