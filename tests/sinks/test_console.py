"""The console word for word: in a pipe, at a terminal, in both languages."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TextIO

import pytest

from bofbot.errors import Candidate, Cell, Sighting
from bofbot.events import Failure
from bofbot.sinks.console import Console
from bofbot.sinks.headline import commands_of
from bofbot.sinks.story import tell as told
from bofbot.sinks.wording import failure_lines
from bofbot.values.text import width
from bofbot.words import Language, Sentence
from tests.sinks.tales import SLOW, TALES, Teller, expenses, hostile, said, smooth

GOLDEN = Path(__file__).parent / "golden"


def shown(tale: str, language: Language) -> str:
    stream = io.StringIO()
    console = Console(language, stream, clock=lambda: 0.0)
    for event in TALES[tale]():
        console(event)
    console.close()
    return stream.getvalue()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("tale", TALES, ids=str)
def test_a_pipe_gets_these_lines(tale: str, language: Language) -> None:
    assert shown(tale, language) == (GOLDEN / f"{tale}.{language}.txt").read_text()


@pytest.mark.parametrize("tale", TALES, ids=str)
def test_a_pipe_gets_no_escape_codes(tale: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown(tale, "ja"))


def test_columns_are_aligned_by_the_width_of_japanese_letters() -> None:
    lines = [line for line in shown("expenses", "ja").splitlines() if line.startswith((" ✔", " ✖"))]
    assert len({width(line) for line in lines}) == 1
    assert width(lines[0]) <= 78


class Screen:
    """What a person sees on a terminal that obeys `\\r` and `ESC [2K`."""

    def __init__(self, text: str) -> None:
        self.lines = [self._shown(line) for line in text.split("\n")]

    @staticmethod
    def _shown(line: str) -> str:
        visible = line.split("\r\x1b[2K")[-1]
        return re.sub("\x1b\\[[0-9;]*m", "", visible)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def played(events: list[object], stream: TextIO, **options: object) -> Console:
    console = Console("ja", stream, terminal=True, columns=100, clock=Clock(), ticking=False, **options)  # type: ignore[arg-type]
    for event in events:
        console(event)  # type: ignore[arg-type]
    return console


def test_a_terminal_ends_with_the_same_lines_as_a_pipe() -> None:
    stream = io.StringIO()
    played(list(expenses()), stream, colour=True).close()
    assert "\n".join(Screen(stream.getvalue()).lines) == shown("expenses", "ja")


def test_one_live_line_shows_bar_count_time_and_step() -> None:
    stream = io.StringIO()
    events = expenses()
    console = played(list(events[: len(events) // 2]), stream, colour=False)
    live = stream.getvalue().rsplit("\x1b[2K", 1)[-1]
    assert re.search(r" [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] 1行ずつ登録する +━+─+  \d+/42件（失敗 \d+）  \d+:\d\d  K-01\d\d ", live)
    assert width(live) < 100
    console.close()
    assert stream.getvalue().endswith("\r\x1b[2K")


def test_a_narrow_terminal_never_wraps_the_live_line() -> None:
    stream = io.StringIO()
    console = Console("ja", stream, terminal=True, columns=40, clock=Clock(), ticking=False, colour=False)
    for event in expenses()[:60]:
        console(event)
    lives = re.findall("\r\x1b\\[2K([^\r\n]+)", stream.getvalue())
    assert any("…" in live for live in lives)
    assert all(width(live) < 40 for live in lives if "⠋" <= live.strip()[:1] <= "⣿")


def test_a_question_is_not_drawn_over() -> None:
    stream, tell = io.StringIO(), Teller()
    tell.start(tell.step("1", "確認する", "ask"))
    console = played(list(tell.events), stream, colour=False)
    assert stream.getvalue().endswith("\n")
    more = Teller()
    more.start(more.step("1", "開く", "open"))
    other_stream = io.StringIO()
    other = played(list(more.events), other_stream, colour=False)
    assert "開く" in other_stream.getvalue()
    with other.hushed():
        assert other_stream.getvalue().endswith("\r\x1b[2K")
        other(more.events[-1])
        assert other_stream.getvalue().endswith("\r\x1b[2K")
    console.close()
    other.close()


def test_colours_obey_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    for variable, coloured in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", variable)
        stream = Terminal()
        console = Console("ja", stream, ticking=False)
        for event in smooth():
            console(event)
        console.close()
        assert ("\x1b[32m✔" in stream.getvalue()) is coloured
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    console = Console("ja", stream)
    for event in smooth():
        console(event)
    console.close()
    assert "\x1b" not in stream.getvalue()


def test_a_long_loop_in_a_pipe_says_now_and_then_how_far_it_is() -> None:
    stream = io.StringIO()
    console = Console("ja", stream, clock=Clock())
    for event in expenses():
        console(event)
    told = [line for line in stream.getvalue().splitlines() if line.startswith("   1行ずつ登録する")]
    assert 2 <= len(told) <= 10
    assert told[0].endswith("/42件") or "失敗" in told[0]


def test_a_reader_that_left_stops_no_run() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    console = Console("ja", Gone())
    for event in expenses():
        console(event)
    console.close()


def test_the_live_line_ticks_by_itself_and_stops() -> None:
    import time

    stream = io.StringIO()
    console = Console("ja", stream, terminal=True, columns=80, colour=False)
    tell = Teller()
    tell.start(tell.step("1", "開く", "open"))
    for event in tell.events:
        console(event)
    time.sleep(0.7)
    assert stream.getvalue().count("開く") >= 3
    console.close()
    before = stream.getvalue()
    time.sleep(0.5)
    assert stream.getvalue() == before


def test_a_limit_of_the_whole_run_is_told_at_the_end() -> None:
    stream = io.StringIO()
    console = Console("en", stream)
    for event in Teller().end("failed", 1, failure=SLOW):
        console(event)
    assert "the page did not answer within 30 s" in stream.getvalue()


def test_hostile_text_cannot_steer_the_terminal() -> None:
    stream = io.StringIO()
    played(list(hostile()), stream, colour=False).close()
    assert "\x1b[31m" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()


def test_a_terminal_of_another_encoding_gets_question_marks_and_no_silence() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp932", newline="")
    console = Console("ja", stream, terminal=True, columns=78, colour=False, ticking=False)
    for event in smooth():
        console(event)
    console.close()
    text = raw.getvalue().decode("cp932")
    assert "? 突合する" in text
    assert "完了（1.9秒）。" in text


def test_a_warning_is_told_below_its_step() -> None:
    tell, stream = Teller(), io.StringIO()
    step = tell.step("1", "読む", "read_table")
    tell.start(step)
    tell.note(step, said("a slower way was taken", "別の方法で読みました"), "warning")
    tell.note(step, said("40 rows in all", "全40行"))
    tell.finish(step)
    console = Console("ja", stream)
    for event in tell.end("done", 0):
        console(event)
    assert " ▲ 読む" in stream.getvalue()
    assert "\n   │ 別の方法で読みました\n" in stream.getvalue()
    assert "全40行" not in stream.getvalue()


def test_wrong_cells_stand_one_a_line_and_once() -> None:
    cells = [Cell("経費.xlsx", "経費", row, "金額") for row in (4, 6)]
    reason = Sentence(en="no amount", ja="金額ではありません")
    message = Sentence.same("経費.xlsx: 2" + "".join(f"\n  {cell}: ×" for cell in cells))
    seen = Sighting(cell=cells[0], candidates=tuple(Candidate(str(cell), "cell", reason) for cell in cells))
    failure = Failure(kind="business", message=message, sighting=seen)
    assert failure_lines(failure, "", "en") == [
        "経費.xlsx: 2",
        "経費.xlsx › 経費 › 4 › 金額: ×",
        "経費.xlsx › 経費 › 6 › 金額: ×",
    ]


def test_a_whole_file_is_not_called_a_cell() -> None:
    for cell, line in (
        (Cell("data/経費.csv"), "ファイル data/経費.csv"),
        (Cell("経費.xlsx", "経費", 4), "セル 経費.xlsx › 経費 › 4"),
    ):
        failure = Failure(kind="business", message=Sentence.same("開けません"), sighting=Sighting(cell=cell))
        assert failure_lines(failure, "", "ja") == ["開けません", line]


def test_hundreds_of_failures_do_not_flood_the_screen() -> None:
    tell, stream = Teller(), io.StringIO()
    loop = tell.step("1", "登録", "for_each")
    tell.items(loop, 300)
    for index in range(1, 301):
        tell.item(loop, index, f"K-{index}", lambda _: SLOW)
    tell.finish(loop)
    console = Console("en", stream, clock=lambda: 0.0)
    for event in tell.end("partial", 4, items_failed=300, failure=SLOW):
        console(event)
    assert len(stream.getvalue().splitlines()) < 40
    assert "   └ and 280 more; the report has them all" in stream.getvalue()


def test_a_warning_of_an_item_that_went_well_is_told_below_its_loop() -> None:
    tell, stream = Teller(), io.StringIO()
    loop, submit = tell.step("1", "登録", "for_each"), tell.step("1.1", "登録する", "submit", item="K-1")

    def play(key: str) -> None:
        tell.start(submit)
        tell.note(submit, said("a look-up found it", "ありました"), "warning")
        tell.finish(submit)

    tell.items(loop, 1)
    tell.item(loop, 1, "K-1", play)
    tell.finish(loop)
    console = Console("en", stream, clock=lambda: 0.0)
    for event in tell.end("done", 0, items_done=1):
        console(event)
    assert "   │ row 2  K-1  a look-up found it\n" in stream.getvalue()
    assert " ▲ 登録" in stream.getvalue()


def test_a_loop_that_stopped_early_is_gone_on_with() -> None:
    tell, stream = Teller(), io.StringIO()
    loop = tell.step("1", "登録", "for_each")
    tell.items(loop, 12)
    for index in range(1, 6):
        tell.item(loop, index, f"K-{index}", lambda _: SLOW)
    tell.fail(loop, SLOW)
    console = Console("en", stream, clock=lambda: 0.0)
    for event in tell.end("failed", 1, items_failed=5, failure=SLOW):
        console(event)
    assert "bofbot resume 1044       the 5 that failed and the 7 not played" in stream.getvalue()
    assert "bofbot retry" not in stream.getvalue()
    [(said_in_report, command)] = commands_of(told(tell.events))
    assert command == "bofbot resume 1044"
    assert "7" in said_in_report.ja
