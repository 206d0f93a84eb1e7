"""Runs told event by event: what the sinks are tested with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from bofbot.errors import Candidate, Cell, Place, Sighting
from bofbot.events import (
    EffectChanged,
    Event,
    Evidence,
    Failure,
    ItemFinished,
    ItemsStarted,
    ItemStarted,
    Noted,
    Progress,
    RunFinished,
    RunStarted,
    StepFailed,
    StepFinished,
    StepRetried,
    StepSkipped,
    StepStarted,
)
from bofbot.words import Sentence

TOKYO = timezone(timedelta(hours=9))
NINE = datetime(2026, 11, 22, 9, 0, 12, tzinfo=TOKYO)
FILE = "robots/1_経費申請.yaml"


class Teller:
    """Makes events that follow each other, the clock going on by the seconds given."""

    def __init__(
        self, robot: str = "経費申請の登録", run: str = "1044", folder: str = "logs/1044", **head: Any
    ) -> None:
        self.run, self.robot, self.now = run, robot, NINE
        self.events: list[Event] = []
        self._started = NINE
        fields: dict[str, Any] = {
            "owner": "経理部",
            "purpose": "経費.xlsx の各行を登録する",
            "by_hand": 240.0,
            "steps": 3,
            **head,
        }
        self._add(RunStarted, robot=robot, robot_file=FILE, robot_sha256="ab" * 32, folder=folder, **fields)

    def step(
        self, path: str, name: str, verb: str, *, item: str = "", line: int = 0, file: str = FILE
    ) -> dict[str, Any]:
        place = Place(
            file,
            line or 10 + int(path.replace("finally.", "9").replace("on_failure.", "8").replace(".", "")[:3]),
            5,
        )
        return {"step": path, "name": name, "verb": verb, "place": place, "item": item}

    def start(self, step: dict[str, Any], sentence: Sentence | None = None) -> None:
        self._add(StepStarted, **step, sentence=sentence or said(f"{step['verb']} …", f"{step['verb']} する"))

    def done(self, step: dict[str, Any], seconds: float = 0.4, **fields: Any) -> None:
        self.start(step)
        self.finish(step, seconds, **fields)

    def finish(self, step: dict[str, Any], seconds: float = 0.4, **fields: Any) -> None:
        self._add(StepFinished, seconds, **step, seconds=seconds, **fields)

    def fail(
        self, step: dict[str, Any], failure: Failure, seconds: float = 1.0, attempts: int = 1, **fields: Any
    ) -> None:
        self._add(StepFailed, seconds, **step, seconds=seconds, attempts=attempts, failure=failure, **fields)

    def skip(self, step: dict[str, Any], reason: Sentence) -> None:
        self._add(StepSkipped, **step, reason=reason)

    def retry(self, step: dict[str, Any], failure: Failure, wait: float = 1.5) -> None:
        self._add(StepRetried, wait, **step, attempt=1, wait=wait, failure=failure)

    def note(self, step: dict[str, Any], sentence: Sentence, level: str = "info") -> None:
        self._add(Noted, **step, sentence=sentence, level=level)

    def progress(self, step: dict[str, Any], done: int, total: int) -> None:
        self._add(Progress, **step, done=done, total=total)

    def items(self, step: dict[str, Any], total: int) -> None:
        self.start(step)
        self._add(ItemsStarted, **step, total=total)

    def item(
        self, step: dict[str, Any], index: int, key: str, play: Callable[[str], Failure | None], **fields: Any
    ) -> None:
        """One item; `play` tells its steps and gives the failure, if any."""
        told = {**step, "item": key}
        self._add(ItemStarted, **told, index=index, row=index + 1)
        failure = play(key)
        state = fields.pop("state", "failed" if failure else "done")
        self._add(
            ItemFinished,
            **told,
            index=index,
            row=index + 1,
            state=state,
            seconds=fields.pop("seconds", 3.0),
            failure=failure,
            **fields,
        )

    def effect(self, step: dict[str, Any], state: str, receipt: str = "") -> None:
        self._add(EffectChanged, **step, state=state, receipt=receipt)

    def end(self, outcome: str, exit_code: int, **fields: Any) -> list[Event]:
        self._add(RunFinished, robot=self.robot, outcome=outcome, exit_code=exit_code,
                  seconds=(self.now - self._started).total_seconds(), **fields)  # fmt: skip
        return self.events

    def _add(self, kind: Callable[..., Event], later: float = 0.0, /, **fields: Any) -> None:
        self.now += timedelta(seconds=later)
        self.events.append(kind(run=self.run, at=self.now, **fields))


def said(en: str, ja: str) -> Sentence:
    return Sentence(en=en, ja=ja)


BUDGET = Failure(
    kind="business",
    message=said("the site refused it", "サイトに受け付けられませんでした"),
    fix=said("mend the row", "その行を直してください"),
    sighting=Sighting(
        looked_for="登録しました",
        url="http://127.0.0.1/claims/new",
        title="経費申請",
        page_says=("予算が不足しています",),
    ),
    evidence=(Evidence("picture", "07-登録.png", "登録"), Evidence("page", "07-登録.html")),
    place=Place(FILE, 42, 9),
)
OPTION = Failure(
    kind="business",
    message=said("「科目」 has no option 「接待費」", "「科目」に「接待費」という選択肢がありません"),
    sighting=Sighting(
        looked_for="接待費",
        candidates=(
            Candidate("交際費", "option", said("", "")),
            Candidate("会議費", "option", said("disabled", "選択できません")),
        ),
        cell=Cell("data/経費.xlsx", "経費", 33, "科目"),
    ),
    place=Place(FILE, 40, 9),
)
SLOW = Failure(
    kind="application",
    message=said("the page did not answer within 30 s", "ページが30秒以内に応答しませんでした"),
    sighting=Sighting(url="http://127.0.0.1/login", title="ログイン"),
    evidence=(Evidence("picture", "02-login.png", "ログイン"),),
    place=Place(FILE, 20, 5),
)
UNKNOWN = Failure(
    kind="person",
    message=said("sent, but the outcome is not known", "送信しましたが、結果が分かりません"),
    fix=said(
        "look it up in the system, then `bofbot resolve`",
        "相手のシステムで確かめて、`bofbot resolve` で決めてください",
    ),
    place=Place(FILE, 42, 9),
)


def expenses() -> list[Event]:
    """The run of the language's own example: 42 rows, 3 failed, somebody told."""
    tell = Teller(inputs={"file": "data/経費.xlsx", "暗証番号": "●●●"})
    tell.done(
        tell.step("1", "経費ファイルを読む", "read_table"),
        summary=said("42 rows", "42行"),
        facts={"rows": 42},
    )
    login = tell.step("2", "login 経費システム", "login")
    tell.start(login)
    tell.retry(login, SLOW)
    tell.finish(login, 2.1, attempts=2)
    loop = tell.step("3", "1行ずつ登録する", "for_each")
    tell.items(loop, 42)
    failing = {6: BUDGET, 18: BUDGET, 32: OPTION}

    def play(key: str) -> Failure | None:
        failure = failing.get(int(key[2:]) - 101)
        fill = tell.step("3.2", "フォームに入力する", "fill", item=key)
        submit = tell.step("3.3", "登録", "submit", item=key)
        tell.start(fill)
        if failure is OPTION:
            tell.fail(fill, OPTION)
            return failure
        tell.finish(fill, 0.8)
        tell.start(submit)
        tell.effect(submit, "armed")
        if failure is not None:
            tell.effect(submit, "business")
            tell.fail(submit, failure, 3.0)
            return failure
        tell.effect(submit, "done", f"A-{key}")
        tell.finish(
            submit,
            3.0,
            evidence=(Evidence("picture", f"{key}-登録.png", "受付画面"),) if key == "K-0101" else (),
        )
        return None

    for index in range(1, 43):
        key = f"K-{100 + index:04}"
        tell.item(loop, index, key, play, receipt="" if index - 1 in failing else f"A-{key}")
    tell.finish(loop, 2.0, summary=said("39/42 items", "42件中 39件"))
    check = tell.step("4", "合計を照合する", "check")
    tell.start(check)
    tell.fail(
        check,
        Failure(
            kind="business", message=said("the totals differ", "合計が一致しません"), place=Place(FILE, 50, 5)
        ),
    )
    tell.done(
        tell.step("on_failure.1", "経理チャットに知らせる", "notify"),
        summary=said("経理チャット was told", "経理チャット に知らせました"),
    )
    return tell.end("partial", 4, items_done=39, items_failed=3, failure=BUDGET)


