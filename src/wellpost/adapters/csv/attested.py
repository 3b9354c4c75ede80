"""Reads what clinicians or practices attested: a CSV file, every line checked before any counts.

Columns, in any order and case: `measure` (a name or a program's identifier), `npi` and/or `tin`,
and of `numerator` with `denominator`, `rate` and `verdict` at least one; `year` and `program` where
the file has them. Other columns are not read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from wellpost.adapters.sized import read_sized
from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.identifiers import npi_is_valid, tin_is_valid
from wellpost.reports.stated import Stated
from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.scoring.verdict import Verdict
from wellpost.terms import Level, Measure, Reporter, spoken, written

KNOWN = ("measure", "npi", "tin", "numerator", "denominator", "rate", "verdict", "year", "program")
VERDICTS = (Verdict.MET, Verdict.NOT_MET, Verdict.EXCLUDED, Verdict.NOT_COMPUTABLE)
MOST_FAULTS = 20
LONGEST_CELL = 200

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A line of the file: its number and its cells by column."""

    number: int
    cells: Cells


def read_attested_file(
    path: Path, rules: ProgramYear, measures: Sequence[MeasureRule] = ()
) -> list[Stated]:
    """Every line, those of `measures` alone where some are given.

    DataRefusedError with one sentence a fault: file, line, what is there, what would be right.
    """
    lines = list(_lines(path))
    stated, faults = [], []
    for line in lines:
        try:
            stated.append(_stated(line, rules))
        except ValueError as fault:
            faults.append(f"{path.name}:{line.number}: {fault}")
    faults += _twice(path, stated)
    if faults:
        raise DataRefusedError(*_some(faults))
    if not stated:
        raise DataRefusedError(f"{path.name} has no line below its names; nothing is attested.")
    wanted = {rule.measure for rule in measures}
    return [one for one in stated if not wanted or one.rule.measure in wanted]


def _lines(path: Path) -> Iterator[Line]:
    text = _text(path)
    mark = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    names: list[str] = []
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = _names(path, row)
            else:
                yield Line(rows.line_num, _cells(path, rows.line_num, names, row))
    except csv.Error as error:
        raise DataRefusedError(f"{path.name}:{rows.line_num}: {error}; export it again.") from None
    if not names:
        raise DataRefusedError(f"{path.name} is empty; its first line names its columns.")


def _text(path: Path) -> str:
    content = read_sized(path, "a list of what was attested")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataRefusedError(f"{path.name} is no UTF-8 text; save it as CSV UTF-8.") from None
    if "\x00" in text:
        raise DataRefusedError(f"{path.name} is no text file; save it as CSV UTF-8.")
    return text


def _names(path: Path, row: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in row]
    twice = sorted({name for name in names if name in KNOWN and names.count(name) > 1})
    if twice:
        raise DataRefusedError(f"{path.name}: two columns are called {twice[0]}; leave one.")
    held = {*names}
    if "measure" not in held or not held & {"npi", "tin"}:
        raise DataRefusedError(
            f"{path.name}: the first line must name the columns measure, and npi or tin."
        )
    if not (held >= {"numerator", "denominator"} or held & {"rate", "verdict"}):
        raise DataRefusedError(
            f"{path.name}: nothing is attested without columns numerator and denominator, or rate, "
            "or verdict."
        )
    return names


def _cells(path: Path, number: int, names: Sequence[str], row: Sequence[str]) -> Cells:
    if len(row) != len(names):
        raise DataRefusedError(
            f"{path.name}:{number}: {len(row)} cells under {len(names)} names; "
            "put quotes around a cell with a comma."
        )
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise DataRefusedError(f"{path.name}:{number}: a cell is longer than {LONGEST_CELL}.")
    known = ((name, cell.strip()) for name, cell in zip(names, row, strict=True) if name in KNOWN)
    return dict(known)


