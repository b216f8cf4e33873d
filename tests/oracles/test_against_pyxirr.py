"""Internal rates of dated and regular flows against pyxirr. Skipped where it is not installed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.annual_rates.cash_flows import DatedFlow, dated_internal_rate, internal_rate

pyxirr = pytest.importorskip("pyxirr")

START = date(2024, 1, 15)
# A loan of a few days can cost more a year than any rate that is looked for.
gaps = st.lists(st.integers(10, 90), min_size=1, max_size=40)


@settings(deadline=None)
@given(gaps=gaps, principal=st.integers(10**5, 10**9), margin=st.integers(1, 900))
def test_dated_rates(gaps, principal, margin):
    payment = principal * (1000 + margin) // (1000 * len(gaps)) + 1
    flows, on = [DatedFlow(START, principal)], START
    for gap in gaps:
        on += timedelta(days=gap)
        flows.append(DatedFlow(on, -payment))
    theirs = pyxirr.xirr([flow.on for flow in flows], [flow.amount_minor for flow in flows])
    ours = float(dated_internal_rate(flows))
    # The other solver stops at an absolute error of its own; huge rates of short loans are compared by share.
    assert theirs is None or abs(ours - theirs) <= 1e-7 * max(1.0, abs(ours))


@settings(deadline=None)
@given(amounts=st.lists(st.integers(1, 10**6), min_size=2, max_size=60), data=st.data())
def test_rates_per_period(amounts, data):
    lent = data.draw(st.integers(sum(amounts) // 3 + 1, sum(amounts)))
    ours = float(internal_rate([lent, *(-amount for amount in amounts)]))
    theirs = pyxirr.irr([lent, *(-amount for amount in amounts)])
    assert theirs is None or abs(ours - theirs) <= 1e-7 * max(1.0, abs(ours))
