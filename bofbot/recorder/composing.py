"""Composing: a story of deeds becomes the steps of a robot: fields in one `fill`, log-ins, submits, and notes on doubts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from bofbot.recorder.rows import FirstRow
from bofbot.recorder.story import Deed, Story
from bofbot.recorder.writing import literal
from bofbot.values.text import nfkc
from bofbot.words import Sentence

Step = dict[str, Any]

_ENTRIES = {
    "fill": "fill",
    "select": "select",
    "choose": "choose",
    "check_box": "check_box",
    "upload": "upload",
}
_DONE = re.compile(
    r"しました|されました|完了|受け付け|受付け|ありがとう|success|registered|saved|submitted|completed|thank",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"検索|絞り込|表示|プレビュー|search|filter|preview|show", re.IGNORECASE)
_LOG_IN = re.compile(r"ログイン|サインイン|認証|log ?in|sign ?in|verif", re.IGNORECASE)


@dataclass(slots=True)
class Composition:
    """A robot in the making: plain mappings in the order they will stand."""

    steps: list[Step] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """For each step, the page it was done on."""
    links: list[bool] = field(default_factory=list)
    """For each step, whether it only led to another page."""
    rows_used: list[bool] = field(default_factory=list)
    """For each step, whether it uses the row."""
    secrets: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """Columns of the table that are used."""
    doubts: int = 0
    """Steps that bear a note."""

    def add(self, step: Step, page: str, *, link: bool = False, row: bool = False) -> Step:
        self.steps.append(step)
        self.pages.append(page)
        self.links.append(link)
        self.rows_used.append(row)
        self.doubts += "note" in step
        return step

    def drop(self, count: int) -> None:
        for rows in (self.steps, self.pages, self.links, self.rows_used):
            del rows[len(rows) - count :]


class Composer:
    """Reads the deeds in order; `row` is the first row of the table that values may come from."""

    def __init__(self, language: str, row: FirstRow | None = None, secret: str = "") -> None:
        self.language = language
        self.row = row
        self.secret = secret
        self.made = Composition()
        self._logged_in = False
        self._filled: dict[str, str] = {}
        """What was entered since the last submit, by label."""

    def compose(self, story: Story) -> Composition:
        for place, deed in enumerate(story.deeds):
            later = story.deeds[place + 1 :]
            if deed.kind == "open":
                self.made.add({"open": literal(deed.url)}, deed.url)
            elif deed.kind == "press":
                self._press(deed, later)
            elif deed.kind == "key":
                self.made.add(self._noted({"press": deed.value}, self._posted(deed)), deed.url)
            elif deed.kind == "secret":
                self._secret(deed)
            elif not (
                self._logged_in and deed.url == self.made.pages[-1] and self.made.steps[-1].get("login")
            ):
                self._entry(deed)
        return self.made

    def _entry(self, deed: Deed) -> None:
        if not deed.label:
            self.made.add(self._by_hand(deed), deed.url)
            return
        if deed.kind == "fill":
            self._filled[deed.label] = str(deed.value)
        verb = _ENTRIES[deed.kind]
        value, from_row = self._value(deed)
        last = self.made.steps[-1] if self.made.steps else {}
        joins = verb in ("fill", "select", "choose") and "fill" in last and "note" not in last
        if joins and self.made.pages[-1] == deed.url:
            last["fill"][deed.label] = value
            self.made.rows_used[-1] = self.made.rows_used[-1] or from_row
            return
        if verb == last_verb(last) and self.made.pages[-1] == deed.url and "note" not in last:
            last[verb][deed.label] = value
            self.made.rows_used[-1] = self.made.rows_used[-1] or from_row
            return
        key = "fill" if verb in ("fill", "select", "choose") and not isinstance(value, list) else verb
        step: Step = {key: {deed.label: value}}
        if deed.kind == "upload":
            step = self._noted(step, _FILE)
        self.made.add(step, deed.url, row=from_row)

    def _value(self, deed: Deed) -> tuple[Any, bool]:
        """The value as the robot says it, and whether it comes from the row."""
        if deed.kind == "check_box":
            return bool(deed.value), False
        if deed.kind == "upload":
            names = [literal(f"data/{name}") for name in deed.value] or ["data/"]
            return names[0], False
        if isinstance(deed.value, list):
            return [literal(str(one)) for one in deed.value], False
        text = str(deed.value)
        found = self.row.expression(text) if self.row else ""
        if found and self.row:
            self._use(found)
            return found, True
        return literal(text), False

    def _use(self, expression: str) -> None:
        assert self.row is not None
        for column in self.row.types:
            if (
                expression in (f"${{row.{column}}}", f'${{row["{column}"]}}')
                and column not in self.made.columns
            ):
                self.made.columns.append(column)

    def _secret(self, deed: Deed) -> None:
        """A password: the log-in verb finds user, password, code and button by itself."""
        name = self.secret or system_name(deed)
        if name not in self.made.secrets:
            self.made.secrets.append(name)
        steps, pages = self.made.steps, self.made.pages
        if self._logged_in and steps and "login" in steps[-1]:
            return  # a one-time code
        while steps and pages[-1] == deed.url and ("fill" in steps[-1] or "open" in steps[-1]):
            self.made.drop(1)  # the user name, and the page: both are part of the log-in
        self.made.add({"login": literal(name), "at": literal(deed.url)}, deed.url)
        self._logged_in = True

    def _press(self, deed: Deed, later: list[Deed]) -> None:
        count = len(self.made.steps)
        self._pressed(deed, later)
        if deed.dialog and len(self.made.steps) > count and "note" not in self.made.steps[-1]:
            self.made.steps[-1] = self._noted(self.made.steps[-1], asked(deed.dialog))
            self.made.doubts += 1

    def _pressed(self, deed: Deed, later: list[Deed]) -> None:
        last = self.made.steps[-1] if self.made.steps else {}
        if "login" in last and (deed.with_secret or _LOG_IN.search(deed.name)):
            return  # the log-in's own button
        if not deed.label:
            self.made.add(self._by_hand(deed), deed.url)
        elif deed.download:
            step = {
                "download": literal(deed.label),
                "to": literal(f"data/{PurePosixPath(deed.download).name}"),
            }
            self.made.add(step | ({"posts": True} if deed.posts else {}), deed.url)
        elif deed.posts and _HARMLESS.search(deed.name):
            self.made.add(self._noted({"click": literal(deed.label), "posts": True}, _SEARCH), deed.url)
        elif deed.posts and self._only_shows(deed, later):
            self.made.add(self._noted({"click": literal(deed.label), "posts": True}, _PREVIEW), deed.url)
        elif deed.posts:
            self._submit(deed)
        else:
            leads = deed.moved and not any(d.url == deed.url and d.kind in _ENTRIES for d in later[:1])
            self.made.add({"click": literal(deed.label)}, deed.url, link=leads)

    def _only_shows(self, deed: Deed, later: list[Deed]) -> bool:
        """A page for confirming: it shows what was entered, speaks of no success, and another button sends it off."""
        following = next((one for one in later if one.kind not in ("check_box",)), None)
        if following is None or following.kind != "press" or not following.posts or expected(deed)[1]:
            return False
        shown = {_bare(text) for text in deed.texts}
        entered = [_bare(value) for value in self._filled.values() if len(value) > 1]
        return len(entered) > 1 and sum(any(value in text for text in shown) for value in entered) * 2 > len(
            entered
        )

    def _submit(self, deed: Deed) -> None:
        expect, sure = expected(deed)
        step: Step = {"submit": literal(deed.label)}
        step["expect"] = literal(expect or "完了")
        receipts = [label for label in deed.receipts if label not in self._filled]
        if receipts:
            step["receipt"] = literal(receipts[0])
        step["on_unknown"] = "ask"
        self._filled.clear()
        self.made.add(step if sure else self._noted(step, _GUESSED), deed.url)

    def _by_hand(self, deed: Deed) -> Step:
        """What could not be named: the robot stops there and asks, rather than leaving it out."""
        what = f"{deed.kind} {deed.name}".strip()
        asked = Sentence(
            en=f"Do by hand, then answer: {what} on {deed.title or deed.url}",
            ja=f"手で操作してから答えてください：{deed.title or deed.url} の {what}",
        )
        return self._noted({"ask": literal(asked.said_in(self._tongue))}, _NAMELESS)

    def _posted(self, deed: Deed) -> Sentence | None:
        return _KEY if deed.posts else None

    def _noted(self, step: Step, note: Sentence | None) -> Step:
        return {**step, "note": note.said_in(self._tongue)} if note else step

    @property
    def _tongue(self) -> Any:
        return "ja" if self.language == "ja" else "en"


def _bare(text: str) -> str:
    """For comparing what was typed with what a page shows: 1980 is 1,980."""
    return re.sub(r"[\s,¥円]", "", nfkc(text))


def last_verb(step: Step) -> str:
    return next(iter(step), "")


def expected(deed: Deed) -> tuple[str, bool]:
    """Words that proved a submit, without figures that change each time; and whether they sound like a success."""
    fresh = deed.appeared(deed.messages) + deed.appeared(deed.texts)
    for text in fresh:
        for part in re.split(r"[。.!！\n]", text):
            words = longest_without_figures(part)
            if words and _DONE.search(words):
                return words, True
    headings = [longest_without_figures(text) for text in deed.appeared(deed.headings)]
    return next((words for words in headings if words), ""), False


def longest_without_figures(text: str) -> str:
    """`受付番号 R-0001 で登録しました` → `で登録しました`."""
    parts = [part.strip(" 　:：「」、,()（）") for part in re.split(r"[A-Za-z\-]*\d[\w\-/,.]*", text)]
    longest = max(parts, key=lambda part: (bool(_DONE.search(part)), len(part)), default="")
    return longest[:60] if len(longest) > 1 else ""


def system_name(deed: Deed) -> str:
    """What people call the system: the part of the title that is not about logging in, else the host."""
    parts = [part.strip() for part in re.split(r"[|｜–—:：]| - ", deed.title) if part.strip()]
    own = [part for part in parts if not _LOG_IN.search(part)]
    return own[-1] if own else urlsplit(deed.url).hostname or "site"


def asked(question: str) -> Sentence:
    """The page asked something in a dialog of the browser."""
    return Sentence(
        en=f"The page asks “{literal(question)}”; bofbot answers OK.",
        ja=f"ページが「{literal(question)}」と確認します。bofbot は OK と答えます。",
    )


_NAMELESS = Sentence(
    en="The recorder found no words by which this can be found again. Look with `bofbot pick`, then write the step.",
    ja="項目名から特定できませんでした。`bofbot pick` で確かめて、手順を書いてください。",
)
_GUESSED = Sentence(
    en="`expect` was guessed: write the words that appear only when it was registered.",
    ja="`expect` は推測です。登録できたときだけ表示される文字に直してください。",
)
_SEARCH = Sentence(
    en="It sends a POST, taken for a search because of its words. If it registers something, write `submit`.",
    ja="POST を送信しますが、文字から検索とみなしました。登録を伴うなら `submit` に直してください。",
)
_PREVIEW = Sentence(
    en="It sends a POST, taken for a confirmation because what was entered is shown again. If it registers something, write `submit`.",
    ja="POST を送信しますが、入力内容を表示する確認画面とみなしました。登録を伴うなら `submit` に直してください。",
)
_FILE = Sentence(
    en="Browsers tell a file's name only: put the file there, or correct the path.",
    ja="ブラウザーからはファイル名しか分かりません。ファイルを置くか、パスを直してください。",
)
_KEY = Sentence(
    en="This key sent something: write a `submit` of the button that does the same.",
    ja="このキーで送信されました。同じ働きのボタンの `submit` に直してください。",
)