def smooth() -> list[Event]:
    """Reconciliation: all well, figures to show."""
    tell = Teller("入金の突合", "1045", "logs/1045", by_hand=0.0, purpose="銀行明細と台帳を突合する", steps=4)
    tell.done(tell.step("1", "明細をダウンロードする", "download"), 1.2, summary=said("downloaded 明細.csv", "明細.csv を保存"),
              evidence=(Evidence("file", "明細.csv", "銀行明細", "cd" * 32),))  # fmt: skip
    tell.done(tell.step("2.1", "明細を読む", "statement"), summary=said("120 entries", "120件"),
              facts={"account": "1234567", "currency": "JPY", "format": "csv", "count": 120, "sum": "12345678", "opening": None,
                     "closing": "23456789", "first_day": "2026-10-01", "outcome": "verified",
                     "checks": [{"id": "sum", "ok": True, "detail": {"en": "the balances follow each other", "ja": "残高が連続しています"}},
                                {"id": "opening", "ok": None, "detail": {"en": "no opening balance is stated", "ja": "開始残高の記載がありません"}}]})  # fmt: skip
    tell.skip(
        tell.step("2", "前月分を読む", "read_table"),
        said("not needed: ${inputs.carry}", "条件に合わないため不要：${inputs.carry}"),
    )
    match = tell.step("3", "突合する", "reconcile")
    tell.start(match)
    tell.note(match, said("2 dates were rounded to the day", "日付2件を日単位に丸めました"))
    tell.finish(match, 0.3, summary=said("118 matched, 2 breaks", "一致 118件、不一致 2件"),
                facts={"kind": "reconciliation", "left": "銀行明細", "right": "入金台帳", "matched": 118, "suggested": 1, "ambiguous": 0,
                       "left_open": 1, "right_open": 2, "left_total": "12345678", "left_matched_total": "12345000",
                       "left_open_total": "678", "right_total": "12345600", "right_matched_total": "12345000",
                       "right_open_total": "600", "difference": "78"},
                evidence=(Evidence("file", "突合結果.xlsx", "突合結果"),))  # fmt: skip
    return tell.end("done", 0, outputs={"difference": "78"})


