"""`bofbot answer`: what a robot asked gets its answer, once, and the run goes on."""

from __future__ import annotations

import argparse
import sys

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.again import plan_again, robot_that_asked
from bofbot.cli.offices import office_for
from bofbot.cli.options import input_option
from bofbot.cli.past import past_run
from bofbot.cli.playing import play_options, play_plan
from bofbot.cli.screen import columns, put, say
from bofbot.errors import UsageError
from bofbot.office import Office
from bofbot.plan import HIDDEN, Extent
from bofbot.questions import as_typed, expected, hint, read_answer
from bofbot.runner.earlier import finished_for_good
from bofbot.store.owner import this_person
from bofbot.store.questions import QuestionRow, Settled
from bofbot.store.story import last_of, story_of
from bofbot.values.bad_value import BadValue
from bofbot.waiting import as_word, how_to_answer
from bofbot.words import Sentence

MORE = Sentence(
    en="QUESTION is the item's key (or the number that `bofbot waiting --json` shows); it may be left out when the run asks one thing only. Without VALUE you are asked here. The run goes on by itself when all it asked is answered and `bofbot serve` or a worker lives.",
    ja="質問は、その件のキー（または `bofbot waiting --json` の番号）で指定します。質問が1つだけなら省略できます。値を省略するとこの場で尋ねます。すべての質問に回答すると、`bofbot serve` かワーカーが動いていれば自動で続きを実行します。",
)


def arguments(parser: CommandParser) -> None:
    parser.option("run", metavar="RUN", help=Sentence(en="the run that waits", ja="待っている実行の番号"))
    parser.option(
        "words",
        nargs="*",
        metavar="[QUESTION] VALUE",
        help=Sentence(en="which question, and its answer", ja="どの質問か、とその答え"),
    )
    parser.option(
        "--by",
        default="",
        metavar="NAME",
        help=Sentence(
            en="who said so, when you type it for somebody; kept beside your own name",
            ja="回答した人（代わりに入力するとき）。入力した人の名前と並べて記録する",
        ),
    )
    parser.option(
        "--why",
        default="",
        metavar="…",
        help=Sentence(en="the reason, kept with the answer", ja="理由（記録に残る）"),
    )
    parser.option(
        "--go-on",
        action="store_true",
        help=Sentence(en="play on here and now", ja="この端末ですぐに続きを実行する"),
    )
    input_option(parser)
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        first, row = last_of(office.store, past_run(office, options.run))
        office.store.questions.expire(office.clock())
        asked = office.store.questions.of_story(first)
        question, text = _meant(asked, row.id, options)
        answered = _answer(office, question, text, options)
        shown = Sentence(
            en=f"{answered.said.en}: {answered.value}", ja=f"{answered.said.ja}：{answered.value}"
        )
        put(shown.said_in(office.language))
        left = [one for one in office.store.questions.of_story(first) if one.state == "open"]
        if options.go_on:
            return _go_on(office, row.id, options)
        say(_what_now(office, row.id, first, left), office.language)
    return 0


def _meant(asked: list[QuestionRow], run: str, options: argparse.Namespace) -> tuple[QuestionRow, str | None]:
    """The question and what was typed. Raises UsageError."""
    open_ones = [one for one in asked if one.state == "open"]
    words: list[str] = options.words
    if words:
        named = [one for one in asked if words[0] in (one.item, str(one.id)) and one.item + str(one.id)]
        waits = [one for one in named if one.state == "open"]
        if named and (len(words) > 1 or len(open_ones) != 1):
            if len(waits) > 1:
                raise _which(waits, run)
            return (waits or named)[-1], " ".join(words[1:]) or None
    if len(open_ones) == 1:
        return open_ones[0], " ".join(words) or None
    if open_ones:
        raise _which(open_ones, run)
    if asked:
        return asked[-1], " ".join(words) or None
    raise UsageError(
        Sentence(en=f"run {run} asks nothing", ja=f"実行 {run} に質問はありません"),
        fix=Sentence(
            en="`bofbot waiting` lists what waits", ja="`bofbot waiting` で待っているものを確認できます"
        ),
    )


def _which(waits: list[QuestionRow], run: str) -> UsageError:
    listed = columns([(as_word(one.item) if one.item else str(one.id), one.said.en) for one in waits])
    listed_ja = columns([(as_word(one.item) if one.item else str(one.id), one.said.ja) for one in waits])
    typed = " ".join(how_to_answer(waits[0], alone=False).split(" ")[:-1])
    return UsageError(
        Sentence(
            en=f"run {run} asks {len(waits)} things; which one?\n  " + "\n  ".join(listed),
            ja=f"実行 {run} の質問は {len(waits)} 件あります。どれに回答しますか。\n  "
            + "\n  ".join(listed_ja),
        ),
        fix=Sentence(en=f"e.g. {typed} VALUE", ja=f"例：{typed} 値"),
    )


