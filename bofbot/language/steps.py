"""Steps as they are written → Step: which key is the verb, do its options fit, what does every step say besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from pydantic import ValidationError

from bofbot.action import Computed, Verb
from bofbot.language.expressions import Template
from bofbot.language.findings import did_you_mean
from bofbot.language.literals import read_retry, read_seconds, read_truth
from bofbot.language.misfits import tell_misfits
from bofbot.language.page import Page
from bofbot.language.shape import STEP_KEYS, options_of
from bofbot.language.yaml_text import Mapping, Node, Scalar
from bofbot.robot import Block, OnError, Robot, Step, Use
from bofbot.values.text import nearest, nfkc
from bofbot.words import Sentence


class Verbs(Protocol):
    """Where verbs are found; `bofbot.actions.VerbTable` is one."""

    def get(self, name: str) -> type[Verb] | None: ...

    def names(self) -> tuple[str, ...]: ...


LoadPart = Callable[[Page, Scalar, str, str], Robot | None]
"""(page, the node of `use:`, its text, path of the step) → the part."""


class StepReader:
    """Reads the steps of one file."""

    def __init__(self, page: Page, verbs: Verbs, load_part: LoadPart) -> None:
        self._page, self._verbs, self._load_part = page, verbs, load_part

    def steps(self, node: Node, prefix: str, what: str) -> tuple[Step, ...]:
        """All steps of a list; `prefix` stands before their numbers."""
        named = Sentence(en=f"`{what}`", ja=f"`{what}`")
        if isinstance(node, Scalar) and node.text is None:
            self._page.fault(
                "E118", Sentence(en=f"{named.en} has no steps", ja=f"{named.ja} に手順がありません"), node
            )
            return ()
        listed = self._page.sequence(node, named)
        if listed is None:
            return ()
        read = (self._step(item, f"{prefix}{number}") for number, item in enumerate(listed.items, 1))
        return tuple(step for step in read if step is not None)

    def _step(self, node: Node, path: str) -> Step | None:
        if not isinstance(node, Mapping):
            self._tell_no_mapping(node)
            return None
        name = self._verb_of(node)
        kind = self._verbs.get(name) if name else None
        common = self._common(node)
        verb = self._options(node, kind, path) if kind else None
        if verb is None:
            return None
        return Step(verb=verb, path=path, place=self._page.place(node.keys[name]), **common)

    # Which verb -------------------------------------------------------------------------------------------------

    def _verb_of(self, step: Mapping) -> str:
        """The verb's key; "" after adding a finding. An option may be called as a verb is (`expect` of `submit`)."""
        keys = [key for key in step.keys if key not in STEP_KEYS]
        verb = ""
        for key in keys:
            if verb and key in options_of(cast("type[Verb]", self._verbs.get(verb))):
                continue
            other = self._verbs.get(key) if key and key.isascii() else None
            if other is None:
                continue
            if verb and verb not in options_of(other):
                self._tell_two_verbs(step, verb, key)
                return ""
            verb = key
        if not verb:
            self._tell_no_verb(step, keys)
            return ""
        options = options_of(cast("type[Verb]", self._verbs.get(verb)))
        unknown = [key for key in keys if key not in options]
        for key in unknown:
            self._tell_unknown(step.keys[key], verb, options)
        return verb

    def _tell_two_verbs(self, step: Mapping, one: str, other: str) -> None:
        first = self._page.place(step.keys[one])
        line = self._page.source.line(first.line)
        place = self._page.place(step.keys[other])
        self._page.findings.add(
            self._page.source,
            "E111",
            Sentence(
                en=f"two verbs in one step: `{one}` and `{other}`",
                ja=f"一つの手順に動詞が二つあります（`{one}` と `{other}`）",
            ),
            place,
            len(other),
            fix=Sentence(
                en=f"begin a new step: `- {other}: …`", ja=f"`- {other}: …` として手順を分けてください"
            ),
            also=((first, line, Sentence(en="the first one", ja="一つ目の動詞")),),
        )

    def _tell_no_verb(self, step: Mapping, keys: list[str]) -> None:
        if any(self._page.full_width_in(step.keys[key]) for key in keys):
            return
        if keys:
            self._tell_unknown_verb(step.keys[keys[0]])
            return
        first = next(iter(step.keys.values()), None)
        message = Sentence(
            en="this step does nothing: it has no verb", ja="この手順には動詞がなく、何も行いません"
        )
        fix = Sentence(en="add one, e.g. `open: /login`", ja="`open: /login` のような動詞を加えてください")
        self._page.fault("E112", message, first or step, fix)

    def _tell_unknown_verb(self, key: Scalar) -> None:
        name = key.text or ""
        message = Sentence(en=f'no verb named "{name}"', ja=f"「{name}」という動詞はありません")
        fix = did_you_mean(name, self._verbs.names(), listed="verbs", listed_ja="動詞")
        self._page.fault("E110", message, key, fix)

    def _tell_unknown(self, key: Scalar, verb: str, options: dict[str, Any]) -> None:
        name = key.text or ""
        if self._page.full_width_in(key):
            return
        near = nearest(name, [*options, *STEP_KEYS], 1)
        owners = [] if near and near[0] != verb else self._verbs_with(name)
        if owners:
            shown = ", ".join(f"`{owner}`" for owner in owners[:4])
            message = Sentence(
                en=f"`{name}` is an option of {shown}, not of `{verb}`",
                ja=f"`{name}` は {shown} の項目で、`{verb}` では使えません",
            )
            self._page.fault("E114", message, key, self._list_options(verb, options))
        elif not near and nearest(name, self._verbs.names(), 1):
            self._tell_unknown_verb(key)
        else:
            message = Sentence(
                en=f'`{verb}` has no option "{name}"', ja=f"`{verb}` に「{name}」という項目はありません"
            )
            self._page.fault(
                "E113",
                message,
                key,
                did_you_mean(name, [*options, *STEP_KEYS]) or self._list_options(verb, options),
            )

    def _verbs_with(self, option: str) -> list[str]:
        return [
            name
            for name in self._verbs.names()
            if (kind := self._verbs.get(name)) and option in options_of(kind) and name != option
        ]

    def _list_options(self, verb: str, options: dict[str, Any]) -> Sentence:
        listed = ", ".join(key for key in options if key != verb)
        if not listed:
            return Sentence(en=f"`{verb}` has no options", ja=f"`{verb}` に項目はありません")
        return Sentence(en=f"options of `{verb}`: {listed}", ja=f"`{verb}` の項目：{listed}")

    def _tell_no_mapping(self, node: Node) -> None:
        if isinstance(node, Scalar) and node.text is not None:
            if self._page.full_width_in(node):
                return
            if node.text.isascii() and self._verbs.get(node.text):
                message = Sentence(en=f"`{node.text}` has no value", ja=f"`{node.text}` に値がありません")
                fix = Sentence(en=f"write `- {node.text}: …`", ja=f"`- {node.text}: …` と書いてください")
                self._page.fault("E118", message, node, fix)
                return
        message = Sentence(en="a step is written `verb: value`", ja="手順は「動詞: 値」の形で書きます")
        self._page.fault(
            "E119", message, node, Sentence(en="e.g. `- open: /login`", ja="例：`- open: /login`")
        )

    # The verb's options -----------------------------------------------------------------------------------------

    def _options(self, step: Mapping, kind: type[Verb], path: str) -> Verb | None:
        options = options_of(kind)
        block = issubclass(kind, Block)
        data: dict[str, Any] = {}
        for key, node in step.items():
            if key not in options or key in STEP_KEYS:
                continue
            if key == "steps" and block:
                data[key] = self.steps(node, f"{path}.", "steps")
            elif key == "as":
                data[key] = self._page.name(node, Sentence(en="`as`", ja="`as`")) or "item"
            else:
                data[key] = self._page.value(node)
        if block and "steps" in options and "steps" not in step.keys:
            message = Sentence(en=f"`{kind.verb}` needs `steps`", ja=f"`{kind.verb}` には `steps` が必要です")
            self._page.fault("E115", message, step.keys[kind.verb])
            return None
        if issubclass(kind, Use):
            data["part"] = self._part(step, path)
            if isinstance(data.get("with"), dict):
                data["with"] = {nfkc(name): value for name, value in data["with"].items()}
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            tell_misfits(self._page, kind, step, error)
            return None

    def _part(self, step: Mapping, path: str) -> Robot | None:
        node = step.values["use"]
        text = self._page.literal(node, Sentence(en="the file of a part", ja="部品のファイル"))
        return self._load_part(self._page, cast(Scalar, node), text, path) if text is not None else None

    # What every step may say ------------------------------------------------------------------------------------

    def _common(self, step: Mapping) -> dict[str, Any]:
        common: dict[str, Any] = {}
        for key in STEP_KEYS:
            if key in step.values:
                common.update(self._READERS[key](self, step.values[key]))
        return common

    def _name(self, node: Node) -> dict[str, Any]:
        return {"name": self._page.literal(node, Sentence(en="`name`", ja="`name`")) or ""}

    def _note(self, node: Node) -> dict[str, Any]:
        return {"note": self._page.literal(node, Sentence(en="`note`", ja="`note`")) or ""}

    def _save_as(self, node: Node) -> dict[str, Any]:
        return {"save_as": self._page.name(node, Sentence(en="`save_as`", ja="`save_as`"))}

    def _if(self, node: Node) -> dict[str, Any]:
        value = self._page.scalar(node) if isinstance(node, Scalar) else None
        if isinstance(value, Computed):
            if isinstance(value, Template) and value.parts and value.alone is None:
                self._tell_no_truth(node)
            return {"condition": value}
        if value in ("true", "false"):
            return {"condition": value == "true"}
        self._tell_no_truth(node)
        return {}

    def _tell_no_truth(self, node: Node) -> None:
        message = Sentence(en="`if` needs true or false", ja="`if` には真偽値が必要です")
        fix = Sentence(
            en="write one comparison: `${row.金額 > 0}`",
            ja="`${row.金額 > 0}` のように比較を一つ書いてください",
        )
        self._page.fault("E155", message, node, fix)

    def _timeout(self, node: Node) -> dict[str, Any]:
        return {"timeout": read_seconds(self._page, node, "timeout")}

    def _retry(self, node: Node) -> dict[str, Any]:
        return {"retry": read_retry(self._page, node)}

    def _optional(self, node: Node) -> dict[str, Any]:
        return {"optional": read_truth(self._page, node, "optional")}

    def _on_error(self, node: Node) -> dict[str, Any]:
        words = ("stop", "skip", "collect")
        text = self._page.literal(node, Sentence(en="`on_error`", ja="`on_error`"))
        if text is not None and text not in words:
            message = Sentence(
                en="`on_error` is stop, skip or collect",
                ja="`on_error` は stop、skip、collect のいずれかです",
            )
            self._page.fault("E116", message, node, did_you_mean(text, words))
        return {"on_error": cast(OnError, text)} if text in words else {}

    _READERS: dict[str, Callable[[Any, Node], dict[str, Any]]] = {
        "name": _name,
        "note": _note,
        "save_as": _save_as,
        "if": _if,
        "timeout": _timeout,
        "retry": _retry,
        "optional": _optional,
        "on_error": _on_error,
    }
