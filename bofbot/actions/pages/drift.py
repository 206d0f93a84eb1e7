"""A step's memory of the page it works on: what its fields and buttons were known by, and what to do when they drift."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from bofbot.action import Context
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, Candidate, Sighting
from bofbot.events import Drift, Evidence
from bofbot.forms.fingerprint import MAY_BE_RETRACED, Known, Trace, What, named, retrace
from bofbot.words import Sentence

_MUCH = 0.5
"""Of what was known by more than its label, less than this still agrees: worth a word."""
_WORTH_PROPOSING = 0.1
"""So far from the next best a find may be proposed; to be gone on with it must stand twice as far apart."""

State = Literal["followed", "proposed", "crossed", "changed"]


class Trail:
    """The `Prints` of one step. `follows=False` (a `submit`, `posts: true`): what drifted is proposed, never used."""

    def __init__(
        self, context: Context, browser: Browser, what: What = "field", *, follows: bool = True
    ) -> None:
        self._context, self._browser, self._what = context, browser, what
        self._memory = context.memory
        self._may_follow = follows and not self._memory.strict
        self._labels: dict[str, str] = {}

    def words(self, label: str) -> str:
        """What to look for on the page for a label of the robot."""
        now = self._memory.follows(label, self._browser.url) if self._may_follow else ""
        words = self._browser.label(now or label)
        self._labels[words] = label
        return words

    def label(self, words: str) -> str:
        """The robot's label for what was looked for."""
        return self._labels.get(words, words)

    def known(self, words: str) -> Known | None:
        return self._memory.known(self.label(words), self._browser.url)

    def seen(self, words: str, answer: Any) -> None:
        label, page = self.label(words), self._browser.url
        if answer is None or self._memory.follows(label, page):
            return  # what was followed is not learned: the label itself must prove it first
        if not isinstance(answer, Mapping):
            self._memory.seen(label, page, None)
            return
        self._memory.seen(label, page, answer["signals"])
        if answer.get("value", 1.0) < _MUCH and self._memory.first("changed", label):
            self._tell(_drift("changed", self._what, label, page, answer))

    async def pursue(self, page: Any, words: str, trouble: Mapping[str, Any]) -> str:
        label, url, code = self.label(words), self._browser.url, str(trouble.get("code"))
        known = self._memory.known(label, url)
        if known is None:
            return ""
        if code == "crossed":
            crossed = Drift(
                state="crossed", what=self._what, looked_for=label, shown=str(trouble["detail"]), page=url
            )
            await self._tell_once(crossed)
            return ""
        if code not in MAY_BE_RETRACED:
            return ""
        trace = await retrace(
            page,
            label,
            known,
            what=self._what,
            prefix=self._browser.section,
            others=self._memory.others(url),
            code=code,
        )
        return await self._decide(label, url, trace) if trace else ""

    async def _decide(self, label: str, url: str, trace: Trace) -> str:
        """Go on with it, or propose it, or leave it: the answer of `pursue`."""
        if trace.opposed or not (trace.label and trace.likely) or trace.margin < _WORTH_PROPOSING:
            return ""
        follow = trace.sure and self._may_follow and not trace.unsafe
        found = Drift(
            state="followed" if follow else "proposed",
            what=self._what,
            looked_for=label,
            found=trace.label,
            shown=trace.shown,
            page=url,
            agrees=trace.agrees,
            differs=trace.differs,
            score=trace.score,
            margin=trace.margin,
        )
        await self._tell_once(found)
        if not follow:
            raise self._not_followed(found, trace)
        self._memory.followed(label, url, trace.label)
        return self.words(label)

    async def _tell_once(self, drift: Drift) -> None:
        if self._memory.first(drift.state, drift.looked_for, drift.found):
            self._tell(drift, await self._picture(drift.looked_for))

    def _tell(self, drift: Drift, picture: Evidence | None = None) -> None:
        redact = self._context.redact
        told = Drift(
            state=drift.state,
            what=drift.what,
            looked_for=drift.looked_for,
            found=redact(drift.found),
            shown=redact(drift.shown),
            page=redact(drift.page),
            agrees=drift.agrees,
            differs=drift.differs,
            score=drift.score,
            margin=drift.margin,
            picture=picture,
        )
        self._context.note(sentence_of(told), "warning", told)

    async def _picture(self, label: str) -> Evidence | None:
        name = f"{self._context.step_path}-drift-{label}.png"
        return await self._browser.picture(self._context.evidence_file(name), label)

    def _not_followed(self, drift: Drift, trace: Trace) -> ApplicationError:
        forbidden = trace.sure and self._memory.strict
        return ApplicationError(
            Sentence(
                en=f"“{drift.looked_for}” is not there any more; it is probably “{drift.found}” now, "
                + ("but `drift: stop` forbids to use that" if forbidden else "but that is not used unasked"),
                ja=f"「{drift.looked_for}」が見つかりません。おそらく「{drift.found}」ですが、"
                + ("`drift: stop` の設定のため使いません" if forbidden else "確認なしには使いません"),
            ),
            fix=Sentence(
                en=f"look at the page; `bofbot heal {self._robot()}` proposes the change of the robot",
                ja=f"画面を確かめてください。`bofbot heal {self._robot()}` でロボットの修正案を表示できます",
            ),
            sighting=Sighting(
                looked_for=drift.looked_for,
                candidates=(Candidate(trace.shown, self._what, named(drift.agrees)),),
                url=drift.page,
            ),
        )

    def _robot(self) -> str:
        """The robot's file as people of the office write it."""
        file, office = Path(self._memory.robot), self._context.work_folder.absolute()
        return (file.relative_to(office) if file.is_relative_to(office) else file).as_posix()


def _drift(state: State, what: What, label: str, page: str, answer: Mapping[str, Any]) -> Drift:
    return Drift(
        state=state,
        what=what,
        looked_for=label,
        found=label,
        page=page,
        agrees=tuple(answer["agrees"]),
        differs=tuple(answer["differs"]),
        score=round(float(answer["value"]), 3),
    )


def sentence_of(drift: Drift) -> Sentence:
    """A drift in one sentence."""
    label, found, agrees, differs = drift.looked_for, drift.found, named(drift.agrees), named(drift.differs)
    match drift.state:
        case "followed":
            return Sentence(
                en=f"the page has changed: “{label}” is “{found}” now ({agrees.en} as before); went on with it",
                ja=f"画面が変わりました。「{label}」は「{found}」になったと判断して続けました（前回と同じ：{agrees.ja}）",
            )
        case "proposed":
            return Sentence(
                en=f"the page has changed: “{label}” is probably “{found}” now ({agrees.en} as before); not used",
                ja=f"画面が変わりました。「{label}」はおそらく「{found}」です（前回と同じ：{agrees.ja}）。使っていません",
            )
        case "crossed":
            return Sentence(
                en=f"the page has changed: “{label}” stands at another {drift.what} now; the one of the last good run is called"
                f" “{drift.shown}”. Nothing was entered",
                ja=f"画面が変わりました。「{label}」は前回と別の{'ボタン' if drift.what == 'button' else '欄'}の名前です。"
                f"前回のものは今「{drift.shown}」です。入力していません",
            )
        case _:
            return Sentence(
                en=f"the page has changed around “{label}”: {differs.en} differ from the last good run",
                ja=f"「{label}」の周りの画面が変わりました（前回と違う：{differs.ja}）",
            )
