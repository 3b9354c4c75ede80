"""`wellpost rules`: what a program asks, with its source."""

from __future__ import annotations

from tests.acceptance.conftest import Run


def test_a_program_and_year(wellpost: Run):
    out = wellpost("rules", "stage-3", "2021").out
    assert "stage-3 2021: Medicaid Promoting Interoperability" in out
    assert "threshold: > 5 % (since 2017-01-01, checked 2026-11-22)" in out
    assert "42 CFR 495.24(d)(6)(i)(B)(2): for more than 5 percent" in out
    assert "ending on 2021-10-30 or earlier" in out


def test_a_program_gives_each_of_its_years(wellpost: Run):
    rules = wellpost("rules", "stage-3", "--format", "json").json["rules"]
    assert {rule["year"] for rule in rules} == set(range(2017, 2022))
    assert {rule["program"] for rule in rules} == {"stage-3"}


def test_without_a_program_it_gives_them_all(wellpost: Run):
    rows = wellpost("rules", "--format", "csv").out.splitlines()
    assert rows[0] == "program,year,measure,asks,value,since,cite,says,checked,checked_against"
    assert {row.split(",")[0] for row in rows[1:]} == {
        "mips-aci",
        "mips-aci-transition",
        "mips-pi",
        "modified-stage-2",
        "stage-2",
        "stage-3",
    }


def test_what_does_not_exist_is_said(wellpost: Run):
    ran = wellpost("rules", "stage-33")
    assert (ran.status, ran.out) == (2, "")
    assert "Did you mean stage-3?" in ran.err
    assert wellpost("rules", "stage-3", "2014").status == 2
