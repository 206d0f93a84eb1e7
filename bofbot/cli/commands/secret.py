"""`bofbot secret`: keep, list and forget secrets. Values come from hidden prompts or stdin, and are never printed."""

from __future__ import annotations

import argparse
import getpass
import sys

from bofbot.adapters.credentials.vault import Vault, Where
from bofbot.cli.command import CommandParser
from bofbot.cli.options import SETTINGS, json_option, project_folder
from bofbot.cli.screen import columns, put, put_json, say
from bofbot.errors import UsageError
from bofbot.words import Language, Sentence

MORE = Sentence(
    en="Secrets go into the system keyring, else into an encrypted file of the project. Robots name them; YAML never holds them.",
    ja="秘密情報はシステムのキーリング、なければプロジェクトの暗号化ファイルに保管します。YAML には名前だけを書きます。",
)


def arguments(parser: CommandParser) -> None:
    keep = parser.part(
        "set", Sentence(en="keep a secret (asks for its fields)", ja="秘密情報を登録する（値は入力を求める）")
    )
    _name(keep)
    keep.option(
        "--fields",
        metavar="FIELD,…",
        default="user,password,totp",
        help=Sentence(
            en="what to ask for; usually user,password,totp", ja="登録する項目（通常 user,password,totp）"
        ),
    )
    keep.option(
        "--stdin",
        action="store_true",
        help=Sentence(
            en="read lines `field=value` from stdin instead of asking",
            ja="入力を求めず、標準入力から「項目=値」の行を読む",
        ),
    )
    keep.option(
        "--in",
        dest="where",
        choices=("keyring", "file"),
        metavar="keyring|file",
        help=Sentence(en="where to keep it", ja="保管場所"),
    )
    json_option(
        parser.part(
            "list", Sentence(en="list the names and where each is kept", ja="名前と保管場所を一覧する")
        )
    )
    _name(parser.part("rm", Sentence(en="forget a secret", ja="秘密情報を削除する")))


def _name(parser: CommandParser) -> None:
    parser.option("name", metavar="NAME", help=Sentence(en="the name robots use", ja="ロボットで使う名前"))


def run(options: argparse.Namespace) -> int:
    vault = _vault()
    if options.part == "set":
        return _keep(vault, options)
    if options.part == "rm":
        return _forget(vault, options)
    return _list(vault, options)


def _vault() -> Vault:
    from bofbot.language.settings import load_settings

    folder = project_folder()
    file = folder / SETTINGS
    return Vault.at(folder, load_settings(file if file.exists() else None))


def _keep(vault: Vault, options: argparse.Namespace) -> int:
    fields = (
        _from_stdin() if options.stdin else _asked(options.name, options.fields.split(","), options.language)
    )
    if not fields:
        raise UsageError(
            Sentence(en="no field was given, so nothing was kept", ja="値がないため、登録しませんでした")
        )
    where: Where | None = options.where
    place = vault.put(options.name, fields, where)
    kept = Sentence(
        en=f"kept 「{options.name}」 ({', '.join(fields)}) in ",
        ja=f"「{options.name}」（{'、'.join(fields)}）の保管先：",
    )
    say(kept + place, options.language)
    return 0


def _from_stdin() -> dict[str, str]:
    fields: dict[str, str] = {}
    for number, line in enumerate(sys.stdin, 1):
        name, separator, value = line.rstrip("\r\n").partition("=")
        if not line.strip():
            continue
        if not separator or not name.strip():  # the line itself may be a password: it is not shown
            raise UsageError(
                Sentence(
                    en=f"line {number} of stdin is not field=value",
                    ja=f"標準入力の {number} 行目が「項目=値」の形ではありません",
                )
            )
        fields[name.strip()] = value
    return fields


def _asked(name: str, wanted: list[str], language: Language) -> dict[str, str]:
    if not sys.stdin.isatty():
        raise UsageError(
            Sentence(en="nobody can be asked here: no terminal", ja="端末がないため、入力を求められません"),
            fix=Sentence(
                en="give lines `field=value` with --stdin, e.g. from a file only you can read",
                ja="--stdin を付け、「項目=値」の行を標準入力に渡してください",
            ),
        )
    say(Sentence(en="Enter leaves a field out.", ja="使わない項目は Enter だけ押してください。"), language)
    fields: dict[str, str] = {}
    for field in wanted:
        question = f"{name} {field}: "
        if field == "user":
            sys.stderr.write(question)
            sys.stderr.flush()
            value = sys.stdin.readline().rstrip("\n")
        else:
            value = getpass.getpass(question, stream=sys.stderr)
        if value:
            fields[field] = value
    return fields


def _forget(vault: Vault, options: argparse.Namespace) -> int:
    if not vault.remove(options.name):
        raise UsageError(
            Sentence(
                en=f"there is no secret 「{options.name}」", ja=f"秘密情報「{options.name}」はありません"
            ),
            fix=Sentence(
                en="`bofbot secret list` shows them", ja="`bofbot secret list` で一覧を表示できます"
            ),
        )
    say(Sentence(en=f"forgot 「{options.name}」", ja=f"「{options.name}」を削除しました"), options.language)
    return 0


def _list(vault: Vault, options: argparse.Namespace) -> int:
    language: Language = options.language
    kept = vault.kept()
    if options.json:
        secrets = [
            {
                "name": one.name,
                "fields": list(one.fields),
                "where": one.where.said_in(language),
                "rejected": one.burnt,
            }
            for one in kept
        ]
        put_json({"secrets": secrets})
        return 0
    rejected = Sentence(en="rejected by the site", ja="サイトに拒否されました").said_in(language)
    rows = [
        (one.name, ", ".join(one.fields), one.where.said_in(language), rejected if one.burnt else "")
        for one in kept
    ]
    for line in columns(rows):
        put(line)
    if not kept:
        say(
            Sentence(
                en="no secrets yet: bofbot secret set NAME", ja="まだありません：bofbot secret set 名前"
            ),
            language,
        )
    return 0
