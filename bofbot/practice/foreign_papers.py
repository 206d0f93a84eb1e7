"""A month of the account in the formats of banks abroad and of other programs: MT940, CAMT.053, BAI2, QIF."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from bofbot.practice.account import BANK, BankLine, BankMonth


def as_mt940(month: BankMonth) -> bytes:
    """SWIFT MT940 of one page; amounts with a decimal comma, the purpose in ?20, the other party in ?32."""
    lines = [
        ":20:STARTUMS", f":25:99990001/{month.account}", f":28C:{int(month.month[5:]):05d}/001",
        f":60F:{_balance(month.opening, f'{month.first_day:%y%m%d}')}",
    ]  # fmt: skip
    for number, line in enumerate(month.lines, start=1):
        mark = "C" if line.paid_in else "D"
        amount = line.paid_in or line.paid_out
        lines.append(
            f":61:{line.day:%y%m%d}{line.day:%m%d}{mark}{amount},NTRFNONREF//{month.first_day:%y%m%d}{number:04d}"
        )
        lines.append(f":86:166?00{line.kind}?20{line.content[:27]}?32{line.content[:27]}")
    lines += [f":62F:{_balance(month.closing, f'{month.last_day:%y%m%d}')}", "-"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _balance(amount: int, day: str) -> str:
    return f"{'D' if amount < 0 else 'C'}{day}JPY{abs(amount)},"


def as_camt(month: BankMonth) -> bytes:
    """ISO 20022 camt.053.001.08."""
    entries = "".join(_entry(line) for line in month.lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{month.account}-{month.last_day:%Y%m%d}</MsgId><CreDtTm>{month.last_day}T23:59:59+09:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{month.month}</Id><FrToDt><FrDtTm>{month.first_day}T00:00:00</FrDtTm><ToDtTm>{month.last_day}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><Othr><Id>{month.account}</Id></Othr></Id><Ccy>JPY</Ccy><Svcr><FinInstnId><Nm>{escape(BANK)}</Nm></FinInstnId></Svcr></Acct>"
        f"{_camt_balance('OPBD', month.opening, f'{month.first_day}')}{_camt_balance('CLBD', month.closing, f'{month.last_day}')}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _camt_balance(code: str, amount: int, day: str) -> str:
    side = "DBIT" if amount < 0 else "CRDT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="JPY">{abs(amount)}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(line: BankLine) -> str:
    side, party = ("CRDT", "Dbtr") if line.paid_in else ("DBIT", "Cdtr")
    return (
        f'<Ntry><Amt Ccy="JPY">{line.paid_in or line.paid_out}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt><NtryDtls><TxDtls><RltdPties><{party}><Pty>"
        f"<Nm>{escape(line.content)}</Nm></Pty></{party}></RltdPties><RmtInf><Ustrd>{escape(line.kind)}</Ustrd></RmtInf></TxDtls>"
        "</NtryDtls></Ntry>"
    )


def as_bai2(month: BankMonth) -> bytes:
    """BAI2: a group for each day that has lines, with its opening and closing ledger balance; yen have no minor unit."""
    days = sorted({line.day for line in month.lines} | {month.last_day})
    made, balance, total, groups = f"{month.last_day:%y%m%d}", month.opening, 0, []
    for day in days:
        group, sum_, balance = _bai2_group(month, day, balance)
        groups += group
        total += sum_
    lines = [f"01,RENSHU,{month.account},{made},2359,1,,,2/", *groups]
    lines.append(f"99,{total},{len(days)},{len(lines) + 1}/")
    return "".join(f"{line}\n" for line in lines).encode()


def _bai2_group(month: BankMonth, day: date, opening: int) -> tuple[list[str], int, int]:
    """One day's records, the sum of their amounts, and the balance at its end."""
    lines = [line for line in month.lines if line.day == day]
    closing = opening + sum(line.paid_in - line.paid_out for line in lines)
    account = [f"03,{month.account},JPY,010,{opening},,,015,{closing},,/"]
    for line in lines:
        code, amount = ("142", line.paid_in) if line.paid_in else ("455", line.paid_out)
        account.append(f"16,{code},{amount},Z,,,{line.kind} {line.content}")
    total = opening + closing + sum(line.paid_in + line.paid_out for line in lines)
    account.append(f"49,{total},{len(account) + 1}/")
    group = [f"02,{month.account},99990001,1,{day:%y%m%d},2359,JPY,2/", *account]
    return [*group, f"98,{total},1,{len(group) + 1}/"], total, closing


def as_qif(month: BankMonth) -> bytes:
    """QIF with the account named before its lines; dates are year first."""
    lines = ["!Account", f"N{month.account}", "TBank", "^", "!Type:Bank"]
    for line in month.lines:
        lines += [
            f"D{line.day:%Y-%m-%d}",
            f"T{line.paid_in - line.paid_out}",
            f"P{line.content}",
            f"M{line.kind}",
            "^",
        ]
    return "".join(f"{line}\n" for line in lines).encode()
