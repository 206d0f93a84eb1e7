"""Currencies: a side that names none is in the other's, and foreign rows are valued at the rates a rule names."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.reconcile.evidence.keys import column_of
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.model import Exchange, Rule
from bofbot.values.amounts import read_amount
from bofbot.values.bad_value import BadValue
from bofbot.values.dates import read_date
from bofbot.words import Sentence

_WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
"""Currencies without a smaller unit in use (ISO 4217)."""

RateOf = Callable[[int], Decimal | None]
"""Row → home currency for one unit of the row's, or None where no rate is known."""


def exchange_of(rules: Sequence[Rule]) -> Exchange | None:
    """The one way in which the rules value foreign rows. Raises BusinessError when they name several."""
    found = [rule.amount.fx for rule in rules if rule.amount.fx]
    if len({(fx.rate, fx.rates, fx.home) for fx in found}) > 1:
        raise BusinessError(
            Sentence(
                en="the rules value foreign rows at different rates",
                ja="ルールによって為替レートの指定が異なります",
            ),
            fix=Sentence(
                en="name one rate column or one rate table in all rules",
                ja="すべてのルールで同じレートの列（または表）を指定してください",
            ),
        )
    return found[0] if found else None


def valued(left: Side, right: Side, exchange: Exchange | None, said: list[Sentence]) -> tuple[Side, Side]:
    """Both sides in the home currency: foreign rows at their rate, rounded to its smallest unit, their own amount kept.

    Raises BusinessError for a row without a rate, or when several currencies could be the home one."""
    if exchange is None:
        return left, right
    home = exchange.home.upper() or _home(left, right)
    finest = max(left.places, 0 if home in _WHOLE else 2)
    found = []
    for side in (left, right):
        side = replace(side, amounts=side.amounts * 10 ** (finest - side.places), places=finest)
        if not side.currencies:
            side = replace(side, currencies=(home,) * len(side))
        foreign = [row for row, currency in enumerate(side.currencies) if currency not in (home, "")]
        found.append(_valued(side, foreign, home, exchange, said) if foreign else side)
    return found[0], found[1]


def _home(left: Side, right: Side) -> str:
    for side in (left, right):
        named = set(side.currencies) - {""}
        if len(named) == 1:
            return named.pop()
    raise BusinessError(
        Sentence(
            en="both sides hold several currencies, or none is named",
            ja="両側に複数の通貨があるか、通貨の列がありません",
        ),
        fix=Sentence(
            en="say which one everything is valued in: fx: {home: JPY, …}",
            ja="fx: {home: JPY, …} で換算先の通貨を指定してください",
        ),
    )


def _valued(side: Side, foreign: Sequence[int], home: str, exchange: Exchange, said: list[Sentence]) -> Side:
    rate_of = _by_column(side, exchange.rate) if exchange.rate else _by_table(side, Path(exchange.rates))
    amounts, originals = side.amounts.copy(), {}
    unit = Decimal(1) if home in _WHOLE else Decimal("0.01")
    for row in foreign:
        rate = rate_of(row)
        if rate is None or rate <= 0:
            raise _no_rate(side, row)
        amount = side.amount(row)
        worth = (amount * rate).quantize(unit, ROUND_HALF_UP)
        amounts[row] = int(worth.scaleb(side.places))
        originals[row] = f"{side.currencies[row]} {amount:,.{0 if side.currencies[row] in _WHOLE else 2}f}"
    where = exchange.rate or Path(exchange.rates).name
    said.append(
        Sentence(
            en=f"{side.name}: {len(foreign)} foreign rows are valued in {home} at the rates of {where}",
            ja=f"{side.name}：外貨 {len(foreign)} 行を「{where}」のレートで {home} に換算しました",
        )
    )
    return replace(side, amounts=amounts, currencies=(home,) * len(side), originals=originals)


def _by_column(side: Side, role: str) -> RateOf:
    try:
        column = column_of(side, role)
    except KeyError:
        raise BusinessError(
            Sentence(
                en=f"{side.name} has no column “{role}” with rates",
                ja=f"{side.name} に為替レートの列「{role}」がありません",
            ),
            fix=Sentence(
                en=f"name it beside the other columns: columns: {{{role}: …}}",
                ja=f"columns: {{{role}: …}} で列を指定してください",
            ),
        ) from None

    def rate(row: int) -> Decimal | None:
        try:
            return read_amount(column[row])
        except BadValue:
            return None

    return rate


def _by_table(side: Side, path: Path) -> RateOf:
    table: dict[str, list[tuple[int, Decimal]]] = {}
    try:
        for line in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
            day = read_date(line["date"]).toordinal() if line.get("date") else NO_DAY
            table.setdefault(line["currency"].strip().upper(), []).append(
                (day, Decimal(line["rate"].replace(",", "")))
            )
    except (OSError, UnicodeDecodeError, KeyError, InvalidOperation, AttributeError, BadValue) as error:
        raise BusinessError(
            Sentence(en=f"the rate table {path} cannot be read", ja=f"為替レート表 {path} を読めません"),
            fix=Sentence(
                en="a UTF-8 CSV file with the columns date, currency, rate (home currency for one unit)",
                ja="UTF-8 の CSV に date, currency, rate（1通貨単位あたり）の列を用意してください",
            ),
        ) from error
    for rates in table.values():
        rates.sort()

    def rate(row: int) -> Decimal | None:
        rates = table.get(side.currencies[row], [])
        at = bisect_right([day for day, _ in rates], int(side.days[row])) - 1
        return rates[at][1] if at >= 0 else None

    return rate


def _no_rate(side: Side, row: int) -> BusinessError:
    day = side.day(row)
    return BusinessError(
        Sentence(
            en=f"{side.name}: row {side.rows[row]}: no rate for {side.currencies[row]} on {day or 'its day'}",
            ja=f"{side.name}：{side.rows[row]} 行目：{side.currencies[row]} の為替レート（{day or '日付なし'}）がありません",
        ),
        fix=Sentence(en="fill in the rate", ja="レートを補ってください"),
        sighting=Sighting(cell=Cell(side.source.file, side.source.sheet, int(side.rows[row]))),
    )


def one_currency(left: Side, right: Side, said: list[Sentence]) -> tuple[Side, Side]:
    """A side that names no currency is taken to be in the other's only one. Raises BusinessError when that has several."""
    found = [{c for c in side.currencies if c} for side in (left, right)]
    if found[0] != found[1] and not (found[0] and found[1]):
        silent, telling = (left, right) if found[1] else (right, left)
        known = sorted(found[0] or found[1])
        if len(known) > 1:
            raise BusinessError(
                Sentence(
                    en=f"{telling.name} holds {', '.join(known)}, and {silent.name} names no currency",
                    ja=f"{telling.name} には {'、'.join(known)} があり、{silent.name} には通貨の列がありません",
                ),
                fix=Sentence(
                    en="name its column: columns: {currency: …}",
                    ja="columns: {currency: …} で通貨の列を指定してください",
                ),
            )
        said.append(
            Sentence(
                en=f"{silent.name}: taken to be in {known[0]}",
                ja=f"{silent.name}：通貨は {known[0]} とみなしました",
            )
        )
        filled = replace(silent, currencies=(known[0],) * len(silent))
        return (filled, right) if silent is left else (left, filled)
    return left, right
