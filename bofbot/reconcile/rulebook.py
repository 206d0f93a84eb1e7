"""How rules are written in a robot or a rules file: the models that check each word, and what they become."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bofbot.reconcile.model import AmountRule, Auto, Decide, Exchange, GroupRule, Rule

_AUTO = {"true": "yes", "yes": "yes", "unique": "unique", "false": "never", "no": "never", "never": "never"}


def _auto(value: Any) -> Any:
    return _AUTO.get(str(value).strip().lower(), value)


def _listed(value: Any) -> Any:
    """`[110, 220]` and `110, 220` are the same list of fees; `{table: …, bank: …}` is `table@bank`; a name stays a name."""
    if isinstance(value, dict) and set(value) == {"table", "bank"}:
        return f"{value['table']}@{value['bank']}"
    return ", ".join(str(part) for part in value) if isinstance(value, list | tuple) else value


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExchangeSpec(_Written):
    """Foreign rows are valued at a rate; the rest is an exchange gain or loss.
    外貨建ての行を換算し、差額を為替差損益とする。"""

    rate: str = ""
    """Column with the rate each row is booked at (named under `columns`), in home currency for one unit.
    計上レートの列（`columns` で指定、1通貨単位あたり）。"""
    rates: str = ""
    """A CSV file with the columns date, currency, rate.
    為替レート表（CSV、列：date, currency, rate）。"""
    percent: Decimal = Field(Decimal(1), ge=0, le=50)
    """Largest exchange difference in per cent.
    為替差の上限（％）。"""
    home: str = ""
    """The currency everything is valued in; left out: the only one of either side.
    換算先の通貨。省略時は片側の唯一の通貨。"""

    @model_validator(mode="after")
    def _one_source(self) -> ExchangeSpec:
        if bool(self.rate) == bool(self.rates):
            raise ValueError("fx needs either rate (a column) or rates (a CSV file)")
        return self


class AmountSpec(_Written):
    """Which differences of amount are allowed.
    認める金額の差。"""

    fee: Annotated[str, BeforeValidator(_listed)] = ""
    """A fee table (`ja-transfer`, a CSV file, `{table: …, bank: …}`) or fees, e.g. `110, 220`.
    手数料表（`ja-transfer`、CSV、`{table: …, bank: …}`）または金額の一覧（例 `110, 220`）。"""
    rounding: Decimal = Field(Decimal(0), ge=0)
    """Largest rounding difference.
    端数の最大差。"""
    tolerance: Decimal = Field(Decimal(0), ge=0)
    """Largest difference of any kind.
    許容する最大差。"""
    percent: Decimal = Field(Decimal(0), ge=0, le=90)
    """Largest difference in per cent (exchange, drift).
    許容する最大差（％、為替など）。"""
    withholding: bool = False
    """Withholding tax of 10.21 % may be taken off.
    源泉徴収（10.21％）の差引を認める。"""
    fx: ExchangeSpec | None = None
    """Foreign currency: the rates, and how far a payment may lie from them.
    外貨の換算方法と許容する為替差。"""
    tax_rounding: bool = False
    """The amounts may differ by 1 for every rate of consumption tax on the invoice.
    消費税率ごとに1円までの端数を認める。"""
    any: bool = False
    """The amount need not agree (partial payments); such matches are only suggested.
    金額の一致を求めない（一部入金）。提案のみ。"""
    post_as: str = ""
    """The account a difference is posted to.
    差額の計上科目。"""
    alert: str = ""
    """A remark raised when a difference is used, e.g. `取適法`.
    差額を使ったときに出す注意（例 `取適法`）。"""

    def rule(self) -> AmountRule:
        fx = Exchange(**self.fx.model_dump()) if self.fx else None
        return AmountRule(**{**self.model_dump(), "fx": fx})


class GroupSpec(_Written):
    """Several rows against one, or several.
    複数行の合算。"""

    kind: Literal["1:N", "N:1", "N:M"] = "1:N"
    """Left rows : right rows.
    左の行数 : 右の行数。"""
    max: int = Field(6, ge=2, le=12)
    """Most rows in a group.
    1組の最大行数。"""
    within: Literal["party", "reference"] = "party"
    """What the rows of a group have in common.
    組にする行の共通項目。"""
    span: int = Field(31, ge=0, le=400)
    """Most days between the rows of a group.
    組にする行の日付の最大差。"""


class RuleSpec(_Written):
    """One rule.
    照合ルール。"""

    name: str
    """Its name, shown beside every match it makes.
    ルールの名前（照合結果に表示）。"""
    match: dict[str, Any] = Field(default_factory=dict)
    """Columns that must agree (`{refs: ref}`, `{id: id}`), and `party: 0.92` for names.
    一致させる列（`{refs: ref}` など）と名義の類似度（`party: 0.92`）。"""
    amount: AmountSpec | Literal["exact"] = "exact"
    """`exact`, or the differences allowed.
    `exact`（完全一致）または認める差。"""
    days: tuple[int, int] | None = None
    """Left date minus right date, e.g. `[-3, 5]`.
    日付の差（左−右、例 `[-3, 5]`）。"""
    business_days: bool = False
    """Count business days.
    営業日で数える。"""
    group: GroupSpec | None = None
    """For sums of several rows.
    合算・分割の照合。"""
    auto: Annotated[Auto, BeforeValidator(_auto)] = "unique"
    """`true`: confirm; `unique`: confirm when far ahead; `false`: only suggest.
    `true`（確定）、`unique`（差が十分なら確定）、`false`（提案のみ）。"""

    @model_validator(mode="after")
    def _party_is_a_share(self) -> RuleSpec:
        party = self.match.get("party", 0)
        try:
            share = float(party)
        except (TypeError, ValueError):
            raise ValueError(f"match.party must be a number between 0 and 1, not {party!r}") from None
        if not 0 <= share <= 1:
            raise ValueError(f"match.party must lie between 0 and 1, not {party}")
        return self

    def rule(self) -> Rule:
        amount = AmountRule() if isinstance(self.amount, str) else self.amount.rule()
        group = GroupRule(**self.group.model_dump()) if self.group else None
        return Rule(
            name=self.name,
            keys={str(k): str(v) for k, v in self.match.items() if k != "party"},
            party=float(self.match.get("party", 0.86 if group else 0)),
            amount=amount,
            days=self.days,
            business_days=self.business_days,
            group=group,
            auto="never" if amount.any else self.auto,
        )


class DecideSpec(_Written):
    """When a match is confirmed without a person.
    人の確認なしに確定する条件。"""

    confirm_margin: float = Field(3.0, ge=0.5)
    """Points ahead of the next candidate.
    次の候補との点差。"""
    max_auto_amount: Decimal | None = Field(None, gt=0)
    """Above this amount a person confirms.
    これを超える金額は人が確認する。"""
    search_cap: int = Field(60, ge=2, le=120)
    """Most open rows of one party that are searched for sums.
    合算を探索する1取引先の最大行数。"""

    def decide(self) -> Decide:
        return Decide(**self.model_dump())
