"""Files as banks write them are read; what cannot be read is refused whole, with the rows and the reasons."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.bank_file import LARGEST, MOST_ROWS, Unreadable, read

FIFTH = dt.date(2026, 11, 5)

BANKS = {
    "Lloyds": "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,"
    "Credit Amount,Balance\n05/11/2026,FPI,'12-34-56,12345678,P SHAH INV-00042,,45.00,100.00\n"
    "06/11/2026,DD,'12-34-56,12345678,RENT,500.00,,-400.00\n",
    "Barclays": "Number,Date,Account,Amount,Subcategory,Memo\n,05/11/2026,20-00-00 1,45.00,Counter,P SHAH INV-00042\n"
    ",06/11/2026,20-00-00 1,-500.00,Direct Debit,RENT\n",
    "NatWest": "Date,Type,Description,Value,Balance,Account Name,Account Number\n"
    "05 Nov 2026,BAC,\"P SHAH, INV-00042\",45.00,100.00,'LWA','123'\n06 Nov 2026,D/D,RENT,-500,-400,'LWA','123'\n",
    "Starling": "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Notes\n"
    "05/11/2026,P Shah,INV-00042,FASTER PAYMENT,45.00,100.00,\n06/11/2026,Landlord,RENT,DD,-500.00,-400.00,\n",
    "Nationwide": '"Account Name:","Current ****12345"\n"Account Balance:","£100.00"\n\n'
    '"Date","Transaction type","Description","Paid out","Paid in","Balance"\n'
    '"05 Nov 2026","Bank credit","P SHAH INV-00042","","£45.00","£100.00"\n'
    '"06 Nov 2026","Direct debit","RENT","£500.00","","-£400.00"\n',
    "semicolons": "Date;Narrative;Credit;Debit\n5.11.26;P SHAH INV-00042;45.00;\n6.11.26;RENT;;500.00\n",
    "tabs": "Date\tDetails\tMoney in\tMoney out\n2026-11-05\tP SHAH INV-00042\t45\t\n2026-11-06\tRENT\t\t500\n",
    "brackets": "Date,Details,Amount\n05-Nov-2026 09:12,P SHAH INV-00042,45.00 CR\n06-Nov-2026 10:00,RENT,(500.00)\n",
}


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_of_any_bank_is_read(bank: str, encoding: str) -> None:
    statement = read(BANKS[bank].encode(encoding))
    [line] = statement.lines
    assert (line.booked_on, line.amount, statement.outgoing) == (FIFTH, Decimal("45.00"), 1)
    assert "INV-00042" in line.text
    assert "SHAH" in line.text.upper()


def test_a_text_may_run_over_lines_and_hold_what_it_likes() -> None:
    [line] = read('Date,Details,Amount\n05/11/2026,"Søn, Ł\n""INV-00042"" 李","1,234.50"\n'.encode()).lines
    assert line.text == 'Søn, Ł "INV-00042" 李'
    assert line.amount == Decimal("1234.50")


def test_two_lines_that_are_the_same_are_two_payments() -> None:
    row = "05/11/2026,TRUST INV-00042,45.00\n"
    lines = read(f"Date,Details,Amount\n{row}{row}".encode()).lines
    assert [line.occurrence for line in lines] == [1, 2]
    assert len({line.fingerprint for line in lines}) == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("05/11/2026,ref,45.00\n05/11/2026,ref\n", "Row 3: it has 2 cells where the heading has 3"),
        ("05/11/2026,ref,45.00,more\n", "Row 2: it has 4 cells"),
        ("11/25/2026,ref,45.00\n", "Row 2: “11/25/2026” is not a day"),
        ("31/02/2026,ref,45.00\n", "is not a day"),
        (",ref,45.00\n", "“” is not a day"),
        ("05/11/2026,ref,\n", "no amount"),
        ("05/11/2026,ref,forty\n", "“forty” is not an amount"),
        ("05/11/2026,ref,1.234\n", "is not an amount"),
        ('05/11/2026,ref,"1,23"\n', "is not an amount"),
        ("05/11/2026,ref,99999999999.00\n", "more than we can take in"),
        ("05/11/2026,ref,NaN\n", "is not an amount"),
        ("05/11/2026,,45.00\n", "no text"),
        (f"05/11/2026,{'x' * 501},45.00\n", "longer than 500"),
        ("", "no payment in this file"),
    ],
)
def test_what_cannot_be_read_is_told_by_row(rows: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(f"Date,Details,Amount\n{rows}".encode())
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "headings"),
        (b"hello", "headings"),
        (b"Date,Balance\n05/11/2026,3\n", "headings"),
        (b"05/11/2026,P SHAH,45.00\n", "headings"),
        (b"PK\x03\x04\x00\x00", "not a CSV"),
        ("Date,Details,Amount\n".encode("utf-16"), "not a CSV"),
        (b"x" * (LARGEST + 1), "larger than 2 MB"),
        (b"Date,Details,Amount\n" + b"05/11/2026,x,1\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS} rows"),
        (b"Date,Details,Paid in,Paid out\n05/11/2026,x,1,1\n", "an amount in and one out"),
    ],
)
def test_a_file_that_is_no_statement_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert said in str(refused.value)


def test_many_bad_rows_are_not_all_told() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"Date,Details,Amount\n" + b"05/11/2026,x,what\n" * 80)
    assert len(refused.value.reasons) == 51
    assert "30 more rows" in str(refused.value)


@given(
    st.binary(max_size=300)
    | st.text(alphabet=',;\t"\n 0123456789/.-£()DateDetailsAmount', max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", b"Date,Details,Amount\n"):
        with contextlib.suppress(Unreadable):
            read(start + content)
