"""Units: there and back again, and never a crash."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wellpost.errors import RequestError
from wellpost.server.from_home.kinds import KINDS
from wellpost.server.from_home.units import check_possible, converted, number, plain, shown_in

EVERY = [(kind, unit) for kind in KINDS.values() for unit in kind.units]


@pytest.mark.parametrize(
    ("kind", "value", "unit", "expected"),
    [
        ("weight", "180", "[lb_av]", "81.6466"),
        ("temperature", "101.5", "[degF]", "38.6111"),
        ("glucose", "5.5", "mmol/L", "99.0858"),
        ("glucose", "1", "g/L", "100"),
        ("blood_pressure", "16", "kPa", "120.0099"),
        ("sleep", "450", "min", "7.5"),
        ("oxygen", "0.97", "1", "97"),
        ("steps", "8000", "{steps}/d", "8000"),
        ("pulse", "70", "{beats}/min", "70"),
    ],
)
def test_values_checked_by_hand(kind, value, unit, expected):
    assert converted(number(value), unit, KINDS[kind]) == Decimal(expected)


@given(st.sampled_from(EVERY), st.integers(0, 1_000_000))
def test_there_and_back_is_where_one_was(kind_and_unit, share):
    """To what people write: the place behind which a reading says nothing."""
    kind, unit = kind_and_unit
    part = kind.parts[0]
    kept = part.least + (part.most - part.least) * share / 1_000_000
    kept = kept.quantize(Decimal("0.0001"))
    written = shown_in(kept, unit.code, kind)
    again = converted(written, unit.code, kind)
    assert abs(again - kept) <= Decimal("0.002")
    check_possible(again.quantize(Decimal("0.01")).max(part.least).min(part.most), part, kind,
                   unit.code)  # fmt: skip


@given(st.text(max_size=40))
def test_no_text_is_anything_but_a_number_or_refused(text):
    try:
        found = number(text)
    except RequestError:
        return
    assert found.is_finite()
    assert plain(found, 1)


@example("{}", "weight")
@given(st.text(alphabet="mgdLkol/[]{}.*10-%h'", max_size=26), st.sampled_from(list(KINDS)))
def test_no_unit_is_anything_but_converted_or_refused(unit, kind):
    try:
        assert converted(Decimal(100), unit, KINDS[kind]).is_finite()
    except RequestError:
        return
