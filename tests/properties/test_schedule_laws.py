"""Schedules: they close at exactly zero, and each row can be recomputed on its own.

Method: an oracle in exact fractions that knows nothing of the code's order of work.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.domain.plans.replanning import Replan
from ledger.domain.schedule import equal_instalment_schedule, level_instalment
from tests.unit.ledger.builders import disbursed_loan, repay, rows

principals = st.integers(10_000, 10**12)
rates = st.integers(0, 36_000_000)
starts = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def assert_closes(rows, principal_minor):
    assert sum(row.principal_minor for row in rows) == principal_minor
    balance = principal_minor
    for row in rows:
        assert row.opening_minor == balance
        assert row.principal_minor >= 1
        assert row.interest_minor >= 0
        balance -= row.principal_minor
    assert balance == 0


@settings(deadline=None)
@given(principal=principals, rate=rates, start=starts, count=st.integers(1, 36))
def test_an_equal_instalment_schedule_closes_at_zero(principal, rate, start, count):
    planned = equal_instalment_schedule(
        principal_minor=principal, annual_rate_e8=rate, start=start, count=count
    )
    assert_closes(planned, principal)
    level = level_instalment(principal_minor=principal, annual_rate_e8=rate, count=count)
    assert {row.total_minor for row in planned[:-1]} <= {level}
    for row in planned:
        exact = Fraction(row.opening_minor * rate, 12 * 10**8)
        assert abs(row.interest_minor - exact) <= Fraction(1, 2)
    # The last row absorbs the roundings of all rows, each grown by the interest on it.
    assert abs(planned[-1].total_minor - level) <= count * (1 + Fraction(rate, 12 * 10**8)) ** count


@settings(deadline=None)
@given(principal=principals, rate=rates, count=st.integers(1, 36))
def test_the_level_instalment_is_worth_the_principal(principal, rate, count):
    level = level_instalment(principal_minor=principal, annual_rate_e8=rate, count=count)
    discount = 1 / (1 + Fraction(rate, 12 * 10**8))
    annuity = sum(discount**period for period in range(1, count + 1))
    assert abs(level - principal / annuity) <= Fraction(1, 2)


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
