"""`bofbot backup`: the store, its queue and its key in one file, also while runs play."""

from __future__ import annotations

import argparse
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.screen import put
from bofbot.errors import UsageError
from bofbot.office import key_file
from bofbot.store.backup import write_backup
from bofbot.words import Sentence

MORE = Sentence(
    en="Whoever has the file has the business data and the key of the journal: keep it as you keep those. `bofbot restore FILE` puts it back.",
    ja="ファイルには業務データとジャーナルの鍵が入ります。同じように厳重に保管してください。`bofbot restore FILE` で元に戻せます。",
)


def arguments(parser: CommandParser) -> None:
    parser.option(
        "file", metavar="FILE", help=Sentence(en="the backup to write", ja="書き出すバックアップのファイル")
    )
    parser.option(
        "--without-key",
        action="store_true",
        help=Sentence(
            en="leave the key of the journal out; keep it elsewhere",
            ja="ジャーナルの鍵を含めない（別に保管する）",
        ),
    )


def run(options: argparse.Namespace) -> int:
    file = Path(options.file).absolute()
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(
            Sentence(en=f"{file} is no name of a file in a folder that exists", ja=f"{file} に書き出せません。既存のフォルダー内のファイル名を指定してください")
        )  # fmt: skip
    with office_for(options) as office:
        key = key_file(office.folder, office.settings)
        manifest = write_backup(office.store, key, file, office.clock(), with_key=not options.without_key)
    kilobytes = file.stat().st_size // 1024
    said = Sentence(
        en=f"{file}: {kilobytes:,} kB, runs up to {manifest.last_run}, journal {manifest.head}",
        ja=f"{file}：{kilobytes:,} kB、実行 {manifest.last_run} まで、ジャーナルの末尾 {manifest.head}",
    )
    put(said.said_in(options.language))
    return 0
