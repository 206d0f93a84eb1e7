"""`bofbot restore`: puts a backup back and says what is unknown from then on."""

from __future__ import annotations

import argparse
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import settings_of
from bofbot.cli.options import project_folder
from bofbot.cli.screen import put
from bofbot.office import Office, key_file, store_file, store_of
from bofbot.store.restore import Restored, restore_backup
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "file",
        metavar="FILE",
        help=Sentence(en="a file that `bofbot backup` wrote", ja="`bofbot backup` で作ったファイル"),
    )
    parser.option(
        "--force",
        action="store_true",
        help=Sentence(
            en="also over a store that knows more, or that cannot be read; it is put aside",
            ja="現在の記録のほうが新しい場合や読めない場合も復元する（現在の記録は別のファイルに残す）",
        ),
    )


def run(options: argparse.Namespace) -> int:
    folder = project_folder()
    settings = settings_of(folder)
    language: Language = options.language if options.language_asked else settings.language or options.language
    restored = restore_backup(
        Path(options.file).absolute(),
        lambda: store_of(folder, settings),
        store_file(folder, settings),
        key_file(folder, settings),
        Office.clock(),
        force=options.force,
    )
    put(_in_words(restored).said_in(language))
    if later := _later_runs(folder / settings.logs, restored.last_run):
        named = ", ".join(map(str, later[:10])) + (" …" if len(later) > 10 else "")
        said = Sentence(
            en=f"Runs after the backup left folders in {settings.logs}: {named}. Look at their reports before a robot plays again.",
            ja=f"バックアップより後の実行のフォルダーが {settings.logs} にあります：{named}。ロボットを動かす前に、報告書を確認してください。",
        )
        put(said.said_in(language))
    return 0


def _in_words(restored: Restored) -> Sentence:
    made = restored.manifest.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    aside = restored.aside
    kept = Sentence(
        en=f" The store before it is kept in {aside}.", ja=f"それまでの記録は {aside} に残しました。"
    )
    return (
        Sentence(
            en=f"Restored as of {made}; journal, ledger and runs verified ({restored.records} records).",
            ja=f"{made} の状態に復元し、ジャーナル・台帳・実行の記録を検証しました（{restored.records} 件）。",
        )
        + (kept if aside else Sentence.same(""))
        + "\n"
        + Sentence(
            en="What happened after that is unknown to bofbot: items may have been entered since. Compare with the sites before robots play again.",
            ja="それ以降のことは bofbot には分かりません。その間に登録された件があるかもしれません。ロボットを動かす前に、各サイトの登録内容と照合してください。",
        )
    )


def _later_runs(logs: Path, last: int) -> list[int]:
    """Runs that the restored store does not know, by their folders."""
    numbers = (int(path.name) for path in logs.glob("*/") if path.name.isdecimal()) if logs.is_dir() else ()
    return sorted(number for number in numbers if number > last)
