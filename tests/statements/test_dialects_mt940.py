"""MT940 and MT942 as banks write them: each dialect is read right, refused by name, or told not to add up."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check


def sta(*lines: str) -> str:
    return "\r\n".join(lines) + "\r\n"


HEAD = (":20:REF", ":25:NL08INGB0000001234", ":28C:00001/001", ":60F:C260901EUR100,00")
DIALECTS = [
    Dialect("ing", sta(
        "{1:F01INGBNL2ABXXX0000000000}", "{2:I940INGBNL2AXXXN}", "{4:", ":20:P140220000000001", ":25:NL69INGB0123456789EUR",
        ":28C:00000", ":60F:C140219EUR662,23", ":61:1402200220C1,56NTRFEREF//00000000001005", "/TRCD/00100/",
        ":86:/EREF/EV12341REP1231456T1234//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV INZAKE WEB///REMI/USTD//EV10001REP/",
        ":61:1402200220D1,57NTRFPREF//00000000001006", "/TRCD/00200/",
        ":86:/PREF/M000000003333333//REMI/USTD//TOTAAL 1 VZ/", ":62F:C140220EUR662,22", ":64:C140220EUR662,22",
        ":65:C140221EUR662,22", ":86:/SUM/2/2/1,57/1,56/", "-}"),
        "2 -0.01 662.23 662.22 verified NL69INGB0123456789EUR EUR 2014-02-20"),
    Dialect("rabobank", sta(
        ":940:", ":20:940S140102", ":25:NL44RABO0123456789 EUR", ":28C:0", ":60F:C131231EUR000000001147,95",
        ":61:140102C000000000045,94N541NONREF", "NL66RABO0160000000", ":86:/TRTP/SEPA OVERBOEKING/REMI/Factuur 1/CSID/NL01",
        ":61:140102D000000000005,95N540NONREF", "NL66RABO0160000001", ":86:/TRTP/x", ":62F:C140102EUR000000001187,94"),
        "2 39.99 1147.95 1187.94 verified * EUR 2014-01-02"),
    Dialect("abn amro", sta(
        "ABNANL2A", "940", "ABNANL2A", ":20:ABN AMRO BANK NV", ":25:517852257", ":28:19321/1", ":60F:C110522EUR3236,28",
        ":61:1105240524D9,N192NONREF", ":86:GIRO   428428 KPN BV             BETALINGSKENM.  000000018503995",
        "5109227317                       BETREFT FACTUUR D.D. 20-05-2011", "INCL. 1,44 BTW",
        ":61:1105210523D11,59N426NONREF", ":86:BEA   NR:XX1234   21.05.11/12.54 DIRCKIII FIL2500", ":62F:C110523EUR3215,69", "-"),
        "2 -20.59 3236.28 3215.69 verified 517852257 EUR 2011-05-24"),
    Dialect("deutsche bank", sta(
        ":20:DEUTDEFFXXXX", ":25:10070024/0000001EUR", ":28C:00084/001", ":60F:C090413EUR1000,00",
        ":61:0904140414CR50,00NTRFKREF+//1234567890", ":86:166?00GUTSCHRIFT?109310?20EREF+abc?21KREF+x?30DEUTDEFF?31DE00?32Max", " Mustermann?34000",
        ":61:0904140414DR20,50NMSCNONREF", ":86:805?00ENTGELT", ":62F:C090414EUR1029,50"),
        "2 29.50 1000 1029.50 verified * EUR 2009-04-14"),
    Dialect("sparkasse with a comma at the end", sta(
        ":20:STARTUMSE", ":25:70150000/10020030", ":28C:0/1", ":60F:C260831EUR5,",
        ":61:2609010901CR10,N062NONREF", ":86:166?00GUTSCHR. UEBERW.?20SVWZ+Miete?30X", ":62F:C260901EUR15,", "-"),
        "1 10 5 15 verified 70150000/10020030 EUR 2026-09-01"),
    Dialect("several pages", sta(
        ":20:A", ":25:1", ":28C:1/1", ":60F:C260901EUR100,00", ":61:2609010901C10,00NMSCNONREF", ":62M:C260901EUR110,00", "-",
        ":20:A", ":25:1", ":28C:1/2", ":60M:C260901EUR110,00", ":61:2609010901D20,00NMSCNONREF", ":62F:C260901EUR90,00", "-"),
        "1 10 100 110 verified\n1 -20 110 90 verified"),
    Dialect("pages inside one message", sta(
        *HEAD, ":61:2609010901C10,00NMSCNONREF", ":62M:C260901EUR110,00", ":60M:C260901EUR110,00",
        ":61:2609010901D20,00NMSCNONREF", ":62F:C260901EUR90,00"), "2 -10 100 90 verified"),
    Dialect("reversals", sta(
        *HEAD, ":61:2609010901RC10,00NRTINONREF", ":61:2609010901RD4,00NRTINONREF", ":62F:C260902EUR94,00"),
        "2 -6 100 94 verified"),
    Dialect("funds code", sta(*HEAD, ":61:2609010901DR10,00NTRFX", ":61:2609010901CK5,50NTRFX", ":62F:C260902EUR95,50"),
        "2 -4.5 100 95.5 verified"),
    Dialect("blanks for the booking day", sta(*HEAD, ":61:260901    D65,00NOVBNL47", ":61:260901    DD2,50NMSCNONREF//", ":62F:C260902EUR32,50"),
        "2 -67.5 100 32.5 verified"),
    Dialect("no closing balance", sta(*HEAD, ":61:2609010901C10,00NMSCX"), "1 10 100 - unverifiable"),
    Dialect("does not add up", sta(*HEAD, ":61:2609010901C10,00NMSCX", ":62F:C260902EUR111,00"), "1 10 100 111 discrepancy"),
    Dialect("overdrawn", sta(
        ":20:A", ":25:1", ":28C:1", ":60F:D260901EUR50,00", ":61:260901D25,25NMSCX", ":62F:D260902EUR75,25"),
        "1 -25.25 -50 -75.25 verified"),
    Dialect("yen without decimals", sta(
        ":20:A", ":25:1", ":28C:1", ":60F:C260901JPY1000,", ":61:260901C500,NMSCX", ":62F:C260901JPY1500,"),
        "1 500 1000 1500 verified 1 JPY"),
    Dialect("booked in the new year", sta(
        ":20:A", ":25:1", ":28C:1", ":60F:C251231EUR0,00", ":61:2512310102C5,00NMSCX", ":62F:C260102EUR5,00"),
        "1 5 0 5 verified 1 EUR 2026-01-02"),
    Dialect("text with a line like a tag", sta(
        *HEAD, ":61:2609010901C10,00NMSCX", ":86:Rechnung", " :61: ist keine Buchung", ":62F:C260902EUR110,00"),
        "!bad-entry|record-order"),
    Dialect("amount cut", sta(*HEAD, ":61:2609010901C", ":62F:C260902EUR110,00"), "!bad-entry"),
    Dialect("amount of two commas", sta(*HEAD, ":61:2609010901C1,0,0NMSCX", ":62F:C260902EUR110,00"), "!bad-amount|bad-entry"),
    Dialect("letter inside the amount", sta(*HEAD, ":61:2609010901C1O,00NMSCX", ":62F:C260902EUR110,00"), "!bad-amount|bad-entry"),
    Dialect("no date", sta(*HEAD, ":61:2613450901C10,00NMSCX", ":62F:C260902EUR110,00"), "!bad-date"),
    Dialect("balance cut", sta(*HEAD, ":61:2609010901C10,00NMSCX", ":62F:C260902EUR"), "!bad-balance"),
    Dialect("two currencies", sta(*HEAD, ":61:2609010901C10,00NMSCX", ":62F:C260902USD110,00"), "1 10 100 110 discrepancy"),
    Dialect("a million with dots", sta(
        ":20:A", ":25:1", ":28C:1", ":60F:C260901EUR1.000.000,00", ":61:260901C1.000,00NMSCX", ":62F:C260901EUR1.001.000,00"),
        "1 1000 1000000 1001000 verified"),
    Dialect("decimal dot", sta(
        ":20:A", ":25:1", ":28C:1", ":60F:C260901USD10.50", ":61:260901C0.25NMSCX", ":62F:C260901USD10.75"),
        "1 0.25 10.5 10.75 verified"),
    Dialect("bare line feeds and leading blanks", "\n\n:20:A\n:25:1\n:28C:1\n:60F:C260901EUR1,00\n:61:260901D1,00NMSCX\n:62F:C260901EUR0,00\n",
        "1 -1 1 0 verified"),
    Dialect("windows-1252", sta(*HEAD, ":61:2609010901C10,00NMSCX", ":86:Müller & Söhne", ":62F:C260902EUR110,00"),
        "1 10 100 110 verified", "cp1252"),
    Dialect("942", sta(
        ":20:A", ":25:1", ":28C:1/1", ":34F:EURD0,", ":34F:EURC0,", ":13D:2609011200+0200", ":61:2609010901C10,00NMSCX",
        ":61:2609010901D3,00NMSCX", ":90D:1EUR3,00", ":90C:1EUR10,00"), "2 7 - - verified 1 EUR"),
    Dialect("942 with a wrong sum", sta(
        ":20:A", ":25:1", ":28C:1/1", ":34F:EURD0,", ":13D:2609011200+0200", ":61:2609010901C10,00NMSCX", ":90D:0EUR0,",
        ":90C:1EUR11,00"), "1 10 - - discrepancy"),
    Dialect("nothing booked", sta(*HEAD, ":62F:C260902EUR100,00"), "0 0 100 100 verified"),
    Dialect("86 before any entry and after the balance", sta(
        ":20:A", ":25:1", ":28C:1", ":60F:C260901EUR1,00", ":86:Info", ":61:260901D1,00NMSCX", ":86:Zahlung",
        ":62F:C260901EUR0,00", ":86:Schlusstext"), "1 -1 1 0 verified"),
    Dialect("entry without type", sta(*HEAD, ":61:2609010901C10,00", ":86:x", ":62F:C260902EUR110,00"), "1 10 100 110 verified"),
    Dialect("entry date with a sign of its own", sta(*HEAD, ":61:260901C10,00S051REF", ":62F:C260902EUR110,00"), "1 10 100 110 verified"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_mt940(dialect: Dialect) -> None:
    check(dialect)
