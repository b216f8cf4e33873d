"""Equal instalments, terms and rates against numpy-financial. Skipped where it is not installed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.annual_rates.cash_flows import internal_rate
from ledger.domain.plans.level import exact_level

npf = pytest.importorskip("numpy_financial")


@settings(deadline=None)
@given(
    principal=st.integers(10_000, 10**9),
    rate=st.integers(1, 36_000_000),
    count=st.integers(1, 360),
    share=st.integers(0, 99),
)
def test_equal_instalments_with_and_without_a_balloon(principal, rate, count, share):
    balloon, monthly = principal * share // 100, Fraction(rate, 12 * 10**8)
    ours = exact_level(balance_minor=principal, balloon_minor=balloon, factors=[monthly] * count)
    theirs = -npf.pmt(float(monthly), count, principal, -balloon)
    assert abs(float(ours) - theirs) <= 1e-7 * principal


@settings(deadline=None)
@given(principal=st.integers(10_000, 10**8), rate=st.integers(1, 500), count=st.integers(2, 60))
def test_internal_rates_of_level_payments(principal, rate, count):
    payment = round(principal * (1 + rate / 1000) / count) + 1
    flows = [principal] + [-payment] * count
    theirs = npf.irr([float(flow) for flow in flows])
    assert abs(float(internal_rate(flows)) - theirs) < 1e-9


def test_the_worked_figures():
    assert round(-npf.pmt(0.009, 6, 50_000), 6) == 8_597.793180
    assert round(-npf.pmt(0.009, 4, 23_631.09), 6) == 6_041.292854
    assert round(float(npf.nper(0.009, -8_597.79, 23_631.09)), 3) == 2.796
