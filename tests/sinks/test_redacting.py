"""No secret passes, wherever in an event it hides; what has none is passed on untouched."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bofbot.errors import Candidate, Cell, Sighting
from bofbot.events import Event, Evidence, Failure, as_json
from bofbot.secret import Redactor, Secret
from bofbot.sinks.redacting import Redacting, redacted
from tests.sinks.tales import TALES, Teller, said

CANARY = "Xq7-canary-パスワード"


def everywhere() -> list[Event]:
    """The secret in every field that can hold text, keys and nested records included."""
    text = f"before {CANARY} after"
    failure = Failure(
        kind="application",
        message=said(text, text),
        fix=said(text, text),
        sighting=Sighting(
            text,
            (Candidate(text, text, said(text, text)),),
            text,
            text,
            (text, "clean"),
            Cell(text, text, 1, text),
        ),
        evidence=(Evidence("text", f"{CANARY}.txt", text),),
        detail=text,
    )
    tell = Teller(
        text, "1044", text, owner=text, purpose=text,
        inputs={text: [text, {"deep": (text, Decimal("1"))}], "path": Path("data") / CANARY, "secret": Secret(CANARY, "pw")},
    )  # fmt: skip
    step = tell.step("1", text, "open", item=text)
    tell.start(step)
    tell.retry(step, failure)
    tell.note(step, said(text, text))
    tell.effect(step, "done", text)
    tell.fail(step, failure)
    tell.skip(step, said(text, text))
    tell.done(step, summary=said(text, text), facts={"text": text, "list": [text]}, evidence=failure.evidence)
    tell.item(step, 1, text, lambda _: failure, receipt=text)
    return tell.end("failed", 1, failure=failure, outputs={"a": text})


def test_a_secret_is_gone_from_every_place() -> None:
    redact = Redactor([Secret(CANARY)])
    dirty = sum(CANARY in json.dumps(as_json(event), ensure_ascii=False) for event in everywhere())
    assert dirty >= 9
    for event in everywhere():
        clean = json.dumps(as_json(redacted(event, redact)), ensure_ascii=False)
        assert CANARY not in clean
        if CANARY in json.dumps(as_json(event), ensure_ascii=False):
            assert "●●●" in clean


def test_a_number_that_is_a_secret_is_seen_by_its_text() -> None:
    tell = Teller(inputs={"pin": Decimal("902817"), "other": 42})
    clean = redacted(tell.events[0], Redactor([Secret("902817")]))
    assert as_json(clean)["inputs"] == {"pin": "●●●", "other": 42}


@pytest.mark.parametrize("tale", TALES, ids=str)
def test_what_holds_no_secret_passes_as_it_is(tale: str) -> None:
    redact = Redactor([Secret(CANARY)])
    assert all(redacted(event, redact) is event for event in TALES[tale]())


def test_which_event_it_is_stays_known() -> None:
    tell = Teller()
    step = tell.step("1", "submit", "submit")
    tell.start(step)
    clean = redacted(tell.events[-1], Redactor([Secret("submit"), Secret("1044")]))
    assert (as_json(clean)["run"], as_json(clean)["verb"], as_json(clean)["name"]) == (
        "1044",
        "submit",
        "●●●",
    )


def test_the_sink_behind_sees_clean_events_and_is_closed() -> None:
    class Listener:
        seen: list[Event] = []
        closed = False

        def __call__(self, event: Event) -> None:
            self.seen.append(event)

        def close(self) -> None:
            self.closed = True

    listener = Listener()
    sink = Redacting(listener, Redactor([Secret("経理部")]))
    for event in TALES["expenses"]():
        sink(event)
    sink.close()
    assert listener.closed
    assert dataclasses.asdict(listener.seen[0])["owner"] == "●●●"