def _answer(
    office: Office, question: QuestionRow, text: str | None, options: argparse.Namespace
) -> QuestionRow:
    _demand_open(question)
    if question.kind in ("secret", "approval"):
        raise UsageError(
            Sentence(
                en="a secret is never kept: play on at a terminal, where you are asked",
                ja="秘密の値は保存しません。端末で続きを実行し、その場で入力してください",
            )
            if question.kind == "secret"
            else Sentence(en="this wants an approval, not an answer", ja="回答ではなく、承認が必要です"),
            fix=Sentence.same(how_to_answer(question)),
        )
    typed = _prompted(question, office) if text is None else text
    try:
        value = read_answer(question.kind, question.choices, typed, office.clock().date())
    except BadValue as wrong:
        raise UsageError(
            Sentence(en=f"{question.said.en}: ", ja=f"{question.said.ja}：") + wrong.reason,
            fix=expected(question.kind, question.choices),
        ) from None
    me = this_person()
    by = f"{options.by} ({me})" if options.by and options.by != me else me
    try:
        return office.store.questions.settle(
            question.id,
            "answered",
            office.clock(),
            value=as_typed(question.kind, value),
            by=by,
            why=options.why,
        )
    except Settled as settled:
        _demand_open(settled.row)
        raise


def _demand_open(row: QuestionRow) -> None:
    """Raises UsageError naming the first answer."""
    if row.state == "open":
        return
    at = f"{row.settled_at.astimezone():%Y-%m-%d %H:%M}" if row.settled_at else ""
    said = {
        "answered": Sentence(
            en=f"{row.by} answered this on {at}: {row.value}", ja=f"{at} に {row.by} が回答済みです：{row.value}"
        ),
        "expired": Sentence(
            en=f"the time to answer ran out on {at}", ja=f"{at} に回答の期限が切れました"
        ),
        "cancelled": Sentence(en=f"this was cancelled on {at}", ja=f"{at} に取りやめになりました"),
    }[row.state]  # fmt: skip
    raise UsageError(
        Sentence(en=f"{row.said.en}: ", ja=f"{row.said.ja}：") + said,
        fix=Sentence(
            en="an answer is never changed; `bofbot cancel RUN`, then play the robot again",
            ja="回答は変更できません。`bofbot cancel 実行` で取りやめ、ロボットをもう一度実行してください",
        ),
    )


def _prompted(question: QuestionRow, office: Office) -> str:
    """Ask at the terminal until the answer fits. Raises UsageError when nobody is there."""
    if not sys.stdin.isatty():
        raise UsageError(
            Sentence(en="the answer is missing", ja="答えがありません"),
            fix=Sentence.same(how_to_answer(question, alone=not question.item)),
        )
    while True:
        say(question.said + hint(question.kind, question.choices), office.language)
        line = sys.stdin.readline()
        if not line:
            raise UsageError(Sentence(en="not answered", ja="回答しませんでした"))
        try:
            read_answer(question.kind, question.choices, line.strip(), office.clock().date())
        except BadValue as wrong:
            say(wrong.reason, office.language)
        else:
            return line.strip()


def _what_now(office: Office, run: str, first: str, left: list[QuestionRow]) -> Sentence:
    if left:
        return Sentence(
            en=f"run {run} still asks {len(left)}: bofbot waiting",
            ja=f"未回答があと {len(left)} 件：bofbot waiting",
        )
    _, events = story_of(office.store, last_of(office.store, past_run(office, first))[1])
    hidden = any(HIDDEN in getattr(event, "inputs", {}).values() for event in events)
    if not hidden and any(one.alive for one in office.store.workers.all()):
        return Sentence(en=f"run {run} goes on by itself", ja=f"実行 {run} は自動で続きを実行します")
    return Sentence(en=f"go on with: bofbot resume {run}", ja=f"続きを実行するには：bofbot resume {run}")


def _go_on(office: Office, run: str, options: argparse.Namespace) -> int:
    row = past_run(office, run)
    first, events = story_of(office.store, row)
    robot = robot_that_asked(row, first, office)
    if robot is None:
        raise UsageError(
            Sentence(en=f"run {run} does not wait any more", ja=f"実行 {run} はもう待っていません"),
            fix=Sentence.same(f"bofbot show {run}"),
        )
    extent = Extent(mode="resume", of_run=first, finished_steps=finished_for_good(robot, events))
    return play_plan(office, plan_again(robot, events, extent, options), options)
