"""The page of many: complete, safe, and small enough."""

from __future__ import annotations

import re
from datetime import date

from wellpost.adapters.html.page import page
from wellpost.reports.request import Request, ask
from wellpost.terms import Level, Period

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 29))


def request_of(*levels: Level) -> Request:
    return ask("stage-3", 2021, SUMMER, levels=levels)


def row(measure: str, number: int, level: str = "clinician") -> dict[str, object]:
    return {
        "measure": measure, "level": level, "npi": f"1{number:09}", "tin": None,
        "denominator": 1_000, "numerator": number % 1_000, "rate": number % 1_000 / 1_000,
        "verdict": "met" if number % 1_000 > 50 else "not_met", "needed": 0, "threshold": "> 5 %",
    }  # fmt: skip


def test_five_thousand_clinicians_with_three_measures_stay_below_two_megabytes() -> None:
    request = request_of(Level.CLINICIAN)
    names = [rule.measure.value.replace("_", "-") for rule in request.measures]
    text = "".join(page(request, [row(m, n) for m in names for n in range(5_000)], "x", ["y"]))
    assert len(text.encode()) < 2_000_000
    assert len(re.findall("<tr><th scope=row>1", text)) >= 5_000


def test_what_a_fact_says_is_text_and_never_markup() -> None:
    request = ask("stage-3", 2021, SUMMER, measures=["secure-messaging"], levels=[Level.GROUP])
    hostile = "<script>alert(1)</script>"
    rows = [{**row("secure-messaging", 40, "group"), "npi": None, "tin": hostile}]
    text = "".join(page(request, rows, hostile, [hostile], hostile))
    assert hostile not in text and text.count("<script>") == 1


def test_the_policy_lets_only_its_own_style_and_script_run() -> None:
    text = "".join(page(request_of(Level.CLINICIAN), [], "x", []))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert not re.findall(r"""(?:src|href)="(?!#)|\sstyle=|\son\w+=""", text)
