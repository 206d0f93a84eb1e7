"""The verb that reads a statement and proves its arithmetic before anybody relies on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from bofbot.action import Action, Context, Later, Result, Touch
from bofbot.actions.documents.profiles import reading_options
from bofbot.errors import BusinessError, Place
from bofbot.records import Row
from bofbot.statements.archive import Archive
from bofbot.statements.duplicates import twin_in
from bofbot.statements.model import Proof, Statement
from bofbot.statements.options import Options
from bofbot.statements.profiles import over, profile_from
from bofbot.statements.reading import proved, read_file
from bofbot.statements.tables import entry_table
from bofbot.words import Sentence

Proved = tuple[Statement, Proof]


class ReadStatement(Action):
    """Reads a bank or card statement, whatever its format, and proves its arithmetic.
    銀行やカードの明細ファイルを読み取り、残高や件数が合うことを確かめる。"""

    verb: ClassVar[str] = "statement"
    saves: ClassVar[str] = "the statement: entries, opening, closing, account …"

    statement: str
    """The file; its format is told by its content.
    明細ファイル。形式は中身で判別する。"""
    account: str = ""
    """The account to take, when the file holds several.
    口座番号（ファイルに複数の口座があるとき）。"""
    format: str = ""
    """The format's name, to try no other (`csv`, `ofx`, `mt940`, `zengin` …).
    形式の名前。指定するとほかの形式は試さない。"""
    encoding: str = ""
    """The text encoding of a CSV, where it is not found out.
    CSVの文字コード（自動で判別できないとき）。"""
    currency: str = ""
    """The currency, where the file does not say it.
    通貨（ファイルに書かれていないとき）。"""
    columns: dict[str, Later[Any]] | None = None
    """Which column means what, where the headings do not tell: `{date: 1, in: 4, out: 5}`.
    列の意味。見出しで分からないときに書く（例 `{date: 1, in: 4, out: 5}`）。"""
    profile: str = ""
    """The named profile of a CSV (`statement_profiles:` in configs/bofbot.yaml).
    明細プロファイルの名前（configs/bofbot.yaml の `statement_profiles:`）。"""
    seen_in: str = ""
    """An archive in which to look whether the same file or statement came before.
    同じファイル・同じ明細を以前に受け取っていないか確かめる保管庫。"""
    require: Literal["", "verified", "readable"] = ""
    """`verified` refuses what no arithmetic proves; `readable` accepts even what does not add up.
    `verified` は計算で確かめられない明細を拒む。`readable` は合わない明細も受け入れる。"""

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"read the statement {self.statement} and prove its sums",
            ja=f"明細 {self.statement} を読み取り、計算を確かめる",
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("reads", str(self.statement)),)

    async def run(self, context: Context) -> Result:
        path = context.path(self.statement)
        options = reading_options(
            context, self.profile, format=self.format, encoding=self.encoding, currency=self.currency
        )
        if self.columns:
            options = replace(options, profile=over(options.profile, profile_from(self.columns)))
        chosen = self._chosen(await asyncio.to_thread(self._read, context, path, options), path)
        self._require(chosen, path)
        for check in (check for _, proof in chosen for check in proof.checks if check.id == "duplicate-file"):
            context.note(check.detail, "warning")
        return Result(_value(chosen), summary=_summary(chosen), facts=_facts(chosen))

    def _read(self, context: Context, path: Path, options: Options) -> list[Proved]:
        found = read_file(path, options=options)
        if not self.seen_in or not (context.path(self.seen_in) / "index.db").is_file():
            return proved(found)
        with Archive(context.path(self.seen_in), context.clock) as archive:
            return proved(found, lambda statement: twin_in(archive, statement))

    def _chosen(self, found: list[Proved], path: Path) -> list[Proved]:
        """The statements of the one account that is meant. Raises BusinessError when that is not clear."""
        accounts = list(dict.fromkeys(statement.account for statement, _ in found))
        if not self.account:
            if len(accounts) == 1:
                return found
            raise _which_account(accounts, path)
        chosen = [one for one in found if _digits(one[0].account).endswith(_digits(self.account))]
        if not chosen and len(accounts) == 1 and not accounts[0]:
            return found
        if not chosen:
            raise _which_account(accounts, path)
        return chosen

    def _require(self, chosen: Sequence[Proved], path: Path) -> None:
        for statement, proof in chosen:
            strict = self.require == "verified" or (not self.require and statement.format in ("pdf", "ocr"))
            if proof.outcome == "verified" or self.require == "readable":
                continue
            if proof.outcome == "discrepancy" or strict:
                raise not_proved(statement, proof, str(path))


def _value(chosen: Sequence[Proved]) -> Row:
    statements = [statement for statement, _ in chosen]
    first, last = statements[0], statements[-1]
    return Row(
        {
            "entries": entry_table(statements), "opening": first.opening, "closing": last.closing,
            "account": first.account, "currency": first.currency, "first_day": first.first_day,
            "last_day": last.last_day, "count": sum(s.count for s in statements),
            "sum": sum(s.sum for s in statements), "format": first.format, "outcome": _outcome(chosen),
            "file": first.file,
        },
    )  # fmt: skip


def _outcome(chosen: Sequence[Proved]) -> str:
    outcomes = {proof.outcome for _, proof in chosen}
    return next(outcome for outcome in ("discrepancy", "unverifiable", "verified") if outcome in outcomes)


def _summary(chosen: Sequence[Proved]) -> Sentence:
    count = sum(statement.count for statement, _ in chosen)
    said = {
        "verified": Sentence(en="verified", ja="計算一致"),
        "discrepancy": Sentence(en="does not add up", ja="計算不一致"),
        "unverifiable": Sentence(en="nothing proves it", ja="検証材料なし"),
    }[_outcome(chosen)]
    entries = "entry" if count == 1 else "entries"
    return Sentence(en=f"{count} {entries}, {said.en}", ja=f"明細 {count} 件、{said.ja}")


def _facts(chosen: Sequence[Proved]) -> dict[str, Any]:
    value = _value(chosen)
    plain = {
        name: None if value[name] is None else str(value[name])
        for name in ("sum", "opening", "closing", "first_day", "last_day")
    }
    checks = [
        {"id": check.id, "ok": check.ok, "detail": {"en": check.detail.en, "ja": check.detail.ja}}
        for _, proof in chosen for check in proof.checks
    ]  # fmt: skip
    return {
        "account": value["account"], "currency": value["currency"], "format": value["format"], "count": value["count"],
        **plain, "outcome": value["outcome"], "checks": checks,
    }  # fmt: skip


def not_proved(statement: Statement, proof: Proof, file: str) -> BusinessError:
    """Why a statement is not taken as it is."""
    name = Path(file).name
    wrong = [check for check in proof.checks if check.ok is False] or [
        check for check in proof.checks if check.ok is None
    ]
    reasons_en = (
        "; ".join(check.detail.en for check in wrong) or "the file states nothing that could prove it"
    )
    reasons_ja = (
        "、".join(check.detail.ja for check in wrong) or "確かめられる残高や合計がファイルにありません"
    )
    broken = proof.outcome == "discrepancy"
    return BusinessError(
        Sentence(
            en=f"The statement {name} {'does not add up' if broken else 'cannot be verified'}: {reasons_en}",
            ja=f"明細 {name} {'の計算が合いません' if broken else 'を検証できません'}：{reasons_ja}",
        ),
        place=Place(file, next((check.line for check in wrong if check.line), 0)),
        fix=Sentence(
            en="Download it again, or look at the named line; `require: readable` accepts it as it is.",
            ja="もう一度ダウンロードするか、示された行を確かめてください。`require: readable` と書くとそのまま受け入れます。",
        ),
    )


def _which_account(accounts: list[str], path: Path) -> BusinessError:
    names = ", ".join(account or "?" for account in accounts)
    return BusinessError(
        Sentence(
            en=f"{path.name} holds the accounts {names}",
            ja=f"{path.name} には次の口座の明細があります：{names}",
        ),
        place=Place(str(path)),
        fix=Sentence(en="Say which one: `account: …`", ja="`account:` で口座を指定してください。"),
    )


def _digits(account: str) -> str:
    return "".join(character for character in account.upper() if character.isalnum())
