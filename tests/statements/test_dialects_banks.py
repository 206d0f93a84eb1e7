"""CSV exports of banks as their headings are: made up entries under the headings that the banks are known to use."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check

DIALECTS = [
    Dialect('n26', '"Date","Payee","Account number","Transaction type","Payment reference","Category","Amount (EUR)","Amount (Foreign Currency)","Type Foreign Currency","Exchange Rate"\n"2020-01-01","Bob","DE12","Income","Gift","Income","100.0","","",""\n"2020-01-02","Shop","","MasterCard Payment","","Food","-12.5","-12.5","EUR","1.0"\n', '2 87.5 - - unverifiable'),
    Dialect('n26 new', '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"\n2024-01-01,2024-01-01,Bob,DE12,Credit Transfer,Gift,Main,100.00,,,\n2024-01-02,2024-01-02,Shop,,Presentment,,Main,-12.50,12.50,EUR,1\n', '2 87.50 - - unverifiable'),
    Dialect('revolut', 'Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\nTOPUP,Current,2024-01-01 10:00:00,2024-01-01 10:01:00,Top-up,100.00,0.00,EUR,COMPLETED,100.00\nCARD_PAYMENT,Current,2024-01-02 10:00:00,2024-01-03 10:01:00,Shop,-12.50,0.00,EUR,COMPLETED,87.50\nCARD_PAYMENT,Current,2024-01-05 10:00:00,,Pending shop,-5.00,0.00,EUR,PENDING,\n', '2 87.50 0.00 87.50 verified'),
    Dialect('revolut fee', 'Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\nTOPUP,Current,2024-01-01 10:00:00,2024-01-01 10:01:00,Top-up,100.00,0.00,EUR,COMPLETED,100.00\nTRANSFER,Current,2024-01-02 10:00:00,2024-01-03 10:01:00,X,-12.50,0.50,EUR,COMPLETED,87.00\n', '2 87.00 0.00 87.00 verified'),
    Dialect('wise', '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Exchange From","Exchange To","Exchange Rate","Payer Name","Payee Name","Payee Account Number",Merchant,"Card Last Four Digits","Card Holder Full Name",Attachment,Note,"Total fees"\nT-1,02-01-2024,-12.50,EUR,Shop,,87.50,,,,,,,Shop,,,,,0.10\nT-0,01-01-2024,100.00,EUR,Top,,100.00,,,,Bob,,,,,,,,0.00\n', '2 87.50 0.00 87.50 verified'),
    Dialect('dkb', '"Konto","Girokonto DE12"\n""\n"Kontostand vom 02.09.2026:","50,00 €"\n""\n"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n"02.09.26";"02.09.26";"Gebucht";"Ich";"Shop";"Einkauf";"Ausgang";"DE1";"-75,00";"";"";""\n"01.09.26";"01.09.26";"Gebucht";"Bob";"Ich";"Lohn";"Eingang";"DE2";"25,00";"";"";""\n', '2 -50.00 - - unverifiable'),
    Dialect('ing-diba', 'Umsatzanzeige;Datei erstellt am: 02.09.2026 10:00\n;Letztes Update: aktuell\n\nIBAN;DE12\nKontoname;Girokonto\nBank;ING\nKunde;Max\nZeitraum;01.09.2026 - 30.09.2026\nSaldo;50,00;EUR\n\nSortierung;Datum absteigend\n\nIn der CSV-Datei finden Sie alle bereits gebuchten Umsätze.\n\nBuchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung\n02.09.2026;02.09.2026;Shop;Lastschrift;Einkauf;50,00;EUR;-75,00;EUR\n01.09.2026;01.09.2026;Bob;Gutschrift;Lohn;125,00;EUR;25,00;EUR\n', '2 -50.00 100.00 50.00 verified', "cp1252"),
    Dialect('commerzbank', 'Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;Währung;Auftraggeberkonto;Bankleitzahl Auftraggeberkonto;IBAN Auftraggeberkonto\n02.09.2026;02.09.2026;Lastschrift;Shop;-75,00;EUR;123;500;DE12\n01.09.2026;01.09.2026;Gutschrift;Lohn;25,00;EUR;123;500;DE12\n', '2 -50.00 - - unverifiable'),
    Dialect('comdirect', ';\n"Umsätze Girokonto";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"50,00 EUR";\n\n"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n"02.09.2026";"02.09.2026";"Lastschrift";"Shop";"-75,00";\n"01.09.2026";"01.09.2026";"Übertrag";"Lohn";"25,00";\n\n"Alter Kontostand";"100,00 EUR";\n', '2 -50.00 100.00 50.00 verified', "cp1252"),
    Dialect('wells fargo', '"09/02/2026","-75.00","*","","SHOP"\n"09/15/2026","25.00","*","","PAY"\n', '2 -50.00 - - unverifiable'),
    Dialect('chase', 'Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\nDEBIT,09/15/2026,"SHOP",-75.00,ACH_DEBIT,50.00,,\nCREDIT,09/02/2026,"PAY",25.00,ACH_CREDIT,125.00,,\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('chase card', 'Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n09/14/2026,09/15/2026,SHOP,Food,Sale,-75.00,\n09/01/2026,09/02/2026,PAYMENT,,Payment,25.00,\n', '2 -50.00 - - unverifiable'),
    Dialect('amex', 'Date,Description,Card Member,Account #,Amount\n09/15/2026,SHOP,MAX,-1000,75.00\n09/02/2026,PAYMENT,MAX,-1000,-25.00\n', '2 50.00 - - unverifiable'),
    Dialect('capital one', 'Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit\n2026-09-14,2026-09-15,1234,SHOP,Food,75.00,\n2026-09-01,2026-09-02,1234,PAYMENT,Pay,,25.00\n', '2 -50.00 - - unverifiable'),
    Dialect('capital one 360', 'Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance\n1234,Shop,09/15/26,Debit,75.00,50.00\n1234,Pay,09/02/26,Credit,25.00,125.00\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('bofa', 'Description,,Summary Amt.\nBeginning balance as of 09/01/2026,,"100.00"\nTotal credits,,"25.00"\nTotal debits,,"-75.00"\nEnding balance as of 09/30/2026,,"50.00"\n\nDate,Description,Amount,Running Bal.\n09/01/2026,Beginning balance as of 09/01/2026,,"100.00"\n09/02/2026,"PAY","25.00","125.00"\n09/15/2026,"SHOP","-75.00","50.00"\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('usbank', '"Date","Transaction","Name","Memo","Amount"\n"2026-09-15","DEBIT","SHOP","x","-75.00"\n"2026-09-02","CREDIT","PAY","x","25.00"\n', '2 -50.00 - - unverifiable'),
    Dialect('td', '09/15/2026,SHOP,75.00,,50.00\n09/10/2026,PAY,,25.00,125.00\n09/01/2026,A,5.00,,100.00\n', '3 -55.00 105.00 50.00 verified'),
    Dialect('hsbc uk', '15/09/2026,SHOP,-75.00\n02/09/2026,PAY,25.00\n', '2 -50.00 - - unverifiable'),
    Dialect('barclays', 'Number,Date,Account,Amount,Subcategory,Memo\n,15/09/2026,20-00-00 12345678,-75.00,Debit,SHOP\n,02/09/2026,20-00-00 12345678,25.00,Counter Credit,PAY\n', '2 -50.00 - - unverifiable'),
    Dialect('monzo', 'Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In\ntx1,02/09/2026,10:00:00,Faster payment,Bob,,Income,25.00,GBP,25.00,GBP,,,,PAY,,,25.00\ntx2,15/09/2026,10:00:00,Card payment,Shop,,Food,-75.00,GBP,-75.00,GBP,,,,SHOP,,-75.00,\n', '2 -50.00 - - unverifiable'),
    Dialect('starling', 'Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n02/09/2026,Bob,PAY,FASTER PAYMENT,25.00,125.00,INCOME,\n15/09/2026,Shop,SHOP,CONTACTLESS,-75.00,50.00,FOOD,\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('natwest', 'Date, Type, Description, Value, Balance, Account Name, Account Number\n\n15/09/2026,POS,"SHOP",-75.00,50.00,"A","12-34-56-1",\n02/09/2026,BAC,"PAY",25.00,125.00,"A","12-34-56-1",\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('lloyds', "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n15/09/2026,DEB,'12-34-56,12345678,SHOP,75.00,,50.00\n02/09/2026,FPI,'12-34-56,12345678,PAY,,25.00,125.00\n", '2 -50.00 100.00 50.00 verified'),
    Dialect('santander uk', 'From: 01/09/2026 to 30/09/2026\n\nAccount: XXXX1234\n\nDate: 15/09/2026\nDescription: SHOP\nAmount: -75.00 \nBalance: 50.00 \n', '!unknown-format'),
    Dialect('paypal', '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Balance"\n"09/02/2026","10:00:00","PDT","Bob","Payment","Completed","USD","26.00","-1.00","25.00","a","b","X1","125.00"\n"09/15/2026","10:00:00","PDT","Shop","Payment","Completed","USD","-75.00","0.00","-75.00","a","b","X2","50.00"\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('anz', '15/09/2026,-75.00,SHOP\n02/09/2026,25.00,PAY\n', '2 -50.00 - - unverifiable'),
    Dialect('commbank', '15/09/2026,-75.00,"SHOP",+50.00\n10/09/2026,25.00,"PAY",+125.00\n01/09/2026,-5.00,"X",+100.00\n', '3 -55.00 105.00 50.00 verified'),
    Dialect('westpac', 'Bank Account,Date,Narrative,Debit Amount,Credit Amount,Balance,Categories,Serial\n123,15/09/2026,SHOP,75.00,,50.00,OTHER,\n123,02/09/2026,PAY,,25.00,125.00,DEP,\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('nordea', 'Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta\n2026/09/15;-75,00;1;2;;SHOP;50,00;SEK\n2026/09/02;25,00;2;1;;PAY;125,00;SEK\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('danske', '"Dato";"Tekst";"Beløb";"Saldo";"Status";"Afstemt"\n"02.09.2026";"PAY";"25,00";"125,00";"Udført";"Nej"\n"15.09.2026";"SHOP";"-75,00";"50,00";"Udført";"Nej"\n', '2 -50.00 100.00 50.00 verified', "cp1252"),
    Dialect('mbank', "#Data operacji;#Data księgowania;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;\n2026-09-02;2026-09-02;PRZELEW;x;Bob;'12';25,00;125,00;\n2026-09-15;2026-09-15;ZAKUP;x;Shop;'';-75,00;50,00;\n;;;;;;#Saldo końcowe;50,00 PLN;\n", '2 -50.00 100.00 50.00 verified', "cp1250"),
    Dialect('ubs', 'Valuation date;Trade date;Description 1;Description 2;Debit;Credit;Balance\n02.09.2026;02.09.2026;PAY;x;;25.00;125.00\n15.09.2026;15.09.2026;SHOP;y;75.00;;50.00\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('postfinance', 'Datum von:;2026-09-01\nDatum bis:;2026-09-30\nKonto:;CH12\nWährung:;CHF\n\nBuchungsdatum;Avisierungstext;Gutschrift;Lastschrift;Valuta;Saldo\n15.09.2026;SHOP;;-75.00;15.09.2026;50.00\n02.09.2026;PAY;25.00;;02.09.2026;125.00\n\nDisclaimer:\nDer Dokumentinhalt wurde generiert.\n', '2 -50.00 100.00 50.00 verified'),
    Dialect('fineco', 'Data;Entrate;Uscite;Descrizione;Descrizione_Completa\n02/09/2026;25,00;;PAY;x\n15/09/2026;;-75,00;SHOP;y\n', '2 -50.00 - - unverifiable'),
    Dialect('bnp', 'Date;Libelle;Montant\n02/09/2026;PAY;25,00\n15/09/2026;SHOP;-75,00\n', '2 -50.00 - - unverifiable'),
    Dialect('abn tab', '123456789\tEUR\t20260902\t100,00\t125,00\t20260902\t25,00\tPAY\n123456789\tEUR\t20260915\t125,00\t50,00\t20260915\t-75,00\tSHOP\n', '!unknown-columns'),
    Dialect('knab', 'KNAB EXPORT;;;;;;;;;;;\nRekeningnummer;Transactiedatum;Valutacode;CreditDebet;Bedrag;Tegenrekeningnummer;Tegenrekeninghouder;Valutadatum;Betaalwijze;Omschrijving\nNL1;02-09-2026;EUR;C;25,00;NL2;Bob;02-09-2026;x;PAY\nNL1;15-09-2026;EUR;D;75,00;NL3;Shop;15-09-2026;x;SHOP\n', '2 -50.00 - - unverifiable'),
    Dialect('jp smbc card', 'ご利用日,ご利用場所,ご利用額,,,,\n2026/09/02,SHOP,75,1,1,75,\n2026/09/15,SHOP,25,1,1,25,\n', '2 -100 - - unverifiable', "cp932"),
    Dialect('jp rakuten card', '"利用日","利用店名・商品名","利用者","支払方法","利用金額","支払手数料","支払総額"\n"2026/09/02","SHOP","本人","1回払い","75","0","75"\n', '1 -75 - - unverifiable', "cp932"),
    Dialect('jp mizuho', '取引日,お引出金額,お預入金額,お取引内容,残高\n2026.09.02,,25,PAY,125\n2026.09.15,75,,SHOP,50\n', '2 -50 100 50 verified', "cp932"),
    Dialect('jp resona', '取扱日付 年,取扱日付 月,取扱日付 日,取引名,金額,取引後残高,摘要\n2026,9,2,お預け入れ,25,125,PAY\n2026,9,15,お引き出し,75,50,SHOP\n', '2 -50 100 50 verified', "cp932"),
    Dialect('jp aeon', '取引日,取引内容,出金額,入金額,残高\n20260902,PAY,,25,125\n20260915,SHOP,75,,50\n', '2 -50 100 50 verified', "cp932"),
    Dialect('jp sony', 'お取り引き日,摘要,参考情報,お預入れ額,お引出し額,差し引き残高\n2026年9月2日,PAY,,25,,125\n2026年9月15日,SHOP,,,75,50\n', '2 -50 100 50 verified', "cp932"),
    Dialect('jp gmo', '日付,摘要,入金金額,出金金額,残高,メモ\n20260902,PAY,25,,125,-\n20260915,SHOP,,75,50,-\n', '2 -50 100 50 verified', "cp932"),
    Dialect('jp pitapa', '"計上日","内容","金額"\n"2026/09/02","a","75"\n', '1 75 - - unverifiable', "cp932"),
    Dialect('us wells fargo with a cheque number', '"04/30/2026","-12.34","*","","SHOP"\n"04/15/2026","1500.00","*","","PAY"\n"04/13/2026","-100.00","*","1024","CHECK"\n', '3 1387.66 - - unverifiable'),
    Dialect('us amex: spending is positive', 'Date,Description,Card Member,Account #,Amount\n04/28/2026,SHOP,JO,-11001,25.99\n04/20/2026,AUTOPAY PAYMENT - THANK YOU,JO,-11001,-300.00\n', '2 274.01 - - unverifiable'),
    Dialect('us card: spending is negative', 'Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n04/28/2026,04/29/2026,SHOP,,Sale,-25.99,\n04/20/2026,04/20/2026,Payment Thank You,,Payment,300.00,\n', '2 274.01 - - unverifiable'),
    Dialect('jp amex: spending is positive', 'ご利用日,データ処理日,ご利用内容,金額\n2026/04/03,2026/04/04,SHOP,100\n2026/04/10,2026/04/10,前回分口座振替金額,-500\n', '2 400 - - unverifiable'),
    Dialect('jp smbc card without headings', '山田　太郎　様,4980-00**-****-****,三井住友カード\n2026/03/05,SHOP,648,１,１,648,\n2026/03/09,SHOP,300,２,１,150,\n,,,,,798,\n', '2 -798 - - verified', "cp932"),
    Dialect('jp smbc card with a wrong total', '山田　太郎　様,4980-00**-****-****,三井住友カード\n2026/03/05,SHOP,648,１,１,648,\n,,,,,649,\n', '1 -648 - - discrepancy', "cp932"),
    Dialect('jp aeon card: six figures are a day', 'ご利用日,利用者区分,ご利用先,ご利用金額\n260403,本人,SHOP,100\n260410,本人,SHOP,50\n', '2 -150 - - unverifiable - JPY 2026-04-03', "cp932"),
    Dialect('jp card with a total in brackets', 'ご利用日,ご利用店名,ご利用金額\n2026/04/03,SHOP,100\n2026/04/10,SHOP,50\n,【合計】,150\n', '2 -150 - - verified', "cp932"),
    Dialect('de deutsche bank: balances before and after', 'Konto;Filial-/Kontonummer;IBAN\n01.04.2026 - 30.04.2026;;\nLetzter Kontostand;;;;1.000,00;EUR\nBuchungstag;Wert;Verwendungszweck;Betrag\n01.04.2026;01.04.2026;Gehalt;1.500,00\n02.04.2026;02.04.2026;Strom;-250,75\nKontostand;30.04.2026;;;2.249,25;EUR\n', '2 1249.25 1000 2249.25 verified'),
    Dialect('de balances that do not fit are no proof', 'Letzter Kontostand;;;;1.000,00;EUR\nBuchungstag;Wert;Verwendungszweck;Betrag\n01.04.2026;01.04.2026;Gehalt;1.500,00\nKontostand;30.04.2026;;;2.249,25;EUR\n', '1 1500 - - unverifiable'),
    Dialect('fr credit agricole', 'Date;Libellé;Débit euros;Crédit euros;\n30/04/2026;CARREFOUR;23,45;;\n13/04/2026;ACME;;1 000,00;\n', '2 976.55 - - unverifiable'),
    Dialect('stripe: net of fees', 'id,Type,Amount,Fee,Net,Currency,Created (UTC)\nt1,charge,100.00,3.20,96.80,usd,2026-04-01 10:00\nt2,payout,-96.80,0.00,-96.80,usd,2026-04-05 10:00\n', '2 0.00 - - unverifiable'),
    Dialect('paypal: denied is not booked', 'Date,Name,Status,Currency,Gross,Fee,Net\n04/13/2026,Jane,Completed,USD,100.00,-3.20,96.80\n04/14/2026,Joe,Denied,USD,500.00,0.00,500.00\n', '1 96.80 - - unverifiable'),
    Dialect('revolut: reverted is not booked', 'Type,Completed Date,Description,Amount,Fee,Currency,State,Balance\nTOPUP,2026-04-01,a,100.00,0.00,EUR,COMPLETED,150.00\nCARD,2026-04-02,b,-20.50,0.00,EUR,COMPLETED,129.50\nCARD,2026-04-05,c,-30.00,0.00,EUR,REVERTED,\n', '2 79.50 50 129.50 verified'),
    Dialect('fees that nothing proves are left out', 'Date,Description,Amount,Fee\n2026-04-01,a,100.00,1.00\n', '1 100 - - unverifiable'),
    Dialect('starling: nothing moved on the opening line', 'Date,Counter Party,Reference,Amount (GBP),Balance (GBP)\n13/04/2026,Opening Balance,,0.00,0.00\n14/04/2026,ACME,Salary,2000.00,2000.00\n', '1 2000 0 2000 verified'),
    Dialect('two columns of one name', 'Date,Amount,Amount,Description\n2026-04-01,50.00,60.00,x\n', '!unknown-columns'),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_banks(dialect: Dialect) -> None:
    check(dialect)