def _stated(line: Line, rules: ProgramYear) -> Stated:
    """The line as a value; ValueError says what is wrong."""
    cells = line.cells
    _refuse_another(cells, rules)
    rule, reporter = _rule(cells, rules), _reporter(cells)
    numerator, denominator = _whole(cells, "numerator"), _whole(cells, "denominator")
    rate, said = _rate(cells.get("rate", "")), _verdict(cells.get("verdict", ""))
    if (numerator is None) != (denominator is None):
        raise ValueError("one of numerator and denominator is empty; give both or neither")
    if numerator is not None and denominator is not None:
        _refuse_contradiction(numerator, denominator, rate)
    elif rate is None and said is None:
        raise ValueError("nothing is attested; give numerator and denominator, a rate or a verdict")
    return Stated(line.number, rule, reporter, numerator, denominator, rate, said)


def _refuse_another(cells: Cells, rules: ProgramYear) -> None:
    year, program = cells.get("year", ""), cells.get("program", "")
    if year and year != str(rules.year):
        raise ValueError(f"year {year!r}; what is compared is of {rules.year}")
    if program and spoken(program.lower()) != rules.name:
        raise ValueError(f"program {program!r}; what is compared is {rules.name}")


def _rule(cells: Cells, rules: ProgramYear) -> MeasureRule:
    given = cells["measure"]
    plain = written(given.lower().replace(" ", "_"))
    try:
        return rules.measure(plain if plain in set(Measure) else given)
    except RequestError as refused:
        raise ValueError(str(refused).rstrip(".")) from None


def _reporter(cells: Cells) -> Reporter:
    npi, tin = cells.get("npi", ""), re.sub(r"^(\d\d)-(\d{7})$", r"\1\2", cells.get("tin", ""))
    if npi and not npi_is_valid(npi):
        raise ValueError(f"npi {npi!r} is no npi: 10 digits, the last the check; {_AS_TEXT}")
    if tin and not tin_is_valid(tin):
        raise ValueError(f"tin {tin!r} is no tin: 9 digits; {_AS_TEXT}")
    if not (npi or tin):
        raise ValueError("npi and tin are empty; one of them says who attested")
    level = Level.CLINICIAN if not tin else Level.PRACTICE_CLINICIAN if npi else Level.GROUP
    return Reporter(level, tin or None, npi or None)


_AS_TEXT = "a spreadsheet keeps it whole in a column of texts"


def _whole(cells: Cells, name: str) -> int | None:
    text = cells.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise ValueError(f"{name} {text!r} is no whole number; write it like 1234")
    return int(text)


def _rate(text: str) -> Decimal | None:
    """A share from 0 to 1, from `0.052` or `5.2 %`."""
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})(\s*%)?", text)
    if not found:
        raise ValueError(f"rate {text!r} cannot be read; write it like 0.052 or 5.2 %")
    rate = Decimal(found[1]).scaleb(-2) if found[2] else Decimal(found[1])
    if rate > 1:
        raise ValueError(f"rate {text!r} is above 1; write a share like 0.052, or 5.2 %")
    return rate


def _verdict(text: str) -> Verdict | None:
    word = re.sub(r"[\s-]+", "_", text.lower())
    if word and word not in VERDICTS:
        raise ValueError(f"verdict {text!r}; write {', '.join(VERDICTS[:-1])} or {VERDICTS[-1]}")
    return Verdict(word) if word else None


def _refuse_contradiction(numerator: int, denominator: int, rate: Decimal | None) -> None:
    if numerator > denominator:
        raise ValueError(f"numerator {numerator} is above denominator {denominator}")
    if rate is None or denominator == 0:
        return
    step = Decimal(1).scaleb(int(rate.as_tuple().exponent))
    if abs(Decimal(numerator) / denominator - rate) >= step:
        raise ValueError(f"rate {rate} is not {numerator} of {denominator}; leave the rate out")


def _twice(path: Path, stated: Sequence[Stated]) -> Iterator[str]:
    first: dict[object, int] = {}
    for one in stated:
        line = first.setdefault((one.rule.measure, one.reporter), one.line)
        if line != one.line:
            yield f"{path.name}:{one.line}: the same measure and reporter as line {line}; leave one"


def _some(faults: Sequence[str]) -> list[str]:
    told = [f"{fault}." for fault in faults[:MOST_FAULTS]]
    more = len(faults) - len(told)
    return [*told, f"and {more:,} more faults."] if more > 0 else told
