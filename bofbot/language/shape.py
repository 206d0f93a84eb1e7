"""The keys that every robot and every step may have, with their meaning: the loader, the schema and the docs read this."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic.fields import FieldInfo

from bofbot.action import Verb
from bofbot.words import Sentence

VERSION = "1"

ROBOT_KEYS: dict[str, Sentence] = {
    "bofbot": Sentence(en="Version of the robot language: 1.", ja="ロボット言語の版。1 と書きます。"),
    "name": Sentence(en="What the robot is called.", ja="ロボットの名前。"),
    "purpose": Sentence(en="What it is for, in a sentence or two.", ja="何のためのロボットか。"),
    "owner": Sentence(en="Who answers for it.", ja="責任を持つ部署や人。"),
    "deputy": Sentence(en="Who answers when the owner is away.", ja="不在のときの代理。"),
    "tags": Sentence(en="Words to find it by.", ja="探すための見出し語。"),
    "by_hand": Sentence(en="What one item costs a person, e.g. 4m.", ja="手作業なら1件にかかる時間（例 4m）。"),
    "review_by": Sentence(en="The day by which somebody must look at it again.", ja="見直しの期限（日付）。"),
    "inputs": Sentence(en="What the robot is given when it starts.", ja="開始時に受け取る値。"),
    "secrets": Sentence(en="Names of the secrets it uses; never the secrets themselves.", ja="使う秘密の名前。値は書きません。"),
    "allow": Sentence(en="Further hosts the robot's browser may reach, e.g. cdn.example.com.", ja="ブラウザーがほかに接続してよいホスト（例 cdn.example.com）。"),
    "approval": Sentence(en="required: it plays only what a person has approved; {by: other}: not the one who asked for the run.", ja="required と書くと、承認された内容だけを実行します。{by: other} なら、実行を依頼した本人は承認できません。"),
    "defaults": Sentence(en="timeout, retry, run_timeout, at (base URL) and drift for all steps.", ja="全手順の既定（timeout、retry、run_timeout、at、drift）。"),
    "steps": Sentence(en="What it does, in order.", ja="順に行う手順。"),
    "on_failure": Sentence(en="Steps played when the run fails.", ja="失敗したときに行う手順。"),
    "finally": Sentence(en="Steps played at the end, whatever happened.", ja="最後に必ず行う手順。"),
    "outputs": Sentence(en="What the run yields, by name.", ja="実行の結果として返す値。"),
}  # fmt: skip

STEP_KEYS: dict[str, Sentence] = {
    "name": Sentence(en="What the step is called on screens and in the manual.", ja="画面や手順書での名前。"),
    "if": Sentence(en="Play the step only when this is true: `${…}`.", ja="これが真のときだけ行う（`${…}`）。"),
    "timeout": Sentence(en="How long the step may take, e.g. 30s.", ja="この手順にかけてよい時間（例 30s）。"),
    "retry": Sentence(en="How often it is tried again: {times: 2, wait: 1s, longest: 1m}.", ja="やり直しの回数と間隔（{times: 2, wait: 1s, longest: 1m}）。"),
    "on_error": Sentence(en="stop, skip or collect.", ja="失敗したとき：stop（止まる）、skip（飛ばす）、collect（集めて続ける）。"),
    "optional": Sentence(en="true: its failure does not fail the run.", ja="true なら失敗しても実行は失敗にならない。"),
    "save_as": Sentence(en="The name under which later steps find what it yields.", ja="結果を後の手順で使うための名前。"),
    "note": Sentence(en="A remark for readers.", ja="読む人への注記。"),
}  # fmt: skip

INPUT_KEYS: dict[str, Sentence] = {
    "type": Sentence(en="What kind of value it is; text when left out.", ja="値の型。省略すると text。"),
    "label": Sentence(en="What people call it.", ja="人に見せる名前。"),
    "default": Sentence(en="The value when none is given.", ja="指定がないときの値。"),
    "required": Sentence(en="false: it may be left out.", ja="false なら省略できる。"),
    "choices": Sentence(en="The values of a choice.", ja="選択肢。"),
    "personal": Sentence(
        en="true: masked in pictures, logs and reports.", ja="true なら画像・ログ・報告書で伏せる。"
    ),
    "help": Sentence(en="A word of explanation.", ja="説明。"),
}

RETRY_KEYS: dict[str, Sentence] = {
    "times": Sentence(en="Further tries after the first.", ja="最初の1回の後に試す回数。"),
    "wait": Sentence(
        en="Wait before the second try; doubled each time.", ja="2回目までの待ち時間。毎回2倍になる。"
    ),
    "longest": Sentence(en="The longest wait.", ja="待ち時間の上限。"),
}

DEFAULT_KEYS: dict[str, Sentence] = {
    "timeout": STEP_KEYS["timeout"],
    "retry": STEP_KEYS["retry"],
    "run_timeout": Sentence(
        en="How long the whole run may take, e.g. 2h.", ja="実行全体にかけてよい時間（例 2h）。"
    ),
    "at": Sentence(
        en="The address that paths like /login are added to.", ja="/login のようなパスの前に付くアドレス。"
    ),
    "drift": Sentence(
        en="When a page has changed: `follow` a field that is surely the same (the usual), or `stop`.",
        ja="画面が変わったとき：同じ欄だと確かなら続ける `follow`（既定）か、止める `stop`。",
    ),
}


@lru_cache(maxsize=512)
def options_of(verb: type[Verb]) -> dict[str, FieldInfo]:
    """YAML key → field, the verb's own value first."""
    keys = {(field.alias or name): field for name, field in verb.model_fields.items() if not field.exclude}
    own = verb.verb
    return {own: keys[own], **keys} if own in keys else keys


def two_languages(text: Any) -> Sentence:
    """A docstring of two lines, English first."""
    lines = [line.strip() for line in str(text or "").strip().splitlines() if line.strip()]
    if not lines:
        return Sentence.same("")
    split = next(
        (index for index, line in enumerate(lines) if any(ord(c) > 0x3000 for c in line) and index),
        len(lines),
    )
    english, japanese = " ".join(lines[:split]), "".join(lines[split:])
    return Sentence(en=english, ja=japanese or english)