def waiting() -> list[Event]:
    tell = Teller(run="1046", folder="logs/1046")
    loop = tell.step("1", "1行ずつ登録する", "for_each")
    tell.items(loop, 2)

    def unknown(key: str) -> Failure:
        submit = tell.step("1.1", "登録", "submit", item=key)
        tell.start(submit)
        tell.effect(submit, "armed")
        tell.effect(submit, "uncertain")
        tell.fail(submit, UNKNOWN)
        return UNKNOWN

    tell.item(loop, 1, "K-0101", lambda key: None, state="already", receipt="A-1")
    tell.item(loop, 2, "K-0102", unknown, state="waiting")
    tell.finish(loop, 4.0)
    return tell.end("waiting", 5, items_already=1, items_waiting=1, failure=UNKNOWN)


def broken() -> list[Event]:
    """A part fails inside; the failure is told once, `finally` is still played."""
    tell = Teller(run="1047", folder="logs/1047")
    part, inner = tell.step("1", "ログイン部品", "use"), "robots/parts/login.yaml"
    tell.start(part)
    tell.done(tell.step("1", "トップページを開く", "open", file=inner), 0.2)
    login = tell.step("2", "経費システムにログイン", "login", file=inner)
    tell.start(login)
    tell.retry(login, SLOW)
    tell.fail(login, SLOW, 31.0, 2)
    tell.done(tell.step("finally.1", "ログアウト", "open"), 0.1)
    return tell.end("failed", 1, failure=SLOW)


def interrupted() -> list[Event]:
    tell = Teller(run="1048", folder="logs/1048")
    loop = tell.step("1", "1行ずつ登録する", "for_each")
    tell.items(loop, 3)

    def cut(key: str) -> None:
        tell.start(tell.step("1.1", "フォームに入力する", "fill", item=key))

    tell.item(loop, 1, "K-0101", lambda key: None, receipt="A-1")
    tell.item(loop, 2, "K-0102", cut, state="skipped")
    tell.done(tell.step("finally.1", "ログアウト", "open"), 0.1)
    return tell.end("interrupted", 130, items_done=1)


def hostile() -> list[Event]:
    """Everything a page could put into a report."""
    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>\x1b[31m\u202e\udcffevil"
    tell = Teller(f"robot {evil}", "1049", "logs/1049", owner=evil, purpose=evil, inputs={evil: evil})
    failure = Failure(
        kind="application",
        message=said(evil, evil),
        sighting=Sighting(
            evil,
            (Candidate(evil, evil, said(evil, evil)),),
            "javascript:alert(1)",
            evil,
            (evil,),
            Cell(evil, evil, 1, evil),
        ),
        evidence=(
            Evidence("picture", "../../etc/<b>.png", evil),
            Evidence("file", "javascript:alert(1)", evil),
        ),
        place=Place(evil, 1, 1),
        detail=evil,
    )
    step = tell.step("1", evil, "open")
    tell.start(step)
    tell.fail(step, failure)
    return tell.end("failed", 1, failure=failure, outputs={evil: evil})


TALES: dict[str, Callable[[], list[Event]]] = {
    tale.__name__: tale for tale in (expenses, smooth, waiting, broken, interrupted, hostile)
}
