"""Plans that are made again after a prepayment close at exactly zero."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.domain.plans.replanning import Replan
from tests.unit.ledger.builders import disbursed_loan, repay, rows

principals = st.integers(10_000, 10**12)
rates = st.integers(0, 36_000_000)


@settings(deadline=None)
@given(
    principal=principals,
    rate=rates,
    count=st.integers(2, 24),
    mode=st.sampled_from(Replan),
    share=st.integers(1, 999),
    data=st.data(),
)
def test_a_plan_made_again_closes_at_zero_within_the_old_term(principal, rate, count, mode, share, data):
    loan = disbursed_loan(principal_minor=principal, annual_rate_e8=rate, term=count, start=date(2024, 1, 31))
    old = rows(loan)
    row = data.draw(st.sampled_from(old))
    on = data.draw(st.dates(row.starts_on, row.due_on.replace(day=row.due_on.day - 1)))
    quote = loan.payoff_quote(on)
    before = quote.total_minor - quote.principal_to_come_minor
    left = max(1, quote.principal_to_come_minor * share // 1000)
    amount = before + quote.principal_to_come_minor - left
    assume(left < quote.principal_to_come_minor)
    repay(loan, on, kind="prepayment", amount_minor=amount, mode=mode)
    new = rows(loan)
    balance = left
    for again in new:
        assert again.opening_minor == balance
        assert min(again.asked.principal_minor, again.asked.interest_minor) >= 0
        balance -= again.asked.principal_minor
    assert (balance, new[0].starts_on) == (0, on)
    assert {(again.number, again.due_on) for again in new} <= {
        (earlier.number, earlier.due_on) for earlier in old
    }
