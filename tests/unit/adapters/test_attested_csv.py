"""What was attested, as a file that somebody else made: right in the end, or said line by line."""

from decimal import Decimal
from pathlib import Path

import pytest

from wellpost.adapters.csv.attested import MOST_FAULTS, read_attested_file
from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.stated import Stated
from wellpost.rules.load import program_year
from wellpost.scoring.verdict import Verdict
from wellpost.terms import Level, Measure

A, B, T = make_npi("A"), make_npi("B"), make_tin("T")
RULES = program_year("stage-3", 2021, None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "attested.csv"


def read(file: Path, text: str | bytes) -> list[Stated]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_attested_file(file, RULES)


def refused(file: Path, text: str | bytes) -> str:
    with pytest.raises(DataRefusedError) as error:
        read(file, text)
    return str(error.value)


def test_counts_a_rate_and_a_verdict_and_who_attested_them(file: Path) -> None:
    lines = (
        f"secure-messaging,{A},,6,100,,\nview_download_transmit,{A},{T},,,5.2 %,\n"
        f"patient-generated-data,,{T[:2]}-{T[2:]},,,,Not met\n"
    )
    one, two, three = read(file, f"measure,npi,tin,numerator,denominator,rate,verdict\n{lines}")
    assert (one.line, one.numerator, one.denominator, one.verdict) == (2, 6, 100, Verdict.MET)
    assert (two.rate, two.verdict, two.reporter.tin) == (Decimal("0.052"), Verdict.MET, T)
    assert (three.verdict, three.reporter.level) == (Verdict.NOT_MET, Level.GROUP)
    assert [each.reporter.level for each in (one, two)] == [
        Level.CLINICIAN,
        Level.PRACTICE_CLINICIAN,
    ]


def test_what_spreadsheets_write_is_read(file: Path) -> None:
    """A mark before the first name, capitals, semicolons, lines ended by CR LF, empty lines."""
    text = f"\ufeff NPI ;Measure;Denominator;Numerator;Note\r\n\r\n{A};Secure Messaging;100;6;x\r\n"
    (one,) = read(file, text)
    assert (one.numerator, one.denominator, one.line) == (6, 100, 3)


def test_only_the_measures_asked_for(file: Path) -> None:
    read(file, f"measure,npi,verdict\nsecure-messaging,{A},met\nview-download-transmit,{A},met\n")
    rule = RULES.measure("view-download-transmit")
    (one,) = read_attested_file(file, RULES, [rule])
    assert one.rule.measure is Measure.VIEW_DOWNLOAD_TRANSMIT


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (f"secure-messages,{A},1,2,,,", "there is no measure in stage-3 2021 'secure-messages'"),
        ("secure-messaging,1234567890,1,2,,,", "npi '1234567890' is no npi: 10 digits, the last"),
        ("secure-messaging,1.2E+09,1,2,,,", "a spreadsheet keeps it whole in a column of texts."),
        ("secure-messaging,,1,2,,,", "npi and tin are empty; one of them says who attested."),
        (f"secure-messaging,{A},3,2,,,", "numerator 3 is above denominator 2."),
        (f"secure-messaging,{A},1,,,,", "one of numerator and denominator is empty; give both"),
        (f"secure-messaging,{A},-1,2,,,", "numerator '-1' is no whole number; write it like 1234"),
        (f"secure-messaging,{A},1.0,2,,,", "numerator '1.0' is no whole number"),
        (f"secure-messaging,{A},٣,٤,,,", "numerator '٣' is no whole number"),
        (f"secure-messaging,{A},,,5.2,,", "rate '5.2' is above 1; write a share like 0.052, or"),
        (f"secure-messaging,{A},,,1e-2,,", "rate '1e-2' cannot be read; write it like 0.052 or"),
        (f"secure-messaging,{A},1,2,0.4,,", "rate 0.4 is not 1 of 2; leave the rate out."),
        (f"secure-messaging,{A},,,,perhaps,", "verdict 'perhaps'; write met, not_met, excluded or"),
        (f"secure-messaging,{A},,,,,", "nothing is attested; give numerator and denominator, a"),
        (f"secure-messaging,{A},1,2,,,2020", "year '2020'; what is compared is of 2021."),
        (f"secure-messaging,{A},1,2", "4 cells under 7 names; put quotes around a cell with a"),
        (f"secure-messaging,{A},{'9' * 300},2,,,", "a cell is longer than 200."),
        (f'secure-messaging,"{A}" x,1,2,,,', "export it again."),
    ],
)
def test_a_line_that_cannot_be_right_is_named(file: Path, cells: str, says: str) -> None:
    text = f"measure,npi,numerator,denominator,rate,verdict,year\n{cells}\n"
    told = refused(file, text)
    assert told.startswith("attested.csv:2: ") and says in told


def test_a_tin_whose_first_digit_was_lost(file: Path) -> None:
    told = refused(file, "measure,tin,verdict\nsecure-messaging,12345678,met\n")
    assert told.startswith("attested.csv:2: tin '12345678' is no tin: 9 digits; a spreadsheet")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "attested.csv is empty; its first line names its columns."),
        ("\n\n", "attested.csv is empty"),
        ("measure,npi,verdict\n", "has no line below its names; nothing is attested."),
        ("npi,verdict\n1,met", "must name the columns measure, and npi or tin."),
        ("measure,npi,numerator\nx,1,1", "nothing is attested without columns numerator and"),
        ("measure,npi,npi,verdict\n", "two columns are called npi; leave one."),
        (b"measure,npi,verdict\n\xff\xfe", "is no UTF-8 text; save it as CSV UTF-8."),
        ("measure,npi,verdict\na\x00,1,met", "is no text file; save it as CSV UTF-8."),
    ],
)
def test_a_file_that_cannot_be_right(file: Path, text: str | bytes, says: str) -> None:
    assert says in refused(file, text)


def test_the_same_measure_and_clinician_twice_with_both_lines(file: Path) -> None:
    lines = f"secure-messaging,{A},met\nsecure-messaging,{B},met\nsecure_messaging,{A},met\n"
    told = refused(file, f"measure,npi,verdict\n{lines}")
    assert told == "attested.csv:4: the same measure and reporter as line 2; leave one."


def test_of_many_faults_the_first_are_told_and_the_others_counted(file: Path) -> None:
    told = refused(file, "measure,npi,verdict\n" + "secure-messaging,1,met\n" * 1_500)
    assert len(told.splitlines()) == MOST_FAULTS + 1 and told.endswith("and 1,480 more faults.")


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(RequestError, match=r"attested\.csv cannot be read: No such file"):
        read_attested_file(file, RULES)
