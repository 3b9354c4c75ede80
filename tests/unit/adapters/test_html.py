"""The page of many: complete, safe, and small enough."""

from __future__ import annotations

import re
from datetime import date

import pytest

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
    rows = [row(m, n) for m in names for n in range(5_000)]
    judged = [objective(n, "not_met") for n in range(5_000)]
    text = "".join(page(request, rows, "x", ["y"], objectives=judged))
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


def objective(number: int, verdict: str | None, **more: object) -> dict[str, object]:
    told = {"npi": f"1{number:09}", "tin": None, "verdict": verdict, "required": 2, "met": 2}
    return {**told, "excluded": 0, **more}


def test_the_objective_is_told_and_stands_before_the_measures_of_each() -> None:
    rows = [row("secure-messaging", number) for number in (40, 60)]
    judged = [objective(40, "not_met", met=1), objective(60, "met")]
    text = "".join(page(request_of(Level.CLINICIAN), rows, "x", [], objectives=judged))
    assert "satisfy 2 of 3" in text and "Of 2 clinicians: 1 met, 1 not met." in text
    assert "<td class=not_met>not met<td class=n>1<td class=n>2<td class=n>0" in text
    assert '<th scope="colgroup" colspan="4">Objective, by its measures</th>' in text


def test_an_objective_that_is_hidden_stays_so() -> None:
    names = ("verdict", "required", "met", "excluded")
    judged = [{**objective(40, None), **dict.fromkeys(names), "hidden": list(names)}]
    rows = [row("secure-messaging", 40)]
    text = "".join(page(request_of(Level.CLINICIAN), rows, "x", [], "h", judged))
    assert "Of 1 clinician: 1 hidden." in text
    assert f"<td>*{'<td class=n>*' * 3}" in text


def test_a_page_without_objective_does_not_speak_of_one() -> None:
    text = "".join(page(request_of(Level.CLINICIAN), [row("secure-messaging", 40)], "x", []))
    assert "objective" not in text.lower()


def test_who_asked_for_part_of_its_measures_is_told_why_the_objective_is_open() -> None:
    request = ask("stage-3", 2021, SUMMER, measures=["secure-messaging"], levels=[Level.CLINICIAN])
    rows, judged = [row("secure-messaging", 40)], [objective(40, "incomplete")]
    text = "".join(page(request, rows, "x", [], objectives=judged))
    assert "Incomplete: not all of its measures were asked for" in text


@pytest.mark.parametrize(
    ("levels", "hidden", "says"),
    [
        ([Level.CLINICIAN], "h", "Ask for --level practice-clinician --level group to see it."),
        ([Level.VIRTUAL_GROUP], None, "whole virtual groups were asked for."),
        ([Level.GROUP], None, "No practice is among those asked for."),
    ],
)
def test_why_there_is_no_map_is_said(levels: list[Level], hidden: str | None, says: str) -> None:
    text = "".join(page(request_of(*levels), [], "x", [], hidden))
    assert says in text
