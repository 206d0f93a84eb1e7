"""The verbs of forms: fill, select, check boxes, choose, upload. All find their fields by the labels a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from bofbot.action import Context, Later, Result, Scalar, Touch
from bofbot.actions.pages.computed_fields import ByLabel, beside, named_by
from bofbot.actions.pages.drift import Trail
from bofbot.actions.pages.on_page import patience, remember
from bofbot.adapters.browser import Browser
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.forms import Filled, fill, resolve
from bofbot.forms.fingerprint import print_of
from bofbot.secret import Secret
from bofbot.values.types import read_value
from bofbot.words import Sentence


class Fill(ByLabel):
    """Fills fields, each found by its label, and reads every value back.
    項目名で欄を探して入力し、入力した値を読み返して確かめる。"""

    verb: ClassVar[str] = "fill"
    takes_secrets: ClassVar[frozenset[str]] = frozenset({"fill"})

    fill: dict[str, Scalar]
    """Labels and values, e.g. `{日付: "${row.日付}", 金額: "${row.金額}"}`; `section > label` narrows. Or a record whose columns are the labels: `${row}`.
    項目名と値（例 `{日付: "${row.日付}"}`）。同じ名前が複数あるときは `見出し > 項目名`。列名が項目名のレコードなら `${row}`。"""

    def sentence(self) -> Sentence:
        return named_by(self.fill, "fill in", "に入力する") or _naming(self.fill, "fill in", "に入力する")

    async def run(self, context: Context) -> Result:
        return await _fill(self, context, self.fill)


class Select(ByLabel):
    """Selects an entry of a list by its words.
    選択欄で項目を選ぶ。"""

    verb: ClassVar[str] = "select"

    select: dict[str, Later[Any]]
    """Labels and the entries to select (a list of entries where several may be selected), or a record of these.
    項目名と選ぶ値（複数選べる欄ではリスト）。またはそのレコード。"""

    def sentence(self) -> Sentence:
        return named_by(self.select, "select what the record says in", "で、その値を選ぶ") or _pairing(
            self.select, "select", "で", "を選ぶ"
        )

    async def run(self, context: Context) -> Result:
        return await _fill(self, context, self.select)


class CheckBox(ByLabel):
    """Ticks boxes, or takes ticks away.
    チェックボックスをオンまたはオフにする。"""

    verb: ClassVar[str] = "check_box"

    check_box: dict[str, Later[bool]]
    """Labels and `true` or `false`, or a record of these (its texts may be はい, ○, yes …).
    項目名と `true` / `false`。またはそのレコード（文字なら はい、○ なども可）。"""

    @classmethod
    def cell(cls, value: Any) -> Any:
        return read_value("bool", value) if isinstance(value, str) else value

    def sentence(self) -> Sentence:
        return named_by(self.check_box, "set the boxes of", "のチェックを設定する") or _naming(
            self.check_box, "set the boxes", "のチェックを設定する"
        )

    async def run(self, context: Context) -> Result:
        return await _fill(self, context, self.check_box)


class Choose(ByLabel):
    """Chooses one option of a group of radio buttons.
    ラジオボタンから一つ選ぶ。"""

    verb: ClassVar[str] = "choose"

    choose: dict[str, Scalar]
    """The group's label and the option's words, e.g. `{支払方法: 振込}`, or a record of these.
    グループの項目名と選択肢（例 `{支払方法: 振込}`）。またはそのレコード。"""

    def sentence(self) -> Sentence:
        return named_by(self.choose, "choose what the record says in", "で、その値を選ぶ") or _pairing(
            self.choose, "choose", "で", "を選ぶ"
        )

    async def run(self, context: Context) -> Result:
        return await _fill(self, context, self.choose)


class Upload(ByLabel):
    """Puts a file into a file field.
    ファイルの欄にファイルを指定する。"""

    verb: ClassVar[str] = "upload"

    upload: dict[str, Scalar]
    """The field's label and the file, e.g. `{添付ファイル: data/領収書.pdf}`, or a record of these.
    項目名とファイル（例 `{添付ファイル: data/領収書.pdf}`）。またはそのレコード。"""

    def sentence(self) -> Sentence:
        return named_by(
            self.upload, "attach what the record says in", "に、その値のファイルを添付する"
        ) or _pairing(self.upload, "attach", "に", "を添付する")

    def touches(self) -> tuple[Touch, ...]:
        files = self.upload.values() if isinstance(self.upload, Mapping) else (self.upload,)
        return tuple(Touch("reads", str(file)) for file in files)

    async def run(self, context: Context) -> Result:
        files = {label: _existing(context, str(name)) for label, name in self.upload.items()}
        async with self.on_page(context) as browser:
            for label, path in files.items():
                await _attach(browser, context, label, path)
        names = Sentence.same(", ".join(path.name for path in files.values()))
        return Result(summary=beside(names, self.left_alone))


async def _fill(verb: ByLabel, context: Context, values: Mapping[str, Any]) -> Result:
    async with verb.on_page(context) as browser:
        filled = await fill_in(browser, context, values)
    read = {field.label: context.redact(field.read) for field in filled if field.read}
    return Result(
        summary=beside(Sentence(en=f"{len(filled)} fields", ja=f"{len(filled)}項目"), verb.left_alone),
        facts={"fields": read} if read else {},
    )


async def fill_in(browser: Browser, context: Context, values: Mapping[str, Any]) -> tuple[Filled, ...]:
    """Fill fields of the current page or section; secrets and what is redacted stay out of pictures."""
    unseen = [label for label, value in values.items() if browser.hide(value)]
    trail = Trail(context, browser)
    labelled = {
        trail.words(label): Secret(value) if label in unseen and isinstance(value, str) else value
        for label, value in values.items()
    }  # then no message quotes what the page made of it
    filled = await fill(browser.scope, labelled, patience=patience(context, browser), prints=trail)
    for label in unseen:
        found = await resolve(browser.scope, browser.label(label))
        if found.control is not None:
            browser.shaded.append(found.control)
    filled = tuple(replace(field, label=trail.label(field.label)) for field in filled)
    remember(browser, context, filled)
    return filled


async def _attach(browser: Browser, context: Context, label: str, path: Path) -> None:
    trail = Trail(context, browser)
    words, waiting = trail.words(label), patience(context, browser).begin()
    while (found := await resolve(browser.scope, words)).outcome != "found":
        if await waiting.more():
            continue
        again = await trail.pursue(browser.scope, words, {"code": found.outcome})
        if not again or again == words:
            raise BusinessError(
                found.reason, sighting=Sighting(looked_for=label, candidates=found.candidates)
            )
        words = again
    trail.seen(words, await print_of(browser.scope, words, trail.known(words)))
    await browser.attach(found.control, path)


def _existing(context: Context, name: str) -> Path:
    path = context.path(name)
    if not path.is_file():
        raise BusinessError(
            Sentence(en=f"the file {name} does not exist", ja=f"ファイル {name} がありません"),
            sighting=Sighting(looked_for=name, cell=Cell(name)),
        )
    return path


def _naming(values: Mapping[str, Any], en: str, ja: str) -> Sentence:
    labels = list(values)
    return Sentence(en=f"{en} {', '.join(labels)}", ja=f"{'、'.join(labels)}{ja}")


def _pairing(values: Mapping[str, Any], en: str, joint: str, ja: str) -> Sentence:
    said = {label: "●●●" if isinstance(value, Secret) else _listed(value) for label, value in values.items()}
    return Sentence(
        en=f"{en} " + ", ".join(f"{value} in {label}" for label, value in said.items()),
        ja="、".join(f"{label}{joint}{value}" for label, value in said.items()) + ja,
    )


def _listed(value: Any) -> str:
    return "・".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
